//! Gradients by the macro, in all of its forms, against those of the run-time twin, which `gradients.rs` compares with
//! finite differences.

mod support;

use einsum::dynamic;
use einsum::ndarray::{Array, Array1, Array2, Array3, ArrayD, ArrayViewD, Axis, arr0, array, s};
use einsum::{einsum, einsum_grad, try_einsum_grad};
use num_complex::Complex;
use support::affine_cases::for_each_affine_case;
use support::layouts::{Layout, numbers};

fn expected(subscripts: &str, operands: &[ArrayViewD<i64>]) -> (ArrayD<i64>, Vec<ArrayD<i64>>) {
    let result = dynamic::einsum(subscripts, operands).unwrap();
    let dy: ArrayD<i64> = numbers(result.shape(), operands.len());
    let gradients = dynamic::gradients(subscripts, operands, &dy.view()).unwrap();
    (dy, gradients)
}

/// All forms for two operands, in all layouts.
macro_rules! pairs {
    ($($name:ident $subscripts:tt a $a:tt b $b:tt;)*) => {$(
        #[test]
        fn $name() {
            let (a, b) = (numbers::<i64, _>($a, 0), numbers::<i64, _>($b, 1));
            let (dy, expected) = expected($subscripts, &[a.view().into_dyn(), b.view().into_dyn()]);
            for layout in Layout::ALL {
                let (a, b, dy) = (layout.arrange(&a, 77), layout.arrange(&b, 77), layout.arrange(&dy, 77));
                let (da, db) = einsum_grad!($subscripts, a, b; dy);
                assert_eq!((da.clone().into_dyn(), db.clone().into_dyn()), (expected[0].clone(), expected[1].clone()));
                assert_eq!(einsum_grad!($subscripts, const a, b; dy), db);
                assert_eq!(try_einsum_grad!($subscripts, a, const b; dy), Ok(da.clone()));
                let (mut ga, mut gb) = (layout.arrange(&a, 77), layout.arrange(&b, 77));
                einsum_grad!((ga, gb) = $subscripts, a, b; dy);
                assert_eq!((&ga, &gb), (&da, &db), "= in layout {layout:?}");
                einsum_grad!((ga, gb) += $subscripts, a, b; dy);
                assert_eq!((&ga, &gb), (&(&da * 2), &(&db * 2)), "+= in layout {layout:?}");
                einsum_grad!(gb -= $subscripts, const a, b; dy);
                assert_eq!(gb, db, "-= in layout {layout:?}");
            }
        }
    )*};
}

pairs! {
    product "ij,jk->ik" a[3, 4] b[4, 5];
    large_product "ij,jk->ik" a[40, 30] b[30, 50];
    batches "bij,bjk->bik" a[2, 3, 4] b[2, 4, 2];
    outer "i,j->ij" a[3] b[4];
    elementwise "ij,ji->ij" a[3, 4] b[4, 3];
    lone_labels "ijk,jl->j" a[2, 3, 2] b[3, 4];
    diagonals "iij,jj->i" a[3, 3, 4] b[4, 4];
    stretched "ij,ij->ij" a[1, 4] b[3, 1];
    stretched_sum "ij,jk->ik" a[3, 1] b[4, 2];
    ellipsis "...ij,...jk->...ik" a[2, 1, 3, 2] b[4, 2, 3];
    ellipsis_of_one "...ij,jk->...ik" a[2, 3, 4] b[4, 2];
    ellipsis_elsewhere "i...,...->...i" a[2, 3, 4] b[4];
    layer "n(x+i-1)(y+j-1)c,ijco->nxyo" a[2, 5, 6, 2] b[3, 3, 2, 3];
    strided_layer "n(2x+i-2)(3y+2j)c,ijco->nxyo" a[2, 7, 9, 2] b[3, 2, 2, 3];
    large_layer "n(x+i-1)(y+j-1)c,ijco->nxyo" a[2, 12, 12, 8] b[3, 3, 8, 8];
    depthwise "n(x+i-1)c,ic->nxc" a[2, 6, 3] b[3, 3];
    transposed "nxo,oci->nc(2x+i-1)" a[2, 4, 3] b[3, 2, 3];
    reversed "(x-i+2),i->x" a[8] b[3];
    layer_beside_ellipsis "...(x+i-1)c,ico->...xo" a[2, 3, 5, 2] b[3, 2, 3];
    stretched_layer "n(x+i-1),ni->nx" a[1, 6] b[3, 3];
}

macro_rules! affine_cases {
    ($($name:ident $subscripts:tt $a:ident $a_shape:tt $b:ident $b_shape:tt = $out:tt $sum:literal $wsum:literal;)*) => {$(
        #[test]
        fn $name() {
            let (a, b) = (numbers::<i64, _>($a_shape, 0), numbers::<i64, _>($b_shape, 1));
            let (dy, expected) = expected($subscripts, &[a.view().into_dyn(), b.view().into_dyn()]);
            let (da, db) = einsum_grad!($subscripts, a, b; dy);
            assert_eq!([da.into_dyn(), db.into_dyn()], *expected);
        }
    )*};
}

mod affine {
    use super::*;

