//! The axes of an ellipsis: a walk around the steps, which see one of them as a label.

use einsum_plan::Plan;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::arrays::{Array, Axes, arrays};
use super::names::{extent, name};
use super::pieces::output_extents;
use super::{Failure, LARGEST_STATIC_RANK, run_time};
use crate::input::Input;

/// `steps` for each position of the walk, and the value of the whole.
pub fn result(input: &Input, plan: &Plan, failure: Failure, steps: &TokenStream) -> TokenStream {
    let arrays = arrays(input, plan);
    if input.target.is_some() {
        let walk = walk(plan, &arrays, &name("target"));
        return quote!({ #walk { #steps } });
    }
    let result = name("result");
    let (zeros, walk) = (failure.unless(&zeros(plan, &arrays)), walk(plan, &arrays, &result));
    quote!({ let mut #result = #zeros; #walk { #steps } #result })
}

/// The head of a loop over the outer axes of the ellipsis, and before it the extent of the inner one.
fn walk(plan: &Plan, arrays: &[Array], output: &Ident) -> TokenStream {
    let (run_time, walk, offsets, spread) = (run_time(), name("walk"), name("offsets"), name("spread"));
    let ellipsis = |variable: &Ident, axes: &Axes| {
        let (place, count) = (axes.ellipsis, axes.count());
        quote!(#run_time::Ellipsis::of(&#variable, #place, #count))
    };
    let operands = arrays.iter().filter(|array| array.number.is_some() && array.axes.ellipsis.is_some());
    let operands = operands.map(|array| ellipsis(&array.variable, &array.axes));
    let output = ellipsis(output, &Axes::new(plan, &plan.output));
    let n = plan.ellipsis().map(|label| extent(plan.labels[label], label));
    quote! {
        let #walk = #run_time::Walk::new(&#spread, [#(#operands,)* #output]);
        let #n = #walk.inner.extent;
        for #offsets in #run_time::Walk::offsets(&#walk)
    }
}

/// A new result, whose type is computed from the types of the operands.
fn zeros(plan: &Plan, arrays: &[Array]) -> TokenStream {
    let (run_time, call, spread) = (run_time(), name("call"), name("spread"));
    let spread_arrays = arrays.iter().filter(|array| array.axes.ellipsis.is_some());
    let ranks = spread_arrays.filter(|array| array.number.is_some()).map(|array| {
        let variable = &array.variable;
        let count = syn::Index::from(array.axes.labelled.len().min(LARGEST_STATIC_RANK + 1));
        quote!(#run_time::rest::<#count, _, _>(#variable))
    });
    let rank = ranks.reduce(|a, b| quote!(#run_time::Rank::max(#a, #b)));
    let Axes { labelled, ellipsis } = Axes::new(plan, &plan.output);
    let count = syn::Index::from(labelled.len());
    let rank = match labelled.len() {
        0..=LARGEST_STATIC_RANK => quote!(#run_time::Rank::and::<#count>(#rank)),
        _ => quote!(#run_time::Rank::dynamic(#rank)),
    };
    let mut extents = output_extents(plan);
    let behind = extents.split_off(ellipsis.unwrap_or_default());
    let before = extents;
    quote!(#run_time::Rank::zeros(#rank, #call, [&[#(#before),*], &#spread, &[#(#behind),*]]))
}
