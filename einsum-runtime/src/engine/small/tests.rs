//! Small products against loops: all instruction sets, orders of the axes, edges of tiles and vectors, layouts, modes.

use core::fmt::Debug;

use super::super::real::Real;
use super::super::simd::available;
use super::*;
use crate::element::{Accumulate, Assign, Subtract};

/// Rows, columns, depth: below, at and beyond the edges of tiles, vectors, and blocks that are copied.
const EXTENTS: [[usize; 3]; 16] = [
    [1, 1, 1],
    [2, 3, 1],
    [3, 2, 5],
    [4, 4, 4],
    [5, 7, 3],
    [8, 8, 8],
    [9, 17, 10],
    [12, 12, 12],
    [13, 16, 9],
    [16, 33, 11],
    [7, 50, 8],
    [31, 31, 31],
    [0, 3, 2],
    [3, 0, 2],
    [5, 9, 0],
    [2, 2, 300],
];

/// An array with axes in some order, and gaps or a negative direction between its elements.
struct Array<T> {
    elements: Vec<T>,
    first: usize,
    extents: Vec<usize>,
    strides: Vec<isize>,
}

impl<T: Copy> Array<T> {
    /// The extents are those of the first axes; `order` says which of them the array has, and in which order.
    fn new(extents: &[usize], order: &[usize], layout: Layout, element: impl Fn(usize) -> T) -> Self {
        let extents: Vec<usize> = order.iter().map(|&axis| extents[axis]).collect();
        let mut strides = vec![layout.step(); order.len()];
        for axis in (1..order.len()).rev() {
            strides[axis - 1] = strides[axis] * extents[axis].max(1) as isize;
        }
        let len = extents.iter().product::<usize>() * layout.step().unsigned_abs();
        let first = if layout == Layout::Reversed { len.saturating_sub(1) } else { 0 };
        Self { elements: (0..len.max(1)).map(element).collect(), first, extents, strides }
    }

    fn erased(&mut self) -> Erased<'_> {
        let start = self.elements.as_mut_ptr().wrapping_add(self.first).cast();
        Erased { start, extents: &self.extents, strides: &self.strides }
    }

    fn place(&self, position: &[usize]) -> usize {
        let offset = position.iter().zip(&self.strides).map(|(&n, stride)| n as isize * stride).sum();
        self.first.checked_add_signed(offset).expect("a place")
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Layout {
    Dense,
    /// Every other element.
    Stepped,
    Reversed,
}

impl Layout {
    fn step(self) -> isize {
        match self {
            Self::Dense => 1,
            Self::Stepped => 2,
            Self::Reversed => -1,
        }
    }
}

/// The axes of the left array, the right one and the output, by number: rows, columns, depth, batch.
type Orders<'a> = [&'a [usize]; 3];

fn axes([left, right, out]: Orders<'_>) -> MatrixAxes {
    let place = |order: &[usize], axis| order.iter().position(|&own| own == axis);
    let of = |order, axis| place(order, axis).expect("the array has the axis");
    let batch = place(out, 3).map(|out| [of(left, 3), of(right, 3), out]);
    MatrixAxes::new([of(left, 0), of(out, 0)], [of(right, 1), of(out, 1)], [of(left, 2), of(right, 2)], batch)
}