    for_each_affine_case!(affine_cases);
}

#[test]
fn one_operand() {
    let a = numbers::<i64, _>([3, 3], 0);
    let v = array![1, 2, 3];
    assert_eq!(einsum_grad!("ii->i", a; v), Array2::from_diag(&v));
    assert_eq!(einsum_grad!("ii->", a; 2), Array2::from_diag(&array![2, 2, 2]));
    assert_eq!(einsum_grad!("ij->j", a; v), array![[1, 2, 3], [1, 2, 3], [1, 2, 3]]);
    assert_eq!(einsum_grad!("ij->ji", a; a), a.t());
    assert_eq!(einsum_grad!("(x+i)->x", v; array![10, 1]; i = 2), array![10, 11, 1]);
    assert_eq!(einsum_grad!("(x+i)->", v; 5; i = 2), array![5, 10, 5]);
}

#[test]
fn three_operands_and_numbers() {
    let (x, a, y) = (numbers::<i64, _>([3], 0), numbers::<i64, _>([3, 4], 1), numbers::<i64, _>([4], 2));
    let (dx, da, dy) = einsum_grad!("i,ij,j->", x, a, y; 2);
    assert_eq!((dx, dy), (a.dot(&y) * 2, a.t().dot(&x) * 2));
    assert_eq!(da, einsum!("i,j->ij", x, y) * 2);
    let (scale, dx): (i64, Array1<i64>) = einsum_grad!(",i->i", 3, x; array![1, 10, 100]);
    assert_eq!((scale, dx), (einsum!("i,i->", x, array![1, 10, 100]), array![3, 30, 300]));
    let mut total = 1;
    einsum_grad!(total += ",i->i", 3, const x; array![1, 10, 100]);
    assert_eq!(total, 1 + scale);
}

#[test]
fn any_operands_and_places() {
    struct Layer {
        weights: Array2<f64>,
        gradients: Array3<f64>,
    }
    let (x, dy) = (array![[1.0, 2.0]], arr0(1.0));
    let mut layer = Layer { weights: array![[3.0], [4.0]], gradients: Array3::zeros((2, 2, 1)) };
    let Layer { weights, gradients } = &mut layer;
    let boxed = Box::new(x.view());
    einsum_grad!(gradients.index_axis_mut(Axis(0), 1) += "ij,jk->", const boxed, *weights; dy);
    assert_eq!(layer.gradients, array![[[0.0], [0.0]], [[1.0], [2.0]]]);
    let mut vector = vec![0.0; 2];
    einsum_grad!((vector, layer.gradients.slice_mut(s![0, .., ..])) = "j,jk->k", [1.0, 1.0], layer.weights; [2.0]);
    assert_eq!((vector, layer.gradients[[0, 1, 0]]), (vec![6.0, 8.0], 2.0));
}

/// The transpose, and not its conjugate.
#[test]
fn complex_gradients_are_not_conjugated() {
    let complex = |re: f64, im: f64| Complex::new(re, im);
    let (a, b) =
        (array![complex(1.0, 2.0), complex(0.0, -1.0)], array![complex(3.0, 1.0), complex(-2.0, 5.0)]);
    let dy = complex(2.0, -3.0);
    let (da, db) = einsum_grad!("i,i->", a, b; dy);
    assert_eq!((da, db), (b.mapv(|b| dy * b), a.mapv(|a| dy * a)));
}

#[test]
fn dynamic_ranks_give_dynamic_gradients() {
    let (a, b) = (numbers::<i64, _>([2, 3], 0), numbers::<i64, _>([3, 4], 1));
    let dy = numbers::<i64, _>([2, 4], 2);
    let (da, db): (ArrayD<i64>, Array2<i64>) =
        einsum_grad!("ij,jk->ik", a.view().into_dyn(), b; dy.view().into_dyn());
    assert_eq!((da, db), (dy.dot(&b.t()).into_dyn(), a.t().dot(&dy)));
}

#[test]
fn what_does_not_fit_is_named_and_nothing_is_written() {
    let (a, b) = (Array2::<i64>::ones((2, 3)), Array2::<i64>::ones((3, 4)));
    let message = |error: Result<_, einsum::EinsumError>| -> String {
        let _: (Array2<i64>, Array2<i64>) = match error {
            Ok(gradients) => gradients,
            Err(error) => return error.to_string(),
        };
        panic!("it fits");
    };
    assert_eq!(
        message(try_einsum_grad!("ij,jk->ik", a, b; Array2::ones((2, 3)))),
        "label `k` of \"ij,jk->ik\" has extent 4 in operand 1 (`b`, axis 1) but 3 in the gradient (`Array2::ones((2, 3))`, axis 1)"
    );
    let (mut ga, mut gb) = (Array::from_elem((2, 3), 7), Array::from_elem((3, 1), 7));
    let error = try_einsum_grad!((ga, gb) = "ij,jk->ik", a, b; Array2::ones((2, 4))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the target (`gb`) of \"ij,jk->ik\" has shape [3, 1] but operand 1 (`b`), whose gradient it takes, has [3, 4]"
    );
    assert!(ga.iter().chain(&gb).all(|&value| value == 7));
}
