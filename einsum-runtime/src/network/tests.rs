//! Networks by chance against plain loops: forced into pairs, into small blocks, and through copies.

use ndarray::{ArrayD, ArrayViewD, Axis, IxDyn};
use num_complex::Complex;
use num_traits::FromPrimitive;

use super::order::Choice;
use super::program::Limits;
use super::*;
use crate::element::{Accumulate, Assign, Store, Subtract};
use crate::strided::Erased;

fn number<T: FromPrimitive>(value: i8) -> T {
    T::from_i8(value).expect("a small number")
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

/// A call: arrays with the label of each axis, the output last, and the extents of the labels.
struct Case<T> {
    arrays: Vec<(ArrayD<T>, Vec<usize>)>,
    labels: Vec<usize>,
    extents: Vec<usize>,
}

impl<T: Element + FromPrimitive> Case<T> {
    fn by_chance(dice: &mut Dice, factors: usize, most: usize) -> Self {
        let count = 2 + dice.below(6);
        let extents: Vec<usize> =
            (0..count).map(|_| if dice.below(40) == 0 { 0 } else { 1 + dice.below(most) }).collect();
        let arrays: Vec<(ArrayD<T>, Vec<usize>)> =
            (0..factors).map(|_| Self::array(dice, &extents)).collect();
        let mut labels: Vec<usize> = (0..count).filter(|_| dice.below(3) > 0).collect();
        labels.retain(|label| arrays.iter().any(|(_, labels)| labels.contains(label)));
        if dice.below(2) == 0 {
            labels.reverse();
        }
        let stretched = |label: usize| {
            let axes = arrays.iter().flat_map(|(array, labels)| labels.iter().zip(array.shape()));
            axes.filter(|&(&own, _)| own == label).map(|(_, &extent)| extent).find(|&extent| extent != 1)
        };
        let extents = (0..count).map(|label| stretched(label).unwrap_or(1)).collect();
        Self { arrays, labels, extents }
    }

    /// An array with up to four axes, some of them stretched or of the same label, in some order in memory.
    fn array(dice: &mut Dice, extents: &[usize]) -> (ArrayD<T>, Vec<usize>) {
        let labels: Vec<usize> = (0..dice.below(5)).map(|_| dice.below(extents.len())).collect();
        let shape: Vec<usize> =
            labels.iter().map(|&label| if dice.below(8) == 0 { 1 } else { extents[label] }).collect();
        // Axes of one label have one extent.
        let same = |n: usize| shape[labels.iter().position(|label| *label == labels[n]).unwrap()];
        let shape: Vec<usize> = (0..labels.len()).map(same).collect();
        let mut array = ArrayD::from_shape_simple_fn(IxDyn(&shape), || number(dice.below(7) as i8 - 3));
        for axis in 0..shape.len() {
            if dice.below(4) == 0 {
                array.invert_axis(Axis(axis));
            }
            array.swap_axes(axis, dice.below(shape.len()));
        }
        // Labels follow their axes no more, but extents are all that matters.
        let labels = relabelled(array.shape(), &labels, &shape);
        (array, labels)
    }

    /// The sum of all products, element by element.
    fn oracle(&self) -> ArrayD<T> {
        let shape: Vec<usize> = self.labels.iter().map(|&label| self.extents[label]).collect();
        let mut out = ArrayD::<T>::zeros(IxDyn(&shape));
        for values in ndarray::indices(IxDyn(&self.extents)) {
            let product = self.arrays.iter().map(|(array, labels)| {
                let index: Vec<usize> = labels
                    .iter()
                    .zip(array.shape())
                    .map(|(&label, &extent)| if extent == 1 { 0 } else { values[label] })
                    .collect();
                array[IxDyn(&index)].clone()
            });
            let place: Vec<usize> = self.labels.iter().map(|&label| values[label]).collect();
            let product = product.reduce(|a, b| a * b).expect("there are factors");
            let place = &mut out[IxDyn(&place)];
            *place = place.clone() + product;
        }
        out
    }

    /// What comes of a target full of ones, in an order of some kind.
    fn contracted<S: Store<T>>(&self, limits: Limits, choice: Choice, pairs: &[[usize; 2]]) -> ArrayD<T> {
        let shape: Vec<usize> = self.labels.iter().map(|&label| self.extents[label]).collect();
        let mut out = ArrayD::from_elem(IxDyn(&shape), number::<T>(1));
        let arithmetic = ArithmeticOf::<T>::of::<S>().erased();
        let costs = Costs { limits, ..Costs::of(&arithmetic) };
        let orders = [Order { pairs, steps: &[] }];
        let (network, cache) = (Network { orders: &orders, nest: None }, Cache::new());
        let call = NetworkCall { network, cache: &cache, memory_limit: None, subscripts: "" };
        let views: Vec<ArrayViewD<'_, T>> = self.arrays.iter().map(|(array, _)| array.view()).collect();
        let factors: Vec<Labelled<'_>> =
            views.iter().zip(&self.arrays).map(|(view, (_, labels))| (erased(view), &labels[..])).collect();
        for _ in 0..2 {
            out.fill(number(1));
            let strides = out.strides().to_vec();
            let target = Erased { start: out.as_mut_ptr().cast(), extents: &shape, strides: &strides };
            // SAFETY: the arrays are as their shapes say, and the target is borrowed for writing.
            unsafe { contract(arithmetic, &costs, (target, &self.labels), &factors, &call, choice).unwrap() }
        }
        out
    }
}

/// Labels for axes that have been exchanged: each goes to axes of its extent.
fn relabelled(shape: &[usize], labels: &[usize], extents: &[usize]) -> Vec<usize> {
    let mut left: Vec<(usize, usize)> = labels.iter().copied().zip(extents.iter().copied()).collect();
    let label = |&extent: &usize| {
        let place = left.iter().position(|&(_, own)| own == extent).expect("an axis keeps its extent");
        left.swap_remove(place).0
    };
    shape.iter().map(label).collect()
}

/// Everything in blocks of a few elements, and copies for all that is not one axis.
const TINY: Limits = Limits {
    large: 4,
    block: 3,
    block_len: 1,
    run: 1,
    block_products: 1,
    traffic: 2,
    unit: 1,
    copy_products: 1,
    axes: 1,
};

/// As they are for the type.
fn usual<T>() -> Limits {
    Limits::of(size_of::<T>())
}

/// An order by chance.
fn pairs(dice: &mut Dice, factors: usize) -> Vec<[usize; 2]> {
    let mut left: Vec<usize> = (0..factors).collect();
    let mut pairs = Vec::new();
    while left.len() > 1 {
        let a = left.swap_remove(dice.below(left.len()));
        let b = left.swap_remove(dice.below(left.len()));
        pairs.push([a, b]);
        left.push(factors + pairs.len() - 1);
    }
    pairs
}

fn check<T>(seed: u64, rounds: usize, most: usize)
where
    T: Element + FromPrimitive + core::ops::Sub<Output = T> + PartialEq + core::fmt::Debug,
{
    let mut dice = Dice(seed);
    for _ in 0..rounds {
        let factors = 1 + dice.below(6);
        let case = Case::<T>::by_chance(&mut dice, factors, most);
        let (expected, ones) = (case.oracle(), case.oracle().mapv(|_| number(1)));
        let pairs = pairs(&mut dice, factors);
        let limits = if dice.below(2) == 0 { TINY } else { usual::<T>() };
        let choice = if dice.below(2) == 0 { Choice::Search } else { Choice::Order(0) };
        let labels: Vec<_> = case.arrays.iter().map(|(array, labels)| (array.shape(), labels)).collect();
        let context = format!("{labels:?} -> {:?}, {pairs:?}, {choice:?}, {limits:?}", case.labels);
        assert_eq!(case.contracted::<Assign>(limits, choice, &pairs), expected, "{context}");
        let sum = &ones + &expected;
        assert_eq!(case.contracted::<Accumulate>(limits, choice, &pairs), sum, "{context}");
        let difference = &ones - &expected;
        assert_eq!(case.contracted::<Subtract>(limits, choice, &pairs), difference, "{context}");
    }
}

#[test]
fn networks_of_integers_are_those_of_the_oracle() {
    check::<i64>(1, 3000, 4);
}

#[test]
fn networks_of_floats_are_those_of_the_oracle() {
    check::<f64>(2, 3000, 4);
    check::<f32>(3, 300, 7);
}

#[test]
fn networks_of_complex_numbers_are_those_of_the_oracle() {
    check::<Complex<f64>>(4, 300, 4);
}

/// Large enough for the engine, and of intermediates that are computed in blocks with the limits of every day.
#[test]
fn large_networks_are_those_of_the_oracle() {
    let mut dice = Dice(5);
    let mut array =
        |shape: &[usize]| ArrayD::from_shape_simple_fn(IxDyn(shape), || dice.below(7) as f32 - 3.0);
    let [i, j, k, r] = [12, 160, 96, 24];
    let arrays =
        vec![(array(&[i, j, k]), vec![0, 1, 2]), (array(&[j, r]), vec![1, 3]), (array(&[k, r]), vec![2, 3])];
    for labels in [vec![0, 3], vec![3, 0], vec![0], vec![]] {
        let case = Case { arrays: arrays.clone(), labels, extents: vec![i, j, k, r] };
        let expected = case.oracle();
        for pairs in [[[1, 2], [0, 3]], [[0, 2], [3, 1]], [[0, 1], [2, 3]]] {
            assert_eq!(
                case.contracted::<Assign>(usual::<f32>(), Choice::Order(0), &pairs),
                expected,
                "{pairs:?}"
            );
        }
    }
}
