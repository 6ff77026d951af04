//! Tiles of a small product: those of the micro-kernel, by strides in place of tables.

use core::marker::PhantomData;
use core::mem::MaybeUninit;

use pulp::{Arch, Simd, WithSimd};

use super::super::kernel::{Mode, load_row, store_row};
use super::super::real::Real;
use super::super::transpose::BLOCK;
use super::{Axis, MOST_COPIED, Product};

/// A product whose columns are neighbours in the output, with elements `T`.
///
/// # Safety of the operations
///
/// Whoever makes one keeps the promises of [`Product`], with columns as said here, and at least one row.
#[derive(Clone, Copy)]
pub(super) struct Trusted<'a, T> {
    product: &'a Product,
    mode: Mode,
    elements: PhantomData<T>,
}

/// With columns that are neighbours in the right side too.
struct InPlace<'a, T>(Trusted<'a, T>);

/// With other columns; a function of its own, since there is a large array on its stack.
struct Copied<'a, T>(Trusted<'a, T>);

impl<'a, T: Real> Trusted<'a, T> {
    /// # Safety
    ///
    /// The promises of [`Trusted`].
    pub(super) unsafe fn new(product: &'a Product, mode: Mode) -> Self {
        Self { product, mode, elements: PhantomData }
    }

    pub(super) fn run(self, arch: Arch) {
        match self.product.columns.strides[0] {
            1 => arch.dispatch(InPlace(self)),
            _ => arch.dispatch(Copied(self)),
        }
    }

    /// Calls `multiply` with the first elements of the left side, the right side and the output of each batch.
    #[inline(always)]
    fn for_each_batch(&self, mut multiply: impl FnMut(*const T, *const T, *mut T)) {
        let &Product { left, right, out, batch, .. } = self.product;
        let (mut left, mut right, mut out) = (left.cast::<T>(), right.cast::<T>(), out.cast::<T>());
        for _ in 0..batch.extent {
            multiply(left, right, out);
            left = left.wrapping_offset(batch.strides[0]);
            right = right.wrapping_offset(batch.strides[1]);
            out = out.wrapping_offset(batch.strides[2]);
        }
    }
}

impl<T: Real> WithSimd for InPlace<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self(trusted) = self;
        let &Product { left, right, out, rows, columns, depth, batch } = trusted.product;
        // SAFETY: by the contract of `Trusted::new`, and there is a row.
        unsafe {
            if batch.extent == 1 && rows.extent <= TALL && columns.extent <= T::lanes::<S>() {
                // The loops over batches, panels and tiles would be half of the work.
                let right = (right.cast(), depth.strides[1]);
                trusted.one_tile(simd, left.cast(), right, out.cast());
            } else {
                trusted.for_each_batch(|left, right, out| {
                    trusted.matrix(simd, left, (right, depth.strides[1]), out);
                });
            }
        }
    }
}

impl<T: Real> WithSimd for Copied<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self(trusted) = self;
        let &Product { columns, depth, .. } = trusted.product;
        let mut copy = [MaybeUninit::<T>::uninit(); MOST_COPIED];
        let copy = copy.as_mut_ptr().cast::<T>();
        let pitch = columns.extent as isize;
        // SAFETY: by the contract of `Trusted::new`; the copy has a place for each element, all of which are written.
        trusted.for_each_batch(|left, right, out| unsafe {
            copy_columns(simd, right, columns, depth, copy);
            trusted.matrix(simd, left, (copy, pitch), out);
        });
    }
}

/// Copies the right side so that its columns are neighbours.
///
/// # Safety
///
/// From `right` on, offsets of the columns and of the depth lead to elements; at `copy` is a place for each.
#[inline(always)]
unsafe fn copy_columns<T: Real, S: Simd>(
    simd: S,
    right: *const T,
    columns: Axis<2>,
    depth: Axis<2>,
    copy: *mut T,
) {
    let pitch = columns.extent as isize;
    let from = |position: usize, column: usize| {
        let offset = column as isize * columns.strides[0] + position as isize * depth.strides[1];
        right.wrapping_offset(offset)
    };
    let to = |position: usize, column: usize| copy.wrapping_add(position * columns.extent + column);
    // SAFETY: by the contract; blocks end inside of the matrix.
    unsafe {
        if depth.strides[1] == 1 && columns.extent >= BLOCK && depth.extent >= BLOCK {
            for (position, column) in
                blocks(depth.extent).flat_map(|n| blocks(columns.extent).map(move |c| (n, c)))
            {
                T::transpose(simd, |n| from(position, column + n), to(position, column), pitch);
            }
        } else {
            for position in 0..depth.extent {
                (0..columns.extent).for_each(|column| *to(position, column) = *from(position, column));
            }
        }
    }
}

/// Where blocks start that cover so many places: the last one is pulled back, to be a whole one.
#[inline(always)]
fn blocks(extent: usize) -> impl Iterator<Item = usize> {
    (0..extent.div_ceil(BLOCK)).map(move |n| (n * BLOCK).min(extent - BLOCK))
}

