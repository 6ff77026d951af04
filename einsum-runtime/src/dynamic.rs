//! `einsum` for subscripts that are known only at run time: the same notation, checks and plan as in the macro,
//! interpreted.
//!
//! The ranks are dynamic, and so is that of the result, which also has rank 0 where the macro gives a number.
//! A program that calls the same subscripts again keeps them as an [`Equation`], parsed and planned once.
//!
//! Operands may have any strides, and are read where they are: slices and windows are not copied.

mod arrays;
mod equation;
mod loops;
mod nest;
mod pairs;
mod path;
mod run;
#[cfg(test)]
mod tests;

use core::ops::Sub;

use ndarray::{ArrayD, ArrayRef, ArrayViewD, IxDyn};

use crate::element::Element;
use crate::error::EinsumError;

pub use equation::Equation;

/// An array of dynamic rank to write to: `&mut ArrayD<T>` and `&mut ArrayViewMutD<T>` coerce to a reference to it.
pub type Target<T> = ArrayRef<T, IxDyn>;

/// The einsum of `operands`, one for each term of the subscripts.
///
/// The result has one axis for each output label, in that order, and the axes of an ellipsis where it stands.
/// Without an axis it is an array of rank 0. A label has the same extent everywhere, or 1, which is stretched.
///
/// # Errors
///
/// [`EinsumError::Subscripts`] if the subscripts break a rule or are for another number of operands, with all
/// mistakes; else [`EinsumError::Rank`], [`EinsumError::Extents`] or [`EinsumError::TooLarge`].
///
/// # Panics
///
/// Where `+` or `*` of the elements does, as that of integers on overflow in debug builds.
///
/// # Examples
///
/// ```
/// # use einsum_runtime as einsum;
/// use einsum::dynamic;
/// use ndarray::{arr0, array};
///
/// let a = array![[1, 2], [3, 4]].into_dyn();
/// let x = array![10, 1].into_dyn();
/// assert_eq!(dynamic::einsum("ij,j->i", &[a.view(), x.view()])?, array![12, 34].into_dyn());
/// assert_eq!(dynamic::einsum("ii", &[a.view()])?, arr0(5).into_dyn());
///
/// let error = dynamic::einsum("ij->iq", &[a.view()]).unwrap_err();
/// assert!(error.to_string().starts_with("output label `q` does not appear in any operand"));
/// # Ok::<(), einsum::EinsumError>(())
/// ```
pub fn einsum<T: Element>(
    subscripts: &str,
    operands: &[ArrayViewD<'_, T>],
) -> Result<ArrayD<T>, EinsumError> {
    Equation::new(subscripts, operands.len())?.einsum(operands)
}

/// The gradients of all operands, given that of the einsum of them.
///
/// The gradient of an operand has its shape: where an axis was stretched, it is summed back. Nothing is conjugated: for
/// complex elements this is the transpose of each linear map, so that the sum of `gradient * einsum(.., dx, ..)` is that of
/// `dx` times the gradient of `x`.
///
/// # Errors
///
/// As for [`assign`], with the gradient in place of the target.
///
/// # Panics
///
/// As for [`einsum`].
///
/// # Examples
///
/// A convolution layer, backward:
///
/// ```
/// # use einsum_runtime as einsum;
/// use einsum::dynamic;
/// use ndarray::array;
///
/// let (image, kernel) = (array![1, 2, 3, 4].into_dyn(), array![10, 1].into_dyn());
/// let gradient = array![1, 0, 2].into_dyn();
/// let gradients = dynamic::gradients("(x+i),i->x", &[image.view(), kernel.view()], &gradient.view())?;
/// assert_eq!(gradients[0], array![10, 1, 20, 2].into_dyn());
/// assert_eq!(gradients[1], array![7, 10].into_dyn());
/// # Ok::<(), einsum::EinsumError>(())
/// ```
pub fn gradients<T: Element>(
    subscripts: &str,
    operands: &[ArrayViewD<'_, T>],
    gradient: &ArrayViewD<'_, T>,
) -> Result<Vec<ArrayD<T>>, EinsumError> {
    Equation::new(subscripts, operands.len())?.gradients(operands, gradient)
}

/// `target = einsum`, in place.
///
/// The target must have exactly the shape that [`einsum`] would give. Its strides may be any.
///
/// # Errors
///
/// As for [`einsum`], and where the target has another shape. The target is left as it was, unless memory is missing for a later
/// part of three or more operands with index arithmetic.
///
/// # Panics
///
/// As for [`einsum`], and where the arithmetic of `+=` or `-=` does, in those forms. Part of the target may have been
/// written then.
///
/// # Examples
///
/// ```
/// # use einsum_runtime as einsum;
/// use einsum::dynamic;
/// use ndarray::{ArrayD, array};
///
/// let a = array![[1, 2], [3, 4]].into_dyn();
/// let mut transposed = ArrayD::zeros(vec![2, 2]);
/// dynamic::assign(&mut transposed, "ij->ji", &[a.view()])?;
/// assert_eq!(transposed, array![[1, 3], [2, 4]].into_dyn());
/// # Ok::<(), einsum::EinsumError>(())
/// ```
pub fn assign<T: Element>(
    target: &mut Target<T>,
    subscripts: &str,
    operands: &[ArrayViewD<'_, T>],
) -> Result<(), EinsumError> {
    Equation::new(subscripts, operands.len())?.assign(target, operands)
}

/// `target += einsum`, in place.
///
/// The target must have exactly the shape that [`einsum`] would give. Its strides may be any.
///
/// # Errors
///
/// As for [`assign`].
///
/// # Panics
///
/// As for [`assign`].
///
/// # Examples
///
/// ```
/// # use einsum_runtime as einsum;
/// use einsum::dynamic;
/// use ndarray::array;
///
/// let (x, y) = (array![1, 2].into_dyn(), array![3, 4].into_dyn());
/// let mut sums = array![[100, 100, 0], [100, 100, 0]].into_dyn();
/// let mut corner = sums.slice_mut(ndarray::s![.., ..2]).into_dyn();
/// dynamic::accumulate(&mut corner, "i,j->ij", &[x.view(), y.view()])?;
/// assert_eq!(sums, array![[103, 104, 0], [106, 108, 0]].into_dyn());
/// # Ok::<(), einsum::EinsumError>(())
/// ```
pub fn accumulate<T: Element>(
    target: &mut Target<T>,
    subscripts: &str,
    operands: &[ArrayViewD<'_, T>],
) -> Result<(), EinsumError> {
    Equation::new(subscripts, operands.len())?.accumulate(target, operands)
}

/// `target -= einsum`, in place.
///
/// The target must have exactly the shape that [`einsum`] would give. Its strides may be any.
///
/// # Errors
///
/// As for [`assign`].
///
/// # Panics
///
/// As for [`assign`].
///
/// # Examples
///
/// ```
/// # use einsum_runtime as einsum;
/// use einsum::dynamic;
/// use ndarray::array;
///
/// let (a, x) = (array![[1, 2], [3, 4]].into_dyn(), array![1, 1].into_dyn());
/// let mut residual = array![5, 5].into_dyn();
/// dynamic::subtract(&mut residual, "ij,j->i", &[a.view(), x.view()])?;
/// assert_eq!(residual, array![2, -2].into_dyn());
/// # Ok::<(), einsum::EinsumError>(())
/// ```
pub fn subtract<T: Element + Sub<Output = T>>(
    target: &mut Target<T>,
    subscripts: &str,
    operands: &[ArrayViewD<'_, T>],
) -> Result<(), EinsumError> {
    Equation::new(subscripts, operands.len())?.subtract(target, operands)
}

/// A view of an operand's elements, for subscripts that need no arithmetic, without a copy.
///
/// The view has one axis for each output label, in that order, and the axes of an ellipsis where it stands. It borrows what
/// the operand borrows, and may outlive it. Elements may be of any type.
///
/// # Errors
///
/// [`EinsumError::Subscripts`] if the subscripts break a rule, are for several operands, or need arithmetic: a label that
/// the output lacks, an affine index of the output, or one with padding. Else as for [`einsum`]; of these,
/// [`EinsumError::TooLarge`] for a view of more elements than can be counted.
///
/// # Examples
///
/// ```
/// # use einsum_runtime as einsum;
/// use einsum::dynamic;
/// use ndarray::array;
///
/// let a = array![[1, 2], [3, 4]].into_dyn();
/// assert_eq!(dynamic::view("ii->i", &a.view())?, array![1, 4].into_dyn());
///
/// let error = dynamic::view("ij->i", &a.view()).unwrap_err();
/// assert!(error.to_string().starts_with("a view cannot sum over `j`"));
/// # Ok::<(), einsum::EinsumError>(())
/// ```
pub fn view<'a, T>(subscripts: &str, operand: &ArrayViewD<'a, T>) -> Result<ArrayViewD<'a, T>, EinsumError> {
    subscripts.parse::<Equation>()?.view(operand)
}
