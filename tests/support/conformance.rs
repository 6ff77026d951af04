//! Equations with the answers of numpy, and affine ones with those of plain loops, as check sums.

use super::affine_cases::for_each_affine_case;
use super::layouts::numbers;
use super::numpy::{for_each_high_rank_numpy_case, for_each_numpy_case};
use ndarray::ArrayD;
use std::iter::zip;

/// One equation, the shapes of its operands, which hold [`numbers`], and the answer to it.
pub struct Case {
    pub subscripts: &'static str,
    pub shapes: &'static [&'static [usize]],
    pub out_shape: &'static [usize],
    /// The sum of the result.
    pub sum: i64,
    /// The sum of the result's elements in C order times the weights 1, 2, ..., 97, 1, 2, ...
    pub wsum: i64,
}

macro_rules! cases {
    ($($name:ident $subscripts:tt $($operand:ident $shape:tt)* = $out_shape:tt $sum:literal $wsum:literal;)*) => {
        &[$(Case {
            subscripts: $subscripts,
            shapes: &[$(&$shape),*],
            out_shape: &$out_shape,
            sum: $sum,
            wsum: $wsum,
        }),*]
    };
}

const CASES: &[Case] = for_each_numpy_case!(cases);
const HIGH_RANK_CASES: &[Case] = for_each_high_rank_numpy_case!(cases);

/// The cases with affine indices.
pub const AFFINE_CASES: &[Case] = for_each_affine_case!(cases);

/// All cases of numpy, for implementations that read the subscripts at run time.
pub fn cases() -> impl Iterator<Item = &'static Case> {
    CASES.iter().chain(HIGH_RANK_CASES)
}

/// Calls `run` with the operands of a case and compares its result with the answer.
pub fn check_case(case: &Case, run: impl FnOnce(&[ArrayD<i64>]) -> ArrayD<i64>) {
    let Case { subscripts, shapes, .. } = case;
    let operands: Vec<_> = zip(0.., *shapes).map(|(index, &shape)| numbers(shape, index)).collect();
    let result = run(&operands);
    let wsum: i64 = zip(&result, (1..=97).cycle()).map(|(value, weight)| value * weight).sum();
    assert_eq!(result.shape(), case.out_shape, "the shape of {subscripts:?} for {shapes:?}");
    assert_eq!(result.sum(), case.sum, "the sum of {subscripts:?} for {shapes:?}");
    assert_eq!(wsum, case.wsum, "the weighted sum of {subscripts:?} for {shapes:?}");
}
