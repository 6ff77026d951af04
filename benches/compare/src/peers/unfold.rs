//! im2col: the windows of images as the rows (NHWC) or the columns (NCHW) of a matrix, copied.

use ndarray::{Array2, ArrayView2, ArrayViewMut2, ShapeBuilder};

use crate::real::Real;
use crate::table::{Conv, Layout};

/// Images and where their windows are; memory for the copy, which is reused.
pub struct Unfolded<'a, T> {
    conv: Conv,
    images: &'a [T],
    patches: Array2<T>,
}

impl<'a, T: Real> Unfolded<'a, T> {
    /// The windows of a forward pass over these images.
    pub fn new(conv: Conv, images: &'a [T]) -> Self {
        let (pixels, depth) = (conv.x * conv.x, conv.k * conv.k * conv.c);
        let patches = match conv.layout {
            Layout::Nhwc => Array2::zeros((conv.n * pixels, depth)),
            // Image below image.
            Layout::Nchw => Array2::zeros((conv.n * depth, pixels)),
        };
        Self { conv, images, patches }
    }

    /// Copies all windows.
    pub fn unfold(&mut self) -> ArrayView2<'_, T> {
        match self.conv.layout {
            Layout::Nhwc => self.unfold_nhwc(),
            Layout::Nchw => self.unfold_nchw(),
        }
        self.patches.view()
    }

    fn unfold_nhwc(&mut self) {
        let Conv { c, x, k, stride, .. } = self.conv;
        let width = self.conv.image();
        // The columns and channels of a window lie in one run.
        let run = k * c;
        let patches = self.patches.as_slice_mut().expect("row-major");
        for (position, patch) in patches.chunks_exact_mut(k * run).enumerate() {
            let (image, row, column) = (position / (x * x), position / x % x, position % x);
            for (i, patch) in patch.chunks_exact_mut(run).enumerate() {
                let start = ((image * width + row * stride + i) * width + column * stride) * c;
                patch.copy_from_slice(&self.images[start..start + run]);
            }
        }
    }

    fn unfold_nchw(&mut self) {
        let Conv { x, k, stride, .. } = self.conv;
        let width = self.conv.image();
        let patches = self.patches.as_slice_mut().expect("row-major");
        for (index, pixels) in patches.chunks_exact_mut(x * x).enumerate() {
            let (plane, i, j) = (index / (k * k), index / k % k, index % k);
            for (row, pixels) in pixels.chunks_exact_mut(x).enumerate() {
                let start = (plane * width + row * stride + i) * width + j;
                let line = &self.images[start..start + (x - 1) * stride + 1];
                match stride {
                    1 => pixels.copy_from_slice(line),
                    _ => {
                        pixels.iter_mut().zip(line.iter().step_by(stride)).for_each(|(to, from)| *to = *from)
                    }
                }
            }
        }
    }
}

/// A matrix over memory, whose rows may overlap.
pub fn strided<T>(
    elements: &[T],
    start: usize,
    shape: (usize, usize),
    strides: (usize, usize),
) -> ArrayView2<'_, T> {
    ArrayView2::from_shape(shape.strides(strides), &elements[start..]).expect("a matrix within memory")
}

/// A part of memory as a row-major matrix.
pub fn matrix_mut<T>(elements: &mut [T], start: usize, shape: (usize, usize)) -> ArrayViewMut2<'_, T> {
    ArrayViewMut2::from_shape(shape, &mut elements[start..start + shape.0 * shape.1])
        .expect("as many elements")
}
