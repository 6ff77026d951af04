//! The calls that a user of this crate would write.

mod groups;
mod network;

use std::hint::black_box;

use einsum::{Windows, einsum};
use ndarray::{ArrayD, ArrayView, Dimension, Ix2, Ix3, Ix4, s};

use crate::candidate::{Entry, OURS};
use crate::operands::Operands;
use crate::real::Real;
use crate::table::{Channels, Conv, Form, Layout, Matmul, Pass, Problem};

/// Both forms of a call. The operands are expressions, evaluated in each call as in a user's program.
macro_rules! both {
    ($shape:expr, $subscripts:tt, $left:expr, $right:expr) => {
        vec![
            Entry::owned(OURS, move || einsum!($subscripts, $left, $right)),
            Entry::in_place(OURS, $shape, move |out| einsum!(out = $subscripts, $left, $right)),
        ]
    };
}
use both;

pub fn entries<'a, T: Real>(problem: &Problem, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    match problem {
        Problem::Matmul(matmul) => matmuls(matmul, operands),
        Problem::Conv(conv) => match conv.channels() {
            Channels::All => convolutions(conv, operands),
            Channels::Grouped => groups::grouped(conv, operands),
            Channels::Depthwise => groups::depthwise(conv, operands),
        },
        Problem::Network(network) => network::entries(network, operands),
    }
}

/// With its static rank. The compiler must not know what is in there.
fn fixed<D: Dimension, T>(array: &ArrayD<T>) -> ArrayView<'_, T, D> {
    black_box(array.view().into_dimensionality().expect("the rank of the workload"))
}

fn matmuls<'a, T: Real>(matmul: &Matmul, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    let [left, right] = &operands.arrays[..] else { unreachable!("two operands") };
    let &Matmul { form, batch, m, n, .. } = matmul;
    if form == Form::Batch {
        let (a, b) = (fixed::<Ix3, T>(left), fixed::<Ix3, T>(right));
        return both!((batch, m, n), "bij,bjk->bik", black_box(&a), b);
    }
    let (a, b) = (fixed::<Ix2, T>(left), fixed::<Ix2, T>(right));
    match form {
        Form::Plain | Form::Batch => both!((m, n), "ij,jk->ik", black_box(&a), b),
        Form::RightTransposed => both!((m, n), "ij,kj->ik", black_box(&a), b),
        Form::LeftTransposed => both!((m, n), "ji,jk->ik", black_box(&a), b),
        Form::OutTransposed => both!((n, m), "ij,jk->ki", black_box(&a), b),
    }
}

fn convolutions<'a, T: Real>(conv: &Conv, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    let [left, right] = &operands.arrays[..] else { unreachable!("two operands") };
    let &Conv { pass, layout, n, c, o, x, k, stride, .. } = conv;
    if pass == Pass::Image {
        let (image, kernel) = (fixed::<Ix2, T>(left), fixed::<Ix2, T>(right));
        let windows = Windows::new([k, k]);
        return both!((x, x), "xyij,ij->xy", windows.view(black_box(&image)), kernel);
    }
    let (a, b) = (fixed::<Ix4, T>(left), fixed::<Ix4, T>(right));
    let over = |axes| Windows::new([k, k]).axes(axes);
    let (nhwc, nchw) = (over([1, 2]).stride([stride; 2]), over([2, 3]).stride([stride; 2]));
    let h = conv.correlation().x;
    match (pass, layout) {
        (Pass::Forward | Pass::Image, Layout::Nhwc) => {
            both!((n, x, x, o), "nxycij,ijco->nxyo", nhwc.view(black_box(&a)), b)
        }
        (Pass::Forward | Pass::Image, Layout::Nchw) => {
            both!((n, o, x, x), "ncxyij,ocij->noxy", nchw.view(black_box(&a)), b)
        }
        (Pass::Kernel, Layout::Nhwc) => both!((k, k, c, o), "nxycij,nxyo->ijco", nhwc.view(black_box(&a)), b),
        (Pass::Kernel, Layout::Nchw) => both!((o, c, k, k), "ncxyij,noxy->ocij", nchw.view(black_box(&a)), b),
        (Pass::Input, Layout::Nhwc) => {
            let turned = b.slice_move(s![..;-1, ..;-1, .., ..]);
            both!((n, h, h, c), "nxyoij,ijco->nxyc", nhwc.view(black_box(&a)), turned)
        }
        (Pass::Input, Layout::Nchw) => {
            let turned = b.slice_move(s![.., .., ..;-1, ..;-1]);
            both!((n, c, h, h), "noxyij,ocij->ncxy", nchw.view(black_box(&a)), turned)
        }
    }
}
