//! Every kernel against loops over all labels: all instruction sets, edges of tiles and blocks, layouts, modes.
//!
//! Elements are small whole numbers, so that sums are exact in any order.

use core::fmt::Debug;

use ndarray::{ArrayD, ArrayViewD, ArrayViewMutD, Axis, Slice};
use num_complex::Complex;
use pulp::Arch;

use super::*;
use crate::arithmetic::ArithmeticOf;
use crate::element::{Accumulate, Assign, Element, Store, Subtract};

/// An element made of a small whole number.
pub(super) trait Number: Element + PartialEq + Debug + Copy + core::ops::Sub<Output = Self> {
    fn whole(number: i8) -> Self;
}

macro_rules! number {
    ($($number:ty: $value:ident => $whole:expr),*) => {
        $(impl Number for $number {
            fn whole($value: i8) -> Self {
                $whole
            }
        })*
    };
}

number!(
    f32: n => n.into(),
    f64: n => n.into(),
    i32: n => n.into(),
    i16: n => n.into(),
    Complex<f32>: n => Complex::new(n.into(), (n / 2 - 1).into()),
    Complex<f64>: n => Complex::new((n / 2).into(), n.into())
);

#[derive(Debug, Clone, Copy)]
enum Layout {
    C,
    Fortran,
    Reversed,
    /// Every other element of each axis.
    Stepped,
    /// Along the first axis only one element.
    Broadcast,
}

const LAYOUTS: [Layout; 5] =
    [Layout::C, Layout::Fortran, Layout::Reversed, Layout::Stepped, Layout::Broadcast];

/// An array of this layout, and the view of it that has this shape.
struct Operand<T> {
    array: ArrayD<T>,
    layout: Layout,
    shape: Vec<usize>,
}

impl<T: Number> Operand<T> {
    fn new(shape: &[usize], layout: Layout, seed: usize) -> Self {
        let mut own = shape.to_vec();
        match layout {
            Layout::Fortran => own.reverse(),
            Layout::Stepped => own.iter_mut().for_each(|extent| *extent *= 2),
            Layout::Broadcast if !own.is_empty() => own[0] = 1,
            _ => {}
        }
        let mut state = seed as u32;
        let array = ArrayD::from_shape_simple_fn(own, || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            T::whole((state >> 24) as i8 % 5)
        });
        Self { array, layout, shape: shape.to_vec() }
    }

    fn view(&self) -> ArrayViewD<'_, T> {
        let mut view = self.array.view();
        match self.layout {
            Layout::C => {}
            Layout::Fortran => view = view.reversed_axes(),
            Layout::Reversed => (0..view.ndim()).for_each(|axis| view.invert_axis(Axis(axis))),
            Layout::Stepped => {
                (0..view.ndim()).for_each(|axis| view.slice_axis_inplace(Axis(axis), Slice::new(0, None, 2)));
            }
            Layout::Broadcast => return self.array.broadcast(&self.shape[..]).expect("stretched"),
        }
        view
    }

    fn view_mut(&mut self) -> ArrayViewMutD<'_, T> {
        let layout = self.layout;
        let mut view = self.array.view_mut();
        match layout {
            Layout::Fortran => view = view.reversed_axes(),
            Layout::Reversed => (0..view.ndim()).for_each(|axis| view.invert_axis(Axis(axis))),
            Layout::Stepped => {
                (0..view.ndim()).for_each(|axis| view.slice_axis_inplace(Axis(axis), Slice::new(0, None, 2)));
            }
            Layout::C | Layout::Broadcast => {}
        }
        view
    }
}

/// Labels of the output, the left and the right array, with the extent of each label.
struct Case<'a> {
    labels: [&'a [usize]; 3],
    extents: &'a [usize],
}

