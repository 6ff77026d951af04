//! Contractions of elements without micro-kernels: integers, big numbers, semirings.
//!
//! The same blocks and tables, and tiles that the compiler turns into vectors where it can. The panel of the right side
//! is always packed: its elements are used by all rows, and lie side by side for them.

use core::ops::Range;

use super::blocking::blocks;
use super::group::Group;
use super::problem::Groups;
use crate::element::{Element, Store};
use crate::lanes::zeros;

const TILE_ROWS: usize = 4;
const TILE_COLUMNS: usize = 8;

/// The depth of a block: a packed panel of 8-byte elements is 16 KiB, half of a first-level cache.
const DEPTH: usize = 256;

/// The rows of a block.
const ROWS: usize = 1024;

/// A contraction of any elements.
///
/// # Safety of its use
///
/// From each pointer on, every offset of its array's groups leads to an element of that array; those in the output
/// are all different, and nobody else reads or writes them.
pub(super) struct Generic<'a, T> {
    pub(super) groups: &'a Groups,
    pub(super) left: *const T,
    pub(super) right: *const T,
    pub(super) out: *mut T,
}

/// Computes a contraction.
///
/// # Safety
///
/// What [`Generic`] says.
pub(super) unsafe fn run<T: Element, S: Store<T>>(problem: &Generic<'_, T>) {
    let Groups { batch, rows, columns, depth, .. } = problem.groups;
    let mut block = Block { packed: Vec::new(), rows: Vec::new(), columns: Vec::new(), depth: Vec::new() };
    for batch in 0..batch.len() {
        let [left, right, out] = problem.groups.batch.offset(batch);
        // SAFETY: these are offsets of elements.
        let [left, right] = unsafe { [problem.left.offset(left), problem.right.offset(right)] };
        // SAFETY: as above.
        let out = unsafe { problem.out.offset(out) };
        for depth_range in blocks(0..depth.len(), DEPTH) {
            fill(&mut block.depth, depth, depth_range.clone());
            for column_range in blocks(0..columns.len(), TILE_COLUMNS) {
                fill(&mut block.columns, columns, column_range);
                // SAFETY: the tables are offsets of the groups.
                unsafe { block.pack(right) }
                for row_range in blocks(0..rows.len(), ROWS) {
                    fill(&mut block.rows, rows, row_range);
                    // SAFETY: as above.
                    unsafe {
                        if depth_range.start == 0 {
                            block.rows::<S>(left, out);
                        } else {
                            block.rows::<S::Further>(left, out);
                        }
                    }
                }
            }
        }
    }
}

fn fill(table: &mut Vec<[isize; 2]>, group: &Group<2>, range: Range<usize>) {
    table.clear();
    group.offsets(range, 1, table);
}

/// The tables of a block, and its columns of the right side.
struct Block<T> {
    /// For each position of the depth, [`TILE_COLUMNS`] elements.
    packed: Vec<[T; TILE_COLUMNS]>,
    rows: Vec<[isize; 2]>,
    columns: Vec<[isize; 2]>,
    depth: Vec<[isize; 2]>,
}

impl<T: Element> Block<T> {
    /// # Safety
    ///
    /// `right` plus each column's offset plus each depth's is an element.
    unsafe fn pack(&mut self, right: *const T) {
        let Self { packed, columns, depth, .. } = self;
        packed.clear();
        packed.extend(depth.iter().map(|&[_, depth]| {
            core::array::from_fn(|column| match columns.get(column) {
                // SAFETY: by the contract.
                Some(&[column, _]) => unsafe { (*right.offset(column + depth)).clone() },
                None => T::zero(),
            })
        }));
    }

    /// Multiplies all rows of the block by the packed columns.
    ///
    /// # Safety
    ///
    /// `left` plus each row's offset plus each depth's is an element, and `out` plus each row's offset plus each
    /// column's is one of the output.
    unsafe fn rows<S: Store<T>>(&self, left: *const T, out: *mut T) {
        let (tiles, rest) = self.rows.as_chunks::<TILE_ROWS>();
        // SAFETY: by the contract.
        unsafe {
            tiles.iter().for_each(|tile| self.tile::<S, TILE_ROWS>(left, out, tile));
            rest.iter().for_each(|row| self.tile::<S, 1>(left, out, &[*row]));
        }
    }

    /// # Safety
    ///
    /// As for [`rows`](Self::rows), for these rows.
    unsafe fn tile<S: Store<T>, const R: usize>(&self, left: *const T, out: *mut T, rows: &[[isize; 2]; R]) {
        let mut sums: [[T; TILE_COLUMNS]; R] = core::array::from_fn(|_| zeros());
        for (&[depth, _], right) in self.depth.iter().zip(&self.packed) {
            for (sums, row) in sums.iter_mut().zip(rows) {
                // SAFETY: by the contract.
                let left = unsafe { &*left.offset(row[0] + depth) };
                for (sum, right) in sums.iter_mut().zip(right) {
                    *sum = sum.clone() + left.clone() * right.clone();
                }
            }
        }
        for (sums, row) in sums.into_iter().zip(rows) {
            for (sum, column) in sums.into_iter().zip(&self.columns) {
                // SAFETY: by the contract.
                unsafe { S::store(&mut *out.offset(row[1] + column[1]), sum) }
            }
        }
    }
}
