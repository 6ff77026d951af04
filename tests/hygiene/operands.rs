//! Operands are evaluated once, from left to right, then the target, and belong to the caller afterwards.

use std::cell::RefCell;

use sums::ndarray::{array, Array1, Array2};
use sums::{einsum, try_einsum};

#[test]
fn evaluated_once_from_left_to_right_and_the_target_last() {
    let order = RefCell::new(Vec::new());
    let note = |name: &'static str, a: &Array1<i32>| {
        order.borrow_mut().push(name);
        a.clone()
    };
    let a = array![1, 2, 3];
    let mut c = Array1::zeros(3);
    let sum =
        einsum!("i,j,ik->", note("a", &a), note("b", &a), note("c", &a).insert_axis(sums::ndarray::Axis(1)));
    assert_eq!((sum, order.take()), (84, vec!["a", "b", "c"]));
    einsum!(
        {
            order.borrow_mut().push("target");
            &mut c
        } = "i,i->i",
        note("a", &a),
        note("b", &a)
    );
    assert_eq!(order.take(), ["a", "b", "target"]);
    assert_eq!(c, array![1, 4, 9]);
}

#[test]
fn evaluated_once_also_where_extents_disagree() {
    let count = RefCell::new(0);
    let counted = |n: usize| {
        *count.borrow_mut() += 1;
        Array1::<i32>::ones(n)
    };
    assert!(try_einsum!("i,i->", counted(2), counted(3)).is_err());
    assert_eq!(try_einsum!("i,j->", counted(2), counted(3)), Ok(6));
    assert_eq!(count.take(), 4);
}

#[test]
fn never_moved() {
    let (a, b) = (array![[1, 2], [3, 4]], Box::new(array![5, 6]));
    let v = vec![array![1, 1]];
    let tuple = (array![2, 2], "");
    let first = einsum!("ij,j,i,j->", a, b, v[0], tuple.0);
    let second = einsum!("ij,j,i,j->", a, b, v[0], tuple.0);
    assert_eq!((first, second), (112, 112));
    drop((a, b, v, tuple));
}

/// What binds weaker than a borrow: `&2 * a` would be another product, or none.
#[test]
fn operators() {
    let (a, b) = (array![[1, 2], [3, 4]], array![[5, 6], [7, 8]]);
    assert_eq!(einsum!("ij->ij", &a + &b), array![[6, 8], [10, 12]]);
    assert_eq!(einsum!("ij->ij", a.clone() + b.clone()), array![[6, 8], [10, 12]]);
    assert_eq!(einsum!("ij->ij", 2_i32 * &a), array![[2, 4], [6, 8]]);
    assert_eq!(einsum!("ij->ij", &a * 2 - 1), array![[1, 3], [5, 7]]);
    assert_eq!(einsum!("ij->ij", -&a), array![[-1, -2], [-3, -4]]);
    assert_eq!(einsum!("ij,j->", -1_i32 * a.clone() + &b, *&array![1, 1]), 16);
}

#[test]
fn expressions_of_every_kind() {
    let a = array![[1, 2], [3, 4]];
    assert_eq!(einsum!("ij->", &a as &Array2<i32>), 10);
    assert_eq!(
        einsum!(
            "ij->",
            match 1 {
                1 => &a,
                _ => unreachable!(),
            }
        ),
        10
    );
    assert_eq!(einsum!("ij->", if a[[0, 0]] == 1 { &a } else { unreachable!() },), 10);
    assert_eq!(einsum!("i->", <Array1<i32>>::from_iter(0..4)), 6);
    assert_eq!(einsum!("i->", Array1::from_iter(0..4)), 6);
}
