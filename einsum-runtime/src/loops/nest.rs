//! Runs loops: tiles of sums side by side, sums of their own, or products alone, as far as memory has neighbours.

use core::marker::PhantomData;
use core::mem::{ManuallyDrop, needs_drop};
use core::ops::{Range, Sub};

use pulp::{Arch, Scalar, Simd, WithSimd};

use super::walk::Walk;
use super::{Loop, Loops, NARROW, WIDE};
use crate::arithmetic::{ElementType, dispatch};
use crate::element::{Accumulate, Assign, Element, Store, Subtract};
use crate::engine::{CACHE_LINE, Mode};
use crate::lanes::{ANY_LANES, UNIT_LANES, is_integer, sum, zeros};

/// How far an innermost loop goes in an array.
const STILL: u8 = 0;
const UNIT: u8 = 1;
const ANY: u8 = 2;
/// There is no such array.
const NONE: u8 = 3;

/// Partial sums of one sum that is known to be computed by vectors.
const LANES: usize = 64;

impl Loops {
    /// Computes every element of the output, and puts it there.
    ///
    /// # Safety
    ///
    /// - From each pointer on, every offset of its array's axes leads to an element of that array; those in the output are
    ///   all different, and nobody else reads or writes them.
    /// - Without a second factor, its pointer is not read.
    pub(crate) unsafe fn run<T: Element>(&self, arrays: Arrays<T>, arch: Arch, places: impl Places<T>) {
        let mut table = Vec::new();
        dispatch::<T, _>(arch, Trusted { nest: Nest::new(self, &mut table), arrays, places });
    }

    /// The same, compiled for any processor only.
    ///
    /// # Safety
    ///
    /// As for [`run`](Self::run).
    pub(crate) unsafe fn run_scalar<T: Element>(&self, arrays: Arrays<T>, places: impl Places<T>) {
        let mut table = Vec::new();
        Trusted { nest: Nest::new(self, &mut table), arrays, places }.with_simd(Scalar);
    }
}

/// The summed loops around the innermost one, the inner ones as a table: what a loop does between two terms takes as long as many
/// of them.
struct Terms<'a> {
    outer: &'a [Loop],
    /// How many positions the inner loops have, and the offsets of the first of these in the factors.
    count: usize,
    table: &'a [[isize; 2]],
    /// How far one position moves, where the table has not all of them.
    strides: [isize; 3],
}

/// Positions of a table, which is 32 KiB then.
const MOST_TERMS: usize = 2048;

impl<'a> Terms<'a> {
    fn new(summed: &'a [Loop], table: &'a mut Vec<[isize; 2]>) -> Self {
        let count =
            |inner: &[Loop]| inner.iter().fold(1_usize, |count, level| count.saturating_mul(level.extent));
        let last = summed.len().saturating_sub(1);
        let first = (0..last).find(|&first| count(&summed[first..]) <= MOST_TERMS).unwrap_or(last);
        let (outer, inner) = summed.split_at(first);
        let strides = inner.last().map_or([0; 3], |level| level.strides);
        table.extend(Walk::of(inner).take(MOST_TERMS).map(|[_, left, right]| [left, right]));
        Self { outer, count: count(inner), table, strides }
    }
}

/// Loops that are being run.
struct Nest<'a> {
    loops: &'a Loops,
    terms: Terms<'a>,
}

impl<'a> Nest<'a> {
    fn new(loops: &'a Loops, table: &'a mut Vec<[isize; 2]>) -> Self {
        // A sum of its own walks its loops, along which it has no tile that would do so again and again.
        let summed = if loops.inner_is_summed { &[] } else { &loops.summed[..] };
        Self { loops, terms: Terms::new(summed, table) }
    }
}

