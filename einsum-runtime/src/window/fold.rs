//! Folding: the adjoint of a window view.

use super::view::to_vec;
use super::{AddAxes, WindowError, Windows};
use crate::zeros::fits;
use ndarray::{Array, ArrayRef, Axis, AxisDescription, Dimension, IntoDimension, IxDyn, Slice, Zip, indices};
use num_traits::Zero;

impl<const K: usize> Windows<K> {
    /// Adds windows back into an array of shape `shape`: each element is the sum of the elements of `y` that
    /// see it through the [`view`](Self::view), zero if none does.
    ///
    /// This is the adjoint of `view`, `<fold(y), x> = <y, view(x)>`: it turns the gradient of a window view
    /// into the gradient of the array. `y` has the shape of a window view of an array of shape `shape`.
    ///
    /// # Panics
    ///
    /// Where [`try_fold`](Self::try_fold) returns an error, with its message.
    ///
    /// # Examples
    ///
    /// ```
    /// # use einsum_runtime as einsum;
    /// use einsum::Windows;
    /// use ndarray::{Array2, array};
    ///
    /// // three windows of three elements on an axis of five
    /// let seen = Windows::new([3]).fold(&Array2::<i32>::ones((3, 3)), 5);
    /// assert_eq!(seen, array![1, 2, 3, 2, 1]);
    /// ```
    #[track_caller]
    pub fn fold<A, D, Sh>(&self, y: &ArrayRef<A, D::Sum>, shape: Sh) -> Array<A, D>
    where
        A: Clone + Zero,
        D: AddAxes<K>,
        Sh: IntoDimension<Dim = D>,
    {
        match self.try_fold(y, shape) {
            Ok(folded) => folded,
            Err(error) => panic!("{error}"),
        }
    }

    /// [`fold`](Self::fold), or what is wrong with the windows or the shapes.
    ///
    /// # Errors
    ///
    /// [`WindowError`] if the windows do not fit `shape`, as in [`try_view`](Self::try_view), if `y` does not
    /// have the shape of its window view, or if the result would exceed `isize::MAX` bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// # use einsum_runtime as einsum;
    /// use einsum::window::{WindowError, Windows};
    /// use ndarray::array;
    ///
    /// let y = array![[1, 2], [3, 4]];
    /// assert_eq!(Windows::new([2]).try_fold(&y, 3)?, array![1, 2 + 3, 4]);
    /// assert!(matches!(Windows::new([2]).try_fold(&y, 4), Err(WindowError::FoldShape { .. })));
    /// # Ok::<(), WindowError>(())
    /// ```
    pub fn try_fold<A, D, Sh>(&self, y: &ArrayRef<A, D::Sum>, shape: Sh) -> Result<Array<A, D>, WindowError>
    where
        A: Clone + Zero,
        D: AddAxes<K>,
        Sh: IntoDimension<Dim = D>,
    {
        let shape = shape.into_dimension();
        let axes = self.axes_for_fold(y, &shape)?;
        let mut folded = Array::zeros(shape);
        if !y.is_empty() {
            for at in indices(IxDyn(&self.window)) {
                self.add(y, &axes, &at, &mut folded);
            }
        }
        Ok(folded)
    }

    /// The windowed axes, once `y` is known to have the shape of a window view of `shape`.
    fn axes_for_fold<A, D: AddAxes<K>>(
        &self,
        y: &ArrayRef<A, D::Sum>,
        shape: &D,
    ) -> Result<[usize; K], WindowError> {
        let folded = to_vec(shape);
        let axes = self.axes_in(folded.len())?;
        let expected = to_vec(&self.view_shape::<D>(&axes, &folded)?);
        if y.shape() != expected {
            let given = y.shape().to_vec();
            return Err(WindowError::FoldShape { given, expected, folded });
        }
        if !fits(&folded, size_of::<A>()) {
            return Err(WindowError::Overflow { shape: folded });
        }
        Ok(axes)
    }

    /// Adds the elements of `y` at one position in the window to the elements of `folded` that they see.
    /// At one position no two windows see the same element, so this is a sum of two arrays.
    fn add<A, D>(&self, y: &ArrayRef<A, D::Sum>, axes: &[usize; K], at: &IxDyn, folded: &mut Array<A, D>)
    where
        A: Clone + Zero,
        D: AddAxes<K>,
    {
        let rank = folded.ndim();
        let mut part = y.view().into_dyn();
        for &position in at.as_array_view() {
            part = part.index_axis_move(Axis(rank), position);
        }
        let seen = |axis: AxisDescription| match axes.iter().position(|&windowed| Axis(windowed) == axis.axis)
        {
            Some(k) => self.positions(k, at[k], part.len_of(axis.axis)),
            None => Slice::from(..),
        };
        let target = folded.slice_each_axis_mut(seen).into_dyn();
        Zip::from(target).and(&part).for_each(|sum, term| *sum = sum.clone() + term.clone());
    }

