//! Operands and targets, as the macro reaches them.

use ndarray::{ArrayRef, Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn};

/// The shape of an array, whatever traits with a method of that name the caller has in scope.
#[inline]
pub fn shape<T, D: Dimension>(array: &ArrayRef<T, D>) -> &[usize] {
    array.shape()
}

/// What an in-place form writes to, reached by a method, so that places and references to them borrow alike.
pub trait Target {
    /// The target itself.
    fn as_einsum_target(&mut self) -> &mut Self;
}

impl<T, D> Target for ArrayRef<T, D> {
    #[inline]
    fn as_einsum_target(&mut self) -> &mut Self {
        self
    }
}

/// For each number of labels: the trait of the dimensions that fit.
///
/// A trait in the run time, and not one for each call with the call's own words, since an expansion may not carry
/// `#[diagnostic]` where the caller has `#![no_implicit_prelude]`. Constants, though, find their way into the
/// message.
macro_rules! ranks {
    ($($fits:ident<$($label:ident),*>: $dim:ident, $message:literal;)*) => {$(
        #[doc = concat!("The dimension of an operand with as many axes as `", stringify!($dim), "` has.")]
        #[diagnostic::on_unimplemented(
            message = $message,
            label = "this array is of the dimension `{Self}`",
            note = "an array whose dimension is a type parameter is taken as `array.view().into_dyn()`"
        )]
        pub trait $fits<const OPERAND: usize, $(const $label: char),*>: Dimension {}

        #[diagnostic::do_not_recommend]
        impl<const OPERAND: usize, $(const $label: char),*> $fits<OPERAND, $($label),*> for $dim {}
        #[diagnostic::do_not_recommend]
        impl<const OPERAND: usize, $(const $label: char),*> $fits<OPERAND, $($label),*> for IxDyn {}
    )*};
}

ranks! {
    Fits0<>: Ix0, "operand {OPERAND} has no labels, so it must have no axes";
    Fits1<A>: Ix1, "operand {OPERAND} is labelled {A}, so it must have 1 axis";
    Fits2<A, B>: Ix2, "operand {OPERAND} is labelled {A} {B}, so it must have 2 axes";
    Fits3<A, B, C>: Ix3, "operand {OPERAND} is labelled {A} {B} {C}, so it must have 3 axes";
    Fits4<A, B, C, D>: Ix4, "operand {OPERAND} is labelled {A} {B} {C} {D}, so it must have 4 axes";
    Fits5<A, B, C, D, E>: Ix5, "operand {OPERAND} is labelled {A} {B} {C} {D} {E}, so it must have 5 axes";
    Fits6<A, B, C, D, E, F>: Ix6, "operand {OPERAND} is labelled {A} {B} {C} {D} {E} {F}, so it must have 6 axes";
}

// Written out, and not by the macro: the compiler quotes the one that was called to users whose rank does not fit.

/// An operand whose rank fits its labels, with the elements of the first one.
#[inline]
pub fn operand0<'a, const O: usize, T, N: Fits0<O>, M>(
    _first: &ArrayRef<T, M>,
    array: &'a ArrayRef<T, N>,
) -> &'a ArrayRef<T, N> {
    array
}

/// An operand whose rank fits its labels, with the elements of the first one.
#[inline]
pub fn operand1<'a, const O: usize, const A: char, T, N: Fits1<O, A>, M>(
    _first: &ArrayRef<T, M>,
    array: &'a ArrayRef<T, N>,
) -> &'a ArrayRef<T, N> {
    array
}

/// An operand whose rank fits its labels, with the elements of the first one.
#[inline]
pub fn operand2<'a, const O: usize, const A: char, const B: char, T, N: Fits2<O, A, B>, M>(
    _first: &ArrayRef<T, M>,
    array: &'a ArrayRef<T, N>,
) -> &'a ArrayRef<T, N> {
    array
}

