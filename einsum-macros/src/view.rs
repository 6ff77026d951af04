//! From the tokens of `einsum_view!` to an expression, as in `pipeline`, with the checks of views.

use einsum_plan::{Plan, Resolution, check_view, lower, parse, resolve};
use proc_macro2::TokenStream;
use syn::Error;

use crate::expand::{Failure, expand_view};
use crate::input::Input;
use crate::{diagnose, refused, unknown_label};

pub fn pipeline(tokens: TokenStream, failure: Failure) -> TokenStream {
    let input = match syn::parse2::<Input>(tokens) {
        Ok(input) => input,
        Err(error) => return diagnose::block([error], &[]),
    };
    let refusal = target(&input).or_else(|| options(&input)).or_else(|| unknown_label(&input));
    if let Some(error) = refusal {
        return diagnose::block([error], &input.operands);
    }
    match plan(&input) {
        Ok((plan, resolutions)) => expand_view(&input, &plan, &resolutions, failure),
        Err(errors) => refused(&input, &errors),
    }
}

fn plan(input: &Input) -> Result<(Plan, Vec<Resolution>), Vec<einsum_plan::Error>> {
    let equation = parse(&input.subscripts.value())?;
    check_view(&equation, input.operands.len())?;
    let given: Vec<char> = input.extents.iter().map(|extent| extent.label).collect();
    let resolutions = resolve(&equation, &given, false)?;
    Ok((lower(&equation), resolutions))
}

/// A view writes nothing.
fn target(input: &Input) -> Option<Error> {
    let message = "a view is a value and has no target, as in `let c = einsum_view!(\"ij->ji\", a)`";
    input.target.as_ref().map(|target| Error::new_spanned(&target.place, message))
}

/// A view computes nothing, in no order.
fn options(input: &Input) -> Option<Error> {
    let message = "a view computes nothing: guesses of extents and limits of memory are for `einsum!`";
    let hint = input.options.hints.first().map(|hint| Error::new(hint.span, message));
    hint.or_else(|| input.options.memory_limit.as_ref().map(|limit| Error::new_spanned(limit, message)))
}
