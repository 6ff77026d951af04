//! Arrays whose rank, and the loops over them, are known only at run time.
//!
//! An index of variable length, multiplied by the strides at each access, would be slow, and an offset alone says
//! nothing: between the elements of a view may lie those of another, writable one. So the place moves along with
//! the loops, one step at a time, and what is counted is how many axes it has left at their end. Where that is
//! none, each index is below its extent.

use core::marker::PhantomData;

use ndarray::{ArrayViewD, ArrayViewMutD};

use super::layout::{Erased, axes};
use super::line::Line;

/// A place in a read-only array, which moves by steps along the axes of loops.
#[derive(Debug)]
pub(crate) struct Cursor<'a, T> {
    place: *const T,
    axes: Axes,
    array: PhantomData<&'a T>,
}

/// A place in a writable array, which moves alike.
#[derive(Debug)]
pub(crate) struct CursorMut<'a, T> {
    place: *mut T,
    axes: Axes,
    array: PhantomData<&'a mut T>,
}

/// The axes of loops, as an array has them, and where its cursor is.
#[derive(Debug)]
struct Axes {
    axes: Vec<Axis>,
    /// How many axes have `index == extent`.
    ended: usize,
}

/// One axis of the loops, as the array has it.
///
/// `index` is at most `extent`; the place of the cursor is the array's start plus, for each axis, `index` times
/// `stride`.
#[derive(Debug, Clone, Copy)]
struct Axis {
    extent: usize,
    /// In elements. 0 where the extent is 1, which may be stretched.
    stride: isize,
    index: usize,
}

impl Axis {
    fn has_ended(self) -> bool {
        self.index == self.extent
    }
}

impl Axes {
    /// `count` axes, of which these, each of one or several axes of an array, have these extents and strides.
    ///
    /// # Panics
    ///
    /// Where the axes of a diagonal differ in extent.
    fn new(loop_axes: &[usize], own: impl Iterator<Item = (usize, isize)>, count: usize) -> Self {
        let mut axes = vec![Axis { extent: 1, stride: 0, index: 0 }; count];
        for (n, (&axis, (extent, stride))) in loop_axes.iter().zip(own).enumerate() {
            let Axis { extent: agreed, stride: sum, .. } = &mut axes[axis];
            let is_first = !loop_axes[..n].contains(&axis);
            assert!(is_first || *agreed == extent, "the axes of a diagonal have one extent");
            *agreed = extent;
            // Wrapping, here and below: an array without elements may have any strides.
            *sum = if extent == 1 { 0 } else { sum.wrapping_add(stride) };
        }
        let ended = axes.iter().filter(|axis| axis.has_ended()).count();
        Self { axes, ended }
    }

    /// One step further along `axis`: how far that is.
    #[inline]
    fn advance(&mut self, axis: usize) -> isize {
        let axis = &mut self.axes[axis];
        assert!(!axis.has_ended(), "a cursor stops at the end of an axis");
        axis.index += 1;
        self.ended += usize::from(axis.has_ended());
        axis.stride
    }

    /// Back to the start of `axis`: how far that is.
    #[inline]
    fn rewind(&mut self, axis: usize) -> isize {
        let axis = &mut self.axes[axis];
        self.ended -= usize::from(axis.has_ended());
        let way = axis.stride.wrapping_mul(axis.index as isize).wrapping_neg();
        axis.index = 0;
        self.ended += usize::from(axis.has_ended());
        way
    }

    #[inline]
    fn assert_inside(&self) {
        assert!(self.ended == 0, "a cursor at the end of an axis has no element");
        debug_assert!(self.axes.iter().all(|axis| axis.index < axis.extent), "{:?}", self.axes);
    }
}

impl<'a, T> Cursor<'a, T> {
    /// The first place of `array`, whose axis `n` is the axis `loop_axes[n]` of the loops, of which there are
    /// `count`. Axes that share one are a diagonal.
    ///
    /// # Panics
    ///
    /// Where the axes of a diagonal differ in extent, or the array has not one axis for each entry of `loop_axes`.
    pub(crate) fn new(array: &ArrayViewD<'a, T>, loop_axes: &[usize], count: usize) -> Self {
        assert_eq!(array.ndim(), loop_axes.len(), "an array has one loop axis for each of its own");
        let axes = Axes::new(loop_axes, axes(array), count);
        Self { place: array.as_ptr(), axes, array: PhantomData }
    }

    /// Whether neighbours along `axis` are different elements. Only then need the cursor be moved.
    pub(crate) fn varies(&self, axis: usize) -> bool {
        self.axes.axes[axis].stride != 0
    }

    /// One step further along `axis`, at most to its end.
    ///
    /// # Panics
    ///
    /// At the end.
    #[inline]
    pub(crate) fn advance(&mut self, axis: usize) {
        self.place = self.place.wrapping_offset(self.axes.advance(axis));
    }