impl Case<'_> {
    fn shape(&self, array: usize) -> Vec<usize> {
        self.labels[array].iter().map(|&label| self.extents[label]).collect()
    }

    /// Computes the case by the engine and by loops, in all modes on all these instruction sets, and compares.
    ///
    /// Says whether the engine took it.
    fn check<T: Number>(&self, layouts: [Layout; 3], archs: &[Arch]) -> bool {
        let left = Operand::<T>::new(&self.shape(1), layouts[1], 2);
        let right = Operand::<T>::new(&self.shape(2), layouts[2], 3);
        let sums = self.by_loops(&left.view(), &right.view());
        archs.iter().all(|&arch| {
            let operands = [&left, &right];
            self.check_mode::<T, Assign>(layouts[0], operands, &sums, arch)
                && self.check_mode::<T, Accumulate>(layouts[0], operands, &sums, arch)
                && self.check_mode::<T, Subtract>(layouts[0], operands, &sums, arch)
        })
    }

    fn check_mode<T: Number, S: Store<T>>(
        &self,
        layout: Layout,
        [left, right]: [&Operand<T>; 2],
        sums: &ArrayD<T>,
        arch: Arch,
    ) -> bool {
        let mut out = Operand::<T>::new(&self.shape(0), layout, 1);
        let mut expected = Operand::<T>::new(&self.shape(0), layout, 1);
        expected.view_mut().zip_mut_with(sums, |place, &sum| S::store(place, sum));
        let taken = self.by_engine::<T, S>(out.view_mut(), &left.view(), &right.view(), arch);
        // The whole arrays: what lies between the elements of the views must be as it was.
        let context = (layout, left.layout, right.layout, self.extents, S::MODE, arch);
        let element = core::any::type_name::<T>();
        assert!(!taken || out.array == expected.array, "{:?} of {element}, {context:?}", self.labels);
        taken
    }

    fn by_engine<T: Number, S: Store<T>>(
        &self,
        mut out: ArrayViewMutD<'_, T>,
        left: &ArrayViewD<'_, T>,
        right: &ArrayViewD<'_, T>,
        arch: Arch,
    ) -> bool {
        let start = out.as_mut_ptr().cast();
        let out = Erased { start, extents: out.shape(), strides: out.strides() };
        let arrays = [(out, self.labels[0]), (erased(left), self.labels[1]), (erased(right), self.labels[2])];
        // SAFETY: the views are borrowed, the output for writing, and hold elements of `T`.
        unsafe { contract_erased(&arrays, ArithmeticOf::<T>::of::<S>().erased(), arch) }
    }

    /// The sums, of all products, in the shape of the output.
    fn by_loops<T: Number>(&self, left: &ArrayViewD<'_, T>, right: &ArrayViewD<'_, T>) -> ArrayD<T> {
        let mut sums = vec![T::zero(); self.shape(0).iter().product()];
        // Slices: the views are not optimised where tests run.
        let (left, right): (Vec<T>, Vec<T>) =
            (left.iter().copied().collect(), right.iter().copied().collect());
        let strides: Vec<_> =
            (0..self.extents.len()).map(|label| [0, 1, 2].map(|array| self.stride(array, label))).collect();
        for_each_position(self.extents, &strides, [0; 3], &mut |[out, l, r]| {
            sums[out] = sums[out] + left[l] * right[r];
        });
        ArrayD::from_shape_vec(self.shape(0), sums).expect("as many sums as elements")
    }

    /// How far apart neighbours along a label are, where the array is in order.
    fn stride(&self, array: usize, label: usize) -> usize {
        let behind = |axis: usize| self.shape(array)[axis + 1..].iter().product::<usize>();
        let labels = self.labels[array].iter().enumerate();
        labels.filter(|&(_, &of_axis)| of_axis == label).map(|(axis, _)| behind(axis)).sum()
    }

    fn check_all(&self, layouts: [Layout; 3]) {
        let archs = simd::available();
        self.check::<f32>(layouts, &archs);
        self.check::<f64>(layouts, &archs);
        self.check::<Complex<f32>>(layouts, &archs);
        self.check::<Complex<f64>>(layouts, &archs);
        self.check::<i32>(layouts, &archs);
        self.check::<i16>(layouts, &archs);
    }
}

/// `ik, ij, jk`
/// Calls `visit` with the places of each position in three arrays.
fn for_each_position(
    extents: &[usize],
    strides: &[[usize; 3]],
    start: [usize; 3],
    visit: &mut impl FnMut([usize; 3]),
) {
    match (extents, strides) {
        ([extent, extents @ ..], [stride, strides @ ..]) => {
            for index in 0..*extent {
                let start = core::array::from_fn(|array| start[array] + index * stride[array]);
                for_each_position(extents, strides, start, visit);
            }
        }
        _ => visit(start),
    }
}

