//! What indices in operands are good for.

use super::*;

#[test]
fn windows() {
    let a = vector(9);
    assert_gives!("(x+i)->xi", a; i = 3 => Array::from_shape_fn((7, 3), |(x, i)| a[x + i]));
    assert_gives!("(x+i)->xi", a; x = 3 => Array::from_shape_fn((3, 7), |(x, i)| a[x + i]));
    assert_gives!("(x+i)->ix", a; i = 2, x = 4 => Array::from_shape_fn((2, 4), |(i, x)| a[x + i]));
    assert_gives!("(x+i)", a; i = 3 => Array::from_shape_fn((3, 7), |(i, x)| a[x + i]));
    assert_gives!("(2x+3i)->xi", a; i = 2 => Array::from_shape_fn((3, 2), |(x, i)| a[2 * x + 3 * i]));
    assert_gives!("(2x+i)->x", a; i = 2 => Array::from_shape_fn(4, |x| a[2 * x] + a[2 * x + 1]));
    let b: Array2<i64> = numbers([5, 6], 1);
    let windows = Array::from_shape_fn((4, 4, 2, 3), |(x, y, i, j)| b[[x + i, y + j]]);
    assert_gives!("(x+i)(y+j)->xyij", b; i = 2, j = 3 => windows);
}

#[test]
fn extents_are_given_by_any_expression() {
    let (a, w) = (vector(6), vector(3));
    let i = 3;
    let expected = Array::from_shape_fn((4, 3), |(x, i)| a[x + i]).into_dyn();
    assert_eq!(einsum!("(x+i)->xi", a; i = i).into_dyn(), expected);
    assert_eq!(einsum!("(x+i)->xi", a; i = w.len()).into_dyn(), expected);
    assert_eq!(einsum!("(x+i)->xi", a; i = { let i = 2; i + 1 }, x = 7 - w.len()).into_dyn(), expected);
    assert_eq!(einsum!("(x+ж)->xж", a; ж = 3).into_dyn(), expected);
    let mut target = Array2::zeros((4, 3));
    einsum!(target = "(x+i)->xi", a; i = w.len());
    assert_eq!(target.into_dyn(), expected);
}

#[test]
fn extents_of_labels_alone_are_checked_and_stretched() {
    let (a, one) = (vector(4), vector(1));
    assert_gives!("i->i", a; i = 4 => a);
    assert_gives!("i->i", one; i = 3 => Array::from_elem(3, one[0]));
    assert_gives!("i,(x+i)->x", one, a; i = 2 => Array::from_shape_fn(3, |x| one[0] * (a[x] + a[x + 1])));
}

#[test]
fn targets_say_how_large_their_labels_are() {
    let (a, w) = (vector(9), vector(3));
    for extents in [(7, 3), (3, 7), (2, 2), (9, 1), (0, 4)] {
        assert_writes!("(x+i)->xi", a => Array::from_shape_fn(extents, |(x, i)| a[x + i]));
    }
    for extent in 0..=7 {
        let correlation = Array::from_shape_fn(extent, |x| sum(3, |i| a[x + i] * w[i]));
        assert_writes!("(x+i),i->x", a, w => correlation);
    }
}

#[test]
fn one_label() {
    let a = vector(7);
    assert_gives!("(x)->x", a => a);
    assert_gives!("(2x)->x", a => Array::from_shape_fn(4, |x| a[2 * x]));
    assert_gives!("(2x+1)->x", a => Array::from_shape_fn(3, |x| a[2 * x + 1]));
    assert_gives!("(x+2)->x", a => Array::from_shape_fn(5, |x| a[x + 2]));
    assert_gives!("(6-x)->x", a => Array::from_shape_fn(7, |x| a[6 - x]));
    assert_gives!("(-2x+5)->x", a => Array::from_shape_fn(3, |x| a[5 - 2 * x]));
    assert_gives!("(x-2)->x", a => Array::from_shape_fn(11, |x| padded(&a, x, 2)));
    assert_gives!("(x+1),(x)->x", a, a; x = 6 => Array::from_shape_fn(6, |x| a[x + 1] * a[x]));
    assert_gives!("(2x)->", a => arr0(sum(4, |x| a[2 * x])));
}

/// The value at `place` behind the beginning of the padding.
fn padded(a: &Array1<i64>, place: usize, padding: usize) -> i64 {
    place.checked_sub(padding).and_then(|place| a.get(place)).copied().unwrap_or(0)
}

#[test]
fn depthwise_convolution() {
    let (a, w): (Array4<i64>, Array3<i64>) = (numbers([2, 5, 6, 3], 0), numbers([3, 3, 3], 1));
    let pixel =
        |n, h: usize, w: usize, c| a.get([n, h.wrapping_sub(1), w.wrapping_sub(1), c]).copied().unwrap_or(0);
    let expected = Array::from_shape_fn((2, 5, 6, 3), |(n, x, y, c)| {
        sum(3, |i| sum(3, |j| pixel(n, x + i, y + j, c) * w[[i, j, c]]))
    });
    assert_gives!("n(x+i-1)(y+j-1)c,ijc->nxyc", a, w => expected);
}

