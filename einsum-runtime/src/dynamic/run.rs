//! One call: the steps of the plan, one after the other.

use einsum_plan::{self as plan, Plan, Source, Step};
use ndarray::{ArrayD, ArrayViewD, ArrayViewMutD, IxDyn};

use super::arrays::Arrays;
use super::loops::{Loops, beside_ellipsis};
use super::nest::Nest;
use super::pairs::Orders;
use crate::arithmetic::ArithmeticOf;
use crate::element::{Assign, Element, Store};
use crate::engine::{Mode, contract_views};
use crate::error::EinsumError;
use crate::network;
use crate::pieces::{Piece, Pieces};
use crate::strided::{Cursor, CursorMut};
use crate::zeros::zeros;

/// One call, after the checks.
pub(super) struct Run<'a, T> {
    subscripts: &'a str,
    plan: &'a Plan,
    arrays: &'a Arrays,
    loops: &'a Loops,
    operands: &'a [ArrayViewD<'a, T>],
    orders: Orders<'a>,
}

/// An array, and the loop axis of each of its axes.
type Labelled<'a, T> = (ArrayViewD<'a, T>, Vec<usize>);

/// What the steps read: operands, as far as a piece of the call needs them, and the results of earlier steps.
struct Inputs<'a, 'r, T> {
    /// Without those that only pieces read.
    operands: Vec<Option<Labelled<'a, T>>>,
    /// Of the axes of the loops.
    extents: Vec<usize>,
    results: &'r mut Vec<Option<ArrayD<T>>>,
}

