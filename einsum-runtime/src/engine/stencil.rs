//! One side without free axes: a small kernel slides over an image, as in `xyij,ij->xy`.
//!
//! A micro-kernel with one row would load each vector of the image once for each product. But where an axis of the
//! output and a summed axis move through the image by the same step, one row of the image serves several rows of the
//! output: a tile of rows and vectors loads each of its vectors once, and multiplies it for all rows that need it. The
//! taps move along: what the first row of the tile multiplies by, the second one does a row of the image later, so each
//! tap is broadcast once.

use core::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::blocking::even_share;
use super::group::{Axis, Group};
use super::kernel::{Mode, store_row, tile_vectors};
use super::problem::{Groups, Problem};
use super::real::Real;

/// Output rows of a tile, where the kernel has rows enough: one for each but the last.
pub(super) const TILE_ROWS: usize = 4;
const LAST_ROW: usize = TILE_ROWS - 1;

/// Rows of the image that all rows of a tile need, and that are read again for each of the other summed axes. If rows
/// are a multiple of 4 KiB apart, all of them share the 8 ways of a first-level cache.
const BLOCK_ROWS: usize = 4;

/// A contraction with one row as a plane of outputs, and what is around it.
///
/// Strides are those of the groups: of the kernel, which is the left side, then of the image, which is the right one,
/// then of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stencil {
    batch: Group<3>,
    /// Free axes of the image around the plane.
    outer: Group<2>,
    rows: Axis<2>,
    /// Neighbours in the image and in the output.
    width: usize,
    /// The summed axis that moves through the image as `rows` do.
    taps: Axis<2>,
    /// The other summed axes.
    rest: Group<2>,
}

impl Stencil {
    /// The axes of a contraction that is a stencil.
    pub(super) fn new(groups: &Groups) -> Option<Self> {
        if groups.rows.len() != 1 {
            return None;
        }
        let (neighbours, columns) = groups.columns.axes().split_last()?;
        let depth = groups.depth.axes();
        let shared = |rows: &Axis<2>| depth.iter().position(|taps| taps.strides[1] == rows.strides[0]);
        let (row_axis, tap_axis) =
            columns.iter().enumerate().find_map(|(axis, rows)| Some((axis, shared(rows)?)))?;
        let batch = groups.batch;
        let (outer, rest) = (without(columns, row_axis)?, without(depth, tap_axis)?);
        let (rows, width, taps) = (columns[row_axis], neighbours.extent, depth[tap_axis]);
        (neighbours.strides == [1, 1]).then_some(Self { batch, outer, rows, width, taps, rest })
    }

    /// Neighbours in each row of a plane.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The planes, and the rows of each.
    pub(super) fn extents(&self) -> [usize; 2] {
        [self.batch.len() * self.outer.len(), self.rows.extent]
    }
}

/// All axes but one.
fn without(axes: &[Axis<2>], left_out: usize) -> Option<Group<2>> {
    let mut others = Group::EMPTY;
    for (_, axis) in axes.iter().enumerate().filter(|&(axis, _)| axis != left_out) {
        others.push(*axis)?;
    }
    others.arrange(1);
    Some(others)
}

/// Computes some rows of some planes.
///
/// # Safety
///
/// The pointers and strides of the problem are those of live arrays of real numbers with the extents of its groups,
/// the stencil was made from these, the ranges are inside of its extents, and nobody else reads or writes these rows
/// of the output.
pub(super) unsafe fn run<T: Real>(
    problem: &Problem<'_, T>,
    stencil: &Stencil,
    planes: Range<usize>,
    rows: Range<usize>,
    arch: Arch,
) {
    let mut rest = Vec::new();
    stencil.rest.offsets(0..stencil.rest.len(), 1, &mut rest);
    for plane in planes {
        let outer = stencil.outer.len();
        let [left, right, out] = stencil.batch.offset(plane / outer);
        let [outer_right, outer_out] = stencil.outer.offset(plane % outer);
        // SAFETY: these are offsets of elements, by the contract.
        let plane = unsafe {
            Plane {
                kernel: problem.left.offset(left),
                image: problem.right.offset(right + outer_right),
                out: problem.out.offset(out + outer_out),
                stencil,
                rest: &rest,
                rows: rows.clone(),
                mode: problem.mode,
            }
        };
        arch.dispatch(plane);
    }
}

/// Some rows of one plane.
///
/// Only [`run`] makes one, and by its contract: all offsets of the stencil's axes lead to elements.
struct Plane<'a, T> {
    kernel: *const T,
    image: *const T,
    out: *mut T,
    stencil: &'a Stencil,
    /// Offsets of the other summed axes in the kernel and in the image.
    rest: &'a [[isize; 2]],
    rows: Range<usize>,
    mode: Mode,
}

