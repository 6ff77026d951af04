//! Products and sums of one or two arrays in plain loops: for steps of a network that the contraction engine leaves, and
//! for elements that it has no kernels for.
//!
//! Any strides. The innermost loop runs where memory does: along the output's neighbours, many sums at a time, or along
//! neighbours that are summed.

mod nest;
mod walk;

use crate::engine::LoopAxis;

pub(crate) use nest::{Arrays, Places, put};

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
pub(crate) struct Loops {
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

/// Sums side by side: four AVX-512 registers of `f32`.
const WIDE: usize = 64;
const NARROW: usize = 8;

// Estimates in cycles, measured on Zen 5; only their ratios matter.

/// Of a tile, and of a product along neighbours and along others.
const CALL: f32 = 5.0;
const ALONG: f32 = 0.35;
const ACROSS: f32 = 2.0;

impl Loops {
    /// Chooses the order of the loops.
    pub(crate) fn new(axes: &[LoopAxis], is_product: bool) -> Self {
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
    pub(crate) fn cycles(&self) -> f32 {
        let levels = self.outer.iter().chain(&self.summed).chain([&self.middle, &self.inner]);
        let products: f32 = levels.map(|level| level.extent as f32).product();
        let run = if self.inner_is_summed { run_of_factors(&self.inner) } else { run_of_output(&self.inner) };
        let tiles = products / self.inner.extent.clamp(1, WIDE) as f32;
        tiles * CALL + products * if run >= NARROW { ALONG } else { ACROSS }
    }
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