const MATMUL: [&[usize]; 3] = [&[0, 1], &[0, 2], &[2, 1]];

#[test]
fn the_engine_takes_products_of_matrices_and_leaves_others() {
    let taken = |labels, extents: &[usize]| {
        let case = Case { labels, extents };
        case.check::<f64>([Layout::C; 3], &[simd::arch()])
    };
    assert!(taken(MATMUL, &[16, 16, 16]));
    assert!(!taken(MATMUL, &[4, 4, 4]));
    // A row times a matrix, a matrix times a column, and a column times a row.
    assert!(taken(MATMUL, &[1, 64, 64]));
    assert!(taken(MATMUL, &[64, 1, 64]));
    assert!(taken(MATMUL, &[64, 64, 1]));
    // Nothing is summed.
    assert!(taken([&[0, 1], &[0, 1], &[0, 1]], &[64, 64]));
    assert!(taken([&[1, 0], &[0], &[1]], &[64, 64]));
    assert!(!taken(MATMUL, &[16, 0, 16]));
}

#[test]
fn edges_of_tiles() {
    // Around the rows of a tile, and around 1 to 4 vectors of 1 to 16 lanes.
    for rows in 1..=17 {
        for columns in [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 47, 63, 64, 65] {
            Case { labels: MATMUL, extents: &[rows, columns, 65] }.check_all([Layout::C; 3]);
        }
    }
}

#[test]
fn edges_of_the_depth() {
    for depth in [1, 2, 7, 8, 9, 255, 256, 257, 511, 513, 1025] {
        Case { labels: MATMUL, extents: &[13, 35, depth] }.check_all([Layout::C; 3]);
    }
}

#[test]
fn blocks_of_rows_and_columns() {
    for (rows, columns) in [(2049, 3), (3, 1100), (130, 540), (97, 260)] {
        let case = Case { labels: MATMUL, extents: &[rows, columns, 70] };
        let archs = simd::available();
        assert!(case.check::<f32>([Layout::C; 3], &archs));
        assert!(case.check::<f64>([Layout::Fortran, Layout::Fortran, Layout::C], &archs));
        assert!(case.check::<Complex<f32>>([Layout::C, Layout::Fortran, Layout::C], &archs));
    }
}

#[test]
fn the_last_rows_of_a_packed_left_side_are_fewer_than_a_tile() {
    // Four panels, which end with the innermost axis, of few vectors, so that tiles have 8 rows.
    let labels: [&[usize]; 3] = [&[0, 1, 2, 3], &[4, 0, 1], &[0, 2, 4, 3]];
    for rows in 9..=16 {
        let case = Case { labels, extents: &[40, rows, 5, 16, 9] };
        assert!(case.check::<f64>([Layout::C; 3], &simd::available()));
        assert!(case.check::<Complex<f64>>([Layout::C; 3], &simd::available()));
    }
}

#[test]
fn right_sides_beyond_the_cache() {
    let archs = simd::available();
    let pairs = Case { labels: MATMUL, extents: &[48, 70, 1000] };
    for right in [Layout::C, Layout::Fortran, Layout::Stepped] {
        assert!(pairs.check::<Complex<f64>>([Layout::C, Layout::C, right], &archs[..1]));
    }
    let case = Case { labels: MATMUL, extents: &[50, 150, 900] };
    assert!(case.check::<f64>([Layout::C, Layout::C, Layout::Reversed], &archs));
    assert!(case.check::<f64>([Layout::Fortran, Layout::C, Layout::Fortran], &archs[..1]));
    let batches = Case { labels: [&[0, 1, 2], &[0, 1, 3], &[0, 3, 2]], extents: &[2, 48, 135, 1000] };
    assert!(batches.check::<f64>([Layout::C, Layout::C, Layout::Stepped], &archs[..1]));
    let blocks_of_rows = Case { labels: MATMUL, extents: &[270, 135, 1000] };
    assert!(blocks_of_rows.check::<f64>([Layout::C, Layout::C, Layout::Fortran], &archs[..1]));
}

