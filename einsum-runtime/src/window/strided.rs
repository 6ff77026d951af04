//! The stride trick: any shape and strides over an array's memory.

use super::StridedError;
use ndarray::{ArrayRef, ArrayView, Axis, Dim, Dimension, IntoDimension, ShapeBuilder};
use std::iter::zip;

/// A read-only view of any shape and strides over the memory of `x`, without a copy.
///
/// `strides` count elements and may be zero or negative; the view starts at the first element of `x`
/// (index 0 on all axes) and may see an element many times. Ranks up to 6.
///
/// `x` must be contiguous: its elements, in whatever order of axes and directions, fill a piece of memory
/// without gaps. The elements in a gap would be within reach of the view but do not belong to `x`; somebody
/// else may hold a `&mut` to them.
///
/// # Errors
///
/// [`StridedError`] if `x` is not contiguous, if the view would reach outside its memory, or if the view's
/// size or offsets exceed `isize::MAX`. An empty view reaches nothing.
///
/// # Examples
///
/// ```
/// # use einsum_runtime as einsum;
/// use einsum::window::as_strided;
/// use ndarray::array;
///
/// let x = array![1, 2, 3, 4];
/// // a Hankel matrix
/// assert_eq!(as_strided(&x, [2, 3], [1, 1])?, array![[1, 2, 3], [2, 3, 4]]);
/// // every row again
/// assert_eq!(as_strided(&x, [2, 4], [0, 1])?, array![[1, 2, 3, 4], [1, 2, 3, 4]]);
/// # Ok::<(), einsum::window::StridedError>(())
/// ```
pub fn as_strided<A, D, const N: usize>(
    x: &ArrayRef<A, D>,
    shape: [usize; N],
    strides: [isize; N],
) -> Result<ArrayView<'_, A, Dim<[usize; N]>>, StridedError>
where
    D: Dimension,
    Dim<[usize; N]>: Dimension,
    [usize; N]: IntoDimension<Dim = Dim<[usize; N]>>,
{
    let overflow = || StridedError::Overflow { shape: shape.to_vec(), strides: strides.to_vec() };
    let memory = x.as_slice_memory_order().ok_or_else(|| not_contiguous(x))?;
    if shape.contains(&0) {
        return ArrayView::from_shape(shape, &[]).map_err(|_| overflow());
    }
    let (lowest, highest) = reach(position_of_first(x), shape, strides).ok_or_else(overflow)?;
    let len = memory.len();
    let reached = usize::try_from(lowest)
        .ok()
        .and_then(|lowest| memory.get(lowest..=highest.cast_unsigned()))
        .ok_or(StridedError::OutOfBounds { lowest, highest, len })?;
    let shape = Dim(shape).strides(Dim(strides.map(isize::cast_unsigned)));
    ArrayView::from_shape(shape, reached).map_err(|_| overflow())
}

/// [`as_strided`] without its checks: the view may reach whatever memory the caller vouches for.
///
/// # Safety
///
/// * Every element that the view reaches from the first element of `x` belongs to the array or slice that
///   `x` was taken from, and is initialised.
/// * Nobody writes to such an element, or holds a `&mut` to it, while the view lives.
/// * The distance between the lowest and the highest of them is at most `isize::MAX` bytes.
/// * The product of the extents that are not zero is at most `isize::MAX`.
///
/// # Examples
///
/// Every other element is not contiguous, so only the caller can know that the others may be seen:
///
/// ```
/// # use einsum_runtime as einsum;
/// use einsum::window::as_strided_unchecked;
/// use ndarray::{array, s};
///
/// let x = array![1, 2, 3, 4, 5];
/// let odd = x.slice(s![..;2]);
/// // SAFETY: the view reaches the five elements of `x`, which stays borrowed
/// let windows = unsafe { as_strided_unchecked(&odd, [3, 3], [1, 1]) };
/// assert_eq!(windows, array![[1, 2, 3], [2, 3, 4], [3, 4, 5]]);
/// ```
pub unsafe fn as_strided_unchecked<A, D, const N: usize>(
    x: &ArrayRef<A, D>,
    shape: [usize; N],
    strides: [isize; N],
) -> ArrayView<'_, A, Dim<[usize; N]>>
where
    D: Dimension,
    Dim<[usize; N]>: Dimension,
    [usize; N]: IntoDimension<Dim = Dim<[usize; N]>>,
{
    let strides = Dim(strides.map(isize::cast_unsigned));
    // SAFETY: the contracts are the same, and the view borrows `x` for its lifetime
    unsafe { view_from(x.as_ptr(), Dim(shape), strides) }
}

