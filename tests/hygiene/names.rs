//! Users' names that an expansion might use too.

use sums::ndarray::{arr2, array, Array1, Array2};
use sums::{einsum, einsum_view, try_einsum};

#[test]
fn variables() {
    let (i, j, k, n, n_i, n_j, n_k) = (array![1, 2], 2, 3, 4, 5, 6, 7);
    let (out, result, target, error, lane, tile, sum) = (array![[1, 2], [3, 4]], 1, 2, 3, 4, 5, 6);
    let (op0, op1, arg0, arg1, in0, in1, element0, total, step0) = (array![10, 20], 2, 3, 4, 5, 6, 7, 8, 9);
    assert_eq!(einsum!("i,ij->j", i, out), array![7, 10]);
    assert_eq!(einsum!("i,ij->j", out.row(i[0] - 1), out), array![7, 10]);
    assert_eq!(einsum!("j,i->", op0, i), 90);
    assert_eq!(einsum!("ij,k,l->i", out, op0, i), array![270, 630]);
    assert_eq!([j, k, n, n_i, n_j, n_k, result, target, error, lane].iter().sum::<i32>(), 37);
    assert_eq!([tile, sum, op1, arg0, arg1, in0, in1, element0, total, step0].iter().sum::<i32>(), 55);
}

#[test]
fn variables_in_operands_are_not_those_of_the_loops() {
    let rows = [array![1, 2, 3], array![10, 20, 30]];
    let arg0 = array![1, 1, 1];
    for i in 0..2 {
        for j in 0..2 {
            let expected: i32 = rows[i].iter().zip(&rows[j]).map(|(a, b)| a * b).sum();
            assert_eq!(einsum!("i,i->", rows[i], rows[j]), expected);
            assert_eq!(einsum!("i,i,j->j", rows[i], rows[j], arg0), array![expected, expected, expected]);
        }
    }
}

#[test]
fn a_target_of_a_name_of_the_expansion() {
    let (mut target, mut out, mut result) = (array![0, 0], array![0, 0], array![0, 0]);
    let op0 = array![[1, 2], [3, 4]];
    einsum!(target = "ij->i", op0);
    einsum!(out += "ij->j", op0);
    einsum!(result -= "ii->i", op0);
    assert_eq!((target, out, result), (array![3, 7], array![4, 6], array![-1, -4]));
}

/// Patterns look for constants of the call site too.
#[test]
fn constants_and_statics() {
    #![allow(non_upper_case_globals)]
    const i: usize = 1;
    const j: usize = 0;
    const op0: usize = 7;
    const target: usize = 8;
    const error: usize = 9;
    static result: usize = 10;
    static n_i: usize = 11;
    let a = array![[1, 2], [3, 4]];
    let mut c = array![0, 0];
    einsum!(c = "ij->i", a);
    assert_eq!(einsum!("ij->ji", a)[[i, j]], 2);
    assert_eq!((c[i], op0 + target + error + result + n_i), (7, 45));
    assert!(try_einsum!("ii->", a.row(0).broadcast((3, 2)).unwrap()).is_err());
}

mod types {
    #![allow(dead_code, non_camel_case_types)]
    use super::*;

    struct T;
    struct D;
    struct S;
    struct Vec;
    struct Array;
    struct ArrayRef;
    struct Strided;
    struct Call;
    struct Operand;
    struct Ix2;
    struct i;
    struct op0;
    trait Clone {}
    trait Dimension {}
    trait Element {}
    trait Iterator {}
    trait Zero {}
    enum Option {
        Some,
        None,
    }
    enum Result {
        Ok,
        Err,
    }
    use self::Option::{None, Some};
    use self::Result::{Err, Ok};

    #[test]
    fn types_traits_and_variants() {
        let a = array![[1, 2], [3, 4]];
        assert_eq!(einsum!("ij,jk->ik", a, a), array![[7, 10], [15, 22]]);
        assert_eq!(try_einsum!("ij,kl->", a, a).unwrap(), 100);
        assert!(matches!((Some, None, Ok, Err), (Option::Some, Option::None, Result::Ok, Result::Err)));
    }
}

mod modules {
    #![allow(dead_code)]
    use super::*;

    mod core {}
    mod std {}
    mod alloc {}
    mod ndarray {}
    mod sums {}
    mod einsum {
        pub const SECRET: i32 = 42;
    }
    mod __private {}

    #[test]
    fn modules() {
        let a = array![[1, 2], [3, 4]];
        let (none, some) = (try_einsum!("ij->", a), try_einsum!("ij->i", a));
        assert_eq!((none, some), (Ok(10), Ok(array![3, 7])));
        assert_eq!(einsum!("ij->j", a) * einsum::SECRET, array![168, 252]);
    }
}

mod macros {
    #![allow(unused_macros)]
    use super::*;

    macro_rules! vec {
        ($($t:tt)*) => {
            compile_error!("the user's")
        };
    }
    macro_rules! panic {
        ($($t:tt)*) => {
            compile_error!("the user's")
        };
    }
    macro_rules! matches {
        ($($t:tt)*) => {
            compile_error!("the user's")
        };
    }
    macro_rules! debug_assert {
        ($($t:tt)*) => {
            compile_error!("the user's")
        };
    }
    macro_rules! format {
        ($($t:tt)*) => {
            compile_error!("the user's")
        };
    }

    #[test]
    fn macros() {
        let a = arr2(&[[1, 2], [3, 4]]);
        assert_eq!(einsum!("ij,jk->", a, a), 54);
    }
}

fn product<T: sums::Element, const W: usize, const P: bool>(a: &Array2<T>, b: &Array2<T>) -> Array2<T> {
    einsum!("ij,jk->ik", a, b)
}

#[test]
fn generic_parameters() {
    struct Layer<T, D, S> {
        weights: Array2<T>,
        other: (D, S),
    }

    impl<T: sums::Element, D: Copy, S> Layer<T, D, S> {
        fn apply(&self, x: &Array1<T>) -> (Array1<T>, D) {
            (einsum!("oi,i->o", self.weights, x), self.other.0)
        }

        fn accumulate(&mut self, x: &Array1<T>) {
            einsum!(self.weights += "o,i->oi", x, x);
        }
    }

    let mut layer = Layer { weights: array![[1, 2], [3, 4]], other: (9, "s") };
    assert_eq!(layer.apply(&array![1, 10]), (array![21, 43], 9));
    layer.accumulate(&array![1, 10]);
    assert_eq!(layer.weights, array![[2, 12], [13, 104]]);
    assert_eq!(layer.other.1, "s");
    assert_eq!(product::<_, 3, true>(&layer.weights, &layer.weights), array![[160, 1272], [1378, 10972]]);
}

#[test]
fn names_of_the_expansion_of_a_view() {
    let (op0, view, rank, run_time, given0, i) = (array![[1, 2], [3, 4]], 1, 2, 3, 4, 2);
    assert_eq!(einsum_view!("ij->ji", op0), op0.t());
    assert_eq!(einsum_view!("j(x+i)->jix", op0; i = i).dim(), (2, 2, 1));
    assert_eq!(einsum_view!("i->i", op0.row(view - 1)), op0.row(0));
    assert_eq!(view + rank + run_time + given0, 10);
}
