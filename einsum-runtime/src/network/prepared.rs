//! What is known of a call before it runs.

use einsum_plan as plan;

use super::NetworkCall;
use super::arrays::{Arrays, StepAxes};
use super::costs::Costs;
use super::layout::fitted;
use super::order::Choice;
use super::program::{Limits, Op, Program};
use super::tree::Tree;
use crate::arithmetic::ElementType;
use crate::engine::{self, Kernel, LoopAxis, kernel};
use crate::error::EinsumError;
use crate::loops::Loops;
use crate::zeros::{is_allocatable, too_large};

/// Of a byte of intermediates that the caches do not hold: it is written, read again, and its page is new. In cycles, measured
/// on Zen 5.
const FAR: f32 = 0.2;

/// Of a byte that is read in long strides from an array beyond the caches, where the processor does not foresee what is next.
const SCATTERED: f32 = 0.4;

/// The steps of a call.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) tree: Tree,
    pub(super) program: Program,
}

impl Prepared {
    /// For these arrays, of which the output comes last.
    pub(super) fn new(
        arrays: &Arrays,
        extents: &[usize],
        costs: &Costs,
        call: &NetworkCall<'_>,
        choice: Choice,
    ) -> Result<Self, EinsumError> {
        let maker = Maker::new(arrays, extents, costs);
        let offered = match choice {
            Choice::Order(order) if !arrays.has_stretched() => {
                Some(call.network.orders[order].pairs.to_vec())
            }
            // Prices of labels that some arrays do not have after all would mislead.
            _ => maker.searched(None),
        };
        let (pairs, mut plan) = maker.fastest(offered.expect("without a limit there is an order"));
        if let Some(limit) = call.memory_limit.filter(|&limit| plan.memory(costs) > limit) {
            plan = maker.leaner(&plan, pairs, limit, call.subscripts)?;
        }
        Ok(plan)
    }

    /// Whether there is room for the intermediates now.
    pub(super) fn checked_memory(&self, costs: &Costs, subscripts: &str) -> Result<(), EinsumError> {
        let shape = [self.program.buffer];
        if is_allocatable(&shape, costs.size) { Ok(()) } else { Err(too_large(&shape, subscripts)) }
    }

    /// Bytes of all intermediates at their peak.
    pub(super) fn memory(&self, costs: &Costs) -> usize {
        self.program.buffer.saturating_mul(costs.size)
    }

    /// How far each label moves in a node.
    pub(super) fn axes_of<'a>(&'a self, arrays: &'a Arrays, node: usize) -> &'a [(usize, isize)] {
        match node {
            _ if self.tree.is_leaf(node) => arrays.axes(node),
            _ if node == self.tree.root() => arrays.axes(arrays.count() - 1),
            _ => &self.program.axes[node],
        }
    }

    /// About how many cycles the plan takes.
    fn cycles(&self, arrays: &Arrays, extents: &[usize], costs: &Costs) -> f32 {
        let mut cycles = 0.0;
        self.visit(&self.program.ops, arrays, &mut extents.to_vec(), 1.0, &mut |node, axes, times| {
            let is_product = self.tree.node(node).children.len() == 2;
            let in_engine = if is_product { engine::cycles(&mut axes.to_vec(), costs.element) } else { None };
            cycles += times * in_engine.unwrap_or_else(|| Loops::new(axes, is_product).cycles());
            cycles += times * SCATTERED * scattered(axes, costs) as f32 * costs.size as f32;
        });
        let far = self.program.buffer.saturating_sub(costs.limits.large);
        cycles + FAR * far as f32 * costs.size as f32
    }

    /// Calls `visit` for each step, with its node, its axes, and how often it is done.
    fn visit(
        &self,
        ops: &[Op],
        arrays: &Arrays,
        extents: &mut [usize],
        times: f32,
        visit: &mut impl FnMut(usize, &[LoopAxis], f32),
    ) {
        for op in ops {
            match op {
                Op::Step(node) => {
                    let nodes = core::iter::once(node).chain(&self.tree.node(*node).children);
                    let mut step = StepAxes::default();
                    step.fill(nodes.map(|&other| self.axes_of(arrays, other)), extents);
                    visit(*node, &step.axes, times);
                }
                Op::Blocks(blocks) => {
                    let whole = core::mem::replace(&mut extents[blocks.label], blocks.len);
                    let times = times * whole as f32 / blocks.len as f32;
                    self.visit(&blocks.ops, arrays, extents, times, visit);
                    extents[blocks.label] = whole;
                }
            }
        }
    }

    /// What is computed, in this order.
    pub(super) fn steps(
        &self,
        arrays: &Arrays,
        extents: &[usize],
        element: Option<ElementType>,
    ) -> Vec<Described> {
        let mut steps = Vec::new();
        self.visit(&self.program.ops, arrays, &mut extents.to_vec(), 1.0, &mut |node, axes, _| {
            let labels = |node: usize| &self.tree.node(node).labels;
            let children = self.tree.node(node).children.clone();
            let kernel =
                if children.len() == 2 { kernel(&mut axes.to_vec(), element) } else { Kernel::Loops };
            let mut all: Vec<usize> = children.iter().flat_map(|&child| labels(child).clone()).collect();
            all.sort_unstable();
            all.dedup();
            steps.push(Described { node, labels: labels(node).clone(), children, all, kernel });
        });
        steps
    }
}

