//! The elements of an operand as a view, whose axes are labels.

use ndarray::{ArrayView, Dimension};

use crate::call::{Affine, CallArray, Index};
use crate::window::view_from;
use crate::zeros::fits;

/// A view of an operand with one axis for each index of `output`, a label each, and those of its ellipsis; `array` has the
/// indices of the operand, and `extents` are those of the labels.
///
/// # Errors
///
/// The shape, if it has more elements than can be counted.
///
/// # Panics
///
/// Where a position lies outside of its axis, or a label of the operand has no axis; for a static `E` also where that is not
/// the rank of the view.
pub(crate) fn view<'a, T, D: Dimension, E: Dimension>(
    operand: &ArrayView<'a, T, D>,
    array: &CallArray<'_>,
    output: &CallArray<'_>,
    extents: &[usize],
) -> Result<ArrayView<'a, T, E>, E> {
    let Axes::<E> { shape, strides, offset } = Axes::new(operand, array, output, extents);
    if !fits(shape.slice(), 1) {
        return Err(shape);
    }
    // SAFETY: the position along each axis of the operand was compared with its extent, for all values of the labels, and the
    // axes of the ellipsis are its own; so all elements are the operand's, which lends them for `'a`.
    Ok(unsafe { view_from(operand.as_ptr().wrapping_offset(offset), shape, strides) })
}

/// Axes through an operand's memory.
struct Axes<D> {
    shape: D,
    /// In elements, signed, as bits in `D`.
    strides: D,
    /// Of the first element, in elements; 0 where there is none.
    offset: isize,
}

impl<E: Dimension> Axes<E> {
    /// Compares each position with its axis.
    fn new<T, D: Dimension>(
        operand: &ArrayView<'_, T, D>,
        array: &CallArray<'_>,
        output: &CallArray<'_>,
        extents: &[usize],
    ) -> Self {
        let rank = output.axes.len() + array.spread(operand.ndim()).len();
        let mut axes = Self { shape: E::zeros(rank), strides: E::zeros(rank), offset: 0 };
        for (position, label) in output.labels() {
            axes.shape[output.axis(position, rank)] = extents[label];
        }
        for (axis, own) in output.spread(rank).zip(array.spread(operand.ndim())) {
            (axes.shape[axis], axes.strides[axis]) =
                (operand.shape()[own], operand.strides()[own].cast_unsigned());
        }
        axes.add_indices(operand, array, output, extents);
        axes
    }

    fn add_indices<T, D: Dimension>(
        &mut self,
        operand: &ArrayView<'_, T, D>,
        array: &CallArray<'_>,
        output: &CallArray<'_>,
        extents: &[usize],
    ) {
        let is_empty = self.shape.slice().contains(&0);
        for (position, index) in array.axes.iter().enumerate() {
            let axis = array.axis(position, operand.ndim());
            let (extent, stride) = (operand.shape()[axis], operand.strides()[axis]);
            match index {
                &Index::Label(label) if extent == extents[label] => self.step(output, label, stride),
                // Stretched: it stands still.
                Index::Label(_) => assert_eq!(extent, 1, "an axis has the extent of its label, or 1"),
                Index::Affine(index) => {
                    let stays_inside = index.padding == 0 && index.outside(extent, extents).is_none();
                    assert!(is_empty || stays_inside, "an index stays within its axis");
                    self.add_affine(output, index, stride);
                }
            }
        }
        self.offset = if is_empty { 0 } else { self.offset };
    }

    fn add_affine(&mut self, output: &CallArray<'_>, index: &Affine<'_>, stride: isize) {
        for &(label, times) in index.parts {
            self.step(output, label, times.wrapping_mul(stride));
        }
        self.offset = self.offset.wrapping_add(index.constant.wrapping_mul(stride));
    }

    /// Adds to the stride of a label. Wrapping: an array without elements, or an axis of extent 1, may have any.
    fn step(&mut self, output: &CallArray<'_>, label: usize, stride: isize) {
        let position = output.labels().find(|&(_, own)| own == label).map(|(position, _)| position);
        let position = position.expect("a view has an axis for each label");
        let axis = output.axis(position, self.shape.ndim());
        self.strides[axis] = self.strides[axis].wrapping_add_signed(stride);
    }
}
