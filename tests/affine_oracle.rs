//! The oracle for affine indices is judged first: by answers worked out by hand, by those of plain loops, and by the
//! oracle that knows only labels.

mod support;

use ndarray::{Array, ArrayD, ArrayViewD, Dimension, arr0, array};
use support::affine::affine_oracle;
use support::conformance::{AFFINE_CASES, check_case};
use support::corpus::for_each_case;
use support::layouts::numbers;
use support::oracle::oracle;

type Given<'a> = &'a [(char, usize)];

fn views<'a, T>(operands: &[&'a ArrayD<T>]) -> Vec<ArrayViewD<'a, T>> {
    operands.iter().map(|operand| operand.view()).collect()
}

fn vector(values: impl IntoIterator<Item = i64>) -> ArrayD<i64> {
    Array::from_iter(values).into_dyn()
}

fn assert_gives<D: Dimension>(
    subscripts: &str,
    operands: &[&ArrayD<i64>],
    given: Given,
    expected: Array<i64, D>,
) {
    let result = affine_oracle(subscripts, &views(operands), given, None);
    assert_eq!(result, Ok(expected.into_dyn()), "{subscripts} with {given:?}");
}

fn assert_writes<D: Dimension>(
    subscripts: &str,
    operands: &[&ArrayD<i64>],
    given: Given,
    expected: Array<i64, D>,
) {
    let result = affine_oracle(subscripts, &views(operands), given, Some(expected.shape()));
    assert_eq!(result, Ok(expected.into_dyn()), "{subscripts} with {given:?}");
}

/// Asserts that calls with operands of these shapes are refused for a reason that contains `culprit`.
fn assert_refused(
    subscripts: &str,
    shapes: &[&[usize]],
    given: Given,
    target: Option<&[usize]>,
    culprit: &str,
) {
    let operands: Vec<ArrayD<i64>> = shapes.iter().map(|&shape| ArrayD::zeros(shape)).collect();
    let views: Vec<_> = operands.iter().map(|operand| operand.view()).collect();
    let reason = affine_oracle(subscripts, &views, given, target).expect_err(subscripts);
    assert!(reason.contains(culprit), "{subscripts}: {reason}");
}

#[test]
fn windows_of_a_vector() {
    let (a, w) = (vector(1..=5), vector([1, 10]));
    assert_gives("(x+i),i->x", &[&a, &w], &[], array![21, 32, 43, 54]);
    assert_gives("(2x+i),i->x", &[&a, &w], &[], array![21, 43]);
    assert_gives("(x+2i),i->x", &[&a, &w], &[], array![31, 42, 53]);
    assert_gives("(2x+3i),i->x", &[&a, &w], &[], array![41]);
    assert_gives("(x+i)->xi", &[&a], &[('i', 2)], array![[1, 2], [2, 3], [3, 4], [4, 5]]);
    assert_gives("(x+i)->xi", &[&a], &[('x', 2)], array![[1, 2, 3, 4], [2, 3, 4, 5]]);
    assert_gives("(x+i)->x", &[&a], &[('i', 3), ('x', 2)], array![6, 9]);
    assert_gives("(x+i)->", &[&a], &[('i', 5)], arr0(15));
    assert_gives("(x+i+j),i,j->x", &[&a, &w, &w], &[], array![1 + 40 + 300, 2 + 60 + 400, 3 + 80 + 500]);
}

#[test]
fn one_label() {
    let a = vector(1..=5);
    assert_gives("(x)->x", &[&a], &[], array![1, 2, 3, 4, 5]);
    assert_gives("(2x)->x", &[&a], &[], array![1, 3, 5]);
    assert_gives("(2x+1)->x", &[&a], &[], array![2, 4]);
    assert_gives("(x+2)->x", &[&a], &[], array![3, 4, 5]);
    assert_gives("(x+5)->x", &[&a], &[], Array::zeros([0]));
    assert_gives("(x+9)->x", &[&a], &[], Array::zeros([0]));
    assert_gives("(4-x)->x", &[&a], &[], array![5, 4, 3, 2, 1]);
    assert_gives("(3-2x)->x", &[&a], &[], array![4, 2]);
    assert_gives("(-x)->x", &[&a], &[], array![1]);
    assert_gives("(x-1)->x", &[&a], &[], array![0, 1, 2, 3, 4, 5, 0]);
    assert_gives("(2x-3)->x", &[&a], &[], array![0, 0, 2, 4, 0, 0]);
}

