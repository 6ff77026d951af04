//! The loops of one step, interpreted: what moves is looked up before the first loop starts, and the innermost
//! loops are plain ones.

use core::ops::Range;

use crate::element::{Element, Store};
use crate::strided::{Cursor, CursorMut};
use einsum_plan as plan;

/// A step's loops, bound to what it reads.
#[derive(Debug)]
pub(super) struct Nest<'a, T> {
    inputs: Vec<Cursor<'a, T>>,
    outer: Vec<Factor>,
    loops: Vec<Loop>,
}

#[derive(Debug)]
struct Loop {
    axis: usize,
    extent: usize,
    /// The inputs that one iteration moves on in.
    moving: Vec<usize>,
    product: Vec<Factor>,
}

#[derive(Debug)]
enum Factor {
    Element(usize),
    Sum(Loop),
}

impl Loop {
    /// Over an axis of this extent.
    fn new<T>(axis: usize, extent: usize, inputs: &[Cursor<T>], product: Vec<Factor>) -> Self {
        let moving = (0..inputs.len()).filter(|&input| inputs[input].varies(axis)).collect();
        Self { axis, extent, moving, product }
    }

    fn advance<T>(&self, inputs: &mut [Cursor<T>]) {
        self.moving.iter().for_each(|&input| inputs[input].advance(self.axis));
    }

    fn rewind<T>(&self, inputs: &mut [Cursor<T>]) {
        self.moving.iter().for_each(|&input| inputs[input].rewind(self.axis));
    }
}

/// A plan's loops, and what is known of them at run time.
struct Binder<'a, T, A> {
    inputs: &'a [Cursor<'a, T>],
    /// Of all axes of the loops.
    extents: &'a [usize],
    /// The axes that a label stands for.
    axes: A,
}

impl<T, A: Fn(plan::LabelId) -> Range<usize>> Binder<'_, T, A> {
    fn product(&self, product: &plan::Product) -> Vec<Factor> {
        let factor = |factor: &plan::Factor| match factor {
            plan::Factor::Element(input) => vec![Factor::Element(*input)],
            plan::Factor::Sum(sum) => self.sum(sum),
        };
        product.iter().flat_map(factor).collect()
    }

    /// A sum over an axis, or several one inside the other; without an axis, the summand.
    fn sum(&self, sum: &plan::Sum) -> Vec<Factor> {
        let axes = (self.axes)(sum.label).rev();
        axes.fold(self.product(&sum.product), |product, axis| {
            vec![Factor::Sum(Loop::new(axis, self.extents[axis], self.inputs, product))]
        })
    }
}

impl<'a, T: Element> Nest<'a, T> {
    /// Binds loops to their inputs; `extents` are those of the axes, of which `axes` are the ones that a label stands for.
    pub(super) fn new(
        nest: &plan::Nest,
        inputs: Vec<Cursor<'a, T>>,
        extents: &[usize],
        axes: impl Fn(plan::LabelId) -> Range<usize>,
    ) -> Self {
        let binder = Binder { inputs: &inputs, extents, axes };
        let mut outer = binder.product(&nest.outer);
        let mut loops: Vec<Loop> = Vec::new();
        for level in &nest.loops {
            let output = |axis| Loop::new(axis, extents[axis], &inputs, Vec::new());
            loops.extend((binder.axes)(level.label).map(output));
            let product = loops.last_mut().map_or(&mut outer, |innermost| &mut innermost.product);
            product.extend(binder.product(&level.product));
        }
        Self { inputs, outer, loops }
    }

    /// Computes and stores every element of an output.
    pub(super) fn store<S: Store<T>>(mut self, target: &mut CursorMut<'_, T>) {
        if self.loops.iter().any(|level| level.extent == 0) {
            return;
        }
        let known = multiply(None, &self.outer, &mut self.inputs);
        fill::<_, S>(&self.loops, known, &mut self.inputs, target);
    }
}

/// Runs `loops` with the product so far.
fn fill<T: Element, S: Store<T>>(
    loops: &[Loop],
    known: Option<T>,
    inputs: &mut [Cursor<T>],
    target: &mut CursorMut<'_, T>,
) {
    let Some((outermost, inner)) = loops.split_first() else {
        return S::store(target.get_mut(), known.expect(ONE_FACTOR));
    };
    for _ in 0..outermost.extent {
        let known = multiply(known.clone(), &outermost.product, inputs);
        fill::<_, S>(inner, known, inputs, target);
        outermost.advance(inputs);
        target.advance(outermost.axis);
    }
    outermost.rewind(inputs);
    target.rewind(outermost.axis);
}

/// `known` times the factors; `None` stands for a product of none.
#[inline]
fn multiply<T: Element>(known: Option<T>, factors: &[Factor], inputs: &mut [Cursor<T>]) -> Option<T> {
    factors.iter().fold(known, |known, factor| {
        let value = match factor {
            Factor::Element(input) => inputs[*input].get().clone(),
            Factor::Sum(level) => sum(level, inputs),
        };
        Some(if let Some(known) = known { known * value } else { value })
    })
}

fn sum<T: Element>(level: &Loop, inputs: &mut [Cursor<T>]) -> T {
    let line = |input: usize| inputs[input].line(level.axis, level.extent);
    match *level.product {
        [Factor::Element(a)] => line(a).sum(),
        [Factor::Element(a), Factor::Element(b)] => line(a).dot(&line(b)),
        _ => sum_of_products(level, inputs),
    }
}

fn sum_of_products<T: Element>(level: &Loop, inputs: &mut [Cursor<T>]) -> T {
    let mut total = T::zero();
    for _ in 0..level.extent {
        total = total + multiply(None, &level.product, inputs).expect(ONE_FACTOR);
        level.advance(inputs);
    }
    level.rewind(inputs);
    total
}

/// Why a product has a value: every input is a factor somewhere, and a sum is one of its inputs.
const ONE_FACTOR: &str = "a plan has at least one operand";
