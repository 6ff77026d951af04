//! Gradients against finite differences and the adjoint identity.
//!
//! An einsum is linear in each operand. So the difference that a step of 1 in one element makes is no approximation, and
//! in integers it is exact; so is the identity of `sum(dy * f(v))` and `sum(gradient * v)` for every `v`.

mod support;

use einsum::dynamic;
use einsum::ndarray::{ArrayD, ArrayViewD};
use support::affine::affine_oracle;
use support::conformance::{AFFINE_CASES, cases};
use support::corpus::{for_each_case, for_each_high_rank_case};
use support::layouts::{Layout, numbers};
use support::oracle::oracle;

/// At most so many elements of an operand are moved, spread over it.
const STEPS: usize = 8;

/// Calls whose oracle walks through more combinations are left to the identity.
const COMBINATIONS: usize = 2_000;

fn views<T>(operands: &[ArrayD<T>]) -> Vec<ArrayViewD<'_, T>> {
    operands.iter().map(|operand| operand.view()).collect()
}

fn dot(a: &ArrayD<i64>, b: &ArrayD<i64>) -> i64 {
    assert_eq!(a.shape(), b.shape());
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The operands, but with another array in place of one.
fn with(operands: &[ArrayD<i64>], operand: usize, array: ArrayD<i64>) -> Vec<ArrayD<i64>> {
    let mut operands = operands.to_vec();
    operands[operand] = array;
    operands
}

/// By the oracle that knows no index arithmetic where it can, which is faster.
fn einsum(subscripts: &str, operands: &[ArrayD<i64>]) -> ArrayD<i64> {
    match subscripts.contains('(') {
        true => affine_oracle(subscripts, &views(operands), &[], None).expect("a call that is right"),
        false => oracle(subscripts, &views(operands)),
    }
}

fn check(subscripts: &str, shapes: &[&[usize]]) {
    let operands: Vec<ArrayD<i64>> = shapes.iter().zip(0..).map(|(&shape, n)| numbers(shape, n)).collect();
    let result = einsum(subscripts, &operands);
    let dy: ArrayD<i64> = numbers(result.shape(), operands.len());
    let gradients = dynamic::gradients(subscripts, &views(&operands), &dy.view()).unwrap();
    assert_eq!(gradients.len(), operands.len());
    for (operand, gradient) in gradients.iter().enumerate() {
        assert_eq!(gradient.shape(), shapes[operand], "{subscripts:?}, operand {operand}");
        let direction: ArrayD<i64> = numbers(shapes[operand], operand + 5);
        let moved = einsum(subscripts, &with(&operands, operand, direction.clone()));
        assert_eq!(dot(&dy, &moved), dot(gradient, &direction), "{subscripts:?}, operand {operand}");
        check_differences(subscripts, &operands, operand, [&result, &dy, gradient]);
    }
    // Without gaps, which multiply with each of many axes.
    for layout in [Layout::Reversed, Layout::Permuted] {
        let operands: Vec<_> = operands.iter().map(|operand| layout.arrange(operand, 0)).collect();
        let dy = layout.arrange(&dy, 0);
        let gradients_there = dynamic::gradients(subscripts, &views(&operands), &dy.view()).unwrap();
        assert_eq!(gradients_there, gradients, "{subscripts:?} in layout {layout:?}");
    }
}

/// Moves some elements of an operand by 1.
fn check_differences(
    subscripts: &str,
    operands: &[ArrayD<i64>],
    operand: usize,
    [result, dy, gradient]: [&ArrayD<i64>; 3],
) {
    let sizes: usize = operands.iter().map(ArrayD::len).product();
    if sizes > COMBINATIONS {
        return;
    }
    let len = operands[operand].len();
    for element in (0..len).step_by(len.div_ceil(STEPS).max(1)) {
        let mut array = operands[operand].clone();
        *array.iter_mut().nth(element).expect("an element") += 1;
        let difference = einsum(subscripts, &with(operands, operand, array)) - result;
        let slope = gradient.iter().nth(element).expect("as many elements");
        assert_eq!(dot(dy, &difference), *slope, "{subscripts:?}, element {element} of operand {operand}");
    }
}

macro_rules! tests {
    ($($heading:ident { $($name:ident $subscripts:tt $($operand:ident $shape:tt)*;)* })*) => {
        $(#[test]
        fn $heading() {
            $(check($subscripts, &[$(&$shape),*]);)*
        })*
    };
}

for_each_case!(tests);
for_each_high_rank_case!(tests);

/// Of 700 cases, which take two minutes without optimisation, every eighth then.
#[test]
fn equations_of_numpy() {
    let step = if cfg!(debug_assertions) { 8 } else { 1 };
    cases().step_by(step).for_each(|case| check(case.subscripts, case.shapes));
}

#[test]
fn equations_with_index_arithmetic() {
    AFFINE_CASES.iter().for_each(|case| check(case.subscripts, case.shapes));
}

#[test]
fn what_only_gradients_have() {
    // Lone labels within an index, which the gradient repeats or counts.
    check("k(x+i),i->k", &[&[2, 6], &[3]]);
    check("(2x+i-1),i->", &[&[7], &[3]]);
    check("(x+i)(x+i),i->x", &[&[6, 6], &[3]]);
    check("(x+i)(x-i+2),i->x", &[&[6, 6], &[3]]);
    check("(x+i)x,i->x", &[&[6, 4], &[3]]);
    check("x(x+i),i->i", &[&[4, 6], &[3]]);
    // Stretched axes beside index arithmetic.
    check("n(x+i-1),ni->nx", &[&[1, 6], &[3, 3]]);
    check("n(2x+i-1),ni->nx", &[&[3, 6], &[1, 3]]);
    check("...(x+i),i...->x...", &[&[6], &[3, 2, 4]]);
    check("...(x+i),i...->x...", &[&[2, 1, 6], &[3, 4]]);
    check("...ii,...->...", &[&[3, 3], &[2, 1]]);
    check("i...j,jk...->ki...", &[&[2, 3, 1, 4], &[4, 2, 5]]);
}