#[test]
fn grouped_convolution() {
    let (a, w): (Array4<i64>, Array4<i64>) = (numbers([2, 2, 3, 9], 0), numbers([2, 4, 3, 2], 1));
    let expected = Array::from_shape_fn((2, 2, 4, 4), |(n, g, o, x)| {
        sum(3, |c| sum(2, |i| a[[n, g, c, 2 * x + i]] * w[[g, o, c, i]]))
    });
    assert_gives!("ngc(2x+i),goci->ngox", a, w => expected);
}

#[test]
fn separable_convolution() {
    let (a, v, w): (Array2<i64>, Array1<i64>, Array1<i64>) =
        (numbers([6, 7], 0), numbers([2], 1), numbers([3], 2));
    let expected =
        Array::from_shape_fn((5, 5), |(x, y)| sum(2, |i| sum(3, |j| a[[x + i, y + j]] * v[i] * w[j])));
    assert_gives!("(x+i)(y+j),i,j->xy", a, v, w => expected);
    assert_gives!("i,(x+i)(y+j),j->xy", v, a, w => expected);
}

#[test]
fn pooling() {
    let a: Array3<i64> = numbers([6, 7, 2], 0);
    let expected =
        Array::from_shape_fn((3, 3, 2), |(x, y, c)| sum(2, |i| sum(2, |j| a[[2 * x + i, 2 * y + j, c]])));
    assert_gives!("(2x+i)(2y+j)c->xyc", a; i = 2, j = 2 => expected);
}

#[test]
fn reversed_kernels() {
    let (a, w): (Array1<i64>, Array1<i64>) = (numbers([8], 0), numbers([3], 1));
    assert_gives!("(x-i+2),i->x", a, w => Array::from_shape_fn(6, |x| sum(3, |i| a[x + 2 - i] * w[i])));
    assert_gives!("(2x-i+2),i->x", a, w => Array::from_shape_fn(3, |x| sum(3, |i| a[2 * x + 2 - i] * w[i])));
    assert_gives!("(x-2i+4),i->x", a, w => Array::from_shape_fn(4, |x| sum(3, |i| a[x + 4 - 2 * i] * w[i])));
    // Below the axis for some i: there is no padding.
    assert_gives!("(x-i+1),i->x", a, w => Array1::zeros(0));
    let one: Array1<i64> = numbers([1], 2);
    assert_gives!("(x-i-1),i->x", a, one => Array1::zeros(0));
    assert_gives!("(x-i+7),x->i", a, one => Array::from_shape_fn(8, |i| a[7 - i] * one[0]));
}

#[test]
fn products_of_structured_matrices() {
    let (a, v): (Array1<i64>, Array1<i64>) = (numbers([7], 0), numbers([4], 1));
    let toeplitz = Array::from_shape_fn(4, |i| sum(4, |j| a[i + 3 - j] * v[j]));
    assert_gives!("(i-j+3),j->i", a, v => toeplitz);
    let hankel = Array::from_shape_fn(4, |i| sum(4, |j| a[i + j] * v[j]));
    assert_gives!("(i+j),j->i", a, v => hankel);
    // A band of 3 diagonals, by rows.
    let band: Array2<i64> = numbers([4, 3], 2);
    let banded = Array::from_shape_fn(4, |i| sum(3, |k| band[[i, k]] * padded(&v, i + k, 1)));
    assert_gives!("ik,(i+k-1)->i", band, v => banded);
    let of_toeplitz = Array::from_shape_fn((4, 4), |(i, j)| a[i + 3 - j]);
    assert_gives!("(i-j+3)->ij", a; i = 4, j = 4 => of_toeplitz);
}

#[test]
fn labels_in_two_indices() {
    let (a, w): (Array2<i64>, Array1<i64>) = (numbers([6, 7], 0), numbers([3], 1));
    // By the first index x is 4, by the second 3: one must be told.
    let diagonal = Array::from_shape_fn(3, |x| sum(3, |i| a[[x + i, x + 2 * i]] * w[i]));
    assert_gives!("(x+i)(x+2i),i->x", a, w; x = 3 => diagonal);
    let outer = |extents| Array::from_shape_fn(extents, |(x, j)| sum(3, |i| a[[x + i, x + j]] * w[i]));
    assert_gives!("(x+i)(x+j),i->xj", a, w => outer((4, 4)));
    assert_gives!("(x+i)(x+j),i->xj", a, w; x = 4, j = 3 => outer((4, 3)));
    let v: Array1<i64> = numbers([2], 1);
    let beside = Array::from_shape_fn(6, |x| sum(2, |i| a[[x, x + i]] * v[i]));
    assert_gives!("x(x+i),i->x", a, v => beside);
}