    /// Back to the start of `axis`.
    #[inline]
    pub(crate) fn rewind(&mut self, axis: usize) {
        self.place = self.place.wrapping_offset(self.axes.rewind(axis));
    }

    /// The element at this place.
    ///
    /// # Panics
    ///
    /// At the end of an axis.
    #[inline]
    pub(crate) fn get(&self) -> &'a T {
        self.axes.assert_inside();
        // SAFETY: no axis has ended, so each index is below its extent. The axes are those of the array, a diagonal
        // as one, so this is an element of it, which `'a` keeps borrowed.
        unsafe { &*self.place }
    }

    /// The next `len` elements along `axis`: where it does not vary, the same one again and again.
    ///
    /// # Panics
    ///
    /// Where the axis, from here on, is shorter, or at the end of an axis, unless `len` is 0.
    #[inline]
    pub(crate) fn line(&self, axis: usize, len: usize) -> Line<'a, T> {
        let Axis { extent, stride, index } = self.axes.axes[axis];
        let is_inside = self.axes.ended == 0 && (stride == 0 || len <= extent - index);
        assert!(is_inside || len == 0, "a line stays inside of its axis");
        // SAFETY: there is no element, or the first is one as for `get`, and so are the others: they differ in the
        // index along `axis`, which stays below the extent, or in nothing. `'a` keeps the array borrowed.
        unsafe { Line::new(self.place, stride, len) }
    }
}

impl<'a, T> CursorMut<'a, T> {
    /// The first place of `array`, as for a [`Cursor`].
    ///
    /// # Panics
    ///
    /// As for [`Cursor::new`].
    pub(crate) fn new(array: &'a mut ArrayViewMutD<'_, T>, loop_axes: &[usize], count: usize) -> Self {
        assert_eq!(array.ndim(), loop_axes.len(), "an array has one loop axis for each of its own");
        let axes = Axes::new(loop_axes, axes(array), count);
        Self { place: array.as_mut_ptr(), axes, array: PhantomData }
    }

    /// The place `start`, in loops of which these have these extents and strides.
    ///
    /// # Safety
    ///
    /// For `'a`, the elements that these lead to are nobody else's, and all are different.
    pub(super) unsafe fn from_axes(
        start: *mut T,
        loop_axes: &[usize],
        own: impl Iterator<Item = (usize, isize)>,
        count: usize,
    ) -> Self {
        Self { place: start, axes: Axes::new(loop_axes, own, count), array: PhantomData }
    }

    /// The number of places along `axis`.
    pub(crate) fn extent(&self, axis: usize) -> usize {
        self.axes.axes[axis].extent
    }

    /// One step further along `axis`, at most to its end; none along an axis of one place, to which all loops write.
    ///
    /// # Panics
    ///
    /// At the end.
    #[inline]
    pub(crate) fn advance(&mut self, axis: usize) {
        if self.extent(axis) != 1 {
            self.place = self.place.wrapping_offset(self.axes.advance(axis));
        }
    }

    /// Back to the start of `axis`.
    #[inline]
    pub(crate) fn rewind(&mut self, axis: usize) {
        self.place = self.place.wrapping_offset(self.axes.rewind(axis));
    }

