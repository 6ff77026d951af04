//! One call: the steps of the plan, one after the other.

use einsum_plan::{self as plan, Plan, Source, Step};
use ndarray::{ArrayD, ArrayViewD, ArrayViewMutD, IxDyn};

use super::arrays::Arrays;
use super::nest::Nest;
use crate::element::{Assign, Element, Store};
use crate::engine::contract_views;
use crate::error::EinsumError;
use crate::strided::Cursor;
use crate::zeros::zeros;

/// One call, after the checks.
pub(super) struct Run<'a, T> {
    pub(super) subscripts: &'a str,
    pub(super) plan: &'a Plan,
    pub(super) arrays: &'a Arrays,
    /// How many axes the loops have.
    pub(super) axes: usize,
    pub(super) operands: &'a [ArrayViewD<'a, T>],
}

impl<T: Element> Run<'_, T> {
    /// Runs all steps; only the last one writes to the target, and nothing fails any more then.
    pub(super) fn store<S: Store<T>>(&self, target: ArrayViewMutD<'_, T>) -> Result<(), EinsumError> {
        let (last, earlier) = self.plan.steps.split_last().expect("a plan has a step");
        let mut results: Vec<ArrayD<T>> = Vec::new();
        for step in earlier {
            let mut result = zeros(IxDyn(&self.shape(step, &results)), self.subscripts)?;
            self.step::<Assign>(step, &results, result.view_mut());
            results.push(result);
        }
        self.step::<S>(last, &results, target);
        Ok(())
    }

    /// Runs one step, by the contraction engine or by loops.
    fn step<S: Store<T>>(&self, step: &Step, results: &[ArrayD<T>], mut target: ArrayViewMutD<'_, T>) {
        let axes = self.output_axes(step);
        if let [left, right] = &step.inputs[..] {
            let (left, left_axes) = self.array(left, results);
            let (right, right_axes) = self.array(right, results);
            let output = (&mut target, &axes[..]);
            if contract_views::<T, S>(output, (&left, &left_axes), (&right, &right_axes)) {
                return;
            }
        }
        self.nest(step, results).store::<S>(&axes, target);
    }

    /// The shape of a step's result, whose labels all come from its inputs.
    fn shape(&self, step: &Step, results: &[ArrayD<T>]) -> Vec<usize> {
        self.nest(step, results).shape(&self.output_axes(step))
    }

    fn nest<'i>(&'i self, step: &Step, results: &'i [ArrayD<T>]) -> Nest<'i, T> {
        let inputs = step.inputs.iter().map(|input| self.input(input, results)).collect();
        Nest::new(&step.nest, inputs, |label| self.arrays.axes(label, self.axes))
    }

    fn input<'i>(&'i self, input: &plan::Input, results: &'i [ArrayD<T>]) -> Cursor<'i, T> {
        let (array, axes) = self.array(input, results);
        Cursor::new(&array, &axes, self.axes)
    }

    /// An operand or an earlier result, and the loop axis of each of its axes.
    fn array<'i>(&'i self, input: &plan::Input, results: &'i [ArrayD<T>]) -> (ArrayViewD<'i, T>, Vec<usize>) {
        match input.source {
            Source::Operand(number) => {
                let array = self.operands[number].view();
                let axes = self.arrays.operand_axes(number, array.ndim(), self.axes);
                (array, axes)
            }
            Source::Step(number) => (results[number].view(), self.output_axes(&self.plan.steps[number])),
        }
    }

    fn output_axes(&self, step: &Step) -> Vec<usize> {
        step.output.iter().flat_map(|&label| self.arrays.axes(label, self.axes)).collect()
    }
}
