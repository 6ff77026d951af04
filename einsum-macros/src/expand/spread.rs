//! The axes of an ellipsis: a walk around the steps, which see one of them as a label.

use einsum_plan::Plan;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::arrays::{Array, Axes};
use super::names::{extent, name};
use super::pieces::output_extents;
use super::{LARGEST_STATIC_RANK, run_time};

/// `steps` for each position along the outer axes of the ellipsis, and before them the extent of the inner one.
pub fn walk(plan: &Plan, arrays: &[Array], output: &Ident, steps: &TokenStream) -> TokenStream {
    let (run_time, walk, offsets, spread) = (run_time(), name("walk"), name("offsets"), name("spread"));
    let ellipsis = |variable: &Ident, axes: &Axes| {
        let (place, count) = (axes.ellipsis, axes.count());
        quote!(#run_time::Ellipsis::of(&#variable, #place, #count))
    };
    let operands = with_ellipsis(arrays).map(|array| ellipsis(&array.variable, &array.axes));
    let written = Axes::new(plan, &plan.output);
    let output = written.ellipsis.map(|_| ellipsis(output, &written));
    let n = plan.ellipsis().map(|label| extent(plan.labels[label], label));
    quote! {
        let #walk = #run_time::Walk::new(&#spread, [#(#operands,)* #output]);
        let #n = #walk.inner.extent;
        for #offsets in #run_time::Walk::offsets(&#walk) { #steps }
    }
}

/// What is read along the ellipsis.
fn with_ellipsis<'a, 'e>(arrays: &'a [Array<'e>]) -> impl Iterator<Item = &'a Array<'e>> {
    arrays.iter().filter(|array| !array.is_target() && array.axes.ellipsis.is_some())
}

/// A new result, whose type is computed from the types of the operands: of type `Result`.
pub fn zeros(plan: &Plan, arrays: &[Array]) -> TokenStream {
    let (run_time, call, spread) = (run_time(), name("call"), name("spread"));
    let ranks = with_ellipsis(arrays).map(|array| {
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