impl Nest<'_> {
    /// # Safety
    ///
    /// As for [`Loops::run`].
    #[inline(always)]
    unsafe fn nests<T: Element>(&self, arrays: Arrays<T>, places: impl Places<T>) {
        let [out, left, right] = self.loops.inner.strides;
        // A sum is put to a single place.
        let is_run = out == 1 || self.loops.inner_is_summed;
        // SAFETY: by the contract.
        unsafe {
            match (is_run, left, self.loops.is_product.then_some(right)) {
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
    /// As for [`Loops::run`]; `L` and `R` are true of the innermost strides.
    #[inline(always)]
    unsafe fn nest<T: Element, const L: u8, const R: u8>(&self, arrays: Arrays<T>, places: impl Places<T>) {
        // Numbers that are read one by one gain nothing from more of them.
        let wide = if L == ANY { 0 } else { covered::<T, WIDE>(self.loops.inner.extent) };
        let narrow = covered::<T, NARROW>(self.loops.inner.extent).max(wide);
        for offsets in Walk::of(&self.loops.outer) {
            // SAFETY: by the contract, here and below: all offsets are those of the loops.
            unsafe {
                let arrays = arrays.offset(offsets);
                if self.loops.inner_is_summed {
                    places.put(arrays.out, 1, [self.sum::<T, L, R>(arrays)]);
                } else if self.loops.summed.is_empty() && self.loops.middle == Loop::ONCE {
                    self.line::<T, L, R>(arrays, places);
                } else {
                    if L != ANY {
                        self.tiles::<T, L, R, WIDE>(arrays, 0..wide, places);
                    }
                    self.tiles::<T, L, R, NARROW>(arrays, wide..narrow, places);
                    self.tiles::<T, L, R, 1>(arrays, narrow..self.loops.inner.extent, places);
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
        let extent = self.loops.inner.extent;
        // SAFETY: by the contract.
        unsafe {
            if L != ANY && gains_from_vectors::<T>() && places.overwrites() && extent >= WIDE {
                // Tiles overlap, so that each but the first and the last begins a cache line: one that crosses two takes twice
                // the time.
                self.products::<T, L, R, WIDE>(arrays, 0, places);
                let mut start = WIDE - elements_behind_cache_line(arrays.out.wrapping_add(WIDE));
                let mut done = WIDE;
                while done < extent {
                    self.products::<T, L, R, WIDE>(arrays, start.min(extent - WIDE), places);
                    (start, done) = (start + WIDE, start + WIDE);
                }
                return;
            }
            let (wide, narrow) =
                (if L == ANY { 0 } else { extent - extent % WIDE }, extent - extent % NARROW);
            for start in (0..wide).step_by(WIDE) {
                self.products::<T, L, R, WIDE>(arrays, start, places);
            }
            for start in (wide..narrow).step_by(NARROW) {
                self.products::<T, L, R, NARROW>(arrays, start, places);
            }
            for start in narrow..extent {
                self.products::<T, L, R, 1>(arrays, start, places);
            }
        }
    }

    /// `W` products side by side.
    ///
    /// # Safety
    ///
    /// As for [`nest`](Self::nest); `start` and the next ones are positions of the innermost loop.
    #[inline(always)]
    unsafe fn products<T: Element, const L: u8, const R: u8, const W: usize>(
        &self,
        arrays: Arrays<T>,
        start: usize,
        places: impl Places<T>,
    ) {
        let stride = if L == ANY { self.loops.inner.strides[0] } else { 1 };
        // SAFETY: by the contract.
        unsafe {
            let products: [T; W] = self.terms_from::<T, L, R, W>(arrays, start);
            places.put(arrays.out.offset(start as isize * stride), stride, products);
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
        // Most often there is no other loop: a walk takes as long as many summands.
        let mut walk = if self.loops.summed.is_empty() { None } else { Some(Walk::of(&self.loops.summed)) };
        loop {
            let offsets = match &mut walk {
                None => [0; 3],
                Some(walk) => match walk.next() {
                    None => break,
                    Some(offsets) => offsets,
                },
            };
            let arrays = arrays.offset(offsets);
            // SAFETY: by the contract.
            let term = |lane| unsafe { self.term::<T, L, R>(arrays, lane) };
            let part = match L {
                ANY => sum::<T, ANY_LANES>(self.loops.inner.extent, term),
                _ if has_vectors::<T>() => sum::<T, LANES>(self.loops.inner.extent, term),
                _ => sum::<T, UNIT_LANES>(self.loops.inner.extent, term),
            };
            total = total + part;
            if walk.is_none() {
                break;
            }
        }
        total
    }

    /// Sums side by side, `W` at a time.
    ///
    /// # Safety
    ///
    /// As for [`nest`](Self::nest); the range is one of the innermost loop, which is at least `W` long, and begins at a multiple
    /// of `W`.
    #[inline(always)]
    unsafe fn tiles<T: Element, const L: u8, const R: u8, const W: usize>(
        &self,
        arrays: Arrays<T>,
        range: Range<usize>,
        places: impl Places<T>,
    ) {
        for next in range.step_by(W) {
            // The last tile is pulled back, to be a whole one.
            let start = next.min(self.loops.inner.extent - W);
            let arrays = arrays.offset(self.loops.inner.strides.map(|stride| stride * start as isize));
            for offsets in Walk::of(core::slice::from_ref(&self.loops.middle)) {
                // SAFETY: by the contract.
                unsafe { self.tile::<T, L, R, W>(arrays.offset(offsets), next - start, places) }
            }
        }
    }

    /// # Safety
    ///
    /// As for [`nest`](Self::nest), for `W` positions of the innermost loop, of which the first `skip` have been put to their
    /// places.
    #[inline(always)]
    unsafe fn tile<T: Element, const L: u8, const R: u8, const W: usize>(
        &self,
        arrays: Arrays<T>,
        skip: usize,
        places: impl Places<T>,
    ) {
        let stride = if L == ANY { self.loops.inner.strides[0] } else { 1 };
        // SAFETY: by the contract.
        unsafe {
            let values: [T; W] = self.values::<T, L, R, W>(arrays);
            match skip {
                0 => places.put(arrays.out, stride, values),
                _ if places.overwrites() => places.put(arrays.out, stride, values),
                // A copy, so that the values can stay in registers else.
                _ => {
                    let others = &values.clone()[skip..];
                    places.put_each(arrays.out.offset(skip as isize * stride), stride, others);
                }
            }
        }
    }

    /// The sums, or the products, where nothing is summed, at `W` positions of the innermost loop.
    ///
    /// # Safety
    ///
    /// As for [`nest`](Self::nest).
    #[inline(always)]
    unsafe fn values<T: Element, const L: u8, const R: u8, const W: usize>(
        &self,
        arrays: Arrays<T>,
    ) -> [T; W] {
        if self.loops.summed.is_empty() {
            // SAFETY: by the contract.
            return unsafe { self.terms_from::<T, L, R, W>(arrays, 0) };
        }
        let mut sums = zeros::<T, W>();
        for offsets in Walk::of(self.terms.outer) {
            for start in (0..self.terms.count).step_by(MOST_TERMS) {
                let moved = core::array::from_fn(|n| offsets[n] + start as isize * self.terms.strides[n]);
                let arrays = arrays.offset(moved);
                let terms = &self.terms.table[..MOST_TERMS.min(self.terms.count - start)];
                for &[left, right] in terms {
                    let arrays = arrays.offset([0, left, right]);
                    // By hand: the compiler makes no vectors of an iterator here.
                    let mut lane = 0;
                    while lane < W {
                        // SAFETY: by the contract.
                        sums[lane] = sums[lane].clone() + unsafe { self.term::<T, L, R>(arrays, lane) };
                        lane += 1;
                    }
                }
            }
        }
        sums
    }

    /// The products at `W` positions of the innermost loop. All are read before the first one is written, for the compiler does not
    /// know that the output is apart.
    ///
    /// # Safety
    ///
    /// As for [`nest`](Self::nest), for these positions, counted from where `arrays` are.
    #[inline(always)]
    unsafe fn terms_from<T: Element, const L: u8, const R: u8, const W: usize>(
        &self,
        arrays: Arrays<T>,
        start: usize,
    ) -> [T; W] {
        if const { needs_drop::<T>() } {
            // SAFETY: by the contract.
            return core::array::from_fn(|lane| unsafe { self.term::<T, L, R>(arrays, start + lane) });
        }
        // By hand: the compiler makes no vectors of so long an iterator.
        let mut terms = zeros::<T, W>();
        let mut lane = 0;
        while lane < W {
            // SAFETY: by the contract.
            terms[lane] = unsafe { self.term::<T, L, R>(arrays, start + lane) };
            lane += 1;
        }
        terms
    }

    /// The product at one position of the innermost loop.
    ///
    /// # Safety
    ///
    /// As for [`nest`](Self::nest); the position is one of the loop, counted from where `arrays` are.
    #[inline(always)]
    unsafe fn term<T: Element, const L: u8, const R: u8>(&self, arrays: Arrays<T>, lane: usize) -> T {
        let [_, left, right] = self.loops.inner.strides;
        // SAFETY: by the contract.
        unsafe {
            let left = (*arrays.left.offset(step::<L>(left, lane))).clone();
            if R == NONE { left } else { left * (*arrays.right.offset(step::<R>(right, lane))).clone() }
        }
    }
}

/// Loops over arrays that keep the promises of [`Loops::run`].
struct Trusted<'a, T, P> {
    nest: Nest<'a>,
    arrays: Arrays<T>,
    places: P,
}

impl<T: Element, P: Places<T>> WithSimd for Trusted<'_, T, P> {
    type Output = ();

    // Not as a closure, which nothing would oblige the compiler to inline, and so to compile for these instructions.
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        // SAFETY: by the promises.
        unsafe { self.nest.nests(self.arrays, self.places) }
    }
}

/// How results reach their places.
pub(crate) trait Places<T>: Copy {
    /// Whether the same values may be put to their places again.
    fn overwrites(self) -> bool;

    /// Puts values to places at equal distances.
    ///
    /// # Safety
    ///
    /// Each `stride` from `out` on there is an element, which nobody else reads or writes.
    unsafe fn put<const W: usize>(self, out: *mut T, stride: isize, values: [T; W]);

    /// The same one by one, for few tiles: not compiled again for each kind of them.
    ///
    /// # Safety
    ///
    /// As for [`put`](Self::put).
    #[inline(never)]
    unsafe fn put_each(self, out: *mut T, stride: isize, values: &[T])
    where
        T: Clone,
    {
        for (lane, value) in values.iter().enumerate() {
            // SAFETY: by the contract.
            unsafe { self.put(out.offset(lane as isize * stride), stride, [value.clone()]) }
        }
    }
}

/// Known when the program is compiled.
impl<T, S: Store<T>> Places<T> for PhantomData<S> {
    #[inline(always)]
    fn overwrites(self) -> bool {
        S::MODE == Mode::Assign
    }

    #[inline(always)]
    unsafe fn put<const W: usize>(self, out: *mut T, stride: isize, values: [T; W]) {
        let values = ManuallyDrop::new(values);
        // SAFETY: by the contract; the values are forgotten.
        unsafe { put::<T, S>(out, stride, values.as_ptr(), W) }
    }
}

/// Moves values that lie side by side to places at equal distances.
///
/// # Safety
///
/// Each `stride` from `out` on there is an element, which nobody else reads or writes; all are different. The values are not used any
/// more, not even dropped.
#[inline(always)]
pub(crate) unsafe fn put<T, S: Store<T>>(out: *mut T, stride: isize, values: *const T, count: usize) {
    // SAFETY: by the contract.
    unsafe {
        if stride == 1 && S::MODE == Mode::Assign && !needs_drop::<T>() {
            // The compiler would move so many one by one.
            return out.copy_from_nonoverlapping(values, count);
        }
        for n in 0..count {
            S::store(&mut *out.offset(n as isize * stride), values.add(n).read());
        }
    }
}

/// Known when the loops run, so that they are compiled once for all of them.
impl<T: Element + Sub<Output = T>> Places<T> for Mode {
    #[inline(always)]
    fn overwrites(self) -> bool {
        self == Self::Assign
    }

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
pub(crate) struct Arrays<T> {
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
    pub(crate) fn new([out, left, right]: [*mut (); 3]) -> Self {
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
fn has_vectors<T: 'static>() -> bool {
    matches!(ElementType::of::<T>(), Some(ElementType::F32 | ElementType::F64))
}

/// Whether a product costs so little in a vector that some may be computed twice, so that all are in one.
#[inline(always)]
fn gains_from_vectors<T: 'static>() -> bool {
    has_vectors::<T>() || is_integer::<T>()
}

/// How many positions tiles of `W` are for: if the last one is at least half full, it is pulled back.
#[inline(always)]
fn covered<T: 'static, const W: usize>(extent: usize) -> usize {
    let rest = extent % W;
    if gains_from_vectors::<T>() && extent > W && 2 * rest >= W { extent } else { extent - rest }
}

/// How many elements there are from the last one that begins a cache line to this one; 0 if none does.
#[inline(always)]
fn elements_behind_cache_line<T>(place: *const T) -> usize {
    let bytes = place.addr() % CACHE_LINE;
    if size_of::<T>() > 0 && bytes.is_multiple_of(size_of::<T>()) { bytes / size_of::<T>() } else { 0 }
}

#[inline(always)]
fn step<const KIND: u8>(stride: isize, lane: usize) -> isize {
    match KIND {
        STILL => 0,
        UNIT => lane as isize,
        _ => lane as isize * stride,
    }
}
