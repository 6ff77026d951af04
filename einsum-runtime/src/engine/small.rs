//! Products of small matrices, for which the engine takes longer to set itself up than to compute: no groups, no estimates, no
//! tables.
//!
//! ```text
//! contract_small, inlined where it is known which axis is which → Product → multiply, compiled once → tiles
//! ```
//!
//! The tiles are those of the micro-kernel, by strides in place of tables.

#[cfg(test)]
mod tests;

use core::marker::PhantomData;
use core::mem::MaybeUninit;

use pulp::{Arch, Simd, WithSimd};

use super::kernel::{Mode, load_row, store_row};
use super::real::Real;
use super::simd::arch;
use super::transpose::BLOCK;
use super::{ElementType, LEAST_WORK_OF_A_VECTOR};
use crate::element::{Element, Store};
use crate::strided::{Erased, Strided, StridedMut};

/// The most products that are computed here. For one matrix of this many, or some hundred, the engine takes a fifth longer; beyond
/// them it has more to win, by blocks and threads.
const MOST_WORK: usize = 64 * 64 * 64;

/// The most elements of a right side that is copied, since its columns are not neighbours, and the fewest rows that pay for it.
const MOST_COPIED: usize = 1 << 11;
const LEAST_ROWS_OF_COPY: usize = 3;

/// Which axes of the arrays are rows, columns, depth and, if there is one, batch: all that they have.
#[derive(Debug, Clone, Copy)]
pub struct MatrixAxes {
    /// In the left array and the output.
    rows: [usize; 2],
    /// In the right array and the output.
    columns: [usize; 2],
    /// In the left and the right array.
    depth: [usize; 2],
    /// In the left and the right array, and the output.
    batch: Option<[usize; 3]>,
}

impl MatrixAxes {
    /// The places of the rows in the left array and the output, of the columns in the right array and the output, of the depth in
    /// both sides, and of the batch in these and the output.
    ///
    /// # Panics
    ///
    /// Where an array would have to be something else than a matrix for each batch.
    #[must_use]
    pub const fn new(
        rows: [usize; 2],
        columns: [usize; 2],
        depth: [usize; 2],
        batch: Option<[usize; 3]>,
    ) -> Self {
        let [left, right, out] = match batch {
            Some([left, right, out]) => [Some(left), Some(right), Some(out)],
            None => [None; 3],
        };
        assert!(
            are_all([rows[0], depth[0]], left)
                && are_all([columns[0], depth[1]], right)
                && are_all([rows[1], columns[1]], out),
            "the axes of an array are different ones"
        );
        Self { rows, columns, depth, batch }
    }

    /// How many axes each array has.
    #[inline(always)]
    fn rank(&self) -> usize {
        2 + self.batch.is_some() as usize
    }
}

/// Whether the axes of a matrix, and that of its batch, are those of an array, each once.
const fn are_all([first, second]: [usize; 2], batch: Option<usize>) -> bool {
    match batch {
        None => first + second == 1,
        Some(batch) => 1 << first | 1 << second | 1 << batch == 0b111,
    }
}

/// `out[b, m, n] (+)= left[b, m, k] * right[b, k, n]`, each letter an axis.
///
/// # Safety of its use
///
/// From each pointer on, every sum of offsets along its array's axes leads to an element, those in the output to different ones,
/// which nobody else reads or writes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Product {
    left: *const (),
    right: *const (),
    out: *mut (),
    rows: Axis<2>,
    columns: Axis<2>,
    depth: Axis<2>,
    batch: Axis<3>,
}

/// An axis, with its strides in the arrays that have it, in the order of [`MatrixAxes`].
#[derive(Debug, Clone, Copy)]
struct Axis<const N: usize> {
    extent: usize,
    strides: [isize; N],
}

