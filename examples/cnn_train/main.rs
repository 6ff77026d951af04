//! A small conv net learns to read handwritten digits, forward and backward through `einsum!`.

mod args;
mod batches;
mod layers;
mod learned;
mod net;
mod report;
#[path = "../support/mod.rs"]
mod support;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use args::Args;
use batches::Batches;
use clap::Parser;
use ndarray::Axis;
use net::Net;
use rand::SeedableRng;
use rand::rngs::StdRng;
use report::{Confusion, Progress};
use support::{Digits, Mnist};

fn main() -> ExitCode {
    let result = match Args::try_parse() {
        Ok(args) => run(&args),
        Err(error) => {
            // there is nobody to tell if this fails
            let _ = error.print();
            return ExitCode::from(u8::from(error.use_stderr()));
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let mnist = args.data.as_deref().map_or_else(|| Ok(Mnist::embedded()), Mnist::read)?;
    let (images, batch) = (mnist.train.len(), args.batch as usize);
    if batch > images {
        return Err(format!("--batch {batch} is more than the {images} images of the training set").into());
    }
    if cfg!(debug_assertions) {
        writeln!(io::stderr(), "without optimisation this takes hours; use `cargo run --release`")?;
    }
    let net = train(args, &mnist)?;
    writeln!(io::stdout(), "\n{}", test(&net, &mnist.test))?;
    Ok(())
}

fn train(args: &Args, mnist: &Mnist) -> Result<Net, Box<dyn Error>> {
    let mut rng = StdRng::seed_from_u64(args.seed);
    let mut net = Net::new(&mut rng);
    let mut batches = Batches::new(&mnist.train, args.batch as usize);
    let steps = u64::from(args.epochs) * batches.len() as u64;
    let mut rates = (0..steps).map(|step| args.lr * (1.0 - step as f32 / steps as f32));
    let mut progress = Progress::new(args.epochs, steps);
    for _ in 0..args.epochs {
        for (batch, rate) in batches.shuffled(&mut rng).zip(&mut rates) {
            let loss = net.learn(&batch.images, &batch.truth, rate);
            if !loss.is_finite() {
                return Err(format!("--lr {} is too high: the loss is no longer finite", args.lr).into());
            }
            progress.batch(args.batch, loss);
        }
        progress.epoch(&test(&net, &mnist.test))?;
    }
    progress.finish();
    Ok(net)
}

/// How the net reads digits that it has never seen.
fn test(net: &Net, digits: &Digits) -> Confusion {
    let images = digits.images.view().insert_axis(Axis(3));
    let read = images.axis_chunks_iter(Axis(0), 100).flat_map(|images| net.read(&images));
    Confusion::new(&digits.labels, &read.collect::<Vec<_>>())
}
