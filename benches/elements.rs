//! Elements beside `f32` and `f64`, in pairs: `cargo bench --bench elements`, or with `-- i16` or `-- complex` only these.
//!
//! - Complex numbers beside real ones, in the same contraction. A product that is added is 8 operations of complex numbers, and 2
//!   of real ones. Where memory is the limit, twice the bytes are four times the operations: a ratio of 2 is the same
//!   number of bytes a second.
//! - Integers and half types beside slice loops that one would write by hand.
//!
//! The ratio is that of the operations a second, the median over the pairs.

mod support;

use std::any::type_name;
use std::hint::black_box;
use std::ops::AddAssign;
use std::time::SystemTime;

use einsum::ndarray::{Array, Dimension};
use einsum::{Element, einsum};
use half::{bf16, f16};
use num_complex::Complex;
use support::{Pair, machine, stay_on_one_thread};

const PAIRS: usize = 41;

/// What both ratios should be at least.
const GOAL: f64 = 1.0;

fn main() {
    stay_on_one_thread();
    let date = humantime::format_rfc3339_seconds(SystemTime::now());
    let kernel = einsum::kernel_in_use();
    println!("{}, {kernel}, {date}, 1 thread, median of {PAIRS} pairs", machine());
    let only = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let is_wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    if is_wanted("complex") {
        println!(
            "\n| complex by real | `Complex<f32>` GFLOP/s | `f32` | ratio | `Complex<f64>` | `f64` | ratio | goal |"
        );
        println!("|---|---|---|---|---|---|---|---|");
        complex_by_real();
    }
    println!(
        "\n| einsum by loops | element | einsum GOP/s | loops | ratio | goal |\n|---|---|---|---|---|---|"
    );
    let others: [(&str, fn()); 6] = [
        ("i32", by_loops::<i32>),
        ("i64", by_loops::<i64>),
        ("u8", by_loops::<u8>),
        ("i16", by_loops::<i16>),
        ("f16", by_loops::<f16>),
        ("bf16", by_loops::<bf16>),
    ];
    others.iter().filter(|(name, _)| is_wanted(name)).for_each(|(_, compare)| compare());
}

/// An element made of -1, 0 or 1, so that sums are exact in any order.
trait Number: Element + Copy + PartialEq + AddAssign {
    fn sign(sign: i8) -> Self;
}

macro_rules! number {
    ($($number:ty: $sign:ident => $value:expr),*) => {
        $(impl Number for $number {
            fn sign($sign: i8) -> Self {
                $value
            }
        })*
    };
}

number!(
    f32: n => n.into(),
    f64: n => n.into(),
    Complex<f32>: n => Complex::new(n.into(), (1 - n).into()),
    Complex<f64>: n => Complex::new(n.into(), (1 - n).into()),
    i32: n => n.into(),
    i64: n => n.into(),
    // All but -1, whose overflow would be a panic where it is looked for.
    u8: n => n.unsigned_abs() / 2,
    i16: n => n.into(),
    f16: n => n.into(),
    bf16: n => n.into()
);

fn numbers<T: Number, D: Dimension>(shape: D, seed: u32) -> Array<T, D> {
    let mut state = seed;
    Array::from_shape_simple_fn(shape, || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        T::sign((state >> 24) as i8 % 2)
    })
}

/// The dimension of a shape.
fn shape<D: einsum::ndarray::IntoDimension>(shape: D) -> D::Dim {
    shape.into_dimension()
}

/// Prints a row for each contraction: its name, how many products it adds, its subscripts, and the shapes.
macro_rules! complex_rows {
    ($($name:literal: $products:expr, $subscripts:literal, $left:expr, $right:expr => $out:expr;)*) => {
        $({
            fn contraction<T: Number>() -> impl FnMut() {
                let (left, right) = (numbers::<T, _>(shape($left), 1), numbers::<T, _>(shape($right), 2));
                let mut out = numbers::<T, _>(shape($out), 3);
                move || einsum!(out = $subscripts, black_box(&left), right)
            }
            let single = Pair::median(PAIRS, contraction::<Complex<f32>>(), contraction::<f32>());
            let double = Pair::median(PAIRS, contraction::<Complex<f64>>(), contraction::<f64>());
            print_complex(concat!("`", $subscripts, "` ", $name), $products, [single, double]);
        })*
    };
}

