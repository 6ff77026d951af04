//! Products of small matrices, for which the engine takes longer to set itself up than to compute: no groups, no estimates, no
//! tables.
//!
//! ```text
//! contract_small, inlined where it is known which axis is which → Product → multiply, compiled once → tiles
//! ```

#[cfg(test)]
mod tests;
mod tiles;

use pulp::Arch;

use super::LEAST_WORK_OF_A_VECTOR;
use super::kernel::Mode;
use super::simd::arch;
use crate::arithmetic::ElementType;
use crate::element::{Element, Store};
use crate::strided::{Erased, Strided, StridedMut};
use tiles::Trusted;

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
