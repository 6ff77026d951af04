//! Views through the macro and the run-time twin: that they show what they should, and that this is the operand itself.

#[path = "../support/layouts.rs"]
#[allow(dead_code, reason = "each test crate uses its own part")]
mod layouts;
mod lifetimes;
mod operands;
mod refused;

use std::ptr;

use einsum::dynamic::Equation;
use einsum::ndarray::{Array, ArrayView, ArrayViewD, Dimension, Ix2, Ix3, s};
use einsum::{Windows, einsum_view};
use layouts::{Layout, numbers};

/// What lies between the elements of strided arrays; no view may show it.
const POISON: i64 = 1 << 40;

/// Where the elements of a view are.
fn places<T, D: Dimension>(view: &ArrayView<'_, T, D>) -> Array<*const T, D> {
    view.map(|element| ptr::from_ref(element))
}

/// The view of the twin, which shows what the twin computes.
fn twin<'a>(subscripts: &str, operand: &ArrayViewD<'a, i64>, given: &[(&str, usize)]) -> ArrayViewD<'a, i64> {
    let equation = Equation::new(subscripts, 1).unwrap();
    let give = |equation: Equation, &(label, extent): &(&str, usize)| {
        equation.with_extent(label.parse().expect("one character"), extent).unwrap()
    };
    let equation = given.iter().fold(equation, give);
    let view = equation.view(operand).unwrap();
    assert_eq!(equation.einsum(&[operand.view()]).unwrap(), view);
    view
}

/// Asserts that a view shows the elements at these places, in every layout, and so the twin.
macro_rules! assert_places {
    ($subscripts:literal, $a:ident $(; $($label:ident = $extent:expr),+)? => $expected:expr) => {{
        for layout in Layout::ALL {
            let arranged = layout.arrange(&$a, POISON);
            let $a = arranged.view();
            let view = einsum_view!($subscripts, $a $(; $($label = $extent),+)?);
            assert_eq!(places(&view), $expected, "{} in layout {layout:?}", $subscripts);
            let given: &[(&str, usize)] = &[$($((stringify!($label), $extent)),+)?];
            let twin = twin($subscripts, &$a.into_dyn(), given);
            assert_eq!(places(&twin), places(&view.into_dyn()), "the twin of {}", $subscripts);
        }
    }};
}

/// The same for what another function of arrays shows, which has these strides as well.
macro_rules! assert_shows {
    ($subscripts:literal, $a:ident $(; $($label:ident = $extent:expr),+)? => $expected:expr) => {{
        assert_places!($subscripts, $a $(; $($label = $extent),+)? => places(&$expected));
        let view = einsum_view!($subscripts, $a $(; $($label = $extent),+)?);
        assert_eq!(view.strides(), $expected.strides());
    }};
}

#[test]
fn axes_in_another_order() {
    let (a, b) = (numbers::<i64, _>([2, 3], 0), numbers::<i64, _>([2, 3, 4], 1));
    assert_shows!("ij->ij", a => a.view());
    assert_shows!("ij->ji", a => a.t());
    assert_shows!("ij", a => a.view());
    assert_shows!("ji", a => a.t());
    assert_shows!("abc->cab", b => b.view().permuted_axes([2, 0, 1]));
    assert_shows!("βγα", b => b.view().permuted_axes([2, 0, 1]));
    let c = numbers::<i64, _>([1, 2, 1, 3, 2, 2], 2);
    assert_shows!("abcdef->fdbeca", c => c.view().permuted_axes([5, 3, 1, 4, 2, 0]));
}

#[test]
fn diagonals() {
    let (a, b) = (numbers::<i64, _>([4, 4], 0), numbers::<i64, _>([3, 2, 3], 1));
    assert_shows!("ii->i", a => a.diag());
    assert_places!("iji->ji", b => Array::from_shape_fn((2, 3), |(j, i)| ptr::from_ref(&b[[i, j, i]])));
    let c = numbers::<i64, _>([3, 3, 3], 2);
    assert_shows!("iii->i", c => c.diag());
}

#[test]
fn no_axes_and_empty_axes() {
    let a = Array::from_elem((), 7_i64);
    assert_shows!("->", a => a.view());
    assert_shows!("", a => a.view());
    let (b, c) = (numbers::<i64, _>([0, 3], 0), numbers::<i64, _>([0, 0], 0));
    assert_places!("ij->ji", b => places(&b.t()));
    assert_places!("ii->i", c => places(&c.diag()));
    let d = numbers::<i64, _>([4], 0);
    assert_places!("(x+i)->xi", d; i = 5 => places(&ArrayView::<i64, _>::from_shape((0, 5), &[]).unwrap()));
    assert_places!("(x+i)->xi", d; i = 0 => places(&ArrayView::<i64, _>::from_shape((5, 0), &[]).unwrap()));
}

#[test]
fn windows() {
    let (x, images) = (numbers::<i64, _>([7], 0), numbers::<i64, _>([2, 5, 6, 3], 1));
    assert_shows!("(x+i)->xi", x; i = 3 => Windows::new([3]).view(&x));
    assert_shows!("(x+i)->ix", x; i = 3 => Windows::new([3]).view(&x).reversed_axes());
    assert_shows!("(2x+i)->xi", x; i = 2 => Windows::new([2]).stride([2]).view(&x));
    assert_shows!("(2x+3i)->xi", x; i = 2 => Windows::new([2]).stride([2]).dilation([3]).view(&x));
    assert_shows!("(x+i)->xi", x; x = 5 => Windows::new([3]).view(&x));
    let n = 2;
    let windows = Windows::new([3, n]).axes([1, 2]);
    assert_shows!(
        "n(x+i)(y+j)c->nxyijc", images; i = 3, j = n => windows.view(&images).permuted_axes([0, 1, 2, 4, 5, 3])
    );
    assert_shows!("n(x+i)(y+j)c->nxycij", images; i = 3, j = n => windows.view(&images));
}

