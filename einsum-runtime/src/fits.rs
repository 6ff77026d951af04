//! Whether the rank of an array fits its labels, asked by type, so that the compiler underlines the one that does
//! not.

use ndarray::{ArrayRef, Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn};

use crate::spread::Rank;

/// A dimension that has a rank, or says that it is dynamic: each but a type parameter.
///
/// Asked before whether the rank fits, which is asked of [`Itself`](Self::Itself), so that a type parameter is not
/// told that its rank is wrong.
#[diagnostic::on_unimplemented(
    message = "the rank of an array of dimension `{Self}` is not known here",
    label = "this array is of the dimension `{Self}`",
    note = "take it as one of dynamic rank, `array.view().into_dyn()`, or `array.view_mut().into_dyn()` for a target"
)]
pub trait Ranked: Dimension {
    /// The dimension.
    type Itself: Dimension;
}

macro_rules! ranked {
    ($($dim:ident)*) => {$(
        #[diagnostic::do_not_recommend]
        impl Ranked for $dim {
            type Itself = $dim;
        }
    )*};
}

ranked!(Ix0 Ix1 Ix2 Ix3 Ix4 Ix5 Ix6 IxDyn);

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
            label = "this array is of the dimension `{Self}`"
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
pub fn operand0<const O: usize, T, N: Ranked>(array: &ArrayRef<T, N>) -> &ArrayRef<T, N>
where
    N::Itself: Fits0<O>,
{
    array
}

/// An operand whose rank fits its labels.
#[inline]
pub fn operand1<const O: usize, const A: char, T, N: Ranked>(array: &ArrayRef<T, N>) -> &ArrayRef<T, N>
where
    N::Itself: Fits1<O, A>,
{
    array
}

/// An operand whose rank fits its labels.
#[inline]
pub fn operand2<const O: usize, const A: char, const B: char, T, N: Ranked>(
    array: &ArrayRef<T, N>,
) -> &ArrayRef<T, N>
where
    N::Itself: Fits2<O, A, B>,
{
    array
}

/// An operand whose rank fits its labels.
#[inline]
pub fn operand3<const O: usize, const A: char, const B: char, const C: char, T, N: Ranked>(
    array: &ArrayRef<T, N>,
) -> &ArrayRef<T, N>
where
    N::Itself: Fits3<O, A, B, C>,
{
    array
}

/// An operand whose rank fits its labels.
#[inline]
pub fn operand4<const O: usize, const A: char, const B: char, const C: char, const D: char, T, N: Ranked>(
    array: &ArrayRef<T, N>,
) -> &ArrayRef<T, N>
where
    N::Itself: Fits4<O, A, B, C, D>,
{
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
    N: Ranked,
>(
    array: &ArrayRef<T, N>,
) -> &ArrayRef<T, N>
where
    N::Itself: Fits5<O, A, B, C, D, E>,
{
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
    N: Ranked,
>(
    array: &ArrayRef<T, N>,
) -> &ArrayRef<T, N>
where
    N::Itself: Fits6<O, A, B, C, D, E, F>,
{
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
pub fn operand_many<const O: usize, const LABELS: usize, T, N: Ranked>(
    array: &ArrayRef<T, N>,
) -> &ArrayRef<T, N>
where
    N::Itself: FitsMany<O, LABELS>,
{
    array
}

/// The dimension of an operand with `LABELS` labels and an ellipsis.
#[diagnostic::on_unimplemented(
    message = "operand {OPERAND} has labels beside its `...`, so it must have that many axes at least: {LABELS}",
    label = "this array is of the dimension `{Self}`"
)]
pub trait FitsSpread<const OPERAND: usize, const LABELS: usize>: Dimension {}

/// An operand with an ellipsis and enough axes for its labels.
#[inline]
pub fn operand_spread<const O: usize, const LABELS: usize, T, N: Ranked>(
    array: &ArrayRef<T, N>,
) -> &ArrayRef<T, N>
where
    N::Itself: FitsSpread<O, LABELS>,
{
    array
}

/// What remains of a dimension for an ellipsis beside `LABELS` labels.
///
/// Of every dimension, with no axes where there are too few, so that a rank which does not fit is one error and not
/// two. More labels than static ranks have axes leave a dynamic rank.
pub trait Beside<const LABELS: usize>: Dimension {
    /// The dimension of the ellipsis alone.
    type Rest: Dimension;
}

type Less<D> = <D as Dimension>::Smaller;

#[rustfmt::skip]
mod beside {
    use super::{Beside, Dimension, IxDyn, Less};

    impl<D: Dimension> Beside<0> for D { type Rest = D; }
    impl<D: Dimension> Beside<1> for D { type Rest = Less<D>; }
    impl<D: Dimension> Beside<2> for D { type Rest = Less<Less<D>>; }
    impl<D: Dimension> Beside<3> for D { type Rest = Less<Less<Less<D>>>; }
    impl<D: Dimension> Beside<4> for D { type Rest = Less<Less<Less<Less<D>>>>; }
    impl<D: Dimension> Beside<5> for D { type Rest = Less<Less<Less<Less<Less<D>>>>>; }
    impl<D: Dimension> Beside<6> for D { type Rest = Less<Less<Less<Less<Less<Less<D>>>>>>; }
    impl<D: Dimension> Beside<7> for D { type Rest = IxDyn; }
}

/// The rank of an operand's ellipsis.
#[inline]
pub fn rest<const LABELS: usize, T, N: Beside<LABELS>>(_: &ArrayRef<T, N>) -> Rank<N::Rest> {
    Rank::new()
}

/// The dimension of a target that has `LABELS` labels.
#[diagnostic::on_unimplemented(
    message = "the target must have as many axes as the output has labels: {LABELS}",
    label = "this array is of the dimension `{Self}`"
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
pub fn target<const LABELS: usize, T, N: Ranked>(array: &mut ArrayRef<T, N>) -> &mut ArrayRef<T, N>
where
    N::Itself: FitsTarget<LABELS>,
{
    array
}

/// The dimension of the gradient of a result that has `LABELS` labels.
#[diagnostic::on_unimplemented(
    message = "the gradient must have as many axes as the output has labels: {LABELS}",
    label = "this array is of the dimension `{Self}`"
)]
pub trait FitsGradient<const LABELS: usize>: Dimension {}

