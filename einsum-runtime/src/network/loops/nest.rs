//! Runs loops: tiles of sums side by side, sums of their own, or products alone, as far as memory has neighbours.

use core::marker::PhantomData;
use core::ops::{Range, Sub};

use pulp::{Arch, Simd, WithSimd};

use super::walk::Walk;
use super::{Loop, Loops, NARROW, WIDE};
use crate::element::{Accumulate, Assign, Element, Store, Subtract};
use crate::engine::Mode;
use crate::lanes::{sum, zeros};

/// How far an innermost loop goes in an array.
const STILL: u8 = 0;
const UNIT: u8 = 1;
const ANY: u8 = 2;
/// There is no such array.
const NONE: u8 = 3;

/// Products that are computed together.
const LINE: usize = 16;

/// Partial sums of one sum.
const LANES: usize = 64;
const ANY_LANES: usize = 4;

impl Loops {
    /// Computes every element of the output, and puts it there.
    ///
    /// # Safety
    ///
    /// - From each pointer on, every offset of its array's axes leads to an element of that array; those in the output are
    ///   all different, and nobody else reads or writes them.
    /// - Without a second factor, its pointer is not read.
    pub(in crate::network) unsafe fn run<T: Element>(
        &self,
        arrays: Arrays<T>,
        arch: Arch,
        places: impl Places<T>,
    ) {
        arch.dispatch(Trusted { loops: self, arrays, places });
    }

    /// # Safety
    ///
    /// As for [`run`](Self::run).
    #[inline(always)]
    unsafe fn nests<T: Element>(&self, arrays: Arrays<T>, places: impl Places<T>) {
        let [out, left, right] = self.inner.strides;
        // A sum is put to a single place.
        let is_run = out == 1 || self.inner_is_summed;
        // SAFETY: by the contract.
        unsafe {
            match (is_run, left, self.is_product.then_some(right)) {
                (true, 1, Some(1)) => self.nest::<T, UNIT, UNIT>(arrays, places),
                (true, 1, Some(0)) => self.nest::<T, UNIT, STILL>(arrays, places),
                (true, 0, Some(1)) => self.nest::<T, STILL, UNIT>(arrays, places),
                (true, 1, None) => self.nest::<T, UNIT, NONE>(arrays, places),
                (_, _, Some(_)) => self.nest::<T, ANY, ANY>(arrays, places),
                (_, _, None) => self.nest::<T, ANY, NONE>(arrays, places),
            }
        }
    }

    /// # Safety
    ///
    /// As for [`run`](Self::run); `L` and `R` are true of the innermost strides.
    #[inline(always)]
    unsafe fn nest<T: Element, const L: u8, const R: u8>(&self, arrays: Arrays<T>, places: impl Places<T>) {
        // Numbers that are read one by one gain nothing from more of them.
        let wide = if L == ANY { 0 } else { self.inner.extent - self.inner.extent % WIDE };
        let narrow = self.inner.extent - self.inner.extent % NARROW;
        for offsets in Walk::of(&self.outer) {
            // SAFETY: by the contract, here and below: all offsets are those of the loops.
            unsafe {
                let arrays = arrays.offset(offsets);
                if self.inner_is_summed {
                    places.put(arrays.out, 1, [self.sum::<T, L, R>(arrays)]);
                } else if self.summed.is_empty() && self.middle == Loop::ONCE {
                    self.line::<T, L, R>(arrays, places);
                } else {
                    if L != ANY {
                        self.tiles::<T, L, R, WIDE>(arrays, 0..wide, places);
                    }
                    self.tiles::<T, L, R, NARROW>(arrays, wide..narrow, places);
                    self.tiles::<T, L, R, 1>(arrays, narrow..self.inner.extent, places);
                }
            }
        }
    }

    /// Products along the innermost loop, without a sum.
    ///
    /// # Safety
    ///
    /// As for [`nest`](Self::nest).
    #[inline(always)]
    unsafe fn line<T: Element, const L: u8, const R: u8>(&self, arrays: Arrays<T>, places: impl Places<T>) {
        let stride = if L == ANY { self.inner.strides[0] } else { 1 };
        let whole = self.inner.extent - self.inner.extent % LINE;
        // SAFETY: by the contract.
        let term = |lane| unsafe { self.term::<T, L, R>(arrays, lane) };
        for start in (0..whole).step_by(LINE) {
            // All are read before the first one is written, for the compiler does not know that the output is apart.
            let products: [T; LINE] = core::array::from_fn(|lane| term(start + lane));
            // SAFETY: by the contract.
            unsafe { places.put(arrays.out.offset(start as isize * stride), stride, products) }
        }
        for lane in whole..self.inner.extent {
            // SAFETY: by the contract.
            unsafe { places.put(arrays.out.offset(lane as isize * stride), stride, [term(lane)]) }
        }
    }

    /// One sum, along all summed loops.
    ///
    /// # Safety
    ///
    /// As for [`nest`](Self::nest).
    #[inline(always)]
    unsafe fn sum<T: Element, const L: u8, const R: u8>(&self, arrays: Arrays<T>) -> T {
        let mut total = T::zero();
        for offsets in Walk::of(&self.summed) {
            let arrays = arrays.offset(offsets);
            // SAFETY: by the contract.
            let term = |lane| unsafe { self.term::<T, L, R>(arrays, lane) };
            let part = match L {
                ANY => sum::<T, ANY_LANES>(self.inner.extent, term),
                _ => sum::<T, LANES>(self.inner.extent, term),
            };
            total = total + part;
        }
        total
    }

