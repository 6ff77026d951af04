//! Elements: integers and floats of every width, complex numbers, a semiring, and what owns memory.

mod support;

use std::iter::zip;
use std::ops::{Add, Mul, Sub};
use std::rc::Rc;

use einsum::ndarray::{Array, Array1, Array2, ArrayD, Dimension, Ix2, array, aview1};
use einsum::{Element, einsum};
use half::{bf16, f16};
use num_complex::Complex;
use num_traits::Zero;
use support::oracle::{IntoDyn as _, oracle};

/// Compares a product, a sum and a diagonal of these elements with the oracle.
fn agrees_with_the_oracle<T: Element + PartialEq + std::fmt::Debug>(element: impl Fn(usize) -> T) {
    for n in [1, 3, 5, 20] {
        let a = Array2::from_shape_fn((n, 4), |(i, j)| element(4 * i + j));
        let b = Array2::from_shape_fn((4, n), |(i, j)| element(n * i + j + 1));
        let (dynamic_a, dynamic_b) = (a.view().into_dyn(), b.view().into_dyn());
        let both = [dynamic_a.clone(), dynamic_b];
        assert_eq!(einsum!("ij,jk->ik", a, b).into_dyn(), oracle("ij,jk->ik", &both));
        assert_eq!(einsum!("ij,ji->", a, b).into_dyn(), oracle("ij,ji->", &both));
        assert_eq!(einsum!("ij,jk->i", a, b).into_dyn(), oracle("ij,jk->i", &both));
        assert_eq!(einsum!("ij->ji", a).into_dyn(), oracle("ij->ji", &[dynamic_a]));
        let product = einsum!("ij,jk->ik", a, b);
        assert_eq!(einsum!("ii->i", product).into_dyn(), oracle("ij,ji->i", &both));
        let mut sum = product.clone();
        einsum!(sum += "ij,jk->ik", a, b);
        let twice = zip(&product, &product).map(|(a, b)| a.clone() + b.clone());
        assert!(sum.iter().cloned().eq(twice));
    }
}

#[test]
fn integers() {
    agrees_with_the_oracle(|n| (n % 3) as u8);
    agrees_with_the_oracle(|n| (n % 5) as i8 - 2);
    agrees_with_the_oracle(|n| n as u16 % 20);
    agrees_with_the_oracle(|n| n as i16 % 20 - 10);
    agrees_with_the_oracle(|n| n as u32);
    agrees_with_the_oracle(|n| n as i32 - 50);
    agrees_with_the_oracle(|n| n as u64);
    agrees_with_the_oracle(|n| n as i64 - 50);
    agrees_with_the_oracle(|n| n as u128);
    agrees_with_the_oracle(|n| n as i128 - 50);
    agrees_with_the_oracle(|n| n);
    agrees_with_the_oracle(|n| n as isize - 50);
    agrees_with_the_oracle(|n| std::num::Wrapping(71_u8.wrapping_mul(n as u8)));
}

/// Values so small that all sums are exact, of 11 and of 8 bits.
#[test]
fn half_types() {
    agrees_with_the_oracle(|n| f16::from_f32((n % 7) as f32 - 3.0));
    agrees_with_the_oracle(|n| bf16::from_f32((n % 3) as f32 - 1.0));
}

/// Panels and tiles of whole vectors and what is left of them, and loops where there are no matrices.
#[test]
fn elements_without_kernels_in_products_of_every_form() {
    let extents =
        [[5, 9, 131], [67, 300, 70], [9, 2100, 1], [1, 70, 200], [33, 1, 80], [1, 5000, 1], [16, 16, 16]];
    products_agree_with_the_oracle(&extents, |n| u8::from(n % 64 < 2));
    products_agree_with_the_oracle(&extents, |n| (n % 2) as i16);
    products_agree_with_the_oracle(&extents, |n| (n % 5) as i32 - 2);
    products_agree_with_the_oracle(&extents, |n| (n % 5) as i64 - 2);
    products_agree_with_the_oracle(&extents, |n| (n % 5) as u128);
    products_agree_with_the_oracle(&extents, |n| f16::from_f32((n % 3) as f32 - 1.0));
    products_agree_with_the_oracle(&extents, |n| Way((n * 7 % 11) as f64));
    let few = [[5, 9, 31], [3, 300, 2], [40, 1, 33], [1, 70, 80]];
    products_agree_with_the_oracle(&few, |n| Polynomial::new([n as i64 % 3, 1 - n as i64 % 2]));
}

