#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub use einsum_runtime::window::{self, Windows, as_strided, as_strided_unchecked, pad, try_pad};
pub use einsum_runtime::{EinsumError, Element, Kernel, Path, PathStep, Zero, kernel_in_use};
pub use einsum_runtime::{dynamic, error};
pub use ndarray;

/// The einsum of some arrays, in numpy's notation.
///
/// ```text
/// einsum!("subscripts", operand, ...)                owned result
/// einsum!(target = "subscripts", operand, ...)       overwrites the target; also `+=` and `-=`
/// einsum!("subscripts", operand, ...; i = 3)         with the extents of labels that no axis tells
/// einsum!("subscripts", operand, ...; i ~ 1000, memory_limit = 1 << 30)
/// ```
///
/// The subscripts are a string literal with one term for each operand and one letter for each axis, as in
/// `"ij,jk->ik"`; the [crate's page](crate#notation) has the whole notation. Operands, and targets, are arrays
/// of `ndarray`, views of them or references to them, of static rank up to 6 or `IxDyn`, with elements of one
/// type that is an [`Element`]; that of the first operand must be known, the others follow. Numbers, slices and
/// `Vec`s, and slices of Rust's arrays stand for terms with no, one and two letters, or with `...` for as many axes;
/// a number for a target without letters, a slice or `Vec` for one with one. They are borrowed, in the order in which
/// they stand, and then the target.
///
/// In parentheses, an index is a sum of letters: `"n(2x+i-3)c,ico->nxo"` is a layer of stride 2 over an image with a padding of
/// 3, read where it is. See [index arithmetic](crate#index-arithmetic).
///
/// Three or more operands are contracted in pairs, in the order that is cheapest for their extents: see
/// [several operands](crate#several-operands). A guess of an extent, `i ~ 1000`, helps to choose it when the program is compiled;
/// `memory_limit` is how many bytes intermediates may take. [`einsum_path!`] shows the order.
///
/// # Shapes
///
/// Each letter stands for one extent; an axis of extent 1 is stretched to it. The result has one axis for each
/// letter of the output: it is an `Array<T, IxN>` for up to 6, an `ArrayD<T>` for more, and a bare `T` for none.
/// With `...` it is an array whose rank is computed from those of the operands, by type. A target must have exactly
/// that shape; the in-place forms have the value `()`.
///
/// # Errors
///
/// What the subscripts, the number of operands and the static ranks tell is a compile error.
///
/// ```compile_fail
/// # use einsum::{einsum, ndarray::array};
/// # let a = array![[1, 2], [3, 4]];
/// einsum!("ij,jk->iq", a, a); // output label `q` does not appear in any operand
/// ```
///
/// # Panics
///
/// Where axes of one letter have different extents, or an array of dynamic rank has another number of axes
/// than its term has letters; and where there is no memory for the result or an intermediate one. [`try_einsum!`]
/// returns these as an [`EinsumError`]. Nothing is written before, with one exception: three or more operands with `...` or
/// index arithmetic are computed part by part, and where memory is what is missing (or a `memory_limit` refuses it), that may be
/// for a later part.
///
/// # Examples
///
/// ```
/// use einsum::einsum;
/// use einsum::ndarray::{Array2, array};
///
/// let a = array![[1, 2], [3, 4]];
/// assert_eq!(einsum!("ij,jk->ik", a, a), array![[7, 10], [15, 22]]);
/// assert_eq!(einsum!("ii", a), 5);
///
/// let mut c = Array2::zeros((2, 2));
/// einsum!(c += "ij->ji", a);
/// assert_eq!(c, array![[1, 3], [2, 4]]);
/// ```
#[macro_export]
macro_rules! einsum {
    ($($tokens:tt)*) => { $crate::__private::einsum!([$crate] $($tokens)*) };
}

/// [`einsum!`] with a `Result` where that panics.
///
/// The forms are the same; their type is `Result<_, EinsumError>`, with `()` for the in-place forms.
///
/// # Errors
///
/// The [`EinsumError`] that [`einsum!`] panics with. A target is left as it was, but for the exception that [`einsum!`] names.
///
/// # Examples
///
/// ```
/// use einsum::ndarray::Array2;
/// use einsum::{EinsumError, try_einsum};
///
/// fn weighted_gram(samples: &Array2<f64>, weights: &Array2<f64>) -> Result<Array2<f64>, EinsumError> {
///     try_einsum!("ni,nm,mj->ij", samples, weights, samples)
/// }
///
/// let samples = Array2::ones((4, 3));
/// assert!(weighted_gram(&samples, &Array2::ones((4, 4))).is_ok());
/// let error = weighted_gram(&samples, &Array2::ones((5, 5))).unwrap_err();
/// let expected = "label `n` of \"ni,nm,mj->ij\" has extent 4 in operand 0 (`samples`, axis 0) \
///                 but 5 in operand 1 (`weights`, axis 0)";
/// assert_eq!(error.to_string(), expected);
/// ```
#[macro_export]
macro_rules! try_einsum {
    ($($tokens:tt)*) => { $crate::__private::try_einsum!([$crate] $($tokens)*) };
}

