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
mod pieces;
mod spread;
mod view;

use std::collections::BTreeSet;

use einsum_plan::{LabelId, Plan, Resolution, Step};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Index;

use crate::input::{Assignment, Input, Target};
pub use failure::Failure;
use names::{name, numbered};
pub use view::expand_view;

/// The largest rank that ndarray has a static type for.
const LARGEST_STATIC_RANK: usize = 6;

/// The expression that computes `plan` for the operands of `input`.
pub fn expand(input: &Input, plan: &Plan, resolutions: &[Resolution], failure: Failure) -> TokenStream {
    let call = name("call");
    let (description, checked) = (bind::call(input, plan, resolutions), checked(input, plan, failure));
    let body = failure.whole(&checked, &result(input, plan, failure));
    bind::bound(input, plan, &quote!(let #call = #description; #body))
}

/// The module of the names that expansions may use, under the name that [`bind::bound`] imports it by.
fn run_time() -> Ident {
    name("run_time")
}

/// The statements that bind the extents of the labels, and those of the ellipsis.
fn checked(input: &Input, plan: &Plan, failure: Failure) -> TokenStream {
    let (run_time, call, shapes) = (run_time(), name("call"), bind::shapes(input, plan));
    let labels: Vec<_> = (0..plan.labels.len()).filter(|&label| Some(label) != plan.ellipsis()).collect();
    let (count, extents) = (Index::from(labels.len()), nest::extents(plan, &labels));
    let unified = match plan.has_arithmetic() || !input.extents.is_empty() {
        false => quote!(#run_time::Call::extents::<#count>(#call, #shapes)),
        true => {
            let given = bind::given(input, plan);
            quote!(#run_time::Call::resolved_extents::<#count>(#call, #shapes, &[#(#given),*]))
        }
    };
    let unified = failure.unless(&unified);
    let spread = plan.ellipsis().map(|_| {
        let spread = name("spread");
        let unified = failure.unless(&quote!(#run_time::Call::spread(#call, #shapes)));
        quote!(let #spread = #unified;)
    });
    let axes = pieces::bind_axes(input, plan, failure);
    quote!(let [#(#extents),*] = #unified; #spread #axes)
}

/// The value of the whole.
fn result(input: &Input, plan: &Plan, failure: Failure) -> TokenStream {
    let (run_time, result, target) =
        (run_time(), name("result"), input.target.as_ref().map(|_| name("target")));
    let steps = Steps::new(plan, failure);
    let into = |array: &TokenStream| {
        let last = plan.steps.last().expect("a plan has a step");
        let output = match input.target.is_none() && plan.output.is_empty() {
            true => quote!(#run_time::StridedMut::scalar(#array)),
            false => arrays::strided_output(plan, last, array, true),
        };
        let (store, stored) = (store(input, plan), &steps.for_each_piece);
        let last = nest::nest(plan, last, &store, &output);
        let walked =
            if plan.is_cut() { pieces::walk(plan, &quote!(#stored #last)) } else { quote!(#stored #last) };
        let stored = &steps.along_ellipsis;
        quote!(#stored #walked)
    };
    let once = &steps.once;
    let prepared = prepared(input, plan);
    match (plan.ellipsis(), target) {
        (Some(_), target) => {
            let last = into(&target.map_or_else(|| quote!(&mut #result), |target| quote!(#target)));
            let walked = spread::result(input, plan, failure, &last);
            // Steps around the walk are handed every extent, and use all but this one.
            let n = plan.ellipsis().map(|label| names::extent(plan.labels[label], label));
            let once = (!once.is_empty()).then(|| quote!(let #n = 1; #once));
            quote!({ #once #prepared #walked })
        }
        (None, Some(target)) => {
            let last = into(&quote!(#target));
            quote!({ #once #prepared #last })
        }
        (None, None) => {
            let new = new_result(&pieces::output_extents(plan), failure);
            let last = into(&quote!(&mut #result));
            quote!({ #once #prepared let mut #result = #new; #last #result })
        }
    }
}

/// What comes before the last step where there is index arithmetic.
fn prepared(input: &Input, plan: &Plan) -> Option<TokenStream> {
    let (run_time, target, pieces) = (run_time(), name("target"), name("pieces"));
    let is_overwritten = matches!(&input.target, Some(Target { assignment: Assignment::Assign, .. }));
    let clear = is_overwritten.then(|| match plan.is_whole() {
        // The only piece writes everything, unless sums are empty.
        true => quote!(if #run_time::Pieces::is_empty(&#pieces) { #run_time::clear(#target); }),
        false => quote!(#run_time::clear(#target);),
    });
    plan.is_cut().then(|| {
        let cut = pieces::cut(input, plan);
        quote!(#cut #clear)
    })
}

/// Statements for the steps before the last one, by how often they run.
struct Steps {
    once: TokenStream,
    along_ellipsis: TokenStream,
    for_each_piece: TokenStream,
}

impl Steps {
    fn new(plan: &Plan, failure: Failure) -> Self {
        let (moving, ellipsis): (_, BTreeSet<LabelId>) =
            (plan.moving(), plan.ellipsis().into_iter().collect());
        let mut steps = Self {
            once: TokenStream::new(),
            along_ellipsis: TokenStream::new(),
            for_each_piece: TokenStream::new(),
        };
        for (number, step) in plan.steps[..plan.steps.len() - 1].iter().enumerate() {
            let (temporary, computed) = (numbered("step", number), stored(plan, step, failure));
            let place = if plan.depends(number, &moving) {
                &mut steps.for_each_piece
            } else if plan.depends(number, &ellipsis) {
                &mut steps.along_ellipsis
            } else {
                &mut steps.once
            };
            place.extend(quote!(let #temporary = #computed;));
        }
        steps
    }
}

/// The type that stores a value in the result or target.
fn store(input: &Input, plan: &Plan) -> TokenStream {
    let run_time = run_time();
    match &input.target {
        Some(Target { assignment: Assignment::Add, .. }) => quote!(#run_time::Accumulate),
        Some(Target { assignment: Assignment::Subtract, .. }) => quote!(#run_time::Subtract),
        // Pieces add to zeros.
        _ if plan.is_cut() && !plan.is_whole() => quote!(#run_time::Accumulate),
        _ => quote!(#run_time::Assign),
    }
}

/// A step that makes its own result: an array, or a bare element where it has no axes.
fn stored(plan: &Plan, step: &Step, failure: Failure) -> TokenStream {
    let (run_time, result) = (run_time(), name("result"));
    let extents: Vec<_> = nest::extents(plan, &step.output).collect();
    let new = new_result(&extents, failure);
    let array = quote!(&mut #result);
    let place = match extents.len() {
        0 => quote!(#run_time::StridedMut::scalar(#array)),
        _ => arrays::strided_output(plan, step, &array, false),
    };
    let loops = nest::nest(plan, step, &quote!(#run_time::Assign), &place);
    quote!({ let mut #result = #new; #loops #result })
}

/// Zeros: an array, or a bare element where there are no extents.
fn new_result(extents: &[Ident], failure: Failure) -> TokenStream {
    let (run_time, call) = (run_time(), name("call"));
    let shape = match extents.len() {
        0 => return quote!(#run_time::zero()),
        1..=LARGEST_STATIC_RANK => quote!([#(#extents),*]),
        _ => quote!(&[#(#extents),*][..]),
    };
    failure.unless(&quote!(#run_time::Call::zeros(#call, #shape)))
}