/// Multiplies on all instruction sets, and compares; says whether it was done.
fn check<T, S>(orders: Orders<'_>, extents: [usize; 4], layouts: [Layout; 3]) -> bool
where
    T: Real + Element + From<i8> + PartialEq + Debug,
    S: Store<T>,
{
    let number = |factor: usize| move |n: usize| T::from((n * factor % 11) as i8 - 5);
    let mut left = Array::new(&extents, orders[0], layouts[0], number(7));
    let mut right = Array::new(&extents, orders[1], layouts[1], number(3));
    let new_out = || Array::new(&extents, orders[2], layouts[2], number(5));
    let mut expected = new_out();
    let [rows, columns, depth, batches] = extents;
    for output in 0..rows * columns * batches {
        let (row, column, batch) = (output / columns % rows, output % columns, output / columns / rows);
        let at =
            |order: &[usize], n| order.iter().map(|&axis| [row, column, n, batch][axis]).collect::<Vec<_>>();
        let products = (0..depth).map(|n| {
            left.elements[left.place(&at(orders[0], n))] * right.elements[right.place(&at(orders[1], n))]
        });
        let sum = products.fold(T::zero(), |sum, product| sum + product);
        let place = expected.place(&at(orders[2], 0));
        S::store(&mut expected.elements[place], sum);
    }
    let element = ElementType::of::<T>().expect("it has kernels");
    available().into_iter().all(|arch| {
        let mut out = new_out();
        let product = Product::new([&out.erased(), &left.erased(), &right.erased()], axes(orders));
        // SAFETY: the arrays have elements `T`, and are not used meanwhile.
        let is_done = unsafe { multiply_on(&product, element, S::MODE, arch) };
        // The whole array: what lies between the elements must be as it was.
        let is_right = !is_done || out.elements == expected.elements;
        assert!(is_right, "{orders:?} {extents:?} {layouts:?} {:?} {arch:?}", S::MODE);
        is_done
    })
}

fn check_modes(orders: Orders<'_>, extents: [usize; 4], layouts: [Layout; 3]) -> bool {
    check::<f32, Assign>(orders, extents, layouts)
        & check::<f32, Accumulate>(orders, extents, layouts)
        & check::<f64, Assign>(orders, extents, layouts)
        & check::<f64, Subtract>(orders, extents, layouts)
}

const DENSE: [Layout; 3] = [Layout::Dense; 3];

#[test]
fn matrices_in_all_orders() {
    for [rows, columns, depth] in EXTENTS {
        for orders in 0..8 {
            let order = |bit: usize, axes: [&'static [usize]; 2]| axes[orders >> bit & 1];
            let orders =
                [order(0, [&[0, 2], &[2, 0]]), order(1, [&[2, 1], &[1, 2]]), order(2, [&[0, 1], &[1, 0]])];
            check_modes(orders, [rows, columns, depth, 1], DENSE);
        }
    }
}

#[test]
fn batches_wherever_they_stand() {
    for [rows, columns, depth] in EXTENTS {
        for batches in [0, 1, 3] {
            let extents = [rows, columns, depth, batches];
            check_modes([&[3, 0, 2], &[3, 2, 1], &[3, 0, 1]], extents, DENSE);
            check_modes([&[0, 3, 2], &[1, 3, 2], &[0, 3, 1]], extents, DENSE);
            check_modes([&[2, 0, 3], &[2, 3, 1], &[1, 3, 0]], extents, DENSE);
        }
    }
}

#[test]
fn sides_with_gaps() {
    let layouts = [Layout::Dense, Layout::Stepped, Layout::Reversed];
    for [rows, columns, depth] in EXTENTS {
        for (left, right) in layouts.into_iter().flat_map(|left| layouts.map(|right| (left, right))) {
            check_modes([&[0, 2], &[2, 1], &[0, 1]], [rows, columns, depth, 1], [left, right, Layout::Dense]);
        }
    }
}

#[test]
fn what_is_taken() {
    let matmul: Orders<'_> = [&[0, 2], &[2, 1], &[0, 1]];
    assert!(check_modes(matmul, [4, 4, 4, 1], DENSE));
    assert!(check_modes(matmul, [16, 16, 16, 1], DENSE));
    assert!(check_modes([&[0, 2], &[1, 2], &[0, 1]], [16, 16, 16, 1], DENSE), "the right side is copied");
    assert!(check_modes([&[2, 0], &[1, 2], &[1, 0]], [16, 16, 16, 1], DENSE), "the sides are exchanged");
    assert!(!check_modes(matmul, [65, 64, 64, 1], DENSE), "blocks pay");
    assert!(check_modes(matmul, [1, 16, 16, 1], DENSE));
    assert!(!check_modes(matmul, [1, 100, 100, 1], DENSE), "there is a kernel for a row");
    assert!(!check_modes(matmul, [1, 1, 100, 1], DENSE), "loops sum along the depth");
    assert!(!check_modes([&[0, 2], &[1, 2], &[0, 1]], [4, 4, 2048, 1], DENSE), "too much to copy");
    assert!(!check_modes(matmul, [4, 4, 4, 1], [Layout::Dense, Layout::Dense, Layout::Stepped]));
}

#[test]
fn places_that_are_written_again_are_left_to_loops() {
    let [mut left, mut right, mut out] =
        [[0, 2], [2, 1], [0, 1]].map(|order| Array::new(&[4; 3], &order, Layout::Dense, |n| n as f32));
    out.strides[0] = 0;
    let product =
        Product::new([&out.erased(), &left.erased(), &right.erased()], axes([&[0, 2], &[2, 1], &[0, 1]]));
    // SAFETY: the arrays have elements of this type, and are not used meanwhile.
    assert!(!unsafe { multiply_on(&product, ElementType::F32, Mode::Accumulate, arch()) });
}

#[test]
#[should_panic(expected = "the axes of an array are different ones")]
fn an_axis_is_not_two() {
    let _ = MatrixAxes::new([0, 0], [1, 0], [1, 0], None);
}

#[test]
#[should_panic(expected = "the axes of a label have its extent")]
fn axes_of_different_extents() {
    let [mut left, mut right, mut out] =
        [[4, 3], [4, 4], [4, 4]].map(|extents| Array::new(&extents, &[0, 1], Layout::Dense, |n| n as f32));
    let _ = Product::new([&out.erased(), &left.erased(), &right.erased()], axes([&[0, 2], &[2, 1], &[0, 1]]));
}
