//! Contractions of elements without micro-kernels: integers, half types, big numbers, semirings.
//!
//! A product of matrices is made of rows times panels of columns, in plain Rust that the compiler turns into vectors where it
//! can, those of the processor at hand. Whatever is no such product is left to [`Loops`].

use core::mem::{ManuallyDrop, needs_drop};
use core::ops::Range;
use core::slice::from_raw_parts;

use pulp::{Arch, Simd, WithSimd};

use super::blocking::blocks;
use super::group::Group;
use super::is_product_of_matrices;
use super::problem::{Groups, LoopAxis};
use super::simd::Shape;
use crate::arithmetic::{Put, dispatch};
use crate::element::Element;
use crate::lanes::{is_integer, zeros};
use crate::loops::{Arrays, Loops};

/// Columns of a panel. The compiler makes vectors of a loop over so many; of fewer it unrolls the loop before it would.
const COLUMNS: usize = 64;

/// Whether so many sums stay in registers, and may be forgotten.
const fn is_for_tiles<T>() -> bool {
    matches!(size_of::<T>(), 1..=8) && !needs_drop::<T>()
}

/// Whether columns are computed as a whole panel. Of integers, most of it may be zeros: a loop over the columns that there are
/// takes about as long as half a vector for each.
fn is_panel<T: 'static>(columns: usize, arch: Arch) -> bool {
    let vector = Shape::of::<f32>(arch).lanes * size_of::<f32>();
    let is_padded = || is_integer::<T>() && 2 * size_of::<[T; COLUMNS]>() <= columns * vector;
    is_for_tiles::<T>() && (columns == COLUMNS || is_padded())
}

/// The depth of a block: a packed panel of 4-byte elements is 64 KiB, which the second-level cache has room for.
const DEPTH: usize = 256;

/// The rows of a block.
const ROWS: usize = 1024;

/// Rows from which on it pays to pack columns that are neighbours as they lie.
const LEAST_ROWS_OF_PACK: usize = 16;

/// Computes the output from one factor or two, however little there is to do.
///
/// # Safety
///
/// From each pointer to the output and the factors on, every offset of its array's axes leads to an element `T` of that array;
/// those in the output are all different, and nobody else reads or writes them. Without a second factor, its pointer is not
/// read. The results are of the type that `put` is for.
pub(crate) unsafe fn contract_other<T: Element>(
    axes: &[LoopAxis],
    starts: [*mut (); 3],
    is_product: bool,
    put: Put,
    arch: Arch,
) {
    let mut groups = Groups::EMPTY;
    // SAFETY: by the contract.
    unsafe {
        if is_product && fill_product_of_matrices(&mut groups, axes) {
            Product::<T>::new(&groups, starts, put, arch).run();
        } else {
            Loops::new(axes, is_product).run(Arrays::<T>::new(starts), arch, put);
        }
    }
}

/// Fills the groups with these axes, and says whether they are those of a product of matrices.
fn fill_product_of_matrices(groups: &mut Groups, axes: &[LoopAxis]) -> bool {
    // Sums of nothing are left to loops, which store zeros.
    let is_whole = |axis: &LoopAxis| axis.extent > 0 && axis.is_shared();
    let is_product = is_product_of_matrices(axes) && axes.iter().all(is_whole);
    if !is_product || groups.fill(axes, false).is_none() {
        return false;
    }
    let [rows, columns] = [&groups.rows, &groups.columns].map(|group| group.innermost().strides);
    if rows == [1, 1] && columns != [1, 1] {
        groups.fill(axes, true).expect("each group has as many axes as its counterpart");
    }
    true
}

/// A product of matrices.
///
/// # Safety of its use
///
/// From each pointer on, every offset of its array's groups leads to an element of that array; those in the output
/// are all different, and nobody else reads or writes them.
struct Product<'a, T> {
    groups: &'a Groups,
    arch: Arch,
    put: Put,
    left: *const T,
    right: *const T,
    out: *mut T,
}

/// What is used again for each panel.
struct Buffers<T> {
    rows: Table,
    columns: Table,
    depth: Table,
    /// The offsets of the depth in the left side, and in what is read for the right one.
    steps: Vec<[isize; 2]>,
    packed: Vec<T>,
    sums: Vec<T>,
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

impl<'a, T: Element> Product<'a, T> {
    /// The pointers are to the output, the left and the right operand.
    fn new(groups: &'a Groups, [out, left, right]: [*mut (); 3], put: Put, arch: Arch) -> Self {
        let (left, right) = if groups.swapped { (right, left) } else { (left, right) };
        Self {
            groups,
            arch,
            put,
            left: left.cast_const().cast(),
            right: right.cast_const().cast(),
            out: out.cast(),
        }
    }

