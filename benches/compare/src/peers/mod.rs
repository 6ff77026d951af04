//! What else a Rust program could call, each as well as it can be called.

mod conv;
mod gradient;
mod matmul;
mod multiply;
mod unfold;

use std::hint::black_box;

use ndarray_einsum::ArrayLike;

use crate::candidate::Entry;
use crate::operands::Operands;
use crate::real::Real;
use crate::table::{Pass, Problem};

pub fn entries<'a, T: Real>(problem: &Problem, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    let mut entries = match problem {
        Problem::Matmul(matmul) => matmul::entries(matmul, operands),
        Problem::Conv(conv) if conv.pass == Pass::Kernel => gradient::entries(conv, operands),
        Problem::Conv(conv) => conv::entries(conv, operands),
    };
    entries.push(ndarray_einsum(problem, operands));
    entries
}

fn ndarray_einsum<'a, T: Real>(problem: &Problem, operands: &'a Operands<T>) -> Entry<'a> {
    let (equation, (left, right)) = (problem.equation(), operands.views(problem));
    Entry::owned("ndarray-einsum", move || {
        let operands: [&dyn ArrayLike<T>; 2] = [black_box(&left), &right];
        ndarray_einsum::einsum(equation, &operands).expect("an equation that it can do")
    })
}
