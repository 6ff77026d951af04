//! A matrix times a vector, a row times a matrix, and dot products: each element of the matrix is used once, so that all is about
//! reading it as fast as memory and caches deliver.
//!
//! Several rows are read at a time: one alone is a single stream, for which memory gives two thirds of what it has.

use core::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::blocking::blocks;
use super::drive::Part;
use super::group::Group;
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

/// Positions of the depth, or runs of them, in a table.
const BLOCK_OF_DEPTH: usize = 2048;

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
    pub(super) fn new(groups: &Groups, _lanes: usize) -> Option<Self> {
        let is_right = match (groups.rows.len(), groups.columns.len()) {
            (1, _) => true,
            (_, 1) => false,
            _ => return None,
        };
        let (kept, summed) = (free(groups, is_right), groups.depth.innermost());
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
    let Groups { batch, depth, .. } = problem.groups;
    let order = |[left, right]: [isize; 2]| if product.is_right { [right, left] } else { [left, right] };
    // Neighbours that are summed are a run, other positions of the depth are looked up one by one.
    let run = match product.neighbours {
        Neighbours::Summed => depth.innermost().extent,
        Neighbours::Kept => 1,
    };
    let mut places = Vec::new();
    for block in blocks(0..depth.len() / run, BLOCK_OF_DEPTH) {
        let is_first = block.start == 0;
        places.clear();
        places.extend(block.map(|place| order(depth.offset(place * run))));
        for batch in part.batch.clone().map(|number| batch.offset(number)) {
            let [left, right, out] = batch;
            // SAFETY: these are offsets of elements, by the contract.
            let (sides, out) = unsafe {
                ([problem.left.offset(left), problem.right.offset(right)], problem.out.offset(out))
            };
            let [matrix, vector] = if product.is_right { [sides[1], sides[0]] } else { sides };
            let mode = if is_first { problem.mode } else { problem.mode.further() };
            let kept = free(problem.groups, product.is_right);
            let (places, part) = (&places[..], part.rows.clone());
            arch.dispatch(Trusted {
                neighbours: product.neighbours,
                kept,
                places,
                run,
                matrix,
                vector,
                out,
                part,
                mode,
            });
        }
    }
}

/// One batch.
///
/// Only [`run`] makes one, and by its contract: from each pointer on, all offsets of its groups lead to elements.
struct Trusted<'a, T> {
    neighbours: Neighbours,
    /// The labels of the matrix that the output has, with strides in both.
    kept: &'a Group<2>,
    /// Offsets in the matrix and in the vector: of each position of the depth, or of each run of neighbours that are summed.
    places: &'a [[isize; 2]],
    run: usize,
    matrix: *const T,
    vector: *const T,
    out: *mut T,
    part: Range<usize>,
    mode: Mode,
}

impl<T: Real> WithSimd for Trusted<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // SAFETY: by the contract of `run`, which is the only one to make a batch.
        unsafe {
            match self.neighbours {
                Neighbours::Summed => self.dots(simd),
                Neighbours::Kept => self.sum_of_rows(simd),
            }
        }
    }
}

impl<T: Real> Trusted<'_, T> {
    /// # Safety
    ///
    /// The promises of [`Trusted`].
    #[inline(always)]
    unsafe fn dots<S: Simd>(&self, simd: S) {
        let kept = self.kept;
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
        let (lanes, len) = (T::lanes::<S>(), self.run);
        let mut sums = [[T::splat(simd, T::ZERO); V]; R];
        let whole = len - len % (V * lanes);
        for &[row_offset, vector_offset] in self.places {
            let rows = rows.map(|row| row.wrapping_offset(row_offset));
            let factors = self.vector.wrapping_offset(vector_offset);
            for start in (0..whole).step_by(V * lanes) {
                // SAFETY: the vectors are inside of the rows.
                unsafe {
                    for vector in 0..V {
                        let place = start + vector * lanes;
                        let factor = T::load(simd, factors.add(place));
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
                    let factor = T::load_masked(simd, mask, factors.add(place));
                    for (sums, row) in sums.iter_mut().zip(rows) {
                        let row = T::load_masked(simd, mask, row.add(place));
                        sums[0] = T::multiply_add(simd, row, factor, sums[0]);
                    }
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
        self.mode.put(unsafe { &mut *self.out.offset(offset) }, sum);
    }

    /// # Safety
    ///
    /// The promises of [`Trusted`].
    #[inline(always)]
    unsafe fn sum_of_rows<S: Simd>(&self, simd: S) {
        for start in self.part.clone().step_by(BLOCK) {
            let end = (start + BLOCK).min(self.part.end);
            let mut mode = self.mode;
            for places in self.places.chunks(ROWS) {
                let mut rows = [(self.matrix, T::splat(simd, T::ZERO)); ROWS];
                for (row, place) in rows.iter_mut().zip(places) {
                    // SAFETY: by the promises.
                    let factor = unsafe { *self.vector.offset(place[1]) };
                    *row = (self.matrix.wrapping_offset(place[0]), T::splat(simd, factor));
                }
                // SAFETY: by the promises.
                unsafe { self.add_rows(simd, &rows[..places.len()], start..end, mode) }
                mode = mode.further();
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
        rows: &[(*const T, T::Vector<S>)],
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
                for &(row, factor) in rows {
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
                for &(row, factor) in rows {
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