impl<'a, T: Element> Run<'a, T> {
    pub(super) fn new(
        subscripts: &'a str,
        plan: &'a Plan,
        arrays: &'a Arrays,
        loops: &'a Loops,
        operands: &'a [ArrayViewD<'a, T>],
        orders: Orders<'a>,
    ) -> Self {
        Self { subscripts, plan, arrays, loops, operands, orders }
    }

    /// Runs all steps; only the last one writes to the target, and nothing fails any more then, but for lack of memory
    /// between pieces.
    pub(super) fn store<S: Store<T>>(&self, mut target: ArrayViewMutD<'_, T>) -> Result<(), EinsumError> {
        let is_partition = self.loops.pieces.as_ref().is_none_or(Pieces::is_partition);
        let must_add = self.loops.is_summed || !is_partition;
        if !must_add {
            return self.run::<S>(&mut target);
        }
        if S::MODE == Mode::Assign {
            target.fill(T::zero());
        }
        self.run::<S::Further>(&mut target)
    }

    fn run<S: Store<T>>(&self, target: &mut ArrayViewMutD<'_, T>) -> Result<(), EinsumError> {
        let mut results: Vec<Option<ArrayD<T>>> = self.plan.steps.iter().map(|_| None).collect();
        let Some(pieces) = &self.loops.pieces else {
            let operands = (0..self.operands.len()).map(|operand| self.whole(operand)).collect();
            let extents = self.loops.extents.clone();
            let mut inputs = Inputs { operands, extents, results: &mut results };
            self.stored(&mut inputs, |_| true)?;
            let last = self.last_step();
            let (output, count) = (self.plan.operands.len(), self.loops.extents.len());
            let axes = self
                .arrays
                .operand_axes(output, target.ndim(), count)
                .expect("without pieces all are labels");
            let mut place = CursorMut::new(target, &axes, count);
            return self.step::<S>(last, &inputs, &inputs.extents, &mut place);
        };
        self.stored_around(pieces, &mut results)?;
        self.pieces::<S>(pieces, &mut results, target)
    }

    fn last_step(&self) -> &Step {
        self.plan.steps.last().expect("a plan has a step")
    }

    /// Runs the steps that are the same for all pieces.
    fn stored_around(
        &self,
        pieces: &Pieces,
        results: &mut Vec<Option<ArrayD<T>>>,
    ) -> Result<(), EinsumError> {
        let moving = self.plan.moving();
        let operands = (0..self.operands.len()).map(|operand| self.whole(operand)).collect();
        let mut inputs = Inputs { operands, extents: self.loops.extents.clone(), results };
        self.stored(&mut inputs, |step| !pieces.is_empty() && !self.plan.depends(step, &moving))
    }

    fn pieces<S: Store<T>>(
        &self,
        pieces: &Pieces,
        results: &mut Vec<Option<ArrayD<T>>>,
        target: &mut ArrayViewMutD<'_, T>,
    ) -> Result<(), EinsumError> {
        let around: Vec<bool> = results.iter().map(Option::is_some).collect();
        let last = self.last_step();
        let written = beside_ellipsis(self.plan, &last.output);
        let read = self.plan.read();
        for piece in pieces.iter() {
            let operands =
                (0..self.operands.len()).map(|operand| self.part(operand, &read, &piece)).collect();
            let mut extents = self.loops.extents.clone();
            (0..piece.loops()).for_each(|label| extents[label] = piece.extent(label));
            let mut inputs = Inputs { operands, extents, results: &mut *results };
            self.stored(&mut inputs, |_| true)?;
            let (member, count) = (read.len(), self.loops.extents.len());
            let spread = self.arrays.ellipsis_axes(self.plan.operands.len(), target.ndim(), count);
            let mut place = piece.cursor_mut(target, member, &written, spread, count);
            self.step::<S>(last, &inputs, &inputs.extents, &mut place)?;
            let of_piece = results.iter_mut().zip(&around).filter(|&(_, &around)| !around);
            of_piece.for_each(|(result, _)| *result = None);
        }
        Ok(())
    }

    /// Runs the steps that are chosen and not yet done, but not the last one.
    fn stored(
        &self,
        inputs: &mut Inputs<'_, '_, T>,
        chosen: impl Fn(usize) -> bool,
    ) -> Result<(), EinsumError> {
        let (_, earlier) = self.plan.steps.split_last().expect("a plan has a step");
        for (number, step) in earlier.iter().enumerate() {
            if inputs.results[number].is_some() || !chosen(number) {
                continue;
            }
            // As long as its own inputs make it.
            let (axes, mut extents) = (self.output_axes(step), inputs.extents.clone());
            axes.iter().for_each(|&axis| extents[axis] = self.extent(step, inputs, axis));
            let shape: Vec<usize> = axes.iter().map(|&axis| extents[axis]).collect();
            let mut result = zeros(IxDyn(&shape), self.subscripts)?;
            let mut view = result.view_mut();
            let mut place = CursorMut::new(&mut view, &axes, extents.len());
            self.step::<Assign>(step, inputs, &extents, &mut place)?;
            inputs.results[number] = Some(result);
        }
        Ok(())
    }

    /// How long the inputs of a step make an axis.
    fn extent(&self, step: &Step, inputs: &Inputs<'_, '_, T>, axis: usize) -> usize {
        let extents = step.inputs.iter().filter_map(|input| {
            let (array, axes) = self.array(input, inputs);
            axes.iter().position(|&own| own == axis).map(|position| array.shape()[position])
        });
        extents.fold(1, |agreed, extent| if extent == 1 { agreed } else { extent })
    }

    /// Runs one step in loops of these extents, by the contraction engine or by loops.
    fn step<S: Store<T>>(
        &self,
        step: &Step,
        inputs: &Inputs<'_, '_, T>,
        extents: &[usize],
        target: &mut CursorMut<'_, T>,
    ) -> Result<(), EinsumError> {
        let arrays: Vec<Labelled<'_, T>> =
            step.inputs.iter().map(|input| self.array(input, inputs)).collect();
        let output = (&mut *target, &self.output_axes(step)[..], extents);
        let is_done = match &arrays[..] {
            [(left, left_axes), (right, right_axes)] => {
                contract_views(output, (left, left_axes), (right, right_axes), ArithmeticOf::of::<S>())
            }
            [_, _, _, ..] => self.in_pairs::<S>(step, &arrays, output)?,
            _ => false,
        };
        if !is_done {
            self.nest(step, inputs, extents).store::<S>(target);
        }
        Ok(())
    }

    /// Runs a step with several inputs in pairs, if one loop nest would take longer: says whether it was done.
    fn in_pairs<S: Store<T>>(
        &self,
        step: &Step,
        arrays: &[Labelled<'_, T>],
        output: (&mut CursorMut<'_, T>, &[usize], &[usize]),
    ) -> Result<bool, EinsumError> {
        let count = output.2.len();
        let extent = |label| self.arrays.axes(label, count).map(|axis| output.2[axis]).product();
        let extents: Vec<usize> = (0..self.plan.labels.len()).map(extent).collect();
        self.orders.with_call(step, self.subscripts, |call| {
            network::contract_views(output, arrays, call, &extents, ArithmeticOf::of::<S>())
        })
    }

    fn nest<'i>(&'i self, step: &Step, inputs: &'i Inputs<'_, '_, T>, extents: &[usize]) -> Nest<'i, T> {
        let cursors = step.inputs.iter().map(|input| {
            let (array, axes) = self.array(input, inputs);
            Cursor::new(&array, &axes, extents.len())
        });
        Nest::new(&step.nest, cursors.collect(), extents, |label| self.arrays.axes(label, extents.len()))
    }

    /// An operand or an earlier result, and the loop axis of each of its axes.
    fn array<'i>(&'i self, input: &plan::Input, inputs: &'i Inputs<'_, '_, T>) -> Labelled<'i, T> {
        match input.source {
            Source::Operand(number) => {
                let (array, axes) = inputs.operands[number].as_ref().expect("pieces read the others");
                (array.view(), axes.clone())
            }
            Source::Step(number) => {
                let result = inputs.results[number].as_ref().expect("earlier steps have been done");
                (result.view(), self.output_axes(&self.plan.steps[number]))
            }
        }
    }

    /// A whole operand, if its indices are labels.
    fn whole(&self, operand: usize) -> Option<Labelled<'a, T>> {
        let array = &self.operands[operand];
        let axes = self.arrays.operand_axes(operand, array.ndim(), self.loops.extents.len())?;
        Some((self.loops.stretched(array, &axes), axes))
    }

    /// What a piece needs of an operand, given the operands that are read.
    fn part(&self, operand: usize, read: &[usize], piece: &Piece<'_>) -> Option<Labelled<'a, T>> {
        let array = &self.operands[operand];
        let inputs = self.plan.steps.iter().flat_map(|step| &step.inputs);
        let (Some(input), Some(member)) = (
            inputs.into_iter().find(|input| input.source == Source::Operand(operand)),
            read.iter().position(|&number| number == operand),
        ) else {
            return self.whole(operand);
        };
        let mut axes = beside_ellipsis(self.plan, &input.labels);
        let view = piece.view(array, member, &axes);
        axes.extend(self.arrays.ellipsis_axes(operand, array.ndim(), self.loops.extents.len()));
        Some((view, axes))
    }

    fn output_axes(&self, step: &Step) -> Vec<usize> {
        step.output.iter().flat_map(|&label| self.arrays.axes(label, self.loops.extents.len())).collect()
    }
}
