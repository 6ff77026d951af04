//! The oracle that judges the library is judged first: by answers worked out by hand, and by numpy's.

mod support;

use ndarray::{Array, Array3, ArrayD, Axis, Dimension, IxDyn, arr0, array};
use support::conformance::{cases, check_case};
use support::corpus::{for_each_case, for_each_high_rank_case};
use support::layouts::{Layout, assert_gaps_untouched, in_layouts, numbers, repeated};
use support::oracle::{IntoDyn, oracle, try_oracle};

const POISON: i64 = 1_000_003;

fn assert_gives<D: Dimension>(subscripts: &str, operands: &[&ArrayD<i64>], expected: Array<i64, D>) {
    let views: Vec<_> = operands.iter().map(|operand| operand.view()).collect();
    assert_eq!(oracle(subscripts, &views), expected.into_dyn(), "{subscripts}");
}

#[test]
fn products() {
    let (a, v) = (array![[1, 2], [3, 4]].into_dyn(), array![5, 6].into_dyn());
    assert_gives("ij,jk->ik", &[&a, &a], array![[7, 10], [15, 22]]);
    assert_gives("ij,kj->ik", &[&a, &a], array![[5, 11], [11, 25]]);
    assert_gives("ij,j->i", &[&a, &v], array![17, 39]);
    assert_gives("i,i->", &[&v, &v], arr0(61));
    assert_gives("i,j->ij", &[&v, &v], array![[25, 30], [30, 36]]);
    assert_gives("i,ij,j->", &[&v, &a, &v], arr0(25 + 2 * 30 + 3 * 30 + 4 * 36));
}

#[test]
fn one_operand() {
    let a = array![[1, 2], [3, 4]].into_dyn();
    assert_gives("ij->ji", &[&a], array![[1, 3], [2, 4]]);
    assert_gives("ii->i", &[&a], array![1, 4]);
    assert_gives("ii->", &[&a], arr0(5));
    assert_gives("ij->", &[&a], arr0(10));
    assert_gives("ij->i", &[&a], array![3, 7]);
    assert_gives("ij->j", &[&a], array![4, 6]);
}

#[test]
fn diagonals_of_rank_3() {
    let a = array![[[1, 2], [3, 4]], [[5, 6], [7, 8]]].into_dyn();
    assert_gives("iij->ij", &[&a], array![[1, 2], [7, 8]]);
    assert_gives("iij->ji", &[&a], array![[1, 7], [2, 8]]);
    assert_gives("iij", &[&a], array![8, 10]);
    assert_gives("iii->i", &[&a], array![1, 8]);
}

#[test]
fn lone_labels_are_summed() {
    let (a, v) = (array![[1, 2, 3], [4, 5, 6]].into_dyn(), array![1, 2].into_dyn());
    assert_gives("i,jk->i", &[&v, &a], array![21, 42]);
    assert_gives("ij,k->j", &[&a, &v], array![15, 21, 27]);
}

#[test]
fn implicit_outputs() {
    let a = array![[1, 2, 3], [4, 5, 6]].into_dyn();
    assert_gives("ba", &[&a], array![[1, 4], [2, 5], [3, 6]]);
    assert_gives("Ba", &[&a], array![[1, 2, 3], [4, 5, 6]]);
    assert_gives(" b A ", &[&a], array![[1, 4], [2, 5], [3, 6]]);
    assert_gives("ij,ij", &[&a, &a], arr0(91));
    assert_gives("jb,ja", &[&a, &a], array![[17, 22, 27], [22, 29, 36], [27, 36, 45]]);
}

#[test]
fn scalars() {
    let (two, three, v) = (arr0(2).into_dyn(), arr0(3).into_dyn(), array![1, 2].into_dyn());
    assert_gives("->", &[&two], arr0(2));
    assert_gives(",", &[&two, &three], arr0(6));
    assert_gives(",i->i", &[&three, &v], array![3, 6]);
}

#[test]
fn empty_sums_are_zero() {
    let empty = ArrayD::zeros(vec![2, 0]);
    assert_gives("ij->i", &[&empty], array![0, 0]);
    assert_gives("ij->ji", &[&empty], Array::zeros([0, 2]));
}

#[test]
fn an_extent_of_1_is_stretched() {
    let (a, b) = (array![[1, 2, 3], [4, 5, 6]].into_dyn(), array![[10], [20]].into_dyn());
    assert_gives("ij,ij->ij", &[&a, &b], array![[10, 20, 30], [80, 100, 120]]);
    assert_gives("ij,ij->i", &[&b, &a], array![60, 300]);
    assert_gives("ij,jk->ik", &[&b, &array![[1, 2], [3, 4]].into_dyn()], array![[40, 60], [80, 120]]);
}

