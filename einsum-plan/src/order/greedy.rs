//! Good orders of many arrays: greedy ones, by turns with some chance, of which the best are improved.
//!
//! A greedy order contracts the pair next whose result is smallest compared with what it replaces (Smith and Gray,
//! "opt_einsum", 2018). Some of the next ones do as well by chance, so several orders are made with scores that are a little
//! off. The best are improved as Gray and Kourtis do ("Hyper-optimized tensor network contraction", 2021): the order within a
//! few steps of a tree is replaced by the best there is.

use alloc::vec::Vec;

use super::set::{Problem, Set};
use super::{Order, optimal};

/// Orders that are made, and how many of them are improved.
const ORDERS: usize = 32;
const IMPROVED: usize = 3;
/// Arrays whose order is replaced by the best one.
const WINDOW: usize = 8;
/// How often the whole tree is gone through, at most.
const ROUNDS: usize = 6;

/// A good order; `None` if none was found whose intermediates are small enough.
pub(super) fn search(problem: &Problem) -> Option<Order> {
    let mut chance = Chance::new();
    let mut trees: Vec<Tree> =
        (0..ORDERS).map(|n| Tree::greedy(problem, Taste::new(n), &mut chance)).collect();
    trees.sort_by(|a, b| a.cost(problem).total_cmp(&b.cost(problem)));
    trees.truncate(IMPROVED);
    trees.iter_mut().for_each(|tree| tree.improve(problem));
    let best = trees.into_iter().min_by(|a, b| a.cost(problem).total_cmp(&b.cost(problem)))?;
    best.is_small(problem).then(|| best.order())
}

/// What a good order that is quickly found costs: infinitely much, if its intermediates are too large.
pub(super) fn bound(problem: &Problem) -> f64 {
    let mut tree = Tree::greedy(problem, Taste::new(0), &mut Chance::new());
    tree.improve(problem);
    tree.cost(problem)
}

/// Numbers by chance, the same in each run (Marsaglia, "Xorshift RNGs", 2003).
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    /// From 0 to 1.
    pub(super) fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// How pairs are scored.
#[derive(Debug, Clone, Copy)]
struct Taste {
    /// How much the size of what is replaced counts.
    replaced: f64,
    /// By which part scores may be off.
    noise: f64,
}

impl Taste {
    /// The first is the plain one; the others are more and more adventurous.
    fn new(number: usize) -> Self {
        let replaced = [1.0, 0.5, 0.0, 2.0][number % 4];
        Self { replaced, noise: number as f64 / 8.0 }
    }

    fn score(self, result: f64, replaced: f64, chance: &mut Chance) -> f64 {
        let score = result - self.replaced * replaced;
        let off = 1.0 + self.noise * chance.next();
        if score > 0.0 { score * off } else { score / off }
    }
}

/// A contraction tree: the arrays come first, and results behind, in any order.
#[derive(Debug, Clone)]
struct Tree {
    nodes: Vec<Node>,
    root: usize,
}

#[derive(Debug, Clone)]
struct Node {
    labels: Set,
    /// None for an array.
    children: Option<[usize; 2]>,
    /// Operations of the step that makes it.
    flops: f64,
}

/// A pair that might be next.
struct Next {
    score: f64,
    pair: [usize; 2],
}

impl Tree {
    fn of_arrays(problem: &Problem) -> Self {
        let array = |labels: &Set| Node { labels: labels.clone(), children: None, flops: 0.0 };
        Self { nodes: problem.arrays.iter().map(array).collect(), root: 0 }
    }

    fn greedy(problem: &Problem, taste: Taste, chance: &mut Chance) -> Self {
        let mut tree = Self::of_arrays(problem);
        let mut live: Vec<usize> = (0..tree.nodes.len()).collect();
        let mut owners = Owners::new(problem);
        let mut queue: Vec<Next> = Vec::new();
        for (position, &b) in live.iter().enumerate() {
            live[..position]
                .iter()
                .for_each(|&a| tree.offer(problem, [a, b], &owners, taste, chance, &mut queue));
        }
        while live.len() > 1 {
            let pair = best(&queue).unwrap_or_else(|| tree.smallest(problem, &live));
            let new = tree.join(problem, pair, &mut owners);
            live.retain(|node| !pair.contains(node));
            queue.retain(|next| !next.pair.iter().any(|node| pair.contains(node)));
            live.iter().for_each(|&a| tree.offer(problem, [a, new], &owners, taste, chance, &mut queue));
            live.push(new);
        }
        tree.root = live[0];
        tree
    }

