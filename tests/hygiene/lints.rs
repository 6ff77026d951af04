//! Every form of the macro in code that allows nothing.
#![deny(
    warnings,
    unused,
    nonstandard_style,
    rust_2018_idioms,
    let_underscore,
    missing_docs,
    missing_debug_implementations,
    missing_copy_implementations,
    trivial_casts,
    trivial_numeric_casts,
    unreachable_pub,
    unused_qualifications,
    unused_lifetimes,
    unused_results,
    unused_import_braces,
    single_use_lifetimes,
    variant_size_differences,
    redundant_lifetimes,
    unit_bindings,
    meta_variable_misuse,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    clippy::indexing_slicing,
    clippy::integer_division,
    clippy::float_arithmetic,
    clippy::shadow_reuse,
    clippy::shadow_same,
    clippy::shadow_unrelated,
    clippy::as_conversions,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_in_result,
    clippy::missing_docs_in_private_items,
    clippy::min_ident_chars,
    clippy::default_numeric_fallback,
    clippy::else_if_without_else,
    clippy::blanket_clippy_restriction_lints,
    clippy::mixed_read_write_in_expression,
    clippy::pattern_type_mismatch,
    clippy::semicolon_inside_block,
    clippy::semicolon_outside_block,
    clippy::str_to_string,
    clippy::unseparated_literal_suffix,
    clippy::allow_attributes
)]
#![allow(
    clippy::blanket_clippy_restriction_lints,
    clippy::semicolon_inside_block,
    reason = "the list is long on purpose, and has opposites"
)]

use sums::ndarray::{Array1, Array2, ArrayD, ArrayView1, ArrayView2, ArrayView3, ArrayViewD};
use sums::{einsum, einsum_grad, einsum_view, try_einsum, try_einsum_grad, try_einsum_view, EinsumError};

/// Results of their own.
fn owned(left: &Array2<i64>, right: &Array2<i64>) -> (Array2<i64>, i64, Array1<i64>) {
    let product = einsum!("ij,jk->ik", left, right);
    let total = einsum!("ij,jk->", left, right);
    let stored = einsum!("ij,jk->i", left, right);
    (product, total, stored)
}

/// Labels of every kind.
fn labels(matrix: &ArrayView2<'_, i64>) -> i64 {
    let upper_case = einsum!("AB,BA->A", matrix, matrix);
    let beyond_ascii = einsum!("αβ,ββ,Ж->βα", matrix, matrix, upper_case);
    einsum!("ii->", beyond_ascii)
}

/// Results written in place.
fn in_place(target: &mut Array2<i64>, left: &Array2<i64>) {
    einsum!(target = "ij,jk->ik", left, left);
    einsum!(*target += "ij->ji", left);
    einsum!(target.view_mut() -= "ij,i->ij", left, left.diag());
}

/// Errors returned.
fn fallible(target: &mut Array1<i64>, matrix: &Array2<i64>) -> Result<i64, EinsumError> {
    let trace = try_einsum!("ii->", matrix)?;
    try_einsum!(target = "ij->i", matrix)?;
    try_einsum!(target += "ij->j", matrix)?;
    Ok(trace)
}

/// More axes than a static rank has.
fn high_rank(vector: &Array1<i64>) -> ArrayD<i64> {
    einsum!("a,b,c,d,e,f,g->gfedcba", vector, vector, vector, vector, vector, vector, vector)
}

/// Axes without labels: results of their own, in place, and errors returned.
fn ellipsis(target: &mut Array2<i64>, matrix: &Array2<i64>) -> Result<Array1<i64>, EinsumError> {
    let product = einsum!("...ij,...jk->...ik", matrix, matrix);
    let scaled = einsum!("...,...->...", matrix, 2_i64);
    einsum!(target = "...ij,...kj->...ki", product, matrix);
    einsum!(*target += "i...->...i", matrix);
    einsum!(target.view_mut() -= "...,i->i...", [1_i64, 1_i64], matrix.diag());
    try_einsum!(target += "...->...", scaled)?;
    try_einsum!("...i,i,k->...", target, [1_i64, 10_i64], matrix.diag())
}

/// Index arithmetic: results of their own, in place, with extents, and transposed.
fn layers(target: &mut Array1<i64>, signal: &Array1<i64>, size: usize) -> Result<Array2<i64>, EinsumError> {
    let layer = einsum!("(2x+i-1),i->x", signal, [1_i64, 10_i64]);
    einsum!(target = "(x+i-1),i->x", signal, [1_i64, 10_i64, 100_i64]);
    einsum!(*target += "x,i->(2x+i-1)", layer, [1_i64, 2_i64]);
    try_einsum!("(x+i)->xi", target; i = size)
}

/// Gradients: all, one, in place, and errors returned.
fn gradients(target: &mut Array2<i64>, matrix: &Array2<i64>) -> Result<i64, EinsumError> {
    let (left, right) = einsum_grad!("ij,jk->ik", matrix, matrix; matrix);
    let diagonal = einsum_grad!("ii->i", left; right.diag());
    einsum_grad!((*target) += "...i,i->...", matrix, const [1_i64, 1_i64]; diagonal.diag());
    try_einsum_grad!(target -= "(x+i)j->xj", matrix; [[1_i64, 1_i64]]; i = 2)?;
    let (scale, _) = try_einsum_grad!(",ij->ij", 2_i64, target; matrix)?;
    Ok(scale)
}

/// Slices written in place.
fn slices(target: &mut [i64], matrix: &Array2<i64>) -> Result<(), EinsumError> {
    einsum!(target = "ij->j", matrix);
    einsum!(*target += "ij->i", matrix);
    try_einsum!(target -= "ii->i", matrix)
}

