//! Products and sums of one or two arrays in plain loops: for steps of a network that the contraction engine leaves.
//!
//! Any strides. The innermost loop runs where memory does: along the output's neighbours, many sums at a time, or along
//! neighbours that are summed.

use core::ops::Range;

use pulp::Arch;

use crate::element::Element;
use crate::engine::LoopAxis;
use crate::few::Few;
use crate::lanes::{sum, zeros};

/// A loop, with its strides in the output and in the factors; 0 where an array does not have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Loop {
    extent: usize,
    strides: [isize; 3],
}

impl Loop {
    const ONCE: Self = Self { extent: 1, strides: [0; 3] };
}

/// The loops of a step, from the outermost to the innermost.
#[derive(Debug)]
pub(super) struct Loops {
    outer: Vec<Loop>,
    /// Walked inside of a tile of the innermost loop: another array has its neighbours along it, so that what is read
    /// for one tile serves the next.
    middle: Loop,
    summed: Vec<Loop>,
    inner: Loop,
    inner_is_summed: bool,
    /// Whether there is a second factor.
    is_product: bool,
}

/// How far an innermost loop goes in an array.
const STILL: u8 = 0;
const UNIT: u8 = 1;
const ANY: u8 = 2;
/// There is no such array.
const NONE: u8 = 3;

/// Sums side by side: four AVX-512 registers of `f32`.
const WIDE: usize = 64;
const NARROW: usize = 8;

// Estimates in cycles, measured on Zen 5; only their ratios matter.

/// Of a tile, and of a product along neighbours and along others.
const CALL: f32 = 5.0;
const ALONG: f32 = 0.35;
const ACROSS: f32 = 2.0;

/// Products that are computed together.
const LINE: usize = 16;

/// Partial sums of one sum.
const LANES: usize = 64;
const ANY_LANES: usize = 4;

impl Loops {
    /// Chooses the order of the loops.
    pub(super) fn new(axes: &[LoopAxis], is_product: bool) -> Self {
        let (mut outer, mut summed): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
        for axis in axes.iter().filter(|axis| axis.extent != 1) {
            let strides = axis.strides.map(|stride| stride.unwrap_or(0));
            let target = if axis.strides[0].is_some() { &mut outer } else { &mut summed };
            target.push(Loop { extent: axis.extent, strides });
        }
        outer.sort_by_key(|level| core::cmp::Reverse(level.strides[0].unsigned_abs()));
        summed.sort_by_key(|level| core::cmp::Reverse(level.strides[1].unsigned_abs()));
        let inner_is_summed = is_inner_summed(&mut outer, &mut summed);
        let inner = if inner_is_summed { summed.pop() } else { outer.pop() }.unwrap_or(Loop::ONCE);
        let middle = if inner_is_summed { None } else { take_neighbours(&mut outer, &inner) };
        Self { outer, middle: middle.unwrap_or(Loop::ONCE), summed, inner, inner_is_summed, is_product }
    }

    /// About how many cycles the loops take: less than one for each product along neighbours, several along others.
    pub(super) fn cycles(&self) -> f32 {
        let levels = self.outer.iter().chain(&self.summed).chain([&self.middle, &self.inner]);
        let products: f32 = levels.map(|level| level.extent as f32).product();
        let run = if self.inner_is_summed { run_of_factors(&self.inner) } else { run_of_output(&self.inner) };
        let tiles = products / self.inner.extent.clamp(1, WIDE) as f32;
        tiles * CALL + products * if run >= NARROW { ALONG } else { ACROSS }
    }

    /// Computes every element of the output, and hands it to `store`.
    ///
    /// # Safety
    ///
    /// - From each pointer on, every offset of its array's axes leads to an element of that array; those in the output are
    ///   all different, and nobody else reads or writes them.
    /// - Without a second factor, its pointer is not read.
    pub(super) unsafe fn run<T: Element>(
        &self,
        arrays: Arrays<T>,
        arch: Arch,
        store: impl Fn(&mut T, T) + Copy,
    ) {
        // SAFETY: by the contract.
        arch.dispatch(|| unsafe {
            match (self.inner.strides, self.is_product) {
                ([1, 1, 1], true) => self.nest::<T, UNIT, UNIT>(arrays, store),
                ([1, 1, 0], true) => self.nest::<T, UNIT, STILL>(arrays, store),
                ([1, 0, 1], true) => self.nest::<T, STILL, UNIT>(arrays, store),
                ([1, 1, _], false) => self.nest::<T, UNIT, NONE>(arrays, store),
                ([_, 1, 1], true) if self.inner_is_summed => self.nest::<T, UNIT, UNIT>(arrays, store),
                ([_, 1, 0], true) if self.inner_is_summed => self.nest::<T, UNIT, STILL>(arrays, store),
                ([_, 0, 1], true) if self.inner_is_summed => self.nest::<T, STILL, UNIT>(arrays, store),
                ([_, 1, _], false) if self.inner_is_summed => self.nest::<T, UNIT, NONE>(arrays, store),
                (_, true) => self.nest::<T, ANY, ANY>(arrays, store),
                (_, false) => self.nest::<T, ANY, NONE>(arrays, store),
            }
        });
    }

