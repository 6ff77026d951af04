//! What an equation would do with operands, without doing it.

use einsum_plan::{self as plan, Plan, Source, Step};
use ndarray::ArrayViewD;

use super::arrays::Arrays;
use super::loops::Loops;
use super::pairs::Orders;
use crate::element::Element;
use crate::engine::{Kernel, kernel_of};
use crate::error::EinsumError;
use crate::network::{Described, Labelled, described};
use crate::path::{Path, PathStep};
use crate::strided::Erased;

/// What the steps of a call are described by.
pub(super) struct Describer<'a, T> {
    pub(super) subscripts: &'a str,
    pub(super) plan: &'a Plan,
    pub(super) arrays: &'a Arrays,
    pub(super) loops: &'a Loops,
    pub(super) operands: &'a [ArrayViewD<'a, T>],
    pub(super) orders: Orders<'a>,
}

/// An array that is read or made, its axes by their numbers among those of the loops.
#[derive(Debug, Clone)]
struct Drawn {
    start: *mut (),
    extents: Vec<usize>,
    strides: Vec<isize>,
    axes: Vec<usize>,
}

impl Drawn {
    fn labelled(&self) -> Labelled<'_> {
        (Erased { start: self.start, extents: &self.extents, strides: &self.strides }, &self.axes)
    }
}

/// The table so far. Arrays have numbers: those of the operands, and behind them one for each result.
struct Table {
    steps: Vec<PathStep>,
    /// Those that have not been read, with their terms.
    live: Vec<(usize, String)>,
    next: usize,
    largest: f64,
    /// Bytes.
    memory: usize,
}

impl Table {
    /// Adds a step that makes the array `result` of others: says its number.
    fn push(&mut self, read: &[usize], result: &str, facts: Facts) -> usize {
        let term = |number: &usize| {
            let (_, term) =
                self.live.iter().find(|(own, _)| own == number).expect("it has not been read yet");
            term.as_str()
        };
        let terms: Vec<&str> = read.iter().map(term).collect();
        let subscripts = format!("{}->{result}", terms.join(","));
        self.live.retain(|(number, _)| !read.contains(number));
        self.live.push((self.next, result.into()));
        let remaining: Vec<&str> = self.live.iter().map(|(_, term)| term.as_str()).collect();
        let (remaining, Facts { scaling, flops, kernel, size }) = (remaining.join(","), facts);
        self.steps.push(PathStep { subscripts, remaining, scaling, flops, kernel });
        self.largest = self.largest.max(size);
        self.next += 1;
        self.next - 1
    }
}

/// What a step comes to.
struct Facts {
    scaling: usize,
    flops: f64,
    kernel: Kernel,
    /// Elements of the result.
    size: f64,
}

