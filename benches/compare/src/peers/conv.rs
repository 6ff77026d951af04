//! Convolutions by gemm: after im2col, and implicit, without it.
//!
//! A convolution is the sum over *taps*, positions in the kernel, of a matrix of pixels times a matrix of weights. Where
//! memory allows, several positions are one tap: in NHWC a row of the kernel, after im2col all of it.
//!
//! Implicit, gemm is called on the pixels where they lie. *By rows* its matrices are rows of the output. *Wide*, they are whole
//! images: pixels are counted through the ends of rows, and the windows that wrap around are computed and thrown
//! away. That is a few per cent more work for large images, but matrices of a good size.

use ndarray::{Array1, Array2, ArrayView2, Ix4, s};

use super::multiply::gemm;
use super::unfold::{Unfolded, matrix_mut, strided};
use crate::candidate::Entry;
use crate::operands::Operands;
use crate::real::Real;
use crate::table::{Conv, Layout, Pass};

/// Some positions of the kernel.
pub struct Tap<'a, T> {
    row: usize,
    column: usize,
    /// Channels and positions of the input, times channels of the output.
    weights: ArrayView2<'a, T>,
}

/// A forward pass: of the layer, or of its gradient through the turned kernel.
struct Layer<'a, T> {
    conv: Conv,
    images: &'a [T],
    taps: Vec<Tap<'a, T>>,
    threads: usize,
}

pub fn entries<'a, T: Real>(conv: &Conv, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    let Conv { n, o, x, stride, layout, .. } = conv.correlation();
    let len = n * x * x * o;
    let mut entries = both("im2col+gemm", len, || {
        let mut layer = Layer::new(conv, operands, true);
        let mut unfolded = Unfolded::new(layer.conv, layer.images);
        move |out| layer.unfolded(out, &mut unfolded)
    });
    if layout == Layout::Nhwc {
        entries.extend(both("implicit+gemm rows", len, || {
            let layer = Layer::new(conv, operands, false);
            move |out| layer.rows(out)
        }));
    }
    if stride == 1 {
        entries.extend(both("implicit+gemm wide", len, || {
            let layer = Layer::new(conv, operands, false);
            let mut wide = Array2::zeros(layer.wide_shape());
            move |out| layer.wide(out, &mut wide)
        }));
    }
    entries
}

/// Both modes, each with buffers of its own. Outputs are flat: they are compared element by element.
pub fn both<'a, T: Real, F: FnMut(&mut [T]) + 'a>(
    name: &'static str,
    len: usize,
    make: impl Fn() -> F,
) -> Vec<Entry<'a>> {
    fn slice<T>(array: &mut Array1<T>) -> &mut [T] {
        array.as_slice_mut().expect("contiguous")
    }
    let (mut owned, mut in_place) = (make(), make());
    let owned = move || {
        let mut out = Array1::zeros(len);
        owned(slice(&mut out));
        out
    };
    vec![Entry::owned(name, owned), Entry::in_place(name, len, move |out| in_place(slice(out)))]
}

impl<'a, T: Real> Layer<'a, T> {
    fn new(conv: &Conv, operands: &'a Operands<T>, unfold: bool) -> Self {
        let images = operands.arrays[0].as_slice().expect("row-major");
        let taps = taps(conv, operands, unfold);
        Self { conv: conv.correlation(), images, taps, threads: operands.threads }
    }

    fn unfolded(&mut self, out: &mut [T], unfolded: &mut Unfolded<T>) {
        let Conv { n, c, o, x, k, layout, .. } = self.conv;
        let (pixels, depth) = (x * x, k * k * c);
        let patches = unfolded.unfold();
        for (index, tap) in self.taps.iter().enumerate() {
            let (position, deep) = (tap.row * k + tap.column, tap.weights.nrows());
            if layout == Layout::Nhwc {
                let patches = patches.slice(s![.., position * c..position * c + deep]);
                gemm(matrix_mut(out, 0, (n * pixels, o)), patches, tap.weights, index > 0, self.threads);
                continue;
            }
            let step = depth / deep;
            for image in 0..n {
                let patches = patches.slice(s![image * depth + position..(image + 1) * depth;step, ..]);
                let out = matrix_mut(out, image * o * pixels, (o, pixels));
                gemm(out, tap.weights.t(), patches, index > 0, self.threads);
            }
        }
    }