/// Products of a matrix by a matrix in which any of the extents may be 1.
fn products_agree_with_the_oracle<T: Element + PartialEq + std::fmt::Debug>(
    extents: &[[usize; 3]],
    element: impl Fn(usize) -> T,
) {
    for &[n, k, m] in extents {
        let a = Array2::from_shape_fn((n, k), |(i, j)| element(3 * i + 7 * j));
        let b = Array2::from_shape_fn((k, m), |(i, j)| element(5 * i + j));
        let both = [a.view().into_dyn(), b.view().into_dyn()];
        assert_eq!(einsum!("ij,jk->ik", a, b).into_dyn(), oracle("ij,jk->ik", &both));
        assert_eq!(einsum!("ij,jk->ki", a, b).into_dyn(), oracle("ij,jk->ki", &both));
        let mut sum = einsum!("ij,jk->ik", a, b);
        einsum!(sum += "ij,kj->ik", a, b.t());
        assert_eq!(sum.into_dyn(), oracle("ij,jk->ik", &both).mapv(|x| x.clone() + x));
    }
}

/// Where nothing is summed, in a window, in batches, and what is subtracted.
#[test]
fn elements_without_kernels_beside_products_of_matrices() {
    fn agree<T>(element: impl Fn(usize) -> T)
    where
        T: Element + PartialEq + std::fmt::Debug + Sub<Output = T>,
    {
        for [n, m] in [[70, 33], [16, 200], [1, 1300], [130, 69], [40, 100], [33, 126], [400, 12]] {
            let vector = |n, by| Array1::from_shape_fn(n, |i| element(by * i));
            let (a, b) = (vector(n, 3), vector(m, 5));
            let both = [a.view().into_dyn(), b.view().into_dyn()];
            let outer = oracle("i,j->ij", &both);
            assert_eq!(einsum!("i,j->ij", a, b).into_dyn(), outer);
            assert_eq!(einsum!("i,j->ji", a, b).into_dyn(), outer.t());
            let mut twice = einsum!("i,j->ij", a, b);
            einsum!(twice += "i,j->ij", a, b);
            assert_eq!(twice.clone().into_dyn(), outer.mapv(|x| x.clone() + x));
            einsum!(twice -= "i,j->ij", a, b);
            assert_eq!(twice.into_dyn(), outer);
            // Tiles that are pulled back, so that their first sums have been added before.
            let matrix = Array2::from_shape_fn((n, m), |(i, j)| element(i + 3 * j));
            let both = [matrix.view().into_dyn(), a.view().into_dyn()];
            let mut sums = einsum!("ij,i->j", matrix, a);
            einsum!(sums += "ij,i->j", matrix, a);
            assert_eq!(sums.clone().into_dyn(), oracle("ij,i->j", &both).mapv(|x| x.clone() + x));
            einsum!(sums -= "ij,i->j", matrix, a);
            assert_eq!(sums.into_dyn(), oracle("ij,i->j", &both));
        }
        let image = Array2::from_shape_fn((20, 77), |(i, j)| element(3 * i + 5 * j));
        let kernel = Array2::from_shape_fn((3, 4), |(i, j)| element(2 * i + j));
        let mut out = einsum!("(x+i)(y+j),ij->xy", image, kernel);
        let windows = |(x, y)| {
            let window = image.slice(einsum::ndarray::s![x..x + 3, y..y + 4]);
            zip(window, &kernel).fold(T::zero(), |sum, (a, b)| sum + a.clone() * b.clone())
        };
        assert_eq!(out, Array2::from_shape_fn((18, 74), windows));
        einsum!(out -= "(x+i)(y+j),ij->xy", image, kernel);
        assert!(out.iter().all(T::is_zero));
        let a = Array::from_shape_fn((11, 8, 5), |(b, i, j)| element(3 * b + i + 7 * j));
        let c = Array::from_shape_fn((11, 5, 6), |(b, i, j)| element(b + 2 * i + j));
        let mut product = einsum!("bij,bjk->bik", a, c);
        let both = [a.view().into_dyn(), c.view().into_dyn()];
        assert_eq!(product.clone().into_dyn(), oracle("bij,bjk->bik", &both));
        einsum!(product -= "bij,bjk->bik", a, c);
        assert!(product.iter().all(T::is_zero));
    }
    agree(|n| i8::from(n % 32 < 3));
    agree(|n| (n % 5) as i16 - 2);
    agree(|n| (n % 5) as u32);
    agree(|n| (n % 5) as i64 - 2);
    agree(|n| f32::from((n % 5) as i8 - 2));
    agree(|n| Complex::new((n % 5) as f64 - 2.0, (n % 3) as f64));
    agree(|n| bf16::from_f32((n % 3) as f32 - 1.0));
    agree(|n| Polynomial::new([n as i64 % 3, 1 - n as i64 % 2]));
}

