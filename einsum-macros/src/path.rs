//! From the tokens of `einsum_path!` to an expression, as in `pipeline`; nothing is computed but the plan.

use proc_macro2::TokenStream;
use syn::Error;

use crate::expand::{Failure, expand_path};
use crate::input::Input;
use crate::{checked, diagnose, planned, refused, unknown_label};

pub fn pipeline(tokens: TokenStream, failure: Failure) -> TokenStream {
    let input = match syn::parse2::<Input>(tokens) {
        Ok(input) => input,
        Err(error) => return diagnose::block([error], &[]),
    };
    if let Some(error) = target(&input).or_else(|| unknown_label(&input)) {
        return diagnose::block([error], &input.operands);
    }
    match checked(&input) {
        Ok((equation, resolutions)) => {
            expand_path(&input, &planned(&input, einsum_plan::lower(&equation)), &resolutions, failure)
        }
        Err(errors) => refused(&input, &errors),
    }
}

/// A plan writes nothing.
fn target(input: &Input) -> Option<Error> {
    let message =
        "a path is a value and has no target, as in `println!(\"{}\", einsum_path!(\"ij,jk->ik\", a, b))`";
    input.target.as_ref().map(|target| Error::new_spanned(&target.place, message))
}
