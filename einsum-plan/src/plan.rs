//! What the macro expands, in the order in which it is computed. `Display` prints it.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::order::Pair;
use crate::{ELLIPSIS, Factor, Gather, Index, Label, Nest, Network, Order, Product, Sum};

/// A label's position in [`Plan::labels`].
pub type LabelId = usize;

/// A contraction, ready to be expanded or interpreted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The labels, each once: those of the output in its order, then the contracted ones in order of first
    /// occurrence; last, [`ELLIPSIS`](crate::ELLIPSIS) if an operand has one.
    ///
    /// To the loops it is one label, for the innermost axis of the ellipsis; whoever runs the plan repeats it for
    /// the others.
    pub labels: Vec<Label>,
    /// The index of each axis of each operand, one for those of an ellipsis.
    pub operands: Vec<Vec<Index<LabelId>>>,
    /// The index of each axis of the output, one for those of an ellipsis.
    pub output: Vec<Index<LabelId>>,
    /// Labels whose loops have positions of the output in place of their values, in this order.
    pub gathers: Vec<Gather>,
    /// Loops that gathers have added, and that no input depends on: each of their values adds the same.
    pub idle: Vec<LabelId>,
    /// What is computed, in this order; the last step gives the output.
    pub steps: Vec<Step>,
}

/// One loop nest, its inputs and its result. Its labels are loops: those of [`Plan::gathers`] have positions of the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What the nest reads.
    pub inputs: Vec<Input>,
    /// The labels of the result, each once: of the last step, those that places in the output differ by.
    pub output: Vec<LabelId>,
    /// The loops.
    pub nest: Nest,
    /// Orders in which three or more inputs may be contracted in pairs, one of which is the cheapest for any extents of at least 2; none
    /// where there would be too many, and the run time has to search.
    pub orders: Vec<Order>,
}

/// What a step of an order costs: `factor` operations for each combination of the values of some labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Priced {
    /// Two where there is a sum, else one.
    pub factor: f64,
    /// The labels.
    pub labels: Vec<LabelId>,
    /// Whether it is a product of matrices, be it in many axes: each array has free labels, and they share summed ones.
    pub is_matrix: bool,
}

/// The most orders that are offered: with more, the run time searches.
const MOST_ORDERS: usize = 5;

/// Steps with more inputs are not offered as one loop nest: whatever the extents, some order in pairs is better.
const MOST_INPUTS_OF_A_NEST: usize = 8;

/// An array that a step reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Where it comes from.
    pub source: Source,
    /// The labels of its indices, each once: a label repeated in an operand walks the diagonal.
    pub labels: Vec<LabelId>,
}

/// Where an input comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// An operand, counted from 0.
    Operand(usize),
    /// The result of an earlier step, counted from 0.
    Step(usize),
}

impl Plan {
    /// The same plan, for extents of which some are known, or supposed: steps offer fewer orders then, or one where they would
    /// offer none. Others are computed as well, though perhaps not in the best order.
    #[must_use]
    pub fn with_sizes(mut self, sizes: &[(Label, usize)]) -> Self {
        let known = |label: &Label| sizes.iter().find(|(own, _)| own == label).map(|&(_, extent)| extent);
        let known: Vec<Option<usize>> = self.labels.iter().map(known).collect();
        self.steps.iter_mut().for_each(|step| step.offer(&known));
        self
    }

    /// The label of the ellipsis, if an operand has one.
    #[must_use]
    pub fn ellipsis(&self) -> Option<LabelId> {
        self.labels.iter().position(|&label| label == ELLIPSIS)
    }

    /// The operands that are read, in their order.
    #[must_use]
    pub fn read(&self) -> Vec<usize> {
        let inputs = self.steps.iter().flat_map(|step| &step.inputs);
        let operands = inputs.filter_map(|input| match input.source {
            Source::Operand(number) => Some(number),
            Source::Step(_) => None,
        });
        operands.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Whether an index is more than a label, or the output walks a diagonal: then the run time cuts the loops into pieces
    /// in which every index stays within its axis.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        !self.moving().is_empty() || self.writes_diagonal()
    }

