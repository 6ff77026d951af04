//! Operands and targets, as the macro reaches them.

use ndarray::{
    ArrayRef, ArrayView0, ArrayView1, ArrayView2, ArrayViewMut0, ArrayViewMut1, Dimension, aview0, aview1,
    aview2,
};

use crate::element::Element;

/// The shape of an array, whatever traits with a method of that name the caller has in scope.
#[inline]
pub fn shape<T, D: Dimension>(array: &ArrayRef<T, D>) -> &[usize] {
    array.shape()
}

/// Zeros everywhere, for pieces to be added to.
#[inline]
pub fn clear<T: Element, D: Dimension>(array: &mut ArrayRef<T, D>) {
    array.fill(T::zero());
}

/// What an in-place form writes to, reached by a method, so that places and references to them borrow alike.
pub trait Target {
    /// The target itself.
    fn as_einsum_target(&mut self) -> &mut Self;
    /// The target itself, where a place for one element will do as well.
    fn as_einsum_target_or_place(&mut self) -> &mut Self;
    /// The target itself, where a slice will do as well.
    fn as_einsum_target_or_slice(&mut self) -> &mut Self;
}

impl<T, D> Target for ArrayRef<T, D> {
    #[inline]
    fn as_einsum_target(&mut self) -> &mut Self {
        self
    }
    #[inline]
    fn as_einsum_target_or_place(&mut self) -> &mut Self {
        self
    }
    #[inline]
    fn as_einsum_target_or_slice(&mut self) -> &mut Self {
        self
    }
}

/// A place for one element, as a target of an output without axes.
///
/// The methods of an array and of an element have one name, in two traits: method resolution takes the one that
/// fits, dereferencing on the way, where a trait bound would have to be told.
pub trait ScalarTarget {
    /// The place as an array.
    fn as_einsum_target_or_place(&mut self) -> ArrayViewMut0<'_, Self>
    where
        Self: Sized;
}

impl<T: Element> ScalarTarget for T {
    #[inline]
    fn as_einsum_target_or_place(&mut self) -> ArrayViewMut0<'_, T> {
        ArrayViewMut0::from_shape((), core::slice::from_mut(self)).expect("one element")
    }
}

/// A slice, or what dereferences to one, as a target of an output with one axis.
pub trait SliceTarget<T> {
    /// The slice as an array.
    fn as_einsum_target_or_slice(&mut self) -> ArrayViewMut1<'_, T>;
}

impl<T> SliceTarget<T> for [T] {
    #[inline]
    fn as_einsum_target_or_slice(&mut self) -> ArrayViewMut1<'_, T> {
        ArrayViewMut1::from(self)
    }
}

/// An operand that is an array, beside those that can be read as one: the names tell the number of labels, so that
/// each finds the traits of its own.
pub trait ArrayOperand {
    /// The array itself, where elements will do as well.
    fn as_einsum_array_or_scalar(&self) -> &Self;
    /// The array itself, where slices will do as well.
    fn as_einsum_array_or_slice(&self) -> &Self;
    /// The array itself, where slices of Rust's arrays will do as well.
    fn as_einsum_array_or_nested(&self) -> &Self;
    /// The array itself, where its term has an ellipsis, so that everything else will do as well.
    fn as_einsum_array_or_any(&self) -> &Self;
}

impl<T, D> ArrayOperand for ArrayRef<T, D> {
    #[inline]
    fn as_einsum_array_or_scalar(&self) -> &Self {
        self
    }
    #[inline]
    fn as_einsum_array_or_slice(&self) -> &Self {
        self
    }
    #[inline]
    fn as_einsum_array_or_nested(&self) -> &Self {
        self
    }
    #[inline]
    fn as_einsum_array_or_any(&self) -> &Self {
        self
    }
}

/// One element, as an operand without labels, or without axes for its ellipsis.
pub trait ScalarOperand {
    /// The element as an array.
    fn as_einsum_array_or_scalar(&self) -> ArrayView0<'_, Self>
    where
        Self: Sized;
    /// The element as an array.
    fn as_einsum_array_or_any(&self) -> ArrayView0<'_, Self>
    where
        Self: Sized;
}

impl<T: Element> ScalarOperand for T {
    #[inline]
    fn as_einsum_array_or_scalar(&self) -> ArrayView0<'_, T> {
        aview0(self)
    }
    #[inline]
    fn as_einsum_array_or_any(&self) -> ArrayView0<'_, T> {
        aview0(self)
    }
}

/// A slice, or what dereferences to one, as an operand with one label.
pub trait SliceOperand<T> {
    /// The slice as an array.
    fn as_einsum_array_or_slice(&self) -> ArrayView1<'_, T>;
}

impl<T> SliceOperand<T> for [T] {
    #[inline]
    fn as_einsum_array_or_slice(&self) -> ArrayView1<'_, T> {
        aview1(self)
    }
}

