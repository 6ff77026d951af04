//! Operands and target: evaluated once, their ranks checked by type, their extents at run time.

use einsum_plan::{LabelId, Plan};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Index};

use super::names::{name, numbered};
use super::run_time;
use crate::input::{Input, Target, source_text};

/// The largest rank that ndarray has a static type for.
const LARGEST_STATIC_RANK: usize = 6;

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
    let items = arrays.iter().map(|array| rank_check(input, plan, array));
    let (krate, run_time) = (&input.krate, run_time());
    let body = quote!({ use #krate::__private as #run_time; #(#items)* #body });
    let body = match &input.target {
        Some(target) => bind_target(target, &body),
        None => body,
    };
    let expressions = &input.operands;
    let variables: Vec<_> =
        arrays.iter().filter(|array| array.number.is_some()).map(|array| &array.variable).collect();
    // A `match` keeps the temporaries of the operands alive for the whole body; a `let` would not.
    quote!(match (#(&#expressions,)*) { (#(#variables,)*) => #body })
}

/// Borrows the target by autoref, so that `c: &mut Array2` need not be `mut` itself.
fn bind_target(target: &Target, body: &TokenStream) -> TokenStream {
    let place = &target.place;
    let variable = name("target");
    quote!(match (#place).view_mut() { mut #variable => #body })
}

/// A trait for the ranks that fit, whose error is the sentence that the user reads, and the call that needs it.
fn rank_check(input: &Input, plan: &Plan, array: &Array) -> TokenStream {
    let run_time = run_time();
    let rank = array.axes.len();
    let suffix = array.number.map_or("target".into(), |number| number.to_string());
    let fits = name(&format!("Rank{suffix}"));
    let check = name(&format!("rank{suffix}"));
    let message = rank_message(input, plan, array);
    let fixed = (rank <= LARGEST_STATIC_RANK).then(|| {
        let fixed = Ident::new(&format!("Ix{rank}"), Span::mixed_site());
        quote!(impl #fits for #run_time::#fixed {})
    });
    let variable = array.variable.clone();
    let mutable = array.number.is_none().then(|| quote!(mut));
    // The span of the operand makes the compiler underline it; resolution stays at the macro.
    let span = Span::mixed_site().located_at(array.expression.span());
    let argument = Ident::new(&variable.to_string(), span);
    let argument = if array.number.is_none() {
        quote_spanned!(span=> &mut #argument)
    } else {
        argument.to_token_stream()
    };
    let call = quote_spanned!(span=> #check(#argument));
    quote! {
        #[diagnostic::on_unimplemented(
            message = #message,
            label = "this array has another number of axes",
            note = "an array whose dimension is a type parameter is taken as `array.view().into_dyn()`"
        )]
        trait #fits: #run_time::Dimension {}
        #fixed
        impl #fits for #run_time::IxDyn {}
        fn #check<T, D: #fits>(array: &#mutable #run_time::ArrayRef<T, D>) -> &#mutable #run_time::ArrayRef<T, D> {
            array
        }
        let #variable = #call;
    }
}

fn rank_message(input: &Input, plan: &Plan, array: &Array) -> String {
    let labels: String = array.axes.iter().map(|&label| plan.labels[label]).collect();
    let axes = match array.axes.len() {
        0 => "no axes".into(),
        1 => "1 axis".into(),
        rank => format!("{rank} axes"),
    };
    let who = array.number.map_or("the target".into(), |number| format!("operand {number}"));
    let labelled = if labels.is_empty() { "has no labels".into() } else { format!("is labelled `{labels}`") };
    format!("{who} {labelled} in \"{}\", so it must have {axes}", input.subscripts.value())
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
        .extents::<#count>(&[#(#shapes.shape()),*])
    }
}