    /// Queues a pair, if it shares a label.
    fn offer(
        &self,
        problem: &Problem,
        pair: [usize; 2],
        owners: &Owners,
        taste: Taste,
        chance: &mut Chance,
        queue: &mut Vec<Next>,
    ) {
        let [a, b] = pair.map(|node| &self.nodes[node].labels);
        if a.combined(b, |a, b| a & b).is_empty() {
            return;
        }
        let result = problem.size(&owners.result(a, b));
        let score = taste.score(result, problem.size(a) + problem.size(b), chance);
        // As good as never, if it is too large.
        let score = if result > problem.largest { f64::MAX } else { score };
        queue.push(Next { score, pair });
    }

    /// The two smallest nodes, where no two share a label.
    fn smallest(&self, problem: &Problem, live: &[usize]) -> [usize; 2] {
        let mut sorted = live.to_vec();
        let size = |node: usize| problem.size(&self.nodes[node].labels);
        sorted.sort_by(|&a, &b| size(a).total_cmp(&size(b)));
        [sorted[0].min(sorted[1]), sorted[0].max(sorted[1])]
    }

    fn join(&mut self, problem: &Problem, pair: [usize; 2], owners: &mut Owners) -> usize {
        let [a, b] = pair.map(|node| &self.nodes[node].labels);
        let labels = owners.result(a, b);
        owners.join(a, b, &labels);
        let flops = step(problem, a, b, &labels);
        self.nodes.push(Node { labels, children: Some(pair), flops });
        self.nodes.len() - 1
    }

    /// The operations of all steps.
    fn cost(&self, problem: &Problem) -> f64 {
        let flops: f64 = self.nodes.iter().map(|node| node.flops).sum();
        if self.is_small(problem) { flops } else { f64::INFINITY }
    }

    fn is_small(&self, problem: &Problem) -> bool {
        let mut results = (problem.arrays.len()..self.nodes.len()).filter(|&node| node != self.root);
        results.all(|node| problem.size(&self.nodes[node].labels) <= problem.largest)
    }

    /// Replaces the order within parts of the tree by the best one, until nothing gets better.
    fn improve(&mut self, problem: &Problem) {
        let mut history = History::new(self.nodes.len());
        for _ in 0..ROUNDS {
            let before = history.time;
            for top in problem.arrays.len()..self.nodes.len() {
                let (leaves, steps) = self.window(top);
                if history.is_new(top, &leaves, &steps) && self.reorder(problem, top, &leaves, &steps) {
                    history.change(&steps);
                }
            }
            if history.time == before {
                break;
            }
        }
    }

    /// Finds the best order for a few nodes that some steps make one of: says whether it is better than that of the steps,
    /// which it takes the place of.
    fn reorder(&mut self, problem: &Problem, top: usize, leaves: &[usize], steps: &[usize]) -> bool {
        let sets: Vec<&Set> = leaves.iter().map(|&leaf| &self.nodes[leaf].labels).collect();
        let output = &self.nodes[top].labels;
        let Some(order) = optimal::search(&problem.part(&sets, output), self.better(problem, top, steps))
        else {
            return false;
        };
        let arrays = sets.into_iter().cloned().collect();
        let part = Problem { arrays, output: output.clone(), ..problem.clone() };
        let (mut tree, mut owners) = (Self::of_arrays(&part), Owners::new(&part));
        for &pair in &order.pairs {
            tree.join(&part, pair, &mut owners);
        }
        // The top, which was the first step to be taken apart, stays where its parent finds it.
        let places: Vec<usize> = leaves.iter().chain(steps.iter().rev()).copied().collect();
        for (number, Node { labels, children, flops }) in
            tree.nodes.into_iter().enumerate().skip(leaves.len())
        {
            let children = children.map(|pair| pair.map(|child| places[child]));
            self.nodes[places[number]] = Node { labels, children, flops };
        }
        true
    }

