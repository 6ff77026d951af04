//! The loops of one step: which label is looped where, and which product is formed at which depth.
//!
//! Given the labels that the enclosing loops have fixed, the operands fall apart into *components*, connected
//! by the labels still open. A component without open output labels is a number there: it is evaluated once at
//! that depth, by sums of its own, and multiplied into what the deeper loops compute. That one rule hoists
//! products out of inner loops, sums a lone label before anything is multiplied by it, and needs no
//! temporaries: `i,ij,j->` is a sum over `i` of `#0[i]` times the sum over `j` of `#1[ij] * #2[j]`.
//!
//! The output's loops come first, so each output element is written once. A sum opens its component with the
//! label that breaks it into the smallest pieces, as nested dissection orders a sparse elimination
//! (George 1973); extents are unknown here, so labels count as equally long.

use alloc::vec::Vec;

use crate::{LabelId, Price};

/// Loops over the output's labels, with the product that becomes known at each depth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nest {
    /// What is known outside all loops.
    pub outer: Product,
    /// One loop for each output label, the outermost first. The last one is the one to vectorise.
    pub loops: Vec<Loop>,
}

/// One loop over an output label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loop {
    /// The label whose extent is walked.
    pub label: LabelId,
    /// What becomes known inside this loop and outside the next one.
    pub product: Product,
}

/// Factors to multiply; none means one.
pub type Product = Vec<Factor>;

/// One factor of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Factor {
    /// The element of an input whose labels are all fixed: its position among the step's inputs.
    Element(usize),
    /// A sum over a label that the output does not have.
    Sum(Sum),
}

/// The sum of a product over a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// The label summed over.
    pub label: LabelId,
    /// The summand.
    pub product: Product,
}

impl Sum {
    /// The inputs of the summand, where it is a product of elements only.
    #[must_use]
    pub fn elements(&self) -> Option<Vec<usize>> {
        let element = |factor: &Factor| if let Factor::Element(input) = factor { Some(*input) } else { None };
        self.product.iter().map(element).collect()
    }
}

impl Nest {
    /// Orders the loops for inputs with these axes, one label each, possibly repeated.
    #[must_use]
    pub fn new(inputs: &[Vec<LabelId>], output: &[LabelId]) -> Self {
        let order = loop_order(inputs, output);
        let mut builder = Builder { inputs, fixed: Vec::new(), pending: (0..inputs.len()).collect() };
        let outer = builder.take_closed(&order);
        let loops = (0..order.len()).map(|depth| {
            builder.fixed.push(order[depth]);
            Loop { label: order[depth], product: builder.take_closed(&order[depth + 1..]) }
        });
        Self { loops: loops.collect(), outer }
    }

    /// How many multiplications and additions the loops do.
    #[must_use]
    pub fn price(&self) -> Price {
        let mut counter = Counter { price: Price { terms: Vec::new() }, around: Vec::new() };
        let products = core::iter::once((None, &self.outer));
        let mut is_carried = false;
        for (label, product) in products.chain(self.loops.iter().map(|l| (Some(l.label), &l.product))) {
            counter.around.extend(label);
            counter.product(product, is_carried);
            is_carried |= !product.is_empty();
        }
        counter.price
    }
}

/// Counts operations in loops.
struct Counter {
    price: Price,
    /// The labels of the loops around.
    around: Vec<LabelId>,
}

impl Counter {
    fn add(&mut self, operations: usize) {
        if operations > 0 {
            self.price.add(operations as f64, self.around.clone());
        }
    }

    /// Counts a product, which is multiplied into one from outside, if that `is_carried`.
    fn product(&mut self, product: &Product, is_carried: bool) {
        self.add((product.len() + usize::from(is_carried)).saturating_sub(1));
        for factor in product {
            if let Factor::Sum(sum) = factor {
                self.around.push(sum.label);
                self.add(1);
                self.product(&sum.product, false);
                self.around.pop();
            }
        }
    }
}

/// The output's order, but with the label to vectorise last.
///
/// That is the label which is the last axis, so of unit stride in C order, of as many inputs as possible. The
/// output's own stride counts only where there is no sum that each store is the end of.
fn loop_order(inputs: &[Vec<LabelId>], output: &[LabelId]) -> Vec<LabelId> {
    let contracted = inputs.iter().flatten().any(|label| !output.contains(label));
    let strided = |label: LabelId| {
        let reads = inputs.iter().filter(|axes| axes_behind(axes, label).is_some_and(|n| n > 0)).count();
        reads + usize::from(!contracted && output.last() != Some(&label))
    };
    let vector = output.iter().copied().rev().min_by_key(|&label| strided(label));
    output.iter().copied().filter(|&label| Some(label) != vector).chain(vector).collect()
}

