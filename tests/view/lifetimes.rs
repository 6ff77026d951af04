//! How long a view lives: as long as what it shows.

use std::cell::RefCell;
use std::sync::Mutex;

use einsum::dynamic;
use einsum::ndarray::{
    Array1, Array2, ArrayBase, ArrayRef2, ArrayView1, ArrayView2, ArrayView3, ArrayViewD, Data, Ix2, array, s,
};
use einsum::{EinsumError, einsum_view, try_einsum_view};

fn of_an_array(a: &Array2<i64>) -> ArrayView2<'_, i64> {
    einsum_view!("ij->ji", a)
}

fn of_a_place(a: &Array2<i64>) -> ArrayView2<'_, i64> {
    einsum_view!("ij->ji", *a)
}

fn of_a_mutable_reference(a: &mut Array2<i64>) -> ArrayView2<'_, i64> {
    einsum_view!("ij->ji", *a)
}

/// What the view shows outlives the parameter.
fn of_a_view(a: ArrayView2<'_, i64>) -> ArrayView2<'_, i64> {
    einsum_view!("ij->ji", a)
}

fn of_a_slice<'a>(a: ArrayView2<'a, i64>, column: usize) -> ArrayView1<'a, i64> {
    einsum_view!("i->i", a.slice_move(s![.., column]))
}

fn of_a_reference(a: &ArrayRef2<i64>) -> ArrayView2<'_, i64> {
    einsum_view!("ij->ji", a)
}

fn of_any<S: Data<Elem = i64>>(a: &ArrayBase<S, Ix2>) -> ArrayView2<'_, i64> {
    einsum_view!("ij->ji", a)
}

fn of_elements(v: &[i64]) -> ArrayView2<'_, i64> {
    einsum_view!("(x+i)->xi", v; i = 2)
}

fn attempt(a: &Array2<i64>) -> Result<ArrayView1<'_, i64>, EinsumError> {
    let diagonal = try_einsum_view!("ii->i", a)?;
    Ok(diagonal)
}

fn of_the_twin<'a>(a: ArrayViewD<'a, i64>) -> ArrayViewD<'a, i64> {
    dynamic::view("ij->ji", &a).unwrap()
}

struct Images {
    pixels: Array2<i64>,
}

impl Images {
    fn windows(&self) -> ArrayView3<'_, i64> {
        einsum_view!("y(x+i)->yxi", self.pixels; i = 2)
    }
}

#[test]
fn functions_return_views() {
    let mut a = array![[1, 2], [3, 4]];
    let expected = array![[1, 3], [2, 4]];
    assert_eq!(of_an_array(&a), expected);
    assert_eq!(of_a_place(&a), expected);
    assert_eq!(of_a_mutable_reference(&mut a), expected);
    assert_eq!(of_a_view(a.view()), expected);
    assert_eq!(of_a_slice(a.view(), 1), array![2, 4]);
    assert_eq!(of_a_reference(&a), expected);
    assert_eq!(of_any(&a.to_shared()), expected);
    assert_eq!(of_elements(&[1, 2, 3]), array![[1, 2], [2, 3]]);
    assert_eq!(attempt(&a), Ok(array![1, 4].view()));
    assert_eq!(of_the_twin(a.view().into_dyn()), expected.into_dyn());
    assert_eq!(Images { pixels: a }.windows(), array![[[1, 2]], [[3, 4]]]);
}

#[test]
fn a_view_of_a_temporary_view_stays() {
    let a = array![[1, 2, 3], [4, 5, 6]];
    let columns = einsum_view!("ij->ji", a.slice(s![.., 1..]));
    let reference = einsum_view!("ij->ji", &&a.view());
    assert_eq!(columns, array![[2, 5], [3, 6]]);
    assert_eq!(reference, a.t());
}

/// Arrays that are made for the call, and guards, live until the end of the statement.
#[test]
fn a_view_of_a_temporary_array_lives_as_long_as_the_statement() {
    let a = array![[1, 2], [3, 4]];
    assert_eq!(einsum_view!("ij->ji", &a + &a), array![[2, 6], [4, 8]]);
    let total = einsum_view!("ii->i", &a * 10).sum() + einsum_view!("ii->i", Array2::<i64>::eye(3)).sum();
    assert_eq!(total, 53);
    let (lock, cell) = (Mutex::new(a.clone()), RefCell::new(a));
    assert_eq!(einsum_view!("ii->i", lock.lock().unwrap()).sum(), 5);
    assert_eq!(einsum_view!("ii->i", cell.borrow()).sum(), 5);
    assert!(lock.try_lock().is_ok() && cell.try_borrow_mut().is_ok());
}

#[test]
fn views_overlap_and_are_read_together() {
    let x: Array1<i64> = (0..5).collect();
    let (windows, backward) = (einsum_view!("(x+i)->xi", x; i = 3), einsum_view!("(4-x)->x", x));
    assert_eq!(windows.row(0).dot(&backward.slice(s![..3])), 8 - 4 + 4 - 1);
    let again = einsum_view!("xi->ix", windows);
    assert_eq!(again, windows.t());
}