/// An operand whose rank fits its labels, with the elements of the first one.
#[inline]
pub fn operand3<
    'a,
    const O: usize,
    const A: char,
    const B: char,
    const C: char,
    T,
    N: Fits3<O, A, B, C>,
    M,
>(
    _first: &ArrayRef<T, M>,
    array: &'a ArrayRef<T, N>,
) -> &'a ArrayRef<T, N> {
    array
}

/// An operand whose rank fits its labels, with the elements of the first one.
#[inline]
pub fn operand4<
    'a,
    const O: usize,
    const A: char,
    const B: char,
    const C: char,
    const D: char,
    T,
    N: Fits4<O, A, B, C, D>,
    M,
>(
    _first: &ArrayRef<T, M>,
    array: &'a ArrayRef<T, N>,
) -> &'a ArrayRef<T, N> {
    array
}

/// An operand whose rank fits its labels, with the elements of the first one.
#[inline]
pub fn operand5<
    'a,
    const O: usize,
    const A: char,
    const B: char,
    const C: char,
    const D: char,
    const E: char,
    T,
    N: Fits5<O, A, B, C, D, E>,
    M,
>(
    _first: &ArrayRef<T, M>,
    array: &'a ArrayRef<T, N>,
) -> &'a ArrayRef<T, N> {
    array
}

/// An operand whose rank fits its labels, with the elements of the first one.
#[inline]
pub fn operand6<
    'a,
    const O: usize,
    const A: char,
    const B: char,
    const C: char,
    const D: char,
    const E: char,
    const F: char,
    T,
    N: Fits6<O, A, B, C, D, E, F>,
    M,
>(
    _first: &ArrayRef<T, M>,
    array: &'a ArrayRef<T, N>,
) -> &'a ArrayRef<T, N> {
    array
}

/// The dimension of an operand with more labels than a static rank has axes.
#[diagnostic::on_unimplemented(
    message = "operand {OPERAND} has {LABELS} labels, so it must have {LABELS} axes, and be of dynamic rank",
    label = "this array is of the dimension `{Self}`",
    note = "ndarray has static ranks up to 6; `array.view().into_dyn()` has a dynamic one"
)]
pub trait FitsMany<const OPERAND: usize, const LABELS: usize>: Dimension {}

impl<const OPERAND: usize, const LABELS: usize> FitsMany<OPERAND, LABELS> for IxDyn {}

/// An operand of dynamic rank, with the elements of the first operand.
#[inline]
pub fn operand_many<'a, const OPERAND: usize, const LABELS: usize, T, D: FitsMany<OPERAND, LABELS>, F>(
    _first: &ArrayRef<T, F>,
    array: &'a ArrayRef<T, D>,
) -> &'a ArrayRef<T, D> {
    array
}

/// The dimension of a target that has `LABELS` labels.
#[diagnostic::on_unimplemented(
    message = "the target must have as many axes as the output has labels: {LABELS}",
    label = "this array is of the dimension `{Self}`",
    note = "an array whose dimension is a type parameter is taken as `array.view_mut().into_dyn()`"
)]
pub trait FitsTarget<const LABELS: usize>: Dimension {}

impl<const LABELS: usize> FitsTarget<LABELS> for IxDyn {}
impl FitsTarget<0> for Ix0 {}
impl FitsTarget<1> for Ix1 {}
impl FitsTarget<2> for Ix2 {}
impl FitsTarget<3> for Ix3 {}
impl FitsTarget<4> for Ix4 {}
impl FitsTarget<5> for Ix5 {}
impl FitsTarget<6> for Ix6 {}

/// The target, of a rank that fits, with the elements of the first operand.
#[inline]
pub fn target<'a, const LABELS: usize, T, D: FitsTarget<LABELS>, F>(
    _first: &ArrayRef<T, F>,
    array: &'a mut ArrayRef<T, D>,
) -> &'a mut ArrayRef<T, D> {
    array
}
