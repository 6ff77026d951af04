//! What a net learns, and how: gradient descent with momentum.

use ndarray::{Array, Dimension, IntoDimension};
use rand::RngExt;
use rand::rngs::StdRng;

/// Numbers to learn, and their velocity, to which the gradients are added.
pub struct Learned<D: Dimension> {
    pub values: Array<f32, D>,
    pub velocity: Array<f32, D>,
}

impl<D: Dimension> Learned<D> {
    pub fn zeros(shape: impl IntoDimension<Dim = D>) -> Self {
        let shape = shape.into_dimension();
        Self { values: Array::zeros(shape.clone()), velocity: Array::zeros(shape) }
    }

    /// Random weights, outputs last. Their variance of 2 for all inputs together keeps signals at their size
    /// through a `relu`.
    pub fn random(shape: impl IntoDimension<Dim = D>, rng: &mut StdRng) -> Self {
        let mut weights = Self::zeros(shape);
        let outputs = weights.values.shape().last().copied().unwrap_or(1);
        let bound = (6.0 * outputs as f32 / weights.values.len() as f32).sqrt();
        weights.values.mapv_inplace(|_| rng.random_range(-bound..bound));
        weights
    }

    /// Moves the values, and lets the velocity decay.
    pub fn step(&mut self, rate: f32) {
        self.values.scaled_add(-rate, &self.velocity);
        self.velocity *= 0.9;
    }
}
