//! Single elements of a result, by plain loops over the labels.

use std::collections::BTreeMap;
use std::iter::zip;

use ndarray::{ArrayViewD, IxDyn};

use crate::operands::Operands;
use crate::table::Problem;

/// Elements that are compared, and the last.
const SAMPLE: usize = 199;

/// Products in all of them together, at most: networks may have none that loops can do.
const PRODUCTS: usize = 10_000_000;

/// Products that are added one after another. A sum of some millions would be off by more than the reference.
const PART: usize = 1 << 11;

/// An equation with its operands, and the extents of its labels.
pub struct Loops<'a> {
    operands: Vec<(Vec<char>, ArrayViewD<'a, f64>)>,
    output: Vec<char>,
    summed: Vec<char>,
    extents: BTreeMap<char, usize>,
}

impl<'a> Loops<'a> {
    pub fn new(problem: &Problem, operands: &'a Operands<f64>) -> Self {
        let (inputs, output) = problem.equation().split_once("->").expect("an arrow");
        let terms = inputs.split(',').map(|term| term.chars().collect::<Vec<_>>());
        let operands: Vec<_> = zip(terms, operands.views(problem)).collect();
        let axes = operands.iter().flat_map(|(term, array)| zip(term, array.shape()));
        let extents: BTreeMap<_, _> = axes.map(|(&label, &extent)| (label, extent)).collect();
        let summed = extents.keys().copied().filter(|&label| !output.contains(label)).collect();
        Self { operands, output: output.chars().collect(), summed, extents }
    }

    /// The positions to compare in a result of that length.
    pub fn sample(&self, length: usize) -> impl Iterator<Item = usize> {
        let depth = self.summed.iter().map(|label| self.extents[label]).fold(1, usize::saturating_mul);
        let count = SAMPLE.min(PRODUCTS / depth);
        let step = (length / count.max(1)).max(1);
        (0..length).step_by(step).chain([length - 1]).filter(move |_| count > 0)
    }

    /// One element of the output, from its row-major position.
    pub fn element(&self, position: usize) -> f64 {
        let mut at = BTreeMap::new();
        self.set(&self.output, position, &mut at);
        let count: usize = self.summed.iter().map(|label| self.extents[label]).product();
        let mut product = |summand| {
            self.set(&self.summed, summand, &mut at);
            let element = |(term, array): &(Vec<char>, ArrayViewD<'_, f64>)| {
                let index: Vec<_> = term.iter().map(|label| at[label]).collect();
                array[IxDyn(&index)]
            };
            self.operands.iter().map(element).product::<f64>()
        };
        let mut part = |start: usize| (start..count.min(start + PART)).map(&mut product).sum::<f64>();
        (0..count).step_by(PART).map(&mut part).sum()
    }

    /// The index that a row-major position over these labels stands for.
    fn set(&self, labels: &[char], mut position: usize, at: &mut BTreeMap<char, usize>) {
        for label in labels.iter().rev() {
            let extent = self.extents[label];
            at.insert(*label, position % extent);
            position /= extent;
        }
    }
}