#[test]
fn all_layouts() {
    for out in &LAYOUTS[..4] {
        for left in LAYOUTS {
            for right in LAYOUTS {
                Case { labels: MATMUL, extents: &[19, 37, 23] }.check_all([*out, left, right]);
                let batched: [&[usize]; 3] = [&[1, 0, 2], &[0, 1, 3], &[0, 3, 2]];
                Case { labels: batched, extents: &[3, 11, 18, 13] }.check_all([*out, left, right]);
            }
        }
    }
}

#[test]
fn groups_of_several_axes() {
    let labels: [&[usize]; 3] = [&[0, 1, 2, 3], &[4, 0, 5, 1], &[2, 5, 3, 4]];
    for layout in LAYOUTS {
        Case { labels, extents: &[3, 5, 4, 7, 6, 3] }.check_all([Layout::C, layout, Layout::C]);
        Case { labels, extents: &[2, 9, 17, 2, 3, 11] }.check_all([Layout::Fortran, Layout::C, layout]);
    }
}

#[test]
fn results_do_not_depend_on_the_instruction_set_or_the_number_of_threads() {
    let extents = [150, 170, 300];
    let random = |shape: [usize; 2], seed: u64| {
        let mut state = seed;
        ArrayD::from_shape_simple_fn(shape.to_vec(), || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1 << 24) as f32 - 0.5
        })
    };
    let (left, right) = (random([150, 300], 1), random([300, 170], 2));
    let case = Case { labels: MATMUL, extents: &extents };
    let by = |arch| {
        let mut out = ArrayD::zeros(vec![150, 170]);
        assert!(case.by_engine::<f32, Assign>(out.view_mut(), &left.view(), &right.view(), arch));
        out
    };
    let best = by(simd::arch());
    // Higham, section 3.1: each of the additions and multiplications rounds once.
    let bound = 300.0 * f32::EPSILON;
    for arch in simd::available() {
        let result = by(arch);
        for ((row, column), &value) in
            result.view().into_dimensionality::<ndarray::Ix2>().unwrap().indexed_iter()
        {
            let products = || (0..300).map(|k| f64::from(left[[row, k]]) * f64::from(right[[k, column]]));
            let (exact, size): (f64, f64) = (products().sum(), products().map(f64::abs).sum());
            let error = (f64::from(value) - exact).abs();
            assert!(error <= f64::from(bound) * size, "{arch:?}: {error} of {size}");
        }
    }
    assert_eq!(best, by(simd::arch()));
}

#[test]
fn products_with_a_vector() {
    let labels: [&[usize]; 3] = [&[0], &[0, 1, 2], &[1, 2]];
    let archs = simd::available();
    for rows in [100, 101, 105] {
        let case = Case { labels, extents: &[rows, 7, 6] };
        let layouts = [Layout::Stepped, Layout::C, Layout::Fortran];
        assert!(case.check::<f32>(layouts, &archs));
        assert!(case.check::<Complex<f64>>(layouts, &archs));
        assert!(case.check::<f32>([Layout::C; 3], &archs));
        // Long runs of others are left to loops, and what is small.
        assert!(!case.check::<Complex<f32>>([Layout::C; 3], &archs));
        assert!(!Case { labels, extents: &[rows, 4, 6] }.check::<f32>(layouts, &archs));
    }
}

