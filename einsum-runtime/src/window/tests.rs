//! Window views against numpy's values, and against a plain index formula for every layout.

use super::*;
use ndarray::{
    Array, Array1, Array2, Array3, ArrayD, ArrayRef, ArrayView, ArrayViewD, Axis, Dimension, Ix3, Ix4, IxDyn,
    ShapeBuilder, arr0, array, indices, s, stack,
};

#[test]
fn numpy_1d() {
    let x = Array1::from_iter(0..6);
    let expected = array![[0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5]];
    assert_eq!(Windows::new([3]).view(&x), expected);
}

#[test]
fn numpy_2d() {
    let x = Array::from_shape_fn((3, 4), |(i, j)| 10 * i + j);
    let windows: ArrayView<usize, Ix4> = Windows::new([2, 2]).view(&x);
    let first_row = array![[[0, 1], [10, 11]], [[1, 2], [11, 12]], [[2, 3], [12, 13]]];
    let second_row = array![[[10, 11], [20, 21]], [[11, 12], [21, 22]], [[12, 13], [22, 23]]];
    assert_eq!(windows, stack![Axis(0), first_row, second_row]);
}

#[test]
fn numpy_named_axis() {
    let x = Array::from_shape_fn((3, 4), |(i, j)| 10 * i + j);
    let windows: ArrayView<usize, Ix3> = Windows::new([3]).axes([0]).view(&x);
    assert_eq!(windows, array![[[0, 10, 20], [1, 11, 21], [2, 12, 22], [3, 13, 23]]]);
}

#[test]
fn numpy_3d() {
    let x = Array::from_shape_vec((2, 2, 2), (0..8).collect()).unwrap();
    let windows = Windows::new([2, 1]).axes([2, 0]).view(&x);
    let expected = array![[[[[0], [1]]], [[[2], [3]]]], [[[[4], [5]]], [[[6], [7]]]]];
    assert_eq!(windows, expected);
}

/// An array of the conformance cases: values by their flat position.
fn conformance_input(shape: &[usize]) -> ArrayD<i64> {
    let len = i64::try_from(shape.iter().product::<usize>()).unwrap();
    Array::from_shape_vec(shape, (0..len).map(|n| (31 * n + 7) % 11 - 5).collect()).unwrap()
}

/// The sum, and the sum weighted by the flat position.
fn checks(r: &ArrayRef<i64, IxDyn>) -> (i64, i64) {
    let weighted = r.iter().zip((1..=97).cycle()).map(|(r, weight)| r * weight);
    (r.sum(), weighted.sum())
}

/// `shape: window along axes, stride, dilation => shape, strides, sum, weighted sum`
macro_rules! conformance {
    ($($shape:tt: $window:tt along $axes:tt, $stride:literal, $dilation:literal
        => $out:expr, $strides:expr, $sum:literal, $weighted:literal;)*) => {$(
        let x = conformance_input(&$shape);
        let stride = $window.map(|_| $stride);
        let dilation = $window.map(|_| $dilation);
        let view = Windows::new($window).axes($axes).stride(stride).dilation(dilation).view(&x);
        assert_eq!((view.shape(), view.strides()), (&$out[..], &$strides[..]));
        assert_eq!(checks(&view), ($sum, $weighted));
    )*};
}

#[test]
fn conformance_values() {
    conformance! {
        [6]: [3] along [0], 1, 2 => [2, 3], [1, 2], 4, 11;
        [3, 4]: [2, 2] along [0, 1], 2, 1 => [1, 2, 2, 2], [8, 2, 4, 1], 4, -6;
        [3, 4]: [3] along [0], 1, 1 => [1, 4, 3], [4, 1, 4], 2, -9;
        [3, 4]: [1, 2] along [0, 1], 1, 1 => [3, 3, 1, 2], [4, 1, 4, 1], 3, 39;
        [3, 4]: [1, 2] along [0, 1], 2, 1 => [2, 2, 1, 2], [8, 2, 4, 1], -6, -21;
        [5, 6, 7]: [2, 3, 4] along [0, 1, 2], 1, 1 => [4, 4, 4, 2, 3, 4], [42, 7, 1, 42, 7, 1], -8, 124;
        [5, 6, 7]: [2, 3, 4] along [0, 1, 2], 1, 2 => [3, 2, 1, 2, 3, 4], [42, 7, 1, 84, 14, 2], -9, 165;
        [5, 6, 7]: [3] along [2], 2, 1 => [5, 6, 3, 3], [42, 7, 2, 1], 1, 284;
        [5, 6, 7]: [2, 2] along [2, 0], 1, 2 => [3, 6, 5, 2, 2], [42, 7, 1, 2, 84], -6, -367;
        [4]: [4] along [0], 1, 1 => [1, 4], [1, 1], -4, -20;
        [4]: [1] along [0], 1, 1 => [4, 1], [1, 1], -4, -20;
        [4]: [1] along [0], 2, 1 => [2, 1], [2, 1], 0, -2;
    }
}

