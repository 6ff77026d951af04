//! Convolutions in 1, 2 and 3 dimensions, their kernel gradients and their transposes, against plain loops: for every
//! stride, dilation and padding through the run-time twin, and for some through the macro.

mod support;

use einsum::dynamic::Equation;
use einsum::einsum;
use einsum::ndarray::{Array, Array1, ArrayD, ArrayViewD, Dimension};
use support::convolution::{
    AXES, Axis, convolution, convolution_2d, convolution_3d, kernel_gradient, operands_2d, operands_3d,
    slices, transpose, transpose_2d, transposed_operands_2d, vectors,
};
use support::layouts::{Layout, assert_gaps_untouched};

/// What lies between the elements of strided arrays; no result may show it.
const POISON: i64 = 1 << 40;

/// Each array as a view of dynamic rank.
fn views<'a, T, D: Dimension>(operands: &'a [Array<T, D>; 2]) -> [ArrayViewD<'a, T>; 2] {
    operands.each_ref().map(|operand| operand.view().into_dyn())
}

fn floats<D: Dimension>(operands: &[Array<i64, D>; 2]) -> [Array<f32, D>; 2] {
    operands.each_ref().map(|operand| operand.mapv(|value| value as f32))
}

fn integers<D: Dimension>(result: Array<f32, D>) -> ArrayD<i64> {
    result.mapv(|value| value as i64).into_dyn()
}

/// The owned form, with operands in a layout and with floats.
fn check_owned<D: Dimension>(
    equation: &Equation,
    operands: &[Array<i64, D>; 2],
    expected: &ArrayD<i64>,
    layout: Layout,
) {
    let arranged = operands.each_ref().map(|operand| layout.arrange(operand, POISON));
    let result = equation.einsum(&views(&arranged));
    assert_eq!(result.as_ref(), Ok(expected), "{equation} in layout {layout:?}");
    let result = equation.einsum(&views(&floats(operands))).unwrap();
    assert_eq!(integers(result), expected, "{equation} of floats");
}

/// The other forms, with operands and a target in a layout.
fn check_in_place<D: Dimension>(
    equation: &Equation,
    operands: &[Array<i64, D>; 2],
    expected: &ArrayD<i64>,
    layout: Layout,
) {
    let operands = operands.each_ref().map(|operand| layout.arrange(operand, POISON));
    let views = views(&operands);
    let before = ArrayD::from_elem(expected.shape(), 77);
    let mut target = layout.arrange(&before, POISON);
    equation.accumulate(&mut target, &views).unwrap();
    assert_eq!(target, expected + 77, "{equation} by += in layout {layout:?}");
    equation.subtract(&mut target, &views).unwrap();
    assert_eq!(target, before, "{equation} by -= in layout {layout:?}");
    equation.assign(&mut target, &views).unwrap();
    assert_eq!(target, expected, "{equation} by = in layout {layout:?}");
    assert_gaps_untouched(target, POISON);
}

fn layout(number: usize) -> Layout {
    Layout::ALL[number % Layout::ALL.len()]
}

#[test]
fn one_dimension() {
    for number in 0..AXES {
        let axis = Axis::number(number);
        let operands = vectors([axis.image, axis.kernel]);
        let expected = convolution(axis, slices(&operands));
        let equation = Equation::new(&format!("{},i->x", axis.index('x', 'i')), 2).unwrap();
        check_owned(&equation, &operands, &expected, layout(number));
        check_in_place(&equation, &operands, &expected, layout(number));
    }
}

#[test]
fn kernel_gradients_in_one_dimension() {
    for number in 0..AXES {
        let axis = Axis::number(number);
        let operands = vectors([axis.image, axis.result()]);
        let expected = kernel_gradient(axis, slices(&operands));
        let equation = Equation::new(&format!("{},x->i", axis.index('x', 'i')), 2).unwrap();
        // The target says how large the kernel is.
        check_in_place(&equation, &operands, &expected, layout(number));
        // Without its extent, the kernel would be as large as fits.
        let equation = equation.with_extent('i', axis.kernel).unwrap();
        check_owned(&equation, &operands, &expected, layout(number));
        check_in_place(&equation, &operands, &expected, layout(number));
    }
}

