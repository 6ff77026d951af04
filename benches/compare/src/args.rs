//! The command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

/// Runs the same contractions through `einsum!` and its peers, checks every result, and writes tables.
#[derive(Parser)]
#[command(name = "compare")]
pub struct Args {
    /// A Python that has some of the peers; see benches/compare/python.sh
    #[arg(long, value_name = "PATH")]
    pub python: Option<PathBuf>,
    /// Threads of every implementation that can have more than one
    #[arg(long, default_value = "1")]
    pub threads: NonZeroUsize,
    /// Only workloads whose name contains this
    #[arg(long, value_name = "FILTER", default_value = "")]
    pub only: String,
    /// How long to take turns on a workload
    #[arg(long, value_name = "S", default_value = "2", value_parser = seconds)]
    pub seconds_per_row: Duration,
    /// Where to write compare.md and compare.csv
    #[arg(long, value_name = "DIR", default_value = "target/compare")]
    pub out: PathBuf,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|error: std::num::ParseFloatError| error.to_string())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}
