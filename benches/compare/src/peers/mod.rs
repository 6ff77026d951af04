//! What else a Rust program could call, each as well as it can be called.

mod conv;
mod depthwise;
mod gradient;
mod matmul;
mod multiply;
mod network;
mod products;
mod tiny;
mod unfold;

use std::hint::black_box;

use ndarray_einsum::ArrayLike;

use crate::candidate::Entry;
use crate::operands::Operands;
use crate::real::Real;
use crate::table::{Channels, Conv, Pass, Problem};

pub fn entries<'a, T: Real>(problem: &Problem, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    let mut entries = match problem {
        Problem::Matmul(matmul) => matmul::entries(matmul, operands),
        Problem::Conv(conv) => convolutions(conv, operands),
        Problem::Network(network) => {
            let mut entries = network::entries(network, operands);
            entries.extend(products::entries(network, operands));
            entries.extend(tiny::entries(network, operands));
            entries
        }
    };
    // It contracts from left to right, which is no order for networks.
    if operands.arrays.len() <= 3 {
        entries.push(ndarray_einsum(problem, operands));
    }
    entries
}

fn convolutions<'a, T: Real>(conv: &Conv, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    match (conv.channels(), conv.pass) {
        (Channels::All, Pass::Kernel) => gradient::entries(conv, operands),
        (Channels::All, _) => conv::entries(conv, operands),
        (Channels::Depthwise, Pass::Forward | Pass::Input) => depthwise::entries(conv, operands),
        _ => Vec::new(),
    }
}

fn ndarray_einsum<'a, T: Real>(problem: &Problem, operands: &'a Operands<T>) -> Entry<'a> {
    let (equation, views) = (problem.equation().to_owned(), operands.views(problem));
    Entry::owned("ndarray-einsum", move || {
        let operands: Vec<&dyn ArrayLike<T>> = black_box(&views).iter().map(|view| view as _).collect();
        ndarray_einsum::einsum(&equation, &operands).expect("an equation that it can do")
    })
}
