//! Calls that numpy accepts, with numpy's answers, through `einsum!` on operands of static and of dynamic rank.

mod support;

use einsum::einsum;
use einsum::ndarray::{ArrayD, IxDyn};
use support::conformance::{Case, check_case};
use support::layouts::numbers;
use support::numpy::{for_each_high_rank_numpy_case, for_each_numpy_case};
use support::oracle::IntoDyn as _;

macro_rules! case {
    ($subscripts:tt [$($shape:tt)*] = $out_shape:tt $sum:literal $wsum:literal) => {
        Case { subscripts: $subscripts, shapes: &[$(&$shape),*], out_shape: &$out_shape, sum: $sum, wsum: $wsum }
    };
}

macro_rules! tests {
    ($($name:ident $subscripts:tt $($operand:ident $shape:tt)* = $out_shape:tt $sum:literal $wsum:literal;)*) => {
        $(#[test]
        fn $name() {
            let mut index = 0..;
            $(let $operand = numbers::<i64, _>($shape, index.next().unwrap());)*
            let fixed: ArrayD<i64> = einsum!($subscripts $(, $operand)*).into_dyn();
            let case = case!($subscripts [$($shape)*] = $out_shape $sum $wsum);
            check_case(&case, |_| fixed.clone());
            $(let $operand = $operand.into_dyn();)*
            let dynamic: ArrayD<i64> = einsum!($subscripts $(, $operand)*).into_dyn();
            assert_eq!(dynamic, fixed);
        })*
    };
}

for_each_numpy_case!(tests);

macro_rules! high_rank_tests {
    ($($name:ident $subscripts:tt $($operand:ident $shape:tt)* = $out_shape:tt $sum:literal $wsum:literal;)*) => {
        $(#[test]
        fn $name() {
            let mut index = 0..;
            $(let $operand = numbers::<i64, _>(IxDyn(&$shape), index.next().unwrap());)*
            let case = case!($subscripts [$($shape)*] = $out_shape $sum $wsum);
            check_case(&case, |_| einsum!($subscripts $(, $operand)*).into_dyn());
        })*
    };
}

for_each_high_rank_numpy_case!(high_rank_tests);
