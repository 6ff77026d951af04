//! What the forms share is tested at the root, against the oracle; here is what depends on how it is done.

use ndarray::{Array, ArrayD, ArrayView, Axis, IxDyn, ShapeBuilder, arr0, array};

use super::{Equation, accumulate, assign, einsum, subtract};
use crate::EinsumError;
use crate::window::Windows;

/// 0, 1, 2, ...
fn count(shape: &[usize]) -> ArrayD<i64> {
    Array::from_iter(0..shape.iter().product::<usize>() as i64).into_shape_with_order(shape).unwrap()
}

#[test]
fn matrices_are_multiplied_in_any_layout() {
    let (a, b) = (count(&[2, 3]), count(&[3, 2]));
    let expected = array![[10, 13], [28, 40]].into_dyn();
    assert_eq!(einsum("ij,jk->ik", &[a.view(), b.view()]), Ok(expected.clone()));
    assert_eq!(einsum("ji,jk->ik", &[a.t(), b.view()]), Ok(expected.clone()));
    let mut reversed = a.clone();
    reversed.invert_axis(Axis(0));
    assert_eq!(einsum("ij,jk->ik", &[reversed.view(), b.view()]), Ok(array![[28, 40], [10, 13]].into_dyn()));
    let mut wide = count(&[2, 6]);
    wide.slice_mut(ndarray::s![.., ..;2]).assign(&a.view().into_dimensionality::<ndarray::Ix2>().unwrap());
    assert_eq!(einsum("ij,jk->ik", &[wide.slice(ndarray::s![.., ..;2]).into_dyn(), b.view()]), Ok(expected));
}

#[test]
fn repeated_elements_are_read_from_one() {
    let one = [7_i64];
    let repeated = ArrayView::from_shape(IxDyn(&[1 << 20, 1 << 20]).strides(IxDyn(&[0, 0])), &one).unwrap();
    assert_eq!(
        einsum("ii->i", &[repeated.slice_each_axis(|_| (..3).into())]),
        Ok(array![7, 7, 7].into_dyn())
    );
    let row = repeated.slice(ndarray::s![..5, 0]).into_dyn();
    assert_eq!(einsum("i->", &[row]), Ok(arr0(35).into_dyn()));
    // Nothing of this size is ever copied.
    let corner = array![[1_i64, 0], [0, 0]].into_dyn();
    let empty = ArrayD::zeros(vec![0]);
    assert_eq!(einsum("ij,kl,m->m", &[repeated, corner.view(), empty.view()]).unwrap().len(), 0);
}

#[test]
fn windows_are_operands() {
    let x = array![1, 2, 3, 4].into_dyn();
    let windows = Windows::new([2]).axes([0]).view(&x);
    let kernel = array![10, 1].into_dyn();
    assert_eq!(einsum("xi,i->x", &[windows, kernel.view()]), Ok(array![12, 23, 34].into_dyn()));
}

#[test]
fn windows_are_not_copied() {
    // 2^16 windows of 2^16 elements would take 32 GiB; their diagonal is every other element.
    let n = 1 << 16;
    let x = count(&[2 * n - 1]);
    let windows = Windows::new([n]).axes([0]).view(&x);
    assert_eq!(windows.shape(), [n, n]);
    let diagonal = einsum("ii->i", std::slice::from_ref(&windows)).unwrap();
    assert_eq!(diagonal, x.slice(ndarray::s![..;2]).into_dyn());
    let some = windows.slice(ndarray::s![..;n / 4, ..;n / 4]).into_dyn();
    assert_eq!(einsum("ij->ji", std::slice::from_ref(&some)).unwrap(), some.t());
    assert_eq!(einsum("ij->", &[some]), Ok(arr0(3 * n as i64 * 4).into_dyn()));
}

#[test]
fn an_ellipsis_may_stand_for_no_axes() {
    let a = count(&[2, 3]);
    assert_eq!(einsum("...ij->j...i", &[a.view()]), Ok(a.t().to_owned()));
    assert_eq!(
        einsum("...,i->...", &[arr0(2).into_dyn().view(), count(&[3]).view()]),
        Ok(arr0(6).into_dyn())
    );
    assert_eq!(einsum("ij->...ij", &[a.view()]), Ok(a));
}

#[test]
fn an_ellipsis_is_broadcast_from_the_right() {
    let (a, b) = (count(&[2, 1, 3]), count(&[4, 1]));
    let expected = Array::from_shape_fn((2, 4, 3), |(i, j, k)| (3 * i + k) as i64 * j as i64);
    assert_eq!(einsum("...,...", &[a.view(), b.view()]), Ok(expected.into_dyn()));
}

#[test]
fn a_stored_sum_is_as_small_as_its_operand() {
    // `t0[…j]` has extent 1 along `j`, which only the other operand has 2 of.
    let (a, b) = (count(&[2, 2]), array![[1, 2, 3]].into_dyn());
    assert_eq!(einsum("ij,jk->i", &[a.view(), b.view()]), Ok(array![6, 30].into_dyn()));
    let huge = ArrayView::from_shape(IxDyn(&[1 << 62, 0]).strides(IxDyn(&[0, 1])), &[0_i64]).unwrap();
    assert_eq!(einsum("xi,xk->i", &[huge, b.view()]), Ok(ArrayD::zeros(vec![0])));
}

