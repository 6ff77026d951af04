//! What may be an operand.

use std::rc::Rc;
use std::sync::{Arc, Mutex};

use einsum::einsum;
use einsum::ndarray::{
    ArcArray2, Array, Array0, Array1, Array2, Array3, ArrayD, ArrayRef2, ArrayView2, ArrayViewMut2, Axis,
    CowArray, Ix2, arr0, array, aview2, s,
};

fn matrix() -> Array2<i32> {
    array![[1, 2, 3], [4, 5, 6]]
}

/// Asserts that an operand which holds [`matrix`] is read as such, and twice.
macro_rules! assert_is_the_matrix {
    ($($operand:tt)*) => {
        assert_eq!(einsum!("ij->ji", $($operand)*), matrix().t(), "{}", stringify!($($operand)*));
        assert_eq!(einsum!("ij,kj->ik", $($operand)*, $($operand)*), array![[14, 32], [32, 77]]);
    };
}

#[test]
fn arrays_of_every_kind() {
    let (a, mut b, mut c) = (matrix(), matrix(), matrix());
    let view: ArrayView2<i32> = a.view();
    let view_mut: ArrayViewMut2<i32> = b.view_mut();
    let shared: ArcArray2<i32> = matrix().into_shared();
    let borrowed: CowArray<i32, Ix2> = CowArray::from(a.view());
    let owned: CowArray<i32, Ix2> = CowArray::from(matrix());
    let reference: &ArrayRef2<i32> = &a;
    let reference_mut: &mut ArrayRef2<i32> = &mut c;
    assert_is_the_matrix!(a);
    assert_is_the_matrix!(view);
    assert_is_the_matrix!(view_mut);
    assert_is_the_matrix!(shared);
    assert_is_the_matrix!(borrowed);
    assert_is_the_matrix!(owned);
    assert_is_the_matrix!(reference);
    assert_is_the_matrix!(*reference);
    assert_is_the_matrix!(reference_mut);
    reference_mut[[0, 0]] = 0;
    assert_eq!(einsum!("ij,ij,ij->", view_mut, shared, c), 8 + 27 + 64 + 125 + 216);
}

#[test]
fn references_and_pointers() {
    let mut a = matrix();
    assert_is_the_matrix!(&a);
    assert_is_the_matrix!(&&a);
    assert_is_the_matrix!(&&&&a);
    assert_eq!(einsum!("ij->", &mut a), 21);
    let by_mut = &mut a;
    assert_is_the_matrix!(by_mut);
    assert_is_the_matrix!(&*by_mut);
    let (boxed, counted, shared) = (Box::new(matrix()), Rc::new(matrix()), Arc::new(matrix()));
    assert_is_the_matrix!(boxed);
    assert_is_the_matrix!(*boxed);
    assert_is_the_matrix!(counted);
    assert_is_the_matrix!(&counted);
    assert_is_the_matrix!(shared);
    let nested = Rc::new(Box::new(&a));
    assert_is_the_matrix!(nested);
    let lock = Mutex::new(matrix());
    assert_eq!(einsum!("ij->", lock.lock().unwrap()), 21);
    let dynamic: Box<dyn AsRef<Array2<i32>>> = Box::new(Holder(matrix()));
    assert_is_the_matrix!((*dynamic).as_ref());
}

struct Holder(Array2<i32>);

impl AsRef<Array2<i32>> for Holder {
    fn as_ref(&self) -> &Array2<i32> {
        &self.0
    }
}

#[test]
fn temporaries() {
    assert_is_the_matrix!(matrix());
    assert_is_the_matrix!(matrix().t().reversed_axes());
    assert_is_the_matrix!(array![[1, 2, 3], [4, 5, 6]]);
    assert_is_the_matrix!(aview2(&[[1, 2, 3], [4, 5, 6]]));
    assert_is_the_matrix!(Array::from_shape_vec((2, 3), (1..7).collect()).unwrap());
    let stack = Array3::from_shape_fn((4, 2, 3), |(n, i, j)| n as i32 * 100 + matrix()[[i, j]]);
    assert_is_the_matrix!(stack.index_axis(Axis(0), 0));
    assert_is_the_matrix!(stack.slice(s![0, .., ..]));
    assert_is_the_matrix!(stack.slice(s![3, .., ..;-1]).slice(s![.., ..;-1]).mapv(|x| x - 300));
    assert_is_the_matrix!(stack.outer_iter().next().unwrap());
    assert_is_the_matrix!(stack.view().index_axis_move(Axis(0), 0));
    assert_is_the_matrix!(
        (stack.slice(s![0, 0, ..]).broadcast((2, 3)).unwrap().to_owned() + array![[0], [3]])
    );
}