#[test]
fn conformance_rejections() {
    let error = |error: WindowError| Err(error);
    let x = conformance_input(&[3, 4]);
    let unknown = WindowError::UnknownAxis { axis: 2, rank: 2 };
    assert_eq!(Windows::new([2]).axes([2]).try_view(&x), error(unknown));
    let x = conformance_input(&[4]);
    let large = WindowError::TooLarge { axis: 0, window: 5, dilation: 1, extent: 4 };
    assert_eq!(Windows::new([5]).try_view(&x), error(large));
    let unnamed = WindowError::UnnamedAxes { windows: 1, rank: 0 };
    assert_eq!(Windows::new([1]).try_view(&conformance_input(&[])), error(unnamed));
}

/// numpy accepts a window of extent 0 and a repeated axis.
#[test]
fn deviations_from_numpy() {
    let x = conformance_input(&[4]);
    let zero = Windows::new([0]).stride([2]).try_view(&x);
    assert_eq!(zero, Err(WindowError::ZeroWindow { axis: 0 }));
    let x = conformance_input(&[7]);
    let repeated = Windows::new([2, 2, 2]).axes([0, 0, 0]).try_view(&x);
    assert_eq!(repeated, Err(WindowError::RepeatedAxis { axis: 0 }));
    let x = conformance_input(&[3, 4]);
    let repeated = Windows::new([2, 3, 2]).axes([0, 1, 0]).try_view(&x);
    assert_eq!(repeated, Err(WindowError::RepeatedAxis { axis: 0 }));
}

/// What numpy makes of a repeated axis is a view of a view.
#[test]
fn windows_of_windows() {
    let x = conformance_input(&[7]);
    let pair = Windows::new([2]).axes([0]);
    let once = pair.view(&x);
    let twice = pair.view(&once);
    let thrice = pair.view(&twice);
    assert_eq!((thrice.shape(), thrice.strides()), (&[4, 2, 2, 2][..], &[1, 1, 1, 1][..]));
    assert_eq!(checks(&thrice), (4, 524));

    let x = conformance_input(&[3, 4]);
    let inner = Windows::new([2, 3]).view(&x);
    let outer = pair.view(&inner);
    assert_eq!((outer.shape(), outer.strides()), (&[1, 2, 2, 3, 2][..], &[4, 1, 4, 1, 4][..]));
    assert_eq!(checks(&outer), (15, 100));
}

/// Views of rank 3 in C and F order, reversed, stepped, permuted, and broadcast along one and two axes.
fn layouts<'a>(c: &'a Array3<i64>, f: &'a Array3<i64>, large: &'a Array3<i64>) -> Vec<ArrayViewD<'a, i64>> {
    let row = c.slice(s![1, 2, ..]).to_slice().unwrap();
    let views = [
        c.view(),
        f.view(),
        c.slice(s![..;-1, .., ..]),
        c.slice(s![.., ..;-1, ..]),
        f.slice(s![..;-1, ..;-1, ..;-1]),
        large.slice(s![..;2, ..;2, ..;2]),
        large.slice(s![1..;-2, ..;-3, ..;2]),
        c.view().permuted_axes([2, 0, 1]),
        ArrayView::from_shape((3, 4, 5).strides((5, 0, 1)), c.as_slice().unwrap()).unwrap(),
        ArrayView::from_shape((3, 4, 5).strides((0, 0, 1)), row).unwrap(),
    ];
    views.map(ArrayView::into_dyn).into()
}