fn complex_by_real() {
    complex_rows! {
        "64": 64 * 64 * 64, "ij,jk->ik", [64, 64], [64, 64] => [64, 64];
        "256": 256 * 256 * 256, "ij,jk->ik", [256, 256], [256, 256] => [256, 256];
        "1024": 1024 * 1024 * 1024, "ij,jk->ik", [1024, 1024], [1024, 1024] => [1024, 1024];
        "256": 256 * 256 * 256, "ij,kj->ik", [256, 256], [256, 256] => [256, 256];
        "1000x8x8": 1000 * 8 * 8 * 8, "bij,bjk->bik", [1000, 8, 8], [1000, 8, 8] => [1000, 8, 8];
        "100x32x32": 100 * 32 * 32 * 32, "bij,bjk->bik", [100, 32, 32], [100, 32, 32] => [100, 32, 32];
        "4 images, 64 channels, 28x28": 4 * 28 * 28 * 9 * 64 * 64, "n(x+i)(y+j)c,ijco->nxyo",
            [4, 30, 30, 64], [3, 3, 64, 64] => [4, 28, 28, 64];
        "the same": 4 * 28 * 28 * 9 * 64, "n(x+i)(y+j)c,ijc->nxyc", [4, 30, 30, 64], [3, 3, 64] => [4, 28, 28, 64];
        "1024": 1024 * 1024, "ij,j->i", [1024, 1024], [1024] => [1024];
        "1024": 1024 * 1024, "ij,i->j", [1024, 1024], [1024] => [1024];
        "4096x4x1024": 4096 * 4 * 1024, "ij,jk->ik", [4096, 4], [4, 1024] => [4096, 1024];
        "100000": 100_000, "i,i->", [100_000], [100_000] => [];
    }
}

fn print_complex(name: &str, products: usize, pairs: [Pair; 2]) {
    let cells = pairs.map(|pair| {
        let speed = |operations: usize, seconds: f64| (operations * products) as f64 / seconds / 1e9;
        let [complex, real] = [speed(8, pair.first), speed(2, pair.second)];
        format!("{complex:.1} | {real:.1} | {:.2}", complex / real)
    });
    println!("| {name} | {} | {GOAL:.1} |", cells.join(" | "));
}

/// Prints a row for each contraction, beside these loops, which get the result, the operands and these extents.
macro_rules! rows_by_loops {
    ($T:ty; $($name:literal: $products:expr, $subscripts:literal, $left:expr, $right:expr => $out:expr, $loops:ident($extents:expr);)*) => {
        $({
            let (left, right) = (numbers::<$T, _>(shape($left), 1), numbers::<$T, _>(shape($right), 2));
            let (mut out, mut expected) = (numbers::<$T, _>(shape($out), 3), numbers::<$T, _>(shape($out), 3));
            let pair = Pair::median(
                PAIRS,
                || einsum!(out = $subscripts, black_box(&left), right),
                || $loops(slice_mut(&mut expected), slice(black_box(&left)), slice(&right), $extents),
            );
            assert!(out == expected, "{} of {}", $subscripts, type_name::<$T>());
            print_by_loops::<$T>(concat!("`", $subscripts, "` ", $name), $products, &pair);
        })*
    };
}

