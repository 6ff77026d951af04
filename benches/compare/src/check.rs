//! Every result of every implementation against one reference.
//!
//! The reference is this crate's own result in double precision, all of it, after a sample of its elements has been
//! compared with plain loops over the labels. An element that the sample misses would have to be wrong in the same way in
//! every peer.

use std::collections::BTreeMap;
use std::iter::zip;

use ndarray::{ArrayViewD, IxDyn};

use crate::operands::Operands;
use crate::ours;
use crate::real::Real;
use crate::table::Workload;

/// Elements that are compared with loops.
const SAMPLE: usize = 199;

pub struct Reference {
    values: Vec<f64>,
    tolerance: f64,
}

/// How far a sum may be off: half a machine epsilon for each product in it, whose mean magnitude is 1/16, and 32
/// epsilons for short sums. Sums in order are ten times better; Winograd's, which a library may choose, are not.
fn tolerance(depth: usize, epsilon: f64) -> f64 {
    epsilon * (32.0 + depth as f64 / 2.0)
}

impl Reference {
    pub fn new<T: Real>(workload: &Workload, operands: &Operands<T>) -> Result<Self, String> {
        let wide = operands.wide();
        let mut ours = ours::entries(&workload.problem, &wide);
        let values = ours[0].candidate.result().map_err(|error| error.to_string())?;
        let precise = Self { values, tolerance: tolerance(workload.depth(), f64::EPSILON) };
        let (left, right) = wide.views(&workload.problem);
        let labels = Labels::new(workload.problem.equation(), &left, &right);
        let step = (precise.values.len() / SAMPLE).max(1);
        for position in (0..precise.values.len()).step_by(step).chain([precise.values.len() - 1]) {
            let (found, expected) = (precise.values[position], labels.element(&left, &right, position));
            precise.compare(position, found, expected).map_err(|error| format!("reference, {error}"))?;
        }
        Ok(Self { tolerance: tolerance(workload.depth(), T::PRECISION), ..precise })
    }

    pub fn check(&self, values: &[f64]) -> Result<(), String> {
        if values.len() != self.values.len() {
            return Err(format!("{} elements instead of {}", values.len(), self.values.len()));
        }
        let pairs = zip(values, &self.values).enumerate();
        pairs
            .into_iter()
            .try_for_each(|(position, (&found, &expected))| self.compare(position, found, expected))
    }

    fn compare(&self, position: usize, found: f64, expected: f64) -> Result<(), String> {
        // Not `>`, which NaN would pass.
        if (found - expected).abs() <= self.tolerance {
            return Ok(());
        }
        Err(format!("element {position} is {found} instead of {expected}, tolerance {:.1e}", self.tolerance))
    }
}

/// An equation of two terms, and the extents of its labels.
struct Labels {
    terms: [Vec<char>; 2],
    output: Vec<char>,
    summed: Vec<char>,
    extents: BTreeMap<char, usize>,
}

impl Labels {
    fn new(equation: &str, left: &ArrayViewD<f64>, right: &ArrayViewD<f64>) -> Self {
        let (inputs, output) = equation.split_once("->").expect("an arrow");
        let (first, second) = inputs.split_once(',').expect("two terms");
        let terms = [first, second].map(|term| term.chars().collect::<Vec<_>>());
        let axes = zip(&terms[0], left.shape()).chain(zip(&terms[1], right.shape()));
        let extents: BTreeMap<_, _> = axes.map(|(&label, &extent)| (label, extent)).collect();
        let summed = extents.keys().copied().filter(|&label| !output.contains(label)).collect();
        Self { terms, output: output.chars().collect(), summed, extents }
    }

    /// One element of the output, from its row-major position.
    fn element(&self, left: &ArrayViewD<f64>, right: &ArrayViewD<f64>, position: usize) -> f64 {
        let mut at = BTreeMap::new();
        self.set(&self.output, position, &mut at);
        let count: usize = self.summed.iter().map(|label| self.extents[label]).product();
        let mut sum = 0.0;
        for summand in 0..count {
            self.set(&self.summed, summand, &mut at);
            let [left, right] = [(left, &self.terms[0]), (right, &self.terms[1])].map(|(array, term)| {
                let index: Vec<_> = term.iter().map(|label| at[label]).collect();
                array[IxDyn(&index)]
            });
            sum += left * right;
        }
        sum
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