    /// # Safety
    ///
    /// As for [`run`](Self::run); `L` and `R` are true of the innermost strides.
    #[inline(always)]
    unsafe fn nest<T: Element, const L: u8, const R: u8>(
        &self,
        arrays: Arrays<T>,
        store: impl Fn(&mut T, T) + Copy,
    ) {
        // SAFETY: by the contract, here and below: all offsets are those of the loops.
        walk(&self.outer, |offsets| unsafe {
            let arrays = arrays.offset(offsets);
            if self.inner_is_summed {
                store(&mut *arrays.out, self.sum::<T, L, R>(arrays));
                return;
            }
            if self.summed.is_empty() && self.middle == Loop::ONCE {
                return self.line::<T, L, R>(arrays, store);
            }
            let wide = self.inner.extent - self.inner.extent % WIDE;
            let narrow = self.inner.extent - self.inner.extent % NARROW;
            self.tiles::<T, L, R, WIDE>(arrays, 0..wide, store);
            self.tiles::<T, L, R, NARROW>(arrays, wide..narrow, store);
            self.tiles::<T, L, R, 1>(arrays, narrow..self.inner.extent, store);
        });
    }

    /// Products along the innermost loop, without a sum.
    ///
    /// # Safety
    ///
    /// As for [`nest`](Self::nest).
    #[inline(always)]
    unsafe fn line<T: Element, const L: u8, const R: u8>(
        &self,
        arrays: Arrays<T>,
        store: impl Fn(&mut T, T),
    ) {
        let stride = if L == ANY { self.inner.strides[0] } else { 1 };
        let whole = self.inner.extent - self.inner.extent % LINE;
        // SAFETY: by the contract.
        let place = |lane: usize| unsafe { &mut *arrays.out.offset(lane as isize * stride) };
        // SAFETY: by the contract.
        let product = |lane: usize| unsafe { self.term::<T, L, R>(arrays, lane) };
        for start in (0..whole).step_by(LINE) {
            // All are read before the first one is written, for the compiler does not know that the output is apart.
            let products: [T; LINE] = core::array::from_fn(|lane| product(start + lane));
            products.into_iter().enumerate().for_each(|(lane, product)| store(place(start + lane), product));
        }
        (whole..self.inner.extent).for_each(|lane| store(place(lane), product(lane)));
    }

    /// One sum, along all summed loops.
    ///
    /// # Safety
    ///
    /// As for [`nest`](Self::nest).
    #[inline(always)]
    unsafe fn sum<T: Element, const L: u8, const R: u8>(&self, arrays: Arrays<T>) -> T {
        let mut total = T::zero();
        // SAFETY: by the contract.
        walk(&self.summed, |offsets| unsafe {
            let arrays = arrays.offset(offsets);
            let term = |lane| self.term::<T, L, R>(arrays, lane);
            let part = match L {
                UNIT => sum::<T, LANES>(self.inner.extent, term),
                _ => sum::<T, ANY_LANES>(self.inner.extent, term),
            };
            total = total.clone() + part;
        });
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
        store: impl Fn(&mut T, T) + Copy,
    ) {
        for start in range.step_by(W) {
            // SAFETY: by the contract.
            let arrays = unsafe { arrays.offset(self.inner.strides.map(|stride| stride * start as isize)) };
            walk(&[self.middle], |offsets| {
                // SAFETY: by the contract.
                unsafe { self.tile::<T, L, R, W>(arrays.offset(offsets), store) }
            });
        }
    }

