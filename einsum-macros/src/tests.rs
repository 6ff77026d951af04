//! Expansions as files, so that a change of what users compile shows in review.
//!
//! `EINSUM_BLESS=1 cargo test -p einsum-macros` writes them anew. A snapshot shows the shape only: the root
//! package's `tests/expansions.rs` compiles the same files and compares what they compute with the oracle.

use std::path::PathBuf;
use std::{env, fs};

use proc_macro2::TokenStream;
use quote::quote;

use crate::expand::Failure;
use crate::{gradient, pipeline, view};

/// Compares an expansion, within a function of this signature, with its file.
fn check(name: &str, signature: TokenStream, failure: Failure, call: TokenStream) {
    let body = pipeline(quote!([::einsum] #call), failure);
    check_body(name, signature, call, body);
}

fn check_body(name: &str, signature: TokenStream, call: TokenStream, body: TokenStream) {
    let file = syn::parse2(quote!(pub #signature { #body })).expect("an expansion is an expression");
    let comment = format!("// {call}\n");
    let expansion = comment + &prettyplease::unparse(&file);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("src/snapshots/{name}.rs"));
    if env::var_os("EINSUM_BLESS").is_some() {
        fs::write(&path, &expansion).expect("the folder of the snapshots can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expansion == expected,
        "{name} expands to something new; EINSUM_BLESS=1 accepts it:\n{expansion}"
    );
}

#[test]
fn matmul() {
    let signature = quote!(fn matmul(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64>);
    check("matmul", signature, Failure::Panic, quote!("ij,jk->ik", a, b));
}

#[test]
fn convolution() {
    let signature = quote!(fn convolution(c: &mut Array2<f64>, a: ArrayView4<'_, f64>, b: &Array2<f64>));
    check("convolution", signature, Failure::Panic, quote!(c += "xyij,ij->xy", a, b));
}

#[test]
fn bilinear_form() {
    let signature = quote!(fn bilinear_form(x: &Array1<f64>, a: &Array2<f64>, y: &Array1<f64>) -> f64);
    check("bilinear_form", signature, Failure::Panic, quote!("i,ij,j->", x, a, y));
}

#[test]
fn stored_sum() {
    let signature =
        quote!(fn stored_sum(a: &Array2<f64>, b: &ArrayD<f64>) -> Result<Array1<f64>, EinsumError>);
    check("stored_sum", signature, Failure::Return, quote!("ij,jk->i", a, b));
}

#[test]
fn diagonal() {
    let signature = quote!(fn diagonal(a: &Array2<f64>) -> Array1<f64>);
    check("diagonal", signature, Failure::Panic, quote!("ii->i", a));
}

#[test]
fn ellipsis() {
    let signature = quote!(fn ellipsis(a: &Array3<f64>, b: &Array2<f64>) -> Array2<f64>);
    check("ellipsis", signature, Failure::Panic, quote!("...ij,jk->...i", a, b));
}

#[test]
fn layer() {
    let signature = quote!(fn layer(y: &mut Array2<f64>, x: &Array2<f64>, w: &Array3<f64>));
    check("layer", signature, Failure::Panic, quote!(y = "(2x+i-1)c,ico->xo", x, w));
}

#[test]
fn gradients() {
    let signature = quote!(
        fn gradients(
            x: &Array2<f64>,
            w: &Array3<f64>,
            dy: &Array2<f64>,
        ) -> Result<(Array2<f64>, Array3<f64>), EinsumError>
    );
    let call = quote!("(2x+i-1)c,ico->xo", x, w; dy);
    let body = gradient::pipeline(quote!([::einsum] #call), Failure::Return);
    check_body("gradients", signature, call, body);
}

#[test]
fn windows() {
    let signature = quote!(fn windows(x: ArrayView2<'_, f64>, n: usize) -> ArrayView3<'_, f64>);
    let call = quote!("b(x+i)->bxi", x; i = n);
    let body = view::pipeline(quote!([::einsum] #call), Failure::Panic);
    check_body("windows", signature, call, body);
}

/// The limit is generous, so that a busy machine does not fail it: this takes 3 ms, also without optimisation.
#[test]
fn many_operands_expand_at_once() {
    let call = quote!("ab,bc,cd,de,ef,fg,gh,hi->ai", a, b, c, d, e, f, g, h);
    let start = std::time::Instant::now();
    let expansion = pipeline(quote!([::einsum] #call), Failure::Panic).to_string();
    assert!(start.elapsed() < std::time::Duration::from_millis(50), "{:?}", start.elapsed());
    assert!(expansion.contains("__sum"));
}