#[diagnostic::do_not_recommend]
impl<const LABELS: usize, D: FitsTarget<LABELS>> FitsGradient<LABELS> for D {}

/// The gradient of a result, of a rank that fits.
#[inline]
pub fn gradient<const LABELS: usize, T, N: Ranked>(array: &ArrayRef<T, N>) -> &ArrayRef<T, N>
where
    N::Itself: FitsGradient<LABELS>,
{
    array
}

/// The dimension of the gradient of a result with `LABELS` labels and an ellipsis.
#[diagnostic::on_unimplemented(
    message = "the output has labels beside its `...`, so the gradient must have that many axes at least: {LABELS}",
    label = "this array is of the dimension `{Self}`"
)]
pub trait FitsGradientSpread<const LABELS: usize>: Dimension {}

#[diagnostic::do_not_recommend]
impl<const LABELS: usize, D: FitsTargetSpread<LABELS>> FitsGradientSpread<LABELS> for D {}

/// The gradient of a result with an ellipsis.
#[inline]
pub fn gradient_spread<const LABELS: usize, T, N: Ranked>(array: &ArrayRef<T, N>) -> &ArrayRef<T, N>
where
    N::Itself: FitsGradientSpread<LABELS>,
{
    array
}

/// The dimension of a target with `LABELS` labels and an ellipsis.
#[diagnostic::on_unimplemented(
    message = "the output has labels beside its `...`, so the target must have that many axes at least: {LABELS}",
    label = "this array is of the dimension `{Self}`"
)]
pub trait FitsTargetSpread<const LABELS: usize>: Dimension {}

/// Each row: a dimension, and the numbers of labels that it has axes for.
macro_rules! spread {
    ($($dim:ident: $($labels:literal)*;)*) => {$($(
        #[diagnostic::do_not_recommend]
        impl<const OPERAND: usize> FitsSpread<OPERAND, $labels> for $dim {}
        #[diagnostic::do_not_recommend]
        impl FitsTargetSpread<$labels> for $dim {}
    )*)*};
}

spread! {
    Ix0: 0;
    Ix1: 0 1;
    Ix2: 0 1 2;
    Ix3: 0 1 2 3;
    Ix4: 0 1 2 3 4;
    Ix5: 0 1 2 3 4 5;
    Ix6: 0 1 2 3 4 5 6;
}

#[diagnostic::do_not_recommend]
impl<const OPERAND: usize, const LABELS: usize> FitsSpread<OPERAND, LABELS> for IxDyn {}

#[diagnostic::do_not_recommend]
impl<const LABELS: usize> FitsTargetSpread<LABELS> for IxDyn {}

/// The target of an output with an ellipsis.
#[inline]
pub fn target_spread<const LABELS: usize, T, N: Ranked>(array: &mut ArrayRef<T, N>) -> &mut ArrayRef<T, N>
where
    N::Itself: FitsTargetSpread<LABELS>,
{
    array
}
