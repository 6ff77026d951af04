//! The innermost loops, written once: several independent partial results at a time.
//!
//! One running sum makes each addition wait for the last one, and keeps the compiler from using vectors, since
//! it may not reorder float additions. Here the order is ours: a tile of the output's innermost axis, or several
//! partial sums, advance together.

use core::any::TypeId;
use core::ops::Range;

use crate::element::Element;

/// How many partial sums are kept along contiguous axes: two AVX-512 registers of `f64`, or enough narrower ones to
/// hide the latency of an addition (3 to 4 cycles at 2 a cycle).
pub const UNIT_LANES: usize = 16;

/// How many are kept along other axes, where every element is loaded by itself, and more would only be more code.
pub const ANY_LANES: usize = 4;

/// The lanes of a tile: for `f32` four registers, which hide the latency of their additions and leave others
/// free for the operands. Measured at 8, 16, 32 and 64 lanes on matmul and on a 3x3 convolution.
pub const WIDE: usize = if cfg!(target_feature = "avx") { 32 } else { 16 };

/// The lanes of a tile where [`WIDE`] ones do not fit the axis.
pub const NARROW: usize = 4;

/// How far an innermost loop can run through memory: the axis's extent if every array that has it is
/// contiguous along it, else 0.
#[inline(always)]
#[must_use]
pub fn run<const N: usize>(extent: usize, contiguous: [bool; N]) -> usize {
    if contiguous.iter().all(|&contiguous| contiguous) { extent } else { 0 }
}

/// Neighbouring places along an axis, computed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// The place of the first lane.
    pub start: usize,
    /// How many of the first lanes belong to the tile before: the last tile is pulled back, to be a whole one.
    pub skip: usize,
}

/// Whole tiles of `W` lanes that cover `extent` places.
///
/// # Panics
///
/// Where `extent` is below `W`.
#[inline(always)]
pub fn tiles<const W: usize>(extent: usize) -> impl Iterator<Item = Tile> {
    const { assert!(W > 0, "a tile has lanes") };
    assert!(extent >= W, "at least one whole tile");
    (0..extent.div_ceil(W)).map(move |n| {
        let start = (n * W).min(extent - W);
        Tile { start, skip: n * W - start }
    })
}

/// A tile of zeros.
#[inline(always)]
#[must_use]
pub fn zeros<T: Element, const W: usize>() -> [T; W] {
    core::array::from_fn(|_| T::zero())
}

/// Adds a term to each lane.
#[inline(always)]
pub fn accumulate<T: Element, const W: usize>(lanes: &mut [T; W], term: impl Fn(usize) -> T) {
    for (lane, sum) in lanes.iter_mut().enumerate() {
        *sum = sum.clone() + term(lane);
    }
}

/// The sum of `term(n)` for `n` below `len`, by `W` partial sums, and by fewer for what is left; zero where there is none.
#[inline(always)]
pub fn sum<T: Element, const W: usize>(len: usize, term: impl Fn(usize) -> T) -> T {
    if is_integer::<T>() {
        let mut total = T::zero();
        for n in 0..len {
            total = total + term(n);
        }
        return total;
    }
    let (total, whole) = add_lanes::<T, W>(T::zero(), 0..len, &term);
    // Short sums are nothing but what is left.
    let (total, whole) =
        if W > ANY_LANES { add_lanes::<T, ANY_LANES>(total, whole..len, &term) } else { (total, whole) };
    (whole..len).fold(total, |total, n| total + term(n))
}

/// Whether the compiler may add in any order, and so knows best how many partial sums there should be.
#[inline(always)]
pub(crate) fn is_integer<T: 'static>() -> bool {
    let id = TypeId::of::<T>();
    id == TypeId::of::<i8>()
        || id == TypeId::of::<i16>()
        || id == TypeId::of::<i32>()
        || id == TypeId::of::<i64>()
        || id == TypeId::of::<isize>()
        || id == TypeId::of::<u8>()
        || id == TypeId::of::<u16>()
        || id == TypeId::of::<u32>()
        || id == TypeId::of::<u64>()
        || id == TypeId::of::<usize>()
}

/// Adds as many terms as `W` partial sums take, and says where the others begin.
#[inline(always)]
fn add_lanes<T: Element, const W: usize>(
    total: T,
    terms: Range<usize>,
    term: impl Fn(usize) -> T,
) -> (T, usize) {
    const { assert!(W.is_power_of_two(), "partial sums are added in pairs") };
    let whole = terms.end - terms.len() % W;
    if whole == terms.start {
        return (total, whole);
    }
    let mut lanes = zeros::<T, W>();
    for start in (terms.start..whole).step_by(W) {
        accumulate(&mut lanes, |lane| term(start + lane));
    }
    (total + add_pairs(lanes), whole)
}

/// Adds the upper half of the lanes to the lower one until one is left, as vector registers do.
#[inline(always)]
fn add_pairs<T: Element, const W: usize>(mut lanes: [T; W]) -> T {
    let mut width = W / 2;
    while width > 0 {
        for lane in 0..width {
            lanes[lane] = lanes[lane].clone() + lanes[lane + width].clone();
        }
        width /= 2;
    }
    lanes[0].clone()
}

/// The start of a sum.
#[inline(always)]
#[must_use]
pub fn zero<T: Element>() -> T {
    T::zero()
}

/// A copy of a factor that several products need.
#[inline(always)]
pub fn value<T: Clone>(factor: &T) -> T {
    factor.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_each_place_once() {
        for extent in 4..30 {
            let places = tiles::<4>(extent).flat_map(|tile| tile.start + tile.skip..tile.start + 4);
            assert_eq!(places.collect::<Vec<_>>(), (0..extent).collect::<Vec<_>>(), "extent {extent}");
        }
    }

    #[test]
    fn sums_have_every_term_once() {
        for len in 0..70 {
            let expected = len * (len + 1) / 2;
            assert_eq!(sum::<_, 16>(len, |n| n as f64 + 1.0), expected as f64, "len {len}");
            assert_eq!(sum::<_, 16>(len, |n| n as i64 + 1), expected as i64, "len {len}");
        }
    }
}
