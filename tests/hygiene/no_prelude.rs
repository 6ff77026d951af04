//! No name but those that are imported.
#![no_implicit_prelude]

use ::core::assert_eq;
use ::sums::ndarray::{arr1, arr2, Array, ArrayD};
use ::sums::{einsum, einsum_grad, einsum_view, try_einsum, try_einsum_grad, try_einsum_view};

#[test]
fn every_form() {
    let (a, b) = (arr2(&[[1, 2], [3, 4]]), arr2(&[[5, 6], [7, 8]]));
    assert_eq!(einsum!("ij,jk->ik", a, b), arr2(&[[19, 22], [43, 50]]));
    assert_eq!(einsum!("ij,ij->", a, b), 70);
    assert_eq!(einsum!("ij,jk->i", a, b), arr1(&[41, 93]));
    assert_eq!(try_einsum!("ij,ij->j", a, b).unwrap(), arr1(&[26, 44]));
    let mut c = arr2(&[[0, 0], [0, 0]]);
    einsum!(c = "ij,jk->ki", a, b);
    einsum!(c += "ij->ij", a);
    try_einsum!(c -= "ij->ji", b).unwrap();
    assert_eq!(c, arr2(&[[15, 38], [19, 46]]));
    let high: ArrayD<i32> = einsum!("ab,cd,ef,gh->abcdefgh", a, a, a, a);
    assert_eq!(high.sum(), 10_000);
    assert_eq!(einsum!("abcdefgh->", high.map(|x| 2 * x)), 20_000);
    let wide = Array::from_elem((3, 40), 2);
    assert_eq!(einsum!("ij,kj->ik", wide, wide).sum(), 9 * 160);
}

#[test]
fn index_arithmetic_and_gradients() {
    let (x, w) = (arr1(&[1, 2, 3]), arr1(&[1, 10]));
    assert_eq!(einsum!("(x+i-1),i->x", x, w), arr1(&[10, 21, 32, 3]));
    let mut c = arr1(&[0, 0, 0, 0]);
    einsum!(c = "x,i->(x+i)", x, w);
    assert_eq!(c, arr1(&[1, 12, 23, 30]));
    assert_eq!(try_einsum!("(x+i)->x", c; i = 3).unwrap(), arr1(&[36, 65]));
    let (dx, dw) = einsum_grad!("(x+i-1),i->x", x, w; c);
    assert_eq!((&dx, &dw), (&arr1(&[22, 143, 260]), &arr1(&[148, 94])));
    let mut c = arr1(&[1, 12, 23]);
    einsum_grad!(c += "...,->...", dx, const 2; arr1(&[1, 2, 3]));
    assert_eq!(c, arr1(&[3, 16, 29]));
    assert_eq!(try_einsum_grad!(",->", const 3, 4; 5).unwrap(), 15);
}

#[test]
fn every_view() {
    let a = arr2(&[[1, 2], [3, 4]]);
    assert_eq!(einsum_view!("ij->ji", a), arr2(&[[1, 3], [2, 4]]));
    assert_eq!(try_einsum_view!("ii->i", a).unwrap(), arr1(&[1, 4]));
    assert_eq!(einsum_view!("...(x+i)->...xi", a; i = 2).shape(), [2, 1, 2]);
    assert_eq!(einsum_view!("(1-x)->x", [1, 2]), arr1(&[2, 1]));
    let high = Array::from_elem([2; 6], 1);
    assert_eq!(einsum_view!("abcde(x+i)->abcdexi", high; i = 2).len(), 64);
}
