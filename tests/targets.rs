//! Results written into arrays that are there already.

mod support;

use std::cell::RefCell;
use std::sync::Mutex;

use einsum::error::Role;
use einsum::ndarray::{
    ArcArray1, Array, Array0, Array1, Array2, Array3, ArrayD, ArrayRef1, ArrayRef2, ArrayViewMut2, Axis,
    IxDyn, Zip, array, s,
};
use einsum::{EinsumError, einsum, try_einsum};
use support::layouts::{Layout, assert_gaps_untouched};

fn a() -> Array2<i32> {
    array![[1, 2, 3], [4, 5, 6]]
}

fn column_sums() -> Array1<i32> {
    array![5, 7, 9]
}

/// Asserts that `=`, `+=` and `-=` leave the sums of columns in a target, given how to read it afterwards.
macro_rules! assert_holds_the_sums {
    ($($target:expr),+ => $value:expr) => {
        $(
            einsum!($target = "ij->j", a());
            assert_eq!($value, column_sums(), "=");
            einsum!($target += "ij->j", a());
            assert_eq!($value, column_sums() * 2, "+=");
            einsum!($target -= "ij->j", a());
            assert_eq!($value, column_sums(), "-=");
            assert_eq!(try_einsum!($target = "ij->j", (a() * 3)), Ok(()));
            assert_eq!($value, column_sums() * 3, "try =");
            assert_eq!(try_einsum!($target += "ij->j", a()), Ok(()));
            assert_eq!($value, column_sums() * 4, "try +=");
            assert_eq!(try_einsum!($target -= "ij->j", a()), Ok(()));
            assert_eq!($value, column_sums() * 3, "try -=");
        )+
    };
}

#[test]
fn variables() {
    let mut c = Array1::from_elem(3, 99);
    assert_holds_the_sums!(c, c.view_mut(), c.slice_mut(s![..]), (&mut c), { &mut c } => c);
    let c: &mut Array1<i32> = &mut c;
    assert_holds_the_sums!(c, *c, c.view_mut() => *c);
    let c: &mut ArrayRef1<i32> = c;
    assert_holds_the_sums!(c, *c => *c);
    let mut d = ArrayD::from_elem(IxDyn(&[3]), 99);
    assert_holds_the_sums!(d, d.view_mut() => d.view().into_dimensionality().unwrap());
    let mut shared = ArcArray1::from_elem(3, 99);
    let other = shared.clone();
    assert_holds_the_sums!(shared => shared);
    assert_eq!(other, array![99, 99, 99]);
}

#[test]
fn fields() {
    struct Layer<'a> {
        gradient: Array1<i32>,
        borrowed: &'a mut Array1<i32>,
        boxed: Box<Array1<i32>>,
    }
    impl Layer<'_> {
        fn check(&mut self) {
            assert_holds_the_sums!(self.gradient => self.gradient);
            assert_holds_the_sums!(self.borrowed, *self.borrowed => *self.borrowed);
            assert_holds_the_sums!(self.boxed, *self.boxed => *self.boxed);
            assert_holds_the_sums!(self.gradient() => self.gradient);
            einsum!(self.gradient += "i,i->i", *self.borrowed, self.boxed);
        }
        fn gradient(&mut self) -> &mut Array1<i32> {
            &mut self.gradient
        }
    }
    let mut borrowed = Array1::zeros(3);
    let mut layer =
        Layer { gradient: Array1::zeros(3), borrowed: &mut borrowed, boxed: Box::new(Array1::zeros(3)) };
    layer.check();
    assert_eq!(layer.gradient, array![15 + 15 * 15, 21 + 21 * 21, 27 + 27 * 27]);
    let mut pair = (Array1::zeros(3), 5);
    assert_holds_the_sums!(pair.0, (1, &mut pair.0).1 => pair.0);
    assert_eq!(pair.1, 5);
}

