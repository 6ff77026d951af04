//! The naive oracle: one loop over all labels of an equation, and nothing taken from the library under test.

use ndarray::{Array, ArrayD, ArrayViewD, Dimension, arr0};
use num_traits::Zero;
use std::collections::BTreeMap;
use std::iter::zip;
use std::ops::{Add, Mul};

/// The einsum of `operands`: at every combination of label values, one product added to the result.
///
/// Knows labels, commas and the arrow. Panics if the extents of a label disagree, also where one of them is 1.
pub fn oracle<T>(subscripts: &str, operands: &[ArrayViewD<T>]) -> ArrayD<T>
where
    T: Clone + Zero + Add<Output = T> + Mul<Output = T>,
{
    let (inputs, output) = parse(subscripts);
    let extents = extents(&inputs, operands);
    let values: Vec<Vec<T>> = operands.iter().map(|operand| operand.iter().cloned().collect()).collect();
    let terms: Vec<_> = inputs.iter().chain([&output]).map(Vec::as_slice).collect();
    let loops: Vec<_> = extents.keys().map(|&label| Loop::over(label, &terms, &values, &extents)).collect();

    let shape: Vec<usize> = output.iter().map(|label| extents[label]).collect();
    let mut result = vec![T::zero(); shape.iter().product()];
    let scalars = operands.iter().filter(|operand| operand.ndim() == 0).flatten().cloned();
    nest(&loops, &mut vec![0; terms.len()], scalars.reduce(T::mul), &mut result);
    ArrayD::from_shape_vec(shape, result).unwrap()
}

/// The labels of each input and of the output.
fn parse(subscripts: &str) -> (Vec<Vec<char>>, Vec<char>) {
    let text = subscripts.replace(' ', "");
    let (inputs, output) = text.split_once("->").map_or((&*text, None), |(i, o)| (i, Some(o)));
    let inputs: Vec<Vec<char>> = inputs.split(',').map(|term| term.chars().collect()).collect();
    let output = output.map_or_else(|| once(&inputs), |output| output.chars().collect());
    (inputs, output)
}

/// The labels that occur exactly once in all inputs together, in code-point order.
fn once(inputs: &[Vec<char>]) -> Vec<char> {
    let mut counts = BTreeMap::new();
    inputs.iter().flatten().for_each(|&label| *counts.entry(label).or_insert(0) += 1);
    counts.into_iter().filter(|&(_, count)| count == 1).map(|(label, _)| label).collect()
}

fn extents<T>(inputs: &[Vec<char>], operands: &[ArrayViewD<T>]) -> BTreeMap<char, usize> {
    assert_eq!(inputs.len(), operands.len(), "one operand per term");
    let mut extents = BTreeMap::new();
    for (term, operand) in zip(inputs, operands) {
        assert_eq!(term.len(), operand.ndim(), "one label per axis");
        for (&label, &extent) in zip(term, operand.shape()) {
            assert_eq!(*extents.entry(label).or_insert(extent), extent, "the extents of `{label}` disagree");
        }
    }
    extents
}

/// The loop over one label. Arrays are counted like the terms, the result last, and their values are in C order.
struct Loop<'a, T> {
    extent: usize,
    /// The arrays that have the label, and how far one iteration moves through each.
    steps: Vec<(usize, usize)>,
    /// The operands whose labels all have a value from this loop on: those whose last label it is.
    factors: Vec<(usize, &'a [T])>,
}

impl<'a, T> Loop<'a, T> {
    fn over(label: char, terms: &[&[char]], values: &'a [Vec<T>], extents: &BTreeMap<char, usize>) -> Self {
        let stride = |inner: &[char]| inner.iter().map(|label| extents[label]).product::<usize>();
        let step = |term: &[char]| {
            let axes = (0..term.len()).filter(|&axis| term[axis] == label);
            axes.map(|axis| stride(&term[axis + 1..])).sum()
        };
        let arrays = zip(0.., terms).filter(|(_, term)| term.contains(&label));
        let steps = arrays.map(|(array, term)| (array, step(term))).collect();
        let factors = zip(0.., zip(terms, values)).filter(|(_, (term, _))| term.iter().max() == Some(&label));
        let factors = factors.map(|(array, (_, values))| (array, values.as_slice())).collect();
        Loop { extent: extents[&label], steps, factors }
    }
}

/// Runs `loops`, one inside the other, from the positions `at` and with the product of the factors so far.
fn nest<T>(loops: &[Loop<T>], at: &mut [usize], product: Option<T>, result: &mut [T])
where
    T: Clone + Add<Output = T> + Mul<Output = T>,
{
    let Some((outer, inner)) = loops.split_first() else {
        let sum = &mut result[at[at.len() - 1]];
        *sum = sum.clone() + product.expect("an operand");
        return;
    };
    for _ in 0..outer.extent {
        let mut product = product.clone();
        for &(array, values) in &outer.factors {
            let factor = values[at[array]].clone();
            product = Some(if let Some(product) = product { product * factor } else { factor });
        }
        nest(inner, at, product, result);
        for &(array, step) in &outer.steps {
            at[array] += step;
        }
    }
    for &(array, step) in &outer.steps {
        at[array] -= outer.extent * step;
    }
}

/// A result in the type of the oracle's, also where it is a bare scalar.
pub trait IntoDyn<T> {
    fn into_dyn(self) -> ArrayD<T>;
}

impl<T> IntoDyn<T> for T {
    fn into_dyn(self) -> ArrayD<T> {
        arr0(self).into_dyn()
    }
}

impl<T, D: Dimension> IntoDyn<T> for Array<T, D> {
    fn into_dyn(self) -> ArrayD<T> {
        self.into_dyn()
    }
}