#[test]
fn padding_is_read_as_nothing() {
    let (a, w) = (vector(1..=3), vector([1, 10, 100]));
    assert_gives("(x+i-1),i->x", &[&a, &w], &[], array![210, 321, 32]);
    assert_gives("(2x+i-1),i->x", &[&a, &w], &[], array![210, 32]);
    assert_gives("(x+2i-1),i->x", &[&a, &w], &[], array![20]);
    assert_gives("(x+i-2),i->x", &[&a, &w], &[], array![100, 210, 321, 32, 3]);
    assert_gives("(x+i-3),i->x", &[&a, &w], &[], array![0, 100, 210, 321, 32, 3, 0]);
    let (a, w) = (array![1.0, 2.0].into_dyn(), array![f64::INFINITY, 1.0, 10.0].into_dyn());
    let result = affine_oracle("(x+i-1),i->x", &views(&[&a, &w]), &[('x', 1)], None);
    assert_eq!(result, Ok(array![21.0].into_dyn()));
}

#[test]
fn a_negative_coefficient_never_pads() {
    let (a, w) = (vector(1..=5), vector([1, 10, 100]));
    assert_gives("(x-i+2),i->x", &[&a, &w], &[], array![123, 234, 345]);
    assert_gives("(2x-i+2),i->x", &[&a, &w], &[], array![123, 345]);
    assert_gives("(x-i+3),i->x", &[&a, &w], &[], array![234, 345]);
    // Below the axis at x = 0 already.
    assert_gives("(x-i+1),i->x", &[&a, &w], &[], Array::zeros([0]));
    assert_gives("(x-i-1),i->x", &[&a, &vector([1])], &[], Array::zeros([0]));
    assert_gives("(i-j+2),j->i", &[&a, &w], &[], array![123, 234, 345]);
    let x = vector([1, 10]);
    assert_gives("(x-i+3),x->i", &[&a, &x], &[], array![54, 43, 32, 21]);
}

#[test]
fn matrices_of_a_vector() {
    let a = vector(1..=5);
    let (hankel, toeplitz) = (array![[1, 2, 3], [2, 3, 4]], array![[3, 2, 1], [4, 3, 2]]);
    assert_gives("(i+j)->ij", &[&a], &[('i', 2), ('j', 3)], hankel);
    assert_gives("(i-j+2)->ij", &[&a], &[('i', 2), ('j', 3)], toeplitz);
}

#[test]
fn two_axes() {
    let (a, w) = (array![[1, 2, 3], [4, 5, 6]].into_dyn(), array![[1, 10], [100, 1000]].into_dyn());
    assert_gives("(x+i)(y+j),ij->xy", &[&a, &w], &[], array![[5421, 6532]]);
    assert_gives("(x+i)(2y+j-1),ij->yx", &[&a, &w], &[], array![[10 + 4000], [2 + 30 + 500 + 6000]]);
    assert_gives("(y+j)(x+i),ij", &[&a, &w], &[], array![[1 + 40 + 200 + 5000], [2 + 50 + 300 + 6000]]);
}

#[test]
fn labels_may_be_shared() {
    let a = array![[1, 2, 3], [4, 5, 6], [7, 8, 9]].into_dyn();
    let w = vector([1, 10]);
    assert_gives("(x+i)(x+j)->xij", &[&a], &[('i', 2), ('j', 2)], array![[[1, 2], [4, 5]], [[5, 6], [8, 9]]]);
    let b = array![[1, 2, 3, 4], [5, 6, 7, 8]].into_dyn();
    assert_gives("x(x+i),i->x", &[&b, &w], &[], array![21, 76]);
    assert_gives("i(x+i)->x", &[&b], &[], array![7, 9, 11]);
}

