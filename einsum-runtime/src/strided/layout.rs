//! Labels to extents and strides, compared with an array once.

use ndarray::{ArrayRef, Dimension};

/// An extent and a stride for each of `N` labels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout<const N: usize> {
    pub(super) extents: [usize; N],
    /// In elements.
    pub(super) strides: [isize; N],
}

/// An array without its element type and its number of axes, for the contraction engine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Erased<'a> {
    pub(crate) start: *mut (),
    pub(crate) extents: &'a [usize],
    /// In elements.
    pub(crate) strides: &'a [isize],
}

impl<const N: usize> Layout<N> {
    /// An axis of extent 1 is stretched to the extent of its label, by a stride of 0.
    #[inline]
    pub(super) fn new(
        axes: impl Iterator<Item = (usize, isize)>,
        labels: &[usize],
        extents: [usize; N],
    ) -> Self {
        let mut layout = Self { extents, strides: [0; N] };
        for (&label, (extent, stride)) in labels.iter().zip(axes) {
            assert!(extent == extents[label] || extent == 1, "an axis has the extent of its label, or 1");
            layout.strides[label] += if extent == 1 { 0 } else { stride };
        }
        layout.normalised()
    }

    /// Extents and strides that have been compared with an array.
    #[inline]
    pub(super) fn of_labels(extents: [usize; N], strides: &[isize]) -> Self {
        Self { extents, strides: core::array::from_fn(|label| strides[label]) }.normalised()
    }

    /// One element has no next one: let it count as contiguous.
    #[inline]
    fn normalised(mut self) -> Self {
        for (stride, extent) in self.strides.iter_mut().zip(self.extents) {
            *stride = if extent == 1 { 1 } else { *stride };
        }
        self
    }

    /// Gives a label that no axis has the stride of an ellipsis.
    #[inline]
    pub(super) fn with_stride(mut self, label: usize, stride: isize) -> Self {
        self.strides[label] = stride;
        self.normalised()
    }

    /// Exchanges the places of two axes.
    #[inline]
    pub(super) fn swap_axes(&mut self, a: usize, b: usize) {
        self.extents.swap(a, b);
        self.strides.swap(a, b);
    }

    /// The distance of an element from the first one.
    #[inline(always)]
    pub(super) fn offset(&self, index: [usize; N]) -> isize {
        debug_assert!(index.iter().zip(self.extents).all(|(&i, n)| i < n), "{index:?} in {:?}", self.extents);
        // Extents of an ndarray, and its offsets, fit `isize`.
        index.iter().zip(self.strides).map(|(&i, stride)| i as isize * stride).sum()
    }
}

/// The extents and strides of the axes of an array.
#[inline]
pub(super) fn axes<T, D: Dimension>(array: &ArrayRef<T, D>) -> impl Iterator<Item = (usize, isize)> {
    array.shape().iter().copied().zip(array.strides().iter().copied())
}

/// Those of the axes beside an ellipsis, of which `labelled` stand around it and `place` before it.
#[inline]
pub(super) fn axes_beside<T, D: Dimension>(
    array: &ArrayRef<T, D>,
    place: usize,
    labelled: usize,
) -> impl Iterator<Item = (usize, isize)> {
    assert!(array.ndim() >= labelled, "an array has one axis for each label");
    let behind = array.ndim() - (labelled - place);
    axes(array).enumerate().filter(move |&(axis, _)| axis < place || axis >= behind).map(|(_, axis)| axis)
}

/// What an ellipsis comes to in one array while the loops run once: see [`Walk`](crate::spread::Walk).
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    /// How many labelled axes of the array precede the ellipsis.
    pub place: usize,
    /// The label of the ellipsis, as a position in the labels of the array.
    pub label: usize,
    /// The array's stride along the walk's inner axis.
    pub stride: isize,
    /// How far the array has moved along the walk's outer axes.
    pub offset: isize,
}
