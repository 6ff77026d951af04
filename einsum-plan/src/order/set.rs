//! A network whose extents are known, with sets of labels as bits.
//!
//! Labels that the same arrays have are one here, as long as all of them together.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::LabelId;

/// Labels, a bit for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Set(Vec<u64>);

impl Set {
    pub(super) fn empty(labels: usize) -> Self {
        Self(alloc::vec![0; labels.div_ceil(64)])
    }

    pub(super) fn insert(&mut self, label: usize) {
        self.0[label / 64] |= 1 << (label % 64);
    }

    pub(super) fn remove(&mut self, label: usize) {
        self.0[label / 64] &= !(1 << (label % 64));
    }

    pub(super) fn has(&self, label: usize) -> bool {
        self.0[label / 64] >> (label % 64) & 1 == 1
    }

    /// The labels of which `choose` leaves a bit, given those of both sets.
    pub(super) fn combined(&self, other: &Self, choose: impl Fn(u64, u64) -> u64) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(&a, &b)| choose(a, b)).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    pub(super) fn labels(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(n, &word)| {
            let bits = core::iter::successors((word != 0).then_some(word), |&word| {
                let rest = word & (word - 1);
                (rest != 0).then_some(rest)
            });
            bits.map(move |word| 64 * n + word.trailing_zeros() as usize)
        })
    }
}

/// What no number of operations or elements exceeds, so that sums of them are finite.
pub(super) const HUGE: f64 = 1e300;

/// Arrays as sets of labels.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub(super) arrays: Vec<Set>,
    /// The labels that the result keeps.
    pub(super) output: Set,
    pub(super) extents: Vec<f64>,
    /// The most elements of an intermediate.
    pub(super) largest: f64,
}

impl Problem {
    pub(super) fn new(arrays: &[Vec<LabelId>], output: &[LabelId], extents: &[usize], largest: f64) -> Self {
        let mut owners: BTreeMap<LabelId, Vec<usize>> = BTreeMap::new();
        for (array, labels) in arrays.iter().map(Vec::as_slice).chain([output]).enumerate() {
            labels.iter().for_each(|&label| owners.entry(label).or_default().push(array));
        }
        // Without values there is nothing to compute, in any order.
        let labels = owners.into_iter().map(|(label, owners)| (owners, extents[label].max(1) as f64));
        Self::of_labels(labels, arrays.len(), largest)
    }

    /// The contraction of some arrays of a problem to one of these labels.
    pub(super) fn part(&self, arrays: &[&Set], output: &Set) -> Self {
        let all = arrays.iter().fold(output.clone(), |all, set| all.combined(set, |a, b| a | b));
        let labels = all.labels().map(|label| {
            let sets = arrays.iter().copied().chain([output]).enumerate();
            (sets.filter(|(_, set)| set.has(label)).map(|(array, _)| array).collect(), self.extents[label])
        });
        Self::of_labels(labels, arrays.len(), self.largest)
    }

    /// The arrays, and behind them the output, that own labels of these extents.
    fn of_labels(labels: impl Iterator<Item = (Vec<usize>, f64)>, arrays: usize, largest: f64) -> Self {
        let mut classes: BTreeMap<Vec<usize>, f64> = BTreeMap::new();
        labels.for_each(|(owners, extent)| *classes.entry(owners).or_insert(1.0) *= extent);
        let mut sets = alloc::vec![Set::empty(classes.len()); arrays + 1];
        for (class, owners) in classes.keys().enumerate() {
            owners.iter().for_each(|&array| sets[array].insert(class));
        }
        let output = sets.pop().expect("the output comes last");
        Self { arrays: sets, output, extents: classes.into_values().collect(), largest }
    }

    /// How many combinations of values some labels have.
    pub(super) fn size(&self, labels: &Set) -> f64 {
        labels.labels().map(|label| self.extents[label]).product::<f64>().min(HUGE)
    }

    /// What some labels' values cost together, where some are summed or none are.
    pub(super) fn flops(&self, all: &Set, is_sum: bool) -> f64 {
        if is_sum { 2.0 * self.size(all) } else { self.size(all) }
    }
}
