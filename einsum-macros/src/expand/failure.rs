//! What becomes of an error at run time: a panic, or the value of the call.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Lifetime;

use super::names::name;
use super::run_time;

/// What happens where extents disagree, or there is no memory.
#[derive(Clone, Copy)]
pub enum Failure {
    /// `einsum!`
    Panic,
    /// `try_einsum!`
    Return,
}

impl Failure {
    /// The value of an expression of type `Result<_, EinsumError>`, unless it is an error, which ends the call.
    pub fn unless(self, fallible: &TokenStream) -> TokenStream {
        let run_time = run_time();
        match self {
            Self::Panic => quote!(#run_time::unwrap(#fallible)),
            Self::Return => {
                let (end, value, error) = (end(), name("value"), name("error"));
                quote! {
                    match #fallible {
                        #run_time::Ok(#value) => #value,
                        #run_time::Err(#error) => break #end #run_time::Err(#error),
                    }
                }
            }
        }
    }

    /// The whole call: statements that may end it, and its value behind them.
    pub fn whole(self, statements: &TokenStream, value: &TokenStream) -> TokenStream {
        let run_time = run_time();
        match self {
            Self::Panic => quote!(#statements #value),
            Self::Return => {
                let end = end();
                quote!(#end: { #statements #run_time::Ok(#value) })
            }
        }
    }
}

/// The label of a block, since a `return` would end the function that the call stands in.
fn end() -> Lifetime {
    Lifetime::new("'__end", Span::mixed_site())
}
