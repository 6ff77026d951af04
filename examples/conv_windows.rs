//! What a convolution layer in one line means in terms of stride tricks, and that both are equal.
//!
//! `"n(x+i)(y+j)c,ijco->nxyo"` reads the image at row `x+i` and column `y+j`. `Windows` shows the same elements as a view with
//! two more axes, `nxycij`, whose strides are those of the image: no element is copied. What is left is an einsum in
//! numpy's notation. The gradient of the input goes back through the windows: it is folded, or, for stride 1, a
//! convolution by the kernel turned upside down.

use einsum::{Windows, einsum, einsum_grad, einsum_view, pad};
use ndarray::{Array, Array4, Dimension, s};

/// A convolution layer by window views, with a kernel `ijco`.
struct Layer {
    windows: Windows<2>,
    kernel: Array4<i64>,
}

impl Layer {
    fn forward(&self, x: &Array4<i64>) -> Array4<i64> {
        einsum!("nxycij,ijco->nxyo", self.windows.view(x), self.kernel)
    }

    fn kernel_gradient(&self, x: &Array4<i64>, dy: &Array4<i64>) -> Array4<i64> {
        einsum!("nxycij,nxyo->ijco", self.windows.view(x), dy)
    }

    /// Each output sends its gradient back to its window, and an input sums over all windows that saw it.
    fn input_gradient(&self, x: &Array4<i64>, dy: &Array4<i64>) -> Array4<i64> {
        self.windows.fold(&einsum!("nxyo,ijco->nxycij", dy, self.kernel), x.dim())
    }

    /// The same for stride 1, as a convolution: `dy` with a margin of zeros, and the kernel turned upside down.
    fn input_gradient_by_convolution(&self, dy: &Array4<i64>) -> Array4<i64> {
        let (height, width, ..) = self.kernel.dim();
        let (rows, columns) = ((height - 1, height - 1), (width - 1, width - 1));
        let padded = pad(dy, &[(0, 0), rows, columns, (0, 0)]);
        let turned = self.kernel.slice(s![..;-1, ..;-1, .., ..]);
        einsum!("nxyoij,ijco->nxyc", self.windows.view(&padded), turned)
    }
}

/// Small integers, so that sums are exact in any order.
fn numbers(shape: [usize; 4]) -> Array4<i64> {
    Array4::from_shape_fn(shape, |(a, b, c, d)| ((31 * a + 17 * b + 7 * c + 3 * d) % 11) as i64 - 5)
}

/// Prints one line of the table, and stops the program if the two are not equal.
fn check<D: Dimension>(what: &str, windows: &str, by_windows: &Array<i64, D>, by_indices: &Array<i64, D>) {
    assert_eq!(by_windows, by_indices, "{what}");
    println!("  {what:<12}{windows:<30}{:?}", by_windows.shape());
}

/// Compares the layer by windows with the one by index arithmetic, of which these are the subscripts.
macro_rules! compare {
    ($subscripts:literal, $stride:literal) => {{
        let windows = Windows::new([3, 3]).axes([1, 2]).stride([$stride, $stride]);
        let layer = Layer { windows, kernel: numbers([3, 3, 3, 4]) };
        let x = numbers([2, 9, 9, 3]);
        let y = layer.forward(&x);
        let (dx, dw) = einsum_grad!($subscripts, x, layer.kernel; y);
        println!("{}, by windows:\n", $subscripts);
        check("output", "nxycij,ijco->nxyo", &y, &einsum!($subscripts, x, layer.kernel));
        check("kernel", "nxycij,nxyo->ijco", &layer.kernel_gradient(&x, &y), &dw);
        check("input", "nxyo,ijco->nxycij, folded", &layer.input_gradient(&x, &y), &dx);
        if $stride == 1 {
            check("input", "nxyoij,ijco->nxyc, turned", &layer.input_gradient_by_convolution(&y), &dx);
        }
        println!();
    }};
}

fn main() {
    let x = numbers([2, 9, 9, 3]);
    let windows = Windows::new([3, 3]).axes([1, 2]);
    assert_eq!(windows.view(&x), einsum_view!("n(x+i)(y+j)c->nxycij", x; i = 3, j = 3));
    println!("image   {:?}, strides {:?}", x.shape(), x.strides());
    println!("windows {:?}, strides {:?}\n", windows.view(&x).shape(), windows.view(&x).strides());
    compare!("n(x+i)(y+j)c,ijco->nxyo", 1);
    compare!("n(2x+i)(2y+j)c,ijco->nxyo", 2);
    println!("windows and index arithmetic agree, forward and backward");
}
