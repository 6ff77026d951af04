//! Sums to one number by loops.

use std::hint::black_box;
use std::iter::zip;

use ndarray::{Array0, ArrayD};

use crate::candidate::Entry;
use crate::operands::Operands;
use crate::real::Real;
use crate::table::Network;

pub fn entries<'a, T: Real>(network: &Network, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    let slice = |array: &'a ArrayD<T>| array.as_slice().expect("row-major");
    match (network.equation.as_str(), &operands.arrays[..]) {
        ("i,i->", [x, y]) => {
            let (x, y) = (slice(x), slice(y));
            both(move || dot(black_box(x), black_box(y)))
        }
        ("i,ij,j->", [x, a, y]) => {
            let (x, a, y) = (slice(x), slice(a), slice(y));
            both(move || bilinear(black_box(x), black_box(a), black_box(y)))
        }
        _ => Vec::new(),
    }
}

fn both<'a, T: Real>(call: impl Fn() -> T + Copy + 'a) -> Vec<Entry<'a>> {
    let store = move |out: &mut Array0<T>| out[()] = call();
    vec![Entry::owned("loops", call), Entry::in_place("loops", (), store)]
}

fn dot<T: Real>(x: &[T], y: &[T]) -> T {
    zip(x, y).fold(T::zero(), |sum, (&a, &b)| sum + a * b)
}

fn bilinear<T: Real>(x: &[T], a: &[T], y: &[T]) -> T {
    zip(x, a.chunks_exact(y.len())).fold(T::zero(), |sum, (&x, row)| sum + x * dot(row, y))
}