#[test]
fn transposes_in_one_dimension() {
    for number in 0..AXES {
        let axis = Axis::number(number);
        let result = axis.image;
        let operands = vectors([result, axis.kernel]);
        let equation = Equation::new(&format!("x,i->{}", axis.index('x', 'i')), 2).unwrap();
        for longer in 0..axis.stride {
            let Some(axis) = axis.transposed(result, longer) else { continue };
            let expected = transpose(axis, slices(&operands));
            check_in_place(&equation, &operands, &expected, layout(number));
            if longer == 0 {
                check_owned(&equation, &operands, &expected, layout(number));
            }
        }
    }
}

#[test]
fn two_dimensions() {
    for sample in 0..400 {
        let axes = [Axis::number(sample * 1009 % AXES), Axis::number(sample * 1013 % AXES)];
        let [y, x] = [axes[0].index('y', 'i'), axes[1].index('x', 'j')];
        let operands = operands_2d(axes);
        let expected = convolution_2d(axes, slices(&operands));
        let channels_last = Equation::new(&format!("n{y}{x}c,ijco->nyxo"), 2).unwrap();
        check_owned(&channels_last, &operands, &expected, layout(sample));

        let channels_first = Equation::new(&format!("nc{y}{x},ocij->noyx"), 2).unwrap();
        let [image, kernel] = operands;
        let operands = [image.permuted_axes(vec![0, 3, 1, 2]), kernel.permuted_axes(vec![3, 2, 0, 1])];
        let expected = expected.permuted_axes(vec![0, 3, 1, 2]);
        check_owned(&channels_first, &operands, &expected, layout(sample));
    }
}

#[test]
fn transposes_in_two_dimensions() {
    for sample in 0..200 {
        let result = [1 + sample % 4, 1 + sample % 5];
        let axes = [Axis::number(sample * 1013 % AXES), Axis::number(sample * 1019 % AXES)];
        let longer = [sample % axes[0].stride, sample % axes[1].stride];
        let [Some(y), Some(x)] = [0, 1].map(|axis| axes[axis].transposed(result[axis], longer[axis])) else {
            continue;
        };
        let operands = transposed_operands_2d([y, x], result);
        let expected = transpose_2d([y, x], result, slices(&operands));
        let [to_y, to_x] = [y.index('y', 'i'), x.index('x', 'j')];
        let channels_last = Equation::new(&format!("nyxo,ijco->n{to_y}{to_x}c"), 2).unwrap();
        check_in_place(&channels_last, &operands, &expected, layout(sample));
        if longer == [0, 0] {
            check_owned(&channels_last, &operands, &expected, layout(sample));
        }
    }
}

#[test]
fn three_dimensions() {
    for sample in 0..150 {
        let axes = [1009, 1013, 1019].map(|step| Axis::number(sample * step % AXES).cut());
        let [z, y, x] = [axes[0].index('z', 'i'), axes[1].index('y', 'j'), axes[2].index('x', 'k')];
        let operands = operands_3d(axes);
        let expected = convolution_3d(axes, slices(&operands));
        let equation = Equation::new(&format!("{z}{y}{x}c,ijkco->zyxo"), 2).unwrap();
        // Five axes with gaps would be large.
        let layouts = [Layout::C, Layout::F, Layout::Permuted, Layout::Reversed];
        check_owned(&equation, &operands, &expected, layouts[sample % layouts.len()]);
    }
}

