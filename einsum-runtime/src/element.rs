//! What an array may hold, and the three ways to write a result.

use core::ops::{Add, Mul, Sub};

use num_traits::Zero;

use crate::engine::Mode;

/// An element type of `einsum!`: a commutative semiring, in which sums and products may be taken in any order.
///
/// Implemented for every type with these traits: floats, integers, `Complex`, big rationals, semirings of your
/// own. [`Zero`] is the trait of the crate `num-traits`, re-exported beside this one. Up to rounding, these must hold:
///
/// - addition is associative and commutative, and so is multiplication: products are formed and sums are taken in the
///   order that suits the loops, not in the order of the text;
/// - multiplication distributes over addition, `a * (b + c)` is `a * b + a * c`: a factor that a sum does not depend
///   on is multiplied once, and a label that only one operand has is summed before anything is multiplied by it;
/// - zero is neutral, `a + zero` is `a`: sums begin with it, and an empty sum is zero;
/// - zero absorbs, `a * zero` is zero: so is a product with an empty sum. (An infinity or NaN times an empty sum of floats
///   is NaN.)
///
/// Nothing demands a one. Overflow behaves as `+` and `*` of the type do.
///
/// With `n` summands a float result differs from the exact one by at most about `n * EPSILON` times the sum
/// of the absolute products, as for the naive loop (Higham, *Accuracy and Stability of Numerical Algorithms*,
/// section 3.1); usually by less, since several partial sums are kept.
///
/// # Examples
///
/// The shortest paths of two steps, in the semiring of minimum and sum:
///
/// ```
/// use std::ops::{Add, Mul};
/// # use einsum_runtime as einsum;
/// use einsum::{Element, Zero};
///
/// #[derive(Clone, Copy, PartialEq, Debug)]
/// struct Distance(f64);
///
/// impl Add for Distance {
///     type Output = Self;
///     fn add(self, other: Self) -> Self { Distance(self.0.min(other.0)) }
/// }
/// impl Mul for Distance {
///     type Output = Self;
///     fn mul(self, other: Self) -> Self { Distance(self.0 + other.0) }
/// }
/// impl Zero for Distance {
///     fn zero() -> Self { Distance(f64::INFINITY) }
///     fn is_zero(&self) -> bool { self.0 == f64::INFINITY }
/// }
///
/// fn accepted<T: Element>() {}
/// accepted::<Distance>();
/// accepted::<f32>();
/// accepted::<u8>();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an element of `einsum!`",
    note = "an element is `Clone + Zero + Add<Output = Self> + Mul<Output = Self> + 'static`"
)]
pub trait Element: Clone + 'static + Zero + Add<Output = Self> + Mul<Output = Self> {}

impl<T: Clone + 'static + Zero + Add<Output = T> + Mul<Output = T>> Element for T {}

/// How a value reaches its place in the result.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be stored by this form of `einsum!`",
    note = "`-=` needs `{T}: Sub<Output = {T}>`"
)]
pub trait Store<T>: Sized {
    /// The same, for kernels that are not generic.
    #[doc(hidden)]
    const MODE: Mode;
    /// How more summands of the same sum reach a place that has been written.
    #[doc(hidden)]
    type Further: Store<T>;
    /// Writes `value`, or adds it to what is there, or subtracts it.
    fn store(place: &mut T, value: T);
}

/// `=`: what was there is gone.
#[derive(Debug, Clone, Copy)]
pub struct Assign;

/// `+=`
#[derive(Debug, Clone, Copy)]
pub struct Accumulate;

/// `-=`
#[derive(Debug, Clone, Copy)]
pub struct Subtract;

impl<T: Element> Store<T> for Assign {
    const MODE: Mode = Mode::Assign;
    type Further = Accumulate;

    #[inline(always)]
    fn store(place: &mut T, value: T) {
        *place = value;
    }
}

impl<T: Element> Store<T> for Accumulate {
    const MODE: Mode = Mode::Accumulate;
    type Further = Self;

    #[inline(always)]
    fn store(place: &mut T, value: T) {
        *place = place.clone() + value;
    }
}

impl<T: Element + Sub<Output = T>> Store<T> for Subtract {
    const MODE: Mode = Mode::Subtract;
    type Further = Self;

    #[inline(always)]
    fn store(place: &mut T, value: T) {
        *place = place.clone() - value;
    }
}
