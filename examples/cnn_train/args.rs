//! The command line.

use std::path::PathBuf;

use clap::{Parser, value_parser};

/// Trains a small conv net to read handwritten digits, forward and backward through `einsum!`.
#[derive(Parser)]
#[command(name = "cnn_train", allow_negative_numbers = true)]
pub struct Args {
    /// How often to go through the training set
    #[arg(long, default_value_t = 15, value_parser = value_parser!(u32).range(1..))]
    pub epochs: u32,
    /// Images in a mini-batch
    #[arg(long, default_value_t = 20, value_parser = value_parser!(u32).range(1..))]
    pub batch: u32,
    /// Learning rate at the start; it falls to zero in a straight line
    #[arg(long, default_value_t = 0.05, value_parser = rate)]
    pub lr: f32,
    /// Seed of the random numbers; the same seed gives the same net, bit for bit
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Folder of MNIST's four IDX files, to use instead of the 6,000 digits built in
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

fn rate(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(rate) if rate.is_finite() && rate > 0.0 => Ok(rate),
        Ok(_) => Err("not a finite number above 0".to_string()),
        Err(error) => Err(error.to_string()),
    }
}
