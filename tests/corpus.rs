//! Every case of the corpus through every form of the macro, in every memory layout, against the oracle.
//!
//! Values are small integers, so that sums of floats are exact too, in any order.

mod support;

use einsum::ndarray::{Array, ArrayD};
use einsum::{einsum, try_einsum};
use support::corpus::{for_each_case, for_each_high_rank_case};
use support::layouts::{Layout, assert_gaps_untouched, numbers};
use support::oracle::{IntoDyn as _, oracle};

/// What lies between the elements of strided operands; no result may show it.
const POISON: i64 = 1 << 40;

/// A result by a form of the macro, and what the form is called.
macro_rules! owned_forms_agree {
    ($element:ty, $layout:ident, $expected:ident, $subscripts:tt $(, $operand:ident)*) => {
        let owned: ArrayD<$element> = einsum!($subscripts $(, $operand)*).into_dyn();
        assert_eq!(owned, $expected, "einsum! in layout {:?}", $layout);
        let tried = try_einsum!($subscripts $(, $operand)*).expect("extents agree");
        let tried: ArrayD<$element> = tried.into_dyn();
        assert_eq!(tried, $expected, "try_einsum! in layout {:?}", $layout);
    };
}

macro_rules! in_place_forms_agree {
    ($layout:ident, $expected:ident, $subscripts:tt $(, $operand:ident)*) => {
        let mut target = $layout.arrange(&Array::from_elem($expected.raw_dim(), 77), POISON);
        einsum!(target = $subscripts $(, $operand)*);
        assert_eq!(target, $expected, "= in layout {:?}", $layout);
        einsum!(target += $subscripts $(, $operand)*);
        assert_eq!(target, &$expected + &$expected, "+= in layout {:?}", $layout);
        einsum!(target -= $subscripts $(, $operand)*);
        assert_eq!(target, $expected, "-= in layout {:?}", $layout);
        assert_gaps_untouched(target, POISON);
    };
}

macro_rules! tests {
    ($($heading:ident { $($name:ident $subscripts:tt $($operand:ident $shape:tt)*;)* })*) => {
        $(mod $heading {
            use super::*;
            $(#[test]
            fn $name() {
                let mut index = 0..;
                $(let $operand = numbers::<i64, _>($shape, index.next().unwrap());)*
                let expected = oracle($subscripts, &[$($operand.view().into_dyn()),*]);
                for layout in Layout::ALL {
                    $(let $operand = layout.arrange(&$operand, POISON);)*
                    in_place_forms_agree!(layout, expected, $subscripts $(, $operand)*);
                    $(let $operand = $operand.into_dyn();)*
                    owned_forms_agree!(i64, layout, expected, $subscripts $(, $operand)*);
                }
                let mut index = 0..;
                $(let $operand = numbers::<f32, _>($shape, index.next().unwrap());)*
                let expected = expected.mapv(|value| value as f32);
                for layout in Layout::ALL {
                    $(let $operand = layout.arrange(&$operand, f32::NAN);)*
                    owned_forms_agree!(f32, layout, expected, $subscripts $(, $operand)*);
                }
            })*
        })*
    };
}

for_each_case!(tests);

macro_rules! high_rank_tests {
    ($($heading:ident { $($name:ident $subscripts:tt $($operand:ident $shape:tt)*;)* })*) => {
        $(mod $heading {
            use super::*;
            $(#[test]
            fn $name() {
                let mut index = 0..;
                $(let $operand = numbers::<i64, _>(&$shape[..], index.next().unwrap());)*
                let expected = oracle($subscripts, &[$($operand.view()),*]);
                for layout in Layout::ALL {
                    $(let $operand = layout.arrange(&$operand, POISON);)*
                    in_place_forms_agree!(layout, expected, $subscripts $(, $operand)*);
                    owned_forms_agree!(i64, layout, expected, $subscripts $(, $operand)*);
                }
            })*
        })*
    };
}

for_each_high_rank_case!(high_rank_tests);
