//! One call: the steps of the plan, one after the other.

use einsum_plan::{self as plan, Source, Step};
use ndarray::{ArrayD, ArrayViewD, ArrayViewMutD};

use super::equation::Equation;
use super::input::Input;
use super::nest::Nest;
use crate::element::{Assign, Element, Store};
use crate::error::EinsumError;

/// One call, after the checks.
pub(super) struct Run<'a, T> {
    pub(super) equation: &'a Equation,
    /// How many axes the loops have.
    pub(super) axes: usize,
    pub(super) operands: &'a [ArrayViewD<'a, T>],
}

impl<T: Element> Run<'_, T> {
    /// Runs all steps; only the last one writes to the target, and nothing fails any more then.
    pub(super) fn store<S: Store<T>>(&self, target: ArrayViewMutD<'_, T>) -> Result<(), EinsumError> {
        let steps = &self.equation.plan.steps;
        let mut results: Vec<ArrayD<T>> = Vec::new();
        for step in &steps[..steps.len() - 1] {
            let (inputs, axes) = (self.inputs(step, &results), self.output_axes(step));
            let nest = self.nest(step, &inputs);
            let mut result = self.equation.zeros(nest.shape(&axes))?;
            nest.store::<Assign>(&axes, result.view_mut());
            results.push(result);
        }
        let last = &steps[steps.len() - 1];
        self.nest(last, &self.inputs(last, &results)).store::<S>(&self.output_axes(last), target);
        Ok(())
    }

    fn nest<'i>(&self, step: &Step, inputs: &'i [Input<'i, T>]) -> Nest<'i, T> {
        Nest::new(&step.nest, inputs, |label| self.equation.arrays.axes(label, self.axes))
    }

    fn output_axes(&self, step: &Step) -> Vec<usize> {
        step.output.iter().flat_map(|&label| self.equation.arrays.axes(label, self.axes)).collect()
    }

    fn inputs<'i>(&'i self, step: &Step, results: &'i [ArrayD<T>]) -> Vec<Input<'i, T>> {
        let input = |input: &plan::Input| {
            let (array, axes) = match input.source {
                Source::Operand(number) => {
                    let array = self.operands[number].view();
                    let axes = self.equation.arrays.operand_axes(number, array.ndim(), self.axes);
                    (array, axes)
                }
                Source::Step(number) => {
                    (results[number].view(), self.output_axes(&self.equation.plan.steps[number]))
                }
            };
            Input::new(array, &axes, self.axes)
        };
        step.inputs.iter().map(input).collect()
    }
}

/// An array of zeros, unless the address space or the allocator is too small for it.
pub(super) fn zeros<T: Element>(shape: &[usize]) -> Option<ArrayD<T>> {
    let len = shape.iter().try_fold(1_usize, |len, &extent| len.checked_mul(extent))?;
    let mut elements = Vec::new();
    elements.try_reserve_exact(len).ok()?;
    elements.resize(len, T::zero());
    ArrayD::from_shape_vec(shape, elements).ok()
}