/// How many axes follow the last one with this label; `None` where no axis has it.
fn axes_behind(axes: &[LabelId], label: LabelId) -> Option<usize> {
    axes.iter().rev().position(|&axis| axis == label)
}

/// Groups inputs with these axes that labels other than the `fixed` ones connect. Groups, and the inputs in them, keep
/// their order.
pub(crate) fn components(inputs: &[Vec<LabelId>], fixed: &[LabelId]) -> Vec<Vec<usize>> {
    let all: Vec<usize> = (0..inputs.len()).collect();
    Builder { inputs, fixed: fixed.to_vec(), pending: Vec::new() }.components(&all)
}

struct Builder<'a> {
    inputs: &'a [Vec<LabelId>],
    /// The labels of the enclosing loops.
    fixed: Vec<LabelId>,
    /// The inputs that are not yet in a product.
    pending: Vec<usize>,
}

impl Builder<'_> {
    /// Takes the components without any of the `open` output labels out of `pending`.
    fn take_closed(&mut self, open: &[LabelId]) -> Product {
        let mut product = Vec::new();
        let pending = core::mem::take(&mut self.pending);
        for component in self.components(&pending) {
            if component.iter().any(|&input| self.inputs[input].iter().any(|label| open.contains(label))) {
                self.pending.extend(component);
            } else {
                product.push(self.factor(component));
            }
        }
        product
    }

    /// The value of a component: an element, or a sum over the label that breaks it up best.
    fn factor(&mut self, component: Vec<usize>) -> Factor {
        let Some(label) = self.opening_label(&component) else {
            return Factor::Element(component[0]);
        };
        self.fixed.push(label);
        let product = self.components(&component).into_iter().map(|part| self.factor(part)).collect();
        self.fixed.pop();
        Factor::Sum(Sum { label, product })
    }

    /// Smallest pieces first, then the labels that several inputs share, then the longest way in memory.
    fn opening_label(&mut self, component: &[usize]) -> Option<LabelId> {
        let mut best = None;
        for label in self.open_labels(component) {
            self.fixed.push(label);
            let pieces = self.components(component);
            let largest = pieces.iter().map(|piece| self.open_labels(piece).len()).max();
            self.fixed.pop();
            let behind = component.iter().filter_map(|&input| axes_behind(&self.inputs[input], label));
            let (sharing, stride) = behind.fold((0, 0), |(n, sum), axes| (n + 1, sum + axes));
            let key = (largest, sharing == 1, usize::MAX - stride);
            if best.is_none_or(|(least, _)| key < least) {
                best = Some((key, label));
            }
        }
        best.map(|(_, label)| label)
    }

    /// The labels of these inputs that no enclosing loop has fixed, in order of first occurrence.
    fn open_labels(&self, inputs: &[usize]) -> Vec<LabelId> {
        let mut open = Vec::new();
        for &label in inputs.iter().flat_map(|&input| &self.inputs[input]) {
            if !self.fixed.contains(&label) && !open.contains(&label) {
                open.push(label);
            }
        }
        open
    }

    /// Groups inputs that open labels connect. Groups, and the inputs in them, keep their order.
    fn components(&self, inputs: &[usize]) -> Vec<Vec<usize>> {
        let mut groups: Vec<(Vec<usize>, Vec<LabelId>)> = Vec::new();
        for &input in inputs {
            let mut group = (Vec::from([input]), self.open_labels(&[input]));
            groups.retain_mut(|(inputs, labels)| {
                let joins = touch(labels, &group.1);
                if joins {
                    group.0.append(inputs);
                    group.1.append(labels);
                }
                !joins
            });
            groups.push(group);
        }
        let mut components: Vec<Vec<usize>> = groups.into_iter().map(|(inputs, _)| inputs).collect();
        components.iter_mut().for_each(|component| component.sort_unstable());
        components.sort_unstable();
        components
    }
}

fn touch(a: &[LabelId], b: &[LabelId]) -> bool {
    a.iter().any(|label| b.contains(label))
}