    /// The element at this place.
    ///
    /// # Panics
    ///
    /// At the end of an axis.
    #[inline]
    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.axes.assert_inside();
        // SAFETY: as for `Cursor::get`, and nobody else has the elements.
        unsafe { &mut *self.place }
    }

    /// Writes a value to all places along these axes.
    pub(crate) fn fill(&mut self, axes: &[usize], value: &T)
    where
        T: Clone,
    {
        let Some((&outer, inner)) = axes.split_first() else {
            return *self.get_mut() = value.clone();
        };
        for _ in 0..self.extent(outer) {
            self.fill(inner, value);
            self.advance(outer);
        }
        self.rewind(outer);
    }

    /// The pointer and strides of axes of the loops, with the extents that these have.
    pub(crate) fn with_erased<R>(
        &mut self,
        loop_axes: &[usize],
        extents: &[usize],
        use_it: impl FnOnce(Erased<'_>) -> R,
    ) -> R {
        let fits = |&axis: &usize| [1, extents[axis]].contains(&self.extent(axis));
        assert!(loop_axes.iter().all(fits), "an axis has the extent of its loop, or one place");
        let strides: Vec<isize> = loop_axes.iter().map(|&axis| self.axes.axes[axis].stride).collect();
        let extents: Vec<usize> = loop_axes.iter().map(|&axis| extents[axis]).collect();
        use_it(Erased { start: self.place.cast(), extents: &extents, strides: &strides })
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ArrayView, IxDyn, ShapeBuilder, array, s};

    use super::*;

    /// Reads a matrix by steps, row by row.
    fn read(array: &ArrayViewD<i32>) -> Vec<i32> {
        let mut cursor = Cursor::new(array, &[1, 0], 2);
        let mut elements = Vec::new();
        for _ in 0..array.shape()[0] {
            for _ in 0..array.shape()[1] {
                elements.push(*cursor.get());
                cursor.advance(0);
            }
            cursor.rewind(0);
            cursor.advance(1);
        }
        elements
    }

    #[test]
    fn any_strides_are_read() {
        let array = Array2::from_shape_fn((6, 7), |(i, j)| (10 * i + j) as i32);
        for view in [
            array.view(),
            array.slice(s![..;-1, ..;-2]),
            array.slice(s![1..5;3, 2..;2]),
            array.slice(s![2..2, ..]),
            array.slice(s![.., 2..2]),
            array.slice(s![3.., 1..]).reversed_axes(),
            array.slice(s![..1, ..]).broadcast((6, 7)).unwrap(),
        ] {
            assert_eq!(read(&view.into_dyn()), view.iter().copied().collect::<Vec<_>>(), "{view}");
        }
    }

    #[test]
    fn a_repeated_axis_walks_the_diagonal() {
        let array = array![[1, 2], [3, 4]].into_dyn();
        let mut diagonal = Cursor::new(&array.view(), &[0, 0], 1);
        assert_eq!((*diagonal.get(), diagonal.line(0, 2).sum()), (1, 5));
        diagonal.advance(0);
        assert_eq!(*diagonal.get(), 4);
    }

    #[test]
    fn lines_go_on_from_the_place_and_stretch_one_element() {
        let (array, column) = (array![[1, 2, 3], [4, 5, 6]].into_dyn(), array![[7], [8]].into_dyn());
        let (mut a, mut b) =
            (Cursor::new(&array.view(), &[0, 1], 3), Cursor::new(&column.view(), &[0, 1], 3));
        assert!(a.varies(1) && !b.varies(1) && !b.varies(2));
        a.advance(1);
        a.advance(0);
        b.advance(0);
        assert_eq!(a.line(1, 2).dot(&b.line(1, 2)), 5 * 8 + 6 * 8);
        assert_eq!((a.line(2, 3).sum(), a.line(0, 1).sum(), a.line(1, 0).sum()), (15, 5, 0));
    }

    #[test]
    fn an_array_without_elements_may_have_any_strides() {
        let strides = IxDyn(&[2, 2, 0]).strides(IxDyn(&[isize::MAX as usize, isize::MAX as usize, 1]));
        let Ok(empty) = ArrayView::from_shape(strides, &[0_i32]) else { return };
        let mut cursor = Cursor::new(&empty, &[0, 0, 1], 2);
        cursor.advance(0);
        cursor.rewind(0);
        assert_eq!(cursor.line(1, 0).sum(), 0);
    }

    #[test]
    #[should_panic(expected = "a cursor stops at the end of an axis")]
    fn no_step_leads_past_the_end() {
        let array = array![1].into_dyn();
        let mut cursor = Cursor::new(&array.view(), &[0], 1);
        cursor.advance(0);
        cursor.advance(0);
    }

    #[test]
    #[should_panic(expected = "a cursor at the end of an axis has no element")]
    fn the_end_is_not_read() {
        let array = array![[1, 2], [3, 4]].into_dyn();
        let mut cursor = Cursor::new(&array.view(), &[0, 1], 2);
        cursor.advance(0);
        cursor.advance(0);
        let _ = cursor.get();
    }

    #[test]
    #[should_panic(expected = "a cursor at the end of an axis has no element")]
    fn an_empty_array_is_not_read() {
        let array = Array2::<i32>::zeros((2, 0)).into_dyn();
        let mut cursor = Cursor::new(&array.view(), &[0, 1], 2);
        cursor.rewind(1);
        let _ = cursor.get();
    }

    #[test]
    #[should_panic(expected = "a line stays inside of its axis")]
    fn a_line_is_not_longer_than_the_rest_of_its_axis() {
        let array = array![1, 2, 3].into_dyn();
        let mut cursor = Cursor::new(&array.view(), &[0], 1);
        cursor.advance(0);
        let _ = cursor.line(0, 3);
    }

    #[test]
    #[should_panic(expected = "both lines are as long as their loop")]
    fn lines_of_one_product_are_equally_long() {
        let array = array![1, 2, 3].into_dyn();
        let cursor = Cursor::new(&array.view(), &[0], 1);
        let _ = cursor.line(0, 3).dot(&cursor.line(0, 2));
    }

    #[test]
    #[should_panic(expected = "the axes of a diagonal have one extent")]
    fn a_diagonal_is_square() {
        let array = array![[1, 2]].into_dyn();
        let _ = Cursor::new(&array.view(), &[0, 0], 1);
    }
}