#[test]
fn slices() {
    let mut sums = vec![0; 3];
    assert_holds_the_sums!(sums, &mut sums, sums[..], &mut sums[..], sums.as_mut_slice() => Array1::from_vec(sums.clone()));
    let mut boxed: Box<[i32]> = Box::new([0; 3]);
    let mut plain = [0; 3];
    assert_holds_the_sums!(boxed, *boxed => Array1::from_vec(boxed.to_vec()));
    assert_holds_the_sums!(plain, &mut plain, plain.as_mut() => Array1::from_iter(plain));
    let mut rows = [[0; 3]; 2];
    assert_holds_the_sums!(rows[1] => Array1::from_iter(rows[1]));
    assert_eq!(rows[0], [0; 3]);
    let error = try_einsum!(sums[1..] = "ij->j", a()).unwrap_err();
    assert!(error.to_string().ends_with("but 2 in the target (`sums[1..]`, axis 0)"), "{error}");
}

#[test]
fn elements_of_collections() {
    let mut rows = vec![Array1::zeros(3), Array1::zeros(3)];
    let k = 1;
    assert_holds_the_sums!(rows[k], rows.last_mut().unwrap(), rows[k..][0], rows.iter_mut().next_back().unwrap() => rows[1]);
    assert_eq!(rows[0], array![0, 0, 0]);
    for row in &mut rows {
        assert_holds_the_sums!(row => *row);
    }
    let mut map = std::collections::BTreeMap::new();
    assert_holds_the_sums!(map.entry("g").or_insert_with(|| Array1::zeros(3)) => map["g"]);
    if let Some(gradient) = map.get_mut("g") {
        assert_holds_the_sums!(gradient => *gradient);
    }
}

#[test]
fn guards() {
    let (cell, lock) = (RefCell::new(Array1::zeros(3)), Mutex::new(Array1::zeros(3)));
    assert_holds_the_sums!(cell.borrow_mut(), *cell.borrow_mut() => *cell.borrow());
    assert_holds_the_sums!(lock.lock().unwrap() => *lock.lock().unwrap());
}

#[test]
fn arguments() {
    fn by_array(c: &mut Array1<i32>) {
        einsum!(c += "ij->j", a());
    }
    fn by_view(mut c: ArrayViewMut2<i32>) {
        einsum!(c += "ij->ij", a());
    }
    fn by_ref(c: &mut ArrayRef2<i32>) {
        einsum!(c += "ij->ij", a());
        einsum!(c.row_mut(0) += "ij->j", a());
    }
    let (mut c, mut d) = (Array1::zeros(3), Array2::zeros((2, 3)));
    by_array(&mut c);
    by_view(d.view_mut());
    by_ref(&mut d);
    assert_eq!((c, d), (column_sums(), array![[7, 11, 15], [8, 10, 12]]));
}

#[test]
fn parts_of_an_array() {
    let mut c = Array2::from_elem((5, 7), -1);
    einsum!(c.slice_mut(s![..;2, ..3]) = "ij,kj->kj", a(), array![[1, 1, 1], [2, 2, 2], [3, 3, 3]]);
    einsum!(c.slice_mut(s![1, ..;-3]) = "ij->j", a());
    einsum!(c.column_mut(4) += "i->i", array![1, 2, 3, 4, 5]);
    einsum!(c.diag_mut() -= "i->i", array![10, 10, 10, 10, 10]);
    assert_eq!(
        c,
        array![
            [-5, 7, 9, -1, 0, -1, -1],
            [9, -11, -1, 7, 1, -1, 5],
            [10, 14, 8, -1, 2, -1, -1],
            [-1, -1, -1, -11, 3, -1, -1],
            [15, 21, 27, -1, -6, -1, -1],
        ]
    );
    let (mut upper, mut lower) = c.view_mut().split_at(Axis(0), 2);
    einsum!(upper.row_mut(0) = "ij->j", lower);
    einsum!(lower = "ij->ij", Array2::<i32>::zeros((3, 7)));
    assert_eq!(c.row(0), array![24, 34, 34, -13, -1, -3, -3]);
    assert_eq!(c.slice(s![2.., ..]).sum(), 0);
}

