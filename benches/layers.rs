//! What padding and gradients cost, in pairs: `cargo bench --bench layers`.
//!
//! - A layer with padding, beside the same layer without, over an image that has the zeros in memory. Both write the same
//!   result; the first one leaves the products with zeros out.
//! - The gradient of a layer's input, an affine index in the output, beside the forward pass, which has as many products.
//!
//! Each sample times both, one right after the other; the ratio of their times is the median over the pairs.

mod support;

use std::hint::black_box;
use std::time::SystemTime;

use einsum::ndarray::Array4;
use einsum::{einsum, pad};
use support::{Pair, machine, stay_on_one_thread};

const PAIRS: usize = 41;

/// A layer of 3x3 kernels with as many output channels as input channels, and a padding of 1.
#[derive(Clone, Copy)]
struct Layer {
    channels: usize,
    size: usize,
}

const BATCH: usize = 4;
const LAYERS: [Layer; 4] = [
    Layer { channels: 64, size: 56 },
    Layer { channels: 128, size: 28 },
    Layer { channels: 256, size: 14 },
    Layer { channels: 512, size: 7 },
];

/// The times of pairs, as a ratio.
struct Row {
    name: &'static str,
    ratios: Vec<f64>,
}

fn main() {
    stay_on_one_thread();
    let date = humantime::format_rfc3339_seconds(SystemTime::now());
    let kernel = einsum::kernel_in_use();
    println!("{}, {kernel}, {date}, 1 thread, f32, {BATCH} images, median of {PAIRS} pairs\n", machine());
    let sizes = LAYERS.map(|Layer { channels, size }| format!("{channels} x {size}x{size}"));
    println!("| time of … by … | {} |\n|---|---|---|---|---|", sizes.join(" | "));
    for row in [rows_nhwc(), rows_nchw()].into_iter().flatten() {
        let ratios: Vec<String> = row.ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
        println!("| {} | {} |", row.name, ratios.join(" | "));
    }
}

/// Integers, so that sums are exact in any order.
fn numbers(shape: [usize; 4]) -> Array4<f32> {
    Array4::from_shape_fn(shape, |(a, b, c, d)| ((31 * a + 17 * b + 7 * c + 3 * d) % 11) as f32 - 5.0)
}

/// The rows of one layout: subscripts of the forward pass with padding and without, of the kernel's gradient with padding
/// and without, and of the input's gradient with padding and without; then those of a layer of stride 2.
macro_rules! rows {
    ($layout:literal, $image:expr, $kernel:expr, $margins:expr,
     $forward:literal, $forward_plain:literal, $kernels:literal, $kernels_plain:literal,
     $input:literal, $strided:literal, $strided_input:literal) => {{
        let mut rows = [
            concat!("forward, padded by not, ", $layout),
            concat!("gradient of the kernel, padded by not, ", $layout),
            concat!("gradient of the input by forward, ", $layout),
            concat!("the same with stride 2, ", $layout),
        ]
        .map(|name| Row { name, ratios: Vec::new() });
        for Layer { channels: c, size } in LAYERS {
            let (image, kernel) = (numbers($image(c, size)), numbers($kernel(c)));
            let zeros = pad(&image, &$margins);
            let (mut y, mut plain) = (numbers($image(c, size)), numbers($image(c, size)));
            rows[0].ratios.push(ratio(
                || einsum!(y = $forward, black_box(&image), kernel),
                || einsum!(plain = $forward_plain, black_box(&zeros), kernel),
            ));
            assert_eq!(y, plain);
            let dy = numbers($image(c, size));
            let (mut dw, mut plain) = (numbers($kernel(c)), numbers($kernel(c)));
            rows[1].ratios.push(ratio(
                || einsum!(dw = $kernels, black_box(&image), dy),
                || einsum!(plain = $kernels_plain, black_box(&zeros), dy),
            ));
            assert_eq!(dw, plain);
            let mut dx = numbers($image(c, size));
            rows[2].ratios.push(ratio(
                || einsum!(dx = $input, black_box(&dy), kernel),
                || einsum!(y = $forward, black_box(&image), kernel),
            ));
            let mut half = einsum!($strided, image, kernel);
            let other = half.clone();
            rows[3].ratios.push(ratio(
                || einsum!(dx = $strided_input, black_box(&other), kernel),
                || einsum!(half = $strided, black_box(&image), kernel),
            ));
        }
        rows
    }};
}

fn rows_nhwc() -> [Row; 4] {
    rows!(
        "NHWC",
        |c, size| [BATCH, size, size, c],
        |c| [3, 3, c, c],
        [(0, 0), (1, 1), (1, 1), (0, 0)],
        "n(x+i-1)(y+j-1)c,ijco->nxyo",
        "n(x+i)(y+j)c,ijco->nxyo",
        "n(x+i-1)(y+j-1)c,nxyo->ijco",
        "n(x+i)(y+j)c,nxyo->ijco",
        "nxyo,ijco->n(x+i-1)(y+j-1)c",
        "n(2x+i-1)(2y+j-1)c,ijco->nxyo",
        "nxyo,ijco->n(2x+i-1)(2y+j-1)c"
    )
}

fn rows_nchw() -> [Row; 4] {
    rows!(
        "NCHW",
        |c, size| [BATCH, c, size, size],
        |c| [c, c, 3, 3],
        [(0, 0), (0, 0), (1, 1), (1, 1)],
        "nc(x+i-1)(y+j-1),ocij->noxy",
        "nc(x+i)(y+j),ocij->noxy",
        "nc(x+i-1)(y+j-1),noxy->ocij",
        "nc(x+i)(y+j),noxy->ocij",
        "noxy,ocij->nc(x+i-1)(y+j-1)",
        "nc(2x+i-1)(2y+j-1),ocij->noxy",
        "noxy,ocij->nc(2x+i-1)(2y+j-1)"
    )
}

/// The time of the first by that of the second.
fn ratio(first: impl FnMut(), second: impl FnMut()) -> f64 {
    Pair::median(PAIRS, first, second).ratio()
}
