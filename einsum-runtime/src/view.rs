//! Views of one operand, where no arithmetic is needed: its elements in another order, or more than once.

use ndarray::{ArrayRef, ArrayView, ArrayView1, ArrayView2, ArrayViewD, Dimension, aview1, aview2};

use crate::call::{Call, CallArray};
use crate::error::EinsumError;
use crate::pieces;
use crate::spread::Rank;
use crate::zeros::{fits, too_large};

/// The value of a call without arithmetic: a view, of this rank, of the operand's elements.
///
/// `output` has the indices of the view's axes, each a label; `given` are pairs of labels and extents.
///
/// # Errors
///
/// That the operand's rank does not suit its indices, else the first axis whose extent does not suit its index; that the
/// view has more elements than can be counted.
///
/// # Panics
///
/// Where the output lacks a label of the operand, or `rank` is another than that of the view.
pub fn view<'a, T, D: Dimension, E: Dimension>(
    operand: ArrayView<'a, T, D>,
    _rank: Rank<E>,
    call: &Call<'_>,
    output: CallArray<'_>,
    given: &[(usize, usize)],
) -> Result<ArrayView<'a, T, E>, EinsumError> {
    let view = dynamic_view(&operand.into_dyn(), call, output, given)?;
    Ok(view.into_dimensionality().expect("the types of ranks add up as the ranks do"))
}

fn dynamic_view<'a, T>(
    operand: &ArrayViewD<'a, T>,
    call: &Call<'_>,
    output: CallArray<'_>,
    given: &[(usize, usize)],
) -> Result<ArrayViewD<'a, T>, EinsumError> {
    let mut extents = vec![1; call.labels.len()];
    call.resolve(&[operand.shape()], given, &mut extents)?;
    let labels = output.axes.iter().map(|index| index.label().expect("an axis of a view is a label"));
    let (labels, array) = (labels.collect::<Vec<usize>>(), &call.arrays[0]);
    let spread = &operand.shape()[array.spread(operand.ndim())];
    let shape: Vec<usize> =
        labels.iter().map(|&label| extents[label]).chain(spread.iter().copied()).collect();
    if !fits(&shape, 1) {
        return Err(too_large(&shape, call.subscripts));
    }
    let view = pieces::whole(array, operand.shape(), &extents, |piece| piece.view(operand, 0, &labels));
    Ok(with_ellipsis_at(output.ellipsis, labels.len(), view))
}

/// Moves the axes behind the labelled ones to their place among these.
fn with_ellipsis_at<T>(place: Option<usize>, labelled: usize, view: ArrayViewD<'_, T>) -> ArrayViewD<'_, T> {
    let place = place.unwrap_or(labelled);
    let axes: Vec<usize> = (0..place).chain(labelled..view.ndim()).chain(place..labelled).collect();
    view.permuted_axes(axes)
}

/// An operand that is a view itself: what it shows may outlive it.
///
/// As with operands of `einsum!`, the methods of these traits have one name, so that method resolution takes the one that
/// fits.
pub trait LentView<'a, T, D> {
    /// The same view.
    fn as_einsum_view(&self) -> ArrayView<'a, T, D>;
}

impl<'a, T, D: Dimension> LentView<'a, T, D> for ArrayView<'a, T, D> {
    #[inline]
    fn as_einsum_view(&self) -> ArrayView<'a, T, D> {
        self.clone()
    }
}

/// An operand that is any other array.
pub trait LentArray<T, D> {
    /// A view of the array.
    fn as_einsum_view(&self) -> ArrayView<'_, T, D>;
}

impl<T, D: Dimension> LentArray<T, D> for ArrayRef<T, D> {
    #[inline]
    fn as_einsum_view(&self) -> ArrayView<'_, T, D> {
        self.view()
    }
}

/// A slice, or what dereferences to one, as an operand with one label.
pub trait LentSlice<T> {
    /// The slice as an array.
    fn as_einsum_view(&self) -> ArrayView1<'_, T>;
}

impl<T> LentSlice<T> for [T] {
    #[inline]
    fn as_einsum_view(&self) -> ArrayView1<'_, T> {
        aview1(self)
    }
}

/// A slice of Rust's arrays as an operand with two labels.
pub trait LentNested<T> {
    /// The slice as an array.
    fn as_einsum_view(&self) -> ArrayView2<'_, T>;
}

impl<T, const N: usize> LentNested<T> for [[T; N]] {
    #[inline]
    fn as_einsum_view(&self) -> ArrayView2<'_, T> {
        aview2(self)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, ArrayView, IxDyn, ShapeBuilder, array, s};

    use crate::EinsumError;
    use crate::dynamic::{self, Equation};

    #[test]
    fn views_beyond_what_can_be_counted_are_errors() {
        let half = 1 << 40;
        let repeated = ArrayView::from_shape(IxDyn(&[half]).strides(IxDyn(&[0])), &[7]).unwrap();
        let windows = Equation::new("(x+i)->xi", 1).unwrap().with_extent('i', half / 2).unwrap();
        let shape = vec![half / 2 + 1, half / 2];
        let error = EinsumError::TooLarge { shape, subscripts: "(x+i)->xi".into() };
        assert_eq!(windows.view(&repeated), Err(error));
        let row = ArrayD::<u8>::zeros(vec![1, 5]);
        let tall = Equation::new("i...->...i", 1).unwrap().with_extent('i', usize::MAX / 4).unwrap();
        assert!(matches!(tall.view(&row.view()), Err(EinsumError::TooLarge { .. })));
    }

    #[test]
    fn strides_may_be_any() {
        let square = array![[1, 2, 3], [4, 5, 6], [7, 8, 9]];
        let empty = square.slice(s![1..1;-1, ..;-1]).into_dyn();
        assert_eq!(dynamic::view("ij->ji", &empty).unwrap().shape(), [3, 0]);
        let far = Equation::new("(1000000000x+i)->xi", 1).unwrap().with_extent('i', 2).unwrap();
        let x = array![5, 6].into_dyn();
        assert_eq!(far.view(&x.view()).unwrap(), array![[5, 6]].into_dyn());
        let none = Equation::new("(x-i+2)->xi", 1).unwrap().with_extent('i', 4).unwrap();
        assert_eq!(none.view(&x.view()).unwrap().shape(), [0, 4]);
    }
}
