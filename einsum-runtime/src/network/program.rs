//! The steps of a contraction tree, in loops over blocks where an intermediate would be large, and the memory they need.
//!
//! An intermediate that is larger than the caches would be written to memory and read again. So the step that reads it and
//! all that make it are run for a block of one of its labels after the other: the label is one of the products of both, so
//! no product is computed twice, and what is kept is a block. What does not depend on the label is computed before.
//!
//! All intermediates lie in one buffer. Their places are taken again once they have been read.

use super::layout::dense;
use super::tree::Tree;
use crate::engine::MAX_GROUP_AXES;

/// What is done, and where intermediates are meanwhile.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) ops: Vec<Op>,
    /// For each node its labels and their strides, in the block that it is computed in.
    pub(super) axes: Vec<Vec<(usize, isize)>>,
    /// For each node its place in the buffer.
    pub(super) places: Vec<usize>,
    /// Elements of the buffer.
    pub(super) buffer: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Op {
    /// Computes a node from its children.
    Step(usize),
    /// Runs steps for each block of a label.
    Blocks(Blocks),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Blocks {
    pub(super) label: usize,
    /// How much of the label is done at a time.
    pub(super) len: usize,
    /// The node that is computed.
    pub(super) node: usize,
    /// What lies outside, and is read or written in part.
    pub(super) moving: Vec<usize>,
    pub(super) ops: Vec<Op>,
}

/// From where on steps are done in another way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Elements of intermediates that are kept whole.
    pub(super) large: usize,
    /// Elements of a block of a larger one.
    pub(super) block: usize,
    /// How many rows, columns or sums a block of a product of matrices has at least: of fewer, the engine would make worse use.
    pub(super) block_len: usize,
    /// Elements of a stretch of a large array that makes a block worth its reads, however thin it is.
    pub(super) run: usize,
    /// Products of the smallest block: calls for one of fewer would take longer than these.
    pub(super) block_products: usize,
    /// How many times its elements an intermediate may cost in reads and writes of others, done again for each block.
    pub(super) traffic: usize,
    /// Elements that places are a multiple of.
    pub(super) unit: usize,
    /// Products of steps that arrays are copied for.
    pub(super) copy_products: usize,
    /// The most axes that a group of labels may have without a copy.
    pub(super) axes: usize,
}

impl Limits {
    /// For elements of this many bytes. A block shares a second-level cache of 1 MiB with what the engine packs; a group has
    /// one axis less than in the engine, since a block of an axis is not one with its neighbours.
    pub(super) fn of(size: usize) -> Self {
        let elements = |bytes: usize| (bytes / size.max(1)).max(1);
        Self {
            large: elements(512 << 10),
            block: elements(256 << 10),
            block_len: 8,
            run: elements(4096),
            block_products: 1 << 16,
            traffic: 2,
            unit: elements(CACHE_LINE),
            copy_products: 1 << 12,
            axes: MAX_GROUP_AXES - 1,
        }
    }
}

/// In bytes.
pub(super) const CACHE_LINE: usize = 64;

impl Program {
    /// `extents` are those of all labels.
    pub(super) fn new(tree: &Tree, extents: &[usize], limits: Limits) -> Self {
        let mut builder = Builder {
            tree,
            limits,
            extents: extents.to_vec(),
            is_available: (0..tree.nodes().len()).map(|node| tree.is_leaf(node)).collect(),
            lives: vec![Life::default(); tree.nodes().len()],
            time: 0,
        };
        let mut ops = Vec::new();
        builder.compute(tree.root(), &mut ops);
        let (places, buffer) = places(&builder.lives, limits.unit);
        let axes = builder.lives.into_iter().map(|life| life.axes).collect();
        Self { ops, axes, places, buffer }
    }
}

/// What is known of an intermediate.
#[derive(Debug, Clone, Default)]
struct Life {
    /// Labels and their strides.
    axes: Vec<(usize, isize)>,
    /// Elements.
    size: usize,
    /// When it is first written.
    start: usize,
    /// When it is last read.
    end: usize,
}

struct Builder<'a> {
    tree: &'a Tree,
    limits: Limits,
    /// Of the blocks that the next step computes.
    extents: Vec<usize>,
    is_available: Vec<bool>,
    lives: Vec<Life>,
    /// Counts the steps, and the ends of loops.
    time: usize,
}