/// Edges of the rows that are read together, of vectors, and of blocks; the matrix on either side.
#[test]
fn a_matrix_that_is_read_once() {
    let archs = simd::available();
    assert!(Case { labels: [&[0], &[0, 1], &[1]], extents: &[80, 60] }.check::<f64>([Layout::C; 3], &archs));
    assert!(Case { labels: [&[0], &[1], &[1, 0]], extents: &[80, 60] }.check::<f64>([Layout::C; 3], &archs));
    let forms: [[&[usize]; 3]; 6] = [
        [&[0], &[0, 1], &[1]],
        [&[0], &[1], &[0, 1]],
        [&[0], &[1, 0], &[1]],
        [&[0], &[1], &[1, 0]],
        [&[2, 0], &[2, 0, 1], &[2, 1]],
        [&[2, 0], &[2, 1], &[2, 1, 0]],
    ];
    for labels in forms {
        for (kept, summed) in
            [(16, 64), (17, 65), (39, 127), (64, 17), (600, 8), (400, 14), (5000, 3), (3, 5000), (1, 1030)]
        {
            let extents = [kept, summed, 2];
            let case = Case { labels, extents: &extents[..labels[1].len().max(labels[2].len())] };
            for layouts in [[Layout::C; 3], [Layout::Stepped, Layout::Fortran, Layout::Reversed]] {
                case.check::<f32>(layouts, &archs);
                case.check::<f64>(layouts, &archs);
            }
        }
    }
    // Several axes of the depth: runs of neighbours that are summed, and rows that are looked up one by one.
    for extents in [[9, 70, 56], [20, 300, 17], [16, 3, 100], [3, 9, 1000], [40, 60, 32]] {
        for labels in
            [[&[0][..], &[1, 0, 2], &[1, 2]], [&[2], &[0, 1, 2], &[1, 0]], [&[2], &[1, 0], &[0, 1, 2]]]
        {
            assert!(Case { labels, extents: &extents }.check::<f32>([Layout::C; 3], &archs));
        }
    }
    assert!(Case { labels: [&[], &[0], &[0]], extents: &[5003] }.check::<f32>([Layout::C; 3], &archs));
}

/// Edges of the rows and of the vectors that are in registers together, of blocks, and of lists of neighbours.
#[test]
fn a_matrix_that_is_read_for_a_few_vectors() {
    let archs = simd::available();
    let [kept, summed, few, batch] = [0, 1, 2, 3];
    let forms: [[&[usize]; 3]; 5] = [
        [&[kept, few], &[kept, summed], &[summed, few]],
        [&[few, kept], &[kept, summed], &[few, summed]],
        [&[few, kept], &[few, summed], &[summed, kept]],
        [&[kept, few], &[summed, few], &[summed, kept]],
        [&[batch, few, kept], &[batch, summed, few], &[batch, summed, kept]],
    ];
    for labels in forms {
        for vectors in 2..=8 {
            for (kept, summed) in [(37, 41), (24, 64), (50, 4099)] {
                let extents = [kept, summed, vectors, 2];
                let case = Case { labels, extents: &extents[..labels[0].len() + 1] };
                case.check::<f32>([Layout::C; 3], &archs);
                case.check::<f64>([Layout::Stepped, Layout::C, Layout::Fortran], &archs);
            }
        }
        // Larger than the second-level cache.
        let extents = [1030, 260, 7, 2];
        let case = Case { labels, extents: &extents[..labels[0].len() + 1] };
        assert!(case.check::<f32>([Layout::C; 3], &archs));
    }
    // Runs of neighbours that are summed, and others.
    let labels: [&[usize]; 3] = [&[0, 2], &[0, 1, 3], &[3, 1, 2]];
    assert!(Case { labels, extents: &[31, 90, 3, 70] }.check::<f32>([Layout::C; 3], &archs));
}

#[test]
fn products_across_batches() {
    let archs = simd::available();
    let [kept, summed, batch, outer] = [0, 1, 2, 3];
    let forms: [[&[usize]; 3]; 5] = [
        [&[kept, batch], &[kept, summed, batch], &[summed, batch]],
        [&[kept, batch], &[batch, summed], &[kept, summed, batch]],
        [&[batch, kept], &[kept, summed, batch], &[summed, batch]],
        [&[outer, kept, batch], &[outer, kept, summed, batch], &[batch, summed, outer]],
        [&[outer, batch], &[outer, summed, batch], &[outer, summed, batch]],
    ];
    for labels in forms {
        for (kept, summed, batch) in
            [(1, 9, 130), (4, 9, 64), (9, 2, 67), (5, 600, 8), (2050, 2, 9), (3, 4, 300)]
        {
            let extents = [kept, summed, batch, 2];
            let has_outer = labels[0].contains(&outer);
            if !labels[1].contains(&0) && !labels[2].contains(&0) && kept > 1 {
                continue;
            }
            let case = Case { labels, extents: &extents[..if has_outer { 4 } else { 3 }] };
            for layouts in [[Layout::C; 3], [Layout::Stepped, Layout::C, Layout::Reversed]] {
                case.check::<f32>(layouts, &archs);
                case.check::<f64>(layouts, &archs);
                case.check::<Complex<f32>>(layouts, &archs);
                case.check::<Complex<f64>>(layouts, &archs);
            }
        }
    }
    let depthwise = Case { labels: forms[0], extents: &[100, 9, 40] };
    assert!(depthwise.check::<f32>([Layout::C; 3], &archs));
    assert!(depthwise.check::<Complex<f32>>([Layout::C; 3], &archs[..1]));
}

