//! One side without free axes: a small kernel slides over an image, as in `xyij,ij->xy`.
//!
//! A micro-kernel with one row would load each vector of the image once for each product. But where an axis of the
//! output and a summed axis move through the image by the same step, one row of the image serves several rows of the
//! output: a tile of rows and vectors loads each of its vectors once, and multiplies it for all rows that need it.

use core::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::group::{Axis, Group};
use super::kernel::{Mode, store_row, tile_vectors};
use super::problem::{Groups, Problem};
use super::real::Real;

/// Output rows of a tile.
const TILE_ROWS: usize = 4;

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
            if self.rows.end - row >= TILE_ROWS {
                self.strip::<S, TILE_ROWS>(simd, row);
                row += TILE_ROWS;
            } else {
                self.strip::<S, 1>(simd, row);
                row += 1;
            }
        }
    }
}

impl<T: Real> Plane<'_, T> {
    /// All columns of `R` rows.
    #[inline(always)]
    fn strip<S: Simd, const R: usize>(&self, simd: S, row: usize) {
        let lanes = T::lanes::<S>();
        let full = lanes * const { tile_vectors(S::REGISTER_COUNT) };
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
    }

    /// # Safety
    ///
    /// The plane has `R` rows from `row` on and `width` columns from `column` on; they need `V` vectors.
    #[inline(always)]
    unsafe fn tile<S: Simd, const R: usize, const V: usize>(
        &self,
        simd: S,
        row: usize,
        column: usize,
        width: usize,
    ) {
        let lanes = T::lanes::<S>();
        let mask = T::mask(simd, width - (V - 1) * lanes);
        let mut sums = [[T::splat(simd, T::ZERO); V]; R];
        let taps = self.stencil.taps;
        for image_row in 0..R + taps.extent - 1 {
            // The rows of the tile that this row of the image serves: tap `image_row - row` exists.
            let first = (image_row + 1).saturating_sub(taps.extent);
            let last = image_row.min(R - 1);
            // SAFETY: row and tap together move as far as `row + image_row` taps, and are inside of the image.
            unsafe {
                let image = self.image.offset((row + image_row) as isize * taps.strides[1]).add(column);
                // Wrapping: a tap beyond the last one, of which each row is subtracted before it is read.
                let kernel = self.kernel.wrapping_offset(image_row as isize * taps.strides[0]);
                // Constant bounds keep the sums in registers.
                match (first, last) {
                    (0, 0) => self.row::<S, R, V, 0, 0>(simd, mask, image, kernel, &mut sums),
                    (0, 1) => self.row::<S, R, V, 0, 1>(simd, mask, image, kernel, &mut sums),
                    (0, 2) => self.row::<S, R, V, 0, 2>(simd, mask, image, kernel, &mut sums),
                    (0, _) => self.row::<S, R, V, 0, 3>(simd, mask, image, kernel, &mut sums),
                    (1, 1) => self.row::<S, R, V, 1, 1>(simd, mask, image, kernel, &mut sums),
                    (1, 2) => self.row::<S, R, V, 1, 2>(simd, mask, image, kernel, &mut sums),
                    (1, _) => self.row::<S, R, V, 1, 3>(simd, mask, image, kernel, &mut sums),
                    (2, 2) => self.row::<S, R, V, 2, 2>(simd, mask, image, kernel, &mut sums),
                    (2, _) => self.row::<S, R, V, 2, 3>(simd, mask, image, kernel, &mut sums),
                    _ => self.row::<S, R, V, 3, 3>(simd, mask, image, kernel, &mut sums),
                }
            }
        }
        // SAFETY: by the contract.
        unsafe { self.store(simd, mask, row, column, &sums) }
    }

    /// Adds the products of one row of the image to the rows `FIRST..=LAST` of the tile.
    ///
    /// # Safety
    ///
    /// `image` plus each offset of the rest, and `kernel` minus as many taps as a row has number, are inside of the
    /// arrays, for the width of the tile.
    #[inline(always)]
    unsafe fn row<S: Simd, const R: usize, const V: usize, const FIRST: usize, const LAST: usize>(
        &self,
        simd: S,
        mask: T::Mask<S>,
        image: *const T,
        kernel: *const T,
        sums: &mut [[T::Vector<S>; V]; R],
    ) {
        let lanes = T::lanes::<S>();
        for &[kernel_offset, image_offset] in self.rest {
            let mut vectors = [T::splat(simd, T::ZERO); V];
            // SAFETY: by the contract.
            unsafe {
                let image = image.offset(image_offset);
                for (vector, loaded) in vectors.iter_mut().enumerate() {
                    let start = image.add(vector * lanes);
                    let full = vector + 1 < V;
                    *loaded = if full { T::load(simd, start) } else { T::load_masked(simd, mask, start) };
                }
                for (row, sums) in sums.iter_mut().enumerate() {
                    if (FIRST..=LAST).contains(&row) {
                        let back = row as isize * self.stencil.taps.strides[0];
                        let tap = kernel.wrapping_offset(kernel_offset - back);
                        let factor = T::splat(simd, *tap);
                        for (sum, vector) in sums.iter_mut().zip(vectors) {
                            *sum = T::multiply_add(simd, factor, vector, *sum);
                        }
                    }
                }
            }
        }
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