#[test]
fn places() {
    struct Layer {
        weights: Array2<i32>,
        more: Vec<(Array2<i32>, &'static str)>,
    }
    impl Layer {
        fn check(&self) {
            assert_is_the_matrix!(self.weights);
            assert_is_the_matrix!(&self.weights);
            assert_is_the_matrix!(self.more[0].0);
            assert_is_the_matrix!(self.weights());
        }
        fn weights(&self) -> &Array2<i32> {
            &self.weights
        }
    }
    let layer = Layer { weights: matrix(), more: vec![(matrix(), "bias")] };
    layer.check();
    assert_is_the_matrix!(layer.more[layer.more.len() - 1].0);
    assert_eq!(layer.more[0].1, "bias");
    let arrays = [matrix(), matrix()];
    let map = std::collections::BTreeMap::from([("a", matrix())]);
    assert_is_the_matrix!(arrays[1]);
    assert_is_the_matrix!(map["a"]);
}

#[test]
fn blocks_and_branches() {
    let (a, b) = (matrix(), matrix() * 2);
    assert_is_the_matrix!({ &a });
    assert_is_the_matrix!({
        let half = &b / 2;
        half + 0
    });
    assert_is_the_matrix!(if a.is_empty() { &b } else { &a });
    assert_is_the_matrix!(match a.len() {
        6 => a.view(),
        _ => b.view(),
    });
    assert_is_the_matrix!([&a, &b].into_iter().min_by_key(|a| a.sum()).unwrap());
    drop((a, b));
}

#[test]
fn static_and_dynamic_ranks_together() {
    let (a, dynamic) = (matrix(), matrix().into_dyn());
    let products: [Array2<i32>; 3] = [
        einsum!("ij,kj->ik", a, dynamic),
        einsum!("ij,kj->ik", dynamic, a),
        einsum!("ij,kj->ik", dynamic, dynamic),
    ];
    assert!(products.iter().all(|product| product == array![[14, 32], [32, 77]]));
    assert_eq!(einsum!("ij->", dynamic.view()), 21);
    assert_eq!(einsum!(",ij->", arr0(2), &dynamic), 42);
    assert_eq!(einsum!(",->", ArrayD::from_elem(vec![], 2), Array0::from_elem((), 3)), 6);
    let high: ArrayD<i32> = einsum!("ab,cd,ef,gh->hgfedcba", a, dynamic, a, dynamic);
    assert_eq!((high.ndim(), high[[2, 1, 2, 1, 2, 1, 2, 1]]), (8, 1296));
    assert_eq!(einsum!("hgfedcba->", high), 21_i32.pow(4));
}

/// A stride of 0 is no diagonal, and no contiguous axis either.
#[test]
fn repeated_by_a_stride_of_0() {
    for n in [1, 2, 4, 16, 33, 70] {
        let row = Array1::from_iter((1..).take(n));
        let column = row.clone().insert_axis(Axis(1));
        let (rows, columns) = (row.broadcast((3, n)).unwrap(), column.broadcast((n, 3)).unwrap());
        let one = arr0(7);
        let all = one.broadcast((3, n)).unwrap();
        let owned = rows.to_owned();
        assert_eq!(einsum!("ij,jk->ik", rows, columns), owned.dot(&columns.to_owned()));
        assert_eq!(einsum!("ij,ik->jk", rows, rows), owned.t().dot(&owned));
        assert_eq!(einsum!("ij,ij->j", rows, all), &row * 21);
        assert_eq!(einsum!("ij->ij", all), Array2::from_elem((3, n), 7));
        assert_eq!(einsum!("ij->", all), 21 * n as i32);
        assert_eq!(einsum!("ji->i", columns), Array1::from_elem(3, row.sum()));
        let square = one.broadcast((n, n)).unwrap();
        assert_eq!(einsum!("ii->i", square), Array1::from_elem(n, 7));
    }
}
