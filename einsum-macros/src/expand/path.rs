//! The plan of a call as a value: the run time reads the subscripts again, and is asked what it would do.

use einsum_plan::{Plan, Resolution};
use proc_macro2::TokenStream;
use quote::quote;

use super::names::name;
use super::{Failure, arrays, bind, run_time};
use crate::input::Input;

/// The expression whose value is the plan for these operands.
pub fn expand_path(input: &Input, plan: &Plan, resolutions: &[Resolution], failure: Failure) -> TokenStream {
    let (run_time, call, arrays) = (run_time(), name("call"), arrays::of_einsum(input, plan));
    let description = bind::call(input, &plan.labels, &arrays, resolutions);
    let shapes = bind::shapes(&arrays);
    let views = arrays.iter().map(|array| {
        let variable = &array.variable;
        quote!(#run_time::dynamic_view(#variable))
    });
    let given = bind::given(input, &plan.labels);
    let limit = match &input.options.memory_limit {
        Some(_) => {
            let limit = name("limit");
            quote!(#run_time::Some(#run_time::extent(#limit)))
        }
        None => quote!(#run_time::None),
    };
    let path =
        failure.unless(&quote!(#run_time::path(#call, #shapes, &[#(#views),*], &[#(#given),*], #limit)));
    let body = failure.whole(&TokenStream::new(), &path);
    bind::bound(input, &plan.labels, &arrays, &quote!(let #call = #description; #body))
}