    /// What an order has to cost to be better than these steps, by more than what rounding may make of it.
    fn better(&self, problem: &Problem, top: usize, steps: &[usize]) -> f64 {
        let mut results = steps.iter().filter(|&&node| node != top).map(|&node| &self.nodes[node].labels);
        if results.any(|labels| problem.size(labels) > problem.largest) {
            return f64::INFINITY;
        }
        steps.iter().map(|&node| self.nodes[node].flops).sum::<f64>() * (1.0 - 1e-9)
    }

    /// The nodes that one is made of, as many as are looked at together, and the steps that do it. The most expensive step is
    /// taken apart next.
    fn window(&self, top: usize) -> (Vec<usize>, Vec<usize>) {
        let (mut leaves, mut inner) = (alloc::vec![top], Vec::new());
        while leaves.len() < WINDOW {
            let steps = leaves.iter().enumerate().filter(|&(_, &node)| self.nodes[node].children.is_some());
            let costliest = steps.max_by(|a, b| self.nodes[*a.1].flops.total_cmp(&self.nodes[*b.1].flops));
            let Some((place, &node)) = costliest else { break };
            leaves.swap_remove(place);
            leaves.extend(self.nodes[node].children.expect("it is a step"));
            inner.push(node);
        }
        (leaves, inner)
    }

    fn order(&self) -> Order {
        let arrays = self.nodes.iter().filter(|node| node.children.is_none()).count();
        let mut pairs = Vec::new();
        self.contract(self.root, arrays, &mut pairs);
        Order { pairs }
    }

    /// Appends the pairs that make a node, and says the number of the result.
    fn contract(&self, node: usize, arrays: usize, pairs: &mut Vec<[usize; 2]>) -> usize {
        let Some(children) = self.nodes[node].children else { return node };
        let mut pair = children.map(|child| self.contract(child, arrays, pairs));
        pair.sort_unstable();
        pairs.push(pair);
        arrays + pairs.len() - 1
    }
}

/// When nodes of a tree were changed, and when the steps below them were last looked at.
struct History {
    time: usize,
    changed: Vec<usize>,
    seen: Vec<usize>,
}

impl History {
    fn new(nodes: usize) -> Self {
        Self { time: 1, changed: alloc::vec![1; nodes], seen: alloc::vec![0; nodes] }
    }

    /// Whether something below a node was changed since this was asked last.
    fn is_new(&mut self, top: usize, leaves: &[usize], steps: &[usize]) -> bool {
        let seen = core::mem::replace(&mut self.seen[top], self.time);
        leaves.iter().chain(steps).any(|&node| self.changed[node] > seen)
    }

    fn change(&mut self, nodes: &[usize]) {
        self.time += 1;
        nodes.iter().for_each(|&node| self.changed[node] = self.time);
    }
}

/// The best pair, the first of equals.
fn best(queue: &[Next]) -> Option<[usize; 2]> {
    queue.iter().min_by(|a, b| a.score.total_cmp(&b.score)).map(|next| next.pair)
}

/// The operations of a step.
fn step(problem: &Problem, a: &Set, b: &Set, result: &Set) -> f64 {
    let all = a.combined(b, |a, b| a | b);
    problem.flops(&all, all != *result)
}

/// How many arrays, of those that are left and the output, have each label.
struct Owners {
    counts: Vec<usize>,
    /// Labels that more than two have, so that the product of two of them keeps it.
    shared: Set,
}

impl Owners {
    fn new(problem: &Problem) -> Self {
        let labels = problem.extents.len();
        let mut owners = Self { counts: alloc::vec![0; labels], shared: Set::empty(labels) };
        let sets = problem.arrays.iter().chain([&problem.output]);
        sets.for_each(|set| set.labels().for_each(|label| owners.counts[label] += 1));
        (0..labels).filter(|&label| owners.counts[label] > 2).for_each(|label| owners.shared.insert(label));
        owners
    }

    /// The labels that the product of two arrays keeps.
    fn result(&self, a: &Set, b: &Set) -> Set {
        let both = a.combined(b, |a, b| a & b).combined(&self.shared, |both, shared| both & shared);
        a.combined(b, |a, b| a ^ b).combined(&both, |one, both| one | both)
    }

    /// Counts two arrays as one.
    fn join(&mut self, a: &Set, b: &Set, result: &Set) {
        for label in a.combined(b, |a, b| a & b).labels() {
            self.counts[label] -= if result.has(label) { 1 } else { 2 };
            if self.counts[label] <= 2 {
                self.shared.remove(label);
            }
        }
    }
}
