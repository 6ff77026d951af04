//! The gradients of a convolution layer by `einsum!` over windows, checked against finite differences.
//!
//! Images are `nxyc` (number in the batch, row, column, channel), windows of them `nxycij`, the kernel is
//! `ijco` (row, column, input channel, output channel), and the output `nxyo`. Everything else is moving
//! letters: the gradient of an array has that array's axes, and sums over all others.

use einsum::{Windows, einsum, pad};
use ndarray::{Array, Array1, Array4, Dimension, IntoDimension, s};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// The largest error that a gradient may have, relative to the gradient's largest element.
const TOLERANCE: f64 = 1e-7;

/// A convolution layer.
#[derive(Clone)]
struct Layer {
    windows: Windows<2>,
    kernel: Array4<f64>,
    bias: Array1<f64>,
}

impl Layer {
    fn forward(&self, x: &Array4<f64>) -> Array4<f64> {
        einsum!("nxycij,ijco->nxyo", self.windows.view(x), self.kernel) + &self.bias
    }

    fn bias_gradient(&self, dy: &Array4<f64>) -> Array1<f64> {
        einsum!("nxyo->o", dy)
    }

    fn kernel_gradient(&self, x: &Array4<f64>, dy: &Array4<f64>) -> Array4<f64> {
        einsum!("nxycij,nxyo->ijco", self.windows.view(x), dy)
    }

    /// Each output sends its gradient back to its window, and an input sums over all windows that saw it.
    fn input_gradient(&self, x: &Array4<f64>, dy: &Array4<f64>) -> Array4<f64> {
        self.windows.fold(&einsum!("nxyo,ijco->nxycij", dy, self.kernel), x.dim())
    }

    /// The same for stride 1, as a convolution: `dy` with a margin of zeros, and the kernel turned upside down.
    fn input_gradient_by_convolution(&self, dy: &Array4<f64>) -> Array4<f64> {
        let (height, width, ..) = self.kernel.dim();
        let (rows, columns) = ((height - 1, height - 1), (width - 1, width - 1));
        let padded = pad(dy, &[(0, 0), rows, columns, (0, 0)]);
        let turned = self.kernel.slice(s![..;-1, ..;-1, .., ..]);
        einsum!("nxyoij,ijco->nxyc", self.windows.view(&padded), turned)
    }
}

/// Half the sum of the squares of a layer's output, so that the gradient of the output is the output.
fn loss(layer: &Layer, x: &Array4<f64>) -> f64 {
    let y = layer.forward(x);
    0.5 * einsum!("nxyo,nxyo->", y, y)
}

/// The gradient of `f` at `x` by central differences, one element of `x` at a time.
fn differences<D: Dimension>(x: &Array<f64, D>, f: impl Fn(&Array<f64, D>) -> f64) -> Array<f64, D> {
    const STEP: f64 = 1e-4;
    let moved = |n: usize, step: f64| {
        let mut x = x.clone();
        x.as_slice_mut().expect("in standard layout")[n] += step;
        f(&x)
    };
    let slopes = (0..x.len()).map(|n| (moved(n, STEP) - moved(n, -STEP)) / (2.0 * STEP));
    Array::from_shape_vec(x.raw_dim(), slopes.collect()).expect("one slope for each element")
}

/// Prints one line of the table, and stops the program if the gradient is wrong.
fn check<D: Dimension>(what: &str, how: &str, gradient: &Array<f64, D>, expected: &Array<f64, D>) {
    assert_eq!(gradient.shape(), expected.shape(), "gradient of the {what}");
    let largest = |x: &Array<f64, D>| x.iter().map(|x| x.abs()).max_by(f64::total_cmp).unwrap_or(0.0);
    let error = largest(&(gradient - expected)) / largest(expected);
    println!("  {what:<8}{how:<28}{:<18}{error:.1e}", format!("{:?}", gradient.shape()));
    assert!(error <= TOLERANCE, "gradient of the {what}: error {error:e}");
}

fn random<D: Dimension>(shape: impl IntoDimension<Dim = D>, rng: &mut StdRng) -> Array<f64, D> {
    Array::from_shape_simple_fn(shape.into_dimension(), || rng.random_range(-1.0..1.0))
}

/// Checks all gradients of a layer with random numbers.
fn check_layer(stride: usize, rng: &mut StdRng) {
    let windows = Windows::new([3, 3]).axes([1, 2]).stride([stride, stride]);
    let layer = Layer { windows, kernel: random([3, 3, 3, 4], rng), bias: random([4], rng) };
    let x = random([2, 9, 9, 3], rng);
    let dy = layer.forward(&x);
    println!("stride {stride}: nxycij,ijco->nxyo takes x {:?} to y {:?}\n", x.shape(), dy.shape());
    println!("  {:<8}{:<28}{:<18}relative error", "of", "gradient", "shape");

    let slopes = differences(&layer.bias, |bias| loss(&Layer { bias: bias.clone(), ..layer.clone() }, &x));
    check("bias", "nxyo->o", &layer.bias_gradient(&dy), &slopes);
    let slopes =
        differences(&layer.kernel, |kernel| loss(&Layer { kernel: kernel.clone(), ..layer.clone() }, &x));
    check("kernel", "nxycij,nxyo->ijco", &layer.kernel_gradient(&x, &dy), &slopes);
    let slopes = differences(&x, |x| loss(&layer, x));
    check("input", "nxyo,ijco->nxycij, folded", &layer.input_gradient(&x, &dy), &slopes);
    if stride == 1 {
        check("input", "nxyoij,ijco->nxyc, turned", &layer.input_gradient_by_convolution(&dy), &slopes);
    }
    println!();
}

fn main() {
    let mut rng = StdRng::seed_from_u64(1);
    for stride in [1, 2] {
        check_layer(stride, &mut rng);
    }
    println!("all gradients agree with finite differences");
}
