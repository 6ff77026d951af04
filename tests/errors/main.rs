//! What a call says at run time: the label, both extents, and the arrays by number and as they were written.

use std::panic::catch_unwind;

use einsum::error::Role;
use einsum::ndarray::{Array0, Array1, Array2, Array3, ArrayD, Axis, array, s};
use einsum::{EinsumError, einsum, try_einsum};

/// Asserts that a call fails with this message, whether it returns an error or panics.
macro_rules! assert_fails {
    ($message:literal, $subscripts:literal $(, $operand:expr)*) => {
        assert_eq!(try_einsum!($subscripts $(, $operand)*).unwrap_err().to_string(), $message);
        assert_panics!($message, einsum!($subscripts $(, $operand)*));
    };
}

macro_rules! assert_panics {
    ($message:literal, $call:expr) => {
        let panic = catch_unwind(|| {
            let _result = $call;
        })
        .expect_err("extents that do not fit");
        assert_eq!(panic.downcast_ref::<String>().expect("a formatted message"), $message);
    };
}

mod indices;

fn zeros(rows: usize, columns: usize) -> Array2<f64> {
    Array2::zeros((rows, columns))
}

#[test]
fn labels_of_two_operands() {
    let (a, b, v) = (zeros(2, 3), zeros(4, 5), Array1::<f64>::zeros(2));
    assert_fails!(
        "label `j` of \"ij,jk->ik\" has extent 3 in operand 0 (`a`, axis 1) but 4 in operand 1 (`b`, axis 0)",
        "ij,jk->ik",
        a,
        b
    );
    assert_fails!(
        "label `j` of \"ij,jk\" has extent 5 in operand 0 (`b`, axis 1) but 2 in operand 1 (`a`, axis 0)",
        "ij,jk",
        b,
        a
    );
    assert_fails!(
        "label `b` of \"b,ab->\" has extent 2 in operand 0 (`v`, axis 0) but 3 in operand 1 (`a`, axis 1)",
        "b,ab->",
        v,
        a
    );
}

#[test]
fn the_label_that_disagrees_not_the_first_one() {
    let (a, b, c) = (zeros(2, 3), zeros(3, 5), zeros(5, 7));
    assert_fails!(
        "label `i` of \"ij,jk,ki->\" has extent 2 in operand 0 (`a`, axis 0) but 7 in operand 2 (`c`, axis 1)",
        "ij,jk,ki->",
        a,
        b,
        c
    );
    assert_fails!(
        "label `j` of \"ij,kl,jm->ikm\" has extent 3 in operand 0 (`a`, axis 1) but 5 in operand 2 (`c`, axis 0)",
        "ij,kl,jm->ikm",
        a,
        b,
        c
    );
}

#[test]
fn the_first_of_several_disagreements() {
    let (a, b) = (zeros(2, 3), zeros(4, 5));
    assert_fails!(
        "label `i` of \"ij,ij->\" has extent 2 in operand 0 (`a`, axis 0) but 4 in operand 1 (`b`, axis 0)",
        "ij,ij->",
        a,
        b
    );
    assert_fails!(
        "label `j` of \"ij,ji->\" has extent 3 in operand 0 (`a`, axis 1) but 4 in operand 1 (`b`, axis 0)",
        "ij,ji->",
        a,
        b
    );
}

#[test]
fn diagonals() {
    let (a, b) = (zeros(2, 3), Array3::<f64>::zeros((4, 4, 1)));
    assert_fails!(
        "label `i` of \"ii->\" has extent 2 in operand 0 (`a`, axis 0) but 3 in operand 0 (`a`, axis 1)",
        "ii->",
        a
    );
    assert_fails!(
        "label `k` of \"ij,kkk->k\" has extent 4 in operand 1 (`b`, axis 0) but 1 in operand 1 (`b`, axis 2)",
        "ij,kkk->k",
        a,
        b
    );
}

/// An extent of 1 is stretched, but not to what only the target has.
#[test]
fn one_against_many() {
    let (a, row) = (zeros(2, 3), zeros(1, 3));
    assert_eq!(einsum!("ij,ij->ij", a, row), a);
}