#[test]
fn extents_are_resolved_in_rounds() {
    let (a, w) = (vector(1..=5), vector([1, 10, 100]));
    // i, then x by the first operand, then j by the second.
    assert_gives("(x+i),(x+j),i->j", &[&a, &vector([1, 2, 3, 4]), &w], &[], {
        let x = [321, 432, 543];
        array![x[0] + 2 * x[1] + 3 * x[2], 2 * x[0] + 3 * x[1] + 4 * x[2]]
    });
    // x = 3 in the first round by two operands that agree.
    assert_gives("(x+i),(x+i),i->x", &[&a, &a, &vector([0, 0, 1])], &[], array![9, 16, 25]);
    assert_refused("(x+i),(x+i),i->x", &[&[5], &[6], &[3]], &[], None, "two indices disagree");
    // The bare x says how large it is; the index reads less than its axis.
    assert_gives("(x+i),i,x->x", &[&a, &w, &vector([1, 1])], &[], array![321, 432]);
    assert_refused("(x+i),i,x->x", &[&[5], &[3], &[4]], &[], None, "reaches outside");
    assert_refused("(x+i)->xi", &[&[5]], &[], None, "nothing says how large `x` is");
    assert_refused("(x+i)(i+x)->x", &[&[5, 5]], &[], None, "nothing says how large `x` is");
    assert_refused("(x+i),(i+j+k),k->", &[&[5], &[5], &[2]], &[], None, "nothing says how large `x` is");
}

#[test]
fn extents_may_be_given() {
    let a = vector(1..=3);
    assert_gives("i->", &[&a], &[('i', 3)], arr0(6));
    assert_gives("i->i", &[&vector([5])], &[('i', 3)], array![5, 5, 5]);
    assert_gives("i,(x+i)->x", &[&vector([1]), &a], &[('i', 2)], array![3, 5]);
    assert_refused("i->", &[&[3]], &[('i', 2)], None, "is given as 2 but is 3");
    assert_refused("i->", &[&[3]], &[('i', 1)], None, "is given as 1 but is 3");
    assert_refused("i->", &[&[3]], &[('i', 3), ('i', 3)], None, "given twice");
    assert_refused("i->", &[&[3]], &[('j', 3)], None, "in no operand");
    assert_refused("(x+i)->x", &[&[3]], &[('i', 2), ('x', 3)], None, "reaches outside");
}

#[test]
fn affine_axes_are_not_stretched() {
    assert_refused("(x+i),i,x->x", &[&[1], &[1], &[3]], &[], None, "reaches outside");
    assert_refused("(x)->x", &[&[1]], &[('x', 3)], None, "reaches outside");
    assert_refused("(x+i-1),i,x->x", &[&[1], &[1], &[4]], &[], None, "reaches outside");
}

#[test]
fn extents_of_zero() {
    let zeros = |extent: usize| ArrayD::zeros(vec![extent]);
    let none = Array::zeros([0]);
    assert_gives("(x+i),i->x", &[&zeros(2), &zeros(3)], &[], none.clone());
    assert_gives("(x+i-1),i->x", &[&zeros(2), &zeros(5)], &[], none.clone());
    assert_gives("(x+i),i->x", &[&zeros(0), &zeros(1)], &[], none.clone());
    assert_gives("(x+i-1),i->x", &[&zeros(0), &zeros(2)], &[], array![0]);
    // The end of an empty kernel is -1, so that there is one value of x more than positions.
    assert_gives("(x+i),i->x", &[&zeros(3), &zeros(0)], &[], Array::zeros([4]));
    assert_gives("x,i->(x+i)", &[&zeros(0), &zeros(3)], &[], Array::zeros([2]));
    assert_gives("x,i->(x+i)", &[&zeros(0), &zeros(0)], &[], none.clone());
    assert_gives("x,i->(x-i)", &[&zeros(3), &zeros(0)], &[], Array::zeros([3]));
    assert_gives("x,i->(x+i-1)", &[&vector([5]), &vector([5])], &[], none);
    assert_gives("(x+i),i,x->", &[&zeros(3), &zeros(9), &zeros(0)], &[], arr0(0));
}

