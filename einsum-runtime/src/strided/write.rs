//! Arrays that loops write.

use core::marker::PhantomData;

use ndarray::{ArrayRef, Dimension};

use super::layout::{Erased, Layout, Spread, axes, axes_beside};
use crate::element::Store;
use crate::lanes::Tile;

/// A writable array with one axis for each of `N` labels.
///
/// Along some axes it may stand still, so that several iterations write to one place: loops do so one after the other.
#[derive(Debug)]
pub struct StridedMut<'a, T, const N: usize> {
    start: *mut T,
    layout: Layout<N>,
    array: PhantomData<&'a mut T>,
}

impl<'a, T, const N: usize> StridedMut<'a, T, N> {
    /// Writes `array`, whose axis `n` has the label `n`, in loops over these extents.
    ///
    /// # Panics
    ///
    /// Where the array has another shape than `extents`.
    #[inline]
    pub fn new<D: Dimension>(array: &'a mut ArrayRef<T, D>, extents: [usize; N]) -> Self {
        // One by one: wide loads would wait for extents that were just written, and tiny products with them.
        let mut own = array.shape().iter().zip(extents);
        let fits = array.ndim() == N && own.all(|(&own, extent)| own == extent);
        assert!(fits, "a target has the extents of its labels");
        let labels: [usize; N] = core::array::from_fn(|axis| axis);
        let layout = Layout::new(axes(array), &labels, extents);
        Self { start: array.as_mut_ptr(), layout, array: PhantomData }
    }

    /// Like [`new`](Self::new), for a target with an ellipsis, whose label is not among `labels`.
    ///
    /// # Safety
    ///
    /// As for [`Strided::spread`](super::Strided::spread).
    ///
    /// # Panics
    ///
    /// Where an axis beside the ellipsis has not the extent of its label.
    #[inline]
    pub unsafe fn spread<D: Dimension>(
        array: &'a mut ArrayRef<T, D>,
        labels: &[usize],
        extents: [usize; N],
        spread: Spread,
    ) -> Self {
        let beside = || axes_beside(array, spread.place, labels.len());
        let fits = beside().zip(labels).all(|((extent, _), &label)| extent == extents[label]);
        assert!(fits, "a target has the extents of its labels");
        let layout = Layout::new(beside(), labels, extents).with_stride(spread.label, spread.stride);
        Self { start: array.as_mut_ptr().wrapping_offset(spread.offset), layout, array: PhantomData }
    }

    /// Adds to `array`, whose axis `n` has the label `n`, in loops over these extents. Along an axis of extent 1, all values
    /// of the label are added up.
    ///
    /// # Panics
    ///
    /// Where an axis has neither the extent of its label nor 1.
    #[inline]
    pub fn summed<D: Dimension>(array: &'a mut ArrayRef<T, D>, extents: [usize; N]) -> Self {
        assert_eq!(array.ndim(), N, "an array has one label for each axis");
        let labels: [usize; N] = core::array::from_fn(|axis| axis);
        let layout = Layout::new(axes(array), &labels, extents);
        Self { start: array.as_mut_ptr(), layout, array: PhantomData }
    }

    /// Like [`summed`](Self::summed), for an array with an ellipsis, whose label is not among `labels`.
    ///
    /// # Safety
    ///
    /// As for [`Strided::spread`](super::Strided::spread).
    ///
    /// # Panics
    ///
    /// Where an axis beside the ellipsis has neither the extent of its label nor 1.
    #[inline]
    pub unsafe fn summed_spread<D: Dimension>(
        array: &'a mut ArrayRef<T, D>,
        labels: &[usize],
        extents: [usize; N],
        spread: Spread,
    ) -> Self {
        let beside = axes_beside(array, spread.place, labels.len());
        let layout = Layout::new(beside, labels, extents).with_stride(spread.label, spread.stride);
        Self { start: array.as_mut_ptr().wrapping_offset(spread.offset), layout, array: PhantomData }
    }

    /// Writes from `start` on.
    ///
    /// # Safety
    ///
    /// For `'a`, nobody else uses the elements that the layout leads to, they are elements, and all are different.
    #[inline]
    pub(super) unsafe fn from_layout(start: *mut T, layout: Layout<N>) -> Self {
        Self { start, layout, array: PhantomData }
    }

    /// The same array, borrowed for a while.
    #[inline(always)]
    #[must_use]
    pub fn reborrow(&mut self) -> StridedMut<'_, T, N> {
        StridedMut { start: self.start, layout: self.layout, array: PhantomData }
    }

    /// Exchanges the places of two axes, and with them the extents that their indices stay below.
    #[inline]
    pub fn swap_axes(&mut self, a: usize, b: usize) {
        self.layout.swap_axes(a, b);
    }

    /// The pointer, extents and strides.
    #[inline]
    pub(crate) fn erased(&mut self) -> Erased<'_> {
        let Layout { extents, strides } = &self.layout;
        Erased { start: self.start.cast(), extents, strides }
    }

    /// Stores one value.
    ///
    /// # Safety
    ///
    /// Each index is below the extent given to [`new`](Self::new), or exchanged since.
    #[inline(always)]
    pub unsafe fn store<S: Store<T>>(&mut self, index: [usize; N], value: T) {
        // SAFETY: as for `Strided::at`; `'a` keeps the array borrowed for writing, and elements of a writable
        // array do not overlap.
        S::store(unsafe { &mut *self.start.offset(self.layout.offset(index)) }, value);
    }

    /// Stores the lanes of a tile along `axis`, beginning at `index`, except those that an earlier tile holds.
    ///
    /// # Safety
    ///
    /// Each index is below the extent given to [`new`](Self::new), or exchanged since, also that of `axis` plus `W - 1`.
    #[inline(always)]
    pub unsafe fn store_tile<S: Store<T>, const W: usize>(
        &mut self,
        axis: usize,
        index: [usize; N],
        tile: Tile,
        value: impl Fn(usize) -> T,
    ) {
        debug_assert!(index[axis] + W <= self.layout.extents[axis]);
        let stride = self.layout.strides[axis];
        // SAFETY: `index` is an element of the array, as for `Strided::at`.
        let start = unsafe { self.start.offset(self.layout.offset(index)) };
        // SAFETY: `lane` is below `W`, so the element's index along `axis` is below the extent.
        let place = |lane: usize, stride| unsafe { &mut *start.offset(lane as isize * stride) };
        // All before the first is stored, for the optimiser does not know that the output is apart.
        let values: [T; W] = core::array::from_fn(value);
        if tile.skip == 0 && stride == 1 {
            // A constant stride, for the optimiser.
            for (lane, value) in values.into_iter().enumerate() {
                S::store(place(lane, 1), value);
            }
        } else {
            for (lane, value) in values.into_iter().enumerate().skip(tile.skip) {
                S::store(place(lane, stride), value);
            }
        }
    }
}

impl<'a, T> StridedMut<'a, T, 0> {
    /// Writes one value.
    #[inline]
    pub fn scalar(place: &'a mut T) -> Self {
        Self { start: place, layout: Layout { extents: [], strides: [] }, array: PhantomData }
    }
}
