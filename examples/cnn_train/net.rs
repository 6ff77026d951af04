//! The net: two convolutions, each with `relu` and pooling, and a dense layer.

use einsum::einsum;
use ndarray::{Array1, Array2, Array4, ArrayRef4, Axis};
use rand::rngs::StdRng;

use crate::layers::{Conv, Dense, mean_pool, mean_pool_backward, relu, relu_backward};
use crate::support::idx::CLASSES;

pub struct Net {
    first: Conv,
    second: Conv,
    dense: Dense,
}

impl Net {
    /// For images of 28x28 pixels, which become 24x24, 12x12, 8x8 and 4x4.
    pub fn new(rng: &mut StdRng) -> Self {
        Self {
            first: Conv::new(5, 1, 16, rng),
            second: Conv::new(5, 16, 32, rng),
            dense: Dense::new([4, 4, 32], CLASSES, rng),
        }
    }

    /// The classes that the net sees in the images.
    pub fn read(&self, images: &ArrayRef4<f32>) -> Array1<usize> {
        let x = mean_pool(&relu(self.first.forward(images)));
        let x = mean_pool(&relu(self.second.forward(&x)));
        self.dense.forward(&x).map_axis(Axis(1), |scores| {
            (0..CLASSES).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap_or_default()
        })
    }

    /// Learns from a batch, whose classes are `truth`, at this rate. Gives the loss before.
    pub fn learn(&mut self, images: &Array4<f32>, truth: &Array2<f32>, rate: f32) -> f32 {
        let a = relu(self.first.forward(images));
        let b = mean_pool(&a);
        let c = relu(self.second.forward(&b));
        let d = mean_pool(&c);
        let (loss, dy) = cross_entropy(&self.dense.forward(&d), truth);

        self.dense.learn(&d, &dy);
        let dd = self.dense.backward(&d, &dy);
        let dc = relu_backward(&c, mean_pool_backward(&c, &dd));
        self.second.learn(&b, &dc);
        let db = self.second.backward(&b, &dc);
        let da = relu_backward(&a, mean_pool_backward(&a, &db));
        self.first.learn(images, &da);

        self.step(rate);
        loss
    }

    fn step(&mut self, rate: f32) {
        let Self { first, second, dense, .. } = self;
        for weights in [&mut first.kernel, &mut second.kernel, &mut dense.weights] {
            weights.step(rate);
        }
        for bias in [&mut first.bias, &mut second.bias, &mut dense.bias] {
            bias.step(rate);
        }
    }
}

/// The classes as rows of zeros with a one.
pub fn one_hot<T: Clone + num_traits::Zero + num_traits::One>(classes: &[usize]) -> Array2<T> {
    Array2::eye(CLASSES).select(Axis(0), classes)
}

/// The mean cross entropy between the softmax of the scores and the truth, and its gradient.
fn cross_entropy(scores: &Array2<f32>, truth: &Array2<f32>) -> (f32, Array2<f32>) {
    let count = scores.nrows() as f32;
    let highest = scores.fold_axis(Axis(1), f32::NEG_INFINITY, |&highest, &score| highest.max(score));
    let scores = scores - highest.insert_axis(Axis(1));
    let total = einsum!("nk->n", scores.exp());
    let log_p = scores - total.ln().insert_axis(Axis(1));
    let loss = -einsum!("nk,nk->", log_p, truth) / count;
    (loss, (log_p.exp() - truth) / count)
}
