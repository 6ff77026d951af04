//! Operands and targets: evaluated once, their ranks checked by type, their extents at run time.

use std::collections::BTreeSet;

use einsum_plan::{Index, Label, LabelId, Plan, Resolution};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Index as Literal};

use super::arrays::{Array, Axes, Role};
use super::names::{name, numbered};
use super::{LARGEST_STATIC_RANK, run_time};
use crate::input::{Input, source_text};

/// `body` with each operand bound to a reference to an array of the right rank, and so the targets.
pub fn bound(input: &Input, labels: &[Label], arrays: &[Array], body: &TokenStream) -> TokenStream {
    let (krate, run_time) = (&input.krate, run_time());
    let checks = arrays.iter().map(|array| rank_check(labels, array));
    let body = quote!({ use #krate::__private as #run_time; #(#checks)* #body });
    let (targets, operands): (Vec<_>, Vec<_>) = arrays.iter().partition(|array| array.is_target());
    let body = targets.iter().rev().fold(body, |body, target| {
        let (borrow, variable) = (borrow(target), &target.variable);
        quote!(match #borrow { mut #variable => #body })
    });
    let given = input.extents.iter().map(|extent| &extent.value).chain(&input.options.memory_limit);
    let borrows = operands.iter().map(|operand| borrow(operand)).chain(given.map(Expr::to_token_stream));
    let extents = (0..input.extents.len()).map(|number| numbered("given", number));
    let limit = input.options.memory_limit.iter().map(|_| name("limit"));
    let variables = operands.iter().map(|operand| operand.variable.clone()).chain(extents).chain(limit);
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
    match (array.is_target(), &array.axes) {
        (true, Axes { labelled, ellipsis: None }) if labelled.is_empty() => {
            Some(("as_einsum_target_or_place", &["Target", "ScalarTarget"]))
        }
        (true, Axes { labelled, ellipsis: None }) if labelled.len() == 1 => {
            Some(("as_einsum_target_or_slice", &["Target", "SliceTarget", "TargetOrSliceMethod"]))
        }
        (true, _) => Some(("as_einsum_target", &["Target", "TargetMethod"])),
        (false, Axes { labelled, ellipsis: None }) => match labelled.len() {
            0 => Some(("as_einsum_array_or_scalar", &["ArrayOperand", "ScalarOperand"])),
            1 => Some(("as_einsum_array_or_slice", &["ArrayOperand", "SliceOperand", "ArrayOrSliceMethod"])),
            2 => {
                Some(("as_einsum_array_or_nested", &["ArrayOperand", "NestedOperand", "ArrayOrNestedMethod"]))
            }
            _ => None,
        },
        (false, Axes { ellipsis: Some(_), .. }) => Some((
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
    match (array.is_target(), method) {
        (true, method) => quote_spanned!(span=> (#expression).#method()),
        (false, Some(method)) => quote_spanned!(span=> &(&(#expression)).#method()),
        (false, None) => quote_spanned!(span=> &(#expression)),
    }
}

/// The calls that need the rank of an array to fit, and its elements to be those of the first operand, so that the
/// compiler says what is wrong, and where.
pub fn rank_check(labels: &[Label], array: &Array) -> TokenStream {
    let (run_time, count) = (run_time(), array.axes.count());
    let Axes { labelled, ellipsis } = &array.axes;
    // The span of the operand makes the compiler underline it; resolution stays at the macro.
    let span = Span::mixed_site().located_at(array.expression.span());
    let located = |name: &Ident| Ident::new(&name.to_string(), span);
    let (variable, pair, first) = (located(&array.variable), located(&name("pair")), numbered("op", 0));
    let fits = match (array.role, ellipsis) {
        (Role::Target | Role::TargetOf(_), None) => {
            quote_spanned!(span=> #run_time::target::<#count, _, _>(&mut #variable))
        }
        (Role::Target | Role::TargetOf(_), Some(_)) => {
            quote_spanned!(span=> #run_time::target_spread::<#count, _, _>(&mut #variable))
        }
        (Role::Gradient(_), None) => quote_spanned!(span=> #run_time::gradient::<#count, _, _>(#variable)),
        (Role::Gradient(_), Some(_)) => {
            quote_spanned!(span=> #run_time::gradient_spread::<#count, _, _>(#variable))
        }
        (Role::Operand(number), Some(_)) => {
            let number = Literal::from(number);
            quote_spanned!(span=> #run_time::operand_spread::<#number, #count, _, _>(#variable))
        }
        (Role::Operand(number), None) if labelled.len() > LARGEST_STATIC_RANK => {
            let number = Literal::from(number);
            quote_spanned!(span=> #run_time::operand_many::<#number, #count, _, _>(#variable))
        }
        (Role::Operand(number), None) => {
            let (number, function) = (Literal::from(number), format!("operand{}", labelled.len()));
            let function = Ident::new(&function, span);
            let labels = labelled.iter().map(|index| labels[index.labels().next().expect("it has a label")]);
            quote_spanned!(span=> #run_time::#function::<#number, #(#labels,)* _, _>(#variable))
        }
    };
    let same = match array.role {
        Role::Operand(0) => return quote!(let #variable = #fits;),
        Role::Operand(_) | Role::Gradient(_) => quote_spanned!(span=> #run_time::same(#pair)),
        Role::Target | Role::TargetOf(_) => quote_spanned!(span=> #run_time::same_mut(#pair)),
    };
    quote!(let #variable = #fits; let #pair = (#first, #variable); let #variable = #same;)
}

/// What the run time must know of the call, as a constant.
pub fn call(input: &Input, labels: &[Label], arrays: &[Array], resolutions: &[Resolution]) -> TokenStream {
    let run_time = run_time();
    let subscripts = input.subscripts.value();
    let resolutions = resolutions.iter().map(|resolution| {
        let label = labels.iter().position(|&label| label == resolution.label).map(Literal::from);
        let (array, position) = (Literal::from(resolution.operand), Literal::from(resolution.axis));
        quote!(#run_time::Resolution { label: #label, array: #array, position: #position })
    });
    let labels = labels.iter().filter(|&&label| label != einsum_plan::ELLIPSIS);
    let described = compared(arrays).map(|array| {
        let source = source_text(array.expression);
        description(&array.axes, array.role, &quote!(#run_time::Some(#source)))
    });
    quote! {
        const {
            &#run_time::Call {
                subscripts: #subscripts,
                labels: &[#(#labels),*],
                arrays: &[#(#described),*],
                resolutions: &[#(#resolutions),*],
            }
        }
    }
}

/// The arrays whose extents are compared with each other.
fn compared<'a, 'e>(arrays: &'a [Array<'e>]) -> impl Iterator<Item = &'a Array<'e>> {
    arrays.iter().filter(|array| !matches!(array.role, Role::TargetOf(_)))
}

/// What the run time must know of an array, as a constant.
pub fn description(axes: &Axes, role: Role, source: &TokenStream) -> TokenStream {
    let run_time = run_time();
    let role = match role {
        Role::Operand(number) => {
            let number = Literal::from(number);
            quote!(Operand(#number))
        }
        Role::Gradient(_) => quote!(Gradient),
        Role::Target | Role::TargetOf(_) => quote!(Target),
    };
    let ellipsis = option(axes.ellipsis);
    let indices = axes.labelled.iter().map(index);
    quote! {
        #run_time::CallArray {
            operand: #run_time::Operand { role: #run_time::Role::#role, source: #source },
            axes: &[#(#indices),*],
            ellipsis: #ellipsis,
        }
    }
}

/// An index as a constant.
pub fn index(index: &Index<LabelId>) -> TokenStream {
    let run_time = run_time();
    match index {
        Index::Label(label) => {
            let label = Literal::from(*label);
            quote!(#run_time::Index::Label(#label))
        }
        Index::Affine(affine) => {
            let parts = affine.parts.iter().map(|&(label, coefficient)| {
                let (label, coefficient) = (Literal::from(label), signed(coefficient));
                quote!((#label, #coefficient))
            });
            let (constant, padding) = (signed(affine.constant), Literal::from(affine.padding()));
            quote! {
                #run_time::Index::Affine(#run_time::Affine {
                    parts: &[#(#parts),*],
                    constant: #constant,
                    padding: #padding,
                })
            }
        }
    }
}

/// A number with its sign, which is a token of its own.
fn signed(number: isize) -> TokenStream {
    let size = Literal::from(number.unsigned_abs());
    if number < 0 { quote!(-#size) } else { quote!(#size) }
}

fn option(number: Option<usize>) -> TokenStream {
    let run_time = run_time();
    match number.map(Literal::from) {
        Some(number) => quote!(#run_time::Some(#number)),
        None => quote!(#run_time::None),
    }
}

/// The extents that the caller gives, each with its label.
pub fn given(input: &Input, labels: &[Label]) -> Vec<TokenStream> {
    let run_time = run_time();
    let given = input.extents.iter().enumerate().map(|(number, extent)| {
        let span = Span::mixed_site().located_at(extent.value.span());
        let variable = Ident::new(&numbered("given", number).to_string(), span);
        let label = labels.iter().position(|&label| label == extent.label).map(Literal::from);
        let value = quote_spanned!(span=> #run_time::extent(#variable));
        quote!((#label, #value))
    });
    given.collect()
}

/// The statement that binds the memory limit, if there is one, or a step that asks for it.
pub fn memory_limit(input: &Input, plan: &Plan) -> Option<TokenStream> {
    let (run_time, variable) = (run_time(), name("limit"));
    match &input.options.memory_limit {
        Some(limit) => {
            let span = Span::mixed_site().located_at(limit.span());
            let located = Ident::new(&variable.to_string(), span);
            let value = quote_spanned!(span=> #run_time::extent(#located));
            Some(quote!(let #variable = #run_time::Some(#value);))
        }
        None if plan.steps.iter().any(|step| step.inputs.len() > 2) => {
            Some(quote!(let #variable = #run_time::None;))
        }
        None => None,
    }
}

/// The shapes of all arrays, for the check against the call.
pub fn shapes(arrays: &[Array]) -> TokenStream {
    let shapes = compared(arrays).map(shape);
    quote!(&[#(#shapes),*])
}

fn shape(array: &Array) -> TokenStream {
    let (run_time, variable) = (run_time(), &array.variable);
    quote!(#run_time::shape(#variable))
}

/// The extents of the labels, without a call where all axes of each label have the same one: that costs small contractions as
/// much as their products. What is `otherwise` stretches axes, and knows what is wrong.
pub fn agreed(labels: &[Label], arrays: &[Array], extents: &[Ident], otherwise: &TokenStream) -> TokenStream {
    if labels.contains(&einsum_plan::ELLIPSIS) {
        return otherwise.clone();
    }
    let (shapes, mut seen, mut guards) = (compared(arrays).map(shape), BTreeSet::new(), Vec::new());
    let patterns: Vec<_> = compared(arrays)
        .map(|array| {
            let axes = array.axes.labelled.iter().map(|index| {
                let label = index.label().expect("without arithmetic, an index is a label");
                if seen.insert(label) {
                    return extents[label].clone();
                }
                let (axis, extent) = (numbered("axis", guards.len()), &extents[label]);
                guards.push(quote!(#axis == #extent));
                axis
            });
            quote!(&[#(#axes),*])
        })
        .collect();
    let guard = (!guards.is_empty()).then(|| quote!(if #(#guards)&&*));
    quote! {
        match (#(#shapes,)*) {
            (#(#patterns,)*) #guard => [#(#extents),*],
            _ => #otherwise,
        }
    }
}
