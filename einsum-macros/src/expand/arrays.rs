//! The arrays of a call: its operands, and what is written in place.

use einsum_plan::{Index, LabelId, Plan, Source, Step};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Expr, Index as Literal};

use super::names::{name, numbered};
use super::{nest, run_time};
use crate::input::{Gradients, Input};

/// An array of a call.
pub struct Array<'a> {
    pub expression: &'a Expr,
    pub variable: Ident,
    pub role: Role,
    pub axes: Axes,
}

/// What an array is to a call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// An operand, by its number.
    Operand(usize),
    /// The gradient of the result, which is an operand of gradients: its number among these.
    Gradient(usize),
    /// The target of an in-place form.
    Target,
    /// The target for the gradient of an operand.
    TargetOf(usize),
}

impl Array<'_> {
    /// Whether it is written, and not read.
    pub fn is_target(&self) -> bool {
        matches!(self.role, Role::Target | Role::TargetOf(_))
    }
}

/// The indices of an array's axes.
pub struct Axes {
    /// One for each axis that is not of an ellipsis.
    pub labelled: Vec<Index<LabelId>>,
    /// How many of them precede the ellipsis, if there is one.
    pub ellipsis: Option<usize>,
}

impl Axes {
    pub fn new(plan: &Plan, indices: &[Index<LabelId>]) -> Self {
        let is_ellipsis =
            |index: &Index<LabelId>| plan.ellipsis().is_some() && index.label() == plan.ellipsis();
        Self {
            labelled: indices.iter().filter(|index| !is_ellipsis(index)).cloned().collect(),
            ellipsis: indices.iter().position(is_ellipsis),
        }
    }

    /// The number of indices.
    pub fn count(&self) -> Literal {
        Literal::from(self.labelled.len())
    }
}

/// The operands, and behind them the target.
pub fn of_einsum<'a>(input: &'a Input, plan: &Plan) -> Vec<Array<'a>> {
    let target = input.target.iter().map(|target| Array {
        expression: &target.place,
        variable: name("target"),
        role: Role::Target,
        axes: Axes::new(plan, &plan.output),
    });
    operands(input, plan).chain(target).collect()
}

/// The operands, and behind them the gradient of the result, which all `plans` read, and a target for each of the plans, if
/// there are targets.
pub fn of_gradients<'a>(call: &'a Gradients, plans: &[(usize, Plan)]) -> Vec<Array<'a>> {
    let (_, plan) = plans.first().expect("something is asked for");
    let number = call.einsum.operands.len();
    let gradient = Array {
        expression: &call.gradient,
        variable: numbered("op", number),
        role: Role::Gradient(number),
        axes: Axes::new(plan, &plan.operands[number]),
    };
    let targets = call.targets.iter().flat_map(|targets| &targets.places).zip(plans);
    let targets = targets.map(|(place, (operand, plan))| Array {
        expression: place,
        variable: numbered("target", *operand),
        role: Role::TargetOf(*operand),
        axes: Axes::new(plan, &plan.output),
    });
    operands(&call.einsum, plan).chain([gradient]).chain(targets).collect()
}

fn operands<'a>(input: &'a Input, plan: &Plan) -> impl Iterator<Item = Array<'a>> {
    let operands = input.operands.iter().zip(&plan.operands).enumerate();
    operands.map(|(number, (expression, indices))| Array {
        expression,
        variable: numbered("op", number),
        role: Role::Operand(number),
        axes: Axes::new(plan, indices),
    })
}

