//! Arrays as one piece of a call with index arithmetic sees them.

use core::ops::Range;

use ndarray::{ArrayRef, ArrayViewD, ArrayViewMutD, Dimension, IxDyn};

use super::layout::{Layout, Spread};
use super::{CursorMut, Strided, StridedMut};
use crate::pieces::{Form, Piece};
use crate::window::view_from;
use crate::zeros::fits;

/// Where the loops of a piece find their elements in one of its arrays.
#[derive(Debug)]
pub(crate) struct Placement {
    /// Of the first element, in elements; 0 where there is none.
    pub(crate) offset: isize,
    /// Of each of the labels, in elements.
    pub(crate) strides: Vec<isize>,
}

impl Placement {
    /// Compares the positions of a piece with the extents of the array.
    ///
    /// # Panics
    ///
    /// Where a position lies outside of its axis, or depends on other labels, or a label comes twice.
    fn new(array: Shape<'_>, piece: &Piece<'_>, member: usize, labels: &[usize]) -> Self {
        assert_inside(array, piece, member, labels);
        let placement = Self::of_forms(array, piece.axes(member, array.extents.len()), labels);
        Self { offset: if has_no_places(piece, labels) { 0 } else { placement.offset }, ..placement }
    }

    /// What forms of an array's axes come to, wherever that is.
    ///
    /// # Panics
    ///
    /// Where a form depends on other labels, or a label comes twice.
    pub(crate) fn of_forms<'f>(
        array: Shape<'_>,
        axes: impl Iterator<Item = (usize, Form<'f>)>,
        labels: &[usize],
    ) -> Self {
        let is_new = |n: usize| !labels[..n].contains(&labels[n]);
        assert!((0..labels.len()).all(is_new), "each label has one loop");
        let mut placement = Self { offset: 0, strides: vec![0; labels.len()] };
        for (axis, form) in axes {
            let is_known = |label: usize| form.coefficients[label] == 0 || labels.contains(&label);
            assert!(
                (0..form.coefficients.len()).all(is_known),
                "an index has no other labels than its array"
            );
            let stride = array.strides[axis];
            // Wrapping: an array without elements may have any strides.
            placement.offset = placement.offset.wrapping_add(form.constant.wrapping_mul(stride));
            for (own, &label) in placement.strides.iter_mut().zip(labels) {
                *own = own.wrapping_add(form.coefficients[label].wrapping_mul(stride));
            }
        }
        placement
    }
}

/// The axes of an array.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape<'a> {
    pub(crate) extents: &'a [usize],
    /// In elements.
    pub(crate) strides: &'a [isize],
}

impl<'a> Shape<'a> {
    pub(crate) fn of<T, D: Dimension>(array: &'a ArrayRef<T, D>) -> Self {
        Self { extents: array.shape(), strides: array.strides() }
    }
}

/// Compares the positions of a piece with the extents of the array, which is read or written in loops over these labels.
///
/// # Panics
///
/// Where a position lies outside of its axis.
pub(crate) fn assert_inside(array: Shape<'_>, piece: &Piece<'_>, member: usize, labels: &[usize]) {
    let is_empty = has_no_places(piece, labels);
    for (axis, form) in piece.axes(member, array.extents.len()) {
        let is_inside = is_empty || stays_inside(&form, piece, array.extents[axis]);
        assert!(is_inside, "an index stays within its axis");
    }
}

fn has_no_places(piece: &Piece<'_>, labels: &[usize]) -> bool {
    labels.iter().any(|&label| piece.extent(label) == 0)
}

/// Whether the position is from 0 to below `extent` for all values of the loops.
fn stays_inside(form: &Form<'_>, piece: &Piece<'_>, extent: usize) -> bool {
    let mut reach = [form.constant as i128; 2];
    for (label, &coefficient) in form.coefficients.iter().enumerate() {
        reach[usize::from(coefficient > 0)] += coefficient as i128 * (piece.extent(label) as i128 - 1);
    }
    reach[0] >= 0 && reach[1] < extent as i128
}

