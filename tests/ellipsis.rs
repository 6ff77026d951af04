//! `...`, whose axes and types follow the operands, and extents of 1, which are stretched.

use einsum::ndarray::{Array1, Array2, Array3, Array4, ArrayD, IxDyn, arr0, array};
use einsum::{einsum, try_einsum};

mod support;
use support::layouts::{Layout, numbers};

#[test]
fn ranks_are_computed_by_type() {
    let a: Array4<i64> = numbers([2, 3, 4, 5], 0);
    let b: Array3<i64> = numbers([3, 5, 6], 1);
    let c: Array4<i64> = einsum!("...ij,...jk->...ik", a, b);
    for n in 0..2 {
        let a = a.index_axis(einsum::ndarray::Axis(0), n);
        assert_eq!(c.index_axis(einsum::ndarray::Axis(0), n), einsum!("bij,bjk->bik", a, b));
    }
    let matrix: Array2<i64> = einsum!(
        "...ij,...jk->...ik",
        a.slice(einsum::ndarray::s![0, 0, .., ..]),
        b.slice(einsum::ndarray::s![0, .., ..])
    );
    assert_eq!(matrix.shape(), [4, 6]);
    let dynamic: ArrayD<i64> = einsum!("...ij,...jk->...ik", a.view().into_dyn(), b);
    assert_eq!(dynamic, c.into_dyn());
}

#[test]
fn rank_0_with_an_ellipsis_is_an_array() {
    let total = einsum!("...i->...", array![1, 2, 3]);
    assert_eq!(total, arr0(6));
}

#[test]
fn permuted_and_summed() {
    for layout in Layout::ALL {
        let a = layout.arrange(&numbers::<i64, _>([2, 3, 4, 5], 0), 1 << 40);
        assert_eq!(einsum!("i...j->j...i", a), einsum!("iabj->jabi", a));
        assert_eq!(einsum!("i...j", a), einsum!("iabj->abij", a));
        assert_eq!(einsum!("...->...", a), a);
        assert_eq!(einsum!("i...->i...", a), a);
        let sums: Array1<i64> = einsum!("iabj->j", a);
        assert_eq!(einsum!("ij...->...j", a.view().reversed_axes()).shape(), [3, 2, 4]);
        assert_eq!(sums.len(), 5);
    }
}

#[test]
fn elementwise_broadcast() {
    for layout in Layout::ALL {
        let a = layout.arrange(&numbers::<i64, _>([2, 1, 4], 0), 1 << 40);
        let b = layout.arrange(&numbers::<i64, _>([3, 1], 1), 1 << 40);
        let c: Array3<i64> = einsum!("...,...->...", a, b);
        assert_eq!(c, &a * &b);
        let mut target = layout.arrange(&Array3::from_elem((2, 3, 4), 7), 1 << 40);
        einsum!(target -= "...,...->...", a, b);
        assert_eq!(target, 7 - &a * &b);
    }
}

#[test]
fn labels_broadcast() {
    let a = array![[1, 2, 3]];
    let b = array![[10], [20]];
    assert_eq!(einsum!("ij,ij->ij", a, b), array![[10, 20, 30], [20, 40, 60]]);
    assert_eq!(einsum!("ij,ij->", a, b), 180);
    assert_eq!(einsum!("ij,ij->j", a, b), array![30, 60, 90]);
    let none = Array2::<i32>::zeros((2, 0));
    assert_eq!(einsum!("ij,ij->ij", b, none).shape(), [2, 0]);
    assert_eq!(einsum!("i,i", array![2], array![3, 4, 5]), 24);
}

#[test]
fn scalars_slices_and_nested_arrays() {
    let a = array![[1.0, 2.0], [3.0, 4.0]];
    let alpha = 2.0;
    let mut c = Array2::zeros((2, 2));
    einsum!(c += ",ij,jk->ik", alpha, a, a);
    assert_eq!(c, 2.0 * a.dot(&a));
    einsum!(c += ",ij,jk->ik", 2.0, &a, &&a);
    assert_eq!(c, 4.0 * a.dot(&a));
    assert_eq!(einsum!(",->", alpha, &alpha), 4.0);
    let v = vec![1.0, 2.0];
    assert_eq!(einsum!("i,i->", v, [3.0, 4.0]), 11.0);
    assert_eq!(einsum!("ij,j->i", [[1.0, 2.0], [3.0, 4.0]], &v[..]), array![5.0, 11.0]);
    assert_eq!(einsum!("ij,j->i", a, std::rc::Rc::new(v)), array![5.0, 11.0]);
    let mut s = 1.0;
    einsum!(s += "i,i->", [1.0, 2.0], [3.0, 4.0]);
    assert_eq!(s, 12.0);
    let place = &mut s;
    einsum!(*place -= "i->", [1.0, 2.0]);
    einsum!(place = "i->", [1.0, 2.0]);
    assert_eq!(s, 3.0);
    let mut zero = arr0(5.0);
    einsum!(zero = "i->", [1.0, 2.0]);
    assert_eq!(zero, arr0(3.0));
}

/// As in numpy, they are arrays of their own number of axes.
#[test]
fn scalars_slices_and_nested_arrays_have_axes_of_an_ellipsis() {
    let a = array![[1, 2], [3, 4]];
    let tenfold: Array2<i32> = einsum!("...,...->...", a, 10);
    assert_eq!(tenfold, &a * 10);
    assert_eq!(einsum!("...,...", 2, 3), arr0(6));
    let rows: Array2<i32> = einsum!("...,...->...", vec![10, 100], a);
    assert_eq!(rows, array![[10, 200], [30, 400]]);
    assert_eq!(einsum!("...,...->...", a, [[1, 10], [100, 1000]]), array![[1, 20], [300, 4000]]);
    assert_eq!(einsum!("...ij,...j->...i", a, [1, 10]), array![21, 43]);
    assert_eq!(einsum!("...j,j->...", &[[1, 2], [3, 4], [5, 6]][..], [1, 10]), array![21, 43, 65]);
    assert_eq!(einsum!("ij...->ji...", [[1, 2], [3, 4], [5, 6]]).shape(), [2, 3]);
    let mut c = Array2::zeros((2, 2));
    einsum!(c += "...,...->...", a, &5);
    assert_eq!(c, &a * 5);
    let error = try_einsum!("...,...->...", a, [1, 2, 3]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "an axis of `...` of \"...,...->...\" has extent 2 in operand 0 (`a`, axis 1) \
         but 3 in operand 1 (`[1, 2, 3]`, axis 0)"
    );
}

#[test]
fn errors_name_the_axis() {
    let a = Array3::<f32>::zeros((2, 3, 4));
    let error = try_einsum!("...i,...->...i", a, Array1::<f32>::zeros(5)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "an axis of `...` of \"...i,...->...i\" has extent 3 in operand 0 (`a`, axis 1) but 5 in operand 1 (`Array1::<f32>::zeros(5)`, axis 0)"
    );
    let error = try_einsum!("...ij->...", ArrayD::<f32>::zeros(IxDyn(&[2]))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "operand 0 (`ArrayD::<f32>::zeros(IxDyn(&[2]))`) of \"...ij->...\" has 1 axis but 2 labels beside the `...`"
    );
    let mut c = Array1::<f32>::zeros(3);
    let error = try_einsum!(c = "...i->...", a).unwrap_err();
    assert_eq!(error.to_string(), "the target (`c`) of \"...i->...\" has 1 axis but the result has 2");
}