/// Large enough for what small products are spared: panels, blocks, threads.
#[test]
fn large_images() {
    let large = |stride, dilation, padding, kernel, image| Axis { stride, dilation, padding, kernel, image };
    for axes in [
        [large(1, 1, 1, 3, 40), large(1, 1, 1, 3, 37)],
        [large(2, 1, 3, 7, 61), large(2, 1, 3, 7, 64)],
        [large(1, 2, 2, 3, 33), large(3, 1, 0, 5, 50)],
    ] {
        let [y, x] = [axes[0].index('y', 'i'), axes[1].index('x', 'j')];
        let operands = operands_2d(axes);
        let expected = convolution_2d(axes, slices(&operands));
        let equation = Equation::new(&format!("n{y}{x}c,ijco->nyxo"), 2).unwrap();
        check_owned(&equation, &operands, &expected, Layout::C);
    }
}

/// Asserts what the in-place forms of the macro make of a target of rank 1.
macro_rules! assert_in_place {
    ($axis:ident, $expected:ident, $subscripts:tt, $operands:ident) => {
        let [left, right] = &$operands;
        let mut target = Array1::from_elem($expected.len(), 77);
        einsum!(target += $subscripts, left, right);
        assert_eq!((&target - 77).into_dyn(), $expected, "+= of {:?}", $axis);
        einsum!(target -= $subscripts, left, right);
        assert_eq!(target, Array1::from_elem($expected.len(), 77), "-= of {:?}", $axis);
        einsum!(target = $subscripts, left, right);
        assert_eq!(target.into_dyn(), $expected, "= of {:?}", $axis);
    };
}

/// Equations whose numbers are literals, each with its stride, dilation and padding, for all extents.
macro_rules! one_dimension_by_macro {
    ($($name:ident $subscripts:tt $stride:literal $dilation:literal $padding:literal;)*) => {
        mod one_dimension_by_macro {
            use super::*;
            $(#[test]
            fn $name() {
                for axis in Axis::all_of($stride, $dilation, $padding) {
                    let operands = vectors([axis.image, axis.kernel]);
                    let expected = convolution(axis, slices(&operands));
                    let [image, kernel] = &operands;
                    assert_eq!(einsum!($subscripts, image, kernel).into_dyn(), expected, "{axis:?}");
                    assert_in_place!(axis, expected, $subscripts, operands);
                    let [image, kernel] = &floats(&operands);
                    assert_eq!(integers(einsum!($subscripts, image, kernel)), expected, "{axis:?} of floats");
                }
            })*
        }
    };
}

one_dimension_by_macro! {
    plain "(x+i),i->x" 1 1 0;
    kernel_first "(i+x),i->x" 1 1 0;
    strided "(2x+i),i->x" 2 1 0;
    strided_by_3 "(3*x+i),i->x" 3 1 0;
    dilated "(x+2i),i->x" 1 2 0;
    dilated_by_3 "(x + 3 * i), i -> x" 1 3 0;
    strided_and_dilated "(2x+3i),i->x" 2 3 0;
    both_by_2 "(2x+2i),i->x" 2 2 0;
    padded "(x+i-1),i->x" 1 1 1;
    padded_by_4 "(-4+x+i),i->x" 1 1 4;
    strided_and_padded "(2x+i-3),i->x" 2 1 3;
    dilated_and_padded "(x+2i-2),i->x" 1 2 2;
    all_three "(3x+2i-4),i->x" 3 2 4;
}

/// Equations for kernel gradients in the same form.
macro_rules! kernel_gradients_by_macro {
    ($($name:ident $subscripts:tt $stride:literal $dilation:literal $padding:literal;)*) => {
        mod kernel_gradients_by_macro {
            use super::*;
            $(#[test]
            fn $name() {
                for axis in Axis::all_of($stride, $dilation, $padding) {
                    let operands = vectors([axis.image, axis.result()]);
                    let expected = kernel_gradient(axis, slices(&operands));
                    let [image, of_result] = &operands;
                    let owned = einsum!($subscripts, image, of_result; i = axis.kernel);
                    assert_eq!(owned.into_dyn(), expected, "{axis:?}");
                    assert_in_place!(axis, expected, $subscripts, operands);
                }
            })*
        }
    };
}

