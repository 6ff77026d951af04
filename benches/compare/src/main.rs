//! `cargo run --release -p compare -- --help`

use std::error::Error;
use std::time::{Duration, SystemTime};

use clap::Parser;
use compare::args::Args;
use compare::candidate::Entry;
use compare::check::Reference;
use compare::limits::Limits;
use compare::measure::{self, Sample};
use compare::operands::Operands;
use compare::python::Python;
use compare::real::Real;
use compare::report::{self, Row, Setting};
use compare::table::{Kind, Workload, workloads};
use compare::{ours, peers, summary};

/// Has the versions of the peers that are compiled in.
const LOCK: &str = include_str!("../../../Cargo.lock");

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    let threads = args.threads.get();
    std::fs::create_dir_all(&args.out)?;
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    let python = python(&args)?;
    let limits: Vec<_> = (1..=threads.max(2)).map(Limits::measure).collect();
    let mut run = Run { python, threads, budget: args.seconds_per_row, wrong: Vec::new() };
    let mut rows = Vec::new();
    println!("{}", report::COLUMNS);
    for workload in workloads().into_iter().filter(|workload| workload.name.contains(&args.only)) {
        let samples = match workload.element {
            Kind::F32 => run.row::<f32>(&workload)?,
            Kind::F64 => run.row::<f64>(&workload)?,
        };
        let peak = limits[threads - 1].peak(workload.element);
        rows.push(Row { workload, samples, peak });
        print!("{}", report::line(&rows[rows.len() - 1]));
    }
    let date = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    let versions = versions(run.python.as_ref());
    let setting = Setting { date, machine: machine(), threads, versions, limits };
    report::write(&args.out, &setting, &rows)?;
    println!("{}{}", summary::goals(&rows), summary::means(&rows));
    println!("\n{}", args.out.join("compare.md").display());
    match run.wrong.len() {
        0 => Ok(()),
        count => Err(format!("{count} wrong results:\n{}", run.wrong.join("\n")).into()),
    }
}

fn python(args: &Args) -> Result<Option<Python>, Box<dyn Error>> {
    let Some(path) = &args.python else {
        println!("SKIPPED the Python peers: no --python");
        return Ok(None);
    };
    let python = Python::start(path, args.threads.get(), &args.out);
    Ok(Some(python.map_err(|error| format!("{}: {error}", path.display()))?))
}

struct Run {
    python: Option<Python>,
    threads: usize,
    budget: Duration,
    /// What was not the reference's result, or is a reference that was not that of the loops.
    wrong: Vec<String>,
}

impl Run {
    /// Checks all implementations of a row, and times those that are right.
    fn row<T: Real>(&mut self, workload: &Workload) -> Result<Vec<Sample>, Box<dyn Error>> {
        let operands = Operands::<T>::new(&workload.problem, self.threads);
        let mut entries = ours::entries(&workload.problem, &operands);
        entries.extend(peers::entries(&workload.problem, &operands));
        if let Some(python) = &self.python {
            entries.extend(python.entries::<T>(&workload.problem)?);
        }
        match Reference::new(workload, &operands) {
            Ok(reference) => self.drop_wrong(&mut entries, workload, &reference)?,
            Err(error) => self.report(format!("{}: {error}", workload.name)),
        }
        Ok(measure::row(&mut entries, self.budget)?)
    }

    fn drop_wrong(
        &mut self,
        entries: &mut Vec<Entry<'_>>,
        workload: &Workload,
        reference: &Reference,
    ) -> Result<(), Box<dyn Error>> {
        for mut entry in std::mem::take(entries) {
            match reference.check(&entry.candidate.result()?) {
                Ok(()) => entries.push(entry),
                Err(error) => {
                    self.report(format!("{}, {} {:?}: {error}", workload.name, entry.name, entry.mode))
                }
            }
        }
        Ok(())
    }

    fn report(&mut self, error: String) {
        println!("WRONG {error}");
        self.wrong.push(error);
    }
}

fn machine() -> String {
    let information = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = information.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or(std::env::consts::ARCH, |(_, model)| model);
    format!("{model} ({})", einsum::kernel_in_use())
}

/// What has been compared, by the lock file and the worker.
fn versions(python: Option<&Python>) -> String {
    let names = ["ndarray", "matrixmultiply", "gemm", "faer", "ndarray-einsum"];
    let version = |name: &&str| {
        let (_, rest) = LOCK.split_once(&format!("name = \"{name}\"\nversion = \""))?;
        Some(format!("{name} {}", rest.split_once('"')?.0))
    };
    let mut versions: Vec<_> = names.iter().filter_map(version).collect();
    versions.extend(python.map(|python| python.versions.clone()));
    versions.join(", ")
}
