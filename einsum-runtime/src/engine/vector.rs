//! A matrix times a vector, a row times a matrix, and dot products: each element of the matrix is used once, so that all is about
//! reading it as fast as memory and caches deliver.
//!
//! Several rows are read at a time: one alone is a single stream, for which memory gives two thirds of what it has.

use core::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::drive::Part;
use super::group::{Axis, Group};
use super::kernel::{Mode, store_row};
use super::problem::{Groups, Problem};
use super::real::Real;

/// The fewest neighbours that make vectors worth their setup.
const LEAST_RUN: usize = 16;

/// Rows of the matrix that are read at a time, and vectors of each.
const ROWS: usize = 8;
const VECTORS: usize = 2;
/// Vectors of a row that is alone.
const VECTORS_ALONE: usize = 8;

/// Vectors of the output that are in registers at a time, and elements of it that stay in the first-level cache
/// while the rows of the matrix are added to them.
const WIDE: usize = 4;
const BLOCK: usize = 2048;

/// A contraction of a matrix and a vector, by what the neighbours of the matrix are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MatrixVector {
    /// Whether the matrix is the right side.
    is_right: bool,
    neighbours: Neighbours,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Neighbours {
    /// Are summed: each element of the output is a dot product.
    Summed,
    /// Belong to neighbours of the output: it is a sum of rows, each times a number.
    Kept,
}

impl MatrixVector {
    /// How to compute these groups; `None` if they are something else.
    pub(super) fn new(groups: &Groups) -> Option<Self> {
        let is_right = match (groups.rows.len(), groups.columns.len()) {
            (1, _) => true,
            (_, 1) => false,
            _ => return None,
        };
        let (kept, [summed]) = (free(groups, is_right), groups.depth.axes()) else { return None };
        let neighbours = match kept.axes() {
            _ if summed.strides == [1, 1] && summed.extent >= LEAST_RUN => Neighbours::Summed,
            [axis] if axis.strides == [1, 1] && axis.extent >= LEAST_RUN => Neighbours::Kept,
            _ => return None,
        };
        Some(Self { is_right, neighbours })
    }

    /// How many elements of the output a batch has.
    pub(super) fn len(self, groups: &Groups) -> usize {
        free(groups, self.is_right).len()
    }

    /// Elements of the output whose sums do not depend on which others a thread has, if there are this many together.
    pub(super) const UNIT: usize = ROWS;
}

/// The labels of the matrix that the output has.
fn free(groups: &Groups, is_right: bool) -> &Group<2> {
    if is_right { &groups.columns } else { &groups.rows }
}

/// Computes a part of the output: some batches, and in each those elements that are the part's rows.
///
/// # Safety
///
/// The contract of [`Problem`], for all its rows and the whole depth; the groups are those of the product, and nobody else reads or
/// writes the part in the output.
pub(super) unsafe fn run<T: Real>(problem: &Problem<'_, T>, product: MatrixVector, part: &Part, arch: Arch) {
    for batch in part.batch.clone() {
        let [left, right, out] = problem.groups.batch.offset(batch);
        // SAFETY: these are offsets of elements, by the contract.
        unsafe {
            let sides = [problem.left.offset(left), problem.right.offset(right)];
            let [matrix, vector] = if product.is_right { [sides[1], sides[0]] } else { sides };
            let out = problem.out.offset(out);
            arch.dispatch(Trusted { problem, product, matrix, vector, out, part: part.rows.clone() });
        }
    }
}

/// One batch.
///
/// Only [`run`] makes one, and by its contract: from each pointer on, all offsets of its groups lead to elements.
struct Trusted<'a, T> {
    problem: &'a Problem<'a, T>,
    product: MatrixVector,
    matrix: *const T,
    vector: *const T,
    out: *mut T,
    part: Range<usize>,
}

impl<T: Real> WithSimd for Trusted<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // SAFETY: by the contract of `run`, which is the only one to make a batch.
        unsafe {
            match self.product.neighbours {
                Neighbours::Summed => self.dots(simd),
                Neighbours::Kept => self.sum_of_rows(simd),
            }
        }
    }
}

