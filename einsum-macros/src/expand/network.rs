//! A step with several factors: the call of the run time that contracts them in pairs.

use einsum_plan::{LabelId, Step};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use syn::Index;

use super::names::{name, numbered};
use super::nest::arithmetic;
use super::{Failure, run_time};

/// An expression that says whether the step was done, in the cheapest order for the extents at hand.
///
/// What has been planned is remembered in a variable of the call, for the next time that it has the same extents and layouts.
pub fn contraction(step: &Step, store: &TokenStream, failure: Failure) -> TokenStream {
    let (run_time, call, limit) = (run_time(), name("call"), name("limit"));
    let (out, extents) = (name("out"), name("extents"));
    let cache = Ident::new("__CACHE", Span::mixed_site());
    let factors = step.inputs.iter().enumerate().map(|(number, input)| {
        let (variable, labels) = (numbered("in", number), list(&input.labels));
        quote!(#run_time::Factor::new(&#variable, #labels))
    });
    let (output, network) = (list(&step.output), network(step));
    let (in_pairs, choice) = (name("in_pairs"), name("choice"));
    let arithmetic = arithmetic(&quote!(of_strided), &numbered("in", 0), store);
    let done = failure.unless(&quote! {
        #run_time::contract_network((&mut #out, #output), &[#(#factors),*], &#in_pairs, #choice, #arithmetic)
    });
    quote!({
        static #cache: #run_time::Cache = #run_time::Cache::new();
        let #in_pairs = #run_time::NetworkCall {
            network: #network,
            cache: &#cache,
            memory_limit: #limit,
            subscripts: #call.subscripts,
        };
        match #run_time::NetworkCall::choose(&#in_pairs, &#out, &#extents) {
            #run_time::Some(#choice) => {
                #done;
                true
            }
            #run_time::None => false,
        }
    })
}

/// What the run time must know of the orders, as a constant.
fn network(step: &Step) -> TokenStream {
    let run_time = run_time();
    let orders = step.orders.iter().map(|order| {
        let pairs = order.pairs.iter().map(|pair| {
            let pair = pair.map(Index::from);
            quote!([#(#pair),*])
        });
        let terms = step
            .priced(order)
            .into_iter()
            .map(|priced| term(priced.factor, &priced.labels, priced.is_matrix));
        quote!(#run_time::Order { pairs: &[#(#pairs),*], steps: &[#(#terms),*] })
    });
    let nest = match step.nest_is_offered() {
        true => {
            let price = step.nest.price();
            let terms =
                price.terms.iter().map(|operations| term(operations.factor, &operations.labels, false));
            quote!(#run_time::Some(&[#(#terms),*]))
        }
        false => quote!(#run_time::None),
    };
    quote!(const { #run_time::Network { orders: &[#(#orders),*], nest: #nest } })
}

fn term(factor: f64, labels: &[LabelId], is_matrix: bool) -> TokenStream {
    let (run_time, factor, labels) = (run_time(), Literal::f64_unsuffixed(factor), list(labels));
    quote!(#run_time::Term::new(#factor, #labels, #is_matrix))
}

fn list(labels: &[LabelId]) -> TokenStream {
    let labels = labels.iter().copied().map(Index::from);
    quote!(&[#(#labels),*])
}