/// The view whose first element is at `first`. Strides are signed, as bits in `D`, like ndarray's own.
///
/// ndarray builds views from a pointer with positive strides only. So the backward axes are first walked
/// to their end, which becomes the start, and turned round in the finished view.
///
/// # Safety
///
/// * The elements that the view reaches from `first` are ones that `first` may access, in one allocation,
///   and initialised, and for `'a` nobody writes to them or holds a `&mut` to them.
/// * The distance between the lowest and the highest of them is at most `isize::MAX` bytes.
/// * The product of the extents that are not zero is at most `isize::MAX`.
/// * `first` is aligned and not null, also if the view is empty.
pub(crate) unsafe fn view_from<'a, A, D: Dimension>(
    first: *const A,
    shape: D,
    mut strides: D,
) -> ArrayView<'a, A, D> {
    let rank = shape.ndim();
    if shape.size() == 0 {
        strides = D::zeros(rank);
    }
    let backward: Vec<usize> = (0..rank).filter(|&axis| strides[axis].cast_signed() < 0).collect();
    let mut lowest = first;
    for &axis in &backward {
        let stride = strides[axis].cast_signed();
        lowest = lowest.wrapping_offset((shape[axis] - 1).cast_signed() * stride);
        // only an axis of extent 1 can have `isize::MIN`, and needs no stride
        strides[axis] = stride.checked_neg().unwrap_or(0).cast_unsigned();
    }
    // SAFETY: from `lowest` the positive strides reach the elements of the contract, which gives their
    // lifetime and bounds; an empty view has zero strides and so never moves the pointer
    let mut view = unsafe { ArrayView::from_shape_ptr(shape.strides(strides), lowest) };
    for axis in backward {
        view.invert_axis(Axis(axis));
    }
    view
}

fn not_contiguous<A, D: Dimension>(x: &ArrayRef<A, D>) -> StridedError {
    StridedError::NotContiguous { shape: x.shape().to_vec(), strides: x.strides().to_vec() }
}

/// How many elements of a contiguous array lie before its first one in memory.
fn position_of_first<A, D: Dimension>(x: &ArrayRef<A, D>) -> isize {
    let ends = zip(x.shape(), x.strides()).map(|(&extent, &stride)| farthest(extent, stride).unwrap_or(0));
    -ends.filter(|&end| end < 0).sum::<isize>()
}

/// The lowest and the highest position of a view that starts at `first`, `None` on overflow.
fn reach<const N: usize>(first: isize, shape: [usize; N], strides: [isize; N]) -> Option<(isize, isize)> {
    let (mut lowest, mut highest) = (first, first);
    for (extent, stride) in zip(shape, strides) {
        let end = farthest(extent, stride)?;
        lowest = lowest.checked_add(end.min(0))?;
        highest = highest.checked_add(end.max(0))?;
    }
    Some((lowest, highest))
}