impl<T: Real> Trusted<'_, T> {
    /// Multiplies a matrix of one tile, of one vector of columns.
    ///
    /// # Safety
    ///
    /// As for [`matrix`](Self::matrix), and there is a row, but not more than [`TALL`].
    #[inline(always)]
    unsafe fn one_tile<S: Simd>(&self, simd: S, left: *const T, right: (*const T, isize), out: *mut T) {
        let Product { rows, columns, .. } = self.product;
        let mask = T::mask(simd, columns.extent);
        // SAFETY: by the contract.
        unsafe {
            match rows.extent <= SHORT {
                true => self.tile::<S, 1, SHORT>(simd, mask, left, right, out, rows.extent),
                false => self.tile::<S, 1, TALL>(simd, mask, left, right, out, rows.extent),
            };
        }
    }

    /// Multiplies one matrix: the right side comes with its stride along the depth.
    ///
    /// # Safety
    ///
    /// The promises of [`Trusted`], for these pointers; columns are neighbours in the right side.
    #[inline(always)]
    unsafe fn matrix<S: Simd>(
        &self,
        simd: S,
        left: *const T,
        (right, stride): (*const T, isize),
        out: *mut T,
    ) {
        let (lanes, columns) = (T::lanes::<S>(), self.product.columns.extent);
        let mut column = 0;
        while column < columns {
            let width = (columns - column).min(2 * lanes);
            let right = (right.wrapping_add(column), stride);
            // SAFETY: by the contract; the columns from this one on are at least as many as the width.
            unsafe {
                match width <= lanes {
                    true => self.panel::<S, 1>(simd, left, right, out.wrapping_add(column), width),
                    false => self.panel::<S, 2>(simd, left, right, out.wrapping_add(column), width),
                }
            }
            column += width;
        }
    }

    /// Multiplies all rows and a few vectors of columns.
    ///
    /// # Safety
    ///
    /// As for [`matrix`](Self::matrix), with the pointers to the first of these columns, which fill more than `V - 1` vectors and
    /// at most `V`.
    #[inline(always)]
    unsafe fn panel<S: Simd, const V: usize>(
        &self,
        simd: S,
        left: *const T,
        right: (*const T, isize),
        out: *mut T,
        width: usize,
    ) {
        let mask = T::mask(simd, width - (V - 1) * T::lanes::<S>());
        let rows = self.product.rows;
        let mut row = 0;
        while row < rows.extent {
            let [left_start, out_start] = rows.strides.map(|stride| row as isize * stride);
            let (left, out) = (left.wrapping_offset(left_start), out.wrapping_offset(out_start));
            let left_over = rows.extent - row;
            // SAFETY: by the contract; these are rows of the matrix.
            row += unsafe {
                if left_over > SHORT && const { is_tall(S::REGISTER_COUNT, V) } {
                    self.tile::<S, V, TALL>(simd, mask, left, right, out, left_over)
                } else {
                    self.tile::<S, V, SHORT>(simd, mask, left, right, out, left_over)
                }
            };
        }
    }

    /// Multiplies up to `R` of so many rows and the columns of a panel, and says how many.
    ///
    /// # Safety
    ///
    /// As for [`panel`](Self::panel), with the pointers to the first of these rows; the mask has as many lanes as the width leaves
    /// to the last vector.
    #[inline(always)]
    unsafe fn tile<S: Simd, const V: usize, const R: usize>(
        &self,
        simd: S,
        mask: T::Mask<S>,
        left: *const T,
        (mut right, stride): (*const T, isize),
        mut out: *mut T,
        count: usize,
    ) -> usize {
        let Product { rows, depth, .. } = self.product;
        let mut sums = [[T::splat(simd, T::ZERO); V]; R];
        let mut left = rows_of_tile::<T, R>(left, rows.strides[0], count);
        for _ in 0..depth.extent {
            // SAFETY: by the contract.
            unsafe {
                let columns: [_; V] = load_row(simd, mask, right);
                for (sums, left) in sums.iter_mut().zip(left) {
                    let left = T::splat(simd, *left);
                    for (sum, column) in sums.iter_mut().zip(columns) {
                        *sum = T::multiply_add(simd, left, column, *sum);
                    }
                }
            }
            left = left.map(|left| left.wrapping_offset(depth.strides[0]));
            right = right.wrapping_offset(stride);
        }
        for sums in sums.iter().take(count) {
            // SAFETY: by the contract.
            unsafe { store_row::<T, S, V>(simd, mask, self.mode, out, sums) }
            out = out.wrapping_offset(rows.strides[1]);
        }
        count.min(R)
    }
}

/// The first element of each row of a tile; the last row again, where the matrix ends: what its products would wait for costs
/// nothing, where tiles of all heights would be more to choose from than there is to compute.
#[inline(always)]
fn rows_of_tile<T, const R: usize>(mut left: *const T, stride: isize, count: usize) -> [*const T; R] {
    core::array::from_fn(|row| {
        left = left.wrapping_offset(if row > 0 && row < count { stride } else { 0 });
        left
    })
}

/// Rows of the two kinds of tiles.
const SHORT: usize = 4;
const TALL: usize = 8;

/// Whether the sums of a tall tile leave registers for the right side and the broadcast.
const fn is_tall(registers: usize, vectors: usize) -> bool {
    TALL * vectors + vectors < registers
}
