//! Networks in double precision, two tensors at a time, by `ndarray` alone: what results are compared with.
//!
//! The next two are those whose product is smallest beside them. What only one of them has, and nobody else wants, is
//! summed first; a product is one of matrices for each position of the labels that both have and somebody wants.

use std::iter::zip;

use ndarray::linalg::general_mat_mul;
use ndarray::{Array3, ArrayD, Axis, Ix3, IxDyn, Zip};

use crate::operands::Operands;
use crate::table::Network;

struct Tensor {
    labels: Vec<char>,
    array: ArrayD<f64>,
}

/// The result, in the order of the output.
pub fn contract(network: &Network, operands: &Operands<f64>) -> Vec<f64> {
    let (terms, output) = network.terms();
    let tensor = |(labels, array): (_, &ArrayD<f64>)| Tensor { labels, array: array.clone() };
    let mut tensors: Vec<_> = zip(terms, &operands.arrays).map(tensor).collect();
    while tensors.len() > 1 {
        let (left, right) = next(network, &tensors, &output);
        // The larger position first: the other one stays where it is.
        let (right, left) = (tensors.swap_remove(right), tensors.swap_remove(left));
        tensors.push(product(left, right, &|label| wanted(label, &output, &tensors)));
    }
    let last = tensors.remove(0).sum(&|label| output.contains(&label));
    last.ordered(&output).into_iter().collect()
}

fn wanted<'a>(label: char, output: &[char], others: impl IntoIterator<Item = &'a Tensor>) -> bool {
    output.contains(&label) || others.into_iter().any(|tensor| tensor.labels.contains(&label))
}

/// The positions of the two whose product has the fewest elements more than they have.
fn next(network: &Network, tensors: &[Tensor], output: &[char]) -> (usize, usize) {
    let size = |labels: &[char]| labels.iter().map(|label| network.extents[label] as f64).product::<f64>();
    let growth = |&(left, right): &(usize, usize)| {
        let (a, b) = (&tensors[left].labels, &tensors[right].labels);
        let mut labels = a.clone();
        labels.extend(b.iter().filter(|label| !a.contains(label)));
        let others = || tensors.iter().enumerate().filter(|(at, _)| *at != left && *at != right);
        labels.retain(|&label| wanted(label, output, others().map(|(_, tensor)| tensor)));
        size(&labels) - size(a) - size(b)
    };
    let pairs = (0..tensors.len()).flat_map(|right| (0..right).map(move |left| (left, right)));
    pairs.min_by(|a, b| growth(a).total_cmp(&growth(b))).expect("two tensors at least")
}

fn product(left: Tensor, right: Tensor, wanted: &dyn Fn(char) -> bool) -> Tensor {
    let left_labels = left.labels.clone();
    let left = left.sum(&|label| wanted(label) || right.labels.contains(&label));
    let right = right.sum(&|label| wanted(label) || left_labels.contains(&label));
    let of = |tensor: &Tensor, which: &dyn Fn(char) -> bool| -> Vec<char> {
        tensor.labels.iter().copied().filter(|&label| which(label)).collect()
    };
    let batch = of(&left, &|label| right.labels.contains(&label) && wanted(label));
    let inner = of(&left, &|label| right.labels.contains(&label) && !wanted(label));
    let rows = of(&left, &|label| !right.labels.contains(&label));
    let columns = of(&right, &|label| !left.labels.contains(&label));
    let (a, b) = (left.matrices([&batch, &rows, &inner]), right.matrices([&batch, &inner, &columns]));
    let mut out = Array3::zeros((a.len_of(Axis(0)), a.len_of(Axis(1)), b.len_of(Axis(2))));
    Zip::from(out.outer_iter_mut())
        .and(a.outer_iter())
        .and(b.outer_iter())
        .for_each(|mut out, a, b| general_mat_mul(1.0, &a, &b, 0.0, &mut out));
    let mut shape: Vec<_> = batch.iter().chain(&rows).map(|&label| left.extent(label)).collect();
    shape.extend(columns.iter().map(|&label| right.extent(label)));
    let array = out.into_shape_with_order(IxDyn(&shape)).expect("as many elements");
    Tensor { labels: [batch, rows, columns].concat(), array }
}

impl Tensor {
    fn position(&self, label: char) -> usize {
        self.labels.iter().position(|&own| own == label).expect("a label of this tensor")
    }

    fn extent(&self, label: char) -> usize {
        self.array.len_of(Axis(self.position(label)))
    }

    /// Without the labels that are not kept.
    fn sum(mut self, kept: &dyn Fn(char) -> bool) -> Self {
        for at in (0..self.labels.len()).rev().filter(|&at| !kept(self.labels[at])).collect::<Vec<_>>() {
            self.array = self.array.sum_axis(Axis(at));
            self.labels.remove(at);
        }
        self
    }

    /// A row-major copy with its axes in this order.
    fn ordered(&self, labels: &[char]) -> ArrayD<f64> {
        let axes: Vec<_> = labels.iter().map(|&label| self.position(label)).collect();
        self.array.view().permuted_axes(axes).as_standard_layout().into_owned()
    }

    /// Matrices below each other; their axes stand for groups of labels.
    fn matrices(&self, groups: [&[char]; 3]) -> Array3<f64> {
        let shape = groups.map(|group| group.iter().map(|&label| self.extent(label)).product::<usize>());
        let array = self.ordered(&groups.concat()).into_shape_with_order(shape);
        array.expect("as many elements").into_dimensionality::<Ix3>().expect("three axes")
    }
}
