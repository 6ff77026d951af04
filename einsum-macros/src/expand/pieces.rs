//! Index arithmetic: a loop around the steps, over pieces in which every index stays within its axis.

use einsum_plan::Plan;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Index as Literal;

use super::arrays::Axes;
use super::names::{extent, name, numbered};
use super::{Failure, bind, nest, run_time};
use crate::input::Input;

/// The extents of the output's axes but those of an ellipsis: those of labels, and variables for the others.
pub fn output_extents(plan: &Plan) -> Vec<Ident> {
    let labelled = Axes::new(plan, &plan.output).labelled;
    let extents = labelled.iter().enumerate().map(|(position, index)| match index.label() {
        Some(label) => extent(plan.labels[label], label),
        None => numbered("axis", position),
    });
    extents.collect()
}

/// Statements that bind the variables among the extents of the output: computed, or those of the target.
pub fn bind_axes(input: &Input, plan: &Plan, failure: Failure) -> TokenStream {
    let (run_time, call, extents) = (run_time(), name("call"), labels(plan));
    let labelled = Axes::new(plan, &plan.output).labelled;
    let axes = labelled.iter().enumerate().filter(|(_, index)| index.label().is_none());
    let bind = axes.map(|(position, index)| {
        let (variable, index) = (numbered("axis", position), bind::index(index));
        let computed = match &input.target {
            None => failure.unless(&quote!(#run_time::Call::output_extent(#call, #index, &[#(#extents),*]))),
            Some(_) => {
                let (target, position) = (name("target"), Literal::from(position));
                quote!(#run_time::Call::target_extent(#call, #position, #run_time::shape(#target)))
            }
        };
        quote!(let #variable = #computed;)
    });
    bind.collect()
}

/// The extents of all labels but that of an ellipsis.
fn labels(plan: &Plan) -> Vec<Ident> {
    let all: Vec<_> = (0..plan.labels.len()).filter(|&label| Some(label) != plan.ellipsis()).collect();
    nest::extents(plan, &all).collect()
}

/// The statement that cuts the loops.
pub fn cut(input: &Input, plan: &Plan) -> TokenStream {
    let (run_time, call, pieces) = (run_time(), name("call"), name("pieces"));
    let (loops, shapes) = (loops(plan), bind::shapes(input, plan));
    let (output, extents) = (output_extents(plan), labels(plan));
    quote! {
        let #pieces =
            #run_time::Pieces::new(#loops, #call, #shapes, &[#(#output),*], &[#(#extents),*]);
    }
}

/// What the run time must know of the loops, as a constant.
fn loops(plan: &Plan) -> TokenStream {
    let run_time = run_time();
    let literals = |numbers: &[usize]| {
        let numbers = numbers.iter().copied().map(Literal::from);
        quote!(&[#(#numbers),*])
    };
    let last = plan.steps.last().expect("a plan has a step");
    let written: Vec<_> =
        last.output.iter().copied().filter(|&label| Some(label) != plan.ellipsis()).collect();
    let output = bind::description(&Axes::new(plan, &plan.output), None, &quote!(#run_time::None));
    let (inputs, written, idle) = (literals(&plan.read()), literals(&written), literals(&plan.idle));
    let gathers = plan.gathers.iter().map(|gather| {
        let (axis, label) = (Literal::from(gather.axis), Literal::from(gather.label));
        quote!((#axis, #label))
    });
    quote! {
        const {
            &#run_time::Loops {
                inputs: #inputs,
                output: #output,
                gathers: &[#(#gathers),*],
                written: #written,
                idle: #idle,
            }
        }
    }
}

/// `steps` for each piece.
pub fn walk(plan: &Plan, steps: &TokenStream) -> TokenStream {
    let (run_time, piece, pieces, extents) = (run_time(), name("piece"), name("pieces"), labels(plan));
    let count = Literal::from(extents.len());
    quote! {
        for #piece in #run_time::Pieces::iter(&#pieces) {
            let [#(#extents),*] = #run_time::Piece::extents::<#count>(&#piece);
            #steps
        }
    }
}
