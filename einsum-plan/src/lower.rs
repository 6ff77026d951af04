//! A checked equation to a [`Plan`].
//!
//! An equation is one loop nest, except where a label that only one operand has (a lone label, say `k` in
//! `ij,jk->i`) would be summed again for values of labels that the operand does not have. There its sum is
//! stored first, as a step of its own: `t0[j]`, then `ij,j->i`. So is every sum over operands without an
//! ellipsis beside others that have one, since whoever runs the plan repeats its last step along the ellipsis.

use alloc::vec::Vec;

use crate::gather::Gathering;
use crate::nest::components;
use crate::plan::{Input, Source};
use crate::{ELLIPSIS, Equation, Factor, Index, Label, LabelId, Nest, Plan, Product, Step, Term};

/// Plans a contraction.
///
/// ```
/// use einsum_plan::{lower, parse};
/// let plan = lower(&parse("ij,jk->i").unwrap());
/// let expected = "t0[j] = for j { sum k (#1[jk]) }; out[i] = for i { sum j (#0[ij] * t0[j]) }";
/// assert_eq!(plan.to_string(), expected);
/// ```
///
/// # Panics
///
/// Where [`check`](crate::check) would have complained about an output label.
#[must_use]
pub fn lower(equation: &Equation) -> Plan {
    let labels = ordered_labels(equation);
    let output: Vec<Index<LabelId>> =
        equation.output().iter().map(|index| index.map(|label| id(&labels, label))).collect();
    let operands: Vec<_> = equation.inputs.iter().map(|term| indices(&labels, term)).collect();
    let inputs: Vec<usize> = (0..operands.len()).collect();
    plan(labels, operands, output, &inputs)
}

/// The plan for an output, as a product of some of the operands.
pub(crate) fn plan(
    labels: Vec<Label>,
    operands: Vec<Vec<Index<LabelId>>>,
    output: Vec<Index<LabelId>>,
    inputs: &[usize],
) -> Plan {
    let ellipsis = labels.iter().position(|&label| label == ELLIPSIS);
    let gathering = Gathering::new(&output, labels.len(), ellipsis);
    let read = inputs.iter().map(|&number| {
        let loops: Vec<LabelId> = operands[number].iter().flat_map(|index| gathering.loops(index)).collect();
        Input { source: Source::Operand(number), labels: distinct(&loops) }
    });
    let mut steps = Vec::new();
    push_steps(&mut steps, read.collect(), gathering.output().to_vec(), ellipsis);
    let idle = gathering.idle(inputs.iter().flat_map(|&number| &operands[number]));
    let gathers = gathering.gathers().to_vec();
    Plan { labels, operands, output, gathers, idle, steps }
}

pub(crate) fn id(labels: &[Label], label: Label) -> LabelId {
    labels.iter().position(|&l| l == label).expect("output labels were checked")
}

/// The indices of a term, by the numbers of their labels.
pub(crate) fn indices(labels: &[Label], term: &Term) -> Vec<Index<LabelId>> {
    term.axes.iter().map(|axis| axis.index.map(|label| id(labels, label))).collect()
}