/// Every element of the view is the very element of `x` that the formula names.
fn assert_formula<const K: usize>(x: &ArrayViewD<i64>, windows: Windows<K>) -> usize {
    let axes = windows.axes.unwrap();
    let Ok(view) = windows.try_view(x) else {
        assert!((0..K).any(|k| windows.dilation[k] * (windows.window[k] - 1) >= x.shape()[axes[k]]));
        return 0;
    };
    assert_eq!(view.shape(), shape_by_counting(x.shape(), &axes, &windows));
    for at in indices(view.raw_dim()) {
        let mut source = at.as_array_view().slice_move(s![..x.ndim()]).to_vec();
        for (k, &axis) in axes.iter().enumerate() {
            source[axis] = at[axis] * windows.stride[k] + at[x.ndim() + k] * windows.dilation[k];
        }
        assert!(std::ptr::eq(&raw const view[&at], &raw const x[&source[..]]), "{windows:?} at {at:?}");
    }
    view.len()
}

fn shape_by_counting<const K: usize>(extents: &[usize], axes: &[usize], windows: &Windows<K>) -> Vec<usize> {
    let mut shape = extents.to_vec();
    for (k, &axis) in axes.iter().enumerate() {
        let last = windows.dilation[k] * (windows.window[k] - 1);
        shape[axis] =
            (0..extents[axis]).step_by(windows.stride[k]).filter(|at| at + last < extents[axis]).count();
    }
    [&shape, &windows.window[..]].concat()
}

/// All combinations of numbers from 1 to `ends`.
fn grid<const N: usize>(ends: [usize; N]) -> impl Iterator<Item = [usize; N]> {
    indices(IxDyn(&ends)).into_iter().map(|at| std::array::from_fn(|k| at[k] + 1))
}

#[test]
fn any_layout_sees_its_own_elements() {
    let number = |(i, j, k)| i64::try_from(100 * i + 10 * j + k).unwrap();
    let c = Array3::from_shape_fn((3, 4, 5), number);
    let f = Array3::from_shape_fn((3, 4, 5).f(), number);
    let large = Array3::from_shape_fn((7, 9, 10), number);
    let mut compared = 0;
    for x in layouts(&c, &f, &large) {
        for [stride, dilation] in grid([3, 3]) {
            compared += assert_formula(&x, Windows::new([2]).axes([1]).stride([stride]).dilation([dilation]));
            let pair = Windows::new([3, 2]).axes([2, 0]);
            compared += assert_formula(&x, pair.stride([stride, 1]).dilation([1, dilation]));
            compared += assert_formula(&x, pair.stride([1, stride]).dilation([dilation, 1]));
            let all = Windows::new([1, 2, 2]).axes([0, 1, 2]);
            compared += assert_formula(&x, all.stride([stride; 3]).dilation([dilation; 3]));
        }
    }
    assert!(compared > 10_000);
}

/// `<fold(y), x> == <y, view(x)>`, exactly.
fn assert_adjoint<const K: usize>(shape: &[usize], windows: Windows<K>) -> usize {
    let x = conformance_input(shape);
    let Ok(view) = windows.try_view(&x) else { return 0 };
    let y = conformance_input(view.shape()).mapv(|y| y * y - 3 * y + 1);
    let folded = windows.fold(&y, shape.to_vec());
    assert_eq!((&folded * &x).sum(), (&y * &view).sum(), "{windows:?} over {shape:?}");
    1
}

#[test]
fn fold_is_the_adjoint_of_view() {
    let mut compared = 0;
    for [n, window, stride, dilation] in grid([8, 3, 3, 3]) {
        let one = Windows::new([window]).stride([stride]).dilation([dilation]);
        compared += assert_adjoint(&[n], one);
        compared += assert_adjoint(&[2, n, 3], one.axes([1]));
        for axes in [[0, 1], [1, 0], [2, 0]] {
            let two = Windows::new([window, 2]).axes(axes).stride([stride, 1]).dilation([1, dilation]);
            compared += assert_adjoint(&[n, 7, 4], two);
            compared += assert_adjoint(&[5, n, n], two.stride([1, stride]).dilation([dilation, 1]));
        }
        let three = Windows::new([window, 1, 2]).axes([1, 3, 0]).stride([stride; 3]).dilation([dilation; 3]);
        compared += assert_adjoint(&[4, n, 2, 3], three);
    }
    assert!(compared > 1_000, "{compared}");
}