/// Targets that are reversed, stepped and permuted, with and without a sum, at widths around those of tiles.
#[test]
fn every_layout_and_width() {
    const POISON: i32 = 1 << 30;
    for n in [1, 2, 3, 4, 5, 15, 16, 17, 31, 32, 33, 40] {
        let x = Array::from_shape_fn((3, n), |(i, j)| (5 * i + 3 * j) as i32 % 7 - 3);
        let y = Array::from_shape_fn((3, 2), |(i, j)| (i + 2 * j) as i32 - 2);
        for layout in Layout::ALL {
            let mut c = layout.arrange(&Array2::from_elem((n, 2), 77), POISON);
            einsum!(c = "ij,ik->jk", x, y);
            assert_eq!(c, x.t().dot(&y), "= in layout {layout:?}, {n} wide");
            einsum!(c += "ij,ik->jk", x, y);
            einsum!(c -= "jk->jk", x.t().dot(&y));
            assert_eq!(c, x.t().dot(&y), "-= in layout {layout:?}, {n} wide");
            assert_gaps_untouched(c, POISON);
            let mut c = layout.arrange(&x, POISON);
            einsum!(c -= "j,i->ij", x.row(0), y.column(0));
            let expected = Array::from_shape_fn((3, n), |(i, j)| x[[i, j]] - x[[0, j]] * y[[i, 0]]);
            assert_eq!(c, expected, "outer product in layout {layout:?}, {n} wide");
            assert_gaps_untouched(c, POISON);
        }
    }
}

#[test]
fn rank_0() {
    let mut c = Array0::from_elem((), 5);
    einsum!(c += "ij->", a());
    assert_eq!(c[()], 26);
    einsum!(c -= "ij,ij->", a(), a());
    assert_eq!(c[()], 26 - 91);
    einsum!(c = "ij,ij", a(), a());
    assert_eq!(c[()], 91);
    let mut c = c.into_dyn();
    einsum!(c = "ii->", array![[1, 2], [3, 4]]);
    assert_eq!(c.into_dimensionality(), Ok(Array0::from_elem((), 5)));
    let mut row = array![0, 0];
    einsum!(row.index_axis_mut(Axis(0), 1) = "ij->", a());
    assert_eq!(row, array![0, 21]);
}

#[test]
fn more_axes_than_static_ranks_have() {
    let v = array![1, 2];
    let mut c = ArrayD::from_elem(vec![2; 7], 1);
    einsum!(c += "a,b,c,d,e,f,g->gfedcba", v, v, v, v, v, v, v);
    assert_eq!((c[[0; 7].as_ref()], c[[1; 7].as_ref()], c.sum()), (2, 129, 128 + 2187));
}

#[test]
fn what_was_there_is_gone() {
    let x = Array2::<f64>::ones((3, 40));
    let mut c = Array2::from_elem((3, 40), f64::NAN);
    einsum!(c = "ij->ij", x);
    assert_eq!(c, x);
    c.fill(f64::NAN);
    einsum!(c = "ij,j->ij", x, x.row(0));
    assert_eq!(c, x);
    let mut c = Array2::from_elem((3, 3), f64::INFINITY);
    einsum!(c = "ij,kj->ik", x, x);
    assert_eq!(c, Array2::from_elem((3, 3), 40.0));
    einsum!(c += "ij->ij", Array2::from_elem((3, 3), f64::NAN));
    assert!(c.iter().all(|x| x.is_nan()));
}