#[test]
fn an_index_in_the_output_adds_up() {
    let (x, w) = (vector([1, 2]), vector([1, 10]));
    assert_gives("x,i->(x+i)", &[&x, &w], &[], array![1, 12, 20]);
    assert_gives("x,i->(2x+i)", &[&x, &w], &[], array![1, 10, 2, 20]);
    assert_gives("x,i->(x+2i)", &[&x, &w], &[], array![1, 2, 10, 20]);
    assert_gives("x,i->(x-i+1)", &[&x, &w], &[], array![10, 21, 2]);
    assert_gives("x->(2x)", &[&x], &[], array![1, 0, 2]);
    assert_gives("x->(x+1)", &[&x], &[], array![0, 1, 2]);
    assert_gives("x->(3-x)", &[&x], &[], array![0, 0, 2, 1]);
    assert_gives("xy->(x+y)", &[&array![[1, 2, 3], [4, 5, 6]].into_dyn()], &[], array![1, 6, 8, 6]);
    assert_refused("x,i->(x-i)", &[&[2], &[2]], &[], None, "begins before");
    assert_refused("x,i->(x-i-1)", &[&[2], &[1]], &[], None, "begins before");
}

#[test]
fn padding_is_not_written() {
    let (x, w) = (vector([1, 2]), vector([1, 10, 100]));
    assert_gives("x,i->(x+i-1)", &[&x, &w], &[], array![12, 120]);
    assert_gives("x,i->(2x+i-1)", &[&x, &w], &[], array![10, 102, 20]);
    assert_gives("x,i->(x+i-2)", &[&x, &w], &[], Array::zeros([0]));
}

#[test]
fn targets() {
    let (x, w) = (vector([1, 2]), vector([1, 10]));
    assert_writes("x,i->(2x+i)", &[&x, &w], &[], array![1, 10, 2, 20]);
    assert_writes("x,i->(2x+i)", &[&x, &w], &[], array![1, 10, 2, 20, 0]);
    assert_writes("x,i->(2x+i-1)", &[&x, &w], &[], array![10, 2]);
    assert_writes("x,i->(2x+i-1)", &[&x, &w], &[], array![10, 2, 20]);
    assert_writes("x->(3x)", &[&x], &[], array![1, 0, 0, 2, 0, 0]);
    assert_writes("x->(-x+2)", &[&x], &[], array![0, 2, 1]);
    for (subscripts, extents) in [("x,i->(2x+i)", [3, 6]), ("x,i->(x+i)", [2, 4]), ("x,i->(2x+i-1)", [1, 4])]
    {
        for extent in extents {
            assert_refused(subscripts, &[&[2], &[2]], &[], Some(&[extent]), "cannot be written");
        }
    }
    assert_refused("x,i->(x-i)", &[&[2], &[2]], &[], Some(&[2]), "begins before");
    assert_refused("x->(x)", &[&[2]], &[], Some(&[2, 1]), "another rank");
}

#[test]
fn targets_say_how_large_their_labels_are() {
    let a = vector(1..=5);
    assert_writes("(x+i)->xi", &[&a], &[], array![[1, 2, 3], [2, 3, 4]]);
    assert_writes("(x+i),i->x", &[&a, &vector([1, 10])], &[], array![21, 32]);
    assert_refused("(x+i)->xi", &[&[5]], &[], Some(&[4, 3]), "reaches outside");
    assert_refused("(x+i)->xi", &[&[5]], &[('i', 2)], Some(&[2, 3]), "cannot be written");
    assert_refused("x->x", &[&[1]], &[], Some(&[3]), "cannot be written");
    assert_refused("x->x", &[&[3]], &[], Some(&[1]), "cannot be written");
}

#[test]
fn an_ellipsis_stands_beside() {
    let (a, w) = (array![[1, 2, 3], [4, 5, 6]].into_dyn(), vector([1, 10]));
    assert_gives("...(x+i),i->...x", &[&a, &w], &[], array![[21, 32], [54, 65]]);
    assert_gives("(x+i)...,i->...x", &[&vector(1..=3), &w], &[], array![21, 32]);
    let columns = array![[1, 2], [3, 4], [5, 6]].into_dyn();
    let stretched = array![[1], [10]].into_dyn();
    assert_gives("(x+i)...,i...->...x", &[&columns, &stretched], &[], array![[31, 53], [42, 64]]);
    assert_gives("(x+i)...,i...", &[&columns, &stretched], &[], array![[31, 53], [42, 64]]);
    let rows = array![[1, 2], [3, 4]].into_dyn();
    assert_gives("...x,i->(x+i)...", &[&rows, &w], &[], array![[1, 3], [12, 34], [20, 40]]);
    assert_refused("...(x+i),i->x", &[&[2, 3], &[2]], &[], None, "an ellipsis that");
    assert_refused("...(x+i)->...x", &[&[]], &[('i', 1)], None, "one label or index per axis");
}