    /// Whether an index is more than a label.
    #[must_use]
    pub fn has_arithmetic(&self) -> bool {
        self.operands.iter().chain([&self.output]).flatten().any(|index| index.label().is_none())
    }

    /// Whether there is one piece, which writes the whole output.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let is_padded = |index: &Index<LabelId>| match index {
            Index::Label(_) => false,
            Index::Affine(affine) => affine.padding() > 0,
        };
        let has_sums = self.output.iter().any(|index| index.label().is_none());
        !has_sums
            && !self.writes_diagonal()
            && !self.read().iter().any(|&n| self.operands[n].iter().any(is_padded))
    }

    /// The labels whose loops may have less than their whole ranges in a piece.
    #[must_use]
    pub fn moving(&self) -> BTreeSet<LabelId> {
        let read = self.read();
        let indices = read.iter().map(|&number| &self.operands[number]).chain([&self.output]).flatten();
        indices.filter(|index| index.label().is_none()).flat_map(Index::labels).collect()
    }

    /// Whether a step, by its number, depends on one of these labels, be it through an earlier step.
    #[must_use]
    pub fn depends(&self, step: usize, labels: &BTreeSet<LabelId>) -> bool {
        self.steps[step].inputs.iter().any(|input| match input.source {
            _ if input.labels.iter().any(|label| labels.contains(label)) => true,
            Source::Operand(_) => false,
            Source::Step(earlier) => self.depends(earlier, labels),
        })
    }

    fn writes_diagonal(&self) -> bool {
        let label = |axis: usize| self.output[axis].label();
        (0..self.output.len())
            .any(|axis| label(axis).is_some() && (0..axis).any(|earlier| label(earlier) == label(axis)))
    }

    fn text(&self, labels: &[LabelId]) -> String {
        labels.iter().map(|&label| self.labels[label]).collect()
    }
}

impl Step {
    /// Whether the loops are worth their code: they are the way to compute a step, or one of several.
    #[must_use]
    pub fn nest_is_offered(&self) -> bool {
        self.inputs.len() <= MOST_INPUTS_OF_A_NEST
    }

    /// What each step of an order costs.
    #[must_use]
    pub fn priced(&self, order: &Order) -> Vec<Priced> {
        self.network().steps(order).iter().map(Priced::new).collect()
    }

    /// Chooses the orders that are offered, given the extents of some labels: those that may be the cheapest, if they are a
    /// handful, or the cheapest one, if everything is known.
    pub(crate) fn offer(&mut self, known: &[Option<usize>]) {
        let network = self.network();
        let all: Option<Vec<usize>> = known.iter().copied().collect();
        self.orders = match (self.inputs.len(), all) {
            (..=2, _) => Vec::new(),
            (_, Some(extents)) => network.search(&extents, None).into_iter().collect(),
            (_, None) => network.candidates(known).unwrap_or_default(),
        };
        self.orders.truncate(if self.orders.len() > MOST_ORDERS { 0 } else { MOST_ORDERS });
    }

    fn network(&self) -> Network {
        let labels: Vec<Vec<LabelId>> = self.inputs.iter().map(|input| input.labels.clone()).collect();
        Network::new(&labels, &self.output)
    }

    /// The label of the innermost output loop, the one to vectorise.
    #[must_use]
    pub fn vector_label(&self) -> Option<LabelId> {
        self.nest.loops.last().map(|inner| inner.label)
    }

    /// The labels of the innermost sums, which walk elements and nothing else.
    #[must_use]
    pub fn innermost_sums(&self) -> Vec<&Sum> {
        let mut innermost = Vec::new();
        for product in core::iter::once(&self.nest.outer).chain(self.nest.loops.iter().map(|l| &l.product)) {
            collect_innermost(product, &mut innermost);
        }
        innermost
    }

    /// The other labels that the same inputs have and that the output has, or has not, like this one.
    ///
    /// A nest depends on nothing else of its labels, so peers may change places in it: the strides, known
    /// later, decide which of them is looped innermost.
    #[must_use]
    pub fn peers(&self, label: LabelId) -> Vec<LabelId> {
        let role = |label: LabelId| {
            let owners: Vec<bool> = self.inputs.iter().map(|input| input.labels.contains(&label)).collect();
            (owners, self.output.contains(&label))
        };
        let all: BTreeSet<LabelId> = self.inputs.iter().flat_map(|input| &input.labels).copied().collect();
        all.into_iter().filter(|&other| other != label && role(other) == role(label)).collect()
    }
}

