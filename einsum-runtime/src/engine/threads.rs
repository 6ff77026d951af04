//! Parts of the output for several threads. The sums over the depth are never split, so results do not depend on the
//! number of threads.

use pulp::Arch;

use super::drive::{self, Part};
use super::problem::Problem;
use super::real::Real;

/// Computes a contraction.
///
/// # Safety
///
/// The contract of [`drive::run`], for the whole output.
pub(super) unsafe fn run<T: Real>(problem: &Problem<T>, arch: Arch) {
    let groups = &problem.groups;
    let part =
        Part { batch: 0..groups.batch.len(), rows: 0..groups.rows.len(), columns: 0..groups.columns.len() };
    // SAFETY: by the contract.
    unsafe { drive::run(problem, &part, arch) }
}