/// The checked view of an input of a step, over its distinct labels.
pub fn strided_input(plan: &Plan, input: &einsum_plan::Input) -> TokenStream {
    match input.source {
        Source::Operand(number) if reads_pieces(plan, input) => {
            let member = plan.read().iter().position(|&read| read == number).expect("it is read");
            placed(plan, &quote!(Strided), &operand(number), number, member, &input.labels)
        }
        Source::Operand(number) => operand_of_labels(plan, number, &input.labels),
        Source::Step(number) => {
            let (run_time, variable) = (run_time(), numbered("step", number));
            let (extents, labels) =
                (nest::extents(plan, &input.labels), (0..input.labels.len()).map(Literal::from));
            match input.labels.len() {
                0 => quote!(#run_time::Strided::scalar(&#variable)),
                _ => quote!(#run_time::Strided::new(&#variable, &[#(#labels),*], [#(#extents),*])),
            }
        }
    }
}

fn operand(number: usize) -> TokenStream {
    let variable = numbered("op", number);
    quote!(&#variable)
}

/// The checked view of an operand whose indices are labels.
fn operand_of_labels(plan: &Plan, number: usize, labels: &[LabelId]) -> TokenStream {
    let (run_time, variable, extents) = (run_time(), operand(number), nest::extents(plan, labels));
    let Axes { labelled, ellipsis } = Axes::new(plan, &plan.operands[number]);
    let positions = labelled.iter().map(|index| position(labels, index.label()));
    let view = quote!(#variable, &[#(#positions),*], [#(#extents),*]);
    match ellipsis {
        Some(place) => {
            let spread = spread(plan, place, labels, spread_number(plan, number));
            // SAFETY of the emitted code: the spread comes from the walk over this operand.
            quote!(unsafe { #run_time::Strided::spread(#view, #spread) })
        }
        None => quote!(#run_time::Strided::new(#view)),
    }
}

fn position(labels: &[LabelId], label: Option<LabelId>) -> Literal {
    Literal::from(labels.iter().position(|&l| Some(l) == label).expect("an array's labels are its input's"))
}

/// Whether an input is read piece by piece.
fn reads_pieces(plan: &Plan, input: &einsum_plan::Input) -> bool {
    let moving = plan.moving();
    plan.is_cut() && input.labels.iter().any(|label| moving.contains(label))
}

/// The checked view of the array that a step stores its result in.
pub fn strided_temporary(plan: &Plan, step: &Step, array: &TokenStream) -> TokenStream {
    let (run_time, extents) = (run_time(), nest::extents(plan, &step.output));
    quote!(#run_time::StridedMut::new(#array, [#(#extents),*]))
}

/// The checked view of the array that the last step writes. Along axes of extent 1 it may stand still, if it is `summed`.
pub fn strided_output(plan: &Plan, step: &Step, array: &TokenStream, summed: bool) -> TokenStream {
    let (run_time, number) = (run_time(), plan.operands.len());
    if plan.is_cut() {
        return placed(plan, &quote!(StridedMut), array, number, plan.read().len(), &step.output);
    }
    let extents = nest::extents(plan, &step.output);
    let (new, spread_new) = if summed { ("summed", "summed_spread") } else { ("new", "spread") };
    let [new, spread_new] = [new, spread_new].map(|door| Ident::new(door, Span::mixed_site()));
    let place = step.output.iter().position(|&label| Some(label) == plan.ellipsis());
    let Some(place) = place else {
        return quote!(#run_time::StridedMut::#new(#array, [#(#extents),*]));
    };
    let positions = (0..step.output.len()).filter(|&position| position != place).map(Literal::from);
    let spread = spread(plan, place, &step.output, spread_number(plan, number));
    // SAFETY of the emitted code: the spread comes from the walk over this array.
    quote!(unsafe { #run_time::StridedMut::#spread_new(#array, &[#(#positions),*], [#(#extents),*], #spread) })
}

/// The checked view of an array, as far as a piece needs it: of an operand, or behind them, of the output.
fn placed(
    plan: &Plan,
    view: &TokenStream,
    array: &TokenStream,
    number: usize,
    member: usize,
    labels: &[LabelId],
) -> TokenStream {
    let (run_time, piece, member) = (run_time(), name("piece"), Literal::from(member));
    let ids = labels.iter().copied().map(Literal::from);
    let arguments = quote!(#array, &#piece, #member, [#(#ids),*]);
    let indices = plan.operands.get(number).unwrap_or(&plan.output);
    let Some(place) = Axes::new(plan, indices).ellipsis else {
        return quote!(#run_time::#view::placed(#arguments));
    };
    let spread = spread(plan, place, labels, spread_number(plan, number));
    let n = nest::extents(plan, plan.ellipsis().as_slice()).next();
    // SAFETY of the emitted code: the spread comes from the walk over this array.
    quote!(unsafe { #run_time::#view::placed_spread(#arguments, #n, #spread) })
}

/// An operand's number among those with an ellipsis; the output comes last.
fn spread_number(plan: &Plan, operand: usize) -> usize {
    plan.operands[..operand].iter().filter(|indices| Axes::new(plan, indices).ellipsis.is_some()).count()
}

/// Where the walk over the ellipsis has got to in one array.
fn spread(plan: &Plan, place: usize, labels: &[LabelId], number: usize) -> TokenStream {
    let (run_time, walk, offsets) = (run_time(), name("walk"), name("offsets"));
    let label = position(labels, plan.ellipsis());
    let (place, number) = (Literal::from(place), Literal::from(number));
    quote! {
        #run_time::Spread {
            place: #place,
            label: #label,
            stride: #walk.inner.strides[#number],
            offset: #offsets[#number],
        }
    }
}
