//! What a loop nest reads: elements without gaps between them, and a stride for each axis of the loops.

use std::borrow::Cow;

use ndarray::{ArrayViewD, Axis, Slice};

/// An operand, or the result of an earlier step, as a slice.
///
/// An element's place is `start` plus, for each axis of the loops, its index times the stride.
#[derive(Debug)]
pub(super) struct Input<'a, T: Clone> {
    pub(super) elements: Cow<'a, [T]>,
    pub(super) start: isize,
    /// 0 for the axes that the array does not have, or has with extent 1.
    pub(super) strides: Vec<isize>,
    /// 1 for the axes that the array does not have.
    pub(super) extents: Vec<usize>,
}

impl<'a, T: Clone> Input<'a, T> {
    /// Reads an array whose axis `n` is the axis `axes[n]` of the loops, of which there are `count`.
    ///
    /// Axes that share one are a diagonal.
    pub(super) fn new(array: ArrayViewD<'a, T>, axes: &[usize], count: usize) -> Self {
        let mut extents = vec![1; count];
        axes.iter().zip(array.shape()).for_each(|(&axis, &extent)| extents[axis] = extent);
        let array = without_repetition(array);
        let (elements, own_strides) = match array.to_slice_memory_order() {
            Some(elements) => (Cow::Borrowed(elements), array.strides().to_vec()),
            None => (array.iter().cloned().collect(), c_strides(array.shape())),
        };
        let mut input = Self { elements, start: 0, strides: vec![0; count], extents };
        for (&axis, (&extent, stride)) in axes.iter().zip(array.shape().iter().zip(own_strides)) {
            if extent > 1 {
                input.strides[axis] += stride;
                // A slice begins with the lowest address, which a negative stride reaches last.
                input.start -= stride.min(0) * (extent as isize - 1);
            }
        }
        input
    }
}

/// Only the first element along each axis of stride 0, which is all there is.
fn without_repetition<T>(mut array: ArrayViewD<'_, T>) -> ArrayViewD<'_, T> {
    for axis in 0..array.ndim() {
        if array.strides()[axis] == 0 && array.shape()[axis] > 1 {
            array.slice_axis_inplace(Axis(axis), Slice::from(..1));
        }
    }
    array
}

fn c_strides(shape: &[usize]) -> Vec<isize> {
    let mut strides = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis] as isize;
    }
    strides
}
