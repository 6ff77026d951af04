//! Sliding windows, zero padding and strided views.
//!
//! A window view makes a convolution an ordinary contraction: [`Windows`] shows every window of an array
//! as extra axes without copying an element, [`fold`](Windows::fold) adds windows back into an array (its
//! adjoint, hence the gradient), [`pad`] surrounds an array with zeros, and [`as_strided`] is the general
//! stride trick. All views are read-only, since their elements may overlap.

mod error;
mod fold;
mod pad;
mod strided;
#[cfg(test)]
mod tests;
mod view;

use ndarray::Dimension;

pub use crate::rank::AddAxes;
pub use error::{PadError, StridedError, WindowError};
pub use pad::{pad, try_pad};
pub(crate) use strided::view_from;
pub use strided::{as_strided, as_strided_unchecked};

/// Sliding windows along `K` axes of an array: their extents, axes, strides and dilations.
///
/// [`view`](Self::view) turns an array of rank `D` into a view of rank `D + K`: first the array's own
/// axes, the windowed ones shortened to the number of window positions
/// `(n - dilation * (window - 1) - 1) / stride + 1`, then the window axes in the order in which they were
/// given. This is the order of numpy's `sliding_window_view`.
///
/// Unlike numpy, a window of extent 0 and a repeated axis are refused. Windows of windows are a view of a
/// view.
///
/// # Examples
///
/// A 3x3 convolution with stride 2 over a batch of images `nhwc` reads the windows `nxycij`:
///
/// ```
/// # use einsum_runtime as einsum;
/// use einsum::Windows;
/// use ndarray::Array4;
///
/// let images = Array4::<f32>::zeros((8, 9, 9, 3));
/// let windows = Windows::new([3, 3]).axes([1, 2]).stride([2, 2]);
/// assert_eq!(windows.view(&images).shape(), [8, 4, 4, 3, 3, 3]);
/// ```
///
/// The rank is part of the type up to 6, ndarray's limit; above it the view is dynamic. The volumes
/// `ndhwc` of a 3-D convolution have rank 5, and their windows rank 8:
///
/// ```
/// # use einsum_runtime as einsum;
/// use einsum::Windows;
/// use ndarray::{Array5, ArrayViewD};
///
/// let volumes = Array5::<f32>::zeros((2, 6, 6, 6, 3));
/// let windows: ArrayViewD<f32> = Windows::new([3, 3, 3]).axes([1, 2, 3]).view(&volumes);
/// assert_eq!(windows.shape(), [2, 4, 4, 4, 3, 3, 3, 3]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use = "windows do nothing until they view or fold an array"]
pub struct Windows<const K: usize> {
    window: [usize; K],
    axes: Option<[usize; K]>,
    stride: [usize; K],
    dilation: [usize; K],
}

impl<const K: usize> Windows<K> {
    /// Windows of the given extents, one for each windowed axis, with stride 1 and dilation 1.
    ///
    /// They slide along all axes of an array of rank `K`; for another rank name them with
    /// [`axes`](Self::axes). Nothing is checked before an array is known.
    ///
    /// # Examples
    ///
    /// ```
    /// # use einsum_runtime as einsum;
    /// use einsum::Windows;
    /// use ndarray::array;
    ///
    /// let x = array![0, 1, 2, 3];
    /// assert_eq!(Windows::new([3]).view(&x), array![[0, 1, 2], [1, 2, 3]]);
    /// ```
    pub const fn new(window: [usize; K]) -> Self {
        Self { window, axes: None, stride: [1; K], dilation: [1; K] }
    }

    /// The axes of the array that the windows slide along, in the order of the extents.
    ///
    /// # Examples
    ///
    /// ```
    /// # use einsum_runtime as einsum;
    /// use einsum::Windows;
    /// use ndarray::array;
    ///
    /// let x = array![[0, 1], [10, 11], [20, 21]];
    /// assert_eq!(Windows::new([3]).axes([0]).view(&x), array![[[0, 10, 20], [1, 11, 21]]]);
    /// ```
    pub const fn axes(mut self, axes: [usize; K]) -> Self {
        self.axes = Some(axes);
        self
    }

    /// The steps from one window to the next, in elements of the windowed axis.
    ///
    /// # Examples
    ///
    /// ```
    /// # use einsum_runtime as einsum;
    /// use einsum::Windows;
    /// use ndarray::array;
    ///
    /// let x = array![0, 1, 2, 3, 4];
    /// assert_eq!(Windows::new([3]).stride([2]).view(&x), array![[0, 1, 2], [2, 3, 4]]);
    /// ```
    pub const fn stride(mut self, stride: [usize; K]) -> Self {
        self.stride = stride;
        self
    }

    /// The steps from one element of a window to the next, in elements of the windowed axis.
    ///
    /// # Examples
    ///
    /// ```
    /// # use einsum_runtime as einsum;
    /// use einsum::Windows;
    /// use ndarray::array;
    ///
    /// let x = array![0, 1, 2, 3, 4, 5];
    /// assert_eq!(Windows::new([3]).dilation([2]).view(&x), array![[0, 2, 4], [1, 3, 5]]);
    /// ```
    pub const fn dilation(mut self, dilation: [usize; K]) -> Self {
        self.dilation = dilation;
        self
    }
}

/// The entries of `head`, then those of `tail`.
///
/// # Panics
///
/// If `head` does not have the rank of a static `D`.
fn join<D: AddAxes<K>, const K: usize>(
    head: impl ExactSizeIterator<Item = usize>,
    tail: [usize; K],
) -> D::Sum {
    let mut joined = D::Sum::zeros(head.len() + K);
    for (i, entry) in head.chain(tail).enumerate() {
        joined[i] = entry;
    }
    joined
}
