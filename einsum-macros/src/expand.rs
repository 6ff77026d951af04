//! A plan to one expression.
//!
//! ```text
//! match (&a, &b) { (op0, op1) => {              operands: evaluated once, kept alive, never moved
//!     …                                         bind: the rank of each, checked by type
//!     match CALL.extents(…) {
//!         Err(error) => …
//!         Ok([n_i, n_k, n_j]) => {
//!             let mut result = zeros([n_i, n_k]);
//!             …                                 nest: loops for each step
//!             result
//!         }
//!     }
//! } }
//! ```
//!
//! The user's expressions stand outside of the block in which the items are declared, since items, unlike
//! variables, are visible to them.

mod bind;
mod names;
mod nest;

use einsum_plan::{Plan, Source, Step};
use proc_macro2::TokenStream;
use quote::quote;

use crate::input::{Assignment, Input, Target};
use names::{extent, name, numbered};

/// What happens where extents disagree.
#[derive(Clone, Copy)]
pub enum Failure {
    /// `einsum!`
    Panic,
    /// `try_einsum!`
    Return,
}

/// The expression that computes `plan` for the operands of `input`.
pub fn expand(input: &Input, plan: &Plan, failure: Failure) -> TokenStream {
    let run_time = run_time();
    let error = name("error");
    let extents = plan.labels.iter().enumerate().map(|(id, &label)| extent(label, id));
    let result = result(input, plan);
    let (on_error, result) = match failure {
        Failure::Panic => (quote!(#run_time::fail(&#error)), result),
        Failure::Return => (quote!(#run_time::Err(#error)), quote!(#run_time::Ok(#result))),
    };
    let checked = bind::checked_extents(input, plan);
    bind::operands(
        input,
        plan,
        &quote! {
            match #checked {
                #run_time::Err(#error) => #on_error,
                #run_time::Ok([#(#extents),*]) => #result,
            }
        },
    )
}

/// The module of the names that expansions may use, under the name that [`bind::operands`] imports it by.
fn run_time() -> proc_macro2::Ident {
    name("run_time")
}

/// The steps, and the value of the whole.
fn result(input: &Input, plan: &Plan) -> TokenStream {
    let (last, earlier) = plan.steps.split_last().expect("a plan has a step");
    let run_time = run_time();
    let stored = earlier.iter().enumerate().map(|(number, step)| {
        let temporary = numbered("step", number);
        let computed = owned(plan, step);
        quote!(let #temporary = #computed;)
    });
    let computed = match &input.target {
        Some(Target { assignment, .. }) => {
            let store = match assignment {
                Assignment::Assign => quote!(Assign),
                Assignment::Add => quote!(Accumulate),
                Assignment::Subtract => quote!(Subtract),
            };
            let extents = nest::extents(plan, &last.output);
            let target = name("target");
            let target = quote!(#run_time::StridedMut::new(#target, [#(#extents),*]));
            nest::nest(plan, last, &quote!(#run_time::#store), &target)
        }
        None => owned(plan, last),
    };
    quote!({ #(#stored)* #computed })
}

/// A step that makes its own result: an array, or a bare element where it has no axes.
fn owned(plan: &Plan, step: &Step) -> TokenStream {
    let run_time = run_time();
    let result = name("result");
    let extents: Vec<_> = nest::extents(plan, &step.output).collect();
    let (new, place) = match extents.len() {
        0 => (quote!(#run_time::zero()), quote!(#run_time::StridedMut::scalar(&mut #result))),
        rank => {
            let new = match rank {
                1..=6 => quote!(#run_time::Array::zeros([#(#extents),*])),
                _ => quote!(#run_time::ArrayD::zeros(&[#(#extents),*][..])),
            };
            (new, quote!(#run_time::StridedMut::new(&mut #result, [#(#extents),*])))
        }
    };
    let loops = nest::nest(plan, step, &quote!(#run_time::Assign), &place);
    quote!({ let mut #result = #new; #loops #result })
}

/// The variable that holds an input of a step.
fn source_name(source: Source) -> proc_macro2::Ident {
    match source {
        Source::Operand(number) => numbered("op", number),
        Source::Step(number) => numbered("step", number),
    }
}