/// A slice of elements, which a slice of Rust's arrays is not, as an operand with an ellipsis.
pub trait SpreadSliceOperand<T> {
    /// The slice as an array.
    fn as_einsum_array_or_any(&self) -> ArrayView1<'_, T>;
}

impl<T: Element> SpreadSliceOperand<T> for [T] {
    #[inline]
    fn as_einsum_array_or_any(&self) -> ArrayView1<'_, T> {
        aview1(self)
    }
}

/// A slice of Rust's arrays as an operand with two axes.
pub trait NestedOperand<T> {
    /// The slice as an array.
    fn as_einsum_array_or_nested(&self) -> ArrayView2<'_, T>;
    /// The slice as an array.
    fn as_einsum_array_or_any(&self) -> ArrayView2<'_, T>;
}

impl<T, const N: usize> NestedOperand<T> for [[T; N]] {
    #[inline]
    fn as_einsum_array_or_nested(&self) -> ArrayView2<'_, T> {
        aview2(self)
    }
    #[inline]
    fn as_einsum_array_or_any(&self) -> ArrayView2<'_, T> {
        aview2(self)
    }
}

/// Traits with the methods above for all types, under a condition that none meets: the compiler then says what the
/// condition says, instead of that there is no such method.
macro_rules! refusals {
    ($($refusal:ident $condition:ident $method:ident $message:literal $label:literal;)*) => {$(
        #[doc = concat!("What nothing is, to say: ", $message, ".")]
        #[diagnostic::on_unimplemented(message = $message, label = $label)]
        pub trait $condition {}

        #[doc = concat!("The method `", stringify!($method), "` of what has none.")]
        pub trait $refusal {
            /// Never called.
            fn $method(&mut self);
        }

        #[diagnostic::do_not_recommend]
        impl<T: $condition + ?Sized> $refusal for T {
            fn $method(&mut self) {}
        }
    )*};
}

refusals! {
    TargetMethod TargetArray as_einsum_target
        "the target of an output with these labels is an array" "not an array that can be written to";
    TargetOrSliceMethod TargetArrayOrSlice as_einsum_target_or_slice
        "the target of an output with 1 label is an array, a `Vec` or a slice" "not an array that can be written to";
    ArrayOrSliceMethod ArrayOrSlice as_einsum_array_or_slice
        "an operand with 1 label is an array, a `Vec` or a slice" "neither an array nor a slice";
    ArrayOrNestedMethod ArrayOrSliceOfArrays as_einsum_array_or_nested
        "an operand with 2 labels is an array, or a slice of Rust's arrays" "neither an array nor a slice of Rust's arrays";
    ViewMethod ViewedArray as_einsum_view
        "the operand of a view with these labels is an array" "not an array";
    ViewOrSliceMethod ViewedArrayOrSlice as_einsum_view
        "the operand of a view with 1 label is an array, a `Vec` or a slice" "neither an array nor a slice";
    ViewOrNestedMethod ViewedArrayOrSliceOfArrays as_einsum_view
        "the operand of a view with 2 labels is an array, or a slice of Rust's arrays" "neither an array nor a slice of Rust's arrays";
}

/// Element types that are the same one: that of operand 0, and that of a further array.
///
/// The first one is `Self`: a target of a type yet unknown gets it, while an operand 0 must be of a known type.
#[diagnostic::on_unimplemented(
    message = "arrays have elements of different types, `{Self}` and `{Other}`",
    label = "elements of type `{Other}` here, but `{Self}` in operand 0",
    note = "convert one of the arrays, as in `.mapv(|x| x as {Self})`"
)]
pub trait SameAs<Other>: Sized {
    /// The same array.
    fn same<D>(array: &ArrayRef<Other, D>) -> &ArrayRef<Self, D>;
    /// The same array.
    fn same_mut<D>(array: &mut ArrayRef<Other, D>) -> &mut ArrayRef<Self, D>;
}

#[diagnostic::do_not_recommend]
impl<T> SameAs<T> for T {
    #[inline]
    fn same<D>(array: &ArrayRef<T, D>) -> &ArrayRef<T, D> {
        array
    }
    #[inline]
    fn same_mut<D>(array: &mut ArrayRef<T, D>) -> &mut ArrayRef<T, D> {
        array
    }
}

/// A further operand, which has the elements of the first one.
///
/// A pair, and bound to a variable before: of two arguments the compiler would make the type of one from the other,
/// and complain in its own words.
#[inline]
pub fn same<'a, T: SameAs<U>, U, M, N>(
    (_, array): (&ArrayRef<T, M>, &'a ArrayRef<U, N>),
) -> &'a ArrayRef<T, N> {
    T::same(array)
}

/// The target, which has the elements of the first operand.
#[inline]
pub fn same_mut<'a, T: SameAs<U>, U, M, N>(
    (_, array): (&ArrayRef<T, M>, &'a mut ArrayRef<U, N>),
) -> &'a mut ArrayRef<T, N> {
    T::same_mut(array)
}
