//! Matrix products. A library that takes strides gets transposed views.

use std::hint::black_box;

use ndarray::{Array2, Array3, ArrayD, ArrayView, ArrayView2, ArrayViewMut2, Dimension, Ix3, Zip};

use super::multiply::{self, Multiply};
use crate::candidate::Entry;
use crate::operands::Operands;
use crate::real::Real;
use crate::table::{Form, Matmul};

pub fn entries<'a, T: Real>(matmul: &Matmul, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    match matmul.form {
        Form::Batch => batches(matmul, operands),
        _ => products(matmul, operands),
    }
}

fn products<'a, T: Real>(matmul: &Matmul, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    let &Matmul { form, m, n, .. } = matmul;
    let (a, b): (ArrayView2<T>, ArrayView2<T>) = (fixed(&operands.arrays[0]), fixed(&operands.arrays[1]));
    let a = if form == Form::LeftTransposed { a.reversed_axes() } else { a };
    let b = if form == Form::RightTransposed { b.reversed_axes() } else { b };
    // The product itself is the transposed output: the libraries see it in Fortran order.
    let transposed = form == Form::OutTransposed;
    let shape = if transposed { (n, m) } else { (m, n) };
    let mut entries = Vec::new();
    for (name, multiply) in multiply::all() {
        let threads = operands.threads;
        let call = move |out: &mut Array2<T>| {
            let out = if transposed { out.view_mut().reversed_axes() } else { out.view_mut() };
            multiply(out, black_box(a), b, threads);
        };
        entries.push(Entry::in_place(name, shape, call));
        entries.push(match (name, transposed) {
            ("ndarray", false) => Entry::owned(name, move || black_box(a).dot(&b)),
            ("ndarray", true) => Entry::owned(name, move || b.t().dot(&black_box(a).t())),
            _ => Entry::owned(name, move || {
                let mut out = Array2::zeros(shape);
                call(&mut out);
                out
            }),
        });
    }
    entries
}

/// One product after another, as these libraries have none for batches.
fn batches<'a, T: Real>(matmul: &Matmul, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    let (a, b): (ArrayView<T, Ix3>, ArrayView<T, Ix3>) =
        (fixed(&operands.arrays[0]), fixed(&operands.arrays[1]));
    let shape = (matmul.batch, matmul.m, matmul.n);
    let mut entries = Vec::new();
    for (name, multiply) in multiply::all() {
        let call = batch(multiply, a, b, operands.threads);
        entries.push(Entry::in_place(name, shape, call.clone()));
        entries.push(Entry::owned(name, move || {
            let mut out = Array3::zeros(shape);
            call(&mut out);
            out
        }));
    }
    entries
}

/// On several threads, each takes whole products, which is better than to split small ones.
fn batch<'a, T: Real>(
    multiply: Multiply<T>,
    a: ArrayView<'a, T, Ix3>,
    b: ArrayView<'a, T, Ix3>,
    threads: usize,
) -> impl Fn(&mut Array3<T>) + Clone + 'a {
    let one = move |out: ArrayViewMut2<T>, a: ArrayView2<T>, b: ArrayView2<T>| multiply(out, a, b, 1);
    move |out| {
        let a = black_box(a);
        let products = Zip::from(out.outer_iter_mut()).and(a.outer_iter()).and(b.outer_iter());
        match threads {
            1 => products.for_each(one),
            _ => products.par_for_each(one),
        }
    }
}

fn fixed<T, D: Dimension>(array: &ArrayD<T>) -> ArrayView<'_, T, D> {
    array.view().into_dimensionality().expect("the rank of the workload")
}
