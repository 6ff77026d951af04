use ndarray::{Array2, ArrayRef, array, s};

use super::*;
use crate::element::{Accumulate, Assign};
use crate::lanes::tiles;
use crate::spread::{Ellipsis, Walk};

/// Reads every element through the unsafe door.
fn read(array: &ArrayRef<i32, ndarray::Ix2>) -> Array2<i32> {
    let (rows, columns) = array.dim();
    let strided = Strided::new(array, &[0, 1], [rows, columns]);
    // SAFETY: the indices run below the extents given to `new`.
    Array2::from_shape_fn((rows, columns), |(i, j)| unsafe { strided.at([i, j]) })
}

#[test]
fn any_strides_are_read() {
    let array = Array2::from_shape_fn((6, 7), |(i, j)| (10 * i + j) as i32);
    for view in [
        array.view(),
        array.slice(s![..;-1, ..;-2]),
        array.slice(s![1..5;3, 2..;2]),
        array.slice(s![2..2, ..]),
        array.slice(s![3.., 1..]).reversed_axes(),
        array.slice(s![..1, ..]).broadcast((6, 7)).unwrap(),
    ] {
        assert_eq!(read(&view), view);
    }
}

#[test]
fn a_repeated_label_walks_the_diagonal() {
    let array = Array2::from_shape_fn((4, 4), |(i, j)| (10 * i + j) as i32);
    let diagonal = Strided::new(&array, &[0, 0], [4]);
    // SAFETY: the indices run below the extent given to `new`.
    let read: Vec<i32> = (0..4).map(|i| unsafe { diagonal.at([i]) }).collect();
    assert_eq!(read, [0, 11, 22, 33]);
    assert!(!diagonal.is_contiguous(0));
}

#[test]
fn axes_change_places_with_their_extents() {
    let array = array![[1, 2, 3], [4, 5, 6]];
    let mut strided = Strided::new(&array, &[0, 1], [2, 3]);
    assert!(strided.is_contiguous(1) && !strided.is_contiguous(0));
    strided.swap_axes(0, 1);
    assert!(strided.is_contiguous(0));
    // SAFETY: the extents are now 3 and 2.
    assert_eq!(unsafe { (strided.at([2, 0]), strided.line(0, [0, 1]).get::<Unit>(1)) }, (3, 5));
}

#[test]
fn one_element_is_contiguous() {
    let array = Array2::<i32>::zeros((8, 1));
    assert!(Strided::new(&array.slice(s![..;3, ..]).reversed_axes(), &[0, 1], [1, 3]).is_contiguous(0));
}

#[test]
#[should_panic(expected = "an axis has the extent of its label, or 1")]
fn extents_are_compared() {
    let _ = Strided::new(&array![[1, 2], [3, 4]], &[0, 1], [2, 3]);
}

#[test]
#[should_panic(expected = "an array has one label for each axis")]
fn ranks_are_compared() {
    let _ = Strided::new(&array![1, 2], &[0, 1], [2, 1]);
}

#[test]
#[should_panic(expected = "a target has the extents of its labels")]
fn a_target_is_not_stretched() {
    let _ = StridedMut::new(&mut array![1], [2]);
}

#[test]
fn an_extent_of_1_is_stretched() {
    let array = array![[1], [2]];
    let strided = Strided::new(&array, &[0, 1], [2, 3]);
    // SAFETY: the indices are below the extents given to `new`.
    assert_eq!(unsafe { (strided.at([0, 2]), strided.at([1, 1])) }, (1, 2));
    assert!(!strided.is_contiguous(1));
}

#[test]
fn an_ellipsis_is_walked() {
    let mut array =
        ndarray::Array4::from_shape_fn((2, 3, 4, 5), |(i, a, b, j)| (((i * 3 + a) * 4 + b) * 5 + j) as i32);
    array.invert_axis(ndarray::Axis(1));
    let walk = Walk::new(&[3, 4], [Ellipsis::of(&array, 1, 2)]);
    let mut read = Vec::new();
    for [offset] in walk.offsets() {
        let spread = Spread { place: 1, label: 2, stride: walk.inner.strides[0], offset };
        // SAFETY: all of `spread` comes from the walk over this array.
        let strided = unsafe { Strided::spread(&array, &[0, 1], [2, 5, walk.inner.extent], spread) };
        // SAFETY: the indices are below the extents given to `spread`.
        read.extend((0..walk.inner.extent).map(|n| unsafe { strided.at([1, 4, n]) }));
    }
    assert_eq!(read, array.slice(s![1, .., .., 4]).iter().copied().collect::<Vec<_>>());
}

#[test]
fn tiles_store_each_place_once_and_nothing_between() {
    let mut array = Array2::<i32>::zeros((2, 14));
    let mut view = array.slice_mut(s![1, ..;-2]);
    let mut out = StridedMut::new(&mut view, [7]);
    for tile in tiles::<4>(7) {
        // SAFETY: whole tiles end at or below the extent given to `new`.
        unsafe {
            out.store_tile::<Accumulate, 4>(0, [tile.start], tile, |lane| (tile.start + lane) as i32 + 1)
        };
    }
    assert_eq!(view, array![1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(array.sum(), 28);
}

#[test]
fn a_scalar_is_stored() {
    let mut value = 1;
    // SAFETY: there is no index to keep below an extent.
    unsafe { StridedMut::scalar(&mut value).store::<Assign>([], 5) };
    assert_eq!(value, 5);
}
