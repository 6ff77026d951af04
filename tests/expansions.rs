//! The snapshots of `einsum-macros`, compiled and run: the shape is in the files, the truth is in the oracle.

mod support;

use einsum::ndarray::{self, Array2, ArrayView, Dimension};
use einsum::{Windows, einsum};
use support::affine::affine_oracle;
use support::layouts::numbers;
use support::oracle::{IntoDyn as _, oracle};

macro_rules! snapshots {
    ($($name:ident: $path:literal;)*) => {
        $(mod $name {
            #![allow(clippy::all, clippy::pedantic, clippy::undocumented_unsafe_blocks, dead_code, unused_imports, reason = "as emitted, but without its spans")]
            use einsum::EinsumError;
            use einsum::ndarray::{Array1, Array2, Array3, ArrayD, ArrayView2, ArrayView3, ArrayView4};
            include!($path);
        })*
    };
}

snapshots! {
    matmul: "../einsum-macros/src/snapshots/matmul.rs";
    convolution: "../einsum-macros/src/snapshots/convolution.rs";
    bilinear_form: "../einsum-macros/src/snapshots/bilinear_form.rs";
    stored_sum: "../einsum-macros/src/snapshots/stored_sum.rs";
    diagonal: "../einsum-macros/src/snapshots/diagonal.rs";
    ellipsis: "../einsum-macros/src/snapshots/ellipsis.rs";
    layer: "../einsum-macros/src/snapshots/layer.rs";
    gradients: "../einsum-macros/src/snapshots/gradients.rs";
    windows: "../einsum-macros/src/snapshots/windows.rs";
}

fn expected<D: Dimension, E: Dimension>(
    subscripts: &str,
    a: ArrayView<f64, D>,
    b: ArrayView<f64, E>,
) -> ndarray::ArrayD<f64> {
    oracle(subscripts, &[a.into_dyn(), b.into_dyn()])
}

/// Both sides of the choice between tiles and single elements.
const WIDTHS: [usize; 4] = [1, 5, 16, 37];

#[test]
fn matmul_is_the_product() {
    for width in WIDTHS {
        let (a, b) = (numbers([3, 4], 0), numbers([4, width], 1));
        assert_eq!(matmul::matmul(&a, &b).into_dyn(), expected("ij,jk->ik", a.view(), b.view()));
        let transposed = b.reversed_axes().as_standard_layout().reversed_axes().to_owned();
        assert_eq!(matmul::matmul(&a, &transposed), einsum!("ij,jk->ik", a, transposed));
    }
}

#[test]
fn convolution_accumulates() {
    for width in WIDTHS {
        let (image, kernel) = (numbers([6, width + 2], 0), numbers([3, 3], 1));
        let windows = Windows::new([3, 3]).view(&image);
        let mut out = Array2::from_elem((4, width), 10.0);
        convolution::convolution(&mut out, windows, &kernel);
        assert_eq!((out - 10.0).into_dyn(), expected("xyij,ij->xy", windows, kernel.view()));
    }
}

#[test]
fn bilinear_form_needs_no_temporary() {
    for width in WIDTHS {
        let (x, a, y) = (numbers([3], 0), numbers([3, width], 1), numbers([width], 2));
        let operands = [x.view().into_dyn(), a.view().into_dyn(), y.view().into_dyn()];
        assert_eq!(bilinear_form::bilinear_form(&x, &a, &y).into_dyn(), oracle("i,ij,j->", &operands));
    }
}

#[test]
fn stored_sum_is_tried() {
    for width in WIDTHS {
        let (a, b) = (numbers([4, 3], 0), numbers([3, width], 1));
        let result = stored_sum::stored_sum(&a, &b.view().into_dyn().to_owned()).unwrap();
        assert_eq!(result.into_dyn(), expected("ij,jk->i", a.view(), b.view()));
        let error = stored_sum::stored_sum(&a, &a.view().into_dyn().to_owned()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "label `j` of \"ij,jk->i\" has extent 3 in operand 0 (`a`, axis 1) but 4 in operand 1 (`b`, axis 0)"
        );
    }
}

#[test]
fn diagonal_is_copied() {
    let a = numbers([5, 5], 0);
    assert_eq!(diagonal::diagonal(&a), a.diag());
}

#[test]
fn ellipsis_is_walked() {
    for width in WIDTHS {
        let (a, b) = (numbers([2, 3, 4], 0), numbers([4, width], 1));
        let result = ellipsis::ellipsis(&a, &b);
        assert_eq!(result.into_dyn(), expected("...ij,jk->...i", a.view(), b.view()));
    }
}

#[test]
fn windows_are_returned() {
    let x = numbers::<f64, _>([2, 5], 0);
    assert_eq!(windows::windows(x.view(), 3), Windows::new([3]).axes([1]).view(&x));
}

#[test]
fn layer_pads() {
    for width in WIDTHS {
        let (x, w) = (numbers([7, 3], 0), numbers([3, 3, width], 1));
        let mut y = Array2::from_elem((4, width), 10.0);
        layer::layer(&mut y, &x, &w);
        let operands = [x.view().into_dyn(), w.view().into_dyn()];
        assert_eq!(y.into_dyn(), affine_oracle("(2x+i-1)c,ico->xo", &operands, &[], None).unwrap());
    }
}

/// The gradient of each operand is an equation that one could have written.
#[test]
fn gradients_are_equations() {
    for width in WIDTHS {
        let (x, w, dy) = (numbers([7, 3], 0), numbers([3, 3, width], 1), numbers([4, width], 2));
        let (dx, dw) = gradients::gradients(&x, &w, &dy).unwrap();
        let operands = [dy.view().into_dyn(), w.view().into_dyn()];
        let expected = affine_oracle("xo,ico->(2x+i-1)c", &operands, &[], Some(&[7, 3])).unwrap();
        assert_eq!(dx.into_dyn(), expected);
        let operands = [x.view().into_dyn(), dy.view().into_dyn()];
        let expected = affine_oracle("(2x+i-1)c,xo->ico", &operands, &[('i', 3)], None).unwrap();
        assert_eq!(dw.into_dyn(), expected);
        assert!(gradients::gradients(&x, &w, &numbers([3, width], 2)).is_err());
    }
}
