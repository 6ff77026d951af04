//! What can be wrong with windows, padding and strided views.

use std::error::Error;
use std::fmt::{self, Display, Formatter};

/// Why windows do not fit an array, returned by [`Windows::try_view`](super::Windows::try_view) and
/// [`Windows::try_fold`](super::Windows::try_fold).
///
/// # Examples
///
/// ```
/// # use einsum_runtime as einsum;
/// use einsum::window::{WindowError, Windows};
/// use ndarray::array;
///
/// let error = Windows::new([5]).try_view(&array![1, 2, 3]).unwrap_err();
/// assert_eq!(error, WindowError::TooLarge { axis: 0, window: 5, dilation: 1, extent: 3 });
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WindowError {
    /// The axes are not named, and there are not as many windows as axes.
    UnnamedAxes {
        /// The number of windowed axes, `K`.
        windows: usize,
        /// The rank of the array.
        rank: usize,
    },
    /// An axis is not below the rank of the array.
    UnknownAxis {
        /// The axis as it was given.
        axis: usize,
        /// The rank of the array.
        rank: usize,
    },
    /// An axis is named twice.
    RepeatedAxis {
        /// The axis.
        axis: usize,
    },
    /// A window has extent 0.
    ZeroWindow {
        /// The windowed axis.
        axis: usize,
    },
    /// A stride is 0.
    ZeroStride {
        /// The windowed axis.
        axis: usize,
    },
    /// A dilation is 0.
    ZeroDilation {
        /// The windowed axis.
        axis: usize,
    },
    /// A window spans more than its axis.
    TooLarge {
        /// The windowed axis.
        axis: usize,
        /// The extent of the window.
        window: usize,
        /// The dilation of the window.
        dilation: usize,
        /// The extent of the axis.
        extent: usize,
    },
    /// A view or an array would have a shape beyond `isize::MAX`.
    Overflow {
        /// The shape.
        shape: Vec<usize>,
    },
    /// An array to fold does not have the shape of a window view.
    FoldShape {
        /// The shape of the array to fold.
        given: Vec<usize>,
        /// The shape of a window view of an array of shape `folded`.
        expected: Vec<usize>,
        /// The shape asked for.
        folded: Vec<usize>,
    },
}

impl Display for WindowError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnnamedAxes { windows, rank } if windows > rank => write!(
                f,
                "windows have rank {windows}, but the array has rank {rank}; give at most one window for each axis",
            ),
            Self::UnnamedAxes { windows, rank } => write!(
                f,
                "windows have rank {windows}, but the array has rank {rank}; name the windowed axes with `.axes`",
            ),
            Self::UnknownAxis { axis, rank } => {
                write!(f, "axis {axis} does not exist in an array of rank {rank}; axes are counted from 0")
            }
            Self::RepeatedAxis { axis } => {
                write!(f, "axis {axis} is named twice; take windows of the window view instead")
            }
            Self::ZeroWindow { axis } => {
                write!(f, "the window along axis {axis} has extent 0; it needs at least 1")
            }
            Self::ZeroStride { axis } => write!(f, "the stride along axis {axis} is 0; it needs at least 1"),
            Self::ZeroDilation { axis } => {
                write!(f, "the dilation along axis {axis} is 0; it needs at least 1")
            }
            &Self::TooLarge { axis, window, dilation, extent } => write!(
                f,
                "the window along axis {axis} spans {} (extent {window}, dilation {dilation}), \
                 but the axis has extent {extent}; use a smaller window, or `pad` the array",
                span(window, dilation),
            ),
            Self::Overflow { shape } => {
                write!(f, "shape {shape:?} exceeds `isize::MAX`; use smaller arrays or windows")
            }
            Self::FoldShape { given, expected, folded } => write!(
                f,
                "an array of shape {given:?} does not fold to shape {folded:?}, \
                 whose windows have shape {expected:?}; change one of the two shapes",
            ),
        }
    }
}

impl Error for WindowError {}

/// The elements from the first to the last of a window, in a type that holds any of them.
fn span(window: usize, dilation: usize) -> u128 {
    (window as u128).saturating_sub(1) * dilation as u128 + 1
}

/// Why an array cannot be padded, returned by [`try_pad`](super::try_pad).
///
/// # Examples
///
/// ```
/// # use einsum_runtime as einsum;
/// use einsum::window::{PadError, try_pad};
/// use ndarray::array;
///
/// let error = try_pad(&array![[1, 2]], &[(1, 1)]).unwrap_err();
/// assert_eq!(error, PadError::Pairs { given: 1, rank: 2 });
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PadError {
    /// There is not one pair for each axis.
    Pairs {
        /// The number of pairs.
        given: usize,
        /// The rank of the array.
        rank: usize,
    },
    /// A padded extent does not fit into `usize`.
    Extent {
        /// The axis.
        axis: usize,
        /// The extent of the axis.
        extent: usize,
        /// The zeros before it.
        before: usize,
        /// The zeros after it.
        after: usize,
    },
    /// The padded array would have more than `isize::MAX` bytes.
    Overflow {
        /// The padded shape.
        shape: Vec<usize>,
    },
}