    /// Sums side by side, `W` at a time.
    ///
    /// # Safety
    ///
    /// As for [`nest`](Self::nest); the range is one of the innermost loop, a multiple of `W` long.
    #[inline(always)]
    unsafe fn tiles<T: Element, const L: u8, const R: u8, const W: usize>(
        &self,
        arrays: Arrays<T>,
        range: Range<usize>,
        places: impl Places<T>,
    ) {
        for start in range.step_by(W) {
            let arrays = arrays.offset(self.inner.strides.map(|stride| stride * start as isize));
            for offsets in Walk::of(core::slice::from_ref(&self.middle)) {
                // SAFETY: by the contract.
                unsafe { self.tile::<T, L, R, W>(arrays.offset(offsets), places) }
            }
        }
    }

    /// # Safety
    ///
    /// As for [`nest`](Self::nest), for `W` positions of the innermost loop.
    #[inline(always)]
    unsafe fn tile<T: Element, const L: u8, const R: u8, const W: usize>(
        &self,
        arrays: Arrays<T>,
        places: impl Places<T>,
    ) {
        let stride = if L == ANY { self.inner.strides[0] } else { 1 };
        if self.summed.is_empty() {
            // SAFETY: by the contract.
            let products = core::array::from_fn(|lane| unsafe { self.term::<T, L, R>(arrays, lane) });
            // SAFETY: by the contract.
            return unsafe { places.put::<W>(arrays.out, stride, products) };
        }
        let mut sums = zeros::<T, W>();
        for offsets in Walk::of(&self.summed) {
            let arrays = arrays.offset(offsets);
            for (lane, sum) in sums.iter_mut().enumerate() {
                // SAFETY: by the contract.
                *sum = sum.clone() + unsafe { self.term::<T, L, R>(arrays, lane) };
            }
        }
        // SAFETY: by the contract.
        unsafe { places.put(arrays.out, stride, sums) }
    }

    /// The product at one position of the innermost loop.
    ///
    /// # Safety
    ///
    /// As for [`nest`](Self::nest); the position is one of the loop, counted from where `arrays` are.
    #[inline(always)]
    unsafe fn term<T: Element, const L: u8, const R: u8>(&self, arrays: Arrays<T>, lane: usize) -> T {
        let [_, left, right] = self.inner.strides;
        // SAFETY: by the contract.
        unsafe {
            let left = (*arrays.left.offset(step::<L>(left, lane))).clone();
            if R == NONE { left } else { left * (*arrays.right.offset(step::<R>(right, lane))).clone() }
        }
    }
}

/// Loops over arrays that keep the promises of [`Loops::run`].
struct Trusted<'a, T, P> {
    loops: &'a Loops,
    arrays: Arrays<T>,
    places: P,
}

impl<T: Element, P: Places<T>> WithSimd for Trusted<'_, T, P> {
    type Output = ();

    // Not as a closure, which nothing would oblige the compiler to inline, and so to compile for these instructions.
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        // SAFETY: by the promises.
        unsafe { self.loops.nests(self.arrays, self.places) }
    }
}

/// How results reach their places.
pub(in crate::network) trait Places<T>: Copy {
    /// Puts values to places at equal distances.
    ///
    /// # Safety
    ///
    /// Each `stride` from `out` on there is an element, which nobody else reads or writes.
    unsafe fn put<const W: usize>(self, out: *mut T, stride: isize, values: [T; W]);
}

/// Known when the program is compiled.
impl<T, S: Store<T>> Places<T> for PhantomData<S> {
    #[inline(always)]
    unsafe fn put<const W: usize>(self, out: *mut T, stride: isize, values: [T; W]) {
        for (lane, value) in values.into_iter().enumerate() {
            // SAFETY: by the contract.
            S::store(unsafe { &mut *out.offset(lane as isize * stride) }, value);
        }
    }
}

/// Known when the loops run, so that they are compiled once for all of them.
impl<T: Element + Sub<Output = T>> Places<T> for Mode {
    #[inline(always)]
    unsafe fn put<const W: usize>(self, out: *mut T, stride: isize, values: [T; W]) {
        // SAFETY: by the contract.
        unsafe {
            match self {
                Self::Assign => PhantomData::<Assign>.put(out, stride, values),
                Self::Accumulate => PhantomData::<Accumulate>.put(out, stride, values),
                Self::Subtract => PhantomData::<Subtract>.put(out, stride, values),
            }
        }
    }
}

/// Pointers to the output and the factors.
#[derive(Debug)]
pub(in crate::network) struct Arrays<T> {
    out: *mut T,
    left: *const T,
    right: *const T,
}

impl<T> Clone for Arrays<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Arrays<T> {}

impl<T> Arrays<T> {
    /// From pointers to elements `T`, the output first.
    pub(in crate::network) fn new([out, left, right]: [*mut (); 3]) -> Self {
        Self { out: out.cast(), left: left.cast_const().cast(), right: right.cast_const().cast() }
    }

    /// Wrapping: where nothing is summed, a factor may have no elements.
    #[inline(always)]
    fn offset(self, [out, left, right]: [isize; 3]) -> Self {
        Self {
            out: self.out.wrapping_offset(out),
            left: self.left.wrapping_offset(left),
            right: self.right.wrapping_offset(right),
        }
    }
}

#[inline(always)]
fn step<const KIND: u8>(stride: isize, lane: usize) -> isize {
    match KIND {
        STILL => 0,
        UNIT => lane as isize,
        _ => lane as isize * stride,
    }
}