impl<T: Element> Describer<'_, T> {
    pub(super) fn path(&self) -> Result<Path, EinsumError> {
        let operands = self.plan.operands.len();
        let live = (0..operands).map(|number| (number, self.term(number))).collect();
        let mut table = Table { steps: Vec::new(), live, next: operands, largest: 0.0, memory: 0 };
        let mut results: Vec<(usize, Drawn)> = Vec::new();
        let (mut stored, mut buffer) = (0_usize, 0_usize);
        for (number, step) in self.plan.steps.iter().enumerate() {
            let is_last = number + 1 == self.plan.steps.len();
            let inputs: Vec<(usize, Drawn)> =
                step.inputs.iter().map(|input| self.input(input, &results)).collect();
            let out = if is_last {
                self.dense(self.axes(&step.output), &self.loops.extents)
            } else {
                self.result(step, &inputs)
            };
            let needed = self.step(step, &out, inputs, &mut table)?;
            buffer = buffer.max(needed);
            if !is_last {
                stored = out
                    .extents
                    .iter()
                    .fold(1, |size: usize, &extent| size.saturating_mul(extent))
                    .saturating_add(stored);
            }
            results.push((table.next - 1, out));
        }
        table.memory = buffer.saturating_add(stored).saturating_mul(size_of::<T>());
        Ok(self.whole(table))
    }

    /// The table of a call, and its head.
    fn whole(&self, table: Table) -> Path {
        let axes: Vec<usize> = (0..self.loops.extents.len()).collect();
        let written = self.axes(&self.plan.steps.last().expect("a plan has a step").output);
        let is_sum = axes.iter().any(|axis| !written.contains(axis));
        let operations = self.operands.len().saturating_sub(1).max(1) + usize::from(is_sum);
        Path {
            subscripts: self.subscripts.into(),
            steps: table.steps,
            naive_scaling: axes.len(),
            naive_flops: operations as f64 * self.size(&axes),
            largest_intermediate: table.largest,
            memory: table.memory,
        }
    }

    /// Adds what a step does, and says how many elements it stores on the way.
    fn step(
        &self,
        step: &Step,
        out: &Drawn,
        inputs: Vec<(usize, Drawn)>,
        table: &mut Table,
    ) -> Result<usize, EinsumError> {
        let (numbers, inputs): (Vec<usize>, Vec<Drawn>) = inputs.into_iter().unzip();
        if let [_, _, _, ..] = inputs[..]
            && let Some((steps, buffer)) = self.in_pairs(step, out, &inputs)?
        {
            self.pairs(&steps, &numbers, table);
            return Ok(buffer);
        }
        let mut axes: Vec<usize> = inputs.iter().flat_map(|input| input.axes.clone()).collect();
        axes.sort_unstable();
        axes.dedup();
        let (kernel, flops) = match &inputs[..] {
            [left, right] => {
                let arrays = [out.labelled(), left.labelled(), right.labelled()];
                (kernel_of::<T>(&arrays), self.flops(2, &axes, &out.axes))
            }
            [_] => (Kernel::Loops, self.flops(1, &axes, &out.axes)),
            _ => (Kernel::LoopNest, step.nest.price().flops(&self.extents())),
        };
        let facts = Facts { scaling: axes.len(), flops, kernel, size: self.size(&out.axes) };
        table.push(&numbers, &self.text(&out.axes), facts);
        Ok(0)
    }

    fn in_pairs(
        &self,
        step: &Step,
        out: &Drawn,
        inputs: &[Drawn],
    ) -> Result<Option<(Vec<Described>, usize)>, EinsumError> {
        let factors: Vec<Labelled<'_>> = inputs.iter().map(Drawn::labelled).collect();
        self.orders.with_call(step, self.subscripts, |call| {
            described::<T>(&out.labelled(), &factors, call, &self.extents())
        })
    }

    /// Adds the steps of a network, whose factors have these numbers in the table.
    fn pairs(&self, steps: &[Described], factors: &[usize], table: &mut Table) {
        // By node: the number in the table.
        let mut known: Vec<(usize, usize)> = factors.iter().copied().enumerate().collect();
        for Described { node, labels, children, all, kernel } in steps {
            let number =
                |child: &usize| known.iter().find(|(own, _)| own == child).expect("it was made before").1;
            let numbers: Vec<usize> = children.iter().map(number).collect();
            let flops = self.flops(children.len(), all, labels);
            let facts = Facts { scaling: all.len(), flops, kernel: *kernel, size: self.size(labels) };
            let number = table.push(&numbers, &self.text(labels), facts);
            known.push((*node, number));
        }
    }

    /// Operations of a step over some axes, that keeps some of them: of a product, or of a sum or copy of one array.
    fn flops(&self, factors: usize, axes: &[usize], kept: &[usize]) -> f64 {
        let is_sum = axes.iter().any(|axis| !kept.contains(axis));
        (factors.saturating_sub(1) + usize::from(is_sum)) as f64 * self.size(axes)
    }

    fn size(&self, axes: &[usize]) -> f64 {
        axes.iter().map(|&axis| self.loops.extents[axis] as f64).product()
    }

    /// Of the plan's labels: that of an ellipsis stands for all its axes.
    fn extents(&self) -> Vec<usize> {
        let extents = |label| self.axes(&[label]).iter().map(|&axis| self.loops.extents[axis]).product();
        (0..self.plan.labels.len()).map(extents).collect()
    }

    fn axes(&self, labels: &[usize]) -> Vec<usize> {
        labels.iter().flat_map(|&label| self.arrays.axes(label, self.loops.extents.len())).collect()
    }

    /// An operand as it is, or as a piece of it might be; or an earlier result: each with its number in the table.
    fn input(&self, input: &plan::Input, results: &[(usize, Drawn)]) -> (usize, Drawn) {
        let number = match input.source {
            Source::Operand(number) => number,
            Source::Step(step) => return results[step].clone(),
        };
        let array = &self.operands[number];
        let axes = self.arrays.operand_axes(number, array.ndim(), self.loops.extents.len());
        let drawn = match axes.filter(|_| !self.plan.is_cut()) {
            Some(axes) => {
                let array = self.loops.stretched(array, &axes);
                let (extents, strides) = (array.shape().to_vec(), array.strides().to_vec());
                Drawn { start: array.as_ptr().cast_mut().cast(), extents, strides, axes }
            }
            None => self.dense(self.axes(&input.labels), &self.loops.extents),
        };
        (number, drawn)
    }

    /// The result of a step, as long as its own inputs make it.
    fn result(&self, step: &Step, inputs: &[(usize, Drawn)]) -> Drawn {
        let axes = self.axes(&step.output);
        let mut extents = vec![1; self.loops.extents.len()];
        for (_, input) in inputs {
            let longer = input.axes.iter().zip(&input.extents).filter(|&(_, &extent)| extent != 1);
            longer.for_each(|(&axis, &extent)| extents[axis] = extent);
        }
        self.dense(axes, &extents)
    }

    /// An array without gaps, which nobody reads, given the extents of all axes of the loops.
    fn dense(&self, axes: Vec<usize>, all: &[usize]) -> Drawn {
        let extents: Vec<usize> = axes.iter().map(|&axis| all[axis]).collect();
        let mut stride = 1_isize;
        let mut strides: Vec<isize> = Vec::with_capacity(axes.len());
        for &extent in extents.iter().rev() {
            strides.push(stride);
            stride = stride.saturating_mul(extent.max(1) as isize);
        }
        strides.reverse();
        Drawn { start: core::ptr::null_mut(), extents, strides, axes }
    }

    /// The term of an operand.
    fn term(&self, operand: usize) -> String {
        let index = |index: &plan::Index<usize>| match index.label() {
            label @ Some(_) if label == self.plan.ellipsis() => "...".into(),
            _ => index.map(|label| self.plan.labels[label]).to_string(),
        };
        self.plan.operands[operand].iter().map(index).collect()
    }

    /// A term of labels, with the axes of an ellipsis as such.
    fn text(&self, axes: &[usize]) -> String {
        let labels = self.arrays.labels();
        let mut text: String = axes.iter().filter_map(|&axis| labels.get(axis)).collect();
        if let Some(place) = axes.iter().position(|&axis| axis >= labels.len()) {
            let before = axes[..place].iter().filter(|&&axis| axis < labels.len()).count();
            let byte = text.char_indices().nth(before).map_or(text.len(), |(byte, _)| byte);
            text.insert_str(byte, "...");
        }
        text
    }
}