/// The gradients of the operands of an einsum, given the gradient of its result.
///
/// ```text
/// einsum_grad!("subscripts", operand, ...; gradient)                        a new array for each operand, as a tuple
/// einsum_grad!((target, ...) += "subscripts", operand, ...; gradient)       adds to arrays; also `=` and `-=`
/// ```
///
/// `const` before an operand leaves its gradient out; one that is asked for alone comes bare, and has a target without
/// parentheses. Extents of labels follow a second semicolon, as in `; dy; i = 3`.
///
/// An einsum is linear in each operand, so the gradient of an operand is an einsum of the gradient of the result and of
/// the other operands, with the operand's own indices as its output. Those equations are made when the program is compiled.
/// Nothing is conjugated: for complex elements a gradient is the transpose of the linear map applied to that of the result,
/// so that `sum(gradient * einsum(.., v, ..))` is `sum(v * gradient_of_the_operand)`, without conjugation, for every `v`.
/// (Of a real loss `L`, with the convention `dL/dx - i dL/dy` for `x + iy`, that is the chain rule as it stands.)
///
/// # Shapes
///
/// The gradient must have the shape of the result. Those of the operands have the shapes, and static ranks, of the
/// operands: an axis that was stretched is summed back, a label that was summed alone repeats the gradient, off a diagonal
/// there are zeros. The gradient of a term without letters is a bare number. A target must have its operand's shape.
///
/// # Errors
///
/// As for [`einsum!`], and where there are more or fewer targets than gradients.
///
/// # Panics
///
/// As for [`einsum!`]; [`try_einsum_grad!`] returns these as an [`EinsumError`]. No target is written before all is checked.
///
/// # Examples
///
/// ```
/// use einsum::ndarray::array;
/// use einsum::{einsum, einsum_grad};
///
/// // A convolution layer and its backward pass.
/// let (x, w) = (array![1.0, 2.0, 3.0, 4.0], array![1.0, 0.5, 0.25]);
/// let y = einsum!("(x+i-1),i->x", x, w);
/// let dy = array![1.0, 0.0, 0.0, 2.0];
/// let (dx, dw) = einsum_grad!("(x+i-1),i->x", x, w; dy);
/// assert_eq!(dx, array![0.5, 0.25, 2.0, 1.0]);
/// assert_eq!(dw, array![6.0, 9.0, 2.0]);
///
/// // The same, added to what is there; and one gradient alone.
/// let (mut gx, mut gw) = (dx.clone(), dw.clone());
/// einsum_grad!((gx, gw) += "(x+i-1),i->x", x, w; dy);
/// assert_eq!((gx, gw), (&dx * 2.0, &dw * 2.0));
/// assert_eq!(einsum_grad!("(x+i-1),i->x", const x, w; dy), dw);
/// assert_eq!(y.len(), 4);
/// ```
#[macro_export]
macro_rules! einsum_grad {
    ($($tokens:tt)*) => { $crate::__private::einsum_grad!([$crate] $($tokens)*) };
}

/// [`einsum_grad!`] with a `Result` where that panics.
///
/// # Errors
///
/// The [`EinsumError`] that [`einsum_grad!`] panics with.
///
/// # Examples
///
/// ```
/// use einsum::ndarray::array;
/// use einsum::try_einsum_grad;
///
/// let (a, b) = (array![[1, 2], [3, 4]], array![1, 1]);
/// let (da, db) = try_einsum_grad!("ij,j->i", a, b; array![1, 0])?;
/// assert_eq!((da, db), (array![[1, 1], [0, 0]], array![1, 2]));
/// let error = try_einsum_grad!("ij,j->i", a, b; array![1, 0, 0]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "label `i` of \"ij,j->i\" has extent 2 in operand 0 (`a`, axis 0) but 3 in the gradient (`array![1, 0, 0]`, axis 0)"
/// );
/// # Ok::<(), einsum::EinsumError>(())
/// ```
#[macro_export]
macro_rules! try_einsum_grad {
    ($($tokens:tt)*) => { $crate::__private::try_einsum_grad!([$crate] $($tokens)*) };
}

