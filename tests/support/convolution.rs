//! Convolutions, their kernel gradients and their transposes as plain loops over slices, and the numbers that make one.

#![allow(clippy::needless_range_loop, reason = "plain loops name the labels")]

use super::layouts::numbers;
use ndarray::{Array, Array1, ArrayD, Dimension};

/// One axis of a convolution, all numbers its own.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    pub stride: usize,
    pub dilation: usize,
    pub padding: usize,
    pub kernel: usize,
    pub image: usize,
}

/// Strides and dilations 1 to 3, paddings 0 to 4, kernels 1 to 7, images 1 to 9.
pub const AXES: usize = 3 * 3 * 5 * 7 * 9;

impl Axis {
    /// One of the [`AXES`].
    pub fn number(number: usize) -> Self {
        let mut rest = number;
        let mut digit = |base| {
            let digit = rest % base;
            rest /= base;
            digit
        };
        let (stride, dilation, padding) = (1 + digit(3), 1 + digit(3), digit(5));
        Self { stride, dilation, padding, kernel: 1 + digit(7), image: 1 + digit(9) }
    }

    /// A smaller one, for many dimensions.
    pub fn cut(self) -> Self {
        Self { kernel: 1 + self.kernel % 3, image: 1 + self.image % 5, ..self }
    }

    /// Those of this stride, dilation and padding.
    pub fn all_of(stride: usize, dilation: usize, padding: usize) -> impl Iterator<Item = Self> {
        let chosen = [stride, dilation, padding];
        (0..AXES).map(Self::number).filter(move |axis| [axis.stride, axis.dilation, axis.padding] == chosen)
    }

    /// The extent of the result.
    pub fn result(self) -> usize {
        let (image, kernel) = (self.image + 2 * self.padding, self.dilation * (self.kernel - 1) + 1);
        if kernel > image { 0 } else { (image - kernel) / self.stride + 1 }
    }

    /// Which element of the image meets element `i` of the kernel at `x`; none in the padding.
    pub fn at(self, x: usize, i: usize) -> Option<usize> {
        (self.stride * x + self.dilation * i).checked_sub(self.padding).filter(|&at| at < self.image)
    }

    /// The axis of the image as an index, as one would write it.
    pub fn index(self, x: char, i: char) -> String {
        let part = |factor, label| if factor == 1 { format!("{label}") } else { format!("{factor}{label}") };
        let padding = if self.padding == 0 { String::new() } else { format!("-{}", self.padding) };
        format!("({}+{}{padding})", part(self.stride, x), part(self.dilation, i))
    }

    /// The transposed convolution of `result` values, whose target is `longer` than needed.
    pub fn transposed(self, result: usize, longer: usize) -> Option<Self> {
        let image = self.stride * (result - 1) + self.dilation * (self.kernel - 1) + 1 + longer;
        Some(Self { image: image.checked_sub(2 * self.padding)?, ..self })
    }
}

pub fn vectors(extents: [usize; 2]) -> [Array1<i64>; 2] {
    [numbers(extents[0], 0), numbers(extents[1], 1)]
}

pub fn convolution(axis: Axis, [image, kernel]: [&[i64]; 2]) -> ArrayD<i64> {
    let mut result = vec![0; axis.result()];
    for x in 0..axis.result() {
        for i in 0..axis.kernel {
            if let Some(at) = axis.at(x, i) {
                result[x] += image[at] * kernel[i];
            }
        }
    }
    Array::from(result).into_dyn()
}

pub fn kernel_gradient(axis: Axis, [image, of_result]: [&[i64]; 2]) -> ArrayD<i64> {
    let mut gradient = vec![0; axis.kernel];
    for x in 0..axis.result() {
        for i in 0..axis.kernel {
            if let Some(at) = axis.at(x, i) {
                gradient[i] += image[at] * of_result[x];
            }
        }
    }
    Array::from(gradient).into_dyn()
}

pub fn transpose(axis: Axis, [result, kernel]: [&[i64]; 2]) -> ArrayD<i64> {
    let mut image = vec![0; axis.image];
    for x in 0..result.len() {
        for i in 0..axis.kernel {
            if let Some(at) = axis.at(x, i) {
                image[at] += result[x] * kernel[i];
            }
        }
    }
    Array::from(image).into_dyn()
}

pub const BATCH: usize = 2;
pub const CHANNELS: usize = 3;
pub const OUTPUTS: usize = 2;