#[test]
fn targets_are_written_through_their_strides() {
    let (x, y) = (count(&[2]), count(&[3]));
    let operands = [x.view(), y.view()];
    let mut target = ArrayD::from_elem(vec![3, 4], 100);
    let mut part = target.slice_mut(ndarray::s![..;-1, ..;2]).into_dyn();
    accumulate(&mut part, "i,j->ji", &operands).unwrap();
    assert_eq!(target, array![[100, 100, 102, 100], [100, 100, 101, 100], [100, 100, 100, 100]].into_dyn());
    let mut part = target.slice_mut(ndarray::s![..;-1, ..;2]).into_dyn();
    subtract(&mut part, "i,j->ji", &operands).unwrap();
    assert_eq!(target, ArrayD::from_elem(vec![3, 4], 100));
    let mut scalar = arr0(5).into_dyn();
    assign(&mut scalar, "i->", &operands[..1]).unwrap();
    assert_eq!(scalar, arr0(1).into_dyn());
}

#[test]
fn targets_have_the_shape_of_the_result_and_nothing_else() {
    let a = count(&[2, 1]);
    for shape in [&[2][..], &[2, 2], &[1, 1], &[2, 1, 1]] {
        let mut target = ArrayD::from_elem(shape, 5);
        let before = target.clone();
        assert!(assign(&mut target, "ij->ij", &[a.view()]).is_err(), "{shape:?}");
        assert!(assign(&mut target, "...->...", &[a.view()]).is_err(), "{shape:?}");
        assert_eq!(target, before);
    }
    let error = assign(&mut ArrayD::zeros(vec![2, 3]), "ij->ij", &[a.view()]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "label `j` of \"ij->ij\" has extent 1 in operand 0 (axis 1) but 3 in the target (axis 1)"
    );
}

#[test]
fn results_without_memory_are_errors() {
    let one = [1_u8];
    let long = |extent: usize| ArrayView::from_shape(IxDyn(&[extent]).strides(IxDyn(&[0])), &one).unwrap();
    let x = long(1 << 40);
    let shape = vec![1 << 40, 1 << 40];
    let subscripts = "i,j->ij".into();
    assert_eq!(einsum("i,j->ij", &[x.view(), x.view()]), Err(EinsumError::TooLarge { shape, subscripts }));
    // Even without elements the product of the other extents is limited.
    let empty = ArrayD::zeros(vec![0]);
    let error = einsum("k,i,j->kij", &[empty.view(), x.view(), x.view()]).unwrap_err();
    assert!(matches!(error, EinsumError::TooLarge { .. }));
    let wide = ArrayView::from_shape(IxDyn(&[1 << 60]).strides(IxDyn(&[0])), &[1_i64]).unwrap();
    let copied = einsum("i->i", &[wide]).unwrap_err();
    assert!(matches!(copied, EinsumError::TooLarge { .. }));
}

#[test]
fn an_equation_is_for_its_number_of_operands() {
    let a = count(&[2, 2]);
    let equation: Equation = "ij, jk".parse().unwrap();
    assert_eq!(equation, Equation::new("ij, jk", 2).unwrap());
    assert_eq!(equation.to_string(), "ij, jk");
    assert_eq!(equation.einsum(&[a.view(), a.view()]), einsum("ij,jk", &[a.view(), a.view()]));
    assert_eq!(equation.einsum(&[a.view()]).unwrap_err(), Equation::new("ij, jk", 1).unwrap_err());
    assert!(matches!("ij-".parse::<Equation>(), Err(EinsumError::Subscripts { .. })));
}

#[test]
fn elements_need_not_be_copied_by_bits() {
    use num_traits::Zero;
    use std::ops::{Add, Mul};

    #[derive(Clone, Debug, PartialEq)]
    struct Boxed(Box<i64>);

    impl Add for Boxed {
        type Output = Self;
        fn add(self, other: Self) -> Self {
            boxed(*self.0 + *other.0)
        }
    }

    impl Mul for Boxed {
        type Output = Self;
        fn mul(self, other: Self) -> Self {
            boxed(*self.0 * *other.0)
        }
    }

    impl Zero for Boxed {
        fn zero() -> Self {
            boxed(0)
        }
        fn is_zero(&self) -> bool {
            *self.0 == 0
        }
    }

    fn boxed(value: i64) -> Boxed {
        Boxed(Box::new(value))
    }

    let (a, b) = (count(&[2, 3]).mapv(boxed), count(&[3, 2]).mapv(boxed));
    let product = einsum("ij,jk->ik", &[a.view(), b.view()]);
    assert_eq!(product, Ok(array![[10, 13], [28, 40]].mapv(boxed).into_dyn()));
}
