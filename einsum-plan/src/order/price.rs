//! Prices: numbers of operations as polynomials of the extents.

use alloc::vec::Vec;

use super::{Network, Order};
use crate::LabelId;

/// The most labels of a term that is compared with others: each of its subsets is looked at.
const MOST_LABELS: usize = 10;

/// A sum of terms.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// No two have the same labels.
    pub terms: Vec<Term>,
}

/// A number of operations for each combination of the values of some labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// How many.
    pub factor: f64,
    /// The labels, in ascending order.
    pub labels: Vec<LabelId>,
}

impl Price {
    /// The sum of `factor` times the extents of labels, each once. Labels of a known extent become part of the factor.
    pub(super) fn new<'a>(
        products: impl Iterator<Item = (usize, &'a [LabelId])>,
        known: &[Option<usize>],
    ) -> Self {
        let mut price = Self { terms: Vec::new() };
        for (factor, labels) in products {
            let extent = |label: LabelId| known.get(label).copied().flatten();
            let fixed = labels.iter().filter_map(|&label| extent(label));
            let factor = fixed.fold(factor as f64, |product, extent| product * extent as f64);
            price.add(factor, labels.iter().copied().filter(|&label| extent(label).is_none()).collect());
        }
        price
    }

    /// Adds so many operations for each combination of the values of some labels.
    pub(crate) fn add(&mut self, factor: f64, mut labels: Vec<LabelId>) {
        labels.sort_unstable();
        match self.terms.iter_mut().find(|own| own.labels == labels) {
            Some(own) => own.factor += factor,
            None => self.terms.push(Term { factor, labels }),
        }
    }

    /// The price for these extents.
    #[must_use]
    pub fn flops(&self, extents: &[usize]) -> f64 {
        self.terms.iter().map(|term| term.flops(extents)).sum()
    }

    /// Whether this price is at most the other, provably, for all extents of at least 2.
    ///
    /// With `2 + y` for each extent, both are polynomials of numbers that are not negative. So it is if no coefficient is
    /// larger than that of the other.
    fn is_at_most(&self, other: &Self) -> bool {
        self.terms.iter().all(|term| {
            let subsets = 0_usize..1 << term.labels.len().min(MOST_LABELS);
            term.labels.len() <= MOST_LABELS
                && subsets.into_iter().all(|subset| {
                    let chosen = term.labels.iter().enumerate().filter(|(n, _)| subset >> n & 1 == 1);
                    let labels: Vec<LabelId> = chosen.map(|(_, &label)| label).collect();
                    self.coefficient(&labels) <= other.coefficient(&labels)
                })
        })
    }

    /// The coefficient of the product of `y` for these labels, where each extent is `2 + y`.
    fn coefficient(&self, labels: &[LabelId]) -> f64 {
        let terms = self.terms.iter().filter(|term| labels.iter().all(|label| term.labels.contains(label)));
        terms.map(|term| term.factor * (1_u64 << (term.labels.len() - labels.len()).min(63)) as f64).sum()
    }
}

impl Term {
    fn flops(&self, extents: &[usize]) -> f64 {
        self.labels.iter().fold(self.factor, |flops, &label| (flops * extents[label] as f64).min(f64::MAX))
    }
}

/// The orders that no other one beats, whatever the extents that are not known. Of equal ones, the first is left, or one with
/// smaller intermediates.
pub(super) fn undominated(network: &Network, orders: Vec<Order>, known: &[Option<usize>]) -> Vec<Order> {
    let mut kept: Vec<Rated> = Vec::new();
    for order in orders {
        let rated = Rated::new(network, order, known);
        if !kept.iter().any(|other| other.beats(&rated)) {
            kept.retain(|other| !rated.price.is_at_most(&other.price));
            kept.push(rated);
        }
    }
    kept.into_iter().map(|rated| rated.order).collect()
}

/// An order, its price and the sizes of its results, given what is known.
struct Rated {
    order: Order,
    price: Price,
    sizes: Price,
}

impl Rated {
    fn new(network: &Network, order: Order, known: &[Option<usize>]) -> Self {
        let steps = network.steps(&order);
        let price = Price::new(steps.iter().map(|pair| (pair.factor(), &pair.all[..])), known);
        let sizes = Price::new(steps.iter().map(|pair| (1, &pair.result[..])), known);
        Self { order, price, sizes }
    }

    /// Whether a later order is not needed beside this one.
    fn beats(&self, later: &Self) -> bool {
        let is_smaller = || later.sizes.is_at_most(&self.sizes) && !self.sizes.is_at_most(&later.sizes);
        self.price.is_at_most(&later.price) && !(later.price.is_at_most(&self.price) && is_smaller())
    }
}
