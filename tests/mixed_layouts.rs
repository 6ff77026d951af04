//! Operands and targets that lie in memory in different ways, each against the oracle: loops are chosen, and
//! exchanged, by the strides of all arrays of a call together.

mod support;

use einsum::einsum;
use einsum::ndarray::{ArrayD, IxDyn};
use support::layouts::{Layout, assert_gaps_untouched, numbers};
use support::oracle::{IntoDyn as _, oracle};

const POISON: i64 = 1 << 40;

/// Every layout for each operand, combined with every layout of the others.
fn combinations(operands: &[ArrayD<i64>]) -> Vec<(Vec<Layout>, Vec<ArrayD<i64>>)> {
    let mut combinations = vec![(vec![], vec![])];
    for operand in operands {
        let longer = combinations.iter().flat_map(|(layouts, arrays)| {
            Layout::ALL.map(|layout| {
                let arranged = layout.arrange(operand, POISON);
                ([&layouts[..], &[layout]].concat(), [&arrays[..], &[arranged]].concat())
            })
        });
        combinations = longer.collect();
    }
    combinations
}

macro_rules! tests {
    ($($name:ident $subscripts:literal $($operand:ident $shape:tt)*;)*) => {
        $(#[test]
        fn $name() {
            let mut index = 0..;
            let operands = [$(numbers(IxDyn(&$shape), index.next().unwrap())),*];
            let expected = oracle($subscripts, &operands.each_ref().map(|operand| operand.view()));
            let mut targets = Layout::ALL.into_iter().cycle();
            for (layouts, operands) in combinations(&operands) {
                let [$($operand),*] = operands.try_into().unwrap();
                let result: ArrayD<i64> = einsum!($subscripts $(, $operand)*).into_dyn();
                assert_eq!(result, expected, "{layouts:?}");
                let target = targets.next().unwrap();
                let mut c = target.arrange(&ArrayD::from_elem(expected.raw_dim(), 77), POISON);
                einsum!(c = $subscripts $(, $operand)*);
                einsum!(c += $subscripts $(, $operand)*);
                assert_eq!(c, &expected * 2, "{layouts:?} in place in {target:?}");
                assert_gaps_untouched(c, POISON);
            }
        })*
    };
}

tests! {
    transpose "ij->ji" a[5, 17];
    copy "ij->ij" a[17, 5];
    rank_3 "ijk->kij" a[5, 3, 18];
    sum_of_the_first "ijk->jk" a[3, 4, 17];
    sum_of_the_last "ijk->ij" a[17, 4, 3];
    diagonal "iij->ij" a[5, 5, 17];
    diagonal_transposed "iij->ji" a[17, 17, 5];
    elementwise "ij,ij->ij" a[17, 5] b[17, 5];
    elementwise_transposed "ij,ji->ij" a[5, 18] b[18, 5];
    outer "i,j->ij" a[17] b[6];
    outer_in_between "ac,b->abc" a[3, 17] b[5];
    dot "ij,ij->" a[5, 17] b[5, 17];
    row_sums "ij,ij->i" a[18, 5] b[18, 5];
    scaled "ij,j->ij" a[5, 17] b[17];
    matmul "ij,jk->ik" a[5, 4] b[4, 17];
    matmul_transposed "ij,jk->ki" a[17, 4] b[4, 5];
    matmul_of_narrow "ij,kj->ik" a[3, 17] b[2, 17];
    batched "bij,bjk->bik" a[2, 3, 4] b[2, 4, 17];
    over_two_labels "ijk,jkl->il" a[2, 5, 3] b[5, 3, 16];
    windows "xyij,ij->xy" a[3, 17, 2, 3] b[2, 3];
    kernel_gradient "xyij,xy->ij" a[4, 5, 2, 3] b[4, 5];
    kept_sum "ij,jk->i" a[5, 4] b[4, 17];
    chain "ij,jk,kl->il" a[2, 3] b[3, 4] c[4, 17];
    bilinear "i,ij,j->" a[5] b[5, 17] c[17];
}

#[test]
fn the_layouts_differ() {
    let array = numbers::<i64, _>(IxDyn(&[3, 4]), 0);
    let strides = combinations(&[array]).into_iter().map(|(_, arrays)| arrays[0].strides().to_vec());
    let mut distinct: Vec<_> = strides.collect();
    distinct.sort();
    distinct.dedup();
    assert!(distinct.len() >= 5);
}
