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
mod destination;
mod failure;
mod gradient;
mod names;
mod nest;
mod network;
mod path;
mod pieces;
mod spread;
mod view;

use std::collections::BTreeSet;

use einsum_plan::{Label, LabelId, Plan, Resolution, Step};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Index;

use crate::input::Input;
use arrays::Array;
use destination::Destination;
pub use failure::Failure;
pub use gradient::gradients;
use names::{name, numbered};
pub use path::expand_path;
pub use view::expand_view;

/// The largest rank that ndarray has a static type for.
const LARGEST_STATIC_RANK: usize = 6;

/// The expression that computes `plan` for the operands of `input`.
pub fn expand(input: &Input, plan: &Plan, resolutions: &[Resolution], failure: Failure) -> TokenStream {
    let (call, arrays) = (name("call"), arrays::of_einsum(input, plan));
    let destination =
        input.target.as_ref().map_or(Destination::Owned, |target| Destination::Target(target.assignment));
    let description = bind::call(input, &plan.labels, &arrays, resolutions);
    let checked = checked(input, &plan.labels, &arrays, plan.has_arithmetic(), failure);
    let (limit, computed) = (bind::memory_limit(input, plan), computed(plan, &arrays, destination, failure));
    let body = failure.whole(&quote!(#checked #limit), &computed);
    bind::bound(input, &plan.labels, &arrays, &quote!(let #call = #description; #body))
}

/// The module of the names that expansions may use, under the name that [`bind::bound`] imports it by.
fn run_time() -> Ident {
    name("run_time")
}

/// The statements that bind the extents of the labels, and those of the ellipsis.
fn checked(
    input: &Input,
    labels: &[Label],
    arrays: &[Array],
    has_arithmetic: bool,
    failure: Failure,
) -> TokenStream {
    let (run_time, call, shapes) = (run_time(), name("call"), bind::shapes(arrays));
    let labelled = labels.iter().enumerate().filter(|&(_, &label)| label != einsum_plan::ELLIPSIS);
    let extents: Vec<Ident> = labelled.map(|(id, &label)| names::extent(label, id)).collect();
    let count = Index::from(extents.len());
    let unified = match has_arithmetic || !input.extents.is_empty() {
        false => {
            let unified = failure.unless(&quote!(#run_time::Call::extents::<#count>(#call, #shapes)));
            bind::agreed(labels, arrays, &extents, &unified)
        }
        true => {
            let given = bind::given(input, labels);
            let resolved =
                quote!(#run_time::Call::resolved_extents::<#count>(#call, #shapes, &[#(#given),*]));
            failure.unless(&resolved)
        }
    };
    let spread = (labels.last() == Some(&einsum_plan::ELLIPSIS)).then(|| {
        let spread = name("spread");
        let unified = failure.unless(&quote!(#run_time::Call::spread(#call, #shapes)));
        quote!(let #spread = #unified;)
    });
    quote!(let [#(#extents),*] = #unified; #spread)
}

/// The value of a plan: its result, or nothing, if that is written in place.
fn computed(plan: &Plan, arrays: &[Array], destination: Destination, failure: Failure) -> TokenStream {
    let steps = Steps::new(plan, failure);
    let last = last(plan, &steps, destination, failure);
    let (variable, once) = (destination.variable(), &steps.once);
    let is_owned = destination.assignment().is_none();
    let new = is_owned.then(|| {
        let new = new_result(plan, arrays, destination, failure);
        quote!(let mut #variable = #new;)
    });
    let value = is_owned.then(|| quote!(#variable));
    let (axes, prepared) =
        (pieces::bind_axes(plan, &destination, failure), prepared(plan, arrays, destination));
    let Some(ellipsis) = plan.ellipsis() else {
        return quote!({ #axes #once #new #prepared #last #value });
    };
    // Steps around the walk are handed every extent, and use all but this one.
    let n = names::extent(plan.labels[ellipsis], ellipsis);
    let once = (!once.is_empty()).then(|| quote!(let #n = 1; #once));
    let walked = spread::walk(plan, arrays, &variable, &last);
    quote!({ #axes #once #new #prepared #walked #value })
}

/// The last step, and those before it that are repeated with it.
fn last(plan: &Plan, steps: &Steps, destination: Destination, failure: Failure) -> TokenStream {
    let (run_time, array) = (run_time(), destination.array());
    let last = plan.steps.last().expect("a plan has a step");
    let output = match destination.assignment().is_none() && plan.output.is_empty() {
        true => quote!(#run_time::StridedMut::scalar(#array)),
        false => arrays::strided_output(plan, last, &array, destination.is_gradient()),
    };
    let stores =
        nest::Stores { engine: destination.engine_store(plan), loops: destination.loops_store(plan) };
    let (for_each_piece, along_ellipsis) = (&steps.for_each_piece, &steps.along_ellipsis);
    let nest = nest::nest(plan, last, &stores, &output, failure);
    let nest = if plan.is_cut() { pieces::walk(plan, &quote!(#for_each_piece #nest)) } else { nest };
    quote!(#along_ellipsis #nest)
}

/// What comes before the last step: the array is set to zero, where it has to be, and the loops are cut. Without an
/// ellipsis, the engine is asked first for all pieces together.
fn prepared(plan: &Plan, arrays: &[Array], destination: Destination) -> TokenStream {
    let (run_time, pieces, array) = (run_time(), name("pieces"), destination.array());
    let contracted = match &plan.steps[..] {
        [step] if plan.is_cut() && !plan.is_whole() && plan.ellipsis().is_none() => {
            let is_zero = destination.assignment().is_none();
            nest::contract_pieces(plan, step, &destination.pieces_store(), &array, is_zero)
        }
        _ => None,
    };
    let cut = plan.is_cut().then(|| pieces::cut(plan, arrays, &destination, contracted.is_some()));
    let is_assigned = matches!(destination.assignment(), Some(crate::input::Assignment::Assign));
    let clear = match contracted.is_none() && is_assigned {
        true if destination.is_cleared(plan) => Some(quote!(#run_time::clear(#array);)),
        // The only piece writes everything, unless sums are empty.
        true if plan.is_cut() => {
            Some(quote!(if #run_time::Pieces::is_empty(&#pieces) { #run_time::clear(#array); }))
        }
        _ => None,
    };
    quote!(#cut #contracted #clear)
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
        let none = TokenStream::new;
        let mut steps = Self { once: none(), along_ellipsis: none(), for_each_piece: none() };
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

/// A step that makes its own result: an array, or a bare element where it has no axes.
fn stored(plan: &Plan, step: &Step, failure: Failure) -> TokenStream {
    let (run_time, result) = (run_time(), name("result"));
    let extents: Vec<_> = nest::extents(plan, &step.output).collect();
    let new = zeros(&extents, failure);
    let array = quote!(&mut #result);
    let place = match extents.len() {
        0 => quote!(#run_time::StridedMut::scalar(#array)),
        _ => arrays::strided_temporary(plan, step, &array),
    };
    let store = quote!(#run_time::Assign);
    let stores = nest::Stores { engine: store.clone(), loops: store };
    let loops = nest::nest(plan, step, &stores, &place, failure);
    quote!({ let mut #result = #new; #loops #result })
}

/// Zeros for the result of a plan.
fn new_result(plan: &Plan, arrays: &[Array], destination: Destination, failure: Failure) -> TokenStream {
    let (run_time, call) = (run_time(), name("call"));
    match destination.shaped_as(plan) {
        _ if plan.output.is_empty() => quote!(#run_time::zero()),
        Some((_, operand)) => failure.unless(&quote!(#run_time::zeros_like(#call, #operand))),
        None if plan.ellipsis().is_some() => failure.unless(&spread::zeros(plan, arrays)),
        None => zeros(&pieces::output_extents(plan), failure),
    }
}

/// Zeros: an array, or a bare element where there are no extents.
fn zeros(extents: &[Ident], failure: Failure) -> TokenStream {
    let (run_time, call) = (run_time(), name("call"));
    let shape = match extents.len() {
        0 => return quote!(#run_time::zero()),
        1..=LARGEST_STATIC_RANK => quote!([#(#extents),*]),
        _ => quote!(&[#(#extents),*][..]),
    };
    failure.unless(&quote!(#run_time::Call::zeros(#call, #shape)))
}
