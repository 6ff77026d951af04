//! One call: the steps of the plan, one after the other.

use einsum_plan::{self as plan, Plan, Source, Step};
use ndarray::{ArrayD, ArrayViewD, ArrayViewMutD, IxDyn};

use super::arrays::Arrays;
use super::nest::Nest;
use crate::element::{Assign, Element, Store};
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
            let (nest, axes) = (self.nest(step, &results), self.output_axes(step));
            let mut result = zeros(IxDyn(&nest.shape(&axes)), self.subscripts)?;
            nest.store::<Assign>(&axes, result.view_mut());
            results.push(result);
        }
        self.nest(last, &results).store::<S>(&self.output_axes(last), target);
        Ok(())
    }

    fn nest<'i>(&'i self, step: &Step, results: &'i [ArrayD<T>]) -> Nest<'i, T> {
        let inputs = step.inputs.iter().map(|input| self.input(input, results)).collect();
        Nest::new(&step.nest, inputs, |label| self.arrays.axes(label, self.axes))
    }

    fn input<'i>(&'i self, input: &plan::Input, results: &'i [ArrayD<T>]) -> Cursor<'i, T> {
        match input.source {
            Source::Operand(number) => {
                let array = &self.operands[number];
                let axes = self.arrays.operand_axes(number, array.ndim(), self.axes);
                Cursor::new(array, &axes, self.axes)
            }
            Source::Step(number) => {
                let axes = self.output_axes(&self.plan.steps[number]);
                Cursor::new(&results[number].view(), &axes, self.axes)
            }
        }
    }

    fn output_axes(&self, step: &Step) -> Vec<usize> {
        step.output.iter().flat_map(|&label| self.arrays.axes(label, self.axes)).collect()
    }
}