/// The offset of the last element of an axis from its first, `None` on overflow.
fn farthest(extent: usize, stride: isize) -> Option<isize> {
    isize::try_from(extent.saturating_sub(1)).ok()?.checked_mul(stride)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array, Array1, ArrayD, IxDyn, arr0, array, s};
    use std::ptr;

    #[test]
    fn strides_of_any_sign() {
        let x = Array1::from_iter(0..6);
        assert_eq!(as_strided(&x, [3, 2], [2, 1]), Ok(array![[0, 1], [2, 3], [4, 5]].view()));
        assert_eq!(as_strided(&x, [2, 2], [0, 3]), Ok(array![[0, 3], [0, 3]].view()));
        assert_eq!(
            as_strided(&x, [4, 3], [1, 1]),
            Ok(array![[0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5]].view())
        );
        assert_eq!(
            as_strided(&x.slice(s![..;-1]), [2, 3], [-3, -1]),
            Ok(array![[5, 4, 3], [2, 1, 0]].view())
        );
        assert_eq!(as_strided(&x, [], []), Ok(arr0(0).view()));
        assert_eq!(as_strided(&x, [1, 1], [isize::MIN, isize::MAX]), Ok(array![[0]].view()));
    }

    /// The view starts at index 0 on all axes, wherever that lies in memory.
    #[test]
    fn starts_at_the_first_element() {
        let x = array![[0, 1, 2], [3, 4, 5]];
        let first = |view: ArrayView<i32, _>| as_strided(&view, [2], [1]).map(|pair| pair.to_vec());
        assert_eq!(first(x.view()), Ok(vec![0, 1]));
        assert_eq!(first(x.t()), Ok(vec![0, 1]));
        assert_eq!(first(x.slice(s![..;-1, ..])), Ok(vec![3, 4]));
        assert_eq!(first(x.slice(s![.., ..;-1])), Ok(vec![2, 3]));
        assert_eq!(first(x.slice(s![1.., ..])), Ok(vec![3, 4]));
        let error = StridedError::OutOfBounds { lowest: 5, highest: 6, len: 6 };
        assert_eq!(first(x.slice(s![..;-1, ..;-1])), Err(error));
    }

    #[test]
    fn copies_nothing() {
        let x = Array1::from_iter(0..6);
        let view = as_strided(&x, [2, 3], [3, 1]).unwrap();
        assert!(ptr::eq(&raw const view[[1, 2]], &raw const x[5]));
    }

    #[test]
    fn reaches_the_ends_and_no_farther() {
        let x = array![0, 1, 2, 3, 4];
        let middle = x.slice(s![1..4]);
        let backward = x.slice(s![1..4;-1]);
        for (x, shape, strides, lowest, highest) in [
            (middle, [4, 1], [1, 1], 0, 3),
            (middle, [2, 3], [1, 1], 0, 3),
            (middle, [1, 2], [1, -1], -1, 0),
            (backward, [2, 2], [1, -2], 0, 3),
            (backward, [2, 2], [-2, -1], -1, 2),
        ] {
            let error = as_strided(&x, shape, strides).unwrap_err();
            assert_eq!(error, StridedError::OutOfBounds { lowest, highest, len: 3 });
        }
        assert_eq!(as_strided(&middle, [3], [1]), Ok(middle));
        assert_eq!(as_strided(&backward, [2, 2], [-1, -1]), Ok(array![[3, 2], [2, 1]].view()));
    }

    #[test]
    fn demands_contiguity() {
        let x = array![[0, 1, 2, 3], [4, 5, 6, 7]];
        let column = x.slice(s![.., ..2]);
        let error = as_strided(&column, [2], [1]).unwrap_err();
        assert_eq!(error, StridedError::NotContiguous { shape: vec![2, 2], strides: vec![4, 1] });
        assert_eq!(
            error.to_string(),
            "an array of shape [2, 2] and strides [4, 1] is not contiguous; copy it with `.to_owned()` first"
        );
        assert!(as_strided(&x.slice(s![.., ..;2]), [0], [1]).is_err());
        assert!(as_strided(&arr0(1).broadcast(3).unwrap(), [1], [1]).is_err());
    }

    #[test]
    fn out_of_bounds_message() {
        let error = as_strided(&array![1, 2, 3], [2, 3], [-1, 2]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the view reaches from position -1 to 4, but the array's memory has length 3; \
             use a smaller shape or smaller strides"
        );
    }

    #[test]
    fn overflow() {
        let x = array![1, 2, 3];
        for (shape, strides) in [
            ([usize::MAX, 1], [1, 1]),
            ([3, 1], [isize::MIN, 1]),
            ([2, 2], [isize::MAX, 1]),
            ([2, 2], [isize::MIN, -1]),
            ([1 << 40, 1 << 40], [0, 0]),
            ([0, usize::MAX], [1, 1]),
        ] {
            let error = as_strided(&x, shape, strides).unwrap_err();
            assert_eq!(error, StridedError::Overflow { shape: shape.to_vec(), strides: strides.to_vec() });
        }
        assert_eq!(
            as_strided(&x, [4, 2], [isize::MAX, 1]).unwrap_err().to_string(),
            "a view of shape [4, 2] and strides [9223372036854775807, 1] exceeds `isize::MAX`; \
             use a smaller shape or smaller strides"
        );
    }

    #[test]
    fn empty_views_and_empty_arrays() {
        let x = array![1, 2, 3];
        let empty = as_strided(&x, [2, 0, 9], [isize::MAX, isize::MIN, -7]).unwrap();
        assert_eq!(empty.shape(), [2, 0, 9]);
        let none = ArrayD::<i32>::zeros(IxDyn(&[0, 2]));
        assert_eq!(as_strided(&none, [0], [1]).unwrap().len(), 0);
        let error = as_strided(&none, [1], [0]).unwrap_err();
        assert_eq!(error, StridedError::OutOfBounds { lowest: 0, highest: 0, len: 0 });
    }

    #[test]
    fn unchecked_reaches_into_gaps_and_backwards() {
        let x = Array::from_shape_vec((2, 4), (0..8).collect()).unwrap();
        let last = x.slice(s![..;-1, 3..]);
        // SAFETY: the positions 7 - 4 * i - j with i < 2 and j < 4 are the elements of `x`
        let view = unsafe { as_strided_unchecked(&last, [2, 4], [-4, -1]) };
        assert_eq!(view, x.slice(s![..;-1, ..;-1]));
        assert_eq!(view.strides(), [-4, -1]);
        // SAFETY: an empty view reaches nothing
        let empty = unsafe { as_strided_unchecked(&last, [5, 0], [isize::MIN, 100]) };
        assert_eq!(empty.shape(), [5, 0]);
        // SAFETY: an axis of extent 1 reaches the first element only
        let one = unsafe { as_strided_unchecked(&last, [1], [isize::MIN]) };
        assert_eq!(one, array![7]);
    }
}