/// Several blocks of the depth, into places that are no neighbours, of elements that own memory.
#[test]
fn sums_that_own_memory_reach_places_far_apart() {
    let a = Array2::from_shape_fn((5, 600), |(i, j)| Polynomial::new([(i + j) as i64 % 3, 1]));
    let b = Array2::from_shape_fn((600, 7), |(i, j)| Polynomial::new([(2 * i + j) as i64 % 3]));
    let product = oracle("ij,jk->ik", &[a.view().into_dyn(), b.view().into_dyn()]);
    let mut all = Array2::<Polynomial>::zeros((10, 21));
    let mut places = all.slice_mut(einsum::ndarray::s![..;-2, ..;3]);
    einsum!(places = "ij,jk->ik", a, b);
    assert_eq!(places.view().into_dyn(), product);
    einsum!(places += "ij,jk->ik", a, b);
    einsum!(places -= "ij,jk->ik", a, b);
    assert_eq!(places.into_dyn(), product);
    assert_eq!(all.iter().filter(|element| element.is_zero()).count(), 210 - 35);
}

/// The semiring of one element.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Nothing;

impl Add for Nothing {
    type Output = Self;

    fn add(self, _: Self) -> Self {
        Nothing
    }
}

impl Mul for Nothing {
    type Output = Self;

    fn mul(self, _: Self) -> Self {
        Nothing
    }
}

impl Zero for Nothing {
    fn zero() -> Self {
        Nothing
    }

    fn is_zero(&self) -> bool {
        true
    }
}

#[test]
fn elements_without_a_size() {
    agrees_with_the_oracle(|_| Nothing);
    products_agree_with_the_oracle(&[[67, 70, 70], [1, 5000, 1], [9, 600, 131]], |_| Nothing);
}

/// Whether elements have kernels is asked for the type that a call comes to have, also if that is said by a literal alone.
#[test]
fn literals_and_generic_callers() {
    let (a, b) = (array![[1.5, 2.0], [3.0, -1.0]], array![[1, 2], [3, 4]]);
    assert_eq!(einsum!("ij,jk->ik", a, a), array![[8.25, 1.0], [1.5, 7.0]]);
    assert_eq!(einsum!("ij,jk->ik", b, b), array![[7, 10], [15, 22]]);
    fn square<T: Element>(a: &Array2<T>) -> Array2<T> {
        einsum!("ij,jk->ik", a, a)
    }
    let matrix = Array2::from_shape_fn((40, 40), |(i, j)| (i * j % 7) as i32 - 3);
    let expected = square(&matrix);
    assert_eq!(einsum!("ij,jk->ik", matrix, matrix), expected);
    assert_eq!(square(&matrix.mapv(f64::from)), expected.mapv(f64::from));
}

