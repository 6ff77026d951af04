//! In which order the labels of intermediates lie in memory, and which arrays are copied into a better one.

use super::arrays::{Arrays, StepAxes};
use super::program::Limits;
use super::tree::{Node, Tree};
use crate::engine::LoopAxis;

/// The order of an intermediate's labels, so that the labels of each of the engine's groups lie side by side in the order
/// in which the other arrays have them, and the neighbours of the next result are neighbours here too.
pub(super) fn layout(labels: &[usize], parent: &[usize], sibling: &[usize]) -> Vec<usize> {
    let own = |of: &[usize], is_wanted: &dyn Fn(usize) -> bool| -> Vec<usize> {
        of.iter().copied().filter(|&label| labels.contains(&label) && is_wanted(label)).collect()
    };
    let batch = own(parent, &|label| sibling.contains(&label));
    let free = own(parent, &|label| !sibling.contains(&label));
    let summed = own(sibling, &|label| !parent.contains(&label));
    let lone = own(labels, &|label| !parent.contains(&label) && !sibling.contains(&label));
    let groups = match parent.last() {
        Some(unit) if batch.contains(unit) => [free, lone, summed, batch],
        Some(unit) if free.contains(unit) => [batch, lone, summed, free],
        _ => [batch, free, lone, summed],
    };
    groups.concat()
}

/// The labels that a product keeps, in the order of the larger factor: those of the other one stand where it has the labels that
/// are summed, or else at the end, but before neighbours that both have.
pub(super) fn natural(larger: &[usize], other: &[usize], is_kept: impl Fn(usize) -> bool) -> Vec<usize> {
    let is_new = |label: &usize| is_kept(*label) && !larger.contains(label);
    let both_behind = larger.iter().rev().take_while(|label| other.contains(label)).count();
    let summed = larger.iter().position(|&label| !is_kept(label));
    let place = summed.unwrap_or(larger.len() - both_behind);
    let (before, behind) = larger.split_at(place);
    let new = other.iter().filter(|&label| is_new(label));
    before.iter().chain(new).chain(behind).copied().filter(|&label| is_kept(label)).collect()
}

/// The order of an intermediate's labels: as they lie naturally, unless the next step wants other neighbours, or the labels that it
/// sums as they follow each other in its other factor.
pub(super) fn suited(natural: &[usize], parent: &[usize], sibling: &[usize]) -> Vec<usize> {
    let unit = parent.last().filter(|unit| natural.contains(unit));
    let has_unit = unit.is_none_or(|unit| natural.last() == Some(unit));
    let summed = natural.iter().filter(|label| sibling.contains(label) && !parent.contains(label));
    let places = summed.map(|label| sibling.iter().position(|other| other == label));
    if has_unit && places.is_sorted() { natural.to_vec() } else { layout(natural, parent, sibling) }
}

/// Copies arrays whose axes are too scattered for the engine, which takes a few axes in each of its groups: as many as
/// arrays in some other order have that are one axis here, as in a tensor network of many short labels.
pub(super) fn fitted(tree: &Tree, arrays: &Arrays, extents: &[usize], limits: Limits) -> Tree {
    let mut fitting = Fitting {
        limits,
        arrays,
        extents,
        leaves: tree.leaves(),
        nodes: tree.nodes()[..tree.leaves()].to_vec(),
    };
    let mut numbers: Vec<usize> = (0..tree.leaves()).collect();
    for node in &tree.nodes()[tree.leaves()..] {
        let children: Vec<usize> = node.children.iter().map(|&child| numbers[child]).collect();
        numbers.push(fitting.push(Node { labels: node.labels.clone(), children }));
    }
    let output = &tree.node(tree.root()).labels;
    let root = fitting.nodes.len() - 1;
    if fitting.nodes[root].labels != *output {
        fitting.nodes.push(Node { labels: output.clone(), children: vec![root] });
    }
    Tree::of_nodes(fitting.nodes, tree.leaves())
}

struct Fitting<'a> {
    limits: Limits,
    arrays: &'a Arrays,
    extents: &'a [usize],
    leaves: usize,
    nodes: Vec<Node>,
}

impl Fitting<'_> {
    /// Adds a node, and before it copies of its children if it needs them: says which number it has.
    fn push(&mut self, mut node: Node) -> usize {
        for position in 0..2 {
            if self.fits(&node) {
                break;
            }
            let (child, sibling) = (node.children[position], node.children[1 - position]);
            let labels = layout(&self.nodes[child].labels, &node.labels, &self.nodes[sibling].labels);
            if self.axes_of(child).iter().map(|&(label, _)| label).ne(labels.iter().copied()) {
                self.nodes.push(Node { labels, children: vec![child] });
                node.children[position] = self.nodes.len() - 1;
            }
        }
        if !self.fits(&node) {
            // In the order of its children, which leaves each of the groups together.
            let [left, right] = [0, 1].map(|position| self.nodes[node.children[position]].labels.clone());
            let (mut batch, mut free) = (Vec::new(), Vec::new());
            for &label in left.iter().chain(&right).filter(|label| node.labels.contains(label)) {
                let group =
                    if left.contains(&label) && right.contains(&label) { &mut batch } else { &mut free };
                if !group.contains(&label) {
                    group.push(label);
                }
            }
            node.labels = [batch, free].concat();
        }
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// Whether the engine takes a step, if it is one for the engine: a large product of matrices.
    fn fits(&self, node: &Node) -> bool {
        let &[left, right] = &node.children[..] else { return true };
        let arrays = [self.dense(&node.labels), self.axes_of(left), self.axes_of(right)];
        let mut step = StepAxes::default();
        step.fill(arrays.iter().map(Vec::as_slice), self.extents);
        let axes = step.axes;
        let products = axes.iter().map(|axis| axis.extent).fold(1, usize::saturating_mul);
        let has = |axis: &LoopAxis, group: [bool; 3]| axis.strides.map(|stride| stride.is_some()) == group;
        let count = |group: [bool; 3]| axes.iter().filter(|axis| has(axis, group)).count();
        let groups = [[true, true, false], [true, false, true], [false, true, true], [true; 3]].map(count);
        products < self.limits.copy_products
            || groups[..3].contains(&0)
            || groups.iter().all(|&axes| axes <= self.limits.axes)
    }

    fn axes_of(&self, node: usize) -> Vec<(usize, isize)> {
        if node < self.leaves {
            self.arrays.axes(node).to_vec()
        } else {
            self.dense(&self.nodes[node].labels)
        }
    }

    fn dense(&self, labels: &[usize]) -> Vec<(usize, isize)> {
        dense(labels, |label| self.extents[label]).0
    }
}

/// The strides of an array without gaps, and its size: as many as can be counted, if there are more.
pub(super) fn dense(labels: &[usize], extent: impl Fn(usize) -> usize) -> (Vec<(usize, isize)>, usize) {
    let mut size = 1_usize;
    let axis = |&label: &usize| {
        let stride = isize::try_from(size).unwrap_or(isize::MAX);
        size = size.saturating_mul(extent(label));
        (label, stride)
    };
    let axes = labels.iter().rev().map(axis).collect();
    (axes, size)
}
