//! Mini-batches of images that never look the same twice.

use einsum::pad;
use ndarray::{Array2, Array3, Array4, Axis, s};
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use crate::net::one_hot;
use crate::support::Digits;
use crate::support::idx::SIZE;

/// How many pixels an image may be shifted each way.
const SHIFT: usize = 2;

/// A training set, to be taken in batches.
pub struct Batches {
    /// The images with a margin of [`SHIFT`] pixels.
    padded: Array3<f32>,
    truth: Array2<f32>,
    order: Vec<usize>,
    size: usize,
}

/// Images `nxyc` of one channel, and their classes as one-hot rows.
pub struct Batch {
    pub images: Array4<f32>,
    pub truth: Array2<f32>,
}

impl Batches {
    pub fn new(digits: &Digits, size: usize) -> Self {
        Self {
            padded: pad(&digits.images, &[(0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT)]),
            truth: one_hot(&digits.labels),
            order: (0..digits.len()).collect(),
            size,
        }
    }

    /// How many whole batches there are.
    pub fn len(&self) -> usize {
        self.order.len() / self.size
    }

    /// All whole batches, in a new order and with new shifts.
    pub fn shuffled(&mut self, rng: &mut StdRng) -> impl Iterator<Item = Batch> {
        self.order.shuffle(rng);
        self.order.chunks_exact(self.size).map(|chosen| self.batch(chosen, rng))
    }

    fn batch(&self, chosen: &[usize], rng: &mut StdRng) -> Batch {
        let (height, width) = SIZE;
        let mut images = Array4::zeros((chosen.len(), height, width, 1));
        for (mut image, &n) in images.outer_iter_mut().zip(chosen) {
            let [x, y] = [(); 2].map(|()| rng.random_range(0..=2 * SHIFT));
            image.slice_mut(s![.., .., 0]).assign(&self.padded.slice(s![n, x..x + height, y..y + width]));
        }
        Batch { images, truth: self.truth.select(Axis(0), chosen) }
    }
}
