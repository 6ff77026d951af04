//! The arrays of a call: its operands, and the target of an in-place form.

use einsum_plan::{LabelId, Plan, Source, Step};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Expr, Index};

use super::names::{name, numbered};
use super::{nest, run_time};
use crate::input::Input;

/// An operand, or the target.
pub struct Array<'a> {
    pub expression: &'a Expr,
    pub variable: Ident,
    /// The operand's number; the target has none.
    pub number: Option<usize>,
    pub axes: Axes,
}

/// The labels of an array's axes.
pub struct Axes {
    /// One for each axis that is not of an ellipsis.
    pub labelled: Vec<LabelId>,
    /// How many of them precede the ellipsis, if there is one.
    pub ellipsis: Option<usize>,
}

impl Axes {
    pub fn new(plan: &Plan, labels: &[LabelId]) -> Self {
        let ellipsis = plan.ellipsis();
        Self {
            labelled: labels.iter().copied().filter(|&label| Some(label) != ellipsis).collect(),
            ellipsis: labels.iter().position(|&label| Some(label) == ellipsis),
        }
    }

    /// The number of labels.
    pub fn count(&self) -> Index {
        Index::from(self.labelled.len())
    }
}

/// The operands, and behind them the target.
pub fn arrays<'a>(input: &'a Input, plan: &Plan) -> Vec<Array<'a>> {
    let operands = input.operands.iter().zip(&plan.operands).enumerate();
    let operands = operands.map(|(number, (expression, labels))| Array {
        expression,
        variable: numbered("op", number),
        number: Some(number),
        axes: Axes::new(plan, labels),
    });
    let target = input.target.iter().map(|target| Array {
        expression: &target.place,
        variable: name("target"),
        number: None,
        axes: Axes::new(plan, &plan.output),
    });
    operands.chain(target).collect()
}

/// The checked view of an input of a step, over its distinct labels.
pub fn strided_input(plan: &Plan, input: &einsum_plan::Input) -> TokenStream {
    let (variable, labels) = match input.source {
        Source::Operand(number) => (numbered("op", number), &plan.operands[number]),
        Source::Step(number) => (numbered("step", number), &input.labels),
    };
    let position = |label: LabelId| input.labels.iter().position(|&l| l == label).map(Index::from);
    let extents = nest::extents(plan, &input.labels);
    let run_time = run_time();
    match (input.source, Axes::new(plan, labels)) {
        (Source::Operand(number), Axes { labelled, ellipsis: Some(place) }) => {
            let labels = labelled.into_iter().map(position);
            let spread = spread(plan, place, &input.labels, spread_number(plan, number));
            // SAFETY of the emitted code: the spread comes from the walk over this operand.
            quote!(unsafe { #run_time::Strided::spread(&#variable, &[#(#labels),*], [#(#extents),*], #spread) })
        }
        (Source::Step(_), Axes { labelled, ellipsis: None }) if labelled.is_empty() => {
            quote!(#run_time::Strided::scalar(&#variable))
        }
        _ => {
            let labels = labels.iter().copied().map(position);
            quote!(#run_time::Strided::new(&#variable, &[#(#labels),*], [#(#extents),*]))
        }
    }
}

/// The checked view of the array that `step` writes, which is the result or the target.
pub fn strided_output(plan: &Plan, step: &Step, array: &TokenStream, is_last: bool) -> TokenStream {
    let run_time = run_time();
    let extents = nest::extents(plan, &step.output);
    match Axes::new(plan, &step.output) {
        Axes { labelled, ellipsis: Some(place) } if is_last => {
            let position = |label: LabelId| step.output.iter().position(|&l| l == label).map(Index::from);
            let labels = labelled.into_iter().map(position);
            let spread = spread(plan, place, &step.output, spread_number(plan, plan.operands.len()));
            // SAFETY of the emitted code: the spread comes from the walk over this array.
            quote!(unsafe { #run_time::StridedMut::spread(#array, &[#(#labels),*], [#(#extents),*], #spread) })
        }
        _ => quote!(#run_time::StridedMut::new(#array, [#(#extents),*])),
    }
}

/// An operand's number among those with an ellipsis; the output comes last.
fn spread_number(plan: &Plan, operand: usize) -> usize {
    plan.operands[..operand].iter().filter(|labels| Axes::new(plan, labels).ellipsis.is_some()).count()
}

/// Where the walk over the ellipsis has got to in one array.
fn spread(plan: &Plan, place: usize, labels: &[LabelId], number: usize) -> TokenStream {
    let (run_time, walk, offsets) = (run_time(), name("walk"), name("offsets"));
    let label = labels.iter().position(|&label| Some(label) == plan.ellipsis()).map(Index::from);
    let (place, number) = (Index::from(place), Index::from(number));
    quote! {
        #run_time::Spread {
            place: #place,
            label: #label,
            stride: #walk.inner.strides[#number],
            offset: #offsets[#number],
        }
    }
}
