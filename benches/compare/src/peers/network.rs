//! Several tensors, as one would write them with a matrix product at hand. Memory for what is between is reused.

use std::hint::black_box;
use std::iter::zip;

use ndarray::{Array2, ArrayD, ArrayView2, Axis, Ix2};

use super::multiply::gemm;
use crate::candidate::Entry;
use crate::operands::Operands;
use crate::real::Real;
use crate::table::Network;

pub fn entries<'a, T: Real>(network: &Network, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    match (network.equation.as_str(), &operands.arrays[..]) {
        ("ki,k,kj->ij", [x, weights, y]) => scaled(x, weights, y, operands.threads),
        ("ijk,jr,kr->ir" | "ijkl,jr,kr,lr->ir", [tensor, factors @ ..]) => {
            let mut entries = first(tensor, factors, operands.threads);
            entries.extend(first_by_slices(tensor, factors, operands.threads));
            entries
        }
        ("ijk,ir,kr->jr", [tensor, a, c]) => middle(tensor, a, c, operands.threads),
        ("ijk,ir,jr->kr", [tensor, factors @ ..]) => last(tensor, factors, operands.threads),
        _ => Vec::new(),
    }
}

fn both<'a, T: Real>(
    name: &'static str,
    shape: (usize, usize),
    call: impl FnMut(&mut Array2<T>) + Clone + 'a,
) -> Vec<Entry<'a>> {
    let mut store = call.clone();
    let owned = move || {
        let mut out = Array2::zeros(shape);
        store(&mut out);
        out
    };
    vec![Entry::owned(name, owned), Entry::in_place(name, shape, call)]
}

/// Weights times one factor, and one product.
fn scaled<'a, T: Real>(
    x: &'a ArrayD<T>,
    weights: &'a ArrayD<T>,
    y: &'a ArrayD<T>,
    threads: usize,
) -> Vec<Entry<'a>> {
    let (x, y) = (matrix(x, x.shape()[0]), matrix(y, y.shape()[0]));
    let mut weighted = y.to_owned();
    both("scaled+gemm", (x.ncols(), y.ncols()), move |out| {
        for ((mut to, from), &weight) in zip(zip(weighted.rows_mut(), black_box(y).rows()), weights) {
            to.zip_mut_with(&from, |to, &from| *to = from * weight);
        }
        gemm(out.view_mut(), x.reversed_axes(), weighted.view(), false, threads);
    })
}

/// All but the first axis of the tensor against the Khatri-Rao product of their factors.
fn first<'a, T: Real>(tensor: &'a ArrayD<T>, factors: &'a [ArrayD<T>], threads: usize) -> Vec<Entry<'a>> {
    let tensor = matrix(tensor, tensor.shape()[0]);
    let mut products = Products::new(factors);
    both("khatri-rao+gemm", (tensor.nrows(), products.rank), move |out| {
        gemm(out.view_mut(), black_box(tensor), products.multiply(), false, threads);
    })
}

/// For each position of the first axis, the last factor by a product, the others by a sum while that is in the caches.
fn first_by_slices<'a, T: Real>(
    tensor: &'a ArrayD<T>,
    factors: &'a [ArrayD<T>],
    threads: usize,
) -> Vec<Entry<'a>> {
    let (last, others) = factors.split_last().expect("factors");
    let (mut others, last) = (Products::new(others), matrix(last, last.shape()[0]));
    let (count, rank) = (tensor.shape()[0], others.rank);
    let tensor = matrix(tensor, tensor.len() / last.nrows());
    let mut slice = Array2::zeros((tensor.nrows() / count, rank));
    both("slices+gemm", (count, rank), move |out| {
        let others = others.multiply();
        let slices = black_box(&tensor).axis_chunks_iter(Axis(0), slice.nrows());
        for (tensor, mut sums) in zip(slices, out.rows_mut()) {
            gemm(slice.view_mut(), tensor, last, false, threads);
            let sums = sums.as_slice_mut().expect("row-major");
            sums.fill(T::zero());
            let slice = slice.view();
            zip(rows(&slice, rank), rows(&others, rank))
                .for_each(|(a, b)| zip(&mut *sums, zip(a, b)).for_each(|(sum, (&a, &b))| *sum += a * b));
        }
    })
}

