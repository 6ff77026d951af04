//! Index arithmetic: a loop around the steps, over pieces in which every index stays within its axis.

use einsum_plan::Plan;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Index as Literal;

use super::arrays::{Array, Axes, Role};
use super::destination::Destination;
use super::names::{extent, name, numbered};
use super::{Failure, bind, nest, run_time};

/// The extents of the output's axes but those of an ellipsis: those of labels, and variables for the others.
pub fn output_extents(plan: &Plan) -> Vec<Ident> {
    let labelled = Axes::new(plan, &plan.output).labelled;
    let extents = labelled.iter().enumerate().map(|(position, index)| match index.label() {
        Some(label) => extent(plan.labels[label], label),
        None => numbered("axis", position),
    });
    extents.collect()
}

/// Statements that bind the variables among the extents of the output: computed, or those of the target. A gradient needs
/// none, since it is as long as its operand.
pub fn bind_axes(plan: &Plan, destination: &Destination, failure: Failure) -> TokenStream {
    if destination.is_gradient() {
        return TokenStream::new();
    }
    let (run_time, call, extents) = (run_time(), name("call"), labels(plan));
    let labelled = Axes::new(plan, &plan.output).labelled;
    let axes = labelled.iter().enumerate().filter(|(_, index)| index.label().is_none());
    let bind = axes.map(|(position, index)| {
        let variable = numbered("axis", position);
        let computed = match destination.shaped_as(plan) {
            None => {
                let index = bind::index(index);
                failure.unless(&quote!(#run_time::Call::output_extent(#call, #index, &[#(#extents),*])))
            }
            Some((number, array)) => {
                let (number, position) = (Literal::from(number), Literal::from(position));
                quote!(#run_time::Call::axis_extent(#call, #number, #position, #run_time::shape(#array)))
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

/// The statement that cuts the loops, into pieces some of which are taken away later, if `are_taken`.
pub fn cut(plan: &Plan, arrays: &[Array], destination: &Destination, are_taken: bool) -> TokenStream {
    let mutable = are_taken.then(|| quote!(mut));
    let (run_time, call, pieces) = (run_time(), name("call"), name("pieces"));
    let (loops, shapes, extents) = (loops(plan), bind::shapes(arrays), labels(plan));
    let output = match destination.shaped_as(plan) {
        // The axes of an operand's gradient may be shorter than their labels.
        Some((number, array)) if destination.is_gradient() => {
            let number = Literal::from(number);
            quote!(&#run_time::Call::labelled_extents(#call, #number, #run_time::shape(#array)))
        }
        _ => {
            let output = output_extents(plan);
            quote!(&[#(#output),*])
        }
    };
    quote! {
        let #mutable #pieces = #run_time::Pieces::new(#loops, #call, #shapes, #output, &[#(#extents),*]);
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
    let output = bind::description(&Axes::new(plan, &plan.output), Role::Target, &quote!(#run_time::None));
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