/// Whether different values of these loops are different places, but for loops along which all axes stand still: whether
/// the others can be told from the position, one axis after the other.
fn tells_apart(piece: &Piece<'_>, member: usize, rank: usize, labels: &[usize]) -> bool {
    let forms: Vec<Form> = piece.axes(member, rank).map(|(_, form)| form).collect();
    are_apart(&forms, labels, |label| piece.extent(label))
}

/// The same for loops of these extents, and all that are shorter.
pub(crate) fn are_apart(forms: &[Form<'_>], labels: &[usize], extent: impl Fn(usize) -> usize) -> bool {
    let moves = |label: usize| extent(label) > 1 && forms.iter().any(|form| form.coefficients[label] != 0);
    let mut open: Vec<usize> = labels.iter().copied().filter(|&label| moves(label)).collect();
    loop {
        let told = forms.iter().find_map(|form| {
            let mut moving = open.iter().filter(|&&label| form.coefficients[label] != 0);
            let first = moving.next().copied();
            first.filter(|_| moving.next().is_none())
        });
        match told {
            Some(told) => open.retain(|&label| label != told),
            None => return open.is_empty(),
        }
    }
}

impl<'a, T, const N: usize> Strided<'a, T, N> {
    /// Reads what a piece needs of `array`, which is its array number `member`, in loops over these labels.
    ///
    /// # Panics
    ///
    /// Where a position of the piece lies outside of the array.
    #[must_use]
    pub fn placed<D: Dimension>(
        array: &'a ArrayRef<T, D>,
        piece: &Piece<'_>,
        member: usize,
        labels: [usize; N],
    ) -> Self {
        let Placement { offset, strides } = Placement::new(Shape::of(array), piece, member, &labels);
        let layout = Layout::of_labels(labels.map(|label| piece.extent(label)), &strides);
        // SAFETY: the placement was compared with the array: each place is one of its elements.
        unsafe { Self::from_layout(array.as_ptr().wrapping_offset(offset), layout) }
    }

    /// Like [`placed`](Self::placed), for an array with an ellipsis, whose place among the labels holds no label of the
    /// piece.
    ///
    /// # Safety
    ///
    /// As for [`spread`](Self::spread); `extent` is that of the walk's inner axis.
    #[must_use]
    pub unsafe fn placed_spread<D: Dimension>(
        array: &'a ArrayRef<T, D>,
        piece: &Piece<'_>,
        member: usize,
        labels: [usize; N],
        extent: usize,
        spread: Spread,
    ) -> Self {
        let (layout, offset) = placed_spread(array, piece, member, labels, extent, spread);
        // SAFETY: the placement was compared with the axes beside the ellipsis, and the walk moves along the others.
        unsafe { Self::from_layout(array.as_ptr().wrapping_offset(offset), layout) }
    }
}

impl<'a, T, const N: usize> StridedMut<'a, T, N> {
    /// Writes what a piece writes of `array`, which is its array number `member`, in loops over these labels.
    ///
    /// # Panics
    ///
    /// Where a position of the piece lies outside of the array, or two iterations would write to the same place.
    #[must_use]
    pub fn placed<D: Dimension>(
        array: &'a mut ArrayRef<T, D>,
        piece: &Piece<'_>,
        member: usize,
        labels: [usize; N],
    ) -> Self {
        assert!(tells_apart(piece, member, array.ndim(), &labels), "each iteration has a place of its own");
        let Placement { offset, strides } = Placement::new(Shape::of(array), piece, member, &labels);
        let layout = Layout::of_labels(labels.map(|label| piece.extent(label)), &strides);
        // SAFETY: each place is an element of the array, and different from the others.
        unsafe { Self::from_layout(array.as_mut_ptr().wrapping_offset(offset), layout) }
    }

    /// Like [`placed`](Self::placed), for a target with an ellipsis.
    ///
    /// # Safety
    ///
    /// As for [`Strided::placed_spread`].
    #[must_use]
    pub unsafe fn placed_spread<D: Dimension>(
        array: &'a mut ArrayRef<T, D>,
        piece: &Piece<'_>,
        member: usize,
        labels: [usize; N],
        extent: usize,
        spread: Spread,
    ) -> Self {
        let own: Vec<usize> = without(&labels, spread.label);
        assert!(tells_apart(piece, member, array.ndim(), &own), "each iteration has a place of its own");
        let (layout, offset) = placed_spread(array, piece, member, labels, extent, spread);
        // SAFETY: as for `placed`, and the walk moves along the axes of the ellipsis.
        unsafe { Self::from_layout(array.as_mut_ptr().wrapping_offset(offset), layout) }
    }
}

fn without(labels: &[usize], position: usize) -> Vec<usize> {
    labels.iter().enumerate().filter(|&(n, _)| n != position).map(|(_, &label)| label).collect()
}

/// The layout, and the offset of the first element.
fn placed_spread<T, D: Dimension, const N: usize>(
    array: &ArrayRef<T, D>,
    piece: &Piece<'_>,
    member: usize,
    labels: [usize; N],
    extent: usize,
    spread: Spread,
) -> (Layout<N>, isize) {
    let Placement { offset, mut strides } =
        Placement::new(Shape::of(array), piece, member, &without(&labels, spread.label));
    strides.insert(spread.label, spread.stride);
    let extent_of = |n: usize| if n == spread.label { extent } else { piece.extent(labels[n]) };
    (Layout::of_labels(core::array::from_fn(extent_of), &strides), offset + spread.offset)
}

impl Piece<'_> {
    /// A view of what a piece reads of `array`, with an axis for each label, and behind them those of its ellipsis.
    pub(crate) fn view<'a, T>(
        &self,
        array: &ArrayViewD<'a, T>,
        member: usize,
        labels: &[usize],
    ) -> ArrayViewD<'a, T> {
        let Placement { offset, strides } = Placement::new(Shape::of(array), self, member, labels);
        let (shape, strides) = self.shape(array.shape(), array.strides(), member, labels, strides);
        // SAFETY: the placement was compared with the array, of which the ellipsis has its own axes.
        unsafe { view_from(array.as_ptr().wrapping_offset(offset), shape, strides) }
    }

    /// The first place of what a piece writes of `array`, in `count` loops: one for each label, and for the axes of its
    /// ellipsis these.
    pub(crate) fn cursor_mut<'a, T>(
        &self,
        array: &'a mut ArrayViewMutD<'_, T>,
        member: usize,
        labels: &[usize],
        spread: Range<usize>,
        count: usize,
    ) -> CursorMut<'a, T> {
        assert!(tells_apart(self, member, array.ndim(), labels), "each iteration has a place of its own");
        let Placement { offset, strides } = Placement::new(Shape::of(array), self, member, labels);
        let (shape, strides) = self.shape(array.shape(), array.strides(), member, labels, strides);
        let loop_axes: Vec<usize> = labels.iter().copied().chain(spread).collect();
        let own =
            shape.slice().iter().copied().zip(strides.slice().iter().map(|stride| stride.cast_signed()));
        // SAFETY: as for `view`, no two places are the same, and `array` is borrowed for writing.
        unsafe { CursorMut::from_axes(array.as_mut_ptr().wrapping_offset(offset), &loop_axes, own, count) }
    }

    fn shape(
        &self,
        shape: &[usize],
        strides: &[isize],
        member: usize,
        labels: &[usize],
        own: Vec<isize>,
    ) -> (IxDyn, IxDyn) {
        let labelled: Vec<usize> = self.axes(member, shape.len()).map(|(axis, _)| axis).collect();
        let others = || (0..shape.len()).filter(|axis| !labelled.contains(axis));
        let extents = labels.iter().map(|&label| self.extent(label)).chain(others().map(|axis| shape[axis]));
        let extents: Vec<usize> = extents.collect();
        assert!(fits(&extents, 1), "the loops of a piece can be counted");
        let strides = own.into_iter().chain(others().map(|axis| strides[axis])).map(isize::cast_unsigned);
        (IxDyn(&extents), IxDyn(&strides.collect::<Vec<_>>()))
    }
}