    /// # Safety
    ///
    /// As for [`nest`](Self::nest), for `W` positions of the innermost loop.
    #[inline(always)]
    unsafe fn tile<T: Element, const L: u8, const R: u8, const W: usize>(
        &self,
        arrays: Arrays<T>,
        store: impl Fn(&mut T, T),
    ) {
        let stride = if L == ANY { self.inner.strides[0] } else { 1 };
        // SAFETY: by the contract.
        let place = |lane: usize| unsafe { &mut *arrays.out.offset(lane as isize * stride) };
        if self.summed.is_empty() {
            // SAFETY: by the contract.
            (0..W).for_each(|lane| store(place(lane), unsafe { self.term::<T, L, R>(arrays, lane) }));
            return;
        }
        let mut sums = zeros::<T, W>();
        // SAFETY: by the contract.
        walk(&self.summed, |offsets| unsafe {
            let arrays = arrays.offset(offsets);
            for (lane, sum) in sums.iter_mut().enumerate() {
                *sum = sum.clone() + self.term::<T, L, R>(arrays, lane);
            }
        });
        sums.into_iter().enumerate().for_each(|(lane, sum)| store(place(lane), sum));
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

/// Pointers to the output and the factors.
#[derive(Debug)]
pub(super) struct Arrays<T> {
    pub(super) out: *mut T,
    pub(super) left: *const T,
    pub(super) right: *const T,
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
    pub(super) fn new([out, left, right]: [*mut (); 3]) -> Self {
        Self { out: out.cast(), left: left.cast_const().cast(), right: right.cast_const().cast() }
    }

    /// # Safety
    ///
    /// The offsets lead to elements of the arrays.
    #[inline(always)]
    unsafe fn offset(self, [out, left, right]: [isize; 3]) -> Self {
        // SAFETY: by the contract; a second factor that is not there has offset 0.
        unsafe {
            Self { out: self.out.offset(out), left: self.left.offset(left), right: self.right.offset(right) }
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

/// Calls `visit` with the offsets of each iteration of these loops, one inside the other.
#[inline(always)]
fn walk(loops: &[Loop], mut visit: impl FnMut([isize; 3])) {
    let Some((&inner, outer)) = loops.split_last() else { return visit([0; 3]) };
    if loops.iter().any(|level| level.extent == 0) {
        return;
    }
    let mut counters = Few::filled(0, outer.len());
    let mut start = [0_isize; 3];
    loop {
        let mut offsets = start;
        for _ in 0..inner.extent {
            visit(offsets);
            offsets = core::array::from_fn(|n| offsets[n] + inner.strides[n]);
        }
        if !advance(outer, &mut counters, &mut start) {
            return;
        }
    }
}

/// Moves on to the next iteration of these loops; `false` if there is none.
#[inline]
fn advance(loops: &[Loop], counters: &mut [usize], offsets: &mut [isize; 3]) -> bool {
    for (level, counter) in loops.iter().zip(counters).rev() {
        let Loop { extent, strides } = *level;
        *counter += 1;
        let moved = if *counter < extent { 1 } else { 1 - extent as isize };
        *offsets = core::array::from_fn(|n| offsets[n] + moved * strides[n]);
        if *counter < extent {
            return true;
        }
        *counter = 0;
    }
    false
}

/// Puts the best innermost loop of each kind last, and says whether it is one that is summed over.
fn is_inner_summed(outer: &mut [Loop], summed: &mut [Loop]) -> bool {
    let best = |loops: &mut [Loop], run: fn(&Loop) -> usize| {
        let (best, longest) = loops.iter().map(run).enumerate().max_by_key(|&(_, run)| run)?;
        if longest > 0 {
            loops[best..].rotate_left(1);
        }
        Some(longest)
    };
    match (best(outer, run_of_output), best(summed, run_of_factors)) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(outer), Some(summed)) => outer < NARROW && outer < summed,
    }
}

/// How far a loop runs through neighbours in the output, and in each factor that it moves through.
fn run_of_output(level: &Loop) -> usize {
    if level.strides[0] == 1 { run_of_factors(level) } else { 0 }
}

/// How far a loop runs through neighbours in each factor that it moves through.
fn run_of_factors(level: &Loop) -> usize {
    let [_, left, right] = level.strides;
    if matches!((left, right), (1, 0 | 1) | (0, 1)) { level.extent } else { 0 }
}

/// Takes out the loop along which a factor has its neighbours, if that is not the innermost one.
fn take_neighbours(outer: &mut Vec<Loop>, inner: &Loop) -> Option<Loop> {
    let is_apart = |factor: usize| !matches!(inner.strides[factor], 0 | 1);
    let runs = |level: &Loop| (1..3).any(|factor| is_apart(factor) && level.strides[factor] == 1);
    let place = outer.iter().rposition(runs)?;
    Some(outer.remove(place))
}