/// Several operands, with all that helps to order them.
fn several(target: &mut Array2<i64>, matrix: &Array2<i64>) -> Result<i64, EinsumError> {
    let limit = 1_usize << 20_i32;
    einsum!(target += "ij,jk,kl->il", matrix, matrix, matrix; i ~ 2, memory_limit = limit);
    let many = try_einsum!("ij,jk,kl,lm,mn->in", matrix, matrix, matrix, matrix, matrix; i = 2)?;
    let path = sums::try_einsum_path!("ij,jk,kl->il", matrix, matrix, matrix; memory_limit = limit)?;
    let steps = sums::einsum_path!("ij,jk,kl->il", matrix, matrix, matrix).steps().len();
    let gradient = einsum_grad!("ij,jk,kl->il", matrix, const matrix, const matrix; matrix);
    Ok(many.sum() + gradient.sum() + i64::from(path.steps().len() == steps))
}

/// Elements of any type.
fn generic<T: sums::Element>(matrix: &Array2<T>) -> T {
    einsum!(",ij->", sums::ndarray::arr0(einsum!("ij->", matrix)), matrix)
}

/// Elements of any type, and axes without labels.
fn generic_ellipsis<T: sums::Element>(matrix: &Array2<T>) -> Array1<T> {
    einsum!("...i,...->...", matrix, einsum!("i...->...", matrix))
}

/// An operand that is an expression with operators, one that is a call, and one that is a call of the macro.
fn nested(left: &Array2<i64>) -> i64 {
    einsum!("ij,jk,kl->", left + left, left.t(), einsum!("ij->ji", left))
}

/// Views that are returned.
fn views<'a>(
    matrix: &'a Array2<i64>,
    view: &ArrayView2<'a, i64>,
) -> (ArrayView2<'a, i64>, ArrayView3<'a, i64>) {
    (einsum_view!("ij->ji", matrix), einsum_view!("...(x+i)->...xi", view; i = 2))
}

/// Views that may fail, of slices too.
fn fallible_views<'a>(
    matrix: &'a Array2<i64>,
    slice: &'a [i64],
) -> Result<(ArrayView1<'a, i64>, ArrayView2<'a, i64>), EinsumError> {
    Ok((try_einsum_view!("ii->i", matrix)?, try_einsum_view!("(x-i+1)->xi", slice; i = 2)?))
}

/// A view of more axes than a static rank has, and of elements of any type.
fn high_rank_view<T>(high: &ArrayD<T>) -> ArrayViewD<'_, T> {
    einsum_view!("abcdefg->gfedcba", high)
}

#[test]
fn numbers_of_views() {
    let matrix = sums::ndarray::array![[1_i64, 2_i64], [3_i64, 4_i64]];
    let (transposed, windows) = views(&matrix, &matrix.view());
    assert_eq!((transposed, windows.dim()), (matrix.t(), (2, 1, 2)));
    let slice = [1_i64, 2_i64, 3_i64];
    let expected = sums::ndarray::array![[2_i64, 1_i64], [3_i64, 2_i64]];
    assert_eq!(fallible_views(&matrix, &slice), Ok((matrix.diag(), expected.view())));
    assert_eq!(high_rank_view(&high_rank(&sums::ndarray::array![1_i64, 2_i64])).sum(), 2187);
}

#[test]
fn numbers() {
    let left = sums::ndarray::array![[1_i64, 2_i64], [3_i64, 4_i64]];
    let (product, total, stored) = owned(&left, &left);
    assert_eq!(product, left.dot(&left));
    assert_eq!((total, stored), (54_i64, sums::ndarray::array![17_i64, 37_i64]));
    let mut target = left.clone();
    in_place(&mut target, &left);
    assert_eq!(target, sums::ndarray::array![[7_i64, 11_i64], [5_i64, 10_i64]]);
    let mut sums_of_rows = Array1::zeros(2);
    assert_eq!(fallible(&mut sums_of_rows, &left), Ok(5_i64));
    assert_eq!(sums_of_rows, sums::ndarray::array![7_i64, 13_i64]);
    assert_eq!(high_rank(&sums::ndarray::array![1_i64, 2_i64]).sum(), 2187);
    assert_eq!(generic(&left), 100_i64);
    assert_eq!(generic_ellipsis(&left), sums::ndarray::array![12_i64, 42_i64]);
    assert_eq!(nested(&left), 560_i64);
    let mut axes = left.clone();
    let weighted = ellipsis(&mut axes, &left);
    assert_eq!(axes, sums::ndarray::array![[29_i64, 65_i64], [65_i64, 141_i64]]);
    assert_eq!(weighted, Ok(sums::ndarray::array![3395_i64, 7375_i64]));
    let mut places = sums::ndarray::array![0_i64, 0_i64, 0_i64, 0_i64];
    let windows = layers(&mut places, &sums::ndarray::array![1_i64, 2_i64, 3_i64, 4_i64], 2);
    assert_eq!(places, sums::ndarray::array![230_i64, 353_i64, 496_i64, 47_i64]);
    assert_eq!(windows.map(|rows| rows.dim()), Ok((3_usize, 2_usize)));
    let mut gradient = left.clone();
    assert_eq!(gradients(&mut gradient, &left), Ok(190_i64));
    let mut cube = Array2::zeros((2, 2));
    assert_eq!(several(&mut cube, &left), Ok(8651_i64));
    assert_eq!(cube, sums::ndarray::array![[37_i64, 54_i64], [81_i64, 118_i64]]);
    let mut slice = [0_i64; 2];
    assert_eq!(slices(&mut slice, &left), Ok(()));
    assert_eq!(slice, [6_i64, 9_i64]);
    assert_eq!(labels(&sums::ndarray::array![[1_i64, 2_i64], [3_i64, 4_i64]].view()), 493);
}
