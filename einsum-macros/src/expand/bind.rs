//! Operands and target: evaluated once, their ranks checked by type, their extents at run time.

use einsum_plan::{LabelId, Plan};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Index};

use super::names::{name, numbered};
use super::run_time;
use crate::input::{Input, Target, source_text};

/// An array of the call: an operand, or the target.
struct Array<'a> {
    expression: &'a Expr,
    variable: Ident,
    /// The operand's number; the target has none.
    number: Option<usize>,
    axes: Vec<LabelId>,
}

fn arrays<'a>(input: &'a Input, plan: &Plan) -> Vec<Array<'a>> {
    let operands = input.operands.iter().zip(&plan.operands).enumerate();
    let operands = operands.map(|(number, (expression, axes))| Array {
        expression,
        variable: numbered("op", number),
        number: Some(number),
        axes: axes.clone(),
    });
    let target = input.target.iter().map(|target| Array {
        expression: &target.place,
        variable: name("target"),
        number: None,
        axes: (0..plan.output_rank()).collect(),
    });
    operands.chain(target).collect()
}

/// `body` with each operand bound to a reference to an array of the right rank, and so the target.
pub fn operands(input: &Input, plan: &Plan, body: &TokenStream) -> TokenStream {
    let arrays = arrays(input, plan);
    let items = arrays.iter().map(|array| rank_check(plan, array));
    let (krate, run_time) = (&input.krate, run_time());
    let body = quote!({ use #krate::__private as #run_time; #(#items)* #body });
    let body = match &input.target {
        Some(target) => bind_target(target, krate, &body),
        None => body,
    };
    // In parentheses, since an operand may have operators that bind weaker than the borrow, and with spans of the
    // operand, for complaints of the borrow checker.
    let borrows = input.operands.iter().map(|expression| {
        let span = Span::mixed_site().located_at(expression.span());
        quote_spanned!(span=> &(#expression))
    });
    let variables: Vec<_> =
        arrays.iter().filter(|array| array.number.is_some()).map(|array| &array.variable).collect();
    // A `match` keeps the temporaries of the operands alive for the whole body; a `let` would not.
    quote!(match (#(#borrows,)*) { (#(#variables,)*) => #body })
}

/// Borrows the target by autoref, so that `c: &mut Array2` need not be `mut` itself.
fn bind_target(target: &Target, krate: &TokenStream, body: &TokenStream) -> TokenStream {
    let (place, variable) = (&target.place, name("target"));
    let span = Span::mixed_site().located_at(place.span());
    let borrow = quote_spanned!(span=> (#place).as_einsum_target());
    quote!({ use #krate::__private::Target as _; match #borrow { #variable => #body } })
}

/// The largest rank that ndarray has a static type for.
const LARGEST_STATIC_RANK: usize = 6;

/// The call that needs the rank of an array to fit, so that the compiler says what is wrong, and where.
fn rank_check(plan: &Plan, array: &Array) -> TokenStream {
    let (run_time, variable, rank) = (run_time(), &array.variable, array.axes.len());
    // The span of the operand makes the compiler underline it; resolution stays at the macro.
    let span = Span::mixed_site().located_at(array.expression.span());
    let located = |name: &Ident| Ident::new(&name.to_string(), span);
    // The first operand says what the elements of the others must be.
    let (first, argument) = (located(&numbered("op", 0)), located(variable));
    let count = Index::from(rank);
    let call = match array.number.map(Index::from) {
        None => quote_spanned!(span=> #run_time::target::<#count, _, _, _>(#first, #argument)),
        Some(number) if rank > LARGEST_STATIC_RANK => {
            quote_spanned!(span=> #run_time::operand_many::<#number, #count, _, _, _>(#first, #argument))
        }
        Some(number) => {
            let function = Ident::new(&format!("operand{rank}"), span);
            let labels = array.axes.iter().map(|&label| plan.labels[label]);
            quote_spanned!(span=> #run_time::#function::<#number, #(#labels,)* _, _, _>(#first, #argument))
        }
    };
    quote!(let #variable = #call;)
}

/// The expression that compares all extents, of type `Result<[usize; _], EinsumError>`.
pub fn checked_extents(input: &Input, plan: &Plan) -> TokenStream {
    let run_time = run_time();
    let subscripts = input.subscripts.value();
    let labels = &plan.labels;
    let arrays = arrays(input, plan);
    let shapes = arrays.iter().map(|array| &array.variable);
    let described = arrays.iter().map(|array| {
        let source = source_text(array.expression);
        let number = match array.number {
            Some(number) => quote!(#run_time::Some(#number)),
            None => quote!(#run_time::None),
        };
        let axes = array.axes.iter().map(|&label| Index::from(label));
        quote! {
            #run_time::CallArray {
                operand: #run_time::Operand { number: #number, source: #source },
                axes: &[#(#axes),*],
            }
        }
    });
    let count = Index::from(labels.len());
    quote! {
        const {
            &#run_time::Call { subscripts: #subscripts, labels: &[#(#labels),*], arrays: &[#(#described),*] }
        }
        .extents::<#count>(&[#(#run_time::shape(#shapes)),*])
    }
}
