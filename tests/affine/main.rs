//! Affine indices through the macro and the run-time twin: cases with known answers, what they are good for, and calls
//! to refuse. Convolutions are in `convolution.rs`.

#[path = "../support/mod.rs"]
mod support;

use einsum::dynamic::{self, Equation};
use einsum::ndarray::{Array, Array1, Array2, Array3, Array4, ArrayD, ArrayViewD, arr0, array};
use einsum::{einsum, try_einsum};
use support::affine_cases::for_each_affine_case;
use support::conformance::{Case, check_case};
use support::layouts::{Layout, assert_gaps_untouched, numbers};
use support::oracle::IntoDyn as _;

/// What lies between the elements of strided arrays; no result may show it.
const POISON: i64 = 1 << 40;

fn views<T>(operands: &[ArrayD<T>]) -> Vec<ArrayViewD<'_, T>> {
    operands.iter().map(|operand| operand.view()).collect()
}

fn equation(subscripts: &str, operands: usize, given: &[(&str, usize)]) -> Equation {
    let equation = Equation::new(subscripts, operands).unwrap();
    let give = |equation: Equation, &(label, extent): &(&str, usize)| {
        equation.with_extent(label.parse().expect("one character"), extent).unwrap()
    };
    given.iter().fold(equation, give)
}

/// The twin in all forms and layouts, and with floats.
fn check_twin(subscripts: &str, operands: &[ArrayD<i64>], given: &[(&str, usize)], expected: &ArrayD<i64>) {
    let equation = equation(subscripts, operands.len(), given);
    for layout in Layout::ALL {
        let operands: Vec<_> = operands.iter().map(|operand| layout.arrange(operand, POISON)).collect();
        let result = equation.einsum(&views(&operands));
        assert_eq!(result.as_ref(), Ok(expected), "{subscripts:?} in layout {layout:?}");
        check_in_place(&equation, &views(&operands), expected, layout);
    }
    let floats: Vec<_> = operands.iter().map(|operand| operand.mapv(|value| value as f32)).collect();
    let result = equation.einsum(&views(&floats)).unwrap();
    assert_eq!(result.mapv(|value| value as i64), expected, "{subscripts:?} of floats");
}

fn check_in_place(equation: &Equation, operands: &[ArrayViewD<i64>], expected: &ArrayD<i64>, layout: Layout) {
    let before = ArrayD::from_elem(expected.shape(), 77);
    let mut target = layout.arrange(&before, POISON);
    equation.accumulate(&mut target, operands).unwrap();
    assert_eq!(target, expected + 77, "{equation} by += in layout {layout:?}");
    equation.subtract(&mut target, operands).unwrap();
    assert_eq!(target, before, "{equation} by -= in layout {layout:?}");
    equation.assign(&mut target, operands).unwrap();
    assert_eq!(target, expected, "{equation} by = in layout {layout:?}");
    assert_gaps_untouched(target, POISON);
}

/// Asserts what the in-place forms of the macro leave in a target of the expected shape.
macro_rules! assert_writes {
    ($subscripts:tt $(, $operand:ident)+ $(; $($label:ident = $extent:expr),+)? => $expected:expr) => {{
        let expected: ArrayD<i64> = $expected.clone().into_dyn();
        let before = ArrayD::from_elem(expected.shape(), 77);
        let mut target = before.clone();
        einsum!(target += $subscripts $(, $operand)+ $(; $($label = $extent),+)?);
        assert_eq!(target, &expected + 77, "{:?} by +=", $subscripts);
        einsum!(target -= $subscripts $(, $operand)+ $(; $($label = $extent),+)?);
        assert_eq!(target, before, "{:?} by -=", $subscripts);
        einsum!(target = $subscripts $(, $operand)+ $(; $($label = $extent),+)?);
        assert_eq!(target, expected, "{:?} by =", $subscripts);
        let given: &[(&str, usize)] = &[$($((stringify!($label), $extent)),+)?];
        let operands = [$($operand.clone().into_dyn()),+];
        let equation = equation($subscripts, operands.len(), given);
        for layout in Layout::ALL {
            check_in_place(&equation, &views(&operands), &expected, layout);
        }
    }};
}

/// Asserts what the macro and the twin make of a call, in all forms.
macro_rules! assert_gives {
    ($subscripts:tt $(, $operand:ident)+ $(; $($label:ident = $extent:expr),+)? => $expected:expr) => {{
        let expected: ArrayD<i64> = $expected.clone().into_dyn();
        let owned: ArrayD<i64> =
            einsum!($subscripts $(, $operand)+ $(; $($label = $extent),+)?).into_dyn();
        assert_eq!(owned, expected, "{:?}", $subscripts);
        assert_writes!($subscripts $(, $operand)+ $(; $($label = $extent),+)? => expected);
        let given: &[(&str, usize)] = &[$($((stringify!($label), $extent)),+)?];
        check_twin($subscripts, &[$($operand.clone().into_dyn()),+], given, &expected);
    }};
}

macro_rules! cases {
    ($($name:ident $subscripts:tt $($operand:ident $shape:tt)* = $out_shape:tt $sum:literal $wsum:literal;)*) => {
        mod cases {
            use super::*;
            $(#[test]
            fn $name() {
                let mut index = 0..;
                $(let $operand = numbers::<i64, _>($shape, index.next().unwrap());)*
                let result: ArrayD<i64> = einsum!($subscripts $(, $operand)*).into_dyn();
                let shapes: &[&[usize]] = &[$(&$shape),*];
                let case = Case {
                    subscripts: $subscripts, shapes, out_shape: &$out_shape, sum: $sum, wsum: $wsum,
                };
                check_case(&case, |_| result.clone());
                assert_gives!($subscripts $(, $operand)* => result);
                $(let $operand = $operand.into_dyn();)*
                let dynamic: ArrayD<i64> = einsum!($subscripts $(, $operand)*).into_dyn();
                assert_eq!(dynamic, result);
            })*
        }
    };
}

for_each_affine_case!(cases);

// Behind the macros that they use.
mod inputs;
mod outputs;
mod refused;
mod semiring;

fn vector(extent: usize) -> Array1<i64> {
    numbers([extent], 0)
}

fn sum(extent: usize, term: impl Fn(usize) -> i64) -> i64 {
    (0..extent).map(term).sum()
}

#[test]
fn the_short_forms_of_the_twin() {
    let (a, w) = (vector(5).into_dyn(), vector(3).into_dyn());
    let expected = Array::from_shape_fn(3, |x| sum(3, |i| a[[x + i]] * w[[i]])).into_dyn();
    assert_eq!(dynamic::einsum("(x+i),i->x", &[a.view(), w.view()]), Ok(expected.clone()));
    let mut target = ArrayD::zeros(vec![3]);
    dynamic::assign(&mut target, "(x+i),i->x", &[a.view(), w.view()]).unwrap();
    assert_eq!(target, expected);
}
