//! The gradients of a convolution layer by `einsum_grad!`, checked against finite differences.
//!
//! Images are `nxyc` (number in the batch, row, column, channel), the kernel is `ijco` (row, column, input channel,
//! output channel), and the output `nxyo`. The layer is one line; so is its backward pass, with the same subscripts.

#[path = "support/gradients.rs"]
mod gradients;

use einsum::{einsum, einsum_grad};
use gradients::{check, random};
use ndarray::{Array1, Array4};
use rand::SeedableRng;
use rand::rngs::StdRng;

/// Checks all gradients of a layer with random numbers. The loss is half the sum of the squares of the output, so that the
/// gradient of the output is the output.
macro_rules! check_layer {
    ($subscripts:literal, $rng:expr) => {{
        let (x, w, b) = (random([2, 9, 9, 3], $rng), random([3, 3, 3, 4], $rng), random([4], $rng));
        let forward = |x: &Array4<f64>, w: &Array4<f64>, b: &Array1<f64>| einsum!($subscripts, x, w) + b;
        let loss = |y: Array4<f64>| 0.5 * einsum!("nxyo,nxyo->", y, y);

        let dy = forward(&x, &w, &b);
        let (dx, dw) = einsum_grad!($subscripts, x, w; dy);
        let db = einsum!("nxyo->o", dy);

        println!("{} takes x {:?} to y {:?}\n", $subscripts, x.shape(), dy.shape());
        println!("  {:<8}{:<18}relative error", "of", "shape");
        check("bias", &db, &b, |b| loss(forward(&x, &w, b)));
        check("kernel", &dw, &w, |w| loss(forward(&x, w, &b)));
        check("input", &dx, &x, |x| loss(forward(x, &w, &b)));
        println!();
    }};
}

fn main() {
    let rng = &mut StdRng::seed_from_u64(1);
    check_layer!("n(x+i)(y+j)c,ijco->nxyo", rng);
    check_layer!("n(x+i-1)(y+j-1)c,ijco->nxyo", rng);
    check_layer!("n(2x+i-1)(2y+j-1)c,ijco->nxyo", rng);
    check_layer!("n(x+2i-2)(3y+j)c,ijco->nxyo", rng);
    println!("all gradients agree with finite differences");
}