impl<const N: usize> Axis<N> {
    /// The axes of these arrays at these places, which are one.
    #[inline(always)]
    fn new(arrays: [&Erased<'_>; N], places: [usize; N]) -> Self {
        let extent = arrays[0].extents[places[0]];
        let strides = core::array::from_fn(|array| {
            assert_eq!(arrays[array].extents[places[array]], extent, "the axes of a label have its extent");
            arrays[array].strides[places[array]]
        });
        Self { extent, strides }
    }
}

/// Multiplies small matrices of real numbers into `out`, if that is faster here than anywhere else: says whether it was done.
///
/// # Panics
///
/// Where the axes of a label have different extents, or the arrays have others than these.
#[inline]
pub fn contract_small<T: Element, S: Store<T>, const N: usize, const L: usize, const R: usize>(
    out: &mut StridedMut<'_, T, N>,
    left: &Strided<'_, T, L>,
    right: &Strided<'_, T, R>,
    axes: MatrixAxes,
) -> bool {
    let rank = axes.rank();
    // One by one, so that nothing is left to compare.
    assert!(N == rank && L == rank && R == rank, "each array has the axes of a matrix, and a batch");
    let Some(element @ (ElementType::F32 | ElementType::F64)) = ElementType::of::<T>() else { return false };
    let product = Product::new([&out.erased(), &left.erased(), &right.erased()], axes);
    // SAFETY: the arrays hold elements of `T`, and are borrowed, the output for writing.
    unsafe { multiply(&product, element, S::MODE) }
}

impl Product {
    #[inline(always)]
    pub(super) fn new([out, left, right]: [&Erased<'_>; 3], axes: MatrixAxes) -> Self {
        let no_batch = Axis { extent: 1, strides: [0; 3] };
        Self {
            left: left.start.cast_const(),
            right: right.start.cast_const(),
            out: out.start,
            rows: Axis::new([left, out], axes.rows),
            columns: Axis::new([right, out], axes.columns),
            depth: Axis::new([left, right], axes.depth),
            batch: axes.batch.map_or(no_batch, |batch| Axis::new([left, right, out], batch)),
        }
    }

    /// With the sides exchanged.
    fn swapped(&self) -> Self {
        let exchanged = |[left, right]: [isize; 2]| [right, left];
        let [left, right, out] = self.batch.strides;
        Self {
            left: self.right,
            right: self.left,
            rows: self.columns,
            columns: self.rows,
            depth: Axis { strides: exchanged(self.depth.strides), ..self.depth },
            batch: Axis { strides: [right, left, out], ..self.batch },
            ..*self
        }
    }

    /// Whether vectors of columns can be stored, and whether they can be loaded; the wider, the better.
    fn suits(columns: &Axis<2>) -> Option<(bool, usize)> {
        let [right, out] = columns.strides;
        (out == 1).then_some((right == 1, columns.extent))
    }

    /// Whether there is one place for each element of the output, some columns and a row, and little to compute.
    fn is_small(&self) -> bool {
        let Self { rows, columns, depth, batch, .. } = self;
        let work = [rows.extent, columns.extent, depth.extent, batch.extent];
        // A single row has kernels of its own beyond that, and a single column is a sum along the depth, for loops.
        let most = if rows.extent == 1 { LEAST_WORK_OF_A_VECTOR } else { MOST_WORK };
        let is_still = |extent, stride| extent > 1 && stride == 0;
        rows.extent > 0
            && columns.extent > 1
            && work.into_iter().fold(1, usize::saturating_mul) <= most
            && !is_still(rows.extent, rows.strides[1])
            && !is_still(batch.extent, batch.strides[2])
    }

    /// Whether the columns of the right side are neighbours, or can be copied to be.
    fn is_loaded(&self) -> bool {
        let copied = || self.columns.extent.saturating_mul(self.depth.extent) <= MOST_COPIED;
        self.columns.strides[0] == 1 || self.rows.extent >= LEAST_ROWS_OF_COPY && copied()
    }
}

/// # Safety
///
/// The promises of [`Product`], for elements of this type.
unsafe fn multiply(product: &Product, element: ElementType, mode: Mode) -> bool {
    let arch = arch();
    // Without vectors, the loops are as fast that are compiled for the program. SAFETY: by the contract.
    !matches!(arch, Arch::Scalar) && unsafe { multiply_on(product, element, mode, arch) }
}

/// # Safety
///
/// As for [`multiply`].
pub(super) unsafe fn multiply_on(product: &Product, element: ElementType, mode: Mode, arch: Arch) -> bool {
    let swapped;
    let product = if Product::suits(&product.columns) >= Product::suits(&product.rows) {
        product
    } else {
        swapped = product.swapped();
        &swapped
    };
    let is_taken = product.columns.strides[1] == 1 && product.is_small() && product.is_loaded();
    // SAFETY: by the contract, the columns are neighbours in the output, and there is a row.
    is_taken
        && unsafe {
            match element {
                ElementType::F32 => Trusted::<f32>::new(product, mode).run(arch),
                ElementType::F64 => Trusted::<f64>::new(product, mode).run(arch),
                ElementType::ComplexF32 | ElementType::ComplexF64 => return false,
            }
            true
        }
}

/// A product whose columns are neighbours in the output, with elements `T`.
///
/// # Safety of the operations
///
/// Whoever makes one keeps the promises of [`Product`], with columns as said here, and at least one row.
#[derive(Clone, Copy)]
struct Trusted<'a, T> {
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
    unsafe fn new(product: &'a Product, mode: Mode) -> Self {
        Self { product, mode, elements: PhantomData }
    }

    fn run(self, arch: Arch) {
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
