//! What may be viewed.

use std::rc::Rc;
use std::sync::Arc;

use einsum::einsum_view;
use einsum::ndarray::{ArcArray, Array2, ArrayView2, CowArray, array, aview2};

#[test]
fn arrays_of_every_kind() {
    let mut a = array![[1, 2], [3, 4]];
    let expected = array![[1, 3], [2, 4]];
    let shared: ArcArray<i32, _> = a.to_shared();
    let cow: CowArray<i32, _> = CowArray::from(a.view());
    assert_eq!(einsum_view!("ij->ji", a), expected);
    assert_eq!(einsum_view!("ij->ji", &a), expected);
    assert_eq!(einsum_view!("ij->ji", &&a), expected);
    assert_eq!(einsum_view!("ij->ji", a.view()), expected);
    assert_eq!(einsum_view!("ij->ji", shared), expected);
    assert_eq!(einsum_view!("ij->ji", cow), expected);
    assert_eq!(einsum_view!("ij->ji", Rc::new(a.clone())), expected);
    assert_eq!(einsum_view!("ij->ji", Arc::new(a.view())), expected);
    assert_eq!(einsum_view!("ij->ji", Box::new(a.clone())), expected);
    assert_eq!(einsum_view!("ij->ji", *a), expected);
    assert_eq!(einsum_view!("ij->ji", &mut a), expected);
    let mutable = a.view_mut();
    assert_eq!(einsum_view!("ij->ji", mutable), expected);
    assert_eq!(einsum_view!("ij->ji", [a.view()][0]), expected);
}

#[test]
fn operands_are_not_moved_and_evaluated_once() {
    let a = Box::new(array![[1, 2], [3, 4]]);
    let mut count = 0;
    let mut counted = || {
        count += 1;
        a.view()
    };
    assert_eq!(einsum_view!("ii->i", counted()).sum(), 5);
    assert_eq!(count, 1);
    let _first = einsum_view!("ij->ji", a);
    drop(a);
}

#[test]
fn slices_and_slices_of_arrays() {
    let (v, nested) = (vec![1, 2, 3, 4], [[1, 2, 3], [4, 5, 6]]);
    assert_eq!(einsum_view!("(3-i)->i", v), array![4, 3, 2, 1]);
    assert_eq!(einsum_view!("i->i", v[1..3]), array![2, 3]);
    assert_eq!(einsum_view!("i->i", &v[1..]), array![2, 3, 4]);
    assert_eq!(einsum_view!("(x+i)->xi", [1, 2, 3]; i = 2), array![[1, 2], [2, 3]]);
    assert_eq!(einsum_view!("ij->ji", nested), aview2(&nested).t());
    assert_eq!(einsum_view!("ij->ji", Vec::from(nested)), aview2(&nested).t());
}

/// Nothing is computed, so nothing need be computable.
#[test]
fn elements_of_any_type() {
    #[derive(Debug, PartialEq)]
    struct Opaque(&'static str);
    let a = Array2::from_shape_fn((2, 2), |(i, j)| Opaque(["a", "b", "c", "d"][2 * i + j]));
    assert_eq!(einsum_view!("ii->i", a)[1], Opaque("d"));
    let words = array![["no", "such"], ["thing", "!"]];
    assert_eq!(einsum_view!("ij->ji", words)[[0, 1]], "thing");
    assert_eq!(einsum_view!("...i->i...", Array2::<()>::default((2, 3))).dim(), (3, 2));
}

fn generic<T>(a: ArrayView2<'_, T>) -> ArrayView2<'_, T> {
    einsum_view!("ij->ji", a)
}

#[test]
fn generic_elements() {
    assert_eq!(generic(array![['a', 'b']].view()), array![['a'], ['b']]);
}

#[test]
fn extents_are_any_expressions() {
    let (x, n) = (array![1, 2, 3, 4], 1);
    let windows = einsum_view!("(x+i)->xi", x; i = { n + 1 },);
    assert_eq!(windows, array![[1, 2], [2, 3], [3, 4]]);
    assert_eq!(einsum_view!("(x+i)->xi", x; i = x.len() - 1, x = 2), array![[1, 2, 3], [2, 3, 4]]);
}
