//! What indices in the output are good for.

use super::*;

/// What a call without affine output leaves at each position, by the pairs of a position and a value.
fn scattered(extent: usize, pairs: impl IntoIterator<Item = (usize, i64)>) -> Array1<i64> {
    let mut sums = Array1::zeros(extent);
    pairs.into_iter().for_each(|(at, value)| sums[at] += value);
    sums
}

#[test]
fn sums_along_diagonals() {
    let a: Array2<i64> = numbers([3, 4], 0);
    let pairs = || a.indexed_iter().map(|((i, j), &value)| (i, j, value));
    assert_gives!("ij->(i+j)", a => scattered(6, pairs().map(|(i, j, value)| (i + j, value))));
    assert_gives!("ij->(i-j+3)", a => scattered(6, pairs().map(|(i, j, value)| (i + 3 - j, value))));
    assert_gives!("ij->(2j+3i+1)", a => scattered(14, pairs().map(|(i, j, value)| (2 * j + 3 * i + 1, value))));
    // Written at every position but the first and the last.
    let inside = pairs().filter_map(|(i, j, value)| Some(((i + j).checked_sub(1)?, value)));
    assert_gives!("ij->(i+j-1)", a => scattered(4, inside.filter(|&(at, _)| at < 4)));
}

#[test]
fn products_of_polynomials() {
    let (a, b, c) = (array![1, 2, 3], array![4, -5], array![2, 1]);
    assert_gives!("i,j->(i+j)", a, b => array![4, 3, 2, -15]);
    assert_gives!("i,j,k->(i+j+k)", a, b, c => array![8, 10, 7, -28, -15]);
}

#[test]
fn overlapping_windows_are_added() {
    let windows: Array2<i64> = numbers([4, 3], 0);
    let pairs = || windows.indexed_iter();
    assert_gives!("xi->(x+i)", windows => scattered(6, pairs().map(|((x, i), &value)| (x + i, value))));
    assert_gives!("xi->(2x+i)", windows => scattered(9, pairs().map(|((x, i), &value)| (2 * x + i, value))));
    assert_gives!("xi->(3x+i)", windows => scattered(12, pairs().map(|((x, i), &value)| (3 * x + i, value))));
    // A gap between the windows: nothing is written there.
    assert_gives!("xi->(4x+i)", windows => scattered(15, pairs().map(|((x, i), &value)| (4 * x + i, value))));
}

#[test]
fn one_label_in_the_output() {
    let a = array![1, 2, 3];
    assert_gives!("x->(x)", a => a);
    assert_gives!("x->(2x)", a => array![1, 0, 2, 0, 3]);
    assert_gives!("x->(x+2)", a => array![0, 0, 1, 2, 3]);
    assert_gives!("x->(4-x)", a => array![0, 0, 3, 2, 1]);
    assert_gives!("x->(x-1)", a => array![2]);
    assert_gives!("x,y->(2y)(2x+1)", a, a => array![
        [0, 1, 0, 2, 0, 3], [0, 0, 0, 0, 0, 0], [0, 2, 0, 4, 0, 6], [0, 0, 0, 0, 0, 0], [0, 3, 0, 6, 0, 9],
    ]);
}

#[test]
fn targets_longer_than_what_is_written() {
    let (a, w) = (array![1, 2, 3], array![10, 100]);
    assert_writes!("x,i->(2x+i)", a, w => array![10, 100, 20, 200, 30, 300]);
    assert_writes!("x,i->(2x+i)", a, w => array![10, 100, 20, 200, 30, 300, 0]);
    assert_writes!("x,i->(2x+i-1)", a, w => array![100, 20, 200, 30]);
    // What fell into the padding at the end is inside now.
    assert_writes!("x,i->(2x+i-1)", a, w => array![100, 20, 200, 30, 300]);
    assert_writes!("x->(3x)", a => array![1, 0, 0, 2, 0, 0, 3, 0, 0]);
    let row = array![[1, 2, 3]];
    let both = array![[1, 0, 2, 0, 3, 0], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]];
    assert_writes!("yx->(3y)(2x)", row => both);
}

#[test]
fn indices_on_both_sides() {
    let (a, w): (Array1<i64>, Array1<i64>) = (numbers([9], 0), numbers([3], 1));
    let correlation = Array::from_shape_fn(4, |x| sum(3, |i| a[2 * x + i] * w[i]));
    let spread = scattered(7, correlation.iter().enumerate().map(|(x, &value)| (2 * x, value)));
    assert_gives!("(2x+i),i->(2x)", a, w => spread);
    let again = (0..4).flat_map(|x| (0..3).map(move |i| (x, i)));
    let again = scattered(9, again.map(|(x, i)| (2 * x + i, a[2 * x + i] * w[i])));
    assert_gives!("(2x+i),i->(2x+i)", a, w => again);
}
