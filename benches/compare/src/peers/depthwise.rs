//! Depthwise convolutions by loops over slices.

use std::hint::black_box;
use std::iter::zip;

use ndarray::{ArrayView3, Ix3, s};

use super::conv::both;
use crate::candidate::Entry;
use crate::operands::Operands;
use crate::real::Real;
use crate::table::{Conv, Layout, Problem};

/// A forward pass: of the layer, or of its gradient through the turned kernel.
#[derive(Clone, Copy)]
struct Layer<'a, T> {
    conv: Conv,
    images: &'a [T],
    kernel: ArrayView3<'a, T>,
}

pub fn entries<'a, T: Real>(conv: &Conv, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    let images = operands.arrays[0].as_slice().expect("row-major");
    let kernel = operands.views(&Problem::Conv(*conv)).swap_remove(1);
    let kernel = kernel.into_dimensionality::<Ix3>().expect("positions and channels");
    let layer = Layer { conv: conv.correlation(), images, kernel };
    let Conv { n, groups, x, layout, .. } = layer.conv;
    both("loops", n * groups * x * x, || {
        move |out| match layout {
            Layout::Nhwc => black_box(&layer).rows(out),
            Layout::Nchw => black_box(&layer).planes(out),
        }
    })
}

impl<T: Real> Layer<'_, T> {
    /// The positions of the kernel.
    fn taps(&self) -> impl Iterator<Item = (usize, usize)> {
        let k = self.conv.k;
        (0..k * k).map(move |position| (position / k, position % k))
    }

    /// NHWC: each tap has a weight for each channel of a pixel.
    fn rows(&self, out: &mut [T]) {
        let (Conv { groups: c, x, .. }, width) = (self.conv, self.conv.image());
        for (row, out) in out.chunks_exact_mut(x * c).enumerate() {
            let (image, row) = (row / x, row % x);
            out.fill(T::zero());
            for (i, j) in self.taps() {
                let start = ((image * width + row + i) * width + j) * c;
                let weights = self.kernel.slice(s![i, j, ..]).to_slice().expect("channels are neighbours");
                let pixels = &self.images[start..start + x * c];
                for (out, pixel) in zip(out.chunks_exact_mut(c), pixels.chunks_exact(c)) {
                    zip(out, zip(pixel, weights)).for_each(|(out, (&a, &b))| *out += a * b);
                }
            }
        }
    }

    /// NCHW: each tap has one weight for a row of a channel.
    fn planes(&self, out: &mut [T]) {
        let (Conv { groups: c, x, .. }, width) = (self.conv, self.conv.image());
        for (row, out) in out.chunks_exact_mut(x).enumerate() {
            let (plane, row) = (row / x, row % x);
            out.fill(T::zero());
            for (i, j) in self.taps() {
                let (start, weight) = ((plane * width + row + i) * width + j, self.kernel[[plane % c, i, j]]);
                zip(out.iter_mut(), &self.images[start..]).for_each(|(out, &pixel)| *out += pixel * weight);
            }
        }
    }
}
