//! Products of matrices of elements without micro-kernels: integers, half types, big numbers, semirings.
//!
//! The same blocks and tables, and tiles in plain Rust, which the compiler turns into vectors where it can: they are compiled for
//! those of the processor at hand. The panel of the right side is always packed: its elements are used by all rows, and lie side
//! by side for them.

use core::marker::PhantomData;
use core::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::blocking::blocks;
use super::group::Group;
use super::problem::Groups;
use crate::element::{Element, Store};
use crate::lanes::zeros;

/// The depth of a block: a packed panel is 32 KiB, which the second-level cache has room for beside the left side.
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
    pub(super) arch: Arch,
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
    // SAFETY: by the contract.
    unsafe {
        match size_of::<T>() {
            1 => problem.run::<S, 64, 16>(),
            ..=8 => problem.run::<S, 64, 8>(),
            _ => problem.run::<S, 8, 2>(),
        }
    }
}

impl<T: Element> Generic<'_, T> {
    /// By panels of `W` columns, and of `N` where fewer are left.
    ///
    /// # Safety
    ///
    /// What [`Generic`] says.
    unsafe fn run<S: Store<T>, const W: usize, const N: usize>(&self) {
        let Groups { batch, columns, depth, .. } = self.groups;
        let (mut tables, mut packed) = (Tables::default(), Vec::new());
        let wide = columns.len() - columns.len() % W;
        for batch in 0..batch.len() {
            let [left, right, out] = self.groups.batch.offset(batch);
            // SAFETY: these are offsets of elements.
            let ([left, right], out) =
                unsafe { ([self.left.offset(left), self.right.offset(right)], self.out.offset(out)) };
            let of_batch = Generic { left, right, out, ..*self };
            for depth_range in blocks(0..depth.len(), DEPTH) {
                tables.depth.fill(depth, depth_range);
                // SAFETY: by the contract.
                unsafe {
                    blocks(0..wide, W)
                        .for_each(|columns| of_batch.panel::<S, W>(columns, &mut tables, &mut packed));
                    blocks(wide..columns.len(), N)
                        .for_each(|columns| of_batch.panel::<S, N>(columns, &mut tables, &mut packed));
                }
            }
        }
    }

    /// Multiplies all rows by at most `C` columns, as far as the table of the depth goes.
    ///
    /// # Safety
    ///
    /// What [`Generic`] says, of one batch; the columns are some of the group.
    unsafe fn panel<S: Store<T>, const C: usize>(
        &self,
        columns: Range<usize>,
        tables: &mut Tables,
        packed: &mut Vec<T>,
    ) {
        let Groups { rows, columns: group, .. } = self.groups;
        tables.columns.fill(group, columns);
        // SAFETY: the tables are offsets of the groups.
        unsafe { pack::<T, C>(self.right, tables, packed) }
        for row_range in blocks(0..rows.len(), ROWS) {
            tables.rows.fill(rows, row_range);
            let (right, _) = packed.as_chunks();
            let [rows, columns, depth] =
                [&tables.rows, &tables.columns, &tables.depth].map(|table| &*table.offsets);
            let Self { left, out, .. } = *self;
            if tables.depth.range.start == 0 {
                self.arch.dispatch(Panel::<_, S, C> {
                    left,
                    right,
                    out,
                    rows,
                    columns,
                    depth,
                    store: PhantomData,
                });
            } else {
                let store = PhantomData::<S::Further>;
                self.arch.dispatch(Panel::<_, _, C> { left, right, out, rows, columns, depth, store });
            }
        }
    }
}

/// The offsets of some positions of a group.
#[derive(Default)]
struct Table {
    range: Range<usize>,
    offsets: Vec<[isize; 2]>,
}

impl Table {
    /// Those of this range, which small batches have in common.
    fn fill(&mut self, group: &Group<2>, range: Range<usize>) {
        if self.range != range {
            self.offsets.clear();
            group.offsets(range.clone(), 1, &mut self.offsets);
            self.range = range;
        }
    }
}

/// The tables of a block.
#[derive(Default)]
struct Tables {
    rows: Table,
    columns: Table,
    depth: Table,
}

