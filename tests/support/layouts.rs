//! The same values in every memory layout.

use ndarray::{Array, ArrayView, Axis, Dimension, IntoDimension, ShapeBuilder, Slice};

/// Operand `index` of a case: small integers in C order, different for each operand.
pub fn numbers<T: From<i8>, S: IntoDimension>(shape: S, index: usize) -> Array<T, S::Dim> {
    let shape = shape.into_dimension();
    let value = |n| T::from(((31 * n + 17 * index + 7) % 11) as i8 - 5);
    Array::from_iter((0..shape.size()).map(value)).into_shape_with_order(shape).unwrap()
}

/// How an array lies in memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Layout {
    C,
    F,
    /// The first axis innermost, the others in order; differs from F from rank 3 on.
    Permuted,
    /// Every stride negative.
    Reversed,
    /// Every third or second element of a larger array, along each axis.
    Stepped,
    /// A block inside a larger array.
    Inner,
}

impl Layout {
    pub const ALL: [Layout; 6] =
        [Layout::C, Layout::F, Layout::Permuted, Layout::Reversed, Layout::Stepped, Layout::Inner];

    /// A copy of `array` in this layout; the gaps between its elements, if it has any, hold `poison`.
    pub fn arrange<T: Clone, D: Dimension>(self, array: &Array<T, D>, poison: T) -> Array<T, D> {
        let shape = array.raw_dim();
        let mut copy = match self {
            Layout::C => Array::from_elem(shape, poison),
            Layout::F => Array::from_elem(shape.f(), poison),
            Layout::Permuted => permuted(array),
            Layout::Reversed => reversed(shape, poison),
            Layout::Stepped => carved(shape, poison, |axis| 3 - axis % 2),
            Layout::Inner => carved(shape, poison, |_| 1),
        };
        copy.assign(array);
        copy
    }
}

fn permuted<T: Clone, D: Dimension>(array: &Array<T, D>) -> Array<T, D> {
    let mut view = array.view();
    (1..view.ndim()).for_each(|axis| view.swap_axes(axis - 1, axis));
    let mut copy = view.as_standard_layout().into_owned();
    (1..copy.ndim()).rev().for_each(|axis| copy.swap_axes(axis - 1, axis));
    copy
}

fn reversed<T: Clone, D: Dimension>(shape: D, value: T) -> Array<T, D> {
    let mut array = Array::from_elem(shape, value);
    (0..array.ndim()).for_each(|axis| array.invert_axis(Axis(axis)));
    array
}

/// Every `step(axis)`-th element along each axis of an array with a margin at both ends.
fn carved<T: Clone, D: Dimension>(shape: D, value: T, step: impl Fn(usize) -> usize) -> Array<T, D> {
    let mut outer = shape.clone();
    (0..outer.ndim()).for_each(|axis| outer[axis] = shape[axis] * step(axis) + 2);
    let mut array = Array::from_elem(outer, value);
    array.slice_each_axis_inplace(|description| {
        let axis = description.axis.index();
        Slice { start: 1, end: Some((1 + shape[axis] * step(axis)) as isize), step: step(axis) as isize }
    });
    array
}

/// Calls `test` with the values of `array` in each [`Layout`].
pub fn in_layouts<T: Clone, D: Dimension>(
    array: &Array<T, D>,
    poison: T,
    mut test: impl FnMut(Layout, ArrayView<T, D>),
) {
    Layout::ALL.into_iter().for_each(|layout| test(layout, layout.arrange(array, poison.clone()).view()));
}

/// Asserts that nothing was written between the elements of an array that came from [`Layout::arrange`].
pub fn assert_gaps_untouched<T: PartialEq, D: Dimension>(array: Array<T, D>, poison: T) {
    let elements = array.len();
    let (buffer, _) = array.into_raw_vec_and_offset();
    let poisoned = buffer.iter().filter(|&value| *value == poison).count();
    assert_eq!(poisoned, buffer.len() - elements, "elements of the gaps");
}

/// The values of `array`, which is in C order, at the start of `axis`, repeated along the axis by a stride of 0.
pub fn repeated<T, D: Dimension>(array: &Array<T, D>, axis: Axis) -> ArrayView<'_, T, D> {
    let mut strides = array.raw_dim();
    (0..array.ndim()).for_each(|axis| strides[axis] = array.strides()[axis] as usize);
    strides[axis.index()] = 0;
    let values = array.as_slice().expect("C order");
    ArrayView::from_shape(array.raw_dim().strides(strides), values).unwrap()
}
