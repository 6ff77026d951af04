//! Gradients: one check of the extents, and a plan for each operand that is asked for.

use einsum_plan::{Plan, Resolution};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Index;

use super::arrays::{self, Array, Role};
use super::bind;
use super::destination::Destination;
use super::names::{name, numbered};
use super::{Failure, checked, computed, run_time};
use crate::input::{Gradients, source_text};

/// The expression that computes these plans, each with the number of its operand: a tuple, or a bare value where there is
/// one plan.
pub fn gradients(
    gradients: &Gradients,
    plans: &[(usize, Plan)],
    resolutions: &[Resolution],
    failure: Failure,
) -> TokenStream {
    let (call, arrays) = (name("call"), arrays::of_gradients(gradients, plans));
    let (_, plan) = plans.first().expect("something is asked for");
    let input = &gradients.einsum;
    let description = bind::call(input, &plan.labels, &arrays, resolutions);
    let checked = checked(input, &plan.labels, &arrays, plan.has_arithmetic(), failure);
    let limit = plans.iter().find_map(|(_, plan)| bind::memory_limit(input, plan));
    let targets = targets(&arrays, failure);
    let assignment = gradients.targets.as_ref().map(|targets| targets.assignment);
    let values = plans.iter().map(|(operand, plan)| {
        let destination = Destination::Gradient { operand: *operand, target: assignment };
        computed(plan, &arrays, destination, failure)
    });
    let values: Vec<TokenStream> = values.collect();
    let value = match (assignment, &values[..]) {
        (Some(_), values) => quote!({ #(#values)* }),
        (None, [value]) => value.clone(),
        (None, values) => quote!((#(#values),*)),
    };
    let body = failure.whole(&quote!(#checked #limit #targets), &value);
    bind::bound(input, &plan.labels, &arrays, &quote!(let #call = #description; #body))
}

/// Statements that compare the shapes of targets with those of their operands.
fn targets(arrays: &[Array], failure: Failure) -> TokenStream {
    let (run_time, call) = (run_time(), name("call"));
    let checks = arrays.iter().filter_map(|array| {
        let Role::TargetOf(operand) = array.role else { return None };
        let (target, of) = (&array.variable, numbered("op", operand));
        let (number, source) = (Index::from(operand), source_text(array.expression));
        let shapes = quote!([#run_time::shape(#target), #run_time::shape(#of)]);
        let checked =
            quote!(#run_time::Call::check_gradient(#call, #number, #shapes, #run_time::Some(#source)));
        let checked = failure.unless(&checked);
        Some(quote!(#checked;))
    });
    checks.collect()
}
