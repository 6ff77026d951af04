//! Which label a step is cut along, and how thin.

use super::*;

/// The loops over blocks, from the outermost on: labels and how much of each is done at a time.
fn cuts(
    leaves: &[&[usize]],
    output: &[usize],
    pairs: &[[usize; 2]],
    extents: &[usize],
) -> Vec<(usize, usize)> {
    let leaves = leaves.iter().map(|labels| labels.to_vec()).collect();
    let tree = Tree::new(leaves, output, pairs, extents);
    let mut ops = &Program::new(&tree, extents, Limits::of(8)).ops;
    let mut cuts = Vec::new();
    while let Some(Op::Blocks(blocks)) = ops.iter().find(|op| matches!(op, Op::Blocks(_))) {
        cuts.push((blocks.label, blocks.len));
        ops = &blocks.ops;
    }
    cuts
}

const I: usize = 0;
const J: usize = 1;
const K: usize = 2;
const R: usize = 3;

/// `ijk,ir,kr->jr`, where the product of the two factors is made for the tensor.
fn middle_mode(extents: &[usize]) -> Vec<(usize, usize)> {
    cuts(&[&[I, J, K], &[I, R], &[K, R]], &[J, R], &[[1, 2], [0, 3]], extents)
}

#[test]
fn blocks_are_along_the_longest_stride() {
    assert_eq!(middle_mode(&[512, 256, 64, 16]), [(I, 32)]);
}

#[test]
fn blocks_are_thin_where_the_sums_are_many_all_the_same() {
    // 32768 elements of 256 KiB, for 192 * 32 of each `i`.
    assert_eq!(middle_mode(&[192, 192, 192, 32]), [(I, 5)]);
}

#[test]
fn blocks_that_would_leave_short_stretches_are_not_made() {
    let last_mode =
        |r| cuts(&[&[J, K, I], &[I, R], &[K, R]], &[J, R], &[[1, 2], [0, 3]], &[192, 192, 192, r]);
    // Of the tensor, a block of 5 `k` is 7680 bytes at a time, one of 5 `i` would be 40.
    assert_eq!(last_mode(32), [(K, 5)]);
    // A block of 1 `k` would be 1536 bytes at a time.
    assert_eq!(last_mode(128), []);
}

#[test]
fn thick_blocks_are_better_than_thin_ones() {
    // The last product of a Tucker form, whose output a block along its sums reads and writes again.
    let [a, b, c, i] = [0, 1, 2, 3];
    let leaves: [&[usize]; 3] = [&[i, 4], &[4, b, c], &[i, a]];
    assert_eq!(cuts(&leaves, &[a, b, c], &[[0, 1], [3, 2]], &[8, 36, 36, 140, 8]), [(i, 16)]);
}

#[test]
fn small_intermediates_are_whole() {
    assert_eq!(middle_mode(&[40, 40, 40, 32]), []);
}
