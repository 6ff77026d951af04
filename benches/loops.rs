//! `einsum!` beside slice loops that one would write by hand, in pairs: `cargo bench --bench loops`.
//!
//! Machines are shared and their speed drifts, so each sample times both, one right after the other, and the
//! ratio is the median over the pairs. Fails where the ratio is below the row's goal.

mod support;

use std::hint::black_box;
use std::time::SystemTime;

use einsum::ndarray::Array2;
use einsum::{Windows, einsum};
use support::{Pair, machine, stay_on_one_thread};

const PAIRS: usize = 101;

/// What one pair of implementations does, and how fast the first one must be.
struct Workload {
    name: &'static str,
    /// Multiplications and additions of one call.
    flops: usize,
    /// The least ratio of the speed of `einsum!` to that of the loops.
    goal: f64,
}

fn main() {
    stay_on_one_thread();
    let date = humantime::format_rfc3339_seconds(SystemTime::now());
    println!("{}, {date}, 1 thread, f32, median of {PAIRS} pairs\n", machine());
    println!("| workload | einsum GFLOP/s | loops GFLOP/s | ratio | goal |\n|---|---|---|---|---|");
    let ratios = [matmul(), convolution()];
    assert!(ratios.iter().all(|&reached| reached), "a ratio is below its goal");
}

/// Integers, so that sums are exact in any order.
fn numbers(shape: (usize, usize)) -> Array2<f32> {
    Array2::from_shape_fn(shape, |(i, j)| ((31 * i + 7 * j) % 11) as f32 - 5.0)
}

fn matmul() -> bool {
    let n = 256;
    let (a, b) = (numbers((n, n)), numbers((n, n)));
    let (mut c, mut expected) = (Array2::zeros((n, n)), Array2::zeros((n, n)));
    let workload = Workload { name: "`ij,jk->ik` 256", flops: 2 * n * n * n, goal: 0.7 };
    let loops = || matmul_loops(slice_mut(&mut expected), slice(&a), slice(&b), n);
    let reached = compare(&workload, || einsum!(c = "ij,jk->ik", black_box(&a), &b), loops);
    assert_eq!(c, expected);
    reached
}

#[inline(never)]
fn matmul_loops(c: &mut [f32], a: &[f32], b: &[f32], n: usize) {
    for (c_row, a_row) in c.chunks_exact_mut(n).zip(a.chunks_exact(n)) {
        c_row.fill(0.0);
        for (a, b_row) in a_row.iter().zip(b.chunks_exact(n)) {
            c_row.iter_mut().zip(b_row).for_each(|(c, b)| *c += a * b);
        }
    }
}

fn convolution() -> bool {
    let (n, k) = (512, 3);
    let (image, kernel) = (numbers((n, n)), numbers((k, k)));
    let m = n - k + 1;
    let (mut out, mut expected) = (Array2::zeros((m, m)), Array2::zeros((m, m)));
    let workload = Workload { name: "`xyij,ij->xy` 512, 3x3", flops: 2 * m * m * k * k, goal: 0.7 };
    let windows = Windows::new([k, k]);
    let loops = || convolution_loops(slice_mut(&mut expected), slice(&image), slice(&kernel), n, k);
    let reached =
        compare(&workload, || einsum!(out = "xyij,ij->xy", windows.view(black_box(&image)), kernel), loops);
    assert_eq!(out, expected);
    reached
}

#[inline(never)]
fn convolution_loops(out: &mut [f32], image: &[f32], kernel: &[f32], n: usize, k: usize) {
    for (x, out_row) in out.chunks_exact_mut(n - k + 1).enumerate() {
        out_row.fill(0.0);
        for (i, kernel_row) in kernel.chunks_exact(k).enumerate() {
            for (j, weight) in kernel_row.iter().enumerate() {
                let pixels = &image[(x + i) * n + j..];
                out_row.iter_mut().zip(pixels).for_each(|(out, pixel)| *out += weight * pixel);
            }
        }
    }
}

fn slice(array: &Array2<f32>) -> &[f32] {
    array.as_slice().expect("C order")
}

fn slice_mut(array: &mut Array2<f32>) -> &mut [f32] {
    array.as_slice_mut().expect("C order")
}

/// Prints a row, and tells whether the goal is reached.
fn compare(workload: &Workload, einsum: impl FnMut(), loops: impl FnMut()) -> bool {
    let pair = Pair::median(PAIRS, einsum, loops);
    let speed = |seconds: f64| workload.flops as f64 / seconds / 1e9;
    let (ratio, Workload { name, goal, .. }) = (1.0 / pair.ratio(), workload);
    println!("| {name} | {:.1} | {:.1} | {ratio:.2} | {goal:.2} |", speed(pair.first), speed(pair.second));
    ratio >= *goal
}
