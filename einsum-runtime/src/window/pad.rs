//! Zero padding.

use super::PadError;
use crate::zeros::fits;
use ndarray::{Array, ArrayRef, AxisDescription, Dimension, Slice};
use num_traits::Zero;

/// `x` surrounded by zeros: `widths` holds, for each axis, how many go before and after it.
///
/// This is the convention of numpy's `pad`. Axis `i` of the result has extent `before + x.shape()[i] + after`.
///
/// # Panics
///
/// Where [`try_pad`] returns an error, with its message.
///
/// # Examples
///
/// ```
/// # use einsum_runtime as einsum;
/// use einsum::window::pad;
/// use ndarray::array;
///
/// let x = array![[1, 2], [3, 4]];
/// assert_eq!(pad(&x, &[(0, 1), (2, 0)]), array![[0, 0, 1, 2], [0, 0, 3, 4], [0, 0, 0, 0]]);
/// ```
#[track_caller]
pub fn pad<A, D>(x: &ArrayRef<A, D>, widths: &[(usize, usize)]) -> Array<A, D>
where
    A: Clone + Zero,
    D: Dimension,
{
    match try_pad(x, widths) {
        Ok(padded) => padded,
        Err(error) => panic!("{error}"),
    }
}

/// [`pad`], or what is wrong with the widths.
///
/// # Errors
///
/// [`PadError`] if there is not one pair for each axis, or if the result is too large for an array.
///
/// # Examples
///
/// ```
/// # use einsum_runtime as einsum;
/// use einsum::window::{PadError, try_pad};
/// use ndarray::array;
///
/// let x = array![1, 2];
/// assert_eq!(try_pad(&x, &[(1, 2)])?, array![0, 1, 2, 0, 0]);
/// assert_eq!(try_pad(&x, &[]), Err(PadError::Pairs { given: 0, rank: 1 }));
/// # Ok::<(), PadError>(())
/// ```
pub fn try_pad<A, D>(x: &ArrayRef<A, D>, widths: &[(usize, usize)]) -> Result<Array<A, D>, PadError>
where
    A: Clone + Zero,
    D: Dimension,
{
    let inside = |axis: AxisDescription| {
        let before = widths[axis.axis.index()].0;
        Slice::from(before..before + x.len_of(axis.axis))
    };
    let mut padded = Array::zeros(padded_shape(x, widths)?);
    padded.slice_each_axis_mut(inside).assign(x);
    Ok(padded)
}

fn padded_shape<A, D: Dimension>(x: &ArrayRef<A, D>, widths: &[(usize, usize)]) -> Result<D, PadError> {
    if widths.len() != x.ndim() {
        return Err(PadError::Pairs { given: widths.len(), rank: x.ndim() });
    }
    let mut shape = x.raw_dim();
    for (axis, &(before, after)) in widths.iter().enumerate() {
        let extent = shape[axis];
        let padded = extent.checked_add(before).and_then(|padded| padded.checked_add(after));
        shape[axis] = padded.ok_or(PadError::Extent { axis, extent, before, after })?;
    }
    match shape.as_array_view().to_vec() {
        shape if !fits(&shape, size_of::<A>()) => Err(PadError::Overflow { shape }),
        _ => Ok(shape),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array0, Array2, arr0, array, s};

    #[test]
    fn pads_each_axis_by_its_pair() {
        let x = Array::from_shape_fn((2, 3, 2), |(i, j, k)| 1 + 100 * i + 10 * j + k);
        let padded = pad(&x, &[(1, 0), (2, 1), (0, 3)]);
        assert_eq!(padded.shape(), [3, 6, 5]);
        assert_eq!(padded.slice(s![1.., 2..5, ..2]), x);
        assert_eq!(padded.sum(), x.sum());
    }

    #[test]
    fn pads_any_layout() {
        let x = array![[1, 2, 3], [4, 5, 6]];
        let expected = array![[0, 0, 0, 0], [0, 6, 4, 0], [0, 3, 1, 0]];
        assert_eq!(pad(&x.slice(s![..;-1, ..;-2]), &[(1, 0), (1, 1)]), expected);
        assert_eq!(pad(&x.t(), &[(0, 0), (1, 0)]), array![[0, 1, 4], [0, 2, 5], [0, 3, 6]]);
        assert_eq!(pad(&arr0(7).broadcast(2).unwrap(), &[(1, 0)]), array![0, 7, 7]);
    }

    #[test]
    fn pads_rank_zero_dynamic_rank_and_empty_arrays() {
        assert_eq!(pad(&Array0::from_elem((), 7), &[]), arr0(7));
        assert_eq!(pad(&array![7].into_dyn(), &[(0, 1)]), array![7, 0].into_dyn());
        assert_eq!(pad(&Array2::<i32>::zeros((0, 2)), &[(1, 1), (0, 0)]), array![[0, 0], [0, 0]]);
        assert_eq!(pad(&Array2::<i32>::zeros((0, 2)), &[(0, 0), (1, 1)]).shape(), [0, 4]);
    }

    #[test]
    fn wants_a_pair_for_each_axis() {
        let error = try_pad(&array![[1, 2]], &[(1, 1)]).unwrap_err();
        assert_eq!(error, PadError::Pairs { given: 1, rank: 2 });
        assert_eq!(
            error.to_string(),
            "padding has length 1, but the array has rank 2; give one pair `(before, after)` for each axis"
        );
        let error = try_pad(&array![1, 2], &[(1, 1), (0, 0)]).unwrap_err();
        assert_eq!(error, PadError::Pairs { given: 2, rank: 1 });
    }

    #[test]
    fn refuses_extents_that_overflow() {
        let widths = [(1, 0), (usize::MAX, 0)];
        let error = try_pad(&array![[1, 2]], &widths).unwrap_err();
        assert_eq!(error, PadError::Extent { axis: 1, extent: 2, before: usize::MAX, after: 0 });
        assert_eq!(
            error.to_string(),
            "axis 1 of extent 2, padded by 18446744073709551615 before and 0 after, \
             exceeds `usize::MAX`; use less padding"
        );
        assert!(try_pad(&array![1], &[(usize::MAX / 2, usize::MAX / 2 + 1)]).is_err());
    }

    #[test]
    fn refuses_shapes_that_overflow() {
        let half = 1 << 31;
        let error = try_pad(&array![[1_i32]], &[(half - 1, 0), (0, half - 1)]).unwrap_err();
        assert_eq!(error, PadError::Overflow { shape: vec![half, half] });
        assert_eq!(
            error.to_string(),
            "shape [2147483648, 2147483648] exceeds `isize::MAX`; use less padding"
        );
    }

    #[test]
    #[should_panic(expected = "padding has length 0, but the array has rank 1")]
    fn panics_with_the_message() {
        pad(&array![1], &[]);
    }
}