/// Copies at most `C` columns of the right side, and zeros for those that are missing, side by side for each position of the
/// depth.
///
/// # Safety
///
/// `right` plus each column's offset plus each depth's is an element.
unsafe fn pack<T: Element, const C: usize>(right: *const T, tables: &Tables, packed: &mut Vec<T>) {
    let columns = &tables.columns.offsets[..];
    packed.clear();
    for &[_, depth] in &tables.depth.offsets {
        // SAFETY: by the contract.
        packed.extend(columns.iter().map(|&[column, _]| unsafe { (*right.offset(column + depth)).clone() }));
        packed.extend((columns.len()..C).map(|_| T::zero()));
    }
}

/// All rows of a block times a packed panel.
///
/// Only [`Generic::panel`] makes one, and by its contract: `left` plus each row's offset plus each depth's is an element, and `out`
/// plus each row's offset plus each column's is one of the output.
struct Panel<'a, T, S, const C: usize> {
    left: *const T,
    /// `C` columns for each position of the depth.
    right: &'a [[T; C]],
    out: *mut T,
    /// For each row, its offset in the left side and in the output.
    rows: &'a [[isize; 2]],
    /// For each column, its offset in the right side, which does not matter here, and in the output.
    columns: &'a [[isize; 2]],
    /// For each position of the depth, its offset in the left side, and in the right one, which does not matter here.
    depth: &'a [[isize; 2]],
    store: PhantomData<S>,
}

/// Rows of a tile, each of so many bytes, on an instruction set with vectors of so many: their sums fill half of the registers,
/// but more than four rows gain nothing.
const fn tile_rows(row: usize, registers: usize, vector: usize) -> usize {
    match registers * vector / 2 / row {
        4.. => 4,
        2.. => 2,
        _ => 1,
    }
}

impl<T: Element, S: Store<T>, const C: usize> WithSimd for Panel<'_, T, S, C> {
    type Output = ();

    #[inline(always)]
    fn with_simd<V: Simd>(self, _: V) {
        // SAFETY: by the contract of `Generic::panel`.
        unsafe {
            match const { tile_rows(size_of::<[T; C]>(), V::REGISTER_COUNT, size_of::<V::u8s>()) } {
                4 => self.tiles::<4>(),
                2 => self.tiles::<2>(),
                _ => self.tiles::<1>(),
            }
        }
    }
}

impl<T: Element, S: Store<T>, const C: usize> Panel<'_, T, S, C> {
    /// # Safety
    ///
    /// The promises of [`Panel`].
    #[inline(always)]
    unsafe fn tiles<const R: usize>(&self) {
        let (tiles, rest) = self.rows.as_chunks::<R>();
        for tile in tiles {
            // SAFETY: by the promises.
            unsafe { self.tile(tile) }
        }
        for row in rest {
            // SAFETY: by the promises.
            unsafe { self.tile(&[*row]) }
        }
    }

    /// # Safety
    ///
    /// The promises of [`Panel`], for these rows.
    #[inline(always)]
    unsafe fn tile<const R: usize>(&self, rows: &[[isize; 2]; R]) {
        let mut sums = zeros_of_rows::<T, R, C>();
        for (&[depth, _], right) in self.depth.iter().zip(self.right) {
            // By hand: the compiler makes no vectors of iterators here, nor of fewer columns, whose loop it unrolls before.
            let mut row = 0;
            while row < R {
                // SAFETY: by the promises.
                let left = unsafe { &*self.left.offset(rows[row][0] + depth) };
                let mut column = 0;
                while column < C {
                    sums[row][column] = sums[row][column].clone() + left.clone() * right[column].clone();
                    column += 1;
                }
                row += 1;
            }
        }
        for (sums, row) in sums.into_iter().zip(rows) {
            for (sum, column) in sums.into_iter().zip(self.columns) {
                // SAFETY: by the promises.
                unsafe { S::store(&mut *self.out.offset(row[1] + column[1]), sum) }
            }
        }
    }
}

#[inline(always)]
fn zeros_of_rows<T: Element, const R: usize, const C: usize>() -> [[T; C]; R] {
    core::array::from_fn(|_| zeros())
}