    /// # Safety
    ///
    /// What [`Product`] says.
    unsafe fn run(&self) {
        let Groups { batch, columns, depth, .. } = self.groups;
        let mut buffers = Buffers::default();
        for batch in 0..batch.len() {
            let [left, right, out] = self.groups.batch.offset(batch);
            // SAFETY: these are offsets of elements.
            let ([left, right], out) =
                unsafe { ([self.left.offset(left), self.right.offset(right)], self.out.offset(out)) };
            let of_batch = Product { left, right, out, ..*self };
            for depth_range in blocks(0..depth.len(), DEPTH) {
                buffers.depth.fill(depth, depth_range);
                // SAFETY: by the contract.
                blocks(0..columns.len(), COLUMNS)
                    .for_each(|columns| unsafe { of_batch.panel(columns, &mut buffers) });
            }
        }
    }

    /// Multiplies all rows by some columns, as far as the table of the depth goes.
    ///
    /// # Safety
    ///
    /// What [`Product`] says, for one batch; the columns are some of the group.
    unsafe fn panel(&self, columns: Range<usize>, buffers: &mut Buffers<T>) {
        let Groups { rows, columns: group, .. } = self.groups;
        let is_panel = is_panel::<T>(columns.len(), self.arch);
        buffers.columns.fill(group, columns);
        // SAFETY: the tables are offsets of the groups.
        let right = unsafe { buffers.right(self.right, rows.len(), is_panel) };
        let put = if buffers.depth.range.start == 0 { self.put } else { self.put.further() };
        let places = Columns::of(&buffers.columns.offsets);
        for row_range in blocks(0..rows.len(), ROWS) {
            buffers.rows.fill(rows, row_range);
            let panel = Panel {
                left: self.left,
                right,
                out: self.out,
                put,
                rows: &buffers.rows.offsets,
                steps: &buffers.steps,
                places,
                columns: buffers.columns.offsets.len(),
                is_panel,
                sums: &mut buffers.sums,
            };
            dispatch::<T, _>(self.arch, panel);
        }
    }
}

impl<T> Default for Buffers<T> {
    fn default() -> Self {
        let [rows, columns, depth] = [(); 3].map(|()| Table::default());
        Self { rows, columns, depth, steps: Vec::new(), packed: Vec::new(), sums: Vec::new() }
    }
}

impl<T: Element> Buffers<T> {
    /// From where on the columns are read, side by side for each of the steps: as they lie, if they do so, else from a copy, with
    /// zeros for those that a panel has not.
    ///
    /// # Safety
    ///
    /// `right` plus each column's offset plus each depth's is an element.
    unsafe fn right(&mut self, right: *const T, rows: usize, is_panel: bool) -> *const T {
        let Self { columns, depth, steps, packed, .. } = self;
        let (columns, depth) = (&columns.offsets, &depth.offsets);
        let pitch = if is_panel { COLUMNS } else { columns.len() };
        let first = columns[0][0];
        let are_neighbours = columns.array_windows().all(|[a, b]| b[0] - a[0] == 1);
        steps.clear();
        if are_neighbours && pitch == columns.len() && rows < LEAST_ROWS_OF_PACK {
            steps.extend_from_slice(depth);
            // SAFETY: by the contract.
            return unsafe { right.offset(first) };
        }
        steps.extend(
            depth.iter().enumerate().map(|(position, &[left, _])| [left, (position * pitch) as isize]),
        );
        packed.clear();
        for &[_, depth] in depth {
            // SAFETY: by the contract.
            unsafe {
                if are_neighbours {
                    packed.extend_from_slice(from_raw_parts(right.offset(first + depth), columns.len()));
                } else {
                    let column = |&[column, _]: &[isize; 2]| (*right.offset(column + depth)).clone();
                    packed.extend(columns.iter().map(column));
                }
            }
            packed.extend((columns.len()..pitch).map(|_| T::zero()));
        }
        packed.as_ptr()
    }
}

/// Where the columns of a panel are in the output.
#[derive(Clone, Copy)]
enum Columns<'a> {
    /// At equal distances: the first one, and how far they are apart.
    Run(isize, isize),
    Each(&'a [[isize; 2]]),
}

impl<'a> Columns<'a> {
    fn of(columns: &'a [[isize; 2]]) -> Self {
        let stride = if let [first, second, ..] = columns { second[1] - first[1] } else { 1 };
        let is_run = columns.array_windows().all(|[a, b]| b[1] - a[1] == stride);
        if is_run { Self::Run(columns[0][1], stride) } else { Self::Each(columns) }
    }
}

/// All rows of a block times a panel.
///
/// Only [`Product::panel`] makes one, and by its contract: for each row and each step there is an element in the left side, for
/// each step there are as many in the right one as there are columns, and for each row and column there is one in the output.
struct Panel<'a, T> {
    left: *const T,
    right: *const T,
    out: *mut T,
    put: Put,
    /// For each row, its offset in the left side and in the output.
    rows: &'a [[isize; 2]],
    /// For each position of the depth, its offset in the left side, and that of the columns, side by side, in the right one.
    steps: &'a [[isize; 2]],
    places: Columns<'a>,
    columns: usize,
    /// Whether there are zeros for the columns that a whole panel has beside these.
    is_panel: bool,
    sums: &'a mut Vec<T>,
}

