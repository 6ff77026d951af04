//! Whoever takes part: something that can be called, timed and asked for its result.

use std::hint::black_box;
use std::io;
use std::time::Instant;

use ndarray::{Array, Dimension};

use crate::real::Real;

/// Whether each call makes a new array, or overwrites one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Owned,
    InPlace,
}

/// An implementation with its operands.
pub trait Candidate {
    /// Seconds for that many calls.
    fn time(&mut self, calls: u32) -> io::Result<f64>;

    /// The result, in the order of the equation's output.
    fn result(&mut self) -> io::Result<Vec<f64>>;
}

/// A candidate, and how it is called in the tables.
pub struct Entry<'a> {
    pub name: &'static str,
    pub mode: Mode,
    pub candidate: Box<dyn Candidate + 'a>,
}

/// The name of this crate among the entries.
pub const OURS: &str = "einsum!";

impl<'a> Entry<'a> {
    pub fn is_ours(&self) -> bool {
        self.name == OURS
    }

    pub fn owned<R: Values + 'a>(name: &'static str, call: impl FnMut() -> R + 'a) -> Self {
        Self { name, mode: Mode::Owned, candidate: Box::new(Owned { call }) }
    }

    /// Overwrites an array of that shape.
    pub fn in_place<T: Real, D: Dimension + 'a>(
        name: &'static str,
        shape: impl ndarray::ShapeBuilder<Dim = D>,
        call: impl FnMut(&mut Array<T, D>) + 'a,
    ) -> Self {
        let target = Array::zeros(shape);
        Self { name, mode: Mode::InPlace, candidate: Box::new(InPlace { target, call }) }
    }
}

/// What a call gives: an array, or a number.
pub trait Values {
    /// In the order of the equation's output.
    fn wide(&self) -> Vec<f64>;
}

impl<T: Real, D: Dimension> Values for Array<T, D> {
    fn wide(&self) -> Vec<f64> {
        self.iter().map(|&element| Real::wide(element)).collect()
    }
}

impl<T: Real> Values for T {
    fn wide(&self) -> Vec<f64> {
        vec![Real::wide(*self)]
    }
}

struct Owned<F> {
    call: F,
}

impl<R: Values, F: FnMut() -> R> Candidate for Owned<F> {
    fn time(&mut self, calls: u32) -> io::Result<f64> {
        let start = Instant::now();
        for _ in 0..calls {
            black_box((self.call)());
        }
        Ok(start.elapsed().as_secs_f64())
    }

    fn result(&mut self) -> io::Result<Vec<f64>> {
        Ok((self.call)().wide())
    }
}

struct InPlace<A, F> {
    target: A,
    call: F,
}

impl<T: Real, D: Dimension, F: FnMut(&mut Array<T, D>)> Candidate for InPlace<Array<T, D>, F> {
    fn time(&mut self, calls: u32) -> io::Result<f64> {
        let start = Instant::now();
        for _ in 0..calls {
            (self.call)(black_box(&mut self.target));
        }
        Ok(start.elapsed().as_secs_f64())
    }

    fn result(&mut self) -> io::Result<Vec<f64>> {
        // Whatever is not overwritten, or is added to, shows.
        self.target.fill(T::NAN);
        (self.call)(&mut self.target);
        Ok(self.target.wide())
    }
}