/// Of an image `nhwc` and a kernel `ijco`, the result `nyxo`.
pub fn convolution_2d([y_axis, x_axis]: [Axis; 2], [image, kernel]: [&[i64]; 2]) -> ArrayD<i64> {
    let shape = [BATCH, y_axis.result(), x_axis.result(), OUTPUTS];
    let mut result = vec![0; shape.iter().product()];
    for n in 0..BATCH {
        for y in 0..y_axis.result() {
            for x in 0..x_axis.result() {
                for o in 0..OUTPUTS {
                    let sum = &mut result[((n * shape[1] + y) * shape[2] + x) * OUTPUTS + o];
                    for i in 0..y_axis.kernel {
                        for j in 0..x_axis.kernel {
                            let (Some(h), Some(w)) = (y_axis.at(y, i), x_axis.at(x, j)) else { continue };
                            for c in 0..CHANNELS {
                                let pixel = ((n * y_axis.image + h) * x_axis.image + w) * CHANNELS + c;
                                let weight = ((i * x_axis.kernel + j) * CHANNELS + c) * OUTPUTS + o;
                                *sum += image[pixel] * kernel[weight];
                            }
                        }
                    }
                }
            }
        }
    }
    Array::from_shape_vec(shape, result).unwrap().into_dyn()
}

pub fn operands_2d([y, x]: [Axis; 2]) -> [ArrayD<i64>; 2] {
    let image = numbers(&[BATCH, y.image, x.image, CHANNELS][..], 0);
    [image, numbers(&[y.kernel, x.kernel, CHANNELS, OUTPUTS][..], 1)]
}

/// Operands in C order as plain loops take them.
pub fn slices<D: Dimension>(operands: &[Array<i64, D>; 2]) -> [&[i64]; 2] {
    operands.each_ref().map(|operand| operand.as_slice().unwrap())
}

/// Of an image `dhwc` and a kernel `ijkco`, the result `zyxo`.
pub fn convolution_3d(axes: [Axis; 3], [image, kernel]: [&[i64]; 2]) -> ArrayD<i64> {
    let [z_axis, y_axis, x_axis] = axes;
    let shape = [z_axis.result(), y_axis.result(), x_axis.result(), OUTPUTS];
    let mut result = Vec::with_capacity(shape.iter().product());
    for z in 0..shape[0] {
        for y in 0..shape[1] {
            for x in 0..shape[2] {
                for o in 0..OUTPUTS {
                    let mut sum = 0;
                    for i in 0..z_axis.kernel {
                        for j in 0..y_axis.kernel {
                            for k in 0..x_axis.kernel {
                                let at = (z_axis.at(z, i), y_axis.at(y, j), x_axis.at(x, k));
                                let (Some(d), Some(h), Some(w)) = at else { continue };
                                for c in 0..CHANNELS {
                                    let pixel = ((d * y_axis.image + h) * x_axis.image + w) * CHANNELS + c;
                                    let place = (i * y_axis.kernel + j) * x_axis.kernel + k;
                                    sum += image[pixel] * kernel[(place * CHANNELS + c) * OUTPUTS + o];
                                }
                            }
                        }
                    }
                    result.push(sum);
                }
            }
        }
    }
    Array::from_shape_vec(shape, result).unwrap().into_dyn()
}

pub fn operands_3d([z, y, x]: [Axis; 3]) -> [ArrayD<i64>; 2] {
    let image = numbers(&[z.image, y.image, x.image, CHANNELS][..], 0);
    [image, numbers(&[z.kernel, y.kernel, x.kernel, CHANNELS, OUTPUTS][..], 1)]
}

/// A result `nyxo` and a kernel `ijco`.
pub fn transposed_operands_2d([y, x]: [Axis; 2], result: [usize; 2]) -> [ArrayD<i64>; 2] {
    let of_result = numbers(&[BATCH, result[0], result[1], OUTPUTS][..], 0);
    [of_result, numbers(&[y.kernel, x.kernel, CHANNELS, OUTPUTS][..], 1)]
}

/// Of a result `nyxo` and a kernel `ijco`, the image `nhwc`.
pub fn transpose_2d(
    [y_axis, x_axis]: [Axis; 2],
    [height, width]: [usize; 2],
    [result, kernel]: [&[i64]; 2],
) -> ArrayD<i64> {
    let shape = [BATCH, y_axis.image, x_axis.image, CHANNELS];
    let mut image = vec![0; shape.iter().product()];
    for n in 0..BATCH {
        for y in 0..height {
            for x in 0..width {
                for i in 0..y_axis.kernel {
                    for j in 0..x_axis.kernel {
                        let (Some(h), Some(w)) = (y_axis.at(y, i), x_axis.at(x, j)) else { continue };
                        for c in 0..CHANNELS {
                            for o in 0..OUTPUTS {
                                let from = ((n * height + y) * width + x) * OUTPUTS + o;
                                let weight = ((i * x_axis.kernel + j) * CHANNELS + c) * OUTPUTS + o;
                                let pixel = ((n * shape[1] + h) * shape[2] + w) * CHANNELS + c;
                                image[pixel] += result[from] * kernel[weight];
                            }
                        }
                    }
                }
            }
        }
    }
    Array::from_shape_vec(shape, image).unwrap().into_dyn()
}