/// Elements of factors that are larger than the caches, and summed along their longest stride: a step reads them all across.
fn scattered(axes: &[LoopAxis], costs: &Costs) -> usize {
    let of = |factor: usize| {
        let own = || axes.iter().filter_map(|axis| Some((axis, axis.strides[factor]?.unsigned_abs())));
        let size = own().map(|(axis, _)| axis.extent).fold(1, usize::saturating_mul);
        let outermost = own().max_by_key(|&(_, stride)| stride);
        let is_across = outermost.is_some_and(|(axis, stride)| axis.strides[0].is_none() && stride > 1);
        if size > costs.limits.large && is_across { size } else { 0 }
    };
    of(1) + of(2)
}

/// What plans are made of.
struct Maker<'a> {
    arrays: &'a Arrays,
    extents: &'a [usize],
    costs: &'a Costs,
    leaves: Vec<Vec<usize>>,
    output: Vec<usize>,
}

impl<'a> Maker<'a> {
    fn new(arrays: &'a Arrays, extents: &'a [usize], costs: &'a Costs) -> Self {
        let factors = arrays.count() - 1;
        let leaves = (0..factors).map(|factor| arrays.labels(factor).collect()).collect();
        Self { arrays, extents, costs, leaves, output: arrays.labels(factors).collect() }
    }

    /// An order whose intermediates have at most this many elements.
    fn searched(&self, largest: Option<f64>) -> Option<Vec<[usize; 2]>> {
        let network = plan::Network::new(&self.leaves, &self.output);
        network.search(self.extents, largest).map(|order| order.pairs)
    }

    fn plan(&self, pairs: &[[usize; 2]], limits: Limits) -> Prepared {
        let tree = Tree::new(self.leaves.clone(), &self.output, pairs, self.extents);
        let tree = fitted(&tree, self.arrays, self.extents, limits);
        let program = Program::new(&tree, self.extents, limits);
        Prepared { tree, program }
    }

    /// The plan for an order, or for another one with as few operations, if that should be faster, since the axes of its arrays
    /// lie better. Each with large intermediates in blocks, and whole.
    fn fastest(&self, pairs: Vec<[usize; 2]>) -> (Vec<[usize; 2]>, Prepared) {
        let network = plan::Network::new(&self.leaves, &self.output);
        let first = plan::Order { pairs };
        let equals = network.equals(&first, self.extents);
        let whole = Limits { large: usize::MAX, ..self.costs.limits };
        let plans = core::iter::once(first).chain(equals).flat_map(|order| {
            [self.costs.limits, whole].map(|limits| {
                let plan = self.plan(&order.pairs, limits);
                (plan.cycles(self.arrays, self.extents, self.costs), order.pairs.clone(), plan)
            })
        });
        let best = plans.reduce(|best, other| if other.0 <= best.0 { other } else { best });
        let (_, pairs, plan) = best.expect("there is an order");
        (pairs, plan)
    }

    /// A plan that takes at most `limit` bytes: in smaller blocks, or in another order, which may be more to compute. Which plans
    /// are tried does not depend on the limit, so a larger one never refuses what a smaller one allows.
    fn leaner(
        &self,
        first: &Prepared,
        pairs: Vec<[usize; 2]>,
        limit: usize,
        subscripts: &str,
    ) -> Result<Prepared, EinsumError> {
        let orders = halves(first.program.buffer).filter_map(|largest| self.searched(Some(largest as f64)));
        let mut needed = first.memory(self.costs);
        let mut tried: Vec<Vec<[usize; 2]>> = Vec::new();
        for pairs in core::iter::once(pairs).chain(orders) {
            if tried.contains(&pairs) {
                continue;
            }
            for block in halves(first.program.buffer) {
                let (large, block_len, block_products, traffic) = (block, 1, 1, usize::MAX);
                let limits = Limits { large, block, block_len, block_products, traffic, ..self.costs.limits };
                let plan = self.plan(&pairs, limits);
                let memory = plan.memory(self.costs);
                if memory <= limit {
                    return Ok(plan);
                }
                needed = needed.min(memory);
            }
            tried.push(pairs);
        }
        Err(EinsumError::MemoryLimit { needed, limit, subscripts: subscripts.into() })
    }
}

/// The powers of two below a number, from the largest on.
fn halves(number: usize) -> impl Iterator<Item = usize> {
    core::iter::successors(number.checked_ilog2().map(|power| 1 << power), |&half| {
        (half > 1).then_some(half / 2)
    })
}

/// A step that makes a node of its children.
#[derive(Debug)]
pub(crate) struct Described {
    pub(crate) node: usize,
    pub(crate) labels: Vec<usize>,
    pub(crate) children: Vec<usize>,
    /// Labels of the children.
    pub(crate) all: Vec<usize>,
    pub(crate) kernel: Kernel,
}