#[test]
fn an_ellipsis_is_aligned_at_its_last_axis() {
    let (a, v) = (array![[1, 2, 3], [4, 5, 6]].into_dyn(), array![10, 20].into_dyn());
    assert_gives("...", &[&a], a.clone());
    assert_gives("i...->...i", &[&a], array![[1, 4], [2, 5], [3, 6]]);
    assert_gives("...i->...", &[&a], array![6, 15]);
    assert_gives("j...,...", &[&a, &array![1, 2, 3].into_dyn()], array![[1, 4], [4, 10], [9, 18]]);
    assert_gives("...j,...->...j", &[&a, &v], array![[10, 20, 30], [80, 100, 120]]);
    assert_gives("...,i->i...", &[&arr0(2).into_dyn(), &v], array![20, 40]);
}

#[test]
fn calls_that_are_none_are_refused() {
    let (a, v) = (numbers(IxDyn(&[2, 3]), 0), numbers(IxDyn(&[4]), 1));
    let one = |text| try_oracle::<i64>(text, &[a.view()]);
    for text in
        ["ii", "i", "ijk", "ij,", "ij->k", "ij->ii", "ij->i->j", "i.j", "i-j", "ij->.", "...i...", "...i->i"]
    {
        assert!(one(text).is_err(), "{text}");
    }
    for text in ["ij", "i j -> ", "...", "ij...->...", "ij->...i"] {
        assert!(one(text).is_ok(), "{text}");
    }
    assert!(try_oracle("ij,j->i", &[a.view(), v.view()]).is_err());
    assert!(try_oracle("...,...", &[a.view(), v.view()]).is_err());
}

#[test]
fn numpy_agrees() {
    for case in cases() {
        check_case(case, |operands| {
            let views: Vec<_> = operands.iter().map(|operand| operand.view()).collect();
            oracle(case.subscripts, &views)
        });
    }
}

/// Every case is well formed, and no layout of its operands changes what it gives.
macro_rules! layouts_agree {
    ($($heading:ident { $($name:ident $subscripts:tt $($operand:ident $shape:tt)*;)* })*) => {
        $(mod $heading {
            use super::*;

            $(#[test]
            fn $name() {
                let mut index = 0..;
                $(let $operand = numbers(IxDyn(&$shape), index.next().unwrap());)*
                let expected = oracle($subscripts, &[$($operand.view().into_dyn()),*]);
                for layout in Layout::ALL {
                    $(let $operand = layout.arrange(&$operand, POISON);)*
                    let result = oracle($subscripts, &[$($operand.view().into_dyn()),*]);
                    assert_eq!(result, expected, "{} in layout {layout:?}", $subscripts);
                }
            })*
        })*
    };
}
for_each_case!(layouts_agree);
for_each_high_rank_case!(layouts_agree);

#[test]
fn layouts_are_what_they_are_called() {
    let strides = |layout: Layout| layout.arrange(&Array3::zeros([2, 3, 4]), POISON).strides().to_vec();
    assert_eq!(strides(Layout::C), [12, 4, 1]);
    assert_eq!(strides(Layout::F), [1, 2, 6]);
    assert_eq!(strides(Layout::Permuted), [1, 8, 2]);
    assert_eq!(strides(Layout::Reversed), [-12, -4, -1]);
    assert_eq!(strides(Layout::Stepped), [3 * 8 * 14, 2 * 14, 3]);
    assert_eq!(strides(Layout::Inner), [5 * 6, 6, 1]);
}

#[test]
fn layouts_hold_the_same_values() {
    let a = numbers([2, 3, 4], 0);
    in_layouts(&a, POISON, |layout, view| assert_eq!(view, a, "in layout {layout:?}"));
    Layout::ALL.into_iter().for_each(|layout| assert_gaps_untouched(layout.arrange(&a, POISON), POISON));
}

#[test]
#[should_panic(expected = "elements of the gaps")]
fn gaps_that_changed_are_noticed() {
    assert_gaps_untouched(Layout::Stepped.arrange(&numbers::<i64, _>([2, 3], 0), 0), POISON);
}

#[test]
fn repeated_axes_have_stride_0() {
    let a = array![[1, 2], [3, 4]];
    assert_eq!(repeated(&a, Axis(0)), array![[1, 2], [1, 2]]);
    assert_eq!(repeated(&a, Axis(1)), array![[1, 1], [3, 3]]);
    assert_eq!(repeated(&a, Axis(1)).strides(), [2, 0]);
}

#[test]
fn numbers_follow_the_formula() {
    assert_eq!(numbers::<i64, _>([2, 3], 0), array![[2, 0, -2], [-4, 5, 3]]);
    assert_eq!(numbers::<f32, _>([2], 1), array![-3., -5.]);
}

#[test]
fn scalars_become_arrays_of_rank_0() {
    let scalar: ArrayD<i64> = IntoDyn::into_dyn(5);
    assert_eq!(scalar, arr0(5).into_dyn());
    let vector: ArrayD<i64> = IntoDyn::into_dyn(array![5]);
    assert_eq!(vector, array![5].into_dyn());
}
