//! The unsafe core: arrays as a pointer, extents and strides, which the emitted loops read without bounds
//! checks.
//!
//! [`Strided::new`] and [`StridedMut::new`], with their twins for an ellipsis and for one element, are the doors. They compare the array that they are given with
//! the extents that the loops run over, once, so that a loop which stays below those extents stays inside the
//! array. Each access repeats that comparison in debug builds.

use core::marker::PhantomData;

use ndarray::{ArrayRef, Dimension};

use crate::element::{Element, Store};
use crate::lanes::{ANY_LANES, Tile, UNIT_LANES, sum};

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
    /// An axis of extent 1 is stretched to the extent of its label, by a stride of 0.
    #[inline]
    fn new(axes: impl Iterator<Item = (usize, isize)>, labels: &[usize], extents: [usize; N]) -> Self {
        let mut layout = Self { extents, strides: [0; N] };
        for (&label, (extent, stride)) in labels.iter().zip(axes) {
            assert!(extent == extents[label] || extent == 1, "an axis has the extent of its label, or 1");
            layout.strides[label] += if extent == 1 { 0 } else { stride };
        }
        layout.normalised()
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
    fn with_stride(mut self, label: usize, stride: isize) -> Self {
        self.strides[label] = stride;
        self.normalised()
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

/// An array without its element type and number of axes, for the contraction engine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Erased<'a> {
    pub(crate) start: *mut (),
    pub(crate) extents: &'a [usize],
    /// In elements.
    pub(crate) strides: &'a [isize],
}

/// The extents and strides of the axes of an array.
#[inline]
fn axes<T, D: Dimension>(array: &ArrayRef<T, D>) -> impl Iterator<Item = (usize, isize)> {
    array.shape().iter().copied().zip(array.strides().iter().copied())
}

/// Those of the axes beside an ellipsis, of which `labelled` stand around it and `place` before it.
#[inline]
fn axes_beside<T, D: Dimension>(
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
    ///   [`Walk`](crate::spread::Walk) over the strides of this array's ellipsis.
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
        Line { start, stride: strides[axis], len: extents[axis] - index[axis], array: PhantomData }
    }
}

impl<'a, T> Strided<'a, T, 0> {
    /// Reads one value.
    #[inline]
    pub fn scalar(value: &'a T) -> Self {
        Self { start: value, layout: Layout { extents: [], strides: [] }, array: PhantomData }
    }
}

/// Elements at equal distances.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a, T> {
    start: *const T,
    /// In elements.
    stride: isize,
    len: usize,
    array: PhantomData<&'a T>,
}

