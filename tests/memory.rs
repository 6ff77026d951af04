//! Results, and intermediate ones, that no memory is large enough for. Operands are long by a stride of 0.

use std::panic::catch_unwind;

use einsum::ndarray::{Array1, Array2, ArrayView1, ArrayView2, ShapeBuilder, array};
use einsum::{EinsumError, dynamic, einsum, try_einsum};

/// As many numbers take more bytes than a program can address.
const LONG: usize = 1 << 45;

/// The same number again and again.
fn long(number: &[f64; 1]) -> ArrayView1<'_, f64> {
    ArrayView1::from_shape((LONG,).strides((0,)), number).unwrap()
}

/// A row of as many columns.
fn wide(number: &[f64; 1]) -> ArrayView2<'_, f64> {
    ArrayView2::from_shape((1, LONG).strides((0, 0)), number).unwrap()
}

fn too_large(shape: &[usize], subscripts: &str) -> EinsumError {
    EinsumError::TooLarge { shape: shape.to_vec(), subscripts: subscripts.into() }
}

/// Asserts that a call fails for want of an array of this shape, whether it returns an error or panics.
macro_rules! assert_too_large {
    ($shape:expr, $subscripts:literal $(, $operand:expr)*) => {
        let expected = too_large(&$shape, $subscripts);
        assert_eq!(try_einsum!($subscripts $(, $operand)*).unwrap_err(), expected);
        let operands = [$($operand.view().into_dyn()),*];
        assert_eq!(dynamic::einsum($subscripts, &operands).unwrap_err(), expected);
        let panic = catch_unwind(|| {
            let _result = einsum!($subscripts $(, $operand)*);
        });
        let message = panic.expect_err("no memory");
        assert_eq!(*message.downcast_ref::<String>().unwrap(), expected.to_string());
    };
}

#[test]
fn results() {
    let one = [1.0];
    let (x, w, y) = (long(&one), wide(&one), Array1::zeros(2));
    assert_too_large!([LONG, 2], "i,j->ij", x, y);
    assert_too_large!([LONG, LONG], "i,j->ij", x, x);
    assert_too_large!([1, LONG, LONG], "i...,j->i...j", w, x);
    assert_too_large!([LONG, LONG], "...,j->j...", x, x);
    assert_too_large!([LONG; 7], "a,b,c,d,e,f,g->abcdefg", x, x, x, x, x, x, x);
    // Even without elements the product of the other extents is limited.
    let none = Array1::<f64>::zeros(0);
    assert_too_large!([0, LONG, LONG], "i,j,k->ijk", none, x, x);
}

#[test]
fn intermediate_results() {
    let one = [1.0];
    let w = wide(&one);
    let column = w.t();
    assert_too_large!([LONG], "ij,jk->i", w, column);
    assert_too_large!([LONG], "...ij,jk->...i", w, column);
}

#[test]
fn targets_are_left_alone() {
    let one = [1.0];
    let w = wide(&one);
    let mut target = array![7.0];
    assert_eq!(try_einsum!(target += "ij,jk->i", w, w.t()), Err(too_large(&[LONG], "ij,jk->i")));
    assert_eq!(target, array![7.0]);
}

#[test]
fn the_message_names_the_shape() {
    let one = [1.0];
    let x = long(&one);
    assert_eq!(
        try_einsum!("i,j->ij", x, x).unwrap_err().to_string(),
        "an array of shape [35184372088832, 35184372088832], for \"i,j->ij\", is too large to allocate"
    );
}

/// Beyond the size from which the allocator is asked first.
#[test]
fn large_results_are_made() {
    let (x, y) = (Array1::from_elem(3000, 2.0), Array1::from_elem(3000, 0.5));
    let products: Array2<f64> = einsum!("i,j->ij", x, y);
    assert_eq!((products.dim(), products.sum()), ((3000, 3000), 9e6));
}