#[test]
fn small_products_of_many_batches() {
    let archs = simd::available();
    let labels: [&[usize]; 3] = [&[3, 0, 1], &[3, 0, 2], &[3, 2, 1]];
    for (rows, columns, depth, batches) in
        [(8, 8, 8, 30), (3, 5, 7, 1030), (32, 32, 32, 5), (13, 70, 9, 3), (4, 4, 4, 600)]
    {
        let case = Case { labels, extents: &[rows, columns, depth, batches] };
        for layouts in [
            [Layout::C; 3],
            [Layout::Fortran, Layout::Fortran, Layout::Fortran],
            [Layout::Stepped, Layout::Broadcast, Layout::C],
        ] {
            assert!(case.check::<f32>(layouts, &archs));
            assert!(case.check::<f64>(layouts, &archs));
            assert!(case.check::<Complex<f32>>(layouts, &archs));
        }
    }
}

/// Numbers that look random, and are the same in each run.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    pub(super) fn shuffled(&mut self, mut labels: Vec<usize>) -> Vec<usize> {
        (1..labels.len()).for_each(|n| labels.swap(n, self.below(n + 1)));
        labels
    }
}

#[test]
fn columns_that_are_neighbours_elsewhere() {
    let archs = simd::available();
    let [a, b, c, k, j] = [0, 1, 2, 3, 4];
    let forms: [[&[usize]; 3]; 2] =
        [[&[c, b, j, a], &[a, b, k, c], &[k, j]], [&[b, c, j, a], &[a, k, b, c], &[j, k, b]]];
    for labels in forms {
        for (a, c, k, j) in
            [(19, 11, 30, 24), (8, 8, 7, 9), (5, 40, 20, 16), (40, 5, 20, 16), (70, 300, 3, 9)]
        {
            let case = Case { labels, extents: &[a, 3, c, k, j] };
            for layouts in [[Layout::C; 3], [Layout::C, Layout::Stepped, Layout::Fortran]] {
                assert!(case.check::<f32>(layouts, &archs));
                assert!(case.check::<f64>(layouts, &archs));
                assert!(case.check::<Complex<f32>>(layouts, &archs));
            }
        }
    }
}

#[test]
fn outputs_that_are_written_through_a_buffer() {
    let archs = simd::available();
    let [a, b, c, i, j, k, m] = [0, 1, 2, 3, 4, 5, 6];
    let forms: [[&[usize]; 3]; 4] = [
        // Runs of `a`, which `b` continues, or `b` and `c`, or none.
        [&[k, j, i, c, b, a], &[b, m, j, i], &[c, a, k, m]],
        [&[k, j, i, c, b, a], &[a, m, k, i], &[c, b, j, m]],
        [&[k, j, i, b, c, a], &[b, m, j, i], &[c, a, k, m]],
        [&[i, k, j, c, b, a], &[i, b, m, j], &[c, a, k, i, m]],
    ];
    for labels in forms {
        for extents in [
            [7, 20, 6, 3, 5, 4, 9],
            [24, 16, 4, 2, 3, 2, 24],
            [13, 33, 2, 3, 4, 2, 5],
            [30, 3, 9, 4, 5, 2, 2],
        ] {
            let case = Case { labels, extents: &extents };
            for layouts in [[Layout::C; 3], [Layout::C, Layout::Stepped, Layout::Reversed]] {
                assert!(case.check::<f32>(layouts, &archs));
                assert!(case.check::<f64>(layouts, &archs));
                assert!(case.check::<Complex<f32>>(layouts, &archs));
            }
        }
    }
}

