//! In which order several arrays are contracted, two at a time.
//!
//! The order decides how much there is to compute: `ij,jk,kl->il` is cheaper from the left where `i` is short, and from the
//! right where `l` is. When subscripts are read, extents are unknown; so [`Network::candidates`] gives the orders that some
//! extents make the cheapest, and [`Network::price`] what each costs, as a polynomial of the extents. Once they are known, [`Network::search`] finds
//! the order for any number of arrays: the cheapest of all for up to a dozen, a good one beyond.
//!
//! Costs are counted as opt_einsum does: a step costs one operation for each combination of the values of all labels of its
//! two arrays, or two where it sums over one. Costs are floats: exact below 2^53, and of the right magnitude beyond.

mod greedy;
mod optimal;
mod price;
mod set;
#[cfg(test)]
mod tests;
mod trees;

use alloc::vec::Vec;

use crate::LabelId;

pub use price::Price;

/// Arrays that are multiplied, and the labels that their product keeps.
///
/// A label may be in any number of arrays. One that a single array has, and not the output, is summed before anything is
/// multiplied, whatever the order, so it is left out here.
///
/// ```
/// use einsum_plan::Network;
///
/// // ij,jk,kl->il with short `i`: from the left.
/// let network = Network::new(&[vec![0, 1], vec![1, 2], vec![2, 3]], &[0, 3]);
/// let order = network.search(&[2, 100, 100, 100], None).unwrap();
/// assert_eq!(order.pairs, [[0, 1], [2, 3]]);
/// assert_eq!(network.flops(&order, &[2, 100, 100, 100]), 2.0 * (2 * 100 * 100 + 2 * 100 * 100) as f64);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    arrays: Vec<Vec<LabelId>>,
    output: Vec<LabelId>,
}

/// An order: which two arrays are contracted, one pair after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Arrays by their numbers, and behind them the results of earlier pairs.
    pub pairs: Vec<[usize; 2]>,
}

impl Network {
    /// The network of inputs with these labels.
    #[must_use]
    pub fn new(inputs: &[Vec<LabelId>], output: &[LabelId]) -> Self {
        let is_lone = |number: usize, label: &LabelId| {
            let mut others = inputs.iter().enumerate().filter(|&(other, _)| other != number);
            !output.contains(label) && !others.any(|(_, labels)| labels.contains(label))
        };
        let shared = |(number, labels): (usize, &Vec<LabelId>)| {
            labels.iter().copied().filter(|label| !is_lone(number, label)).collect()
        };
        Self { arrays: inputs.iter().enumerate().map(shared).collect(), output: output.to_vec() }
    }

    /// The labels of each array, without those that are summed first.
    #[must_use]
    pub fn arrays(&self) -> &[Vec<LabelId>] {
        &self.arrays
    }

    /// The labels of the result of each pair: those that the output has, or an array that is not yet in it.
    #[must_use]
    pub fn results(&self, order: &Order) -> Vec<Vec<LabelId>> {
        self.steps(order).into_iter().map(|step| step.result).collect()
    }

    /// What each pair of an order does.
    pub(crate) fn steps(&self, order: &Order) -> Vec<Pair> {
        let mut owners: Vec<usize> = Vec::new();
        for &label in self.arrays.iter().flatten().chain(&self.output) {
            owners.resize(owners.len().max(label + 1), 0);
            owners[label] += 1;
        }
        let mut arrays = self.arrays.clone();
        let pair = |&[left, right]: &[usize; 2]| {
            let [left, right] = [left, right].map(|array| core::mem::take(&mut arrays[array]));
            left.iter().chain(&right).for_each(|&label| owners[label] -= 1);
            let new = right.iter().filter(|label| !left.contains(label));
            let all: Vec<LabelId> = left.iter().chain(new).copied().collect();
            let result: Vec<LabelId> = all.iter().copied().filter(|&label| owners[label] > 0).collect();
            result.iter().for_each(|&label| owners[label] += 1);
            arrays.push(result.clone());
            Pair { left, right, all, result }
        };
        order.pairs.iter().map(pair).collect()
    }

    /// The orders of which, for any extents of at least 2, one is the cheapest, if there are at most four arrays; `None` for more.
    ///
    /// `known` has the extents of labels, as far as they are known. Labels with a single value are better left out: a sum over
    /// one costs an addition that nobody needs, which would be a reason to keep orders that are good for nothing else.
    #[must_use]
    pub fn candidates(&self, known: &[Option<usize>]) -> Option<Vec<Order>> {
        let orders = trees::all(self.arrays.len())?;
        Some(price::undominated(self, orders, known))
    }

    /// Other orders that cost no more than this one for these extents, and less where the writer's guesses were wrong: all of at most four arrays, some of at most eight.
    #[must_use]
    pub fn equals(&self, order: &Order, extents: &[usize]) -> Vec<Order> {
        let flops = self.flops(order, extents);
        let mut others = trees::all(self.arrays.len()).unwrap_or_else(|| self.variants(extents));
        others.retain(|other| other != order && self.flops(other, extents) <= flops);
        others
    }

    /// The best orders for extents that are off by so little that it only decides between equals.
    fn variants(&self, extents: &[usize]) -> Vec<Order> {
        let mut variants: Vec<Order> = Vec::new();
        let rounds = if self.arrays.len() <= MOST_WITH_VARIANTS { VARIANTS } else { 0 };
        let mut chance = greedy::Chance::new();
        for _ in 0..rounds {
            let mut problem = set::Problem::new(&self.arrays, &self.output, extents, f64::INFINITY);
            problem.extents.iter_mut().for_each(|extent| *extent *= 1.0 + 1e-6 * chance.next());
            let found = optimal::search(&problem, f64::INFINITY);
            variants.extend(found.filter(|order| !variants.contains(order)));
        }
        variants
    }

    /// What an order costs, for any extents.
    #[must_use]
    pub fn price(&self, order: &Order) -> Price {
        Price::new(self.steps(order).iter().map(|pair| (pair.factor(), &pair.all[..])), &[])
    }

    /// What an order costs for these extents.
    #[must_use]
    pub fn flops(&self, order: &Order, extents: &[usize]) -> f64 {
        self.price(order).flops(extents)
    }

    /// The order for these extents: of all orders the one with the fewest operations, and among equals with the smallest
    /// intermediates, if there are at most twelve arrays; a good one for more. The same for the same extents, always.
    ///
    /// No intermediate has more elements than `largest`: `None` if there is no such order, or none was found.
    #[must_use]
    pub fn search(&self, extents: &[usize], largest: Option<f64>) -> Option<Order> {
        let problem =
            set::Problem::new(&self.arrays, &self.output, extents, largest.unwrap_or(f64::INFINITY));
        let bound = greedy::bound(&problem);
        optimal::search(&problem, bound * (1.0 + 1e-9)).or_else(|| greedy::search(&problem))
    }
}

/// How often equals are looked for, and among how many arrays at most.
const VARIANTS: usize = 12;
const MOST_WITH_VARIANTS: usize = 8;

/// A step of an order, by the labels of its arrays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) left: Vec<LabelId>,
    pub(crate) right: Vec<LabelId>,
    /// Of both.
    pub(crate) all: Vec<LabelId>,
    pub(crate) result: Vec<LabelId>,
}

impl Pair {
    /// Operations for each combination of all labels' values.
    pub(crate) fn factor(&self) -> usize {
        if self.result.len() < self.all.len() { 2 } else { 1 }
    }
}
