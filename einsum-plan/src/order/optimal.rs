//! The best order of all, by dynamic programming over sets of arrays.
//!
//! The best order for a set is the best way to split it in two, for which the best orders are known (Pfeifer, Haegeman and
//! Verstraete, "Faster identification of optimal contraction sequences for tensor networks", 2014, without their restriction
//! to arrays that share labels: outer products are orders too). A split is dropped as soon as its parts cost more than the
//! best one so far, which nearly all do.

use alloc::vec::Vec;

use super::Order;
use super::set::{HUGE, Problem};

/// The most arrays: of 12 there are 4,096 sets and 265,720 splits.
const MOST: usize = 12;
/// The most labels, as bits of a number.
const MOST_LABELS: usize = 128;

/// The best order; `None` for too many arrays or labels, or if each has an intermediate that is too large, or costs more than
/// `bound`.
pub(super) fn search(problem: &Problem, bound: f64) -> Option<Order> {
    let fits = problem.arrays.len() <= MOST && problem.extents.len() <= MOST_LABELS;
    (fits && !problem.arrays.is_empty()).then(|| Table::new(problem, bound)).and_then(|table| table.order())
}

/// What is known of sets of arrays, whose numbers are the bits of a set's place.
struct Table<'a> {
    problem: &'a Problem,
    /// No set that costs more is part of the best order.
    bound: f64,
    /// Operations; infinitely many where an intermediate is too large, or the bound too low. The rest is looked at for few
    /// splits, so these are by themselves, and near.
    flops: Vec<f64>,
    results: Vec<Outcome>,
}

/// What a set's best order comes to.
#[derive(Debug, Clone, Copy)]
struct Outcome {
    labels: u128,
    /// Elements.
    size: f64,
    /// Elements of all results on the way to it, and its own.
    written: f64,
    /// The part of the best split that has the first array; no part where there is no order.
    part: usize,
}

impl<'a> Table<'a> {
    fn new(problem: &'a Problem, bound: f64) -> Self {
        let sets = 1 << problem.arrays.len();
        let mut table =
            Self { problem, bound, flops: Vec::with_capacity(sets), results: Vec::with_capacity(sets) };
        let owners = owners(problem);
        for set in 0..sets {
            let labels = table.kept(set, &owners);
            let (flops, result) = table.best(set, labels);
            table.flops.push(flops);
            table.results.push(result);
        }
        table
    }

    /// The labels that a set has, and somebody outside of it too.
    fn kept(&self, set: usize, owners: &[usize]) -> u128 {
        let first = set & set.wrapping_neg();
        if set == first {
            let has = |owners: usize| owners & set != 0;
            return owners
                .iter()
                .enumerate()
                .filter(|&(_, &owners)| has(owners))
                .fold(0, |kept, (n, _)| kept | 1 << n);
        }
        let [first, rest] = [first, set ^ first].map(|part| self.results[part].labels);
        let mut kept = first | rest;
        for label in bits(first & rest) {
            kept &= !(u128::from(owners[label] & !set == 0) << label);
        }
        kept
    }

    /// The best way to contract a set, whose parts are in the table.
    fn best(&self, set: usize, labels: u128) -> (f64, Outcome) {
        let size = self.size(labels);
        let mut result = Outcome { labels, size, written: 0.0, part: 0 };
        if set.count_ones() < 2 {
            return (0.0, result);
        }
        let mut best = f64::INFINITY;
        let is_whole = set + 1 == 1 << self.problem.arrays.len();
        // A step costs at least one operation for each element of its result.
        if size > self.bound || !is_whole && size > self.problem.largest {
            return (best, result);
        }
        let first = set & set.wrapping_neg();
        let mut limit = self.bound;
        let mut other = set ^ first;
        while other != 0 {
            let parts = self.flops[set ^ other] + self.flops[other];
            if parts + size <= limit {
                self.split([set ^ other, other], parts, &mut best, &mut result);
                limit = limit.min(best);
            }
            // The next subset without the first array.
            other = (other - 1) & (set ^ first);
        }
        (best, result)
    }

    /// Takes a split, if it is better than the best one so far.
    #[inline]
    fn split(&self, [part, other]: [usize; 2], parts: f64, best: &mut f64, result: &mut Outcome) {
        let [a, b] = [&self.results[part], &self.results[other]];
        let summed = a.labels & b.labels & !result.labels;
        let step = result.size * if summed == 0 { 1.0 } else { 2.0 * self.size(summed) };
        let (flops, written) = (parts + step.min(HUGE), a.written + b.written + result.size);
        if flops <= self.bound && (flops, written) < (*best, result.written) {
            *best = flops;
            *result = Outcome { written, part, ..*result };
        }
    }

    /// How many combinations of values some labels have.
    fn size(&self, labels: u128) -> f64 {
        bits(labels).map(|label| self.problem.extents[label]).product::<f64>().min(HUGE)
    }

    fn order(&self) -> Option<Order> {
        let count = self.problem.arrays.len();
        let whole = (1 << count) - 1;
        let mut pairs = Vec::new();
        (self.flops[whole] < f64::INFINITY).then(|| {
            self.contract(whole, count, &mut pairs);
            Order { pairs }
        })
    }

    /// Appends the pairs that contract a set, and says the number of the result.
    fn contract(&self, set: usize, count: usize, pairs: &mut Vec<[usize; 2]>) -> usize {
        if set.count_ones() == 1 {
            return set.trailing_zeros() as usize;
        }
        let part = self.results[set].part;
        let mut pair = [part, set ^ part].map(|part| self.contract(part, count, pairs));
        pair.sort_unstable();
        pairs.push(pair);
        count + pairs.len() - 1
    }
}

/// For each label the arrays that have it; those of the output are in one array more, which is in no set.
fn owners(problem: &Problem) -> Vec<usize> {
    let outside = 1 << problem.arrays.len();
    let owners = |label: usize| {
        let arrays = (0..problem.arrays.len()).filter(|&array| problem.arrays[array].has(label));
        let output = if problem.output.has(label) { outside } else { 0 };
        arrays.fold(output, |owners, array| owners | 1 << array)
    };
    (0..problem.extents.len()).map(owners).collect()
}

/// The places of the bits of a number.
fn bits(number: u128) -> impl Iterator<Item = usize> {
    core::iter::successors((number != 0).then_some(number), |&rest| {
        let rest = rest & (rest - 1);
        (rest != 0).then_some(rest)
    })
    .map(|rest| rest.trailing_zeros() as usize)
}
