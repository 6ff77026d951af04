//! A matrix times a vector or a few, a row times a matrix, and dot products: each element of the matrix is used once, or a few
//! times, so that all is about reading it as fast as memory and caches deliver.
//!
//! Several rows are read at a time: one alone is a single stream, for which memory gives two thirds of what it has.

mod dots;
mod rows;

use core::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::blocking::{SECOND_LEVEL, blocks};
use super::drive::Part;
use super::group::Group;
use super::kernel::Mode;
use super::pack::at_least;
use super::problem::{Groups, Problem};
use super::real::Real;

/// The fewest neighbours that make vectors worth their setup, and those of them that are summed for one vector: there is nothing
/// better than half a register then.
const LEAST_RUN: usize = 16;
const LEAST_RUN_OF_ONE: usize = 8;

/// The most vectors that are a few. Where dot products are summed, a product of matrices makes better use of more than half as
/// many as a register has lanes.
const FEW: usize = 8;

/// Rows of the matrix that are read at a time, and vectors.
const ROWS: usize = 8;
const TOGETHER: usize = 4;

/// Bytes of a matrix from which on the next rows are fetched while these meet several vectors: from memory that takes three quarters of the
/// time, or less. What is nearer comes as soon by itself, and so does what meets a single vector: that took a quarter more.
const LARGE: usize = if cfg!(test) { 1 << 12 } else { 16 << 20 };

/// Runs of the depth in a table, and positions for which vectors are packed.
const BLOCK_OF_RUNS: usize = 2048;
const BLOCK_OF_DEPTH: usize = 4096;

/// A contraction of a matrix and a vector, or a few, by what the neighbours of the matrix are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MatrixVector {
    /// Whether the matrix is the right side.
    is_right: bool,
    neighbours: Neighbours,
    /// Whether the vectors are packed, side by side along the depth.
    packs: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Neighbours {
    /// Are summed: each element of the output is a dot product.
    Summed,
    /// Belong to neighbours of the output: it is a sum of rows, each times a number.
    Kept,
}

impl MatrixVector {
    /// How to compute these groups, of numbers of so many bytes, of which a register has so many; `None` if they are something
    /// else.
    pub(super) fn new(groups: &Groups, [size, lanes]: [usize; 2]) -> Option<Self> {
        let [rows, columns] = [groups.rows.len(), groups.columns.len()];
        let (is_right, vectors) = (rows < columns, rows.min(columns));
        let (kept, summed) = (free(groups, is_right), groups.depth.innermost());
        if vectors > FEW {
            return None;
        }
        let makes_dots = vectors <= (lanes / 2).max(1);
        let least = if vectors == 1 { LEAST_RUN_OF_ONE } else { LEAST_RUN };
        if makes_dots && summed.strides[usize::from(is_right)] == 1 && summed.extent >= least {
            let packs = vectors > 1 || summed.strides != [1, 1];
            return Some(Self { is_right, neighbours: Neighbours::Summed, packs });
        }
        let is_read_once = vectors == 1 || kept.len() * groups.depth.len() * size > SECOND_LEVEL;
        let is_row = matches!(kept.axes(), [axis] if axis.strides == [1, 1] && axis.extent >= LEAST_RUN);
        (is_read_once && is_row).then_some(Self { is_right, neighbours: Neighbours::Kept, packs: false })
    }

    /// How many rows the matrix of a batch has, and how many vectors there are.
    pub(super) fn extents(self, groups: &Groups) -> [usize; 2] {
        [free(groups, self.is_right).len(), free(groups, !self.is_right).len()]
    }

    /// Rows whose sums do not depend on which others a thread has, if there are this many together: whole tiles of any kind.
    pub(super) const UNIT: usize = 24;
}

/// The labels of one side that the output has.
fn free(groups: &Groups, is_right: bool) -> &Group<2> {
    if is_right { &groups.columns } else { &groups.rows }
}

/// Neighbours along the depth.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// Of the first position, in the matrix and in the vectors.
    offsets: [isize; 2],
    len: usize,
}