#[test]
fn complex_numbers() {
    agrees_with_the_oracle(|n| Complex::new(n as f64, 3.0 - n as f64));
    agrees_with_the_oracle(|n| Complex::new(n as f32, 3.0 - n as f32));
    let a = array![Complex::new(0.0, 1.0), Complex::new(1.0, 1.0)];
    assert_eq!(einsum!("i,i->", a, a), Complex::new(-1.0, 2.0));
    let mut c = Array1::zeros(2);
    einsum!(c -= "i,i->i", a, a);
    assert_eq!(c, array![Complex::new(1.0, 0.0), Complex::new(0.0, -2.0)]);
}

/// Lengths of ways: the sum of two is the shorter one, their product the way along both.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Way(f64);

impl Add for Way {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Way(self.0.min(other.0))
    }
}

#[allow(clippy::suspicious_arithmetic_impl, reason = "a product of lengths is their sum")]
impl Mul for Way {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Way(self.0 + other.0)
    }
}

impl Zero for Way {
    fn zero() -> Self {
        Way(f64::INFINITY)
    }

    fn is_zero(&self) -> bool {
        self.0 == f64::INFINITY
    }
}

#[test]
fn a_semiring() {
    agrees_with_the_oracle(|n| Way((n * 7 % 11) as f64));
    let far = f64::INFINITY;
    let roads =
        array![[0.0, 1.0, far, far], [far, 0.0, 2.0, far], [far, far, 0.0, 3.0], [9.0, far, far, 0.0]]
            .mapv(Way);
    let ways = einsum!("ij,jk,kl->il", roads, roads, roads);
    assert_eq!(ways.row(0).mapv(|way| way.0), array![0.0, 1.0, 3.0, 6.0]);
    assert_eq!(einsum!("ij->", Array2::<Way>::zeros((0, 3))), Way(far));
    let mut shortest = Array1::from_elem(4, Way(2.5));
    einsum!(shortest += "ij->j", ways);
    assert_eq!(shortest.mapv(|way| way.0), array![0.0, 0.0, 0.0, 0.0]);
}

/// Polynomials: elements that own memory, and share it.
#[derive(Clone, PartialEq, Debug)]
struct Polynomial(Rc<Vec<i64>>);

impl Polynomial {
    fn new(coefficients: impl Into<Vec<i64>>) -> Self {
        let mut coefficients = coefficients.into();
        while coefficients.last() == Some(&0) {
            coefficients.pop();
        }
        Polynomial(Rc::new(coefficients))
    }
}

impl Add for Polynomial {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let at = |p: &Self, n| p.0.get(n).copied().unwrap_or(0);
        let len = self.0.len().max(other.0.len());
        Polynomial::new((0..len).map(|n| at(&self, n) + at(&other, n)).collect::<Vec<_>>())
    }
}

impl Sub for Polynomial {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + other * Polynomial::new([-1])
    }
}

impl Mul for Polynomial {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let mut product = vec![0; self.0.len() + other.0.len()];
        for (n, a) in self.0.iter().enumerate() {
            for (m, b) in other.0.iter().enumerate() {
                product[n + m] += a * b;
            }
        }
        Polynomial::new(product)
    }
}

impl Zero for Polynomial {
    fn zero() -> Self {
        Polynomial::new([])
    }

    fn is_zero(&self) -> bool {
        self.0.is_empty()
    }
}

