//! A view, which is one call of the run time.
//!
//! ```text
//! match (&a, n) { (op0, given0) => {        stands alone, so that temporaries live as long as the statement
//!     let view = op0.as_einsum_view();      that of the operand itself, if it is one: it may outlive the operand
//!     let op0 = &view; …                    its rank, checked by type
//!     view(view, rank, CALL, OUTPUT, &[(0, given0)])
//! } }
//! ```

use einsum_plan::{Plan, Resolution};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Index as Literal;
use syn::spanned::Spanned;

use super::arrays::{Array, Axes, Role, of_einsum};
use super::names::{name, numbered};
use super::{Failure, LARGEST_STATIC_RANK, bind, run_time};
use crate::input::Input;

/// The expression whose value is a view of the operand.
pub fn expand_view(input: &Input, plan: &Plan, resolutions: &[Resolution], failure: Failure) -> TokenStream {
    let (krate, run_time, view, rank_of_view) = (&input.krate, run_time(), name("view"), name("rank"));
    let operand = of_einsum(input, plan).remove(0);
    let (variable, expression) = (&operand.variable, operand.expression);
    let span = Span::mixed_site().located_at(expression.span());
    let borrow = quote_spanned!(span=> &(#expression));
    let (method, traits) = conversion(&operand);
    let (method, rank_check) = (Ident::new(method, span), bind::rank_check(&plan.labels, &operand));
    let traits = traits.iter().map(|name| Ident::new(name, Span::mixed_site()));
    let given = input.extents.iter().map(|extent| extent.value.to_token_stream());
    let extents = (0..input.extents.len()).map(|number| numbered("given", number));
    let (rank, value) = (rank(plan, &operand), value(input, plan, &operand, resolutions, failure));
    quote! {
        match (#borrow, #(#given,)*) {
            (#variable, #(#extents,)*) => {
                use #krate::__private as #run_time;
                #(use #krate::__private::#traits as _;)*
                let #view = #variable.#method();
                let #variable = &#view;
                #rank_check
                let #rank_of_view = #rank;
                #value
            }
        }
    }
}

/// The method that reaches what can be viewed, and the traits that have it.
fn conversion(operand: &Array) -> (&'static str, &'static [&'static str]) {
    match &operand.axes {
        Axes { labelled, ellipsis: None } if labelled.len() == 1 => {
            ("as_einsum_view_or_slice", &["LentView", "LentArray", "LentSlice", "ViewOrSliceMethod"])
        }
        Axes { labelled, ellipsis: None } if labelled.len() == 2 => {
            ("as_einsum_view_or_nested", &["LentView", "LentArray", "LentNested", "ViewOrNestedMethod"])
        }
        _ => ("as_einsum_view", &["LentView", "LentArray", "ViewMethod"]),
    }
}

fn value(
    input: &Input,
    plan: &Plan,
    operand: &Array,
    resolutions: &[Resolution],
    failure: Failure,
) -> TokenStream {
    let (run_time, view, rank) = (run_time(), name("view"), name("rank"));
    let call = bind::call(input, &plan.labels, core::slice::from_ref(operand), resolutions);
    let output = bind::description(&Axes::new(plan, &plan.output), Role::Target, &quote!(#run_time::None));
    let given = bind::given(input, &plan.labels);
    let value = quote!(#run_time::view(#view, #rank, #call, const { #output }, &[#(#given),*]));
    let value = match failure {
        Failure::Panic => quote!(#run_time::unwrap(#value)),
        Failure::Return => value,
    };
    // Bound before it is returned, so that a type that the caller expects is compared with that of the value, and not with
    // those of the arguments.
    quote!(let #view = #value; #view)
}

/// The rank of the view, as a value of its type.
fn rank(plan: &Plan, operand: &Array) -> TokenStream {
    let (run_time, variable) = (run_time(), &operand.variable);
    let spread = match operand.axes.ellipsis {
        Some(_) => {
            let count = Literal::from(operand.axes.labelled.len().min(LARGEST_STATIC_RANK + 1));
            quote!(#run_time::rest::<#count, _, _>(#variable))
        }
        None => quote!(#run_time::Rank::none()),
    };
    let labelled = Axes::new(plan, &plan.output).labelled.len();
    match labelled {
        0..=LARGEST_STATIC_RANK => {
            let labelled = Literal::from(labelled);
            quote!(#run_time::Rank::and::<#labelled>(#spread))
        }
        _ => quote!(#run_time::Rank::dynamic(#spread)),
    }
}
