//! Contractions large enough for the engine, through every form, against the oracle.
//!
//! Values are small whole numbers, so that sums of floats are exact, in any order. The extents end in the middle of
//! tiles, vectors and blocks.

mod support;

use std::fmt::Debug;
use std::ops::{Add, Mul, Sub};

use einsum::ndarray::{
    Array, Array2, Array4, ArrayD, ArrayView6, ArrayViewD, Axis, Dimension, IntoDimension, s,
};
use einsum::{Element, Windows, dynamic, einsum};
use num_complex::Complex;
use num_traits::Zero;
use support::oracle::oracle;

/// An element made of a small whole number.
trait Number: Element + PartialEq + Debug + Sub<Output = Self> {
    fn whole(number: i8) -> Self;
}

macro_rules! numbers {
    ($($number:ty: $value:ident => $whole:expr),*) => {
        $(impl Number for $number {
            fn whole($value: i8) -> Self {
                $whole
            }
        })*
    };
}

numbers!(
    f32: n => n.into(),
    f64: n => n.into(),
    i32: n => n.into(),
    Complex<f32>: n => Complex::new(n.into(), (n / 2 - 1).into()),
    Complex<f64>: n => Complex::new((n / 2).into(), n.into()),
    Longest: n => Longest(n.into())
);

/// Sums are maxima and products sums. The difference is anything that both sides of a comparison compute alike.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Longest(i32);

impl Add for Longest {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Longest(self.0.max(other.0))
    }
}

impl Sub for Longest {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Longest(self.0.wrapping_sub(other.0))
    }
}

#[allow(clippy::suspicious_arithmetic_impl, reason = "the lengths of two ways add up")]
impl Mul for Longest {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Longest(self.0.saturating_add(other.0))
    }
}

impl Zero for Longest {
    fn zero() -> Self {
        Longest(i32::MIN)
    }

    fn is_zero(&self) -> bool {
        self.0 == i32::MIN
    }
}

/// An array of small whole numbers.
fn whole<T: Number, D: Dimension>(shape: impl IntoDimension<Dim = D>, seed: u32) -> Array<T, D> {
    let mut state = seed;
    Array::from_shape_simple_fn(shape.into_dimension(), || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        T::whole((state >> 24) as i8 % 4)
    })
}

/// A call in place.
type InPlace<'a, T> = &'a dyn Fn(&mut ArrayD<T>);