impl<T: Clone> Line<'_, T> {
    /// The element `n` steps from the start.
    ///
    /// # Safety
    ///
    /// - `start + n` is below the extent of the line's axis, where `start` is the index along it that was given to
    ///   [`line`](Strided::line).
    /// - If `S` is [`Unit`], [`is_contiguous`](Strided::is_contiguous) holds for that axis.
    #[inline(always)]
    #[must_use]
    pub unsafe fn get<S: Step>(&self, n: usize) -> T {
        debug_assert!(n < self.len, "{n} of {}", self.len);
        // SAFETY: all indices are below the extents, so this is an element of the array, as for `at`; `S` gives the
        // stride that the axis has.
        unsafe { (*self.start.offset(n as isize * S::stride(self.stride))).clone() }
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
        assert_eq!(array.shape(), extents, "a target has the extents of its labels");
        let labels: [usize; N] = core::array::from_fn(|axis| axis);
        let layout = Layout::new(axes(array), &labels, extents);
        Self { start: array.as_mut_ptr(), layout, array: PhantomData }
    }

    /// Like [`new`](Self::new), for a target with an ellipsis, whose label is not among `labels`.
    ///
    /// # Safety
    ///
    /// As for [`Strided::spread`].
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
        if tile.skip == 0 && stride == 1 {
            // A constant stride, for the optimiser.
            (0..W).for_each(|lane| S::store(place(lane, 1), value(lane)));
        } else {
            // Copied, so that only the copy is indexed by a variable, and the lanes can stay in registers.
            let values: [T; W] = core::array::from_fn(value);
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

/// What is known of a stride, in elements, when a loop is compiled.
///
/// # Safety
///
/// `stride` returns its argument, and `sum` calls `term` with numbers below `len` only.
pub unsafe trait Step {
    /// The stride to use for an axis of this stride.
    fn stride(stride: isize) -> isize;
    /// The sum of `term(n)` for `n` below `len`, by as many partial sums as pay.
    fn sum<T: Element>(len: usize, term: impl Fn(usize) -> T) -> T;
}

/// Neighbours in memory: the stride is 1.
#[derive(Debug)]
pub struct Unit;

/// Any stride: strided, reversed or broadcast.
#[derive(Debug)]
pub struct Any;

// SAFETY: callers ask for a stride of 1; `lanes::sum` stays below `len`.
unsafe impl Step for Unit {
    #[inline(always)]
    fn stride(stride: isize) -> isize {
        debug_assert_eq!(stride, 1);
        1
    }
    #[inline(always)]
    fn sum<T: Element>(len: usize, term: impl Fn(usize) -> T) -> T {
        sum::<T, UNIT_LANES>(len, term)
    }
}

// SAFETY: the stride is returned; `lanes::sum` stays below `len`.
unsafe impl Step for Any {
    #[inline(always)]
    fn stride(stride: isize) -> isize {
        stride
    }
    #[inline(always)]
    fn sum<T: Element>(len: usize, term: impl Fn(usize) -> T) -> T {
        sum::<T, ANY_LANES>(len, term)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array, s};

    use super::*;
    use crate::element::{Accumulate, Assign};
    use crate::lanes::tiles;
    use crate::spread::{Walk, ellipsis_strides};

    /// Reads every element through the unsafe door.
    fn read(array: &ArrayRef<i32, ndarray::Ix2>) -> Array2<i32> {
        let (rows, columns) = array.dim();
        let strided = Strided::new(array, &[0, 1], [rows, columns]);
        // SAFETY: the indices run below the extents given to `new`.
        Array2::from_shape_fn((rows, columns), |(i, j)| unsafe { strided.at([i, j]) })
    }

    #[test]
    fn any_strides_are_read() {
        let array = Array2::from_shape_fn((6, 7), |(i, j)| (10 * i + j) as i32);
        for view in [
            array.view(),
            array.slice(s![..;-1, ..;-2]),
            array.slice(s![1..5;3, 2..;2]),
            array.slice(s![2..2, ..]),
            array.slice(s![3.., 1..]).reversed_axes(),
            array.slice(s![..1, ..]).broadcast((6, 7)).unwrap(),
        ] {
            assert_eq!(read(&view), view);
        }
    }

    #[test]
    fn a_repeated_label_walks_the_diagonal() {
        let array = Array2::from_shape_fn((4, 4), |(i, j)| (10 * i + j) as i32);
        let diagonal = Strided::new(&array, &[0, 0], [4]);
        // SAFETY: the indices run below the extent given to `new`.
        let read: Vec<i32> = (0..4).map(|i| unsafe { diagonal.at([i]) }).collect();
        assert_eq!(read, [0, 11, 22, 33]);
        assert!(!diagonal.is_contiguous(0));
    }

    #[test]
    fn axes_change_places_with_their_extents() {
        let array = array![[1, 2, 3], [4, 5, 6]];
        let mut strided = Strided::new(&array, &[0, 1], [2, 3]);
        assert!(strided.is_contiguous(1) && !strided.is_contiguous(0));
        strided.swap_axes(0, 1);
        assert!(strided.is_contiguous(0));
        // SAFETY: the extents are now 3 and 2.
        assert_eq!(unsafe { (strided.at([2, 0]), strided.line(0, [0, 1]).get::<Unit>(1)) }, (3, 5));
    }

    #[test]
    fn one_element_is_contiguous() {
        let array = Array2::<i32>::zeros((8, 1));
        assert!(Strided::new(&array.slice(s![..;3, ..]).reversed_axes(), &[0, 1], [1, 3]).is_contiguous(0));
    }

    #[test]
    #[should_panic(expected = "an axis has the extent of its label, or 1")]
    fn extents_are_compared() {
        let _ = Strided::new(&array![[1, 2], [3, 4]], &[0, 1], [2, 3]);
    }

    #[test]
    #[should_panic(expected = "an array has one label for each axis")]
    fn ranks_are_compared() {
        let _ = Strided::new(&array![1, 2], &[0, 1], [2, 1]);
    }

    #[test]
    #[should_panic(expected = "a target has the extents of its labels")]
    fn a_target_is_not_stretched() {
        let _ = StridedMut::new(&mut array![1], [2]);
    }

    #[test]
    fn an_extent_of_1_is_stretched() {
        let array = array![[1], [2]];
        let strided = Strided::new(&array, &[0, 1], [2, 3]);
        // SAFETY: the indices are below the extents given to `new`.
        assert_eq!(unsafe { (strided.at([0, 2]), strided.at([1, 1])) }, (1, 2));
        assert!(!strided.is_contiguous(1));
    }

    #[test]
    fn an_ellipsis_is_walked() {
        let mut array = ndarray::Array4::from_shape_fn((2, 3, 4, 5), |(i, a, b, j)| {
            (((i * 3 + a) * 4 + b) * 5 + j) as i32
        });
        array.invert_axis(ndarray::Axis(1));
        let walk = Walk::new(&[3, 4], [ellipsis_strides(&array, 1, 2)]);
        let mut read = Vec::new();
        for [offset] in walk.offsets() {
            let spread = Spread { place: 1, label: 2, stride: walk.inner.strides[0], offset };
            // SAFETY: all of `spread` comes from the walk over this array.
            let strided = unsafe { Strided::spread(&array, &[0, 1], [2, 5, walk.inner.extent], spread) };
            // SAFETY: the indices are below the extents given to `spread`.
            read.extend((0..walk.inner.extent).map(|n| unsafe { strided.at([1, 4, n]) }));
        }
        assert_eq!(read, array.slice(s![1, .., .., 4]).iter().copied().collect::<Vec<_>>());
    }

    #[test]
    fn tiles_store_each_place_once_and_nothing_between() {
        let mut array = Array2::<i32>::zeros((2, 14));
        let mut view = array.slice_mut(s![1, ..;-2]);
        let mut out = StridedMut::new(&mut view, [7]);
        for tile in tiles::<4>(7) {
            // SAFETY: whole tiles end at or below the extent given to `new`.
            unsafe {
                out.store_tile::<Accumulate, 4>(0, [tile.start], tile, |lane| (tile.start + lane) as i32 + 1)
            };
        }
        assert_eq!(view, array![1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(array.sum(), 28);
    }

    #[test]
    fn a_scalar_is_stored() {
        let mut value = 1;
        // SAFETY: there is no index to keep below an extent.
        unsafe { StridedMut::scalar(&mut value).store::<Assign>([], 5) };
        assert_eq!(value, 5);
    }
}