fn by_loops<T: Number>() {
    rows_by_loops! { T;
        "16": 16 * 16 * 16, "ij,jk->ik", [16, 16], [16, 16] => [16, 16], products([16, 16]);
        "64": 64 * 64 * 64, "ij,jk->ik", [64, 64], [64, 64] => [64, 64], products([64, 64]);
        "256": 256 * 256 * 256, "ij,jk->ik", [256, 256], [256, 256] => [256, 256], products([256, 256]);
        "256": 256 * 256, "ij,j->i", [256, 256], [256] => [256], dots(256);
        "256": 256 * 256, "i,ij->j", [256], [256, 256] => [256], products([256, 256]);
        "4096": 4096, "i,i->", [4096], [4096] => [], dots(4096);
        "256x256, 3x3": 254 * 254 * 9, "(x+i)(y+j),ij->xy", [256, 256], [3, 3] => [254, 254], convolution([256, 3]);
        "512": 512 * 512, "i,j->ij", [512], [512] => [512, 512], outer(512);
        "1000x8x8": 1000 * 8 * 8 * 8, "bij,bjk->bik", [1000, 8, 8], [1000, 8, 8] => [1000, 8, 8], batches(8);
    }
}

fn print_by_loops<T>(name: &str, products: usize, pair: &Pair) {
    let element = type_name::<T>().rsplit("::").next().expect("a name");
    let speed = |seconds: f64| (2 * products) as f64 / seconds / 1e9;
    let [einsum, loops] = [speed(pair.first), speed(pair.second)];
    println!("| {name} | {element} | {einsum:.2} | {loops:.2} | {:.2} | {GOAL:.1} |", einsum / loops);
}

/// A matrix times a matrix: extents of the depth and of the columns.
#[inline(never)]
fn products<T: Number>(c: &mut [T], a: &[T], b: &[T], [depth, columns]: [usize; 2]) {
    for (c_row, a_row) in c.chunks_exact_mut(columns).zip(a.chunks_exact(depth)) {
        c_row.fill(T::zero());
        for (&a, b_row) in a_row.iter().zip(b.chunks_exact(columns)) {
            c_row.iter_mut().zip(b_row).for_each(|(c, &b)| *c += a * b);
        }
    }
}

/// The product of each row and a vector.
#[inline(never)]
fn dots<T: Number>(c: &mut [T], a: &[T], b: &[T], depth: usize) {
    for (c, a_row) in c.iter_mut().zip(a.chunks_exact(depth)) {
        *c = T::zero();
        a_row.iter().zip(b).for_each(|(&a, &b)| *c += a * b);
    }
}

/// A small kernel that slides over an image: the extents are those of a side of the image and of the kernel.
#[inline(never)]
fn convolution<T: Number>(out: &mut [T], image: &[T], kernel: &[T], [n, k]: [usize; 2]) {
    for (x, out_row) in out.chunks_exact_mut(n - k + 1).enumerate() {
        out_row.fill(T::zero());
        for (i, kernel_row) in kernel.chunks_exact(k).enumerate() {
            for (j, &weight) in kernel_row.iter().enumerate() {
                let pixels = &image[(x + i) * n + j..];
                out_row.iter_mut().zip(pixels).for_each(|(out, &pixel)| *out += weight * pixel);
            }
        }
    }
}

/// The products of all pairs.
#[inline(never)]
fn outer<T: Number>(c: &mut [T], a: &[T], b: &[T], columns: usize) {
    for (c_row, &a) in c.chunks_exact_mut(columns).zip(a) {
        c_row.iter_mut().zip(b).for_each(|(c, &b)| *c = a * b);
    }
}

/// Products of square matrices of this side.
#[inline(never)]
fn batches<T: Number>(c: &mut [T], a: &[T], b: &[T], n: usize) {
    for ((c, a), b) in c.chunks_exact_mut(n * n).zip(a.chunks_exact(n * n)).zip(b.chunks_exact(n * n)) {
        products(c, a, b, [n, n]);
    }
}

fn slice<T, D: Dimension>(array: &Array<T, D>) -> &[T] {
    array.as_slice().expect("C order")
}

fn slice_mut<T, D: Dimension>(array: &mut Array<T, D>) -> &mut [T] {
    array.as_slice_mut().expect("C order")
}