impl<T: Real> Trusted<'_, T> {
    fn kept(&self) -> &Group<2> {
        free(self.problem.groups, self.product.is_right)
    }

    /// The axis that is summed, with its strides in the matrix and in the vector.
    fn summed(&self) -> Axis<2> {
        let axis = self.problem.groups.depth.innermost();
        let [left, right] = axis.strides;
        if self.product.is_right { Axis { strides: [right, left], ..axis } } else { axis }
    }

    /// # Safety
    ///
    /// The promises of [`Trusted`].
    #[inline(always)]
    unsafe fn dots<S: Simd>(&self, simd: S) {
        let kept = self.kept();
        let Range { start, end } = self.part;
        let whole = start + (end - start) / ROWS * ROWS;
        for first in (start..whole).step_by(ROWS) {
            let places: [[isize; 2]; ROWS] = core::array::from_fn(|row| kept.offset(first + row));
            // SAFETY: by the promises.
            unsafe {
                let rows = places.map(|[row, _]| self.matrix.offset(row));
                let sums = self.dot::<S, ROWS, VECTORS>(simd, rows);
                places.iter().zip(sums).for_each(|(&[_, out], sum)| self.put(out, sum));
            }
        }
        for row in whole..end {
            let [row, out] = kept.offset(row);
            // SAFETY: by the promises.
            unsafe {
                let [sum] = self.dot::<S, 1, VECTORS_ALONE>(simd, [self.matrix.offset(row)]);
                self.put(out, sum);
            }
        }
    }

    /// The products of some rows with the vector, by `V` vectors of partial sums of each.
    ///
    /// # Safety
    ///
    /// The promises of [`Trusted`]; the rows are some of the matrix, whose neighbours are summed.
    #[inline(always)]
    unsafe fn dot<S: Simd, const R: usize, const V: usize>(&self, simd: S, rows: [*const T; R]) -> [T; R] {
        let (lanes, len) = (T::lanes::<S>(), self.summed().extent);
        let mut sums = [[T::splat(simd, T::ZERO); V]; R];
        let whole = len - len % (V * lanes);
        for start in (0..whole).step_by(V * lanes) {
            // SAFETY: the vectors are inside of the rows.
            unsafe {
                for vector in 0..V {
                    let place = start + vector * lanes;
                    let factor = T::load(simd, self.vector.add(place));
                    for (sums, row) in sums.iter_mut().zip(rows) {
                        sums[vector] =
                            T::multiply_add(simd, T::load(simd, row.add(place)), factor, sums[vector]);
                    }
                }
            }
        }
        for place in (whole..len).step_by(lanes) {
            let mask = T::mask(simd, lanes.min(len - place));
            // SAFETY: the mask ends with the rows.
            unsafe {
                let factor = T::load_masked(simd, mask, self.vector.add(place));
                for (sums, row) in sums.iter_mut().zip(rows) {
                    let row = T::load_masked(simd, mask, row.add(place));
                    sums[0] = T::multiply_add(simd, row, factor, sums[0]);
                }
            }
        }
        sums.map(|sums| total(simd, sums))
    }

    /// # Safety
    ///
    /// The promises of [`Trusted`], and the offset is one of the output.
    #[inline(always)]
    unsafe fn put(&self, offset: isize, sum: T) {
        // SAFETY: by the contract.
        unsafe {
            let place = self.out.offset(offset);
            *place = match self.problem.mode {
                Mode::Assign => sum,
                Mode::Accumulate => (*place).plus(sum),
                Mode::Subtract => (*place).minus(sum),
            };
        }
    }

    /// # Safety
    ///
    /// The promises of [`Trusted`].
    #[inline(always)]
    unsafe fn sum_of_rows<S: Simd>(&self, simd: S) {
        let Axis { extent, strides: [step, vector_step], .. } = self.summed();
        for start in self.part.clone().step_by(BLOCK) {
            let end = (start + BLOCK).min(self.part.end);
            let mut mode = self.problem.mode;
            for first in (0..extent).step_by(ROWS) {
                let count = ROWS.min(extent - first);
                let place = |row: usize| (first + row.min(count - 1)) as isize;
                // SAFETY: by the promises; rows behind the last one are the last one, times zero.
                unsafe {
                    let rows = core::array::from_fn(|row| self.matrix.offset(place(row) * step));
                    let factors = core::array::from_fn(|row| {
                        let factor = *self.vector.offset(place(row) * vector_step);
                        T::splat(simd, if row < count { factor } else { T::ZERO })
                    });
                    self.add_rows(simd, (rows, factors, count), start..end, mode);
                }
                if mode == Mode::Assign {
                    mode = Mode::Accumulate;
                }
            }
        }
    }

    /// Adds rows, each times a number, to some elements of the output.
    ///
    /// # Safety
    ///
    /// The promises of [`Trusted`]; the rows are some of the matrix, whose neighbours are those of the output.
    #[inline(always)]
    unsafe fn add_rows<S: Simd>(
        &self,
        simd: S,
        (rows, factors, count): ([*const T; ROWS], [T::Vector<S>; ROWS], usize),
        range: Range<usize>,
        mode: Mode,
    ) {
        let lanes = T::lanes::<S>();
        let whole = range.start + (range.end - range.start) / (WIDE * lanes) * WIDE * lanes;
        let full = T::mask(simd, lanes);
        for start in (range.start..whole).step_by(WIDE * lanes) {
            let mut sums = [T::splat(simd, T::ZERO); WIDE];
            // SAFETY: the vectors are inside of the rows and of the output.
            unsafe {
                for (row, factor) in rows.iter().zip(factors).take(count) {
                    for (vector, sum) in sums.iter_mut().enumerate() {
                        let row = T::load(simd, row.add(start + vector * lanes));
                        *sum = T::multiply_add(simd, row, factor, *sum);
                    }
                }
                store_row::<T, S, WIDE>(simd, full, mode, self.out.add(start), &sums);
            }
        }
        for start in (whole..range.end).step_by(lanes) {
            let mask = T::mask(simd, lanes.min(range.end - start));
            let mut sum = T::splat(simd, T::ZERO);
            // SAFETY: the mask ends with the range.
            unsafe {
                for (row, factor) in rows.iter().zip(factors).take(count) {
                    sum = T::multiply_add(simd, T::load_masked(simd, mask, row.add(start)), factor, sum);
                }
                store_row::<T, S, 1>(simd, mask, mode, self.out.add(start), &[sum]);
            }
        }
    }
}

/// The sum of all lanes.
#[inline(always)]
fn total<T: Real, S: Simd, const V: usize>(simd: S, sums: [T::Vector<S>; V]) -> T {
    const MOST_LANES: usize = 16;
    let lanes = T::lanes::<S>();
    assert!(lanes <= MOST_LANES, "no instruction set has more lanes");
    let sum = sums.into_iter().reduce(|a, b| T::add(simd, a, b)).expect("there are vectors");
    let mut numbers = [T::ZERO; MOST_LANES];
    // SAFETY: there is room for all lanes.
    unsafe { T::store(simd, numbers.as_mut_ptr(), sum) };
    let mut width = lanes / 2;
    while width > 0 {
        (0..width).for_each(|lane| numbers[lane] = numbers[lane].plus(numbers[lane + width]));
        width /= 2;
    }
    numbers[0]
}
