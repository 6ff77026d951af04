//! Contractions of two tensors or more.

use std::collections::BTreeMap;

/// Any contraction. The extents of the tensors are those of their labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    pub equation: String,
    pub extents: BTreeMap<char, usize>,
    /// Multiplications and additions of the cheapest order that opt_einsum found, as it counts them.
    pub flops: u64,
}

impl Network {
    /// The labels of the operands, and of the output.
    pub fn terms(&self) -> (Vec<Vec<char>>, Vec<char>) {
        let (inputs, output) = self.equation.split_once("->").expect("an arrow");
        (inputs.split(',').map(|term| term.chars().collect()).collect(), output.chars().collect())
    }

    pub fn shape(&self, labels: &[char]) -> Vec<usize> {
        labels.iter().map(|label| self.extents[label]).collect()
    }

    pub fn shapes(&self) -> Vec<Vec<usize>> {
        self.terms().0.iter().map(|term| self.shape(term)).collect()
    }
}
