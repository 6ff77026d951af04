//! Whether the rank of an array fits its labels, asked by type, so that the compiler underlines the one that does
//! not.

use ndarray::{ArrayRef, Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn};

use crate::spread::Rank;

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

/// An operand whose rank fits its labels.
#[inline]
pub fn operand0<const O: usize, T, N: Fits0<O>>(array: &ArrayRef<T, N>) -> &ArrayRef<T, N> {
    array
}

/// An operand whose rank fits its labels.
#[inline]
pub fn operand1<const O: usize, const A: char, T, N: Fits1<O, A>>(array: &ArrayRef<T, N>) -> &ArrayRef<T, N> {
    array
}

/// An operand whose rank fits its labels.
#[inline]
pub fn operand2<const O: usize, const A: char, const B: char, T, N: Fits2<O, A, B>>(
    array: &ArrayRef<T, N>,
) -> &ArrayRef<T, N> {
    array
}

/// An operand whose rank fits its labels.
#[inline]
pub fn operand3<const O: usize, const A: char, const B: char, const C: char, T, N: Fits3<O, A, B, C>>(
    array: &ArrayRef<T, N>,
) -> &ArrayRef<T, N> {
    array
}

/// An operand whose rank fits its labels.
#[inline]
pub fn operand4<
    const O: usize,
    const A: char,
    const B: char,
    const C: char,
    const D: char,
    T,
    N: Fits4<O, A, B, C, D>,
>(
    array: &ArrayRef<T, N>,
) -> &ArrayRef<T, N> {
    array
}

/// An operand whose rank fits its labels.
#[inline]
pub fn operand5<
    const O: usize,
    const A: char,
    const B: char,
    const C: char,
    const D: char,
    const E: char,
    T,
    N: Fits5<O, A, B, C, D, E>,
>(
    array: &ArrayRef<T, N>,
) -> &ArrayRef<T, N> {
    array
}

/// An operand whose rank fits its labels.
#[inline]
pub fn operand6<
    const O: usize,
    const A: char,
    const B: char,
    const C: char,
    const D: char,
    const E: char,
    const F: char,
    T,
    N: Fits6<O, A, B, C, D, E, F>,
>(
    array: &ArrayRef<T, N>,
) -> &ArrayRef<T, N> {
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

/// An operand of dynamic rank.
#[inline]
pub fn operand_many<const O: usize, const LABELS: usize, T, N: FitsMany<O, LABELS>>(
    array: &ArrayRef<T, N>,
) -> &ArrayRef<T, N> {
    array
}

/// The dimension of an operand with `LABELS` labels and an ellipsis.
#[diagnostic::on_unimplemented(
    message = "operand {OPERAND} has labels beside its `...`, so it must have that many axes at least: {LABELS}",
    label = "this array is of the dimension `{Self}`",
    note = "an array whose dimension is a type parameter is taken as `array.view().into_dyn()`"
)]
pub trait FitsSpread<const OPERAND: usize, const LABELS: usize>: Dimension {
    /// The dimension of the ellipsis alone.
    type Rest: Dimension;
}

/// An operand with an ellipsis and enough axes for its labels, and the rank of its ellipsis.
#[inline]
pub fn operand_spread<const O: usize, const LABELS: usize, T, N: FitsSpread<O, LABELS>>(
    array: &ArrayRef<T, N>,
) -> (&ArrayRef<T, N>, Rank<N::Rest>) {
    (array, Rank::new())
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

/// The target, of a rank that fits.
#[inline]
pub fn target<const LABELS: usize, T, N: FitsTarget<LABELS>>(
    array: &mut ArrayRef<T, N>,
) -> &mut ArrayRef<T, N> {
    array
}

/// The dimension of a target with `LABELS` labels and an ellipsis.
#[diagnostic::on_unimplemented(
    message = "the output has labels beside its `...`, so the target must have that many axes at least: {LABELS}",
    label = "this array is of the dimension `{Self}`",
    note = "an array whose dimension is a type parameter is taken as `array.view_mut().into_dyn()`"
)]
pub trait FitsTargetSpread<const LABELS: usize>: Dimension {}

/// Each row: a dimension, and for each number of labels what remains for the ellipsis.
macro_rules! spread {
    ($($dim:ident: $($labels:literal $rest:ident)*;)*) => {$($(
        #[diagnostic::do_not_recommend]
        impl<const OPERAND: usize> FitsSpread<OPERAND, $labels> for $dim {
            type Rest = $rest;
        }
        #[diagnostic::do_not_recommend]
        impl FitsTargetSpread<$labels> for $dim {}
    )*)*};
}

spread! {
    Ix0: 0 Ix0;
    Ix1: 0 Ix1 1 Ix0;
    Ix2: 0 Ix2 1 Ix1 2 Ix0;
    Ix3: 0 Ix3 1 Ix2 2 Ix1 3 Ix0;
    Ix4: 0 Ix4 1 Ix3 2 Ix2 3 Ix1 4 Ix0;
    Ix5: 0 Ix5 1 Ix4 2 Ix3 3 Ix2 4 Ix1 5 Ix0;
    Ix6: 0 Ix6 1 Ix5 2 Ix4 3 Ix3 4 Ix2 5 Ix1 6 Ix0;
}

#[diagnostic::do_not_recommend]
impl<const OPERAND: usize, const LABELS: usize> FitsSpread<OPERAND, LABELS> for IxDyn {
    type Rest = IxDyn;
}

#[diagnostic::do_not_recommend]
impl<const LABELS: usize> FitsTargetSpread<LABELS> for IxDyn {}

/// The target of an output with an ellipsis.
#[inline]
pub fn target_spread<const LABELS: usize, T, N: FitsTargetSpread<LABELS>>(
    array: &mut ArrayRef<T, N>,
) -> &mut ArrayRef<T, N> {
    array
}
