//! The layers, forward and backward.
//!
//! Arrays of images are `nxyc`: number in the batch, row, column, channel. A backward pass is its forward
//! pass with the letters moved: the gradient of an array has that array's axes, and sums over all others.
//!
//! `ArrayRef` is what arrays and views have in common.

use einsum::{Windows, einsum, pad};
use ndarray::{Array2, Array4, ArrayRef4, Ix1, Ix4, s};
use rand::rngs::StdRng;

use crate::learned::Learned;

/// A convolution by a kernel `ijco`: row, column, input channel, output channel.
pub struct Conv {
    pub kernel: Learned<Ix4>,
    pub bias: Learned<Ix1>,
    windows: Windows<2>,
}

impl Conv {
    pub fn new(size: usize, inputs: usize, outputs: usize, rng: &mut StdRng) -> Self {
        Self {
            kernel: Learned::random([size, size, inputs, outputs], rng),
            bias: Learned::zeros([outputs]),
            windows: Windows::new([size, size]).axes([1, 2]),
        }
    }

    pub fn forward(&self, x: &ArrayRef4<f32>) -> Array4<f32> {
        einsum!("nxycij,ijco->nxyo", self.windows.view(x), self.kernel.values) + &self.bias.values
    }

    /// Adds the gradients of kernel and bias to their velocities; `dy` is the gradient of the output.
    pub fn learn(&mut self, x: &ArrayRef4<f32>, dy: &Array4<f32>) {
        einsum!(self.kernel.velocity += "nxycij,nxyo->ijco", self.windows.view(x), dy);
        einsum!(self.bias.velocity += "nxyo->o", dy);
    }

    /// The gradient of the input: `dy` with a margin of zeros, convolved by the kernel turned upside down.
    ///
    /// Here the kernel takes channels `o` to channels `c`. With `c` as its last axis, contiguous in memory as in
    /// the output, the convolution is twice as fast.
    pub fn backward(&self, dy: &Array4<f32>) -> Array4<f32> {
        let (size, ..) = self.kernel.values.dim();
        let margin = (size - 1, size - 1);
        let padded = pad(dy, &[(0, 0), margin, margin, (0, 0)]);
        let turned = einsum!("ijco->ijoc", self.kernel.values.slice(s![..;-1, ..;-1, .., ..]));
        einsum!("nxyoij,ijoc->nxyc", self.windows.view(&padded), turned)
    }
}

/// Means of blocks that do not overlap: a convolution by a kernel that is the same everywhere.
pub struct MeanPool {
    kernel: Array2<f32>,
    windows: Windows<2>,
}

impl MeanPool {
    pub fn new(size: usize) -> Self {
        Self {
            kernel: Array2::from_elem([size, size], 1.0 / (size * size) as f32),
            windows: Windows::new([size, size]).axes([1, 2]).stride([size, size]),
        }
    }

    pub fn forward(&self, x: &Array4<f32>) -> Array4<f32> {
        einsum!("nxycij,ij->nxyc", self.windows.view(x), self.kernel)
    }

    /// The gradient of the input `x`: that of its windows, folded back.
    pub fn backward(&self, x: &Array4<f32>, dy: &Array4<f32>) -> Array4<f32> {
        self.windows.fold(&einsum!("nxyc,ij->nxycij", dy, self.kernel), x.dim())
    }
}

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
        einsum!(self.weights.velocity += "nxyc,nk->xyck", x, dy);
        einsum!(self.bias.velocity += "nk->k", dy);
    }

    pub fn backward(&self, dy: &Array2<f32>) -> Array4<f32> {
        einsum!("nk,xyck->nxyc", dy, self.weights.values)
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
