//! The ways to the macro: a renamed dependency, and a crate that passes it on.

use sums::ndarray::{array, Array2};

#[test]
fn a_renamed_dependency() {
    let a = array![[1, 2], [3, 4]];
    assert_eq!(sums::einsum!("ii->", a), 5);
    assert_eq!(sums::try_einsum!("ij->j", a), Ok(array![4, 6]));
}

#[test]
fn the_macro_of_another_crate() {
    let a = array![[1, 2], [3, 4]];
    assert_eq!(einsum_reexport::einsum!("ij->", a), 10);
    assert_eq!(einsum_reexport::attempt!("ij->i", a), Ok(array![3, 7]));
}

#[test]
fn views() {
    let a = array![[1, 2], [3, 4]];
    assert_eq!(sums::einsum_view!("ij->ji", a), a.t());
    assert_eq!(einsum_reexport::tensor::einsum_view!("ii->i", a), a.diag());
    assert_eq!(einsum_reexport::tensor::try_einsum_view!("ii->i", a), Ok(a.diag()));
}

#[test]
fn the_crate_under_another_name() {
    let a = array![[1, 2], [3, 4]];
    assert_eq!(einsum_reexport::tensor::einsum!("ij->ji", a), array![[1, 3], [2, 4]]);
}

#[test]
fn everything_of_the_crate() {
    use einsum_reexport::prelude::*;
    let mut c: Array2<i32> = Array2::zeros((2, 2));
    einsum!(c = "ij,jk->ik", array![[1, 2], [3, 4]], array![[0, 1], [1, 0]]);
    assert_eq!(c, array![[2, 1], [4, 3]]);
}

#[test]
fn a_macro_that_expands_to_the_macro() {
    let a = array![[1.0, 2.0], [3.0, 4.0]];
    assert_eq!(einsum_reexport::matrix_product!(a, a.t()), array![[5.0, 11.0], [11.0, 25.0]]);
    assert_eq!(einsum_reexport::row_sums(&a), array![3.0, 7.0]);
}