pub(crate) fn ordered_labels(equation: &Equation) -> Vec<Label> {
    let mut labels = Vec::new();
    let output = equation.output();
    let output = output.iter().flat_map(Index::labels);
    for label in output.chain(equation.input_labels()) {
        if label != ELLIPSIS && !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels.extend(equation.has_ellipsis().then_some(ELLIPSIS));
    labels
}

/// Each label once, at its last position, where its stride is smallest in C order.
fn distinct(axes: &[LabelId]) -> Vec<LabelId> {
    let last = |&(n, label): &(usize, &LabelId)| !axes[n + 1..].contains(label);
    axes.iter().enumerate().filter(last).map(|(_, &label)| label).collect()
}

/// Appends the steps that compute `output` from `inputs`.
fn push_steps(
    steps: &mut Vec<Step>,
    mut inputs: Vec<Input>,
    output: Vec<LabelId>,
    ellipsis: Option<LabelId>,
) {
    if let Some(ellipsis) = ellipsis {
        inputs = sums_beside(steps, inputs, &output, ellipsis);
    }
    loop {
        let step = Step::new(inputs, output.clone());
        let Some((input, labels)) = repeated_sum(&step, ellipsis) else {
            steps.push(step);
            return;
        };
        inputs = step.inputs;
        let sum = Input { source: Source::Step(steps.len()), labels: labels.clone() };
        let summed = core::mem::replace(&mut inputs[input], sum);
        steps.push(Step::new(Vec::from([summed]), labels));
    }
}

/// Stores the sums over inputs without the ellipsis, which would be summed again at each position of the walk along
/// it. In their place the inputs have the results.
fn sums_beside(
    steps: &mut Vec<Step>,
    inputs: Vec<Input>,
    output: &[LabelId],
    ellipsis: LabelId,
) -> Vec<Input> {
    let labels: Vec<Vec<LabelId>> = inputs.iter().map(|input| input.labels.clone()).collect();
    let component = |component: Vec<usize>| {
        let component: Vec<Input> = component.into_iter().map(|input| inputs[input].clone()).collect();
        let has = |label: &LabelId| component.iter().any(|input| input.labels.contains(label));
        let is_sum = component.iter().flat_map(|input| &input.labels).any(|label| !output.contains(label));
        if !is_sum || has(&ellipsis) {
            return component;
        }
        let labels: Vec<LabelId> = output.iter().copied().filter(has).collect();
        push_steps(steps, component, labels.clone(), None);
        Vec::from([Input { source: Source::Step(steps.len() - 1), labels }])
    };
    components(&labels, output).into_iter().flat_map(component).collect()
}

impl Step {
    fn new(inputs: Vec<Input>, output: Vec<LabelId>) -> Self {
        let labels: Vec<Vec<LabelId>> = inputs.iter().map(|input| input.labels.clone()).collect();
        let nest = Nest::new(&labels, &output);
        let mut step = Self { inputs, output, nest, orders: Vec::new() };
        step.offer(&[None]);
        step
    }
}

/// An input whose lone labels are summed under a loop over a label that it does not have, and the labels that
/// remain of it. The walk along an ellipsis is a loop around all others.
fn repeated_sum(step: &Step, ellipsis: Option<LabelId>) -> Option<(usize, Vec<LabelId>)> {
    (0..step.inputs.len()).find_map(|input| {
        let labels = &step.inputs[input].labels;
        let (lone, rest): (Vec<_>, Vec<_>) = labels.iter().partition(|&&label| is_lone(step, label));
        let mut enclosing = enclosing_loops(&step.nest, *lone.first()?);
        enclosing.extend(ellipsis);
        (!enclosing.iter().all(|label| labels.contains(label))).then_some((input, rest))
    })
}

fn is_lone(step: &Step, label: LabelId) -> bool {
    let owners = step.inputs.iter().filter(|input| input.labels.contains(&label)).count();
    owners == 1 && !step.output.contains(&label)
}

/// The labels of the loops around the sum over `label`.
fn enclosing_loops(nest: &Nest, label: LabelId) -> Vec<LabelId> {
    let mut path = Vec::new();
    if find_sum(&nest.outer, label, &mut path) {
        return path;
    }
    for level in &nest.loops {
        path.push(level.label);
        if find_sum(&level.product, label, &mut path) {
            return path;
        }
    }
    unreachable!("a contracted label has a sum")
}

/// Extends `path` by the sums around the one over `label`; leaves it alone where there is none.
fn find_sum(product: &Product, label: LabelId, path: &mut Vec<LabelId>) -> bool {
    product.iter().any(|factor| {
        let Factor::Sum(sum) = factor else { return false };
        if sum.label == label {
            return true;
        }
        path.push(sum.label);
        let found = find_sum(&sum.product, label, path);
        if !found {
            path.pop();
        }
        found
    })
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use super::*;
    use crate::{Gather, parse};

    fn plan(text: &str) -> String {
        lower(&parse(text).unwrap()).to_string()
    }

    #[test]
    fn output_loops_come_first_and_sums_inside() {
        assert_eq!(plan("ij,jk->ik"), "out[ik] = for i { for k { sum j (#0[ij] * #1[jk]) } }");
        assert_eq!(plan("ij->ji"), "out[ji] = for j { for i { #0[ij] } }");
        assert_eq!(plan("xyij,ij->xy"), "out[xy] = for x { for y { sum i (sum j (#0[xyij] * #1[ij])) } }");
    }

    #[test]
    fn the_vector_loop_is_the_one_with_unit_stride_in_most_inputs() {
        assert_eq!(plan("ij,jk->ki"), "out[ki] = for i { for k { sum j (#0[ij] * #1[jk]) } }");
        assert_eq!(plan("ij,kj->ik"), "out[ik] = for i { for k { sum j (#0[ij] * #1[kj]) } }");
        assert_eq!(plan("ji->ij"), "out[ij] = for i { for j { #0[ji] } }");
    }

    #[test]
    fn products_are_hoisted_to_the_depth_where_they_are_known() {
        assert_eq!(plan("i,ij,j->"), "out[] = sum i (#0[i] * sum j (#1[ij] * #2[j]))");
        assert_eq!(plan(",i,j->ij"), "out[ij] = #0[] * for i { #1[i] * for j { #2[j] } }");
        assert_eq!(plan("ij,kl->"), "out[] = sum i (sum j (#0[ij])) * sum k (sum l (#1[kl]))");
        assert_eq!(
            plan("ijk,jr,kr->ir"),
            "out[ir] = for i { for r { sum j (sum k (#0[ijk] * #2[kr]) * #1[jr]) } }"
        );
    }

    #[test]
    fn a_sum_opens_with_the_label_that_breaks_the_chain_in_the_middle() {
        assert_eq!(plan("i,ij,jk,k->"), "out[] = sum j (sum i (#0[i] * #1[ij]) * sum k (#2[jk] * #3[k]))");
    }

    #[test]
    fn a_lone_label_is_summed_before_the_product() {
        assert_eq!(plan("ij,jk->"), "out[] = sum j (sum i (#0[ij]) * sum k (#1[jk]))");
        assert_eq!(plan("ij,i->i"), "out[i] = for i { sum j (#0[ij]) * #1[i] }");
    }

    #[test]
    fn a_lone_sum_under_a_foreign_loop_is_stored_first() {
        assert_eq!(
            plan("ij,jk->i"),
            "t0[j] = for j { sum k (#1[jk]) }; out[i] = for i { sum j (#0[ij] * t0[j]) }"
        );
        assert_eq!(
            plan("ai,bj->ab"),
            "t0[b] = for b { sum j (#1[bj]) }; out[ab] = for a { sum i (#0[ai]) * for b { t0[b] } }"
        );
        // Nothing is repeated where the loops around the sum are the operand's own.
        assert_eq!(plan("i,jk->i"), "out[i] = sum j (sum k (#1[jk])) * for i { #0[i] }");
    }

    #[test]
    fn diagonals_keep_each_label_once() {
        assert_eq!(plan("iii->i"), "out[i] = for i { #0[i] }");
        assert_eq!(plan("iij->ji"), "out[ji] = for j { for i { #0[ij] } }");
        assert_eq!(plan("ijij->"), "out[] = sum i (sum j (#0[ij]))");
        assert_eq!(lower(&parse("iij->ji").unwrap()).operands, [[1, 1, 0].map(Index::Label)]);
    }

    #[test]
    fn an_index_is_read_in_the_loops_of_its_labels() {
        assert_eq!(
            plan("n(2x+i-3)c,ico->nxo"),
            "out[nxo] = for n { for x { for o { sum i (sum c (#0[nxic] * #1[ico])) } } }"
        );
        assert_eq!(plan("(x+i)->xi"), "out[xi] = for x { for i { #0[xi] } }");
    }

    #[test]
    fn the_output_is_written_in_loops_over_its_places() {
        assert_eq!(
            plan("nxo,ico->n(2x+i-3)c"),
            "out[nxc] = for n { for x { for c { sum i (sum o (#0[nxio] * #1[ico])) } } }"
        );
        let plan = lower(&parse("...x,i->(x+i)...").unwrap());
        assert_eq!(plan.to_string(), "out[x…] = for x { for … { sum i (#0[…xi] * #1[i]) } }");
        assert_eq!(plan.gathers, [Gather { axis: 0, label: 0 }]);
    }

    #[test]
    fn operands_without_labels_and_outputs_without_axes() {
        assert_eq!(plan(","), "out[] = #0[] * #1[]");
        assert_eq!(plan(""), "out[] = #0[]");
        assert_eq!(plan("ab,ab->"), "out[] = sum a (sum b (#0[ab] * #1[ab]))");
    }

    #[test]
    fn an_ellipsis_is_one_label() {
        assert_eq!(
            plan("...ij,...jk->...ik"),
            "out[…ik] = for … { for i { for k { sum j (#0[…ij] * #1[…jk]) } } }"
        );
        assert_eq!(plan("i...->..."), "out[…] = for … { sum i (#0[i…]) }");
        assert_eq!(lower(&parse("...i->...").unwrap()).labels, ['i', '…']);
    }

    #[test]
    fn what_has_no_ellipsis_is_summed_once_and_not_at_each_position() {
        assert_eq!(plan("...,ij->..."), "t0[] = sum i (sum j (#1[ij])); out[…] = t0[] * for … { #0[…] }");
        assert_eq!(
            plan("...ij,jk->...i"),
            "t0[j] = for j { sum k (#1[jk]) }; out[…i] = for … { for i { sum j (#0[…ij] * t0[j]) } }"
        );
        assert_eq!(
            plan("...,ij,ij->..."),
            "t0[] = sum i (sum j (#1[ij] * #2[ij])); out[…] = t0[] * for … { #0[…] }"
        );
        assert_eq!(
            plan("ij,...i,jk->...ik"),
            "t0[ik] = for i { for k { sum j (#0[ij] * #2[jk]) } }; \
             out[…ik] = for … { for i { #1[…i] * for k { t0[ik] } } }"
        );
        assert_eq!(
            plan("...,ij,jk,l,->...i"),
            "t0[j] = for j { sum k (#2[jk]) }; t1[i] = for i { sum j (#1[ij] * t0[j]) }; t2[] = sum l (#3[l]); \
             out[…i] = t2[] * #4[] * for … { #0[…] * for i { t1[i] } }"
        );
    }

    #[test]
    fn products_without_sums_are_not_stored() {
        assert_eq!(plan("...,i,j->...ij"), "out[…ij] = for … { #0[…] * for i { #1[i] * for j { #2[j] } } }");
        assert_eq!(plan("...ij,j->...i"), "out[…i] = for … { for i { sum j (#0[…ij] * #1[j]) } }");
    }

    #[test]
    fn many_operands_and_labels_are_planned_at_once() {
        let letters = || ('a'..='z').chain('A'..='Z');
        let chain: Vec<String> =
            letters().zip(letters().skip(1)).map(|(a, b)| String::from_iter([a, b])).collect();
        let plan = lower(&parse(&(chain.join(",") + "->aZ")).unwrap());
        assert_eq!(plan.labels.len(), 52);
        assert_eq!(plan.steps.len(), 1);
    }
}
