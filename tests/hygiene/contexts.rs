//! Where a call may stand.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use sums::ndarray::{array, Array1, Array2};
use sums::{einsum, try_einsum, EinsumError};

fn matrix() -> Array2<i32> {
    array![[1, 2], [3, 4]]
}

#[test]
fn statement_tail_argument_and_operand() {
    fn tail(a: &Array2<i32>) -> i32 {
        einsum!("ij->", a)
    }
    let a = matrix();
    let mut c = Array1::zeros(2);
    einsum!(c = "ij->i", a);
    einsum! { c += "ij->i", a }
    einsum![c -= "ij->j", a];
    assert_eq!(c, array![2, 8]);
    assert_eq!(tail(&einsum!("ij,jk->ik", &a, &a)), 54);
    assert_eq!(einsum!("ij->", a) + 2 * einsum!("ii->", a), 20);
    assert_eq!(-einsum!("ij->", a), -10);
    assert_eq!(einsum!("ij->ji", a)[[0, 1]], 3);
    assert_eq!(einsum!("ij->ji", a).row(0), array![1, 3]);
    if einsum!("ij->", a) != 10 || einsum!("i->", c) != 10 {
        panic!("{c}");
    }
    let in_an_array = [einsum!("ij->", a), einsum!("ii->", a)];
    assert_eq!(in_an_array, [10, 5]);
}

#[test]
fn nested_calls() {
    let a = matrix();
    assert_eq!(einsum!("i,i->", einsum!("ij->i", a), einsum!("ij->j", a)), 54);
    let cube = einsum!("ij,jk->ik", einsum!("ij,jk->ik", a, a), einsum!("ij->ij", einsum!("ji->ij", a.t())));
    assert_eq!(cube, a.dot(&a).dot(&a));
    let mut c = Array1::zeros(2);
    einsum!(c = "ij->i", {
        let mut d = Array2::zeros((2, 2));
        einsum!(d = "ij->ji", a);
        d
    });
    assert_eq!(c, array![4, 6]);
}

#[test]
fn closures() {
    let a = matrix();
    let scaled = |scale: i32| einsum!("ij,->ij", a, sums::ndarray::arr0(scale));
    assert_eq!(scaled(3), &a * 3);
    let mut total = Array1::zeros(2);
    let mut add = |row: &Array2<i32>| einsum!(total += "ij->i", row);
    (0..3).for_each(|_| add(&a));
    assert_eq!(total, array![9, 21]);
    let traces: Vec<i32> = [&a, &a].iter().map(|a| einsum!("ii->", a)).collect();
    assert_eq!(traces, [5, 5]);
    let moved = std::thread::spawn(move || einsum!("ij->", a)).join().unwrap();
    assert_eq!(moved, 10);
}

#[test]
fn async_functions() {
    async fn number() -> i32 {
        5
    }
    async fn sum(a: &Array2<i32>) -> i32 {
        einsum!("ij->", a) + einsum!("i,i->", array![number().await], array![number().await])
    }
    let a = matrix();
    let Poll::Ready(sum) = pin!(sum(&a)).poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("nothing to wait for");
    };
    assert_eq!(sum, 35);
}

#[test]
fn question_mark() {
    fn first(arrays: &[Array1<i32>]) -> Option<i32> {
        Some(einsum!("i,i->", arrays.first()?, arrays.get(1)?))
    }
    fn trace(a: &Array2<i32>) -> Result<i32, EinsumError> {
        let diagonal: Array1<i32> = try_einsum!("ii->i", a)?;
        Ok(einsum!("i->", diagonal))
    }
    assert_eq!(first(&[array![1, 2], array![3, 4]]), Some(11));
    assert_eq!(first(&[array![1, 2]]), None);
    assert_eq!(trace(&matrix()), Ok(5));
    assert!(trace(&Array2::zeros((1, 2))).is_err());
}

#[test]
fn jumps_out_of_operands() {
    fn early(a: Option<Array1<i32>>) -> i32 {
        einsum!(
            "i->",
            match a {
                Some(a) => a,
                None => return -1,
            }
        )
    }
    assert_eq!((early(Some(array![1, 2])), early(None)), (3, -1));
    let arrays = [Some(array![1, 2]), None, Some(array![3, 4]), Some(array![100])];
    let mut total = 0;
    for i in 0.. {
        let Some(array) = arrays.get(i) else { break };
        total += einsum!("i->", if let Some(array) = array { array } else { continue });
        let found = 'search: {
            einsum!("i->", if total > 9 { break 'search true } else { &arrays[0] }.as_ref().unwrap());
            false
        };
        assert_eq!(found, total > 9);
    }
    assert_eq!(total, 110);
}

#[test]
fn macros_by_example() {
    macro_rules! dot {
        ($a:expr_2021) => {
            einsum!("i,i->", $a, $a)
        };
        ($a:expr_2021, $b:ident) => {
            einsum!("i,i->", $a, $b)
        };
        ($subscripts:literal: $($operand:expr_2021),+) => {
            einsum!($subscripts $(, $operand)+)
        };
        ($target:ident $operator:tt $subscripts:literal: $($operand:tt)+) => {
            einsum!($target $operator $subscripts, $($operand)+)
        };
        (in $target:expr_2021, $($operand:tt)+) => {
            einsum!($target = "i,i->", $($operand)+)
        };
    }
    let (a, b) = (array![1, 2], array![3, 4]);
    assert_eq!(dot!(a), 5);
    assert_eq!(dot!(&a + &b), 52);
    assert_eq!(dot!(array![2, 3], b), 18);
    assert_eq!(dot!("i,j->ji": a, &a + &b), array![[4, 8], [6, 12]]);
    let mut c = array![0, 0];
    dot!(c += "i->i": a);
    dot!(c -= "i->i": b);
    assert_eq!(c, array![-2, -2]);
    let mut totals = [sums::ndarray::arr0(0)];
    dot!(in totals[0], a, b);
    assert_eq!(totals[0][()], 11);
}

#[test]
fn trait_methods_and_associated_functions() {
    trait Norm {
        fn norm(&self) -> f64;
    }
    impl Norm for Array1<f64> {
        fn norm(&self) -> f64 {
            einsum!("i,i->", self, *self).sqrt()
        }
    }
    assert_eq!(array![3.0, 4.0].norm(), 5.0);
}

#[test]
fn a_guard_lives_as_long_as_the_statement() {
    let lock = std::sync::Mutex::new(matrix());
    let cell = std::cell::RefCell::new(array![0, 0]);
    einsum!(cell.borrow_mut() = "ij->i", lock.lock().unwrap());
    let sum = einsum!("ij,i->", lock.lock().unwrap(), cell.borrow());
    assert!(lock.try_lock().is_ok() && cell.try_borrow_mut().is_ok());
    assert_eq!((sum, cell.into_inner()), (58, array![3, 7]));
}

#[test]
fn the_panic_is_at_the_line_of_the_call() {
    use std::sync::{Arc, Mutex};

    let place = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&place);
    let before = std::panic::take_hook();
    let this = std::thread::current().id();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() == this {
            *seen.lock().unwrap() = panic.location().map(|at| (at.file().to_string(), at.line()));
        }
    }));
    let a = Array2::<i32>::zeros((2, 3));
    let line = line!() + 1;
    let result = std::panic::catch_unwind(|| einsum!("ii->", a));
    std::panic::set_hook(before);
    assert!(result.is_err());
    assert_eq!(*place.lock().unwrap(), Some((file!().to_string(), line)));
}
