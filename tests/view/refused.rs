//! Views that run-time extents and ranks refuse, and those of the twin that the macro refuses when it is compiled.

use std::panic::catch_unwind;

use einsum::dynamic::{self, Equation};
use einsum::ndarray::{Array1, Array2, ArrayD, array};
use einsum::{einsum_view, try_einsum_view};

/// Asserts that a call fails with this message, whether it returns an error or panics.
macro_rules! assert_fails {
    ($message:literal, $($call:tt)*) => {
        assert_eq!(try_einsum_view!($($call)*).unwrap_err().to_string(), $message);
        let panic = catch_unwind(|| einsum_view!($($call)*).len()).expect_err("no view");
        assert_eq!(panic.downcast_ref::<String>().expect("a formatted message"), $message);
    };
}

#[test]
fn extents() {
    let (a, x, square) =
        (Array2::<f64>::zeros((2, 3)), Array1::<f64>::zeros(5), Array2::<f64>::zeros((6, 8)));
    assert_fails!(
        "label `i` of \"ii->i\" has extent 2 in operand 0 (`a`, axis 0) but 3 in operand 0 (`a`, axis 1)",
        "ii->i",
        a
    );
    assert_fails!(
        "label `i` of \"ij->ji\" is given extent 3 but has 2 in operand 0 (`a`, axis 0)",
        "ij->ji",
        a;
        i = 3
    );
    assert_fails!(
        "index `(x+i)` of \"(x+i)->xi\" reaches from 0 to 5, beyond the extent 5 in operand 0 (`x`, axis 0)",
        "(x+i)->xi",
        x;
        i = 3,
        x = 4
    );
    assert_fails!(
        "index `(x-i+1)` of \"(x-i+1)->xi\" reaches from -1 to 4, beyond the extent 5 in operand 0 (`x`, axis 0)",
        "(x-i+1)->xi",
        x;
        i = 3,
        x = 4
    );
    assert_fails!(
        "label `x` of \"(x+i)(x+i)->xi\" has extent 4 by `(x+i)` and extent 6 in operand 0 (`square`, axis 0) \
         but would have 6 by `(x+i)` and extent 8 in operand 0 (`square`, axis 1)",
        "(x+i)(x+i)->xi",
        square;
        i = 3
    );
}

#[test]
fn ranks() {
    let a = ArrayD::<f64>::zeros(vec![2, 3, 4]);
    assert_fails!("operand 0 (`a`) of \"ij->ji\" has 3 axes but 2 labels", "ij->ji", a);
    assert_fails!(
        "operand 0 (`a.view()`) of \"...ijkl->...lkji\" has 3 axes but 4 labels beside the `...`",
        "...ijkl->...lkji",
        a.view()
    );
    let error = dynamic::view("ij->ji", &a.view()).unwrap_err();
    assert_eq!(error.to_string(), "operand 0 of \"ij->ji\" has 3 axes but 2 labels");
}

#[test]
fn arithmetic_of_the_twin() {
    let a = array![[1, 2], [3, 4]].into_dyn();
    let first_line = |subscripts: &str| {
        let error = dynamic::view(subscripts, &a.view()).unwrap_err().to_string();
        error.lines().next().unwrap_or_default().to_string()
    };
    assert_eq!(first_line("ij,jk->ik"), "a view is of 1 operand, but there are 2 terms");
    assert_eq!(first_line("ij->j"), "a view cannot sum over `i`");
    assert_eq!(first_line("i(j+k-1)->ijk"), "a view cannot show a padding of 1");
    assert_eq!(first_line("ij->(i+j)"), "a view cannot have index arithmetic in its output");
    assert_eq!(first_line("ij->iij"), "output label `i` appears twice");
    assert_eq!(first_line("i(j+k)->ijk"), "the extents of `j`, `k` are not known");
    assert_eq!(first_line("ij-ji"), "`-` without `>`");
    let product = Equation::new("ij,jk->ijk", 2).unwrap();
    assert_eq!(
        product.view(&a.view()).unwrap_err().to_string(),
        "a view is of 1 operand, but there are 2 terms\n\n    ij,jk->ijk\n       ^^\nhelp: a product is a new array: \
         use `einsum!`"
    );
}
