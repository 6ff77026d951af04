//! What the benchmarks in pairs share.

use std::time::{Duration, Instant};

/// The processor, as far as the system tells.
pub fn machine() -> String {
    let information = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = information.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    model.map_or(std::env::consts::ARCH, |(_, model)| model).to_owned()
}

/// Leaves all that is timed to one thread.
///
/// # Panics
///
/// Where something has been computed before.
pub fn stay_on_one_thread() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
    pool.build_global().expect("the pool is made before it is used");
}

/// The least time of a sample, in which shorter calls are repeated: the clock takes 30 nanoseconds.
const LEAST_SAMPLE: Duration = Duration::from_micros(50);

/// Seconds that a call takes, of two that are timed one right after the other.
pub struct Pair {
    pub first: f64,
    pub second: f64,
}

impl Pair {
    /// Of so many pairs that whose ratio is the median.
    pub fn median(pairs: usize, mut first: impl FnMut(), mut second: impl FnMut()) -> Self {
        second();
        let once = time(1, &mut first);
        let calls = (LEAST_SAMPLE.as_secs_f64() / once.max(1e-9)).ceil() as usize;
        let mut pairs: Vec<_> = (0..pairs)
            .map(|_| Self { first: time(calls, &mut first), second: time(calls, &mut second) })
            .collect();
        pairs.sort_by(|a, b| a.ratio().total_cmp(&b.ratio()));
        pairs.swap_remove(pairs.len() / 2)
    }

    /// The time of the first by that of the second.
    pub fn ratio(&self) -> f64 {
        self.first / self.second
    }
}

/// Seconds of a call.
fn time(calls: usize, mut call: impl FnMut()) -> f64 {
    let start = Instant::now();
    (0..calls).for_each(|_| call());
    start.elapsed().as_secs_f64() / calls as f64
}