impl Display for PadError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pairs { given, rank } => write!(
                f,
                "padding has length {given}, but the array has rank {rank}; \
                 give one pair `(before, after)` for each axis",
            ),
            Self::Extent { axis, extent, before, after } => write!(
                f,
                "axis {axis} of extent {extent}, padded by {before} before and {after} after, \
                 exceeds `usize::MAX`; use less padding",
            ),
            Self::Overflow { shape } => {
                write!(f, "shape {shape:?} exceeds `isize::MAX`; use less padding")
            }
        }
    }
}

impl Error for PadError {}

/// Why a strided view is refused, returned by [`as_strided`](super::as_strided).
///
/// # Examples
///
/// ```
/// # use einsum_runtime as einsum;
/// use einsum::window::{StridedError, as_strided};
/// use ndarray::array;
///
/// let error = as_strided(&array![1, 2, 3], [2, 2], [2, 1]).unwrap_err();
/// assert_eq!(error, StridedError::OutOfBounds { lowest: 0, highest: 3, len: 3 });
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StridedError {
    /// The array has gaps between its elements, or sees an element more than once.
    NotContiguous {
        /// The shape of the array.
        shape: Vec<usize>,
        /// The strides of the array, in elements.
        strides: Vec<isize>,
    },
    /// The view would reach outside the array's memory.
    ///
    /// Positions are counted in memory from the array's lowest address. For an array in C or F order this
    /// is its first element.
    OutOfBounds {
        /// The lowest position of the view.
        lowest: isize,
        /// The highest position of the view.
        highest: isize,
        /// The number of elements of the array.
        len: usize,
    },
    /// The number of elements or an offset of the view would exceed `isize::MAX`.
    Overflow {
        /// The shape of the view.
        shape: Vec<usize>,
        /// The strides of the view, in elements.
        strides: Vec<isize>,
    },
}

impl Display for StridedError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotContiguous { shape, strides } => write!(
                f,
                "an array of shape {shape:?} and strides {strides:?} is not contiguous; \
                 copy it with `.to_owned()` first",
            ),
            Self::OutOfBounds { lowest, highest, len } => write!(
                f,
                "the view reaches from position {lowest} to {highest}, but the array's memory has length {len}; \
                 use a smaller shape or smaller strides",
            ),
            Self::Overflow { shape, strides } => write!(
                f,
                "a view of shape {shape:?} and strides {strides:?} exceeds `isize::MAX`; \
                 use a smaller shape or smaller strides",
            ),
        }
    }
}

impl Error for StridedError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn window_messages() {
        let messages = [
            (
                WindowError::UnnamedAxes { windows: 2, rank: 3 },
                "windows have rank 2, but the array has rank 3; name the windowed axes with `.axes`",
            ),
            (
                WindowError::UnnamedAxes { windows: 2, rank: 1 },
                "windows have rank 2, but the array has rank 1; give at most one window for each axis",
            ),
            (
                WindowError::UnknownAxis { axis: 2, rank: 2 },
                "axis 2 does not exist in an array of rank 2; axes are counted from 0",
            ),
            (
                WindowError::RepeatedAxis { axis: 1 },
                "axis 1 is named twice; take windows of the window view instead",
            ),
            (
                WindowError::ZeroWindow { axis: 0 },
                "the window along axis 0 has extent 0; it needs at least 1",
            ),
            (WindowError::ZeroStride { axis: 1 }, "the stride along axis 1 is 0; it needs at least 1"),
            (WindowError::ZeroDilation { axis: 2 }, "the dilation along axis 2 is 0; it needs at least 1"),
            (
                WindowError::TooLarge { axis: 1, window: 3, dilation: 2, extent: 4 },
                "the window along axis 1 spans 5 (extent 3, dilation 2), but the axis has extent 4; \
                 use a smaller window, or `pad` the array",
            ),
            (
                WindowError::Overflow { shape: vec![4, 5] },
                "shape [4, 5] exceeds `isize::MAX`; use smaller arrays or windows",
            ),
        ];
        for (error, message) in messages {
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn any_span_has_a_number() {
        assert_eq!((span(1, 7), span(3, 2), span(0, 1)), (1, 5, 1));
        assert_eq!(span(usize::MAX, usize::MAX), (u128::from(u64::MAX) - 1) * u128::from(u64::MAX) + 1);
    }
}
