//! Errors to tokens.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Expr, LitStr};

/// Errors as one expression.
///
/// In a block of their own: bare `compile_error!`s in expression position lose all but the first, and make the
/// compiler complain about its own recovery. The operands stand beside the errors, or they would be unused too.
pub fn block(errors: impl IntoIterator<Item = syn::Error>, operands: &[Expr]) -> TokenStream {
    let errors = errors.into_iter().map(|error| error.to_compile_error());
    quote!({ let _ = (#(&(#operands),)*); #(#errors)* })
}

/// A mistake in the subscripts, drawn into the message, since a span cannot point into a literal on stable.
pub fn at(subscripts: &LitStr, error: &einsum_plan::Error) -> syn::Error {
    syn::Error::new(culprit(subscripts, error), error.render(&subscripts.value()))
}

/// The culprit's span where the compiler can give it, else the literal's.
fn culprit(subscripts: &LitStr, error: &einsum_plan::Error) -> Span {
    let literal = subscripts.token();
    let quoted = literal.to_string();
    // With escapes, a position in the value is not one in the source.
    let opening = quoted.find('"').filter(|&at| quoted[at + 1..].starts_with(&subscripts.value()));
    let range = opening.map(|at| error.span().start + at + 1..error.span().end + at + 1);
    range.and_then(|range| literal.subspan(range)).unwrap_or_else(|| subscripts.span())
}
