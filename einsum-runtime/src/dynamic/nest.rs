//! The loops of one step, interpreted: strides are looked up before the first loop starts, and the innermost
//! loops are plain ones.

use core::ops::Range;

use einsum_plan as plan;
use ndarray::{ArrayViewMutD, Ix1};

use super::input::Input;
use crate::element::{Element, Store};
use crate::lanes;

/// A step's loops, bound to what it reads.
#[derive(Debug)]
pub(super) struct Nest<'a, T> {
    elements: Vec<&'a [T]>,
    start: Vec<isize>,
    outer: Vec<Factor>,
    loops: Vec<Loop>,
}

#[derive(Debug)]
struct Loop {
    axis: usize,
    extent: usize,
    /// The inputs that one iteration moves on in, and how far.
    steps: Vec<(usize, isize)>,
    product: Vec<Factor>,
}

#[derive(Debug)]
enum Factor {
    Element(usize),
    Sum(Loop),
}

impl Loop {
    /// Over an axis, as long as the inputs make it.
    fn new<T: Clone>(axis: usize, inputs: &[Input<T>], product: Vec<Factor>) -> Self {
        let extents = inputs.iter().map(|input| input.extents[axis]);
        let extent = extents.fold(1, |agreed, extent| if extent == 1 { agreed } else { extent });
        let strides = inputs.iter().map(|input| input.strides[axis]).enumerate();
        Self { axis, extent, steps: strides.filter(|&(_, stride)| stride != 0).collect(), product }
    }

    fn stride(&self, input: usize) -> isize {
        self.steps.iter().find(|&&(moved, _)| moved == input).map_or(0, |&(_, stride)| stride)
    }

    fn advance(&self, at: &mut [isize]) {
        self.steps.iter().for_each(|&(input, stride)| at[input] += stride);
    }

    fn rewind(&self, at: &mut [isize]) {
        self.steps.iter().for_each(|&(input, stride)| at[input] -= stride * self.extent as isize);
    }
}

fn bind<T: Clone>(product: &plan::Product, inputs: &[Input<T>]) -> Vec<Factor> {
    let factor = |factor: &plan::Factor| match factor {
        plan::Factor::Element(input) => Factor::Element(*input),
        plan::Factor::Sum(sum) => Factor::Sum(Loop::new(sum.label, inputs, bind(&sum.product, inputs))),
    };
    product.iter().map(factor).collect()
}

impl<'a, T: Element> Nest<'a, T> {
    /// Binds loops to their inputs; `axes` are the ones that a label stands for.
    pub(super) fn new(
        nest: &plan::Nest,
        inputs: &'a [Input<'a, T>],
        axes: impl Fn(plan::LabelId) -> Range<usize>,
    ) -> Self {
        let mut outer = bind(&nest.outer, inputs);
        let mut loops: Vec<Loop> = Vec::new();
        for level in &nest.loops {
            loops.extend(axes(level.label).map(|axis| Loop::new(axis, inputs, Vec::new())));
            let product = loops.last_mut().map_or(&mut outer, |innermost| &mut innermost.product);
            product.extend(bind(&level.product, inputs));
        }
        let elements = inputs.iter().map(|input| &*input.elements).collect();
        let start = inputs.iter().map(|input| input.start).collect();
        Self { elements, start, outer, loops }
    }

    /// The shape of an output whose axis `n` is the axis `axes[n]` of the loops.
    pub(super) fn shape(&self, axes: &[usize]) -> Vec<usize> {
        let level = |&axis: &usize| self.loops.iter().find(|level| level.axis == axis);
        axes.iter().filter_map(level).map(|level| level.extent).collect()
    }

    /// Computes and stores every element of an output of this [`shape`](Self::shape).
    pub(super) fn store<S: Store<T>>(&self, axes: &[usize], target: ArrayViewMutD<'_, T>) {
        if target.is_empty() {
            return;
        }
        let place = |level: &Loop| axes.iter().position(|&axis| axis == level.axis);
        let order: Vec<usize> = self.loops.iter().filter_map(place).collect();
        let mut at = self.start.clone();
        let known = self.product(None, &self.outer, &mut at);
        self.fill::<S>(&self.loops, known, &mut at, target.permuted_axes(order));
    }

    /// Runs `loops` with the product so far; `target` has one axis for each of them.
    fn fill<S: Store<T>>(
        &self,
        loops: &[Loop],
        known: Option<T>,
        at: &mut [isize],
        mut target: ArrayViewMutD<'_, T>,
    ) {
        match loops {
            [] => S::store(target.first_mut().expect("rank 0"), known.expect(ONE_FACTOR)),
            [innermost] => {
                let row = target.into_dimensionality::<Ix1>().expect("one axis for each loop");
                for place in row {
                    let value = self.product(known.clone(), &innermost.product, at);
                    S::store(place, value.expect(ONE_FACTOR));
                    innermost.advance(at);
                }
                innermost.rewind(at);
            }
            [outermost, inner @ ..] => {
                for part in target.outer_iter_mut() {
                    let known = self.product(known.clone(), &outermost.product, at);
                    self.fill::<S>(inner, known, at, part);
                    outermost.advance(at);
                }
                outermost.rewind(at);
            }
        }
    }

    /// `known` times the factors; `None` stands for a product of none.
    #[inline]
    fn product(&self, known: Option<T>, factors: &[Factor], at: &mut [isize]) -> Option<T> {
        factors.iter().fold(known, |known, factor| {
            let value = match factor {
                Factor::Element(input) => self.elements[*input][at[*input] as usize].clone(),
                Factor::Sum(sum) => self.sum(sum, at),
            };
            Some(if let Some(known) = known { known * value } else { value })
        })
    }

    fn sum(&self, sum: &Loop, at: &mut [isize]) -> T {
        let series = |input: usize| {
            let (elements, start, stride) = (self.elements[input], at[input], sum.stride(input));
            move |n: usize| elements[(start + n as isize * stride) as usize].clone()
        };
        match *sum.product {
            [Factor::Element(a)] => lanes::sum::<_, { lanes::ANY_LANES }>(sum.extent, series(a)),
            [Factor::Element(a), Factor::Element(b)] => {
                let (a, b) = (series(a), series(b));
                lanes::sum::<_, { lanes::ANY_LANES }>(sum.extent, |n| a(n) * b(n))
            }
            _ => self.sum_of_products(sum, at),
        }
    }

    fn sum_of_products(&self, sum: &Loop, at: &mut [isize]) -> T {
        let mut total = T::zero();
        for _ in 0..sum.extent {
            total = total + self.product(None, &sum.product, at).expect(ONE_FACTOR);
            sum.advance(at);
        }
        sum.rewind(at);
        total
    }
}

/// Why a product has a value: every input is a factor somewhere, and a sum is one of its inputs.
const ONE_FACTOR: &str = "a plan has at least one operand";