impl<T: Real> WithSimd for Plane<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let mut row = self.rows.start;
        while row < self.rows.end {
            row += match self.rows.end - row {
                TILE_ROWS.. if self.stencil.taps.extent >= LAST_ROW => self.strip::<S, TILE_ROWS>(simd, row),
                2.. => self.strip::<S, 2>(simd, row),
                _ => self.strip::<S, 1>(simd, row),
            };
        }
    }
}

/// The way down the image: a row of it, and what the rows of a tile multiply it by.
struct Walk<T: Real, S: Simd, const R: usize> {
    image: *const T,
    /// The tap of the tile's first row.
    tap: *const T,
    /// The taps of all rows; only those of rows that the image's row serves are in use.
    factors: [T::Vector<S>; R],
}

impl<T: Real, S: Simd, const R: usize> Walk<T, S, R> {
    /// To the next row of the image, which the tile's rows multiply by what the rows before them did.
    #[inline(always)]
    fn step(&mut self, [kernel_step, image_step]: [isize; 2]) {
        // One by one: a copy of the slice would keep the factors in memory.
        for row in (1..R).rev() {
            self.factors[row] = self.factors[row - 1];
        }
        // Wrapping: after the last one there is none.
        self.image = self.image.wrapping_offset(image_step);
        self.tap = self.tap.wrapping_offset(kernel_step);
    }
}

