//! Two tensors that are matrices for each position of their batches: one product of a library after another.

use std::hint::black_box;

use ndarray::linalg::general_mat_vec_mul;
use ndarray::{
    Array1, ArrayBase, ArrayD, ArrayView1, ArrayView2, ArrayView3, ArrayView4, ArrayViewMut3, ArrayViewMut4,
    Axis, Ix1, Ix2, Ix4, IxDyn, RawData, Zip,
};

use super::multiply::{self, Multiply};
use crate::candidate::Entry;
use crate::operands::Operands;
use crate::real::Real;
use crate::table::Network;

pub fn entries<'a, T: Real>(network: &Network, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    let mut entries = vectors(network, operands);
    if let Some(products) = Products::new(network, operands) {
        multiply::all().iter().for_each(|&(name, multiply)| entries.extend(products.both(name, multiply)));
    }
    entries
}

/// Two batches, the rows and the columns of a matrix; an axis of one position where there is no label.
type Axes = [Option<char>; 4];

#[derive(Clone)]
struct Products<'a, T> {
    a: ArrayView4<'a, T>,
    b: ArrayView4<'a, T>,
    output: Vec<char>,
    axes: Axes,
    shape: Vec<usize>,
    threads: usize,
}

impl<'a, T: Real> Products<'a, T> {
    /// None if a side of a matrix has more than one label, if there are more than two batches, or anything else.
    fn new(network: &Network, operands: &'a Operands<T>) -> Option<Self> {
        let (terms, output) = network.terms();
        let [left, right] = &terms[..] else { return None };
        let labels = |term: &[char], shared: bool, kept: bool| -> Vec<char> {
            let other = if term == left { right } else { left };
            let which = |label: &char| other.contains(label) == shared && output.contains(label) == kept;
            term.iter().copied().filter(which).collect()
        };
        let (batch, inner) = (labels(left, true, true), labels(left, true, false));
        let (rows, columns) = (labels(left, false, true), labels(right, false, true));
        let others = [labels(left, false, false), labels(right, false, false)].concat();
        let thick = [&inner, &rows, &columns].iter().any(|side| side.len() > 1);
        if thick || batch.len() > 2 || !others.is_empty() {
            return None;
        }
        let axes = |rows: &[char], columns: &[char]| -> Axes {
            [batch.first(), batch.get(1), rows.first(), columns.first()].map(Option::<&char>::copied)
        };
        Some(Self {
            a: matrices(operands.arrays[0].view(), left, axes(&rows, &inner)),
            b: matrices(operands.arrays[1].view(), right, axes(&inner, &columns)),
            axes: axes(&rows, &columns),
            shape: network.shape(&output),
            threads: operands.threads,
            output,
        })
    }

    fn both(&self, name: &'static str, multiply: Multiply<T>) -> [Entry<'a>; 2] {
        let (this, shape) = (self.clone(), self.shape.clone());
        let call = move |out: &mut ArrayD<T>| {
            let out = matrices(out.view_mut(), &this.output, this.axes);
            multiply_all(multiply, out, black_box(this.a), this.b, this.threads);
        };
        let in_place = Entry::in_place(name, shape.clone(), call.clone());
        let owned = Entry::owned(name, move || {
            let mut out = ArrayD::zeros(shape.clone());
            call(&mut out);
            out
        });
        [owned, in_place]
    }
}

fn matrices<S: RawData>(tensor: ArrayBase<S, IxDyn>, term: &[char], axes: Axes) -> ArrayBase<S, Ix4> {
    let position = |label| term.iter().position(|&own| own == label).expect("a label of this tensor");
    let order: Vec<_> = axes.into_iter().flatten().map(position).collect();
    let missing = (0..axes.len()).filter(|&axis| axes[axis].is_none());
    let tensor = missing.fold(tensor.permuted_axes(order), |tensor, axis| tensor.insert_axis(Axis(axis)));
    tensor.into_dimensionality().expect("four axes")
}

/// On several threads each takes whole products, unless there is only one.
fn multiply_all<T: Real>(
    multiply: Multiply<T>,
    mut out: ArrayViewMut4<'_, T>,
    a: ArrayView4<'_, T>,
    b: ArrayView4<'_, T>,
    threads: usize,
) {
    let parallel = threads > 1 && out.len_of(Axis(0)) > 1;
    let threads = if parallel { 1 } else { threads };
    let some = |mut out: ArrayViewMut3<T>, a: ArrayView3<T>, b: ArrayView3<T>| {
        let products = Zip::from(out.outer_iter_mut()).and(a.outer_iter()).and(b.outer_iter());
        products.for_each(|out, a, b| multiply(out, a, b, threads));
    };
    let batches = Zip::from(out.outer_iter_mut()).and(a.outer_iter()).and(b.outer_iter());
    if parallel { batches.par_for_each(some) } else { batches.for_each(some) }
}

/// What `ndarray` has for vectors.
fn vectors<'a, T: Real>(network: &Network, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    let vector = |at: usize| operands.arrays[at].view().into_dimensionality::<Ix1>().expect("a vector");
    let matrix = || operands.arrays[0].view().into_dimensionality::<Ix2>().expect("a matrix");
    match network.equation.as_str() {
        "ij,j->i" => matrix_vector(matrix(), vector(1)),
        "ij,i->j" => matrix_vector(matrix().reversed_axes(), vector(1)),
        "i,i->" => {
            let (x, y) = (vector(0), vector(1));
            vec![Entry::owned(DOT, move || black_box(&x).dot(&y))]
        }
        _ => Vec::new(),
    }
}

const DOT: &str = "ndarray.dot";

fn matrix_vector<'a, T: Real>(a: ArrayView2<'a, T>, x: ArrayView1<'a, T>) -> Vec<Entry<'a>> {
    let store = move |out: &mut Array1<T>| general_mat_vec_mul(T::one(), black_box(&a), &x, T::zero(), out);
    vec![Entry::owned(DOT, move || black_box(&a).dot(&x)), Entry::in_place(DOT, a.nrows(), store)]
}
