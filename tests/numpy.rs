//! Calls that numpy accepts, with numpy's answers, through `einsum!` on operands of dynamic rank.

mod support;

use einsum::einsum;
use einsum::ndarray::ArrayD;
use support::conformance::{Case, check_case};
use support::numpy::for_each_numpy_case;
use support::oracle::IntoDyn as _;

macro_rules! tests {
    ($($name:ident $subscripts:tt $($operand:ident $shape:tt)* = $out_shape:tt $sum:literal $wsum:literal;)*) => {
        $(#[test]
        fn $name() {
            let case =
                Case { subscripts: $subscripts, shapes: &[$(&$shape),*], out_shape: &$out_shape, sum: $sum, wsum: $wsum };
            check_case(&case, |operands| {
                let mut operands = operands.iter();
                $(let $operand = operands.next().unwrap();)*
                let result: ArrayD<i64> = einsum!($subscripts $(, $operand)*).into_dyn();
                result
            });
        })*
    };
}

for_each_numpy_case!(tests);