    fn rows(&self, out: &mut [T]) {
        let Conv { n, c, o, x, stride, .. } = self.conv;
        let width = self.conv.image();
        for (image, row) in (0..n).flat_map(|image| (0..x).map(move |row| (image, row))) {
            for (index, tap) in self.taps.iter().enumerate() {
                let start = ((image * width + row * stride + tap.row) * width + tap.column) * c;
                let pixels = strided(self.images, start, (x, tap.weights.nrows()), (stride * c, 1));
                let out = matrix_mut(out, (image * x + row) * x * o, (x, o));
                gemm(out, pixels, tap.weights, index > 0, self.threads);
            }
        }
    }

    /// Pixels from the first window to the last one, through the ends of rows, times channels.
    fn wide_shape(&self) -> (usize, usize) {
        let Conv { o, x, layout, .. } = self.conv;
        let positions = (x - 1) * self.conv.image() + x;
        if layout == Layout::Nhwc { (positions, o) } else { (o, positions) }
    }

    fn wide(&self, out: &mut [T], wide: &mut Array2<T>) {
        let Conv { n, o, x, layout, .. } = self.conv;
        for image in 0..n {
            for (index, tap) in self.taps.iter().enumerate() {
                self.add_wide(wide, image, tap, index > 0);
            }
            let wide = wide.as_slice().expect("row-major");
            let (lines, run, step) = match layout {
                Layout::Nhwc => (1, x * o, self.conv.image() * o),
                Layout::Nchw => (o, x, self.conv.image()),
            };
            let out = &mut out[image * x * x * o..(image + 1) * x * x * o];
            let planes = out.chunks_exact_mut(out.len() / lines).zip(wide.chunks_exact(wide.len() / lines));
            for (out, wide) in planes {
                let rows = out.chunks_exact_mut(run).zip(wide.chunks(step));
                rows.for_each(|(out, wide)| out.copy_from_slice(&wide[..run]));
            }
        }
    }

    fn add_wide(&self, wide: &mut Array2<T>, image: usize, tap: &Tap<T>, accumulate: bool) {
        let (c, width) = (self.conv.c, self.conv.image());
        let (deep, start) = (tap.weights.nrows(), tap.row * width + tap.column);
        match self.conv.layout {
            Layout::Nhwc => {
                let start = (image * width * width + start) * c;
                let pixels = strided(self.images, start, (wide.nrows(), deep), (c, 1));
                gemm(wide.view_mut(), pixels, tap.weights, accumulate, self.threads);
            }
            Layout::Nchw => {
                let start = image * c * width * width + start;
                let pixels = strided(self.images, start, (c, wide.ncols()), (width * width, 1));
                gemm(wide.view_mut(), tap.weights.t(), pixels, accumulate, self.threads);
            }
        }
    }
}

/// The kernel in as few pieces as gemm can take.
fn taps<'a, T: Real>(conv: &Conv, operands: &'a Operands<T>, unfold: bool) -> Vec<Tap<'a, T>> {
    let &Conv { pass, layout, c, o, k, .. } = conv;
    let kernel = operands.arrays[1].as_slice().expect("row-major");
    let forward = pass != Pass::Input;
    let shape = if layout == Layout::Nhwc { [k, k, c, o] } else { [o, c, k, k] };
    let whole = operands.arrays[1].view().into_shape_with_order(shape).expect("a kernel");
    let whole = whole.into_dimensionality::<Ix4>().expect("four axes");
    match layout {
        Layout::Nhwc if forward && unfold => {
            vec![Tap { row: 0, column: 0, weights: strided(kernel, 0, (k * k * c, o), (o, 1)) }]
        }
        Layout::Nhwc if forward => {
            let weights = |row| strided(kernel, row * k * c * o, (k * c, o), (o, 1));
            (0..k).map(|row| Tap { row, column: 0, weights: weights(row) }).collect()
        }
        Layout::Nchw if forward && unfold => {
            vec![Tap { row: 0, column: 0, weights: strided(kernel, 0, (k * k * c, o), (1, k * k * c)) }]
        }
        _ => (0..k * k)
            .map(|position| {
                let (row, column) = (position / k, position % k);
                // The kernel of the gradient is upside down, and its channels change sides.
                let (i, j) = if forward { (row, column) } else { (k - 1 - row, k - 1 - column) };
                let weights = match layout {
                    Layout::Nhwc => whole.slice_move(s![i, j, .., ..]).reversed_axes(),
                    Layout::Nchw => whole.slice_move(s![.., .., i, j]),
                };
                let weights = if forward { weights.reversed_axes() } else { weights };
                Tap { row, column, weights }
            })
            .collect(),
    }
}