#[test]
fn shifts_and_reversed_axes() {
    let x = numbers::<i64, _>([7], 0);
    assert_places!("(x+2i+1)->xi", x; i = 2 => Array::from_shape_fn((4, 2), |(n, i)| ptr::from_ref(&x[n + 2 * i + 1])));
    assert_places!("(x-i+2)->xi", x; i = 3 => Array::from_shape_fn((5, 3), |(n, i)| ptr::from_ref(&x[n + 2 - i])));
    assert_places!("(6-x)->x", x => places(&x.slice(s![..;-1])));
    assert_places!("(x+3)->x", x => places(&x.slice(s![3..])));
    assert_places!("(2x+1)->x", x => places(&x.slice(s![1..;2])));
    assert_eq!(einsum_view!("(x-i+2)->xi", x; i = 3).strides(), [1, -1]);
    assert_eq!(einsum_view!("(6-3x)->x", x).strides(), [-3]);
}

#[test]
fn one_label_in_several_indices() {
    let (a, b) = (numbers::<i64, _>([6, 4], 0), numbers::<i64, _>([4, 4, 3], 1));
    assert_places!("(x+i)x->ix", a; i = 3 => Array::from_shape_fn((3, 4), |(i, x)| ptr::from_ref(&a[[x + i, x]])));
    assert_places!("(x+i)(x+j)->xij", a; i = 3, j = 1 => {
        Array::from_shape_fn((4, 3, 1), |(x, i, j)| ptr::from_ref(&a[[x + i, x + j]]))
    });
    assert_places!("(x+k)(3-x)k->kx", b; x = 2 => Array::from_shape_fn((3, 2), |(k, x)| ptr::from_ref(&b[[x + k, 3 - x, k]])));
}

#[test]
fn axes_of_an_ellipsis() {
    let (a, b) = (numbers::<i64, _>([2, 3, 4, 5], 0), numbers::<i64, _>([3, 3, 2], 1));
    assert_shows!("...ij->...ji", a => a.view().permuted_axes([0, 1, 3, 2]));
    assert_shows!("i...j->j...i", a => a.view().permuted_axes([3, 1, 2, 0]));
    assert_shows!("ij...->...ij", a => a.view().permuted_axes([2, 3, 0, 1]));
    assert_shows!("ijkl...->l...kji", a => a.t());
    assert_shows!("...", a => a.view());
    assert_shows!("...i->i...", a => a.view().permuted_axes([3, 0, 1, 2]));
    assert_shows!("ba...", a => a.view().permuted_axes([2, 3, 1, 0]));
    assert_places!("ii...->...i", b => {
        Array::from_shape_fn((2, 3), |(k, i)| ptr::from_ref(&b[[i, i, k]]))
    });
    assert_shows!("...(x+i)->...xi", b; i = 2 => Windows::new([2]).axes([2]).view(&b));
    let c = numbers::<i64, _>([2, 3], 2);
    assert_shows!("ij->j...i", c => c.t());
}

#[test]
fn dynamic_and_high_ranks() {
    let a = numbers::<i64, _>([2, 3, 4], 0).into_dyn();
    assert_shows!("abc->cab", a => a.view().into_dimensionality::<Ix3>().unwrap().permuted_axes([2, 0, 1]));
    assert_shows!("a...->...a", a => a.view().permuted_axes(vec![1, 2, 0]));
    let b = numbers::<i64, _>(vec![2, 1, 2, 3, 1, 2, 2], 1);
    assert_shows!("abcdefg->gfedcba", b => b.t());
    assert_shows!("abcdefg...->g...bcdefa", b => b.view().permuted_axes(vec![6, 1, 2, 3, 4, 5, 0]));
    let c = numbers::<i64, _>([2, 2, 2, 2, 3, 3], 2);
    let windows: ArrayViewD<i64> = einsum_view!("abcd(x+i)(y+j)->abcdxyij", c; i = 2, j = 2);
    assert_eq!(places(&windows), places(&Windows::new([2, 2]).axes([4, 5]).view(&c)));
    let spread: ArrayViewD<i64> = einsum_view!("...(x+i)(y+j)->...xyij", c; i = 2, j = 2);
    assert_eq!(spread, windows);
    let diagonal: ArrayView<i64, Ix2> = einsum_view!("aaaaxx->ax", c);
    assert_eq!(diagonal[[1, 2]], c[[1, 1, 1, 1, 2, 2]]);
}

#[test]
fn axes_of_extent_1_are_repeated_where_their_label_is_longer() {
    let row = numbers::<i64, _>([1, 3], 0);
    assert_shows!("ij->ij", row; i = 4 => row.broadcast((4, 3)).unwrap());
    assert_shows!("ij->ji", row; i = 1 => row.t());
    let narrow = numbers::<i64, _>([5, 1], 0);
    assert_places!("(x+i)i->xi", narrow; i = 3 => {
        Array::from_shape_fn((3, 3), |(x, i)| ptr::from_ref(&narrow[[x + i, 0]]))
    });
}