/// A view of an array's elements in numpy's notation, where no arithmetic is needed: nothing is copied.
///
/// ```text
/// einsum_view!("subscripts", operand)
/// einsum_view!("subscripts", operand; label = extent, ...)
/// ```
///
/// Axes are put into another order, `"ij->ji"`; a label that is repeated walks the diagonal, `"ii->i"`; an affine index
/// of several labels makes windows, `"(2x+i)->xi"`, or turns an axis round, `"(x-i+2)->xi"`; `...` stands for any axes,
/// `"...ij->...ji"`. The operand is an array of `ndarray`, a view of one or a reference to it, with elements of any type.
/// Slices and `Vec`s stand for terms of one letter, slices of Rust's arrays for those of two.
///
/// The view borrows the operand. Of an `ArrayView` it borrows what that does, and may be returned from the function
/// which was given it.
///
/// # Shapes
///
/// The view has one axis for each letter of the output: it is an `ArrayView<'_, T, IxN>` for up to 6, and an
/// `ArrayViewD<'_, T>` for more. With `...` the rank is computed from that of the operand, by type. The extent of a label
/// that only an affine index has is the largest for which all positions lie inside, once those of its other labels are
/// known, or given behind the semicolon. An axis of extent 1 whose label is given another extent is repeated.
///
/// # Errors
///
/// What the subscripts and the static rank tell is a compile error, and so is everything that a view cannot show: a label that
/// the output lacks, for it would be summed over; several operands; index arithmetic in the output; an affine index with
/// padding; a target.
///
/// ```compile_fail
/// # use einsum::{einsum_view, ndarray::array};
/// # let a = array![[1, 2], [3, 4]];
/// einsum_view!("ij->i", a); // a view cannot sum over `j`
/// ```
///
/// # Panics
///
/// As [`einsum!`] does where extents or dynamic ranks disagree, and where the view has more elements than can be counted.
/// [`try_einsum_view!`] returns these as an [`EinsumError`].
///
/// # Examples
///
/// ```
/// use einsum::einsum_view;
/// use einsum::ndarray::{ArrayView2, array};
///
/// let a = array![[1, 2], [3, 4]];
/// assert_eq!(einsum_view!("ij->ji", a), a.t());
/// assert_eq!(einsum_view!("ii->i", a), a.diag());
///
/// // Every 2x2 window of an image.
/// let image = array![[1, 2, 3], [4, 5, 6], [7, 8, 9]];
/// let windows = einsum_view!("(x+i)(y+j)->xyij", image; i = 2, j = 2);
/// assert_eq!(windows.shape(), [2, 2, 2, 2]);
/// assert_eq!(windows[[1, 0, 0, 1]], image[[1 + 0, 0 + 1]]);
///
/// fn transposed(a: ArrayView2<'_, f64>) -> ArrayView2<'_, f64> {
///     einsum_view!("ij->ji", a)
/// }
/// assert_eq!(transposed(array![[1.0, 2.0]].view()), array![[1.0], [2.0]]);
/// ```
#[macro_export]
macro_rules! einsum_view {
    ($($tokens:tt)*) => { $crate::__private::einsum_view!([$crate] $($tokens)*) };
}

/// [`einsum_view!`] with a `Result` where that panics.
///
/// # Errors
///
/// The [`EinsumError`] that [`einsum_view!`] panics with.
///
/// # Examples
///
/// ```
/// use einsum::try_einsum_view;
/// use einsum::ndarray::Array2;
///
/// let square = Array2::<f64>::eye(3);
/// assert_eq!(try_einsum_view!("ii->i", square).unwrap(), square.diag());
///
/// let a = Array2::<f64>::zeros((2, 3));
/// assert_eq!(
///     try_einsum_view!("ii->i", a).unwrap_err().to_string(),
///     "label `i` of \"ii->i\" has extent 2 in operand 0 (`a`, axis 0) but 3 in operand 0 (`a`, axis 1)"
/// );
/// ```
#[macro_export]
macro_rules! try_einsum_view {
    ($($tokens:tt)*) => { $crate::__private::try_einsum_view!([$crate] $($tokens)*) };
}

