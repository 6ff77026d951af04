//! Calls with index arithmetic.

use super::*;

/// Like [`assert_fails`], with extents of labels.
macro_rules! assert_index_fails {
    ($message:literal, $($call:tt)*) => {
        assert_eq!(try_einsum!($($call)*).unwrap_err().to_string(), $message);
        assert_panics!($message, einsum!($($call)*));
    };
}

#[test]
fn indices_outside() {
    let (image, kernel, out) = (zeros(2, 8), Array1::<f64>::zeros(3), Array1::<f64>::zeros(7));
    assert_index_fails!(
        "index `(x+i)` of \"n(x+i),i,x->n\" reaches from 0 to 8, beyond the extent 8 in operand 0 (`image`, axis 1)",
        "n(x+i),i,x->n",
        image,
        kernel,
        out
    );
    assert_index_fails!(
        "index `(2x+i-1)` of \"n(2x+i-1)->nx\" reaches from -1 to 9, beyond the extent 8 in operand 0 (`image`, axis 1) \
         and a padding of 1",
        "n(2x+i-1)->nx",
        image;
        i = 3,
        x = 5
    );
    assert_index_fails!(
        "index `(x-i+1)` of \"i,x,(x-i+1)->\" reaches from -1 to 7, beyond the extent 8 in operand 2 \
         (`image.row(0)`, axis 0)",
        "i,x,(x-i+1)->",
        kernel,
        out,
        image.row(0)
    );
    assert_index_fails!(
        "index `(x+8)` of \"n(x+8)->n\" is 8, beyond the extent 8 in operand 0 (`image`, axis 1)",
        "n(x+8)->n",
        image;
        x = 1
    );
    assert_index_fails!(
        "index `(x-i)` of \"x,i->(x-i)\" reaches from -2 to 6, before the start of the result",
        "x,i->(x-i)",
        out,
        kernel
    );
}

#[test]
fn indices_that_disagree() {
    let (long, short, kernel) = (Array1::<f64>::zeros(8), Array1::<f64>::zeros(6), Array1::<f64>::zeros(3));
    assert_index_fails!(
        "label `x` of \"(x+i),(x+i),i->x\" has extent 6 by `(x+i)` and extent 8 in operand 0 (`long`, axis 0) \
         but would have 4 by `(x+i)` and extent 6 in operand 1 (`short`, axis 0)",
        "(x+i),(x+i),i->x",
        long,
        short,
        kernel
    );
    assert_index_fails!(
        "label `x` of \"(2x+i-1),(x),i->x\" has extent 4 by `(2x+i-1)` and extent 8 in operand 0 (`&long`, axis 0) \
         but would have 6 by `(x)` and extent 6 in operand 1 (`short`, axis 0)",
        "(2x+i-1),(x),i->x",
        &long,
        short,
        kernel
    );
}

#[test]
fn given_extents() {
    let (a, kernel) = (Array1::<f64>::zeros(8), Array1::<f64>::zeros(3));
    assert_index_fails!(
        "label `i` of \"(x+i),i->x\" is given extent 2 but has 3 in operand 1 (`kernel`, axis 0)",
        "(x+i),i->x",
        a,
        kernel;
        i = 2
    );
    let n = 4;
    assert_index_fails!(
        "label `i` of \"i->i\" is given extent 5 but has 8 in operand 0 (`a.view()`, axis 0)",
        "i->i",
        a.view();
        i = n + 1
    );
}

#[test]
fn targets_with_indices() {
    let (dy, kernel) = (Array1::<f64>::zeros(6), Array1::<f64>::zeros(3));
    let mut long = Array1::zeros(9);
    let error = try_einsum!(long = "x,i->(x+i)", dy, kernel).unwrap_err();
    assert_eq!(
        error.to_string(),
        "index `(x+i)` of \"x,i->(x+i)\" writes extent 8 but there is 9 in the target (`long`, axis 0)"
    );
    let error = try_einsum!(long.slice_mut(s![..7]) += "x,i->(x+i)", dy, kernel).unwrap_err();
    assert_eq!(
        error.to_string(),
        "index `(x+i)` of \"x,i->(x+i)\" writes extent 8 but there is 7 in the target (`long.slice_mut(s![..7])`, axis 0)"
    );
    let error = try_einsum!(long -= "(x+i),i->x", dy, kernel).unwrap_err();
    assert_eq!(
        error.to_string(),
        "index `(x+i)` of \"(x+i),i->x\" reaches from 0 to 10, beyond the extent 6 in operand 0 (`dy`, axis 0)"
    );
    let error = try_einsum!(long = "(x+i)->x", dy; i = 3, x = 4).unwrap_err();
    assert_eq!(
        error.to_string(),
        "label `x` of \"(x+i)->x\" has extent 4 but 9 in the target (`long`, axis 0)"
    );
    assert_panics!(
        "index `(2x+i-1)` of \"x,i->(2x+i-1)\" writes extent 11 but there is 9 in the target (`image`, axis 0)",
        {
            let (dy, kernel, mut image) = (dy.clone(), kernel.clone(), Array1::zeros(9));
            einsum!(image = "x,i->(2x+i-1)", dy, kernel)
        }
    );
}

#[test]
fn ranks_with_indices() {
    let (a, kernel) = (zeros(2, 3).into_dyn(), Array1::<f64>::zeros(2));
    assert_index_fails!(
        "operand 0 (`a`) of \"n(x+i)c,i->nxc\" has 2 axes but 3 labels",
        "n(x+i)c,i->nxc",
        a,
        kernel
    );
    let mut c = ArrayD::zeros(vec![4]);
    let error = try_einsum!(c = "nx,i->n(x+i)", a, kernel).unwrap_err();
    assert_eq!(error.to_string(), "the target (`c`) of \"nx,i->n(x+i)\" has 1 axis but 2 labels");
}