/// Computes a part of the output: some batches, and in each those of some rows of the matrix.
///
/// # Safety
///
/// The contract of [`Problem`], for all its rows and the whole depth; the groups are those of the product, and nobody else reads or
/// writes the part in the output.
pub(super) unsafe fn run<T: Real>(problem: &Problem<'_, T>, product: MatrixVector, part: &Part, arch: Arch) {
    let Groups { batch, depth, .. } = problem.groups;
    let [matrix_labels, vector_labels] =
        [product.is_right, !product.is_right].map(|is_right| free(problem.groups, is_right));
    let (mut runs, mut packed, mut vectors) = (Vec::new(), Vec::new(), Vec::new());
    vector_labels.offsets(0..vector_labels.len(), 1, &mut vectors);
    let fetches_ahead = vectors.len() > 1 && matrix_labels.len() * depth.len() * size_of::<T>() > LARGE;
    let size = if product.packs { BLOCK_OF_DEPTH } else { BLOCK_OF_RUNS * product.run(depth) };
    for block in blocks(0..depth.len(), size) {
        let is_first = block.start == 0;
        product.list(depth, block.clone(), &mut runs);
        for batch in part.batch.clone().map(|number| batch.offset(number)) {
            let [left, right, out] = batch;
            // SAFETY: these are offsets of elements, by the contract.
            let (sides, out) = unsafe {
                ([problem.left.offset(left), problem.right.offset(right)], problem.out.offset(out))
            };
            let [matrix, vector] = if product.is_right { [sides[1], sides[0]] } else { sides };
            let (vector, pitch) = match product.packs {
                // SAFETY: by the contract.
                true => unsafe {
                    (product.pack(vector, &vectors, depth, block.clone(), &mut packed), block.len())
                },
                false => (vector, 0),
            };
            let mode = if is_first { problem.mode } else { problem.mode.further() };
            arch.dispatch(Trusted {
                neighbours: product.neighbours,
                kept: matrix_labels,
                runs: &runs,
                matrix,
                vector,
                pitch,
                vectors: &vectors,
                out,
                part: part.rows.clone(),
                mode,
                fetches_ahead,
            });
        }
    }
}

impl MatrixVector {
    /// Positions of the depth that are a run, as far as one block has them.
    fn run(self, depth: &Group<2>) -> usize {
        match self.neighbours {
            Neighbours::Summed => depth.innermost().extent,
            Neighbours::Kept => 1,
        }
    }

    /// Lists the runs of a block of the depth.
    fn list(self, depth: &Group<2>, block: Range<usize>, runs: &mut Vec<Run>) {
        let most = self.run(depth);
        let order = |[left, right]: [isize; 2]| if self.is_right { [right, left] } else { [left, right] };
        runs.clear();
        depth.runs(block, |start, len, offset, strides| {
            for first in (0..len).step_by(most) {
                let offset = core::array::from_fn(|side| offset[side] + first as isize * strides[side]);
                let [matrix, vector] = order(offset);
                let vector = if self.packs { (start + first) as isize } else { vector };
                runs.push(Run { offsets: [matrix, vector], len: most.min(len - first) });
            }
        });
    }

    /// Copies a block of the vectors, one behind the other, and says where they are.
    ///
    /// # Safety
    ///
    /// From the pointer on, the offsets of the vectors and of the depth lead to elements.
    unsafe fn pack<T: Real>(
        self,
        start: *const T,
        vectors: &[[isize; 2]],
        depth: &Group<2>,
        block: Range<usize>,
        packed: &mut Vec<T>,
    ) -> *const T {
        let side = usize::from(!self.is_right);
        let packed = at_least(packed, vectors.len() * block.len());
        for (&[vector, _], packed) in vectors.iter().zip(packed.chunks_exact_mut(block.len())) {
            depth.runs(block.clone(), |first, len, offset, strides| {
                for (number, place) in packed[first..first + len].iter_mut().enumerate() {
                    let offset = vector + offset[side] + number as isize * strides[side];
                    // SAFETY: by the contract.
                    *place = unsafe { *start.offset(offset) };
                }
            });
        }
        packed.as_ptr()
    }
}

/// One batch.
///
/// Only [`run`] makes one, and by its contract: from each pointer on, all offsets of its groups lead to elements.
struct Trusted<'a, T> {
    neighbours: Neighbours,
    /// The labels of the matrix that the output has, with strides in both.
    kept: &'a Group<2>,
    runs: &'a [Run],
    matrix: *const T,
    vector: *const T,
    /// How far apart the vectors are.
    pitch: usize,
    /// For each vector, its offset in its side, which does not matter here, and in the output.
    vectors: &'a [[isize; 2]],
    out: *mut T,
    part: Range<usize>,
    mode: Mode,
    /// Whether the next rows are fetched.
    fetches_ahead: bool,
}

impl<T: Real> WithSimd for Trusted<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // SAFETY: by the contract of `run`, which is the only one to make a batch.
        unsafe {
            match self.neighbours {
                Neighbours::Summed => self.dots(simd),
                Neighbours::Kept => self.sums_of_rows(simd),
            }
        }
    }
}