/// What [`einsum!`] would do with these operands, as a table: in which order they are contracted, what that costs, and which
/// kernel does each step.
///
/// ```text
/// einsum_path!("subscripts", operand, ...)
/// einsum_path!("subscripts", operand, ...; i = 3)
/// ```
///
/// The value is a [`Path`], whose `Display` is like that of numpy's `einsum_path`. Nothing is computed, and no element is read.
///
/// # Errors
///
/// What [`einsum!`] refuses is a compile error, and a target, as in `c = "ij->ji"`.
///
/// # Panics
///
/// As [`einsum!`] does where extents or dynamic ranks disagree. [`try_einsum_path!`] returns these as an [`EinsumError`].
///
/// # Examples
///
/// ```
/// use einsum::einsum_path;
/// use einsum::ndarray::Array2;
///
/// let wide = Array2::<f64>::zeros((1000, 1000));
/// let narrow = Array2::<f64>::zeros((1000, 10));
/// let path = einsum_path!("ij,jk,kl->il", wide, wide, narrow);
/// assert_eq!(path.flops(), 4e7);
/// let table = "
///    Complete contraction:  ij,jk,kl->il
///           Naive scaling:  4
///       Optimized scaling:  3
///        Naive FLOP count:  3.000e10
///    Optimized FLOP count:  4.000e7
///     Theoretical speedup:  750.000
///    Largest intermediate:  1.000e4 elements
///   Intermediates at peak:  80000 bytes
/// -------------------------------------------------
/// scaling   kernel            current     remaining
/// -------------------------------------------------
///    3      matrix product    jk,kl->jl   ij,jl
///    3      matrix product    ij,jl->il   il";
/// assert_eq!(format!("\n{path}"), table);
/// ```
#[macro_export]
macro_rules! einsum_path {
    ($($tokens:tt)*) => { $crate::__private::einsum_path!([$crate] $($tokens)*) };
}

/// [`einsum_path!`] with a `Result` where that panics.
///
/// # Errors
///
/// The [`EinsumError`] that [`einsum_path!`] panics with.
///
/// # Examples
///
/// ```
/// use einsum::try_einsum_path;
/// use einsum::ndarray::Array2;
///
/// let a = Array2::<f64>::zeros((2, 3));
/// assert_eq!(try_einsum_path!("ij,kj->ik", a, a).unwrap().flops(), 24.0);
/// assert!(try_einsum_path!("ij,jk->ik", a, a).is_err());
/// ```
#[macro_export]
macro_rules! try_einsum_path {
    ($($tokens:tt)*) => { $crate::__private::try_einsum_path!([$crate] $($tokens)*) };
}

/// All names that expansions use. Not part of the public interface.
#[doc(hidden)]
pub mod __private {
    pub use core::option::Option::{None, Some};
    pub use core::primitive::usize;
    pub use core::result::Result::{Err, Ok};
    pub use einsum_macros::{
        einsum, einsum_grad, einsum_path, einsum_view, try_einsum, try_einsum_grad, try_einsum_path,
        try_einsum_view,
    };
    pub use einsum_runtime::arithmetic::{Elements, WithKernels, WithoutKernels};
    pub use einsum_runtime::call::{Affine, Call, CallArray, Index, Resolution, extent, unwrap, zeros_like};
    pub use einsum_runtime::element::{Accumulate, Assign, Element, Store, Subtract};
    pub use einsum_runtime::engine::{MatrixAxes, contract, contract_pieces, contract_small};
    pub use einsum_runtime::error::{Operand, Role};
    pub use einsum_runtime::fits::{
        gradient, gradient_spread, operand_many, operand_spread, operand0, operand1, operand2, operand3,
        operand4, operand5, operand6, rest, target, target_spread,
    };
    pub use einsum_runtime::lanes::{NARROW, WIDE, accumulate, run, tiles, value, zero, zeros};
    pub use einsum_runtime::network::{Cache, Factor, Network, NetworkCall, Order, Term, contract_network};
    pub use einsum_runtime::operand::{
        ArrayOperand, ArrayOrNestedMethod, ArrayOrSliceMethod, NestedOperand, ScalarOperand, ScalarTarget,
        SliceOperand, SliceTarget, SpreadSliceOperand, Target, TargetMethod, TargetOrSliceMethod, ViewMethod,
        ViewOrNestedMethod, ViewOrSliceMethod, clear, same, same_mut, shape,
    };
    pub use einsum_runtime::path::{dynamic_view, path};
    pub use einsum_runtime::pieces::{Loops, Piece, Pieces};
    pub use einsum_runtime::spread::{Ellipsis, Rank, Walk};
    pub use einsum_runtime::strided::{Any, Line, Spread, Step, Strided, StridedMut, Unit};
    pub use einsum_runtime::view::{LentArray, LentNested, LentSlice, LentView, view};
}
