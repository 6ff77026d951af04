//! The numbers, the same here and in the Python worker.

use std::iter::zip;

use einsum::Windows;
use ndarray::{ArrayD, ArrayViewD, Axis, IxDyn, Slice};

use crate::real::Real;
use crate::table::{Conv, Form, Layout, Matmul, Pass, Problem};

/// The operands as they lie in memory, row-major, before windows are put over them.
pub struct Operands<T> {
    pub arrays: Vec<ArrayD<T>>,
    pub threads: usize,
}

impl<T: Real> Operands<T> {
    pub fn new(problem: &Problem, threads: usize) -> Self {
        let mut arrays: Vec<_> =
            zip(shapes(problem), 1..).map(|(shape, seed)| numbers(&shape, seed)).collect();
        if let Problem::Conv(conv @ Conv { pass: Pass::Input, .. }) = problem {
            pad(&mut arrays[0], conv);
        }
        Self { arrays, threads }
    }

    /// The same numbers in double precision.
    pub fn wide(&self) -> Operands<f64> {
        let arrays = self.arrays.iter().map(|array| array.mapv(T::wide)).collect();
        Operands { arrays, threads: self.threads }
    }

    /// The operands of the problem's equation: with windows, and turned where it wants a turned kernel.
    pub fn views(&self, problem: &Problem) -> Vec<ArrayViewD<'_, T>> {
        let mut views: Vec<_> = self.arrays.iter().map(|array| array.view()).collect();
        let Problem::Conv(conv) = problem else { return views };
        let axes = if conv.pass == Pass::Image { [0, 1] } else { pixel_axes(&self.arrays[0], conv.layout) };
        if conv.pass == Pass::Input {
            let last = views[1].ndim() - 1;
            let turned = if conv.layout == Layout::Nhwc { [0, 1] } else { [last - 1, last] };
            turned.into_iter().for_each(|axis| views[1].invert_axis(Axis(axis)));
        }
        views[0] = Windows::new([conv.k; 2]).axes(axes).stride([conv.stride; 2]).view(&self.arrays[0]);
        views
    }
}

/// Multiples of 2^-16 in [-0.5, 0.5), so that they are the same in both precisions: a hash of the position
/// (the last steps of MurmurHash3). Operands are far apart in what is hashed.
fn numbers<T: Real>(shape: &[usize], seed: u32) -> ArrayD<T> {
    let count = u32::try_from(shape.iter().product::<usize>()).expect("positions have 32 bits");
    let number = |position: u32| {
        let mixed = position.wrapping_add(seed.wrapping_mul(0x9e37_79b9));
        let mixed = (mixed ^ (mixed >> 16)).wrapping_mul(0x85eb_ca6b);
        let mixed = (mixed ^ (mixed >> 13)).wrapping_mul(0xc2b2_ae35);
        T::nearest(f64::from(mixed >> 16) / 65536.0 - 0.5)
    };
    let numbers = (0..count).map(number).collect();
    ArrayD::from_shape_vec(IxDyn(shape), numbers).expect("as many numbers as the shape has")
}

/// Zeros around the gradient of the output: a peer that pads itself is not given them.
fn pad<T: Real>(gradient: &mut ArrayD<T>, conv: &Conv) {
    let width = conv.gradient_pad();
    for axis in pixel_axes(gradient, conv.layout).map(Axis) {
        let extent = gradient.len_of(axis);
        gradient.slice_axis_mut(axis, Slice::from(..width)).fill(T::zero());
        gradient.slice_axis_mut(axis, Slice::from(extent - width..)).fill(T::zero());
    }
}

/// The rows and the columns of images.
fn pixel_axes<T>(images: &ArrayD<T>, layout: Layout) -> [usize; 2] {
    match layout {
        Layout::Nhwc => [1, 2],
        Layout::Nchw => [images.ndim() - 2, images.ndim() - 1],
    }
}

fn shapes(problem: &Problem) -> Vec<Vec<usize>> {
    match problem {
        Problem::Matmul(matmul) => matmul_shapes(matmul).to_vec(),
        Problem::Conv(conv) => conv_shapes(conv).to_vec(),
        Problem::Network(network) => network.shapes(),
    }
}

fn matmul_shapes(&Matmul { form, batch, m, n, k }: &Matmul) -> [Vec<usize>; 2] {
    match form {
        Form::Plain | Form::OutTransposed => [vec![m, k], vec![k, n]],
        Form::RightTransposed => [vec![m, k], vec![n, k]],
        Form::LeftTransposed => [vec![k, m], vec![k, n]],
        Form::Batch => [vec![batch, m, k], vec![batch, k, n]],
    }
}

fn conv_shapes(conv: &Conv) -> [Vec<usize>; 2] {
    let &Conv { pass, layout, n, c, o, x, k, .. } = conv;
    let (image, gradient) = (conv.image(), x + 2 * conv.gradient_pad());
    let pixels = |channels, extent| match layout {
        Layout::Nhwc => [&[n, extent, extent], &conv.axes(&[channels])[..]].concat(),
        Layout::Nchw => [&[n], &conv.axes(&[channels])[..], &[extent, extent]].concat(),
    };
    let kernel = match layout {
        Layout::Nhwc => [&[k, k], &conv.axes(&[c, o])[..]].concat(),
        Layout::Nchw => [&conv.axes(&[o, c])[..], &[k, k]].concat(),
    };
    match pass {
        Pass::Forward => [pixels(c, image), kernel],
        Pass::Kernel => [pixels(c, image), pixels(o, x)],
        Pass::Input => [pixels(o, gradient), kernel],
        Pass::Image => [vec![image, image], vec![k, k]],
    }
}
