//! From the tokens of `einsum_grad!` to an expression, as in `pipeline`, with a plan for each gradient.

use einsum_plan::{Equation, Plan, adjoint};
use proc_macro2::TokenStream;

use crate::expand::{self, Failure};
use crate::input::Gradients;
use crate::{checked, diagnose, planned, refused, unknown_label};

pub fn pipeline(tokens: TokenStream, failure: Failure) -> TokenStream {
    let call = match syn::parse2::<Gradients>(tokens) {
        Ok(call) => call,
        Err(error) => return diagnose::block([error], &[]),
    };
    if let Some(error) = unknown_label(&call.einsum) {
        return diagnose::block([error], &call.einsum.operands);
    }
    match checked(&call.einsum) {
        Ok((equation, resolutions)) => {
            expand::gradients(&call, &plans(&call, &equation), &resolutions, failure)
        }
        Err(errors) => refused(&call.einsum, &errors),
    }
}

/// A plan for each gradient that is asked for, with the number of its operand.
fn plans(call: &Gradients, equation: &Equation) -> Vec<(usize, Plan)> {
    let wanted = (0..call.wanted.len()).filter(|&operand| call.wanted[operand]);
    wanted.map(|operand| (operand, planned(&call.einsum, adjoint(equation, operand)))).collect()
}