impl<T: Real> Plane<'_, T> {
    /// All columns of `R` rows. Returns `R`.
    #[inline(always)]
    fn strip<S: Simd, const R: usize>(&self, simd: S, row: usize) -> usize {
        let lanes = T::lanes::<S>();
        let most = const { tile_vectors(S::REGISTER_COUNT) };
        let full = lanes * even_share(self.stencil.width.div_ceil(lanes), most);
        for column in (0..self.stencil.width).step_by(full) {
            let width = (self.stencil.width - column).min(full);
            // SAFETY: the rows and columns are inside of the plane.
            unsafe {
                match width.div_ceil(lanes) {
                    1 => self.tile::<S, R, 1>(simd, row, column, width),
                    2 => self.tile::<S, R, 2>(simd, row, column, width),
                    // Strips are never wider than the registers allow: there is nothing to compile.
                    _ if const { tile_vectors(S::REGISTER_COUNT) } == 2 => {
                        unreachable!("a strip is a tile wide")
                    }
                    3 => self.tile::<S, R, 3>(simd, row, column, width),
                    _ => self.tile::<S, R, 4>(simd, row, column, width),
                }
            }
        }
        R
    }

    /// # Safety
    ///
    /// The plane has `R` rows from `row` on and `width` columns from `column` on; they need `V` vectors. There are at
    /// least `R - 1` taps.
    #[inline(always)]
    unsafe fn tile<S: Simd, const R: usize, const V: usize>(
        &self,
        simd: S,
        row: usize,
        column: usize,
        width: usize,
    ) {
        let mask = T::mask(simd, width - (V - 1) * T::lanes::<S>());
        let mut sums = [[T::splat(simd, T::ZERO); V]; R];
        let taps = self.stencil.taps;
        // SAFETY: by the contract.
        let image = unsafe { self.image.offset(row as isize * taps.strides[1]).add(column) };
        // The rows of the image that all rows of the tile need; around them, only the first or the last ones do.
        let shared = R - 1..taps.extent;
        let mut start = shared.start;
        loop {
            let end = shared.end.min(start + BLOCK_ROWS);
            let [is_first, is_last] = [start == shared.start, end == shared.end];
            let above = if is_first { 0 } else { start };
            for &[kernel_offset, image_offset] in self.rest {
                // SAFETY: row and tap together move as far as both of them, which stays inside of the image. A block
                // that is not the first one has `R - 1` taps before its own.
                unsafe {
                    let image = image.offset(image_offset);
                    let kernel = self.kernel.offset(kernel_offset);
                    let mut walk = self.walk::<S, R>(simd, image, kernel, above);
                    if is_first {
                        self.first_rows(simd, mask, &mut walk, &mut sums);
                    }
                    for _ in start..end {
                        self.row::<S, R, V, 0, LAST_ROW>(simd, mask, &mut walk, &mut sums);
                    }
                    if is_last {
                        self.last_rows(simd, mask, &mut walk, &mut sums);
                    }
                }
            }
            if is_last {
                break;
            }
            start = end;
        }
        // SAFETY: by the contract.
        unsafe { self.store(simd, mask, row, column, &sums) }
    }

    /// A walk that begins at tap `above`, and at the row of the image as far down.
    ///
    /// # Safety
    ///
    /// There are such a tap and row from `kernel` and `image` on. If `above` is not 0, it is `R - 1` at least.
    #[inline(always)]
    unsafe fn walk<S: Simd, const R: usize>(
        &self,
        simd: S,
        image: *const T,
        kernel: *const T,
        above: usize,
    ) -> Walk<T, S, R> {
        let [kernel_step, image_step] = self.stencil.taps.strides;
        let mut factors = [T::splat(simd, T::ZERO); R];
        // SAFETY: by the contract.
        unsafe {
            if above > 0 {
                for (row, factor) in factors.iter_mut().enumerate().skip(1) {
                    *factor = T::splat(simd, *kernel.offset((above - row) as isize * kernel_step));
                }
            }
            let above = above as isize;
            Walk { image: image.offset(above * image_step), tap: kernel.offset(above * kernel_step), factors }
        }
    }

    /// The rows of the image that do not reach the last row of the tile yet.
    ///
    /// # Safety
    ///
    /// As for [`row`](Self::row), for `R - 1` rows and taps.
    #[inline(always)]
    unsafe fn first_rows<S: Simd, const R: usize, const V: usize>(
        &self,
        simd: S,
        mask: T::Mask<S>,
        walk: &mut Walk<T, S, R>,
        sums: &mut [[T::Vector<S>; V]; R],
    ) {
        // SAFETY: by the contract.
        unsafe {
            if R > 1 {
                self.row::<S, R, V, 0, 0>(simd, mask, walk, sums);
            }
            if R > 2 {
                self.row::<S, R, V, 0, 1>(simd, mask, walk, sums);
                self.row::<S, R, V, 0, 2>(simd, mask, walk, sums);
            }
        }
    }

    /// The rows of the image that the first row of the tile does not need any more.
    ///
    /// # Safety
    ///
    /// As for [`row`](Self::row), for `R - 1` rows, and no tap.
    #[inline(always)]
    unsafe fn last_rows<S: Simd, const R: usize, const V: usize>(
        &self,
        simd: S,
        mask: T::Mask<S>,
        walk: &mut Walk<T, S, R>,
        sums: &mut [[T::Vector<S>; V]; R],
    ) {
        // SAFETY: by the contract.
        unsafe {
            if R > 1 {
                self.row::<S, R, V, 1, LAST_ROW>(simd, mask, walk, sums);
            }
            if R > 2 {
                self.row::<S, R, V, 2, LAST_ROW>(simd, mask, walk, sums);
                self.row::<S, R, V, 3, LAST_ROW>(simd, mask, walk, sums);
            }
        }
    }

    /// Adds the products of one row of the image to the rows `FIRST..=LAST` of the tile, and steps to the next one.
    /// Constant bounds keep the sums in registers.
    ///
    /// # Safety
    ///
    /// The row has as many elements as the mask and `V - 1` vectors. If `FIRST` is 0, the walk is at a tap.
    #[inline(always)]
    unsafe fn row<S: Simd, const R: usize, const V: usize, const FIRST: usize, const LAST: usize>(
        &self,
        simd: S,
        mask: T::Mask<S>,
        walk: &mut Walk<T, S, R>,
        sums: &mut [[T::Vector<S>; V]; R],
    ) {
        let mut vectors = [T::splat(simd, T::ZERO); V];
        // SAFETY: by the contract.
        unsafe {
            for (vector, loaded) in vectors.iter_mut().enumerate() {
                let start = walk.image.add(vector * T::lanes::<S>());
                let full = vector + 1 < V;
                *loaded = if full { T::load(simd, start) } else { T::load_masked(simd, mask, start) };
            }
            if FIRST == 0 {
                walk.factors[0] = T::splat(simd, *walk.tap);
            }
        }
        for (row, (sums, factor)) in sums.iter_mut().zip(walk.factors).enumerate() {
            if (FIRST..=LAST).contains(&row) {
                for (sum, vector) in sums.iter_mut().zip(vectors) {
                    *sum = T::multiply_add(simd, factor, vector, *sum);
                }
            }
        }
        walk.step(self.stencil.taps.strides);
    }

    /// # Safety
    ///
    /// As for [`tile`](Self::tile); the mask is that of the last vector.
    #[inline(always)]
    unsafe fn store<S: Simd, const R: usize, const V: usize>(
        &self,
        simd: S,
        mask: T::Mask<S>,
        row: usize,
        column: usize,
        sums: &[[T::Vector<S>; V]; R],
    ) {
        for (tile_row, sums) in sums.iter().enumerate() {
            let offset = (row + tile_row) as isize * self.stencil.rows.strides[1] + column as isize;
            // SAFETY: by the contract.
            unsafe { store_row::<T, S, V>(simd, mask, self.mode, self.out.offset(offset), sums) }
        }
    }
}
