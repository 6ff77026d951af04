//! The proc-macros behind `nd-einsum`. Use them through that crate: its `macro_rules!` doors pass the path to
//! the run time, so that renaming and re-exporting work.
//!
//! A call goes through `input` (tokens to target, subscripts and operands), the plan crate (text to plan, or
//! errors, which `diagnose` turns into compile errors) and `expand` (plan to one expression).

mod diagnose;
mod expand;
mod gradient;
mod input;
mod path;
#[cfg(test)]
mod tests;
mod view;

use einsum_plan::{Equation, Plan, Resolution};
use expand::Failure;
use proc_macro::TokenStream;
use syn::{Expr, ExprLit, Lit};

/// `einsum!`: an expression that panics where extents disagree.
#[proc_macro]
pub fn einsum(tokens: TokenStream) -> TokenStream {
    pipeline(tokens.into(), Failure::Panic).into()
}

/// `try_einsum!`: an expression of type `Result`.
#[proc_macro]
pub fn try_einsum(tokens: TokenStream) -> TokenStream {
    pipeline(tokens.into(), Failure::Return).into()
}

/// `einsum_grad!`: the gradients of the operands.
#[proc_macro]
pub fn einsum_grad(tokens: TokenStream) -> TokenStream {
    gradient::pipeline(tokens.into(), Failure::Panic).into()
}

/// `try_einsum_grad!`: the same, of type `Result`.
#[proc_macro]
pub fn try_einsum_grad(tokens: TokenStream) -> TokenStream {
    gradient::pipeline(tokens.into(), Failure::Return).into()
}

/// `einsum_path!`: the plan of a call.
#[proc_macro]
pub fn einsum_path(tokens: TokenStream) -> TokenStream {
    path::pipeline(tokens.into(), Failure::Panic).into()
}

/// `try_einsum_path!`: the plan as a `Result`.
#[proc_macro]
pub fn try_einsum_path(tokens: TokenStream) -> TokenStream {
    path::pipeline(tokens.into(), Failure::Return).into()
}

/// `einsum_view!`: a view that panics where extents disagree.
#[proc_macro]
pub fn einsum_view(tokens: TokenStream) -> TokenStream {
    view::pipeline(tokens.into(), Failure::Panic).into()
}

/// `try_einsum_view!`: a view as a `Result`.
#[proc_macro]
pub fn try_einsum_view(tokens: TokenStream) -> TokenStream {
    view::pipeline(tokens.into(), Failure::Return).into()
}

fn pipeline(tokens: proc_macro2::TokenStream, failure: Failure) -> proc_macro2::TokenStream {
    let input = match syn::parse2::<input::Input>(tokens) {
        Ok(input) => input,
        Err(error) => return diagnose::block([error], &[]),
    };
    if let Some(error) = unknown_label(&input) {
        return diagnose::block([error], &input.operands);
    }
    match checked(&input) {
        Ok((equation, resolutions)) => {
            expand::expand(&input, &planned(&input, einsum_plan::lower(&equation)), &resolutions, failure)
        }
        Err(errors) => refused(&input, &errors),
    }
}

fn checked(input: &input::Input) -> Result<(Equation, Vec<Resolution>), Vec<einsum_plan::Error>> {
    let equation = einsum_plan::parse(&input.subscripts.value())?;
    einsum_plan::check(&equation, input.operands.len())?;
    let given: Vec<char> = input.extents.iter().map(|extent| extent.label).collect();
    let resolutions = einsum_plan::resolve(&equation, &given, input.target.is_some())?;
    Ok((equation, resolutions))
}

/// The plan, given the extents that the caller knows or supposes.
fn planned(input: &input::Input, plan: Plan) -> Plan {
    let known = input.extents.iter().filter_map(|extent| match &extent.value {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => Some((extent.label, number.base10_parse().ok()?)),
        _ => None,
    });
    let supposed = input.options.hints.iter().map(|hint| (hint.label, hint.extent));
    let sizes: Vec<(char, usize)> = known.chain(supposed).collect();
    if sizes.is_empty() { plan } else { plan.with_sizes(&sizes) }
}

fn refused(input: &input::Input, errors: &[einsum_plan::Error]) -> proc_macro2::TokenStream {
    let errors = errors.iter().map(|error| diagnose::at(&input.subscripts, error));
    diagnose::block(errors, &input.operands)
}

/// Extents are given for labels that operands have.
fn unknown_label(input: &input::Input) -> Option<syn::Error> {
    let equation = einsum_plan::parse(&input.subscripts.value()).ok()?;
    let mut known = equation.input_labels();
    known.retain(|&label| label != einsum_plan::ELLIPSIS);
    let extents = input.extents.iter().map(|extent| (extent.label, extent.span));
    let hints = input.options.hints.iter().map(|hint| (hint.label, hint.span));
    let (label, span) = extents.chain(hints).find(|(label, _)| !known.contains(label))?;
    let labels: Vec<String> = known.iter().map(|label| format!("`{label}`")).collect();
    let labels = if labels.is_empty() {
        "there are none".into()
    } else {
        format!("the labels are {}", labels.join(", "))
    };
    let subscripts = input.subscripts.value();
    let message = format!("no operand of \"{subscripts}\" has the label `{label}`; {labels}");
    Some(syn::Error::new(span, message))
}