/// Asserts that all forms of a call agree with the oracle: the macro's results are those of `owned` and of the calls
/// with `=`, `+=` and `-=`.
#[track_caller]
fn check<T: Number>(
    subscripts: &str,
    operands: &[ArrayViewD<'_, T>; 2],
    owned: &ArrayD<T>,
    in_place: [InPlace<'_, T>; 3],
) {
    let expected = oracle(subscripts, operands);
    assert_eq!(*owned, expected, "{subscripts}");
    assert_eq!(dynamic::einsum(subscripts, operands).unwrap(), expected, "dynamic {subscripts}");
    let before: ArrayD<T> = whole(expected.shape(), 9);
    let sum = before.iter().zip(&expected).map(|(a, b)| a.clone() + b.clone()).collect();
    let difference = before.iter().zip(&expected).map(|(a, b)| a.clone() - b.clone()).collect();
    let of_shape = |values: Vec<T>| ArrayD::from_shape_vec(expected.shape(), values).unwrap();
    let [assign, accumulate, subtract] = in_place;
    let targets = [
        ("=", assign, expected.clone()),
        ("+=", accumulate, of_shape(sum)),
        ("-=", subtract, of_shape(difference)),
        ("dynamic =", &|c| dynamic::assign(c, subscripts, operands).unwrap(), expected.clone()),
    ];
    for (form, call, expected) in targets {
        let mut target = before.clone();
        call(&mut target);
        assert_eq!(target, expected, "{form} {subscripts}");
    }
}

/// Calls [`check`].
macro_rules! assert_agrees {
    ($subscripts:literal, $left:expr, $right:expr) => {{
        let (left, right) = (&$left, &$right);
        let operands = [left.view().into_dyn(), right.view().into_dyn()];
        let owned = einsum!($subscripts, left, right).into_dyn();
        let in_place: [InPlace<'_, _>; 3] = [
            &|target| einsum!(target = $subscripts, left, right),
            &|target| einsum!(target += $subscripts, left, right),
            &|target| einsum!(target -= $subscripts, left, right),
        ];
        check($subscripts, &operands, &owned, in_place);
    }};
}

/// A test of a generic function for each element type.
macro_rules! for_each_element {
    ($($test:ident)*) => {
        $(mod $test {
            use super::*;

            #[test]
            fn f32() {
                super::$test::<f32>();
            }
            #[test]
            fn f64() {
                super::$test::<f64>();
            }
            #[test]
            fn complex_f32() {
                super::$test::<Complex<f32>>();
            }
            #[test]
            fn complex_f64() {
                super::$test::<Complex<f64>>();
            }
            #[test]
            fn i32() {
                super::$test::<i32>();
            }
            #[test]
            fn semiring() {
                super::$test::<Longest>();
            }
        })*
    };
}

for_each_element! {
    matmul
    matmul_of_slices
    batches
    flat_products
    depths_that_look_like_neighbours
    convolution_channels_last
    convolution_channels_first
    convolution_without_channels
}

/// All transposes of the operands and of the result.
fn matmul<T: Number>() {
    let (a, b) = (whole::<T, _>((37, 29), 1), whole::<T, _>((29, 35), 2));
    let (a_t, b_t) = (a.t().as_standard_layout().into_owned(), b.t().as_standard_layout().into_owned());
    assert_agrees!("ij,jk->ik", a, b);
    assert_agrees!("ij,kj->ik", a, b_t);
    assert_agrees!("ji,jk->ik", a_t, b);
    assert_agrees!("ji,kj->ik", a_t, b_t);
    assert_agrees!("ij,jk->ki", a, b);
    assert_agrees!("ij,kj->ki", a, b_t);
    assert_agrees!("ji,jk->ki", a_t, b);
    assert_agrees!("ji,kj->ki", a_t, b_t);
}

/// Operands that are parts of larger arrays, in every direction.
fn matmul_of_slices<T: Number>() {
    let (a, b) = (whole::<T, _>((30, 50), 3), whole::<T, _>((48, 60), 4));
    assert_agrees!("ij,jk->ik", a.slice(s![3..25;2, ..;-3]), b.slice(s![..17, 5..40]));
    assert_agrees!("ij,kj->ik", a.slice(s![..;-1, 1..20]), b.slice(s![..40;-2, 7..26]));
    assert_agrees!("ij,jk->ik", a.slice(s![.., ..18]), b.slice(s![..18, ..;-1]));
}

fn batches<T: Number>() {
    let (a, b) = (whole::<T, _>((3, 13, 11), 5), whole::<T, _>((3, 11, 18), 6));
    assert_agrees!("bij,bjk->bik", a, b);
    assert_agrees!("bij,bjk->ikb", a, b);
    assert_agrees!("bij,bjk->ik", a, b);
    // One matrix for all batches, by its extent of 1.
    assert_agrees!("bij,bjk->bik", a, b.slice(s![..1, .., ..]));
}

/// A row times a matrix, a matrix times a column, a column times a row.
fn flat_products<T: Number>() {
    for (rows, depth, columns) in [(1, 33, 67), (67, 33, 1), (35, 1, 69)] {
        let (a, b) = (whole::<T, _>((rows, depth), 7), whole::<T, _>((depth, columns), 8));
        assert_agrees!("ij,jk->ik", a, b);
        let b_t = b.t().as_standard_layout().into_owned();
        assert_agrees!("ij,kj->ki", a, b_t);
    }
}

/// Summed axes whose first and last positions are as far apart as those of a slice would be.
fn depths_that_look_like_neighbours<T: Number>() {
    let (a, b) = (whole::<T, _>((26, 10, 7), 9), whole::<T, _>((33, 10, 7), 10));
    assert_agrees!("ij,kj->ik", a.slice(s![.., .., 0]), b.slice(s![.., .., 0]));
    assert_agrees!("ij,kj->ki", a.slice(s![.., .., 0]), b.slice(s![.., .., 0]));
    let (a, b) = (whole::<T, _>((10, 2, 4), 11), whole::<T, _>((13, 2, 10), 12));
    assert_agrees!("mab,nab->mn", a, b.slice(s![.., .., 6..10;-1]));
}

/// Images of 5 channels and kernels that make 7 of them: the forward pass, and the gradients of kernel and input.
fn convolution_channels_last<T: Number>() {
    let image = whole::<T, _>((2, 9, 10, 5), 1);
    for (size, stride) in [([3, 3], [1, 1]), ([3, 2], [2, 2]), ([1, 1], [1, 1]), ([1, 1], [2, 2])] {
        let windows: ArrayView6<'_, T> = Windows::new(size).axes([1, 2]).stride(stride).view(&image);
        let kernel = whole::<T, _>((size[0], size[1], 5, 7), 2);
        assert_agrees!("nxycij,ijco->nxyo", windows, kernel);
        let &[n, x, y, ..] = windows.shape() else { unreachable!() };
        let gradient = whole::<T, _>((n, x, y, 7), 3);
        assert_agrees!("nxycij,nxyo->ijco", windows, gradient);
        assert_agrees!("nxyo,ijco->nxycij", gradient, kernel);
    }
    let (padded, turned) = (whole::<T, _>((2, 11, 12, 7), 4), whole::<T, _>((3, 3, 5, 7), 5));
    let windows = Windows::new([3, 3]).axes([1, 2]).view(&padded);
    assert_agrees!("nxyoij,ijco->nxyc", windows, turned.slice(s![..;-1, ..;-1, .., ..]));
}

fn convolution_channels_first<T: Number>() {
    let image = whole::<T, _>((2, 5, 9, 10), 1);
    for (size, stride) in [([3, 3], [1, 1]), ([3, 2], [2, 2]), ([1, 1], [1, 1]), ([1, 1], [2, 2])] {
        let windows: ArrayView6<'_, T> = Windows::new(size).axes([2, 3]).stride(stride).view(&image);
        let kernel = whole::<T, _>((7, 5, size[0], size[1]), 2);
        assert_agrees!("ncxyij,ocij->noxy", windows, kernel);
        let &[n, _, x, y, ..] = windows.shape() else { unreachable!() };
        let gradient = whole::<T, _>((n, 7, x, y), 3);
        assert_agrees!("ncxyij,noxy->ocij", windows, gradient);
        assert_agrees!("noxy,ocij->ncxyij", gradient, kernel);
    }
    let (padded, turned) = (whole::<T, _>((2, 7, 11, 12), 4), whole::<T, _>((7, 5, 3, 3), 5));
    let windows = Windows::new([3, 3]).axes([2, 3]).view(&padded);
    assert_agrees!("noxyij,ocij->ncxy", windows, turned.slice(s![.., .., ..;-1, ..;-1]));
}

fn convolution_without_channels<T: Number>() {
    let image = whole::<T, _>((15, 41), 1);
    for (size, stride) in [([3, 3], [1, 1]), ([5, 2], [1, 1]), ([3, 3], [2, 2])] {
        let (windows, kernel) = (Windows::new(size).stride(stride).view(&image), whole::<T, _>(size, 2));
        assert_agrees!("xyij,ij->xy", windows, kernel);
        assert_agrees!("ij,xyij->yx", kernel.slice(s![..;-1, ..;-1]), windows);
    }
    let (images, kernels) = (whole::<T, _>((3, 9, 23), 3), whole::<T, _>((3, 3, 4), 4));
    let windows = Windows::new([3, 4]).axes([1, 2]).view(&images);
    assert_agrees!("nxyij,ij->nxy", windows, kernels.index_axis(Axis(0), 1));
    // Depthwise: each channel has its own kernel.
    assert_agrees!("cxyij,cij->cxy", windows, kernels);
}

/// What a target lies between must be as it was.
#[test]
fn only_the_target_is_written() {
    let (a, b) = (whole::<f32, _>((23, 19), 1), whole::<f32, _>((19, 31), 2));
    let product = oracle("ij,jk->ik", &[a.view().into_dyn(), b.view().into_dyn()]);
    let parts = [s![1..24, 2..33], s![..46;2, 3..65;2], s![2..71;-3, ..62;-2]];
    for part in parts {
        let mut all = Array2::from_elem((80, 70), 0.5);
        einsum!(all.slice_mut(part) -= "ij,jk->ik", a, b);
        let mut expected = Array2::from_elem((80, 70), 0.5);
        let mut inner = expected.slice_mut(part).into_dyn();
        inner -= &product;
        assert_eq!(all, expected);
    }
}

/// Numbers between -0.5 and 0.5.
fn random<D: Dimension>(shape: impl IntoDimension<Dim = D>, seed: u64) -> Array<f32, D> {
    let mut state = seed;
    Array::from_shape_simple_fn(shape.into_dimension(), || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 24) as f32 - 0.5
    })
}

