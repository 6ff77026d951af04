//! The unsafe core: arrays as a pointer, extents and strides, which the emitted loops read without bounds
//! checks.
//!
//! [`Strided::new`] and [`StridedMut::new`] are the only doors. They compare the array that they are given with
//! the extents that the loops run over, once, so that a loop which stays below those extents stays inside the
//! array. Each access repeats that comparison in debug builds.

use core::marker::PhantomData;

use ndarray::{ArrayRef, Dimension};

use crate::element::Store;
use crate::lanes::Tile;

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

/// A writable array with one axis for each of `N` labels.
#[derive(Debug)]
pub struct StridedMut<'a, T, const N: usize> {
    start: *mut T,
    layout: Layout<N>,
    array: PhantomData<&'a mut T>,
}

#[derive(Debug, Clone, Copy)]
struct Layout<const N: usize> {
    extents: [usize; N],
    /// In elements.
    strides: [isize; N],
}

impl<const N: usize> Layout<N> {
    #[inline]
    fn new(shape: &[usize], strides: &[isize], labels: &[usize], extents: [usize; N]) -> Self {
        assert_eq!(shape.len(), labels.len(), "an array has one label for each axis");
        let mut layout = Self { extents, strides: [0; N] };
        for ((&label, &extent), &stride) in labels.iter().zip(shape).zip(strides) {
            assert_eq!(extent, extents[label], "an axis has the extent of its label");
            layout.strides[label] += stride;
        }
        for (stride, extent) in layout.strides.iter_mut().zip(extents) {
            // One element has no next one: let it count as contiguous.
            *stride = if extent == 1 { 1 } else { *stride };
        }
        layout
    }

    /// Exchanges the places of two axes.
    #[inline]
    fn swap_axes(&mut self, a: usize, b: usize) {
        self.extents.swap(a, b);
        self.strides.swap(a, b);
    }

    /// The distance of an element from the first one.
    #[inline(always)]
    fn offset(&self, index: [usize; N]) -> isize {
        debug_assert!(index.iter().zip(self.extents).all(|(&i, n)| i < n), "{index:?} in {:?}", self.extents);
        // Extents of an ndarray, and its offsets, fit `isize`.
        index.iter().zip(self.strides).map(|(&i, stride)| i as isize * stride).sum()
    }
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
    /// Where an axis has not the extent of its label.
    #[inline]
    pub fn new<D: Dimension>(array: &'a ArrayRef<T, D>, labels: &[usize], extents: [usize; N]) -> Self {
        let layout = Layout::new(array.shape(), array.strides(), labels, extents);
        Self { start: array.as_ptr(), layout, array: PhantomData }
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
        // SAFETY: every extent is that of the array's axes (`new` compared them), so an index below the
        // extents is an element of the array, which `'a` keeps borrowed.
        unsafe { (*self.start.offset(self.layout.offset(index))).clone() }
    }

    /// The element at `index`, in a loop along `axis` whose stride may be known when it is compiled.
    ///
    /// # Safety
    ///
    /// - Each index is below the extent given to [`new`](Self::new), or exchanged since.
    /// - If `S` is [`Unit`], [`is_contiguous`](Self::is_contiguous) holds for `axis`.
    #[inline(always)]
    #[must_use]
    pub unsafe fn along<S: Step>(&self, axis: usize, index: [usize; N]) -> T
    where
        T: Clone,
    {
        let mut stepping = *self;
        stepping.layout.strides[axis] = S::stride(self.layout.strides[axis]);
        // SAFETY: the stride is the same one, since it is 1 where `S` says so; the rest is promised as for `at`.
        unsafe { stepping.at(index) }
    }
}

impl<'a, T, const N: usize> StridedMut<'a, T, N> {
    /// Writes `array`, whose axis `n` has the label `n`, in loops over these extents.
    ///
    /// # Panics
    ///
    /// Where the array has another shape than `extents`.
    #[inline]
    pub fn new<D: Dimension>(array: &'a mut ArrayRef<T, D>, extents: [usize; N]) -> Self {
        let labels: [usize; N] = core::array::from_fn(|axis| axis);
        let layout = Layout::new(array.shape(), array.strides(), &labels, extents);
        Self { start: array.as_mut_ptr(), layout, array: PhantomData }
    }

    /// Exchanges the places of two axes, and with them the extents that their indices stay below.
    #[inline]
    pub fn swap_axes(&mut self, a: usize, b: usize) {
        self.layout.swap_axes(a, b);
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
        if tile.skip > 0 {
            (tile.skip..W).for_each(|lane| S::store(place(lane, stride), value(lane)));
        } else if stride == 1 {
            // The same loop with a constant stride, for the optimiser.
            (0..W).for_each(|lane| S::store(place(lane, 1), value(lane)));
        } else {
            (0..W).for_each(|lane| S::store(place(lane, stride), value(lane)));
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

/// What is known of a stride, in elements, when a loop is compiled.
pub trait Step {
    /// The stride to use for an axis of this stride.
    fn stride(stride: isize) -> isize;
}

/// Neighbours in memory: the stride is 1.
#[derive(Debug)]
pub struct Unit;

/// Any stride: strided, reversed or broadcast.
#[derive(Debug)]
pub struct Any;

impl Step for Unit {
    #[inline(always)]
    fn stride(stride: isize) -> isize {
        debug_assert_eq!(stride, 1);
        1
    }
}

impl Step for Any {
    #[inline(always)]
    fn stride(stride: isize) -> isize {
        stride
    }
}