    /// What position `at` of window `k` sees of its axis as the window slides to `count` positions.
    fn positions(&self, k: usize, at: usize, count: usize) -> Slice {
        let first = at * self.dilation[k];
        let last = first + (count - 1) * self.stride[k];
        // a larger stride has no second position
        let step = isize::try_from(self.stride[k]).unwrap_or(isize::MAX);
        Slice::new(first.cast_signed(), Some((last + 1).cast_signed()), step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, Array2, Ix2, array, s};

    #[test]
    fn sums_the_windows() {
        let y = array![[1, 2], [3, 4], [5, 6]];
        assert_eq!(Windows::new([2]).fold(&y, 4), array![1, 5, 9, 6]);
    }

    #[test]
    fn leaves_zero_where_no_window_is() {
        let y = array![[1, 2], [3, 4]];
        let windows = Windows::new([2]).stride([3]).dilation([2]);
        assert_eq!(windows.fold(&y, 8), array![1, 0, 2, 3, 0, 4, 0, 0]);
    }

    #[test]
    fn folds_inner_axes_and_any_layout() {
        let y = Array::from_shape_fn((2, 2, 3, 2), |(n, x, c, i)| 1000 * n + 100 * x + 10 * c + i);
        let windows = Windows::new([2]).axes([1]);
        let folded = windows.fold(&y, (2, 3, 3));
        let expected = Array::from_shape_fn((2, 3, 3), |(n, h, c)| {
            (0..2).filter(|&i| (i..i + 2).contains(&h)).map(|i| y[[n, h - i, c, i]]).sum::<usize>()
        });
        assert_eq!(folded, expected);
        let (mut fortran, mut reversed) = (y.t().to_owned().reversed_axes(), y.slice(s![..;-1, .., .., ..]));
        assert_eq!(windows.fold(&fortran, folded.raw_dim()), folded);
        reversed.invert_axis(Axis(0));
        assert_eq!(windows.fold(&reversed, folded.raw_dim()), folded);
        fortran[[1, 1, 2, 1]] += 1;
        assert_ne!(windows.fold(&fortran, folded.raw_dim()), folded);
    }

    #[test]
    fn folds_above_rank_six_and_dynamically() {
        let x = Array::from_shape_fn((1, 2, 3, 2, 1), |(_, d, h, w, _)| d + 10 * h + 100 * w);
        let windows = Windows::new([1, 2, 2]).axes([1, 2, 3]);
        let twice_in_the_middle = Array::from_shape_fn(x.raw_dim(), |(n, d, h, w, c)| {
            x[[n, d, h, w, c]] * if h == 1 { 2 } else { 1 }
        });
        assert_eq!(windows.fold(&windows.view(&x), x.raw_dim()), twice_in_the_middle);
        let folded = windows.fold(&windows.view(&x).to_owned(), x.shape().to_vec());
        assert_eq!(folded, twice_in_the_middle.into_dyn());
    }

    #[test]
    fn folds_nothing_to_zeros() {
        let y = Array::<i32, _>::zeros((0, 3, 2));
        let folded: Array2<i32> = Windows::new([2]).axes([1]).fold(&y, (0, 4));
        assert_eq!(folded.shape(), [0, 4]);
        // without a step for each position in the window
        let y = Array::<i32, _>::zeros((0, 1, 1 << 50));
        let folded = Windows::new([1 << 50]).axes([1]).fold(&y, (0, 1 << 50));
        assert_eq!(folded.shape(), [0, 1 << 50]);
    }

    #[test]
    fn folds_with_a_stride_beyond_the_axis() {
        let windows = Windows::new([2]).stride([usize::MAX]);
        assert_eq!(windows.fold(&array![[1, 2]], 4), array![1, 2, 0, 0]);
    }

    #[test]
    fn names_both_shapes() {
        let y = Array2::<i32>::zeros((2, 3));
        let error = Windows::new([3]).try_fold(&y, 5).unwrap_err();
        let expected = WindowError::FoldShape { given: vec![2, 3], expected: vec![3, 3], folded: vec![5] };
        assert_eq!(error, expected);
        assert_eq!(
            error.to_string(),
            "an array of shape [2, 3] does not fold to shape [5], whose windows have shape [3, 3]; \
             change one of the two shapes"
        );
    }

    #[test]
    fn wants_the_axes_in_order() {
        let transposed = Array2::<i32>::zeros((3, 2));
        let error = Windows::new([3]).try_fold(&transposed, 4).unwrap_err();
        let expected = WindowError::FoldShape { given: vec![3, 2], expected: vec![2, 3], folded: vec![4] };
        assert_eq!(error, expected);
    }

    #[test]
    fn refuses_windows_as_the_view_does() {
        let y = Array::<i32, _>::zeros((1, 1));
        let error = Windows::new([6]).try_fold(&y, 5).unwrap_err();
        assert_eq!(error, WindowError::TooLarge { axis: 0, window: 6, dilation: 1, extent: 5 });
    }

    #[test]
    fn refuses_more_bytes_than_there_are() {
        let y = Array::<i64, Ix2>::zeros((1, 1));
        let windows = Windows::new([1]).stride([usize::MAX]);
        let huge = usize::MAX / 8;
        let error = windows.try_fold(&y, huge).unwrap_err();
        assert_eq!(error, WindowError::Overflow { shape: vec![huge] });
    }

    #[test]
    #[should_panic(expected = "the stride along axis 0 is 0; it needs at least 1")]
    fn panics_with_the_message() {
        let _: Array1<i32> = Windows::new([2]).stride([0]).fold(&array![[1, 2]], 2);
    }
}