kernel_gradients_by_macro! {
    plain "(x+i),x->i" 1 1 0;
    strided "(2x+i),x->i" 2 1 0;
    padded "(x+i-1),x->i" 1 1 1;
    all_three "(3x+2i-4),x->i" 3 2 4;
}

/// Equations for transposed convolutions in the same form, also with targets that are longer than they need be.
macro_rules! transposes_by_macro {
    ($($name:ident $subscripts:tt $stride:literal $dilation:literal $padding:literal;)*) => {
        mod transposes_by_macro {
            use super::*;
            $(#[test]
            fn $name() {
                for axis in Axis::all_of($stride, $dilation, $padding) {
                    let operands = vectors([axis.image, axis.kernel]);
                    for longer in 0..$stride {
                        let Some(axis) = axis.transposed(axis.image, longer) else { continue };
                        let expected = transpose(axis, slices(&operands));
                        assert_in_place!(axis, expected, $subscripts, operands);
                        if longer == 0 {
                            let [result, kernel] = &operands;
                            assert_eq!(einsum!($subscripts, result, kernel).into_dyn(), expected, "{axis:?}");
                        }
                    }
                }
            })*
        }
    };
}

transposes_by_macro! {
    plain "x,i->(x+i)" 1 1 0;
    strided "x,i->(2x+i)" 2 1 0;
    strided_by_3 "x,i->(3x+i)" 3 1 0;
    dilated "x,i->(x+2i)" 1 2 0;
    padded "x,i->(x+i-1)" 1 1 1;
    strided_and_padded "x,i->(2x+i-1)" 2 1 1;
    all_three "x,i->(3x+2i-4)" 3 2 4;
}

/// Equations of images `nhwc` and kernels `ijco`, with stride, dilation and padding of both axes.
macro_rules! two_dimensions_by_macro {
    ($($name:ident $subscripts:tt [$($y:literal),*] [$($x:literal),*];)*) => {
        mod two_dimensions_by_macro {
            use super::*;
            $(#[test]
            fn $name() {
                let both = Axis::all_of($($y),*).zip(Axis::all_of($($x),*).skip(5).step_by(2));
                for axes in both.map(|(y, x)| [y, x]) {
                    let operands = operands_2d(axes);
                    let expected = convolution_2d(axes, slices(&operands));
                    let [image, kernel] = &operands;
                    assert_eq!(einsum!($subscripts, image, kernel).into_dyn(), expected, "{axes:?}");
                    let [image, kernel] = &floats(&operands);
                    assert_eq!(integers(einsum!($subscripts, image, kernel)), expected, "{axes:?} of floats");
                }
            })*
        }
    };
}

two_dimensions_by_macro! {
    plain "n(y+i)(x+j)c,ijco->nyxo" [1, 1, 0] [1, 1, 0];
    same "n(y+i-1)(x+j-1)c,ijco->nyxo" [1, 1, 1] [1, 1, 1];
    strided "n(2y+i-1)(3x+j)c,ijco->nyxo" [2, 1, 1] [3, 1, 0];
    dilated "n(y+2i-2)(x+3j-3)c,ijco->nyxo" [1, 2, 2] [1, 3, 3];
    all_different "n(3y+2i-1)(2x+3j-4)c,ijco->nyxo" [3, 2, 1] [2, 3, 4];
}

#[test]
fn three_dimensions_by_macro() {
    for (number, x) in Axis::all_of(2, 1, 1).enumerate() {
        let of = |stride, dilation, padding| Axis::all_of(stride, dilation, padding).nth(number).unwrap();
        let axes = [of(1, 2, 1), of(3, 1, 0), x].map(Axis::cut);
        let operands = operands_3d(axes);
        let expected = convolution_3d(axes, slices(&operands));
        let [image, kernel] = &operands;
        let result = einsum!("(z+2i-1)(3y+j)(2x+k-1)c,ijkco->zyxo", image, kernel);
        assert_eq!(result.into_dyn(), expected, "{axes:?}");
    }
}