/// A label that a step is computed along in blocks.
#[derive(Debug, Clone, Copy)]
struct Cut {
    label: usize,
    len: usize,
}

impl Builder<'_> {
    /// Appends what computes a node.
    fn compute(&mut self, node: usize, ops: &mut Vec<Op>) {
        if node != self.tree.root() {
            let (axes, size) = dense(&self.tree.node(node).labels, |label| self.extents[label]);
            self.lives[node] = Life { axes, size, ..Life::default() };
        }
        match self.cut(node) {
            Some(cut) => self.blocks(node, cut, ops),
            None => {
                self.step(node, ops);
                self.lives[node].start = self.time - 1;
            }
        }
    }

    /// Appends the children that are not there yet, and the step.
    fn step(&mut self, node: usize, ops: &mut Vec<Op>) {
        let children: Vec<usize> = self.missing(node).collect();
        children.iter().for_each(|&child| self.compute(child, ops));
        children.iter().for_each(|&child| self.lives[child].end = self.time);
        ops.push(Op::Step(node));
        self.time += 1;
    }

    fn missing(&self, node: usize) -> impl Iterator<Item = usize> {
        self.tree.node(node).children.iter().copied().filter(|&child| !self.is_available[child])
    }

    /// Appends a loop over blocks, and before it what does not depend on their label.
    fn blocks(&mut self, node: usize, Cut { label, len }: Cut, ops: &mut Vec<Op>) {
        let mut around = Vec::new();
        self.compute_around(node, label, ops, &mut around);
        self.lives[node].start = self.time;
        let whole = core::mem::replace(&mut self.extents[label], len);
        let is_outside =
            |&other: &usize| (other == node || self.is_available[other]) && self.tree.node(other).has(label);
        let moving = self.tree.subtree(node).into_iter().filter(is_outside).collect();
        let mut body = Vec::new();
        self.step(node, &mut body);
        self.extents[label] = whole;
        ops.push(Op::Blocks(Blocks { label, len, node, moving, ops: body }));
        self.time += 1;
        around.iter().for_each(|&other| self.lives[other].end = self.time);
    }

    /// Computes what lies below a node and does not have the label.
    fn compute_around(&mut self, node: usize, label: usize, ops: &mut Vec<Op>, around: &mut Vec<usize>) {
        for child in self.missing(node).collect::<Vec<_>>() {
            if self.tree.node(child).has(label) {
                self.compute_around(child, label, ops, around);
            } else {
                self.compute(child, ops);
                self.is_available[child] = true;
                around.push(child);
            }
        }
    }

    /// The label along which a node should be computed in blocks, if its largest child is large.
    fn cut(&self, node: usize) -> Option<Cut> {
        let child = self.missing(node).max_by_key(|&child| self.size(child))?;
        let size = self.size(child);
        if size <= self.limits.large {
            return None;
        }
        let cuts = self.tree.node(child).labels.iter().filter_map(|&label| {
            let len = self.block(label, size);
            let cut = Cut { label, len };
            let traffic = self.traffic(node, child, cut);
            let is_thin = len < self.limits.block_len;
            let fits = len < self.extents[label]
                && traffic <= size.saturating_mul(self.limits.traffic)
                && (!is_thin || self.can_be_thin(node, child, cut));
            fits.then(|| ((is_thin, traffic, core::cmp::Reverse(self.stride(node, label))), cut))
        });
        let (_, cut) = cuts.min_by_key(|&(rank, _)| rank)?;
        let products = self.products(node) / self.extents[cut.label] * cut.len;
        (products >= self.limits.block_products).then_some(cut)
    }

    /// How much of a label makes a block of a node of this size: a multiple of 16, if it can, for vectors.
    fn block(&self, label: usize, size: usize) -> usize {
        let len = (self.extents[label] as u128 * self.limits.block as u128 / size as u128) as usize;
        if len >= 16 { len - len % 16 } else { len.max(1) }
    }

    /// Whether a block of few values of a label does not make worse use of the engine and of memory.
    fn can_be_thin(&self, node: usize, child: usize, cut: Cut) -> bool {
        self.is_thick(node, cut) && self.is_thick(child, cut) && self.has_long_runs(node, cut)
    }

    /// Whether the step that makes a node has enough rows, columns or sums in a block, along the label and all that are in the
    /// same arrays; or runs along another label, element by element.
    fn is_thick(&self, node: usize, Cut { label, len }: Cut) -> bool {
        let tree = self.tree;
        let &[left, right] = &tree.node(node).children[..] else { return true };
        let owners = |label| [node, left, right].map(|array| tree.node(array).has(label));
        let child = if tree.node(left).has(label) { left } else { right };
        let others = tree.node(child).labels.iter();
        let group = others.filter(|&&other| other != label && owners(other) == owners(label));
        let rest = group.map(|&other| self.extents[other]).fold(1, usize::saturating_mul);
        let is_elementwise = tree.node(node).labels.last().is_some_and(|&last| owners(last) == [true; 3]);
        is_elementwise || rest.saturating_mul(len) >= self.limits.block_len
    }

    /// Whether a block has long stretches of the large arrays that are read below a node, as far as it can be told: short ones
    /// come slowly from memory.
    fn has_long_runs(&self, node: usize, Cut { label, len }: Cut) -> bool {
        let is_read = |&other: &usize| self.is_available[other] && self.size(other) > self.limits.large;
        self.tree.subtree(node).into_iter().filter(is_read).all(|array| {
            let mut behind = self.tree.node(array).labels.iter().rev().take_while(|&&own| own != label);
            let run = behind.try_fold(len, |run, &own| run.checked_mul(self.extents[own]));
            !self.tree.node(array).has(label) || run.is_none_or(|run| run >= self.limits.run)
        })
    }

    /// Elements that are read or written again for each block but the first.
    fn traffic(&self, node: usize, child: usize, Cut { label, len }: Cut) -> usize {
        let again = (self.extents[label] - 1) / len;
        let without = |of: usize| {
            let children =
                self.tree.node(of).children.iter().filter(|&&other| !self.tree.node(other).has(label));
            children.map(|&other| self.size(other)).fold(0, usize::saturating_add)
        };
        let written = if self.tree.node(node).has(label) { 0 } else { self.size(node).saturating_mul(2) };
        written.saturating_add(without(node)).saturating_add(without(child)).saturating_mul(again)
    }

    /// The longest stride of a label in the leaves that a step reads, as far as it can be told: a long one leaves
    /// neighbours together.
    fn stride(&self, node: usize, label: usize) -> usize {
        let children = self.tree.node(node).children.iter().filter(|&&child| self.is_available[child]);
        let behind = children.filter_map(|&child| {
            let labels = &self.tree.node(child).labels;
            labels.iter().position(|&own| own == label).map(|position| labels.len() - position)
        });
        behind.max().unwrap_or(0)
    }

    fn size(&self, node: usize) -> usize {
        let extents = self.tree.node(node).labels.iter().map(|&label| self.extents[label]);
        extents.fold(1, usize::saturating_mul)
    }

    /// The products of a step.
    fn products(&self, node: usize) -> usize {
        let mut labels: Vec<usize> = self
            .tree
            .node(node)
            .children
            .iter()
            .flat_map(|&child| self.tree.node(child).labels.clone())
            .collect();
        labels.sort_unstable();
        labels.dedup();
        labels.into_iter().map(|label| self.extents[label]).fold(1, usize::saturating_mul)
    }
}