/// An empty sum is zero: written by `=`, added by `+=`.
#[test]
fn empty_sums() {
    let (x, y) = (Array2::<f64>::ones((2, 0)), Array2::<f64>::ones((0, 20)));
    let mut c = Array2::from_elem((2, 20), f64::NAN);
    einsum!(c = "ij,jk->ik", x, y);
    assert_eq!(c, Array2::zeros((2, 20)));
    c.fill(3.0);
    einsum!(c += "ij,jk->ik", x, y);
    einsum!(c -= "ij,jk->ik", x, y);
    assert_eq!(c, Array2::from_elem((2, 20), 3.0));
    einsum!(c.row_mut(0) = "jk->k", y);
    assert_eq!(c.row(0), Array1::zeros(20));
    let mut total = Array0::from_elem((), f64::NAN);
    einsum!(total = "ij->", x);
    assert_eq!(total[()], 0.0);
    let mut c = array![[1.0, 2.0], [3.0, 4.0]];
    einsum!(c = "ij,k->ij", c.clone(), Array1::zeros(0));
    assert_eq!(c, Array2::zeros((2, 2)));
}

#[test]
fn targets_without_elements() {
    let mut c = Array2::<f64>::zeros((0, 3));
    einsum!(c = "ij->ij", Array2::<f64>::zeros((0, 3)));
    einsum!(c += "ij,jk->ik", Array2::<f64>::zeros((0, 5)), Array2::zeros((5, 3)));
    assert_eq!(c.shape(), [0, 3]);
    assert!(try_einsum!(c = "ij->ij", Array2::<f64>::zeros((0, 4))).is_err());
    assert!(try_einsum!(c = "ij->ji", Array2::<f64>::zeros((0, 3))).is_err());
}

/// Nothing is written before everything is checked.
#[test]
fn a_target_that_does_not_fit_is_left_alone() {
    let before = Array2::from_elem((2, 3), 7);
    let mut c = before.clone();
    let error = try_einsum!(c = "ij->ji", a()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "label `j` of \"ij->ji\" has extent 3 in operand 0 (`a()`, axis 1) but 2 in the target (`c`, axis 0)"
    );
    let Err(EinsumError::Extents { label: 'j', second, .. }) =
        try_einsum!(c -= "ij,kj->kj", a(), array![[1, 2]])
    else {
        panic!("2 is not 3");
    };
    assert_eq!(second.operand.role, Role::Operand(1));
    // A target is not broadcast into, nor stretched.
    assert!(try_einsum!(c.slice_mut(s![..1, ..]) += "ij->ij", a()).is_err());
    assert!(try_einsum!(c += "ij->ij", array![[1, 2, 3]]).is_err());
    let mut dynamic = c.view_mut().into_dyn();
    let error = try_einsum!(dynamic = "ij->i", a()).unwrap_err();
    assert_eq!(error.to_string(), "the target (`dynamic`) of \"ij->i\" has 2 axes but 1 label");
    assert_eq!(c, before);
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| einsum!(c = "ij->ji", a())));
    assert!(result.is_err() && c == before);
}

#[test]
fn a_target_is_written_after_its_operands_were_made() {
    let mut c = array![[1, 2], [3, 4]];
    einsum!(c = "ij->ji", c.clone());
    einsum!(c = "ij,jk->ik", c.clone(), c.t().to_owned());
    assert_eq!(c, array![[10, 14], [14, 20]]);
    einsum!(c.row_mut(0) = "ij->j", c.to_owned());
    assert_eq!(c, array![[24, 34], [14, 20]]);
}

#[test]
fn accumulated_over_a_batch() {
    let x = Array3::from_shape_fn((4, 2, 3), |(n, i, j)| (n * 6 + i * 3 + j) as i32);
    let mut sum = Array2::zeros((2, 2));
    for x in x.outer_iter() {
        einsum!(sum += "ij,kj->ik", x, x);
    }
    assert_eq!(sum, einsum!("nij,nkj->ik", x, x));
    let mut batch = Array3::zeros((4, 2, 2));
    Zip::from(batch.outer_iter_mut()).and(x.outer_iter()).for_each(|mut c, x| einsum!(c = "ij,kj->ik", x, x));
    assert_eq!(batch, einsum!("nij,nkj->nik", x, x));
}
