//! Convolutions of handwritten digits: one line of einsum over windows, against four nested loops.
//!
//! The elements are integers, so the two agree to the last bit. Writes a contact sheet: the digits on top, and below them one row of feature maps for each kernel.

#[allow(dead_code, reason = "this example reads no folders")]
mod support;

use std::env;
use std::error::Error;
use std::fs::File;
use std::path::Path;

use einsum::{Windows, as_strided, einsum};
use ndarray::{Array2, ArrayView2, array, s};
use support::{Digits, Mnist};

/// A kernel, and how to show its values as bytes: `value / divisor + offset`.
struct Filter {
    name: &'static str,
    kernel: Array2<i32>,
    divisor: i32,
    offset: i32,
}

#[rustfmt::skip]
fn filters() -> [Filter; 5] {
    let filter = |name, kernel, divisor, offset| Filter { name, kernel, divisor, offset };
    [
        filter("blur",             array![[ 1,  2,  1], [ 2,  4,  2], [ 1,  2,  1]], 16,   0),
        filter("vertical edges",   array![[-1,  0,  1], [-2,  0,  2], [-1,  0,  1]],  8, 128),
        filter("horizontal edges", array![[-1, -2, -1], [ 0,  0,  0], [ 1,  2,  1]],  8, 128),
        filter("sharpen",          array![[ 0, -1,  0], [-1,  5, -1], [ 0, -1,  0]],  1,   0),
        filter("emboss",           array![[-2, -1,  0], [-1,  0,  1], [ 0,  1,  2]],  8, 128),
    ]
}

/// The convolution of conv nets, which does not flip the kernel.
fn convolve(image: &Array2<i32>, kernel: &Array2<i32>) -> Array2<i32> {
    einsum!("xyij,ij->xy", Windows::new([3, 3]).view(image), kernel)
}

/// The same by numpy's stride trick: a step inside of a window is as long as a step of the window.
fn convolve_by_strides(image: &Array2<i32>, kernel: &Array2<i32>) -> Array2<i32> {
    let (height, width) = image.dim();
    let (row, column) = (image.strides()[0], image.strides()[1]);
    let windows = as_strided(image, [height - 2, width - 2, 3, 3], [row, column, row, column]);
    einsum!("xyij,ij->xy", windows.expect("all windows lie in the image"), kernel)
}

/// The same, as one would write it without einsum.
fn convolve_by_loops(image: &Array2<i32>, kernel: &Array2<i32>) -> Array2<i32> {
    let (height, width) = image.dim();
    let mut map = Array2::zeros((height - 2, width - 2));
    for x in 0..height - 2 {
        for y in 0..width - 2 {
            for i in 0..3 {
                for j in 0..3 {
                    map[[x, y]] += image[[x + i, y + j]] * kernel[[i, j]];
                }
            }
        }
    }
    map
}

/// The first image of each digit from 0 to 9, in grey levels.
fn one_of_each(digits: &Digits) -> Vec<Array2<i32>> {
    let first = |digit| digits.labels.iter().position(|&label| label == digit).expect("each digit occurs");
    let image =
        |digit| digits.images.slice(s![first(digit), .., ..]).mapv(|ink| (255.0 * ink).round() as i32);
    (0..10).map(image).collect()
}

/// Cells of 28x28 pixels on a dark ground, with a margin around each.
struct Sheet {
    pixels: Array2<u8>,
}

impl Sheet {
    const CELL: usize = 28 + 4;

    fn new(rows: usize, columns: usize) -> Self {
        Self { pixels: Array2::from_elem((rows * Self::CELL, columns * Self::CELL), 24) }
    }

    /// Puts an image in the middle of a cell.
    fn put(&mut self, row: usize, column: usize, image: ArrayView2<u8>) {
        let (height, width) = image.dim();
        let x = row * Self::CELL + (Self::CELL - height) / 2;
        let y = column * Self::CELL + (Self::CELL - width) / 2;
        self.pixels.slice_mut(s![x..x + height, y..y + width]).assign(&image);
    }

    /// Writes a PNG file in which each pixel is a square of `scale` by `scale`.
    fn write(&self, path: &Path, scale: usize) -> Result<(), Box<dyn Error>> {
        let (height, width) = (self.pixels.nrows() * scale, self.pixels.ncols() * scale);
        let scaled = Array2::from_shape_fn((height, width), |(x, y)| self.pixels[[x / scale, y / scale]]);
        let mut png = png::Encoder::new(File::create(path)?, u32::try_from(width)?, u32::try_from(height)?);
        png.set_color(png::ColorType::Grayscale);
        png.write_header()?.write_image_data(&scaled.into_raw_vec_and_offset().0)?;
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let digits = one_of_each(&Mnist::embedded().train);
    let filters = filters();
    let mut sheet = Sheet::new(1 + filters.len(), digits.len());
    for (column, digit) in digits.iter().enumerate() {
        sheet.put(0, column, digit.mapv(|grey| grey as u8).view());
        for (row, Filter { kernel, divisor, offset, .. }) in filters.iter().enumerate() {
            let map = convolve(digit, kernel);
            assert_eq!(map, convolve_by_strides(digit, kernel));
            assert_eq!(map, convolve_by_loops(digit, kernel));
            let bytes = map.mapv(|value| (value / divisor + offset).clamp(0, 255) as u8);
            sheet.put(1 + row, column, bytes.view());
        }
    }
    let path = env::temp_dir().join("einsum-conv2d.png");
    sheet.write(&path, 4)?;
    let names: Vec<_> = filters.iter().map(|filter| filter.name).collect();
    println!("{} digits, and below them: {}", digits.len(), names.join(", "));
    println!("windows, strides and loops agree on all {} maps", digits.len() * filters.len());
    println!("{}", path.display());
    Ok(())
}