/// A place for each intermediate, apart from all that live at the same time, and how long the buffer must be: longer than any can
/// be, if it cannot be counted.
fn places(lives: &[Life], unit: usize) -> (Vec<usize>, usize) {
    let mut order: Vec<usize> = (0..lives.len()).filter(|&node| lives[node].size > 0).collect();
    order.sort_by_key(|&node| core::cmp::Reverse(lives[node].size));
    let mut places = vec![0; lives.len()];
    let end = |places: &[usize], node: usize| places[node].saturating_add(lives[node].size);
    for (number, &node) in order.iter().enumerate() {
        let met = order[..number].iter().copied().filter(|&other| meet(&lives[node], &lives[other]));
        let mut met: Vec<usize> = met.collect();
        met.sort_by_key(|&other| places[other]);
        for other in met {
            if end(&places, node) <= places[other] {
                break;
            }
            let behind = end(&places, other).checked_next_multiple_of(unit).unwrap_or(usize::MAX);
            places[node] = places[node].max(behind);
        }
    }
    let buffer = order.iter().map(|&node| end(&places, node)).max().unwrap_or(0);
    (places, buffer)
}

fn meet(a: &Life, b: &Life) -> bool {
    a.start <= b.end && b.start <= a.end
}

#[cfg(test)]
mod tests;