#[test]
fn the_strides_of_an_array_may_be_anything_on_an_axis_of_extent_one() {
    for stride in [isize::MIN, -1, isize::MAX] {
        let x = ArrayView::from_shape((1, 3).strides((stride.cast_unsigned(), 1)), &[1, 2, 3]).unwrap();
        let windows = Windows::new([1, 2]).stride([usize::MAX, 1]).view(&x);
        assert_eq!(windows, array![[[[1, 2]], [[2, 3]]]]);
    }
}

#[test]
fn huge_parameters_give_an_error_or_the_right_answer() {
    let x = array![1, 2, 3];
    let max = usize::MAX;
    for (window, dilation) in [(max, 1), (max, 2), (max, max), (2, max), (3, max / 2 + 1), (4, 1)] {
        let error = Windows::new([window]).dilation([dilation]).try_view(&x).unwrap_err();
        assert_eq!(error, WindowError::TooLarge { axis: 0, window, dilation, extent: 3 });
    }
    assert_eq!(Windows::new([1]).dilation([max]).view(&x), array![[1], [2], [3]]);
    assert_eq!(Windows::new([2]).stride([max]).view(&x), array![[1, 2]]);
    assert_eq!(Windows::new([2]).stride([max / 2]).view(&x.slice(s![..;-1])), array![[3, 2]]);
    assert_eq!(
        Windows::new([1]).axes([max]).try_view(&x),
        Err(WindowError::UnknownAxis { axis: max, rank: 1 })
    );
}

#[test]
fn more_elements_than_an_array_may_have() {
    let one = arr0(7_u8);
    let x = one.broadcast(1 << 40).unwrap();
    let error = Windows::new([1 << 39]).try_view(&x).unwrap_err();
    assert_eq!(error, WindowError::Overflow { shape: vec![(1 << 39) + 1, 1 << 39] });
    let shape = [(1 << 40) - (1 << 22) + 1, 1 << 22];
    assert_eq!(Windows::new([1 << 22]).view(&x).shape(), shape);
}

#[test]
fn zero_sized_arrays() {
    let x = Array3::<i32>::zeros((2, 0, 3));
    assert_eq!(Windows::new([2, 2]).axes([0, 2]).view(&x).shape(), [1, 0, 2, 2, 2]);
    assert_eq!(Windows::new([2]).axes([2]).view(&x.slice(s![..;-1, .., ..;-1])).shape(), [2, 0, 2, 2]);
    let error = Windows::new([1]).axes([1]).try_view(&x).unwrap_err();
    assert_eq!(error, WindowError::TooLarge { axis: 1, window: 1, dilation: 1, extent: 0 });
    let cut = Array2::<i32>::zeros((4, 4));
    let cut = cut.slice(s![4.., ..;-1]);
    assert_eq!(Windows::new([3]).axes([1]).view(&cut).shape(), [0, 2, 3]);
}

#[test]
fn zero_sized_elements() {
    let x = Array1::from_elem(5, ());
    assert_eq!(Windows::new([2]).view(&x.slice(s![..;-1])), Array2::from_elem((4, 2), ()));
}

/// Arrays of every kind, by reference.
#[test]
fn every_kind_of_array() {
    let windows = Windows::new([2]);
    let expected = array![[1, 2], [2, 3]];
    let mut x = array![1, 2, 3];
    assert_eq!(windows.view(&x), expected);
    assert_eq!(windows.view(&x.view()), expected);
    assert_eq!(windows.view(&x.view_mut()), expected);
    assert_eq!(windows.view(&x.to_shared()), expected);
    assert_eq!(windows.view(&ndarray::CowArray::from(x.view())), expected);
    assert_eq!(windows.view(&std::rc::Rc::new(x)), expected);
}

#[test]
fn view_without_window_axes() {
    let x = arr0(7).into_dyn();
    assert_eq!(Windows::new([]).view(&x), x);
}

#[test]
#[should_panic(expected = "the window along axis 1 has extent 0; it needs at least 1")]
fn view_panics_with_the_message() {
    let _ = Windows::new([1, 0]).view(&array![[1]]);
}
