//! Operands and target: evaluated once, their ranks checked by type, their extents at run time.

use std::collections::BTreeSet;

use einsum_plan::Plan;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Index;
use syn::spanned::Spanned;

use super::arrays::{Array, Axes, arrays};
use super::names::{name, numbered};
use super::{LARGEST_STATIC_RANK, run_time};
use crate::input::{Input, source_text};

/// `body` with each operand bound to a reference to an array of the right rank, and so the target.
pub fn bound(input: &Input, plan: &Plan, body: &TokenStream) -> TokenStream {
    let arrays = arrays(input, plan);
    let krate = &input.krate;
    let run_time = run_time();
    let checks = arrays.iter().map(|array| rank_check(plan, array));
    let body = quote!({ use #krate::__private as #run_time; #(#checks)* #body });
    let (operands, targets): (Vec<_>, Vec<_>) = arrays.iter().partition(|array| array.number.is_some());
    let body = targets.iter().fold(body, |body, target| {
        let (borrow, variable) = (borrow(target), &target.variable);
        quote!(match #borrow { mut #variable => #body })
    });
    let borrows = operands.iter().map(|operand| borrow(operand));
    let variables = operands.iter().map(|operand| &operand.variable);
    let traits: BTreeSet<_> = arrays.iter().filter_map(conversion).flat_map(|(_, traits)| traits).collect();
    let traits = traits.into_iter().map(|name| Ident::new(name, Span::mixed_site()));
    // A `match` keeps the temporaries of the operands alive for the whole body; a `let` would not.
    quote! {{
        #(use #krate::__private::#traits as _;)*
        match (#(#borrows,)*) { (#(#variables,)*) => #body }
    }}
}

/// The method that reaches an array, or what can be read or written as one of its rank, and the traits that have
/// it. Other operands are arrays, and need none.
fn conversion(array: &Array) -> Option<(&'static str, &'static [&'static str])> {
    match (array.number, &array.axes) {
        (None, Axes { labelled, ellipsis: None }) if labelled.is_empty() => {
            Some(("as_einsum_target_or_place", &["Target", "ScalarTarget"]))
        }
        (None, Axes { labelled, ellipsis: None }) if labelled.len() == 1 => {
            Some(("as_einsum_target_or_slice", &["Target", "SliceTarget", "TargetOrSliceMethod"]))
        }
        (None, _) => Some(("as_einsum_target", &["Target", "TargetMethod"])),
        (Some(_), Axes { labelled, ellipsis: None }) => match labelled.len() {
            0 => Some(("as_einsum_array_or_scalar", &["ArrayOperand", "ScalarOperand"])),
            1 => Some(("as_einsum_array_or_slice", &["ArrayOperand", "SliceOperand", "ArrayOrSliceMethod"])),
            2 => {
                Some(("as_einsum_array_or_nested", &["ArrayOperand", "NestedOperand", "ArrayOrNestedMethod"]))
            }
            _ => None,
        },
        (Some(_), Axes { ellipsis: Some(_), .. }) => Some((
            "as_einsum_array_or_any",
            &["ArrayOperand", "ScalarOperand", "SpreadSliceOperand", "NestedOperand"],
        )),
    }
}

/// Borrows an array by its method, which finds it behind references and pointers.
///
/// In parentheses, since an operand may have operators that bind weaker than the borrow, and with its span, for
/// complaints of the borrow checker. A target is borrowed by autoref, so that `c: &mut Array2` need not be `mut`.
fn borrow(array: &Array) -> TokenStream {
    let expression = array.expression;
    let span = Span::mixed_site().located_at(expression.span());
    let method = conversion(array).map(|(method, _)| Ident::new(method, span));
    match (array.number, method) {
        (None, method) => quote_spanned!(span=> (#expression).#method()),
        (Some(_), Some(method)) => quote_spanned!(span=> &(&(#expression)).#method()),
        (Some(_), None) => quote_spanned!(span=> &(#expression)),
    }
}

/// The calls that need the rank of an array to fit, and its elements to be those of the first operand, so that the
/// compiler says what is wrong, and where.
fn rank_check(plan: &Plan, array: &Array) -> TokenStream {
    let (run_time, count) = (run_time(), array.axes.count());
    let Axes { labelled, ellipsis } = &array.axes;
    // The span of the operand makes the compiler underline it; resolution stays at the macro.
    let span = Span::mixed_site().located_at(array.expression.span());
    let located = |name: &Ident| Ident::new(&name.to_string(), span);
    let (variable, pair, first) = (located(&array.variable), located(&name("pair")), numbered("op", 0));
    let fits = match (array.number.map(Index::from), ellipsis) {
        (None, None) => quote_spanned!(span=> #run_time::target::<#count, _, _>(&mut #variable)),
        (None, Some(_)) => quote_spanned!(span=> #run_time::target_spread::<#count, _, _>(&mut #variable)),
        (Some(number), Some(_)) => {
            quote_spanned!(span=> #run_time::operand_spread::<#number, #count, _, _>(#variable))
        }
        (Some(number), None) if labelled.len() > LARGEST_STATIC_RANK => {
            quote_spanned!(span=> #run_time::operand_many::<#number, #count, _, _>(#variable))
        }
        (Some(number), None) => {
            let function = Ident::new(&format!("operand{}", labelled.len()), span);
            let labels = labelled.iter().map(|&label| plan.labels[label]);
            quote_spanned!(span=> #run_time::#function::<#number, #(#labels,)* _, _>(#variable))
        }
    };
    let same = match array.number {
        Some(0) => return quote!(let #variable = #fits;),
        Some(_) => quote_spanned!(span=> #run_time::same(#pair)),
        None => quote_spanned!(span=> #run_time::same_mut(#pair)),
    };
    quote!(let #variable = #fits; let #pair = (#first, #variable); let #variable = #same;)
}

/// What the run time must know of the call, as a constant.
pub fn call(input: &Input, plan: &Plan) -> TokenStream {
    let run_time = run_time();
    let subscripts = input.subscripts.value();
    let labels = plan.labels.iter().filter(|&&label| label != einsum_plan::ELLIPSIS);
    let arrays = arrays(input, plan);
    let described = arrays.iter().map(|array| {
        let source = source_text(array.expression);
        let number = option(array.number);
        let axes = array.axes.labelled.iter().map(|&label| Index::from(label));
        let ellipsis = option(array.axes.ellipsis);
        quote! {
            #run_time::CallArray {
                operand: #run_time::Operand { number: #number, source: #run_time::Some(#source) },
                axes: &[#(#axes),*],
                ellipsis: #ellipsis,
            }
        }
    });
    quote! {
        const {
            &#run_time::Call { subscripts: #subscripts, labels: &[#(#labels),*], arrays: &[#(#described),*] }
        }
    }
}

fn option(number: Option<usize>) -> TokenStream {
    let run_time = run_time();
    match number.map(Index::from) {
        Some(number) => quote!(#run_time::Some(#number)),
        None => quote!(#run_time::None),
    }
}

/// The shapes of all arrays, for the check against the call.
pub fn shapes(input: &Input, plan: &Plan) -> TokenStream {
    let run_time = run_time();
    let shapes = arrays(input, plan).into_iter().map(|array| {
        let variable = array.variable;
        quote!(#run_time::shape(#variable))
    });
    quote!(&[#(#shapes),*])
}