/// For each position of the first axis, the last factor by a product, which is added with the weights of the first.
fn middle<'a, T: Real>(
    tensor: &'a ArrayD<T>,
    a: &'a ArrayD<T>,
    c: &'a ArrayD<T>,
    threads: usize,
) -> Vec<Entry<'a>> {
    let (a, c) = (matrix(a, a.shape()[0]), matrix(c, c.shape()[0]));
    let (middle, rank) = (tensor.shape()[1], c.ncols());
    let tensor = matrix(tensor, a.nrows() * middle);
    let mut slice = Array2::zeros((middle, rank));
    both("slices+gemm", (middle, rank), move |out| {
        out.fill(T::zero());
        let slices = black_box(&tensor).axis_chunks_iter(Axis(0), middle);
        for (tensor, weights) in zip(slices, rows(&a, rank)) {
            gemm(slice.view_mut(), tensor, c, false, threads);
            let sums = out.as_slice_mut().expect("row-major").chunks_exact_mut(rank);
            zip(sums, rows(&slice.view(), rank)).for_each(|(sums, slice)| {
                zip(sums, zip(slice, weights)).for_each(|(sum, (&a, &b))| *sum += a * b);
            });
        }
    })
}

/// All but the last axis of the tensor against the Khatri-Rao product of their factors.
fn last<'a, T: Real>(tensor: &'a ArrayD<T>, factors: &'a [ArrayD<T>], threads: usize) -> Vec<Entry<'a>> {
    let mut products = Products::new(factors);
    let tensor = matrix(tensor, products.rows);
    both("khatri-rao+gemm", (tensor.ncols(), products.rank), move |out| {
        gemm(out.view_mut(), black_box(tensor).reversed_axes(), products.multiply(), false, threads);
    })
}

/// The Khatri-Rao product of some factors, a row for each combination of their rows, which it multiplies.
#[derive(Clone)]
struct Products<'a, T> {
    factors: Vec<ArrayView2<'a, T>>,
    /// Of the first two factors, of the first three, and so on.
    partial: Vec<Array2<T>>,
    rows: usize,
    rank: usize,
}

impl<'a, T: Real> Products<'a, T> {
    fn new(factors: &'a [ArrayD<T>]) -> Self {
        let factors: Vec<_> = factors.iter().map(|factor| matrix(factor, factor.shape()[0])).collect();
        let (rank, mut rows) = (factors[0].ncols(), factors[0].nrows());
        let mut partial = Vec::new();
        for factor in &factors[1..] {
            rows *= factor.nrows();
            partial.push(Array2::zeros((rows, rank)));
        }
        Self { factors, partial, rows, rank }
    }

    fn multiply(&mut self) -> ArrayView2<'_, T> {
        let mut done = self.factors[0];
        for (factor, products) in zip(&self.factors[1..], &mut self.partial) {
            let mut to = products.as_slice_mut().expect("row-major").chunks_exact_mut(self.rank);
            for left in rows(&done, self.rank) {
                for (right, to) in zip(rows(factor, self.rank), &mut to) {
                    zip(to, zip(left, right)).for_each(|(to, (&left, &right))| *to = left * right);
                }
            }
            done = products.view();
        }
        done
    }
}

fn rows<'a, T>(matrix: &'a ArrayView2<'_, T>, length: usize) -> impl Iterator<Item = &'a [T]> {
    matrix.as_slice().expect("row-major").chunks_exact(length)
}

fn matrix<T>(array: &ArrayD<T>, rows: usize) -> ArrayView2<'_, T> {
    let view = array.view().into_shape_with_order((rows, array.len() / rows));
    view.expect("row-major").into_dimensionality::<Ix2>().expect("two axes")
}
