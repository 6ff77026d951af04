//! The gradient of the kernel by gemm: after im2col, and implicit, by rows and wide (see `conv`).

use ndarray::{ArrayViewMut4, s};

use super::conv::both;
use super::multiply::gemm;
use super::unfold::{Unfolded, matrix_mut, strided};
use crate::candidate::Entry;
use crate::operands::Operands;
use crate::real::Real;
use crate::table::{Conv, Layout};

#[derive(Clone, Copy)]
struct Gradient<'a, T> {
    conv: Conv,
    images: &'a [T],
    /// Of the output.
    gradient: &'a [T],
    threads: usize,
}

pub fn entries<'a, T: Real>(conv: &Conv, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    let len = conv.k * conv.k * conv.c * conv.o;
    let images = operands.arrays[0].as_slice().expect("row-major");
    let gradient = operands.arrays[1].as_slice().expect("row-major");
    let this = Gradient { conv: *conv, images, gradient, threads: operands.threads };
    let mut entries = both("im2col+gemm", len, || {
        let mut unfolded = Unfolded::new(this.conv, this.images);
        move |out| this.unfolded(out, &mut unfolded)
    });
    if conv.layout == Layout::Nhwc {
        entries.extend(both("implicit+gemm rows", len, || move |out| this.rows(out)));
    }
    if conv.stride == 1 {
        entries.extend(both("implicit+gemm wide", len, || {
            let mut wide = vec![T::zero(); this.wide_len()];
            move |out| this.wide(out, &mut wide)
        }));
    }
    entries
}

impl<T: Real> Gradient<'_, T> {
    fn unfolded(&self, out: &mut [T], unfolded: &mut Unfolded<T>) {
        let Conv { n, c, o, x, k, layout, .. } = self.conv;
        let (pixels, depth) = (x * x, k * k * c);
        let patches = unfolded.unfold();
        if layout == Layout::Nhwc {
            let gradient = strided(self.gradient, 0, (n * pixels, o), (o, 1));
            gemm(matrix_mut(out, 0, (depth, o)), patches.t(), gradient, false, self.threads);
            return;
        }
        for image in 0..n {
            let gradient = strided(self.gradient, image * o * pixels, (o, pixels), (pixels, 1));
            let patches = patches.slice(s![image * depth..(image + 1) * depth, ..]);
            gemm(matrix_mut(out, 0, (o, depth)), gradient, patches.reversed_axes(), image > 0, self.threads);
        }
    }

    fn rows(&self, out: &mut [T]) {
        let Conv { n, c, o, x, k, stride, .. } = self.conv;
        let width = self.conv.image();
        for (image, row) in (0..n).flat_map(|image| (0..x).map(move |row| (image, row))) {
            let gradient = strided(self.gradient, (image * x + row) * x * o, (x, o), (o, 1));
            for i in 0..k {
                let start = (image * width + row * stride + i) * width * c;
                let pixels = strided(self.images, start, (x, k * c), (stride * c, 1));
                let out = matrix_mut(out, i * k * c * o, (k * c, o));
                gemm(out, pixels.reversed_axes(), gradient, image + row > 0, self.threads);
            }
        }
    }

    /// Pixels of an image from the first window to the last one.
    fn positions(&self) -> usize {
        (self.conv.x - 1) * self.conv.image() + self.conv.x
    }

    fn wide_len(&self) -> usize {
        self.positions() * self.conv.o
    }

    fn wide(&self, out: &mut [T], wide: &mut [T]) {
        for image in 0..self.conv.n {
            self.widen(image, wide);
            match self.conv.layout {
                Layout::Nhwc => self.add_wide_nhwc(out, image, wide),
                Layout::Nchw => self.add_wide_nchw(out, image, wide),
            }
        }
    }

    /// Copies the gradient of an image, with the zeros between rows that `wide` has: they cancel windows that wrap.
    fn widen(&self, image: usize, wide: &mut [T]) {
        let Conv { o, x, layout, .. } = self.conv;
        let (lines, run, step) = match layout {
            Layout::Nhwc => (1, x * o, self.conv.image() * o),
            Layout::Nchw => (o, x, self.conv.image()),
        };
        let gradient = &self.gradient[image * x * x * o..(image + 1) * x * x * o];
        let planes = wide.chunks_exact_mut(wide.len() / lines).zip(gradient.chunks_exact(x * x * o / lines));
        for (wide, gradient) in planes {
            let rows = wide.chunks_mut(step).zip(gradient.chunks_exact(run));
            rows.for_each(|(wide, gradient)| wide[..run].copy_from_slice(gradient));
        }
    }

    fn add_wide_nhwc(&self, out: &mut [T], image: usize, wide: &[T]) {
        let Conv { c, o, k, .. } = self.conv;
        let width = self.conv.image();
        let gradient = strided(wide, 0, (self.positions(), o), (o, 1));
        for i in 0..k {
            let start = (image * width + i) * width * c;
            let pixels = strided(self.images, start, (self.positions(), k * c), (c, 1));
            let out = matrix_mut(out, i * k * c * o, (k * c, o));
            gemm(out, pixels.reversed_axes(), gradient, image > 0, self.threads);
        }
    }

    fn add_wide_nchw(&self, out: &mut [T], image: usize, wide: &[T]) {
        let Conv { c, o, k, .. } = self.conv;
        let width = self.conv.image();
        let gradient = strided(wide, 0, (o, self.positions()), (self.positions(), 1));
        let mut out = ArrayViewMut4::from_shape((o, c, k, k), out).expect("a kernel");
        for (i, j) in (0..k * k).map(|position| (position / k, position % k)) {
            let start = (image * c * width + i) * width + j;
            let pixels = strided(self.images, start, (c, self.positions()), (width * width, 1));
            let out = out.slice_mut(s![.., .., i, j]);
            gemm(out, gradient, pixels.reversed_axes(), image > 0, self.threads);
        }
    }
}
