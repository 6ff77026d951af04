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

/// Columns of a panel, and the rows that are multiplied by it at a time: what a loop by hand would do, but with sums that stay in the
/// first-level cache. It is long enough for vectors of any element, which the compiler makes of it.
const WIDE: usize = 64;
const ROWS_BY_WIDE: usize = 1;
/// Bytes of an element, beyond which there are so few in a vector that tiles in registers are faster.
const LARGEST_IN_WIDE: usize = 4;

/// The same for what is left of the columns: tiles in registers.
const NARROW: usize = 8;
const ROWS_BY_NARROW: usize = 4;

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
    let Groups { batch, columns, depth, .. } = problem.groups;
    let mut tables = Tables::default();
    let (mut wide, mut narrow) = (Vec::new(), Vec::new());
    for batch in 0..batch.len() {
        let [left, right, out] = problem.groups.batch.offset(batch);
        // SAFETY: these are offsets of elements.
        let problem = unsafe {
            Generic {
                left: problem.left.offset(left),
                right: problem.right.offset(right),
                out: problem.out.offset(out),
                ..*problem
            }
        };
        for depth_range in blocks(0..depth.len(), DEPTH) {
            fill(&mut tables.depth, depth, depth_range.clone());
            let whole = if size_of::<T>() <= LARGEST_IN_WIDE { columns.len() / WIDE * WIDE } else { 0 };
            let is_first = depth_range.start == 0;
            // SAFETY: the table is that of the depth.
            unsafe {
                for columns in blocks(0..whole, WIDE) {
                    problem.panel::<S, WIDE, ROWS_BY_WIDE>(columns, is_first, &mut tables, &mut wide);
                }
                for columns in blocks(whole..columns.len(), NARROW) {
                    problem.panel::<S, NARROW, ROWS_BY_NARROW>(columns, is_first, &mut tables, &mut narrow);
                }
            }
        }
    }
}

impl<T: Element> Generic<'_, T> {
    /// Multiplies all rows by at most `C` columns, `R` rows at a time.
    ///
    /// # Safety
    ///
    /// What [`Generic`] says, for one batch; the tables have a part of the depth.
    unsafe fn panel<S: Store<T>, const C: usize, const R: usize>(
        &self,
        columns: Range<usize>,
        is_first: bool,
        tables: &mut Tables,
        packed: &mut Vec<[T; C]>,
    ) {
        let Groups { rows, columns: group, .. } = self.groups;
        fill(&mut tables.columns, group, columns);
        // SAFETY: the tables are offsets of the groups.
        unsafe { tables.pack(self.right, packed) }
        for row_range in blocks(0..rows.len(), ROWS) {
            fill(&mut tables.rows, rows, row_range);
            let block = Block { tables, packed };
            // SAFETY: as above.
            unsafe {
                match is_first {
                    true => block.rows::<S, R>(self.left, self.out),
                    false => block.rows::<S::Further, R>(self.left, self.out),
                }
            }
        }
    }
}

fn fill(table: &mut Vec<[isize; 2]>, group: &Group<2>, range: Range<usize>) {
    table.clear();
    group.offsets(range, 1, table);
}

/// The offsets of the rows, the columns and the depth of a block.
#[derive(Default)]
struct Tables {
    rows: Vec<[isize; 2]>,
    columns: Vec<[isize; 2]>,
    depth: Vec<[isize; 2]>,
}

impl Tables {
    /// Copies the columns side by side, with zeros for those that are missing.
    ///
    /// # Safety
    ///
    /// `right` plus each column's offset plus each depth's is an element.
    unsafe fn pack<T: Element, const C: usize>(&self, right: *const T, packed: &mut Vec<[T; C]>) {
        packed.clear();
        packed.extend(self.depth.iter().map(|&[_, depth]| {
            core::array::from_fn(|column| match self.columns.get(column) {
                // SAFETY: by the contract.
                Some(&[column, _]) => unsafe { (*right.offset(column + depth)).clone() },
                None => T::zero(),
            })
        }));
    }
}

/// A block, and its columns of the right side.
struct Block<'a, T, const C: usize> {
    tables: &'a Tables,
    /// For each position of the depth, `C` elements.
    packed: &'a [[T; C]],
}

impl<T: Element, const C: usize> Block<'_, T, C> {
    /// Multiplies all rows of the block by the packed columns.
    ///
    /// # Safety
    ///
    /// `left` plus each row's offset plus each depth's is an element, and `out` plus each row's offset plus each
    /// column's is one of the output.
    unsafe fn rows<S: Store<T>, const R: usize>(&self, left: *const T, out: *mut T) {
        let (tiles, rest) = self.tables.rows.as_chunks::<R>();
        // SAFETY: by the contract.
        unsafe {
            tiles.iter().for_each(|tile| self.tile::<S, R>(left, out, tile));
            rest.iter().for_each(|row| self.tile::<S, 1>(left, out, &[*row]));
        }
    }

    /// # Safety
    ///
    /// As for [`rows`](Self::rows), for these rows.
    unsafe fn tile<S: Store<T>, const R: usize>(&self, left: *const T, out: *mut T, rows: &[[isize; 2]; R]) {
        let mut sums: [[T; C]; R] = core::array::from_fn(|_| zeros());
        for (&[depth, _], right) in self.tables.depth.iter().zip(self.packed) {
            for (sums, row) in sums.iter_mut().zip(rows) {
                // SAFETY: by the contract.
                let left = unsafe { &*left.offset(row[0] + depth) };
                // By hand: the compiler makes no vectors of an iterator here.
                let mut column = 0;
                while column < C {
                    sums[column] = sums[column].clone() + left.clone() * right[column].clone();
                    column += 1;
                }
            }
        }
        for (sums, row) in sums.into_iter().zip(rows) {
            for (sum, column) in sums.into_iter().zip(&self.tables.columns) {
                // SAFETY: by the contract.
                unsafe { S::store(&mut *out.offset(row[1] + column[1]), sum) }
            }
        }
    }
}