#[test]
fn elements_that_own_memory() {
    agrees_with_the_oracle(|n| Polynomial::new([n as i64 % 3, 1 - n as i64 % 2]));
    let x = Polynomial::new([0, 1]);
    let powers = array![Polynomial::new([1]), x.clone(), x.clone() * x.clone()];
    let mut squares = einsum!("i,i->i", powers, powers);
    assert_eq!(squares[2], Polynomial::new([0, 0, 0, 0, 1]));
    einsum!(squares -= "i->i", powers);
    assert_eq!(squares[1], Polynomial::new([0, -1, 1]));
    // Nothing is left behind, and nothing is dropped twice.
    assert_eq!(powers.iter().map(|power| Rc::strong_count(&power.0)).collect::<Vec<_>>(), [1, 2, 1]);
    drop(powers);
    assert_eq!(Rc::strong_count(&x.0), 1);
}

/// Pseudo-random numbers from -1 to 1.
fn random<D: Dimension>(shape: D, seed: u64) -> Array<f64, D> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let numbers = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    });
    Array::from_iter(numbers.take(shape.size())).into_shape_with_order(shape).unwrap()
}

/// Asserts that a result of `n` summands is as near to the exact one as floats are: see [`Element`].
macro_rules! assert_near {
    ($float:ty, $n:expr, $subscripts:literal, $($operand:expr),+) => {{
        let exact = oracle($subscripts, &[$($operand.view().into_dyn()),+]);
        let size = oracle($subscripts, &[$($operand.mapv(f64::abs).view().into_dyn()),+]);
        let result: ArrayD<$float> = einsum!($subscripts $(, $operand.mapv(|x| x as $float))+).into_dyn();
        // Two operands and one product are rounded too.
        let factor = ($n as f64 + 4.0) * f64::from(<$float>::EPSILON);
        for (result, (exact, size)) in zip(&result, zip(&exact, &size)) {
            let error = (f64::from(*result) - exact).abs();
            assert!(error <= factor * size, "{result} for {exact} in {:?} with {} summands", $subscripts, $n);
        }
    }};
}

#[test]
fn floats_of_every_width() {
    for (seed, n) in [1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 47, 63, 64, 65, 100].into_iter().enumerate() {
        let seed = seed as u64;
        let (a, b) = (random(Ix2(5, n), 2 * seed + 1), random(Ix2(n, 6), 2 * seed + 2));
        let (wide, tall) = (random(Ix2(n, 7), seed + 100), random(Ix2(7, n), seed + 200));
        assert_near!(f32, n, "ij,jk->ik", a, b);
        assert_near!(f64, n, "ij,jk->ik", a, b);
        assert_near!(f32, 7, "ij,jk->ik", wide, tall);
        assert_near!(f32, 7, "ij,jk->ki", wide, tall);
        assert_near!(f32, 7 * n, "ij,ji->", wide, tall);
        assert_near!(f64, 7 * n, "ij,ji->", wide, tall);
        assert_near!(f32, 5 * n, "ij,jk->k", a, b);
        assert_near!(f32, n * n, "ij,jk,ml->imk", a, wide, tall);
        assert_near!(f32, n, "ij,jk,kl->il", tall, wide, tall);
    }
}

/// What is no number goes where it belongs, and nowhere else.
#[test]
fn infinities_and_nan() {
    let mut a = Array2::<f64>::ones((20, 20));
    a[[3, 4]] = f64::NAN;
    a[[5, 6]] = f64::INFINITY;
    let sums = einsum!("ij->i", a);
    assert!((0..20).all(|i| sums[i].is_nan() == (i == 3) && sums[i].is_infinite() == (i == 5)));
    let product = einsum!("ij,jk->ik", a, Array2::<f64>::zeros((20, 2)));
    assert!((0..20).all(|i| product[[i, 0]].is_nan() == (i == 3 || i == 5)));
    let signs = einsum!("i->i", aview1(&[-0.0_f64, 0.0]));
    assert!(signs[0].is_sign_negative() && signs[1].is_sign_positive());
}
