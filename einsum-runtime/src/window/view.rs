//! Window views: the checks, the shape and the strides.

use super::join;
use super::strided::view_from;
use super::{AddAxes, WindowError, Windows};
use crate::zeros::fits;
use ndarray::{ArrayRef, ArrayView, Dimension};
use std::array;

impl<const K: usize> Windows<K> {
    /// The windows of `x` as a read-only view of rank `D + K`, without a copy.
    ///
    /// `x` may be any array or view, whatever its strides. For the shape see [`Windows`].
    ///
    /// # Panics
    ///
    /// Where [`try_view`](Self::try_view) returns an error, with its message.
    ///
    /// # Examples
    ///
    /// ```
    /// # use einsum_runtime as einsum;
    /// use einsum::Windows;
    /// use ndarray::array;
    ///
    /// let x = array![[0, 1, 2], [10, 11, 12]];
    /// let windows = Windows::new([2, 2]).view(&x);
    /// assert_eq!(windows, array![[[[0, 1], [10, 11]], [[1, 2], [11, 12]]]]);
    /// ```
    #[track_caller]
    pub fn view<'a, A, D: AddAxes<K>>(&self, x: &'a ArrayRef<A, D>) -> ArrayView<'a, A, D::Sum> {
        match self.try_view(x) {
            Ok(view) => view,
            Err(error) => panic!("{error}"),
        }
    }

    /// The windows of `x` as a read-only view of rank `D + K`, or what is wrong with them.
    ///
    /// # Errors
    ///
    /// [`WindowError`] if the axes are missing, unknown or repeated, if an extent, stride or dilation is 0,
    /// if a window spans more than its axis, or if the view would count more than `isize::MAX` elements.
    ///
    /// # Examples
    ///
    /// ```
    /// # use einsum_runtime as einsum;
    /// use einsum::window::{WindowError, Windows};
    /// use ndarray::array;
    ///
    /// let x = array![1, 2, 3];
    /// assert_eq!(Windows::new([2]).try_view(&x)?, array![[1, 2], [2, 3]]);
    /// let error = Windows::new([2]).axes([1]).try_view(&x).unwrap_err();
    /// assert_eq!(error, WindowError::UnknownAxis { axis: 1, rank: 1 });
    /// # Ok::<(), WindowError>(())
    /// ```
    pub fn try_view<'a, A, D: AddAxes<K>>(
        &self,
        x: &'a ArrayRef<A, D>,
    ) -> Result<ArrayView<'a, A, D::Sum>, WindowError> {
        let axes = self.axes_in(x.ndim())?;
        let shape = self.view_shape::<D>(&axes, x.shape())?;
        let strides = self.view_strides::<D>(&axes, x.strides());
        // SAFETY: a window position plus a position in the window is a position on the axis, as `count`
        // checked, so the view reaches elements of `x` only, which `x` lends for `'a`, and no farther than
        // `x` itself; `view_shape` checked the product of the extents
        Ok(unsafe { view_from(x.as_ptr(), shape, strides) })
    }

    /// The windowed axes of an array of rank `rank`: all below `rank` and no two the same.
    pub(super) fn axes_in(&self, rank: usize) -> Result<[usize; K], WindowError> {
        let axes = match self.axes {
            Some(axes) => axes,
            None if K == rank => array::from_fn(|k| k),
            None => return Err(WindowError::UnnamedAxes { windows: K, rank }),
        };
        for (k, &axis) in axes.iter().enumerate() {
            if axis >= rank {
                return Err(WindowError::UnknownAxis { axis, rank });
            }
            if axes[..k].contains(&axis) {
                return Err(WindowError::RepeatedAxis { axis });
            }
        }
        Ok(axes)
    }

    /// The shape of the view of an array of shape `extents`.
    pub(super) fn view_shape<D: AddAxes<K>>(
        &self,
        axes: &[usize; K],
        extents: &[usize],
    ) -> Result<D::Sum, WindowError> {
        let mut shape = join::<D, K>(extents.iter().copied(), self.window);
        for (k, &axis) in axes.iter().enumerate() {
            shape[axis] = self.count(k, axis, extents[axis])?;
        }
        match to_vec(&shape) {
            shape if !fits(&shape, 1) => Err(WindowError::Overflow { shape }),
            _ => Ok(shape),
        }
    }

    /// The number of positions of window `k` on an axis; the last one ends within `extent`.
    fn count(&self, k: usize, axis: usize, extent: usize) -> Result<usize, WindowError> {
        let (window, stride, dilation) = (self.window[k], self.stride[k], self.dilation[k]);
        match (window, stride, dilation) {
            (0, _, _) => return Err(WindowError::ZeroWindow { axis }),
            (_, 0, _) => return Err(WindowError::ZeroStride { axis }),
            (_, _, 0) => return Err(WindowError::ZeroDilation { axis }),
            _ => {}
        }
        let last = (window - 1).checked_mul(dilation).filter(|&last| last < extent);
        let last = last.ok_or(WindowError::TooLarge { axis, window, dilation, extent })?;
        Ok((extent - 1 - last) / stride + 1)
    }

    /// The strides of the view of an array of strides `strides`.
    fn view_strides<D: AddAxes<K>>(&self, axes: &[usize; K], strides: &[isize]) -> D::Sum {
        let within = array::from_fn(|k| multiple(strides[axes[k]], self.dilation[k]));
        let mut all = join::<D, K>(strides.iter().map(|stride| stride.cast_unsigned()), within);
        for (k, &axis) in axes.iter().enumerate() {
            all[axis] = multiple(strides[axis], self.stride[k]);
        }
        all
    }
}

/// `stride * steps`, as bits; 0 if that overflows, which leads out of any array: the axis has extent 1 and
/// never takes the step.
fn multiple(stride: isize, steps: usize) -> usize {
    let steps = isize::try_from(steps).ok();
    steps.and_then(|steps| stride.checked_mul(steps)).unwrap_or(0).cast_unsigned()
}

/// The extents of a dimension.
pub(super) fn to_vec<D: Dimension>(dim: &D) -> Vec<usize> {
    dim.as_array_view().to_vec()
}
