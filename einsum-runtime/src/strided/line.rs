//! The innermost loops' way through an array.

use core::marker::PhantomData;

use crate::element::Element;
use crate::lanes::{ANY_LANES, UNIT_LANES, sum};

/// Elements at equal distances.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a, T> {
    start: *const T,
    /// In elements.
    stride: isize,
    len: usize,
    array: PhantomData<&'a T>,
}

impl<T> Line<'_, T> {
    /// Elements from `start` on.
    ///
    /// # Safety
    ///
    /// For `'a`, nobody writes to the `len` elements that lie `stride` apart from `start` on, and there are as many.
    #[inline(always)]
    pub(super) unsafe fn new(start: *const T, stride: isize, len: usize) -> Self {
        Self { start, stride, len, array: PhantomData }
    }

    /// The element `n` steps from the start.
    ///
    /// # Safety
    ///
    /// - `n` is below the number of elements: that of the line's axis, less the index along it that was given to
    ///   [`line`](super::Strided::line).
    /// - If `S` is [`Unit`], [`is_contiguous`](super::Strided::is_contiguous) holds for that axis.
    #[inline(always)]
    #[must_use]
    pub unsafe fn get<S: Step>(&self, n: usize) -> T
    where
        T: Clone,
    {
        debug_assert!(n < self.len, "{n} of {}", self.len);
        // SAFETY: the element is one of those that `new` was promised, and `S` gives the stride that they have.
        unsafe { (*self.start.offset(n as isize * S::stride(self.stride))).clone() }
    }
}

/// Sums of whole lines, which need no contract.
impl<T: Element> Line<'_, T> {
    /// The sum of the elements.
    pub(crate) fn sum(&self) -> T {
        if self.stride == 1 {
            // SAFETY: `sum` stays below `len`, and the stride is 1.
            Unit::sum(self.len, |n| unsafe { self.get::<Unit>(n) })
        } else {
            // SAFETY: `sum` stays below `len`.
            Any::sum(self.len, |n| unsafe { self.get::<Any>(n) })
        }
    }

    /// The sum of the products of two lines' elements.
    ///
    /// # Panics
    ///
    /// Where one line is longer than the other.
    pub(crate) fn dot(&self, other: &Self) -> T {
        assert_eq!(self.len, other.len, "both lines are as long as their loop");
        if self.stride == 1 && other.stride == 1 {
            // SAFETY: `sum` stays below `len`, that of both lines, and both strides are 1.
            Unit::sum(self.len, |n| unsafe { self.get::<Unit>(n) * other.get::<Unit>(n) })
        } else {
            // SAFETY: `sum` stays below `len`, that of both lines.
            Any::sum(self.len, |n| unsafe { self.get::<Any>(n) * other.get::<Any>(n) })
        }
    }
}

/// What is known of a stride, in elements, when a loop is compiled.
///
/// # Safety
///
/// `stride` returns its argument, and `sum` calls `term` with numbers below `len` only.
pub unsafe trait Step {
    /// The stride to use for an axis of this stride.
    fn stride(stride: isize) -> isize;
    /// The sum of `term(n)` for `n` below `len`, by as many partial sums as pay.
    fn sum<T: Element>(len: usize, term: impl Fn(usize) -> T) -> T;
}

/// Neighbours in memory: the stride is 1.
#[derive(Debug)]
pub struct Unit;

/// Any stride: strided, reversed or broadcast.
#[derive(Debug)]
pub struct Any;

// SAFETY: callers ask for a stride of 1; `lanes::sum` stays below `len`.
unsafe impl Step for Unit {
    #[inline(always)]
    fn stride(stride: isize) -> isize {
        debug_assert_eq!(stride, 1);
        1
    }
    #[inline(always)]
    fn sum<T: Element>(len: usize, term: impl Fn(usize) -> T) -> T {
        sum::<T, UNIT_LANES>(len, term)
    }
}

// SAFETY: the stride is returned; `lanes::sum` stays below `len`.
unsafe impl Step for Any {
    #[inline(always)]
    fn stride(stride: isize) -> isize {
        stride
    }
    #[inline(always)]
    fn sum<T: Element>(len: usize, term: impl Fn(usize) -> T) -> T {
        sum::<T, ANY_LANES>(len, term)
    }
}
