//! Parts of the output for several threads. The sums over the depth are never split, and how they are blocked does not
//! depend on the part, so results are the same, bit by bit, for any number of threads.

use core::ops::Range;

use super::across::{self, Across};
use super::drive::{self, Part};
use super::pack::are_interleaved;
use super::problem::{Groups, Problem};
use super::real::Real;
use super::stencil::{self, Stencil};
use super::vector::{self, MatrixVector};

/// Products below which waking another thread costs more than it saves: about 50 microseconds of work.
const LEAST_WORK_OF_A_THREAD: usize = 1 << 21;

/// Parts have an even number of rows, not of tiles: a tile of two rows is nearly as fast for each as a whole one, and
/// threads with unequal shares wait for each other.
const ROW_UNIT: usize = 2;
/// Fewer rows do not pay for the right side, which each thread reads, and may pack, as a whole.
const LEAST_ROWS: usize = 16;
/// Whole panels of any instruction set.
const COLUMN_UNIT: usize = 64;

/// Computes a contraction.
///
/// # Safety
///
/// The contract of [`drive::run`], for the whole output.
pub(super) unsafe fn run<T: Real>(problem: &Problem<'_, T>) {
    let Groups { batch, columns, depth, .. } = problem.groups;
    let rows = problem.rows;
    let whole = problem.strategy.cut || are_interleaved(columns);
    let column_unit = if whole { columns.innermost().extent } else { COLUMN_UNIT };
    let extents = [batch.len(), rows.len(), columns.len()];
    // Rows that add to the same elements stay together.
    let row_unit = if rows.disjoint { ROW_UNIT } else { rows.len() };
    let parts = Parts::new(extents, [row_unit, column_unit], depth.len(), threads);
    // SAFETY: by the contract; the parts have no element in common.
    for_each(&parts, |part| unsafe { drive::run(problem, part) });
}

/// Computes a contraction that is a stencil.
///
/// # Safety
///
/// The contract of [`stencil::run`], for the whole output.
pub(super) unsafe fn run_stencil<T: Real>(problem: &Problem<'_, T>) {
    let stencil = &Stencil::new(problem.groups).expect("a contraction of that form");
    let arch = problem.strategy.arch;
    let [planes, rows] = stencil.extents();
    let Groups { batch, columns, depth, .. } = problem.groups;
    let products = batch.len() * columns.len() / (planes * rows) * depth.len();
    // Whole tiles: the order of a row's sums depends on its place in one.
    let parts = Parts::new([planes, rows, 1], [stencil::TILE_ROWS, 1], products, threads);
    for_each(&parts, |part| {
        // SAFETY: by the contract; the parts have no element in common.
        unsafe { stencil::run(problem, stencil, part.batch.clone(), part.rows.clone(), arch) }
    });
}

/// Computes a product of a matrix and a vector.
///
/// # Safety
///
/// The contract of [`vector::run`], for the whole output.
pub(super) unsafe fn run_vector<T: Real>(problem: &Problem<'_, T>, product: MatrixVector) {
    let Groups { batch, depth, .. } = problem.groups;
    let [rows, vectors] = product.extents(problem.groups);
    let extents = [batch.len(), rows, 1];
    let parts = Parts::new(extents, [MatrixVector::UNIT, 1], depth.len() * vectors, threads);
    // SAFETY: by the contract; the parts have no element in common.
    for_each(&parts, |part| unsafe { vector::run(problem, product, part, problem.strategy.arch) });
}

/// Computes small products across batches.
///
/// # Safety
///
/// The contract of [`across::run`], for the whole output.
pub(super) unsafe fn run_across<T: Real>(problem: &Problem<'_, T>, product: Across) {
    let depth = problem.groups.depth.len();
    let parts = Parts::new(product.extents(problem.groups), [1, Across::UNIT], depth, threads);
    // SAFETY: by the contract; the parts have no element in common.
    for_each(&parts, |part| unsafe { across::run(problem, product, part, problem.strategy.arch) });
}

#[cfg(feature = "rayon")]
fn threads() -> usize {
    rayon::current_num_threads()
}