/// Bit by bit, and `+=` as well as `=`.
#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let (a, b) = (random((301, 170), 1), random((170, 333), 2));
    let (image, kernel) = (random((3, 30, 33, 40), 3), random((3, 3, 40, 24), 4));
    let windows = Windows::new([3, 3]).axes([1, 2]).view(&image);
    let (map, taps) = (random((500, 403), 5), random((7, 7), 6));
    let patches = Windows::new([7, 7]).view(&map);
    let (matrix, row, column) = (random((2101, 2003), 7), random(2101, 8), random(2003, 9));
    let (channels, weights_of_each) = (random((4, 70, 71, 40), 10), random((3, 3, 40), 11));
    let by = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let mut product = einsum!("ij,jk->ik", a, b);
            einsum!(product += "ij,jk->ik", a, b);
            let mut maps = einsum!("nxycij,ijco->nxyo", windows, kernel);
            einsum!(maps += "nxycij,ijco->nxyo", windows, kernel);
            let weights = einsum!("nxycij,nxyo->ijco", windows, maps);
            let mut blurred = einsum!("xyij,ij->xy", patches, taps);
            einsum!(blurred += "xyij,ij->xy", patches, taps);
            let products = [einsum!("ij,j->i", matrix, column), einsum!("i,ij->j", row, matrix)];
            let depthwise = einsum!("n(x+i)(y+j)c,ijc->nxyc", channels, weights_of_each);
            let [dots, sum_of_rows] = products.map(Array::into_dyn);
            let large = [product.into_dyn(), maps.into_dyn(), weights.into_dyn(), blurred.into_dyn()];
            [large.to_vec(), vec![dots, sum_of_rows, depthwise.into_dyn()]].concat()
        })
    };
    let bits = |results: Vec<ArrayD<f32>>| -> Vec<ArrayD<u32>> {
        results.iter().map(|result| result.mapv(f32::to_bits)).collect()
    };
    let one = bits(by(1));
    assert!(one == bits(by(2)), "2 threads");
    assert!(one == bits(by(3)), "3 threads");
}

