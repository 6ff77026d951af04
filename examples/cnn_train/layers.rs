//! The layers, forward and backward.
//!
//! Arrays of images are `nxyc`: number in the batch, row, column, channel. What a layer computes is written once; the
//! backward pass is its gradients.
//!
//! `ArrayRef` is what arrays and views have in common.

use einsum::{einsum, einsum_grad};
use ndarray::{Array2, Array4, ArrayRef4, Ix1, Ix4};
use rand::rngs::StdRng;

use crate::learned::Learned;

/// A convolution by a kernel `ijco`: row, column, input channel, output channel.
pub struct Conv {
    pub kernel: Learned<Ix4>,
    pub bias: Learned<Ix1>,
}

impl Conv {
    pub fn new(size: usize, inputs: usize, outputs: usize, rng: &mut StdRng) -> Self {
        let kernel = Learned::random([size, size, inputs, outputs], rng);
        Self { kernel, bias: Learned::zeros([outputs]) }
    }

    pub fn forward(&self, x: &ArrayRef4<f32>) -> Array4<f32> {
        einsum!("n(x+i)(y+j)c,ijco->nxyo", x, self.kernel.values) + &self.bias.values
    }

    /// Adds the gradients of kernel and bias to their velocities; `dy` is the gradient of the output.
    pub fn learn(&mut self, x: &ArrayRef4<f32>, dy: &Array4<f32>) {
        einsum_grad!(self.kernel.velocity += "n(x+i)(y+j)c,ijco->nxyo", const x, self.kernel.values; dy);
        einsum!(self.bias.velocity += "nxyo->o", dy);
    }

    /// The gradient of the input `x`.
    pub fn backward(&self, x: &ArrayRef4<f32>, dy: &Array4<f32>) -> Array4<f32> {
        einsum_grad!("n(x+i)(y+j)c,ijco->nxyo", x, const self.kernel.values; dy)
    }
}

/// Means of blocks of 2x2: a convolution of stride 2 by a kernel that is the same everywhere.
pub fn mean_pool(x: &Array4<f32>) -> Array4<f32> {
    einsum!("n(2x+i)(2y+j)c,ij->nxyc", x, MEAN)
}

/// The gradient of the input `x` of `mean_pool`.
pub fn mean_pool_backward(x: &Array4<f32>, dy: &Array4<f32>) -> Array4<f32> {
    einsum_grad!("n(2x+i)(2y+j)c,ij->nxyc", x, const MEAN; dy)
}

const MEAN: [[f32; 2]; 2] = [[0.25; 2]; 2];

/// A weight `xyck` from each pixel and channel to each class.
pub struct Dense {
    pub weights: Learned<Ix4>,
    pub bias: Learned<Ix1>,
}

impl Dense {
    pub fn new([height, width, channels]: [usize; 3], classes: usize, rng: &mut StdRng) -> Self {
        let weights = Learned::random([height, width, channels, classes], rng);
        Self { weights, bias: Learned::zeros([classes]) }
    }

    pub fn forward(&self, x: &Array4<f32>) -> Array2<f32> {
        einsum!("nxyc,xyck->nk", x, self.weights.values) + &self.bias.values
    }

    pub fn learn(&mut self, x: &Array4<f32>, dy: &Array2<f32>) {
        einsum_grad!(self.weights.velocity += "nxyc,xyck->nk", const x, self.weights.values; dy);
        einsum!(self.bias.velocity += "nk->k", dy);
    }

    pub fn backward(&self, x: &Array4<f32>, dy: &Array2<f32>) -> Array4<f32> {
        einsum_grad!("nxyc,xyck->nk", x, const self.weights.values; dy)
    }
}

pub fn relu(x: Array4<f32>) -> Array4<f32> {
    x.mapv_into(|x| x.max(0.0))
}

/// The gradient of the input of `relu`, whose output was `y`.
pub fn relu_backward(y: &Array4<f32>, mut dy: Array4<f32>) -> Array4<f32> {
    dy.zip_mut_with(y, |dy, &y| *dy *= f32::from(y > 0.0));
    dy
}
