//! A plan to one expression.
//!
//! ```text
//! match (&a, &b) { (op0, op1) => {              operands: evaluated once, kept alive, never moved
//!     …                                         bind: the rank of each, checked by type
//!     let [n_i, n_k, n_j] = CALL.extents(…);    failure: a panic, or the end with an error
//!     let mut result = CALL.zeros([n_i, n_k]);
//!     …                                         nest: loops for each step
//!     result
//! } }
//! ```
//!
//! The user's expressions stand outside of the block in which the items are declared, since items, unlike
//! variables, are visible to them.

mod arrays;
mod bind;
mod failure;
mod names;
mod nest;
mod spread;

use einsum_plan::{Plan, Step};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Index;

use crate::input::{Assignment, Input, Target};
pub use failure::Failure;
use names::{name, numbered};

/// The largest rank that ndarray has a static type for.
const LARGEST_STATIC_RANK: usize = 6;

/// The expression that computes `plan` for the operands of `input`.
pub fn expand(input: &Input, plan: &Plan, failure: Failure) -> TokenStream {
    let (run_time, call) = (run_time(), name("call"));
    let shapes = bind::shapes(input, plan);
    let labels: Vec<_> = (0..plan.labels.len()).filter(|&label| Some(label) != plan.ellipsis()).collect();
    let (count, extents) = (Index::from(labels.len()), nest::extents(plan, &labels));
    let unified = failure.unless(&quote!(#run_time::Call::extents::<#count>(#call, #shapes)));
    let spread = plan.ellipsis().map(|_| {
        let spread = name("spread");
        let unified = failure.unless(&quote!(#run_time::Call::spread(#call, #shapes)));
        quote!(let #spread = #unified;)
    });
    let (description, result) = (bind::call(input, plan), result(input, plan, failure));
    let body = failure.whole(&quote!(let [#(#extents),*] = #unified; #spread), &result);
    bind::bound(input, plan, &quote!(let #call = #description; #body))
}

/// The module of the names that expansions may use, under the name that [`bind::bound`] imports it by.
fn run_time() -> Ident {
    name("run_time")
}

/// The value of the whole.
fn result(input: &Input, plan: &Plan, failure: Failure) -> TokenStream {
    let (last, earlier) = plan.steps.split_last().expect("a plan has a step");
    let stored = |around: bool| {
        let chosen = earlier.iter().enumerate().filter(move |(_, step)| is_around_walk(plan, step) == around);
        chosen.map(|(number, step)| {
            let temporary = numbered("step", number);
            let computed = owned(plan, step, false, failure);
            quote!(let #temporary = #computed;)
        })
    };
    let (once, repeated) = (stored(true), stored(false));
    let (result, store) = (name("result"), store(input));
    let target = input.target.as_ref().map(|_| name("target"));
    let into = |array: &TokenStream| {
        let output = arrays::strided_output(plan, last, array, true);
        nest::nest(plan, last, &store, &output)
    };
    match (plan.ellipsis(), target) {
        (Some(_), target) => {
            let last = into(&target.map_or_else(|| quote!(&mut #result), |target| quote!(#target)));
            let walked = spread::result(input, plan, failure, &quote!(#(#repeated)* #last));
            // Steps around the walk are handed every extent, and use all but this one.
            let n = plan.ellipsis().map(|label| names::extent(plan.labels[label], label));
            let once = once.map(|step| quote!(let #n = 1; #step));
            quote!({ #(#once)* #walked })
        }
        (None, Some(target)) => {
            let last = into(&quote!(#target));
            quote!({ #(#once)* #last })
        }
        (None, None) => {
            let last = owned(plan, last, true, failure);
            quote!({ #(#once)* #last })
        }
    }
}

/// Whether a step is done once, and not at each position of the walk along the ellipsis.
fn is_around_walk(plan: &Plan, step: &Step) -> bool {
    plan.ellipsis().is_none_or(|ellipsis| step.inputs.iter().all(|input| !input.labels.contains(&ellipsis)))
}

/// The type that stores a value in the result or target.
fn store(input: &Input) -> TokenStream {
    let run_time = run_time();
    match &input.target {
        None | Some(Target { assignment: Assignment::Assign, .. }) => quote!(#run_time::Assign),
        Some(Target { assignment: Assignment::Add, .. }) => quote!(#run_time::Accumulate),
        Some(Target { assignment: Assignment::Subtract, .. }) => quote!(#run_time::Subtract),
    }
}

/// A step that makes its own result: an array, or a bare element where it has no axes.
fn owned(plan: &Plan, step: &Step, is_last: bool, failure: Failure) -> TokenStream {
    let run_time = run_time();
    let result = name("result");
    let extents: Vec<_> = nest::extents(plan, &step.output).collect();
    let array = quote!(&mut #result);
    let (new, place) = match extents.len() {
        0 => (quote!(#run_time::zero()), quote!(#run_time::StridedMut::scalar(#array))),
        rank => {
            let shape = match rank {
                1..=LARGEST_STATIC_RANK => quote!([#(#extents),*]),
                _ => quote!(&[#(#extents),*][..]),
            };
            let call = name("call");
            let new = failure.unless(&quote!(#run_time::Call::zeros(#call, #shape)));
            (new, arrays::strided_output(plan, step, &array, is_last))
        }
    };
    let loops = nest::nest(plan, step, &quote!(#run_time::Assign), &place);
    quote!({ let mut #result = #new; #loops #result })
}
