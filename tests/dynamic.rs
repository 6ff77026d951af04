//! The lists of cases through the run-time twin: the corpus, numpy's answers, and the calls to refuse.

mod support;

use einsum::EinsumError;
use einsum::dynamic::{self, Equation};
use einsum::ndarray::{Array, ArrayD, ArrayViewD};
use support::conformance::{cases, check_case};
use support::corpus::{for_each_case, for_each_high_rank_case};
use support::layouts::{Layout, assert_gaps_untouched, numbers};
use support::oracle::oracle;
use support::rejected::{REJECTED, Stage};

/// What lies between the elements of strided arrays; no result may show it.
const POISON: i64 = 1 << 40;

fn views<T>(operands: &[ArrayD<T>]) -> Vec<ArrayViewD<'_, T>> {
    operands.iter().map(|operand| operand.view()).collect()
}

fn check_in_place(equation: &Equation, operands: &[ArrayViewD<i64>], expected: &ArrayD<i64>, layout: Layout) {
    let mut target = layout.arrange(&Array::from_elem(expected.raw_dim(), 77), POISON);
    equation.assign(&mut target, operands).unwrap();
    assert_eq!(target, expected, "{equation} by = in layout {layout:?}");
    equation.accumulate(&mut target, operands).unwrap();
    assert_eq!(target, expected + expected, "{equation} by += in layout {layout:?}");
    equation.subtract(&mut target, operands).unwrap();
    assert_eq!(target, expected, "{equation} by -= in layout {layout:?}");
    assert_gaps_untouched(target, POISON);
}

fn check(subscripts: &str, shapes: &[&[usize]]) {
    let operands: Vec<ArrayD<i64>> = shapes.iter().zip(0..).map(|(&shape, n)| numbers(shape, n)).collect();
    let expected = oracle(subscripts, &views(&operands));
    let equation = Equation::new(subscripts, operands.len()).unwrap();
    for layout in Layout::ALL {
        let operands: Vec<_> = operands.iter().map(|operand| layout.arrange(operand, POISON)).collect();
        let result = equation.einsum(&views(&operands)).unwrap();
        assert_eq!(result, expected, "{subscripts:?} in layout {layout:?}");
        check_in_place(&equation, &views(&operands), &expected, layout);
    }
    let floats: Vec<_> = operands.iter().map(|operand| operand.mapv(|value| value as f32)).collect();
    let result = dynamic::einsum(subscripts, &views(&floats)).unwrap();
    assert_eq!(result.mapv(|value| value as i64), expected, "{subscripts:?} of floats");
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

#[test]
fn numpy_agrees() {
    for case in cases() {
        check_case(case, |operands| dynamic::einsum(case.subscripts, &views(operands)).unwrap());
    }
}

/// The message for a call that must be refused.
fn refusal(subscripts: &str, shapes: &[&[usize]]) -> EinsumError {
    let operands: Vec<ArrayD<i64>> = shapes.iter().map(|&shape| ArrayD::zeros(shape)).collect();
    let result = dynamic::einsum(subscripts, &views(&operands));
    result.err().unwrap_or_else(|| panic!("{subscripts:?} is accepted for {shapes:?}"))
}

fn stage(error: &EinsumError) -> Stage {
    match error {
        EinsumError::Subscripts { subscripts, .. } if subscripts.parse::<Equation>().is_err() => {
            Stage::Syntax
        }
        EinsumError::Subscripts { .. } => Stage::Arity,
        EinsumError::Rank { .. } | EinsumError::TargetRank { .. } => Stage::Rank,
        _ => Stage::Size,
    }
}

#[test]
fn wrong_calls_are_refused_when_it_can_be_seen_and_the_culprit_is_named() {
    for list in REJECTED {
        for &(subscripts, shapes, culprit) in list.calls {
            let error = refusal(subscripts, shapes);
            assert_eq!(stage(&error), list.stage, "{subscripts:?}: {error}");
            assert!(error.to_string().contains(culprit), "{subscripts:?} ({}): {error}", list.category);
        }
    }
}

#[test]
fn a_target_is_left_alone_by_wrong_calls() {
    for &(subscripts, shapes, _) in REJECTED.iter().flat_map(|list| list.calls) {
        let operands: Vec<ArrayD<i64>> = shapes.iter().map(|&shape| ArrayD::ones(shape)).collect();
        for shape in [&[][..], &[2], &[2, 2], &[2, 3]] {
            let mut target = ArrayD::from_elem(shape, 77);
            dynamic::assign(&mut target, subscripts, &views(&operands)).unwrap_err();
            assert_eq!(target, ArrayD::from_elem(shape, 77));
        }
    }
}

#[test]
fn carets_stand_under_the_culprit() {
    let message = |subscripts, shapes: &[&[usize]]| refusal(subscripts, shapes).to_string();
    assert_eq!(
        message("αβ, βγ -> αq", &[&[2, 3], &[3, 4]]),
        "output label `q` does not appear in any operand\n\
         \n\
         \x20   αβ, βγ -> αq\n\
         \x20              ^\n\
         help: the input labels are `α`, `β`, `γ`"
    );
    assert_eq!(
        message("ij,jk,kl->il", &[&[2, 3], &[3, 4]]),
        "the subscripts are for 3 operands, but 2 are given\n\
         \n\
         \x20   ij,jk,kl->il\n\
         \x20         ^^\n\
         help: each comma starts a term, and each term is for one operand"
    );
    assert_eq!(
        message("i..j->ij", &[&[2, 3]]),
        "`..` is not `...`\n\
         \n\
         \x20   i..j->ij\n\
         \x20    ^^\n\
         help: an ellipsis is three dots without spaces: `...`"
    );
    assert_eq!(
        message("...i->i", &[&[2, 3]]),
        "the axes of `...` are missing in the output\n\
         \n\
         \x20   ...i->i\n\
         \x20   ^^^\n\
         help: write `...` in the output to keep them, or a label for each to sum over it: for two axes, `abi->i`"
    );
}

#[test]
fn shapes_are_named_by_operand_and_axis() {
    let message = |subscripts, shapes: &[&[usize]]| refusal(subscripts, shapes).to_string();
    assert_eq!(
        message("ij,jk->ik", &[&[2, 3], &[4, 5]]),
        "label `j` of \"ij,jk->ik\" has extent 3 in operand 0 (axis 1) but 4 in operand 1 (axis 0)"
    );
    assert_eq!(
        message("i...,...", &[&[2, 3, 4], &[5, 4]]),
        "an axis of `...` of \"i...,...\" has extent 3 in operand 0 (axis 1) but 5 in operand 1 (axis 0)"
    );
    assert_eq!(message("ij,jk->ik", &[&[2, 3], &[4]]), "operand 1 of \"ij,jk->ik\" has 1 axis but 2 labels");
    assert_eq!(message("i...j", &[&[2]]), "operand 0 of \"i...j\" has 1 axis but 2 labels beside the `...`");
}