impl Priced {
    fn new(pair: &Pair) -> Self {
        let Pair { left, right, all, result } = pair;
        let has_free = |own: &[LabelId], other: &[LabelId]| {
            own.iter().any(|label| result.contains(label) && !other.contains(label))
        };
        let shares = left.iter().any(|label| right.contains(label) && !result.contains(label));
        let is_matrix = shares && has_free(left, right) && has_free(right, left);
        Self { factor: pair.factor() as f64, labels: all.clone(), is_matrix }
    }
}

fn collect_innermost<'a>(product: &'a Product, innermost: &mut Vec<&'a Sum>) {
    for factor in product {
        match factor {
            Factor::Sum(sum) if sum.elements().is_some() => innermost.push(sum),
            Factor::Sum(sum) => collect_innermost(&sum.product, innermost),
            Factor::Element(_) => {}
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in self.steps.iter().enumerate() {
            let last = number + 1 == self.steps.len();
            let name = if last { String::from("out") } else { alloc::format!("t{number}") };
            write!(f, "{name}[{}] = ", self.text(&step.output))?;
            self.write_loops(f, step, 0)?;
            f.write_str(if last { "" } else { "; " })?;
        }
        Ok(())
    }
}

impl Plan {
    fn write_loops(&self, f: &mut fmt::Formatter<'_>, step: &Step, depth: usize) -> fmt::Result {
        let Nest { outer, loops } = &step.nest;
        let product = if depth == 0 { outer } else { &loops[depth - 1].product };
        self.write_product(f, step, product)?;
        let Some(next) = loops.get(depth) else {
            return f.write_str(if product.is_empty() { "1" } else { "" });
        };
        let times = if product.is_empty() { "" } else { " * " };
        write!(f, "{times}for {} {{ ", self.labels[next.label])?;
        self.write_loops(f, step, depth + 1)?;
        f.write_str(" }")
    }

    fn write_product(&self, f: &mut fmt::Formatter<'_>, step: &Step, product: &Product) -> fmt::Result {
        for (position, factor) in product.iter().enumerate() {
            f.write_str(if position == 0 { "" } else { " * " })?;
            match factor {
                Factor::Element(input) => self.write_input(f, &step.inputs[*input])?,
                Factor::Sum(sum) => {
                    write!(f, "sum {} (", self.labels[sum.label])?;
                    self.write_product(f, step, &sum.product)?;
                    f.write_str(")")?;
                }
            }
        }
        Ok(())
    }

    fn write_input(&self, f: &mut fmt::Formatter<'_>, input: &Input) -> fmt::Result {
        let labels = self.text(&input.labels);
        match input.source {
            Source::Operand(number) => write!(f, "#{number}[{labels}]"),
            Source::Step(number) => write!(f, "t{number}[{labels}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lower, parse};

    fn peers(text: &str, label: Label) -> String {
        let plan = lower(&parse(text).unwrap());
        let id = plan.labels.iter().position(|&l| l == label).unwrap();
        plan.text(&plan.steps[0].peers(id))
    }

    #[test]
    fn peers_have_the_same_owners_and_are_all_kept_or_all_summed() {
        assert_eq!(peers("nxyoij,ijco->nxyc", 'j'), "oi");
        assert_eq!(peers("nxyoij,ijco->nxyc", 'x'), "ny");
        assert_eq!(peers("nxyoij,ijco->nxyc", 'c'), "");
        assert_eq!(peers("ij->i", 'i'), "");
    }

    #[test]
    fn innermost_sums_walk_elements_only() {
        let plan = lower(&parse("i,ij,jk,k->").unwrap());
        let labels: String =
            plan.steps[0].innermost_sums().iter().map(|sum| plan.labels[sum.label]).collect();
        assert_eq!(labels, "ik");
    }
}