impl<T: Element> WithSimd for Panel<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<V: Simd>(mut self, _: V) {
        // SAFETY: by the contract of `Product::panel`.
        unsafe {
            if const { !is_for_tiles::<T>() } {
                return self.rows(self.rows);
            }
            match const { tile_rows(size_of::<[T; COLUMNS]>(), V::REGISTER_COUNT, size_of::<V::u8s>()) } {
                _ if !self.is_panel => self.rows(self.rows),
                4 => self.tiles::<4>(),
                2 => self.tiles::<2>(),
                _ => self.tiles::<1>(),
            }
        }
    }
}

/// Rows of a tile, each of so many bytes, on an instruction set with vectors of so many: their sums fill half of the registers,
/// but more than four rows gain nothing.
const fn tile_rows(row: usize, registers: usize, vector: usize) -> usize {
    // Rows of nothing are never in tiles, but asked about all the same.
    match registers * vector / 2 / if row == 0 { 1 } else { row } {
        4.. => 4,
        2.. => 2,
        _ => 1,
    }
}

impl<T: Element> Panel<'_, T> {
    /// All rows times a whole panel.
    ///
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
    /// The promises of [`Panel`], for these rows and a whole panel.
    #[inline(always)]
    unsafe fn tile<const R: usize>(&self, rows: &[[isize; 2]; R]) {
        let mut sums: [[T; COLUMNS]; R] = core::array::from_fn(|_| zeros());
        for &[left, right] in self.steps {
            // SAFETY: by the promises.
            let right = unsafe { &*self.right.offset(right).cast::<[T; COLUMNS]>() };
            // By hand: the compiler makes no vectors of iterators here.
            let mut row = 0;
            while row < R {
                // SAFETY: by the promises.
                let left = unsafe { &*self.left.offset(rows[row][0] + left) };
                let mut column = 0;
                while column < COLUMNS {
                    sums[row][column] = sums[row][column].clone() + left.clone() * right[column].clone();
                    column += 1;
                }
                row += 1;
            }
        }
        for (sums, row) in sums.into_iter().zip(rows) {
            let sums = ManuallyDrop::new(sums);
            // SAFETY: by the promises; the sums are forgotten, and need not be dropped.
            unsafe { self.put(row, sums.as_ptr()) }
        }
    }

    /// Rows times any columns, one after the other.
    ///
    /// # Safety
    ///
    /// The promises of [`Panel`], for these rows.
    #[inline(always)]
    unsafe fn rows(&mut self, rows: &[[isize; 2]]) {
        for row in rows {
            self.sums.extend((0..self.columns).map(|_| T::zero()));
            for &[left, right] in self.steps {
                // SAFETY: by the promises.
                let (left, right) = unsafe {
                    let right = self.right.offset(right);
                    (&*self.left.offset(row[0] + left), from_raw_parts(right, self.columns))
                };
                for (sum, right) in self.sums.iter_mut().zip(right) {
                    *sum = sum.clone() + left.clone() * right.clone();
                }
            }
            // SAFETY: by the promises; the sums are moved, so none is left in the vector.
            unsafe {
                self.sums.set_len(0);
                self.put(row, self.sums.as_ptr());
            }
        }
    }

    /// Moves the sums of a row to their places.
    ///
    /// # Safety
    ///
    /// The promises of [`Panel`]; there is one for each column, which is not used any more.
    #[inline(always)]
    unsafe fn put(&self, row: &[isize; 2], sums: *const T) {
        let out = self.out.wrapping_offset(row[1]);
        // SAFETY: by the promises.
        unsafe {
            match self.places {
                Columns::Run(first, stride) => self.put.values(out.offset(first), stride, sums, self.columns),
                Columns::Each(columns) => {
                    for (n, column) in columns.iter().enumerate() {
                        self.put.values(out.offset(column[1]), 1, sums.add(n), 1);
                    }
                }
            }
        }
    }
}