#[test]
fn an_index_is_never_in_an_implicit_output() {
    let a = vector(1..=3);
    assert_gives("(x+i)", &[&a], &[('i', 2)], array![[1, 2], [2, 3]]);
    assert_gives("(x+b)", &[&a], &[('x', 2)], array![[1, 2], [2, 3]]);
    assert_gives("(x+i),i", &[&a, &vector([1, 10])], &[], array![21, 32]);
    assert_gives("i(x+i)", &[&array![[1, 2, 3], [4, 5, 6]].into_dyn()], &[], array![6, 8]);
}

#[test]
fn one_index_in_many_ways() {
    let (a, w) = (vector(1..=5), vector([1, 10, 100]));
    for index in [
        "2x+i-1",
        "i+2x-1",
        "-1+i+2x",
        "2*x+1*i-1",
        " 2 * x + 1 i - 1 ",
        "2x+i+1-2",
        "02x+i-01",
        "2x+0+i-1",
        "2x-1+i-0",
    ] {
        assert_gives(&format!("({index}) , i -> x"), &[&a, &w], &[], array![210, 432, 54]);
    }
    assert_gives("(-i+x+2),i->x", &[&a, &w], &[], array![123, 234, 345]);
    assert_gives("(β+я),я->β", &[&a, &w], &[], array![321, 432, 543]);
}

#[test]
fn what_is_no_index_is_refused() {
    for index in [
        "",
        " ",
        "3",
        "-",
        "x+",
        "+x",
        "--x",
        "x--i",
        "x+-i",
        "x+*i",
        "xi",
        "x2",
        "x*2",
        "2 3x",
        "1 0x",
        "2**x",
        "*x",
        "2*",
        "2*3x",
        "x*i",
        "x*",
        "0x",
        "x+0i",
        "-0*x",
        "x+x",
        "x+i-x",
        "...",
        "x...",
        "(x)",
        "x,i",
        "x+i->",
        "x.",
        "x+i_",
        "99999999999999999999x",
    ] {
        let subscripts = format!("({index}),xi->");
        assert!(
            affine_oracle(&subscripts, &views(&[&vector(1..=5), &ArrayD::ones(vec![1, 1])]), &[], None)
                .is_err()
        );
    }
    let one = |text: &str| affine_oracle(text, &views(&[&vector(1..=5)]), &[('x', 2)], None);
    assert!(one("(x)->x").is_ok());
    for text in [
        "(x",
        "x)",
        "(x))",
        "((x))",
        "()x",
        "(x)->(x",
        "(x)->x->x",
        "(x)->xx",
        "(x)->x(x)",
        "(x)->(x)(x)",
        "(x)->i",
        "(x)->(x+i)",
        "(x)x->x",
        "2x->x",
        "x+1->x",
        "(x),->x",
        "(x)…->x…",
        "(x)→x",
        "(x) - >x",
        "(x). ..->x",
    ] {
        assert!(one(text).is_err(), "{text}");
    }
}

#[test]
fn plain_loops_agree() {
    for case in AFFINE_CASES {
        check_case(case, |operands| {
            let operands: Vec<_> = operands.iter().collect();
            affine_oracle(case.subscripts, &views(&operands), &[], None).unwrap()
        });
    }
}

/// Without parentheses it is the other oracle.
macro_rules! labels_alone {
    ($($heading:ident { $($name:ident $subscripts:tt $($operand:ident $shape:tt)*;)* })*) => {
        $(#[test]
        fn $heading() {
            $(
                let shapes: &[&[usize]] = &[$(&$shape),*];
                let operands: Vec<ArrayD<i64>> = shapes.iter().zip(0..).map(|(&shape, n)| numbers(shape, n)).collect();
                let views: Vec<_> = operands.iter().map(|operand| operand.view()).collect();
                let result = affine_oracle($subscripts, &views, &[], None);
                assert_eq!(result, Ok(oracle($subscripts, &views)), $subscripts);
            )*
        })*
    };
}
for_each_case!(labels_alone);