#[test]
fn nothing_against_something() {
    let (none, one, two) = (zeros(2, 0), zeros(1, 2), zeros(2, 2));
    assert_eq!(einsum!("ij,jk->ik", none, one), two);
    assert_fails!(
        "label `j` of \"ij,jk->ik\" has extent 0 in operand 0 (`none`, axis 1) but 2 in operand 1 (`two`, axis 0)",
        "ij,jk->ik",
        none,
        two
    );
}

#[test]
fn ranks() {
    let (a, v, x) =
        (zeros(2, 3).into_dyn(), Array1::<f64>::zeros(3).into_dyn(), ArrayD::<f64>::zeros(vec![]));
    assert_fails!("operand 0 (`v`) of \"ij->ji\" has 1 axis but 2 labels", "ij->ji", v);
    assert_fails!("operand 1 (`a`) of \"i,i->\" has 2 axes but 1 label", "i,i->", v, a);
    assert_fails!("operand 0 (`x`) of \"i->\" has 0 axes but 1 label", "i->", x);
    assert_fails!("operand 1 (`a`) of \"i,->i\" has 2 axes but 0 labels", "i,->i", v, a);
    assert_fails!("operand 0 (`a`) of \"abcdefgh->\" has 2 axes but 8 labels", "abcdefgh->", a);
}

#[test]
fn targets() {
    let a = zeros(2, 3);
    let mut c = zeros(2, 3);
    let error = try_einsum!(c = "ij->ji", a).unwrap_err();
    assert_eq!(
        error.to_string(),
        "label `j` of \"ij->ji\" has extent 3 in operand 0 (`a`, axis 1) but 2 in the target (`c`, axis 0)"
    );
    let error = try_einsum!(c.row_mut(0) += "ij->i", a).unwrap_err();
    assert_eq!(
        error.to_string(),
        "label `i` of \"ij->i\" has extent 2 in operand 0 (`a`, axis 0) but 3 in the target (`c.row_mut(0)`, axis 0)"
    );
    let mut c = c.into_dyn();
    let error = try_einsum!(c -= "ij->i", a).unwrap_err();
    assert_eq!(error.to_string(), "the target (`c`) of \"ij->i\" has 2 axes but 1 label");
    assert_panics!("the target (`c`) of \"ij->\" has 1 axis but 0 labels", {
        let mut c = ArrayD::<f64>::zeros(vec![1]);
        einsum!(c = "ij->", zeros(1, 1))
    });
    assert_panics!(
        "label `i` of \"i,i->i\" has extent 1 in operand 0 (`a`, axis 0) but 3 in the target (`c`, axis 0)",
        {
            let (a, mut c) = (Array1::<f64>::zeros(1), Array1::<f64>::zeros(3));
            einsum!(c = "i,i->i", a, a)
        }
    );
}

#[test]
fn the_subscripts_as_they_were_written() {
    let (a, b) = (zeros(2, 3), zeros(4, 5));
    assert_fails!(
        "label `j` of \" i j , j k -> i k \" has extent 3 in operand 0 (`a`, axis 1) \
         but 4 in operand 1 (`b`, axis 0)",
        " i j , j k -> i k ",
        a,
        b
    );
    assert_fails!(
        "label `β` of \"αβ,βγ\" has extent 3 in operand 0 (`a`, axis 1) but 4 in operand 1 (`b`, axis 0)",
        "αβ,βγ",
        a,
        b
    );
}

/// The source text of one operand, which is no square matrix.
macro_rules! source {
    ($($operand:tt)*) => {
        match try_einsum!("ii->", $($operand)*) {
            Err(EinsumError::Extents { first, second, .. }) => {
                assert_eq!(first.operand, second.operand);
                first.operand.source.unwrap()
            }
            other => panic!("{other:?}"),
        }
    };
}

struct Layer {
    weights: Array2<f64>,
    more: Vec<Array2<f64>>,
}

impl Layer {
    fn sources(&self) -> [&'static str; 3] {
        [source!(self.weights), source!(&self.weights), source!(self.more.first().unwrap())]
    }
}