#[test]
fn random_contractions() {
    let mut random = Random(1);
    let archs = simd::available();
    let mut taken = 0;
    for _ in 0..1500 {
        // For each label, the arrays that have it: batch, rows, columns, depth.
        let groups = [[true; 3], [true, true, false], [true, false, true], [false, true, true]];
        let counts = [random.below(2), 1 + random.below(2), 1 + random.below(2), 1 + random.below(3)];
        let owners: Vec<[bool; 3]> =
            groups.iter().zip(counts).flat_map(|(group, count)| vec![*group; count]).collect();
        let mut extents: Vec<usize> = owners.iter().map(|_| 1 + random.below(12)).collect();
        while extents.iter().product::<usize>() > 20_000 {
            let longest = extents.iter_mut().max().expect("there are labels");
            *longest = longest.div_ceil(2);
        }
        let labels = [0, 1, 2]
            .map(|array| random.shuffled((0..owners.len()).filter(|&label| owners[label][array]).collect()));
        let case = Case { labels: [&labels[0], &labels[1], &labels[2]], extents: &extents };
        let layouts = [LAYOUTS[random.below(4)], LAYOUTS[random.below(5)], LAYOUTS[random.below(5)]];
        taken += usize::from(case.check::<f32>(layouts, &archs));
        case.check::<Complex<f64>>(layouts, &archs);
        case.check::<i32>(layouts, &archs[..1]);
    }
    assert!(taken > 300, "only {taken} were large enough");
}

/// A window view of an image: the last axes slide.
fn windows<T: Number>(image: &ArrayD<T>, shape: &[usize], strides: &[usize]) -> ArrayD<T> {
    let flat = image.as_slice().expect("contiguous");
    ArrayD::from_shape_fn(shape, |index| {
        let index = ndarray::Dimension::slice(&index);
        flat[index.iter().zip(strides).map(|(i, stride)| i * stride).sum::<usize>()]
    })
}

#[test]
fn stencils() {
    let planes =
        [(1, 40, 3), (2, 17, 3), (4, 70, 2), (9, 130, 5), (11, 64, 1), (6, 33, 7), (7, 68, 9), (6, 20, 12)];
    for (height, width, taps) in planes {
        check_stencil::<f32>(height, width, taps);
        check_stencil::<f64>(height, width, taps);
        check_stencil::<i32>(height, width, taps);
        check_stencil::<Complex<f32>>(height, width, taps);
    }
}

/// `nxyij,ij->nxy` over windows, in all modes and on all instruction sets.
fn check_stencil<T: Number>(height: usize, width: usize, taps: usize) {
    let (rows, pitch) = (height + taps - 1, width + taps - 1);
    let image = Operand::<T>::new(&[2, rows, pitch], Layout::C, 5).array;
    let kernel = Operand::<T>::new(&[taps, taps], Layout::Fortran, 6);
    let extents = [2, height, width, taps, taps];
    let labels: [&[usize]; 3] = [&[0, 1, 2], &[0, 1, 2, 3, 4], &[3, 4]];
    let case = Case { labels, extents: &extents };
    let copied = windows(&image, &extents, &[rows * pitch, pitch, 1, pitch, 1]);
    let strides = [rows * pitch, pitch, 1, pitch, 1];
    let view = ndarray::ArrayView::from_shape(
        ndarray::ShapeBuilder::strides(ndarray::IxDyn(&extents), ndarray::IxDyn(&strides)),
        image.as_slice().unwrap(),
    )
    .unwrap();
    let sums = case.by_loops(&copied.view(), &kernel.view());
    for arch in simd::available() {
        let mut out = Operand::<T>::new(&[2, height, width], Layout::Stepped, 7);
        // Rows and columns lie apart in the output, but columns are neighbours.
        let mut view_mut = out.array.view_mut();
        view_mut.slice_axis_inplace(Axis(0), Slice::new(0, None, 2));
        view_mut.slice_axis_inplace(Axis(1), Slice::new(0, None, 2));
        view_mut.slice_axis_inplace(Axis(2), Slice::from(..width));
        let expected = &view_mut + &sums;
        if case.by_engine::<T, Accumulate>(view_mut.view_mut(), &view, &kernel.view(), arch) {
            assert_eq!(view_mut, expected, "{height}x{width}, {taps} taps, {arch:?}");
        }
    }
}