#[cfg(feature = "rayon")]
fn for_each(parts: &Parts, run: impl Fn(&Part) + Sync) {
    use rayon::iter::{IntoParallelIterator, ParallelIterator};
    match parts.count() {
        1 => run(&parts.get(0)),
        count => (0..count).into_par_iter().for_each(|part| run(&parts.get(part))),
    }
}

#[cfg(not(feature = "rayon"))]
fn threads() -> usize {
    1
}

#[cfg(not(feature = "rayon"))]
fn for_each(parts: &Parts, run: impl Fn(&Part)) {
    (0..parts.count()).for_each(|part| run(&parts.get(part)));
}

/// The whole output, cut along one of its groups.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Parts {
    whole: Part,
    cut: Cut,
    /// Positions of a part.
    size: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    Batch,
    Rows,
    Columns,
}

impl Parts {
    /// As many parts as there are threads, if each has enough work: `depth` products for each element.
    ///
    /// Parts of the rows and of the columns are multiples of the units.
    fn new(
        extents: [usize; 3],
        [row_unit, column_unit]: [usize; 2],
        depth: usize,
        threads: impl FnOnce() -> usize,
    ) -> Self {
        let [batch, rows, columns] = extents;
        let whole = Part { batch: 0..batch, rows: 0..rows, columns: 0..columns };
        let worth = batch * rows * columns * depth / LEAST_WORK_OF_A_THREAD;
        let count = if worth < 2 { 1 } else { threads().min(worth) };
        let (cut, len, unit) = if batch >= count {
            (Cut::Batch, batch, 1)
        } else if rows >= columns && row_unit < rows {
            (Cut::Rows, rows, row_unit)
        } else {
            (Cut::Columns, columns, column_unit)
        };
        let count = if cut == Cut::Rows { count.min(rows / LEAST_ROWS).max(1) } else { count };
        Self { whole, cut, size: len.div_ceil(count).next_multiple_of(unit) }
    }

    fn len(&self) -> usize {
        match self.cut {
            Cut::Batch => self.whole.batch.end,
            Cut::Rows => self.whole.rows.end,
            Cut::Columns => self.whole.columns.end,
        }
    }

    fn count(&self) -> usize {
        self.len().div_ceil(self.size)
    }

    fn get(&self, part: usize) -> Part {
        let range = |start: usize| -> Range<usize> { start..(start + self.size).min(self.len()) };
        let range = range(part * self.size);
        let mut whole = self.whole.clone();
        match self.cut {
            Cut::Batch => whole.batch = range,
            Cut::Rows => whole.rows = range,
            Cut::Columns => whole.columns = range,
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNITS: [usize; 2] = [ROW_UNIT, COLUMN_UNIT];

    #[test]
    fn parts_cover_the_output_once() {
        for (extents, threads) in [
            ([1, 1000, 64, 100], 2),
            ([1, 64, 1000, 100], 3),
            ([7, 100, 100, 300], 2),
            ([1, 500, 500, 500], 7),
        ] {
            let [batch, rows, columns, depth] = extents;
            let parts = Parts::new([batch, rows, columns], UNITS, depth, || threads);
            let mut seen = vec![0; batch * rows * columns];
            for part in (0..parts.count()).map(|part| parts.get(part)) {
                for b in part.batch {
                    for r in part.rows.clone() {
                        part.columns.clone().for_each(|c| seen[(b * rows + r) * columns + c] += 1);
                    }
                }
            }
            assert!(parts.count() > 1 && parts.count() <= threads, "{extents:?}");
            assert!(seen.iter().all(|&times| times == 1), "{extents:?}");
        }
    }

    #[test]
    fn rows_are_shared_evenly() {
        let parts = Parts::new([1, 147, 64], UNITS, 5000, || 2);
        assert_eq!((0..parts.count()).map(|part| parts.get(part).rows).collect::<Vec<_>>(), [0..74, 74..147]);
        assert_eq!(Parts::new([1, 25, 6], UNITS, 1_000_000, || 2).count(), 1, "too few rows");
    }

    #[test]
    fn small_work_asks_for_no_threads() {
        let parts = Parts::new([1, 64, 64], UNITS, 64, || unreachable!("not asked"));
        assert_eq!(parts.count(), 1);
    }
}