#[test]
fn extents_follow_from_one_another() {
    let (a, b, w): (Array1<i64>, Array1<i64>, Array1<i64>) =
        (numbers([6], 0), numbers([5], 1), numbers([3], 2));
    // i by the kernel, x by the first index, j by the second.
    let expected = Array::from_shape_fn(2, |j| sum(4, |x| b[x + j] * sum(3, |i| a[x + i] * w[i])));
    assert_gives!("(x+i),(x+j),i->j", a, b, w => expected);
    assert_gives!("(j+x),(i+x),i->j", b, a, w => expected);
}

#[test]
fn differences_by_shifts() {
    let a: Array2<i64> = numbers([3, 6], 0);
    let mut difference = Array2::zeros((3, 5));
    einsum!(difference = "r(x+1)->rx", a);
    einsum!(difference -= "r(x)->rx", a);
    assert_eq!(difference, Array::from_shape_fn((3, 5), |(r, x)| a[[r, x + 1]] - a[[r, x]]));
}

#[test]
fn an_ellipsis_beside() {
    let (a, w): (Array4<i64>, Array1<i64>) = (numbers([2, 3, 2, 8], 0), numbers([3], 1));
    let expected = Array::from_shape_fn((2, 3, 2, 6), |(k, l, m, x)| sum(3, |i| a[[k, l, m, x + i]] * w[i]));
    assert_gives!("...(x+i),i->...x", a, w => expected);
    assert_gives!("...(x+i),i", a, w => expected);
    let row: Array1<i64> = numbers([8], 0);
    assert_gives!("...(x+i),i->x...", row, w => Array::from_shape_fn(6, |x| sum(3, |i| row[x + i] * w[i])));
    let kernels: Array3<i64> = numbers([2, 1, 2], 1);
    let image: Array3<i64> = numbers([3, 5, 2], 0);
    let pixel = |l, at: usize, c| image.get([l, at.wrapping_sub(1), c]).copied().unwrap_or(0);
    let expected = Array::from_shape_fn((2, 3, 6), |(k, l, x)| {
        sum(2, |i| sum(2, |c| pixel(l, x + i, c) * kernels[[k, 0, i]]))
    });
    assert_gives!("...(x+i-1)c,...i->...x", image, kernels => expected);
    let scattered = Array::from_shape_fn((10, 2, 3, 2), |(at, k, l, m)| {
        sum(3, |i| if (i..i + 8).contains(&at) { a[[k, l, m, at - i]] * w[i] } else { 0 })
    });
    assert_gives!("...x,i->(x+i)...", a, w => scattered);
}

#[test]
fn what_meets_padding_is_not_multiplied() {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    let (image, kernel) = (array![3.0], array![inf, nan, 2.0, inf, nan]);
    assert_eq!(einsum!("(x+i-2),i->x", image, kernel).into_dyn(), array![6.0].into_dyn());
    assert_eq!(einsum!("x,i->(x+i-2)", image, kernel).into_dyn(), array![6.0].into_dyn());
    for channels in [1, 3, 16, 33] {
        // One pixel, so that only the middle of the kernel is inside.
        let image = ArrayD::<f32>::ones(vec![2, 1, 1, channels]);
        let kernel = ArrayD::from_shape_fn(vec![3, 3, channels, channels], |at| {
            if (at[0], at[1]) == (1, 1) { 1.0 } else { f32::INFINITY }
        });
        let expected = &image * channels as f32;
        let equation = Equation::new("n(x+i-1)(y+j-1)c,ijco->nxyo", 2).unwrap();
        assert_eq!(equation.einsum(&[image.view(), kernel.view()]), Ok(expected.clone()));
        let transpose = Equation::new("nxyo,ijco->n(x+i-1)(y+j-1)c", 2).unwrap();
        assert_eq!(transpose.einsum(&[image.view(), kernel.view()]), Ok(expected));
    }
}

#[test]
fn extents_of_zero() {
    let (none, two, three) = (vector(0), vector(2), vector(3));
    assert_gives!("(x+i),i->x", two, three => none);
    assert_gives!("(x+i-1),i->x", none, three => none);
    assert_gives!("(x+i-1),i->x", none, two => array![0]);
    assert_gives!("(x+i),i->", two, three => arr0(0));
    // The end of an empty range is -1, as in the formula: one window more than positions.
    assert_gives!("(x+i),i->x", three, none => Array1::zeros(4));
    assert_gives!("x,i->(x+i)", none, three => Array1::zeros(2));
    assert_gives!("(x+i-2),i->x", none, two => array![0, 0, 0]);
    let one = vector(1);
    assert_gives!("x,i->(x+i-1)", one, one => none);
    let channels: Array2<i64> = Array2::zeros((5, 0));
    let kernel: Array3<i64> = Array3::zeros((3, 0, 2));
    assert_gives!("(x+i-1)c,ico->xo", channels, kernel => Array2::zeros((5, 2)));
    assert_gives!("xc,ico->(x+i)o", channels, kernel => Array2::zeros((7, 2)));
}
