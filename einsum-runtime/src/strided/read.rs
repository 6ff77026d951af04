//! Arrays that loops read.

use core::marker::PhantomData;

use ndarray::{ArrayRef, Dimension};

use super::layout::{Erased, Layout, Spread, axes, axes_beside};
use super::line::Line;

/// A read-only array with one axis for each of `N` labels.
///
/// A label that stands for several axes of the array is one axis here, along the diagonal: its stride is the
/// sum of theirs.
#[derive(Debug)]
pub struct Strided<'a, T, const N: usize> {
    start: *const T,
    layout: Layout<N>,
    array: PhantomData<&'a T>,
}

impl<T, const N: usize> Clone for Strided<'_, T, N> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, const N: usize> Copy for Strided<'_, T, N> {}

impl<'a, T, const N: usize> Strided<'a, T, N> {
    /// Reads `array`, whose axis `n` has the label `labels[n]`, for loops over these extents, one for each
    /// label.
    ///
    /// # Panics
    ///
    /// Where an axis has neither the extent of its label nor 1, or there are more or fewer axes than labels.
    #[inline]
    pub fn new<D: Dimension>(array: &'a ArrayRef<T, D>, labels: &[usize], extents: [usize; N]) -> Self {
        assert_eq!(array.ndim(), labels.len(), "an array has one label for each axis");
        let layout = Layout::new(axes(array), labels, extents);
        Self { start: array.as_ptr(), layout, array: PhantomData }
    }

    /// Like [`new`](Self::new), for an array with an ellipsis.
    ///
    /// # Safety
    ///
    /// - `spread.stride`, the extent of `spread.label` and `spread.offset` come from one
    ///   [`Walk`](crate::spread::Walk) over this array's [`Ellipsis`](crate::spread::Ellipsis).
    /// - `spread.place` is where that ellipsis stands, and `spread.label` is none of `labels`.
    ///
    /// # Panics
    ///
    /// Where an axis beside the ellipsis has neither the extent of its label nor 1, or there are fewer axes than labels.
    #[inline]
    pub unsafe fn spread<D: Dimension>(
        array: &'a ArrayRef<T, D>,
        labels: &[usize],
        extents: [usize; N],
        spread: Spread,
    ) -> Self {
        let axes = axes_beside(array, spread.place, labels.len());
        let layout = Layout::new(axes, labels, extents).with_stride(spread.label, spread.stride);
        Self { start: array.as_ptr().wrapping_offset(spread.offset), layout, array: PhantomData }
    }

    /// Reads from `start` on.
    ///
    /// # Safety
    ///
    /// For `'a`, nobody writes to the elements that the layout leads to, and they are elements.
    #[inline]
    pub(super) unsafe fn from_layout(start: *const T, layout: Layout<N>) -> Self {
        Self { start, layout, array: PhantomData }
    }

    /// The pointer, extents and strides.
    #[inline]
    pub(crate) fn erased(&self) -> Erased<'_> {
        let Layout { extents, strides } = &self.layout;
        Erased { start: self.start.cast_mut().cast(), extents, strides }
    }

    /// Whether neighbours along `axis` are neighbours in memory.
    #[inline(always)]
    #[must_use]
    pub fn is_contiguous(&self, axis: usize) -> bool {
        self.layout.strides[axis] == 1
    }

    /// Exchanges the places of two axes, and with them the extents that their indices stay below.
    #[inline]
    pub fn swap_axes(&mut self, a: usize, b: usize) {
        self.layout.swap_axes(a, b);
    }

    /// The element at `index`.
    ///
    /// # Safety
    ///
    /// Each index is below the extent given to [`new`](Self::new), or exchanged since.
    #[inline(always)]
    #[must_use]
    pub unsafe fn at(&self, index: [usize; N]) -> T
    where
        T: Clone,
    {
        // SAFETY: along each label the array has the extent (the door compared it), or stands still (its extent is 1,
        // and the stride 0), or follows its walk (by the contract of `spread`). So an index below the extents is an
        // element of the array, which `'a` keeps borrowed.
        unsafe { (*self.start.offset(self.layout.offset(index))).clone() }
    }

    /// The elements from `index` on along `axis`.
    ///
    /// A loop over a line computes its start once, where one over [`at`](Self::at) leaves that to the optimiser,
    /// for every lane of a tile: half of the time that a release build takes.
    ///
    /// # Safety
    ///
    /// Each index is below the extent given to [`new`](Self::new), or exchanged since; that of `axis` may equal it.
    #[inline(always)]
    #[must_use]
    pub unsafe fn line(&self, axis: usize, index: [usize; N]) -> Line<'a, T> {
        let Layout { extents, strides } = self.layout;
        debug_assert!(
            index
                .iter()
                .zip(extents)
                .enumerate()
                .all(|(n, (&i, extent))| i < extent + usize::from(n == axis))
        );
        let offset: isize = index.iter().zip(strides).map(|(&i, stride)| i as isize * stride).sum();
        // Wrapping: a line without elements may start anywhere.
        let start = self.start.wrapping_offset(offset);
        // SAFETY: as for `at`, the elements whose index along `axis` is from here to below its extent are some of
        // the array.
        unsafe { Line::new(start, strides[axis], extents[axis] - index[axis]) }
    }
}

impl<'a, T> Strided<'a, T, 0> {
    /// Reads one value.
    #[inline]
    pub fn scalar(value: &'a T) -> Self {
        Self { start: value, layout: Layout { extents: [], strides: [] }, array: PhantomData }
    }
}