#[test]
fn operands_as_they_were_written() {
    let a = zeros(2, 3);
    let boxed = Box::new(a.clone());
    assert_eq!(source!(a), "a");
    assert_eq!(source!(&a), "&a");
    assert_eq!(source!(&&a), "&&a");
    assert_eq!(source!(&mut a.clone()), "&mut a.clone()");
    assert_eq!(source!(*boxed), "*boxed");
    assert_eq!(source!(-&a), "-&a");
    assert_eq!(source!(a.t()), "a.t()");
    assert_eq!(source!(a.slice(s![.., 0..1])), "a.slice(s![.., 0..1])");
    assert_eq!(source!(a.slice(s![..;-1, ..])), "a.slice(s![..;-1, ..])");
    assert_eq!(source!(array![[1, 2, 3], [4, 5, 6]]), "array![[1, 2, 3], [4, 5, 6]]");
    assert_eq!(source!((&a, 1).0), "(&a, 1).0");
    assert_eq!(source!([&a][0]), "[&a][0]");
    assert_eq!(source!(&a * 2.0 - 1.0), "&a * 2.0 - 1.0");
    assert_eq!(source!((&a - &a)), "(&a - &a)");
    assert_eq!(
        source!(a.map(|&x| if x < 1.0 && x != 2.0 { -x } else { x - 1.0 })),
        "a.map(|&x| if x < 1.0 && x != 2.0 { -x } else { x - 1.0 })"
    );
    assert_eq!(source!(Array2::<f64>::zeros((2, 3))), "Array2::<f64>::zeros((2, 3))");
    assert_eq!(source!(std::rc::Rc::new(a.clone())), "std::rc::Rc::new(a.clone())");
    assert_eq!(
        source!(a.select(Axis(1), &["- x! (y) & z".len() - 11])),
        "a.select(Axis(1), &[\"- x! (y) & z\".len() - 11])"
    );
    assert_eq!(
        source!(match a.len() {
            6 => a.view(),
            _ => a.t(),
        }),
        "match a.len() { 6 => a.view(), _ => a.t(), }"
    );
    assert_eq!(source!(a.select(Axis(0), &[0, 1])), "a.select(Axis(0), &[0, 1])");
    assert_eq!(
        source!(if a.is_empty() { zeros(1, 0) } else { zeros(0, 1) }),
        "if a.is_empty() { zeros(1, 0) } else { zeros(0, 1) }"
    );
    let layer = Layer { weights: a.clone(), more: vec![a] };
    assert_eq!(layer.sources(), ["self.weights", "&self.weights", "self.more.first().unwrap()"]);
    assert_eq!(layer.more.len() + layer.weights.len(), 7);
}

#[test]
fn the_error_is_data() {
    let a = zeros(2, 3);
    let Err(EinsumError::Extents { label, first, second, subscripts }) = try_einsum!("ij,ji->", a, &a) else {
        panic!("2 is not 3");
    };
    assert_eq!((label, &*subscripts), ('j', "ij,ji->"));
    assert_eq!(
        (first.operand.role, first.operand.source, first.axis, first.extent),
        (Role::Operand(0), Some("a"), 1, 3)
    );
    assert_eq!(
        (second.operand.role, second.operand.source, second.axis, second.extent),
        (Role::Operand(1), Some("&a"), 0, 2)
    );
    let mut c = Array0::<f64>::zeros(()).into_dyn();
    let Err(EinsumError::Rank { operand, rank, labels, .. }) = try_einsum!(c = "ij->i", a) else {
        panic!("0 is not 1");
    };
    assert_eq!((operand.role, operand.source, rank, labels), (Role::Target, Some("c"), 0, 1));
}

#[test]
fn the_error_is_an_error() {
    fn total(a: &Array2<f64>, b: &Array2<f64>) -> Result<f64, Box<dyn std::error::Error + Send + Sync>> {
        Ok(try_einsum!("ij,ij->", a, b)?)
    }
    assert_eq!(total(&zeros(2, 3), &zeros(2, 3)).unwrap(), 0.0);
    assert!(total(&zeros(2, 3), &zeros(3, 2)).unwrap_err().is::<EinsumError>());
}