/// Asserts that a sum of `n` products is off by at most `n` roundings of the sum of their sizes: Higham, *Accuracy and
/// Stability of Numerical Algorithms*, section 3.1, for any order of the additions.
fn assert_close<D: Dimension>(subscripts: &str, result: Array<f32, D>, operands: [ArrayD<f32>; 2], n: f64) {
    let exact = operands.each_ref().map(|operand| operand.mapv(f64::from));
    let sizes = exact.each_ref().map(|operand| operand.mapv(f64::abs));
    let sum =
        |operands: &[ArrayD<f64>; 2]| oracle(subscripts, &operands.each_ref().map(|operand| operand.view()));
    let unit = f64::from(f32::EPSILON) / 2.0;
    let bound = n * unit / (1.0 - n * unit);
    for ((value, exact), size) in result.iter().zip(sum(&exact)).zip(sum(&sizes)) {
        let error = (f64::from(*value) - exact).abs();
        assert!(error <= bound * size, "{subscripts}: {error} where the products have {size}");
    }
}

#[test]
fn rounding_errors_are_bounded() {
    let (a, b) = (random((35, 700), 1), random((700, 18), 2));
    let product = einsum!("ij,jk->ik", a, b);
    assert_close("ij,jk->ik", product, [a.into_dyn(), b.into_dyn()], 700.0);

    let (image, kernel): (_, Array4<f32>) = (random((1, 12, 12, 9), 3), random((3, 3, 9, 10), 4));
    let windows = Windows::new([3, 3]).axes([1, 2]).view(&image);
    let map = einsum!("nxycij,ijco->nxyo", windows, kernel);
    assert_close("nxycij,ijco->nxyo", map, [windows.to_owned().into_dyn(), kernel.into_dyn()], 81.0);

    let (image, kernel) = (random((40, 90), 5), random((7, 7), 6));
    let windows = Windows::new([7, 7]).view(&image);
    let map = einsum!("xyij,ij->xy", windows, kernel);
    assert_close("xyij,ij->xy", map, [windows.to_owned().into_dyn(), kernel.into_dyn()], 49.0);
}
