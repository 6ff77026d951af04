//! Random equations with affine indices through the run-time twin, against the oracle.
//!
//! Shapes are made from extents of the labels, so that most calls are right; the oracle says which.
//! `EINSUM_CASES=100000 cargo test --release --test random_affine` runs more of them than the usual 2,000.

mod change;
mod parts;
#[path = "../support/mod.rs"]
mod support;

use std::fmt;

use change::changes;
use einsum::EinsumError;
use einsum::dynamic::Equation;
use einsum::ndarray::{Array, ArrayD, ArrayViewD};
use parts::{Parts, parts};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use support::affine::affine_oracle;
use support::layouts::{Layout, assert_gaps_untouched};
use support::random::{OperandLayout, POISON, arrange, config, operands, views};

/// In no order, so that implicit outputs are sorted.
const LABELS: [char; 6] = ['x', 'i', 'B', 'j', 'β', 'y'];

/// A call, with operands given by their shapes.
#[derive(Clone)]
struct Call {
    subscripts: String,
    shapes: Vec<Vec<usize>>,
    given: Vec<(char, usize)>,
    layouts: Vec<OperandLayout>,
    target: Layout,
    target_shape: Vec<usize>,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { subscripts, shapes, given, layouts, target, target_shape } = self;
        write!(f, "{subscripts:?} of shapes {shapes:?} with {given:?} in {layouts:?}, ")?;
        write!(f, "target of shape {target_shape:?} in {target:?}")
    }
}

impl Call {
    fn equation(&self) -> Result<Equation, EinsumError> {
        let equation = Equation::new(&self.subscripts, self.shapes.len());
        self.given.iter().fold(equation, |equation, &(label, extent)| equation?.with_extent(label, extent))
    }

    fn oracle(&self, views: &[ArrayViewD<i64>], target: Option<&[usize]>) -> Result<ArrayD<i64>, String> {
        affine_oracle(&self.subscripts, views, &self.given, target)
    }
}

/// Most of them are right.
fn calls() -> impl Strategy<Value = Call> {
    parts().prop_map(Parts::call)
}

/// Runs the owned form: refused where the oracle refuses, and equal to its result elsewhere.
fn check_owned(call: &Call, views: &[ArrayViewD<i64>]) -> Result<(), TestCaseError> {
    let result = call.equation().and_then(|equation| equation.einsum(views));
    match (call.oracle(views, None), result) {
        (Ok(expected), result) => prop_assert_eq!(result, Ok(expected)),
        (Err(reason), result) => prop_assert!(result.is_err(), "accepted, but: {}", reason),
    }
    Ok(())
}

/// Runs the other forms, which leave the target alone where the oracle refuses.
fn check_in_place(call: &Call, views: &[ArrayViewD<i64>]) -> Result<(), TestCaseError> {
    let expected = call.oracle(views, Some(&call.target_shape));
    let equation = match call.equation() {
        Ok(equation) => equation,
        Err(error) => {
            prop_assert!(expected.is_err(), "{}", error);
            return Ok(());
        }
    };
    let before = Array::from_elem(&call.target_shape[..], 77);
    let mut target = arrange(call.target, &before);
    match expected {
        Ok(expected) => {
            prop_assert_eq!(equation.accumulate(&mut target, views), Ok(()));
            prop_assert_eq!(&target, &(&expected + 77), "+=");
            prop_assert_eq!(equation.subtract(&mut target, views), Ok(()));
            prop_assert_eq!(&target, &before, "-=");
            prop_assert_eq!(equation.assign(&mut target, views), Ok(()));
            prop_assert_eq!(&target, &expected, "=");
        }
        Err(reason) => {
            prop_assert!(equation.assign(&mut target, views).is_err(), "accepted by =, but: {}", reason);
            prop_assert!(equation.accumulate(&mut target, views).is_err(), "accepted by +=, but: {}", reason);
            prop_assert!(equation.subtract(&mut target, views).is_err(), "accepted by -=, but: {}", reason);
            prop_assert_eq!(&target, &before);
        }
    }
    assert_gaps_untouched(target, POISON);
    Ok(())
}

/// Views a call of one operand: refused where the oracle refuses, and equal to its result elsewhere. Without an arrow a label
/// that is repeated would be summed over.
fn check_view(call: &Call, operand: &ArrayViewD<i64>) -> Result<(), TestCaseError> {
    let result = call.equation().and_then(|equation| equation.view(operand));
    match (call.oracle(std::slice::from_ref(operand), None), result) {
        (Ok(_), Err(EinsumError::Subscripts { .. })) if !call.subscripts.contains("->") => {}
        (Ok(expected), result) => prop_assert_eq!(result, Ok(expected.view())),
        (Err(reason), result) => prop_assert!(result.is_err(), "accepted, but: {}", reason),
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn views_are_those_of_the_oracle(parts in parts()) {
        let call = parts.of_a_view().call();
        let operands = operands(&call.shapes, &call.layouts);
        check_view(&call, &views(&operands, &call.layouts)[0])?;
    }

    #[test]
    fn results_are_those_of_the_oracle(call in calls()) {
        let operands = operands(&call.shapes, &call.layouts);
        check_owned(&call, &views(&operands, &call.layouts))?;
    }

    #[test]
    fn targets_are_those_of_the_oracle(call in calls()) {
        let operands = operands(&call.shapes, &call.layouts);
        check_in_place(&call, &views(&operands, &call.layouts))?;
    }

    #[test]
    fn wrong_calls_are_refused(call in calls(), changes in vec(changes(), 1..3)) {
        let mut call = call;
        changes.iter().for_each(|change| change.apply(&mut call));
        let operands = operands(&call.shapes, &call.layouts);
        check_owned(&call, &views(&operands, &call.layouts))?;
        check_in_place(&call, &views(&operands, &call.layouts))?;
    }
}

#[test]
fn most_calls_are_right() {
    let mut runner = TestRunner::deterministic();
    let (mut owned, mut in_place, mut affine, mut viewed) = (0, 0, 0, 0);
    for _ in 0..1_000 {
        let parts = parts().new_tree(&mut runner).unwrap().current();
        let view = parts.clone().of_a_view().call();
        let operand = &operands(&view.shapes, &view.layouts)[0];
        viewed += usize::from(view.equation().is_ok_and(|equation| equation.view(&operand.view()).is_ok()));
        let call = parts.call();
        let operands = operands(&call.shapes, &call.layouts);
        let views = views(&operands, &call.layouts);
        owned += usize::from(call.oracle(&views, None).is_ok());
        in_place += usize::from(call.oracle(&views, Some(&call.target_shape)).is_ok());
        affine += usize::from(call.subscripts.contains('('));
    }
    assert!(
        owned > 800 && in_place > 700 && affine > 700 && viewed > 700,
        "{owned} owned, {in_place} in place, {affine} affine, {viewed} viewed"
    );
}
