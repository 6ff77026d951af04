//! Names that only a stubborn user would choose.

use sums::ndarray::{array, Array1};
use sums::{einsum, einsum_grad, einsum_view, try_einsum};

/// Functions that would come before those of an array, were they called as methods of the operand.
mod methods {
    #![allow(dead_code, clippy::wrong_self_convention)]
    use super::*;

    trait Everywhere {
        fn shape(&self) -> &'static str {
            "round"
        }
        fn strides(&self) -> &'static str {
            "long"
        }
        fn view(&self) -> &'static str {
            "fine"
        }
        fn view_mut(&mut self) -> &'static str {
            "fine, too"
        }
        fn extents(&self) -> &'static str {
            "wide"
        }
        fn is_contiguous(&self, _axis: usize) -> bool {
            true
        }
    }

    impl<T> Everywhere for T {}

    /// By value, which a call of a method tries first.
    trait First: Sized {
        fn at(self, _index: usize) {}
        fn along(self) {}
        fn store(self) {}
        fn store_tile(self) {}
        fn swap_axes(self) {}
        fn is_contiguous(self) {}
        fn swap(self) {}
        fn clone(self) {}
        fn max(self) {}
        fn and(self) {}
        fn dynamic(self) {}
        fn zeros(self) {}
        fn offsets(self) {}
        fn spread(self) {}
        fn same(self) {}
    }

    impl<T> First for T {}

    #[test]
    fn methods() {
        let a = array![[1, 2], [3, 4]];
        let mut c = Array1::zeros(2);
        einsum!(c = "ij,jk->k", a.t(), a);
        assert_eq!(c, array![24, 34]);
        assert_eq!(einsum!("ij,ji->", a, a), 29);
        assert_eq!(einsum!("i...,...->...i", a, [1, 10]), array![[1, 3], [20, 40]]);
        einsum!(c += "...i,...->...", a, 2);
        assert_eq!(c, array![30, 48]);
        assert!(try_einsum!(c -= "...,i->...", [1, 1], a.diag()).is_ok());
        assert_eq!(c, array![25, 43]);
        einsum!(c = "(x+i-1)j,i->x", a, [1, 1]; x = 2);
        assert_eq!(c, array![3, 10]);
        let (da, _) = einsum_grad!("(x+i-1)j,i->x", a, [1, 1]; c; x = 2);
        assert_eq!(da, array![[13, 13], [10, 10]]);
    }

    #[test]
    fn methods_of_views() {
        let a = array![[1, 2], [3, 4]];
        assert_eq!(einsum_view!("ij->ji", a), a.t());
        assert_eq!(einsum_view!("...(x+i)->xi...", &a.t(); i = 2).dim(), (1, 2, 2));
        assert_eq!(einsum_view!("(1-x)->x", [1, 2]), array![2, 1]);
    }
}

mod primitives {
    #![allow(dead_code, non_camel_case_types)]
    use super::*;

    struct usize;
    struct isize;
    struct bool;
    struct char;
    struct str;

    #[test]
    fn primitive_types() {
        let a = array![[1, 2], [3, 4]];
        assert_eq!(einsum!("ij,jk->ik", a, a), array![[7, 10], [15, 22]]);
    }

    #[test]
    fn views() {
        let a = array![[1, 2], [3, 4]];
        assert_eq!(einsum_view!("...i->i...", a), a.t());
        assert_eq!(einsum_view!("i(1+x)->ix", a; x = 1), array![[2], [4]]);
    }

    #[test]
    fn ellipsis() {
        let a = array![[1, 2], [3, 4]];
        let mut c = einsum!("...ij,...jk->...ik", a, a);
        assert_eq!(c, array![[7, 10], [15, 22]]);
        assert_eq!(einsum_grad!("...ij,...jk->...ik", a, const a; a), array![[5, 11], [11, 25]]);
        assert_eq!(einsum!("x,i->(2x+i)", [1, 2], [1, 10]), array![1, 10, 2, 20]);
        einsum!(c -= "...j,k,l->...j", a, [1, 1], [2]);
        assert_eq!(try_einsum!("...i->...", c), Ok(array![5, 9]));
    }
}

mod one_letter_types {
    #![allow(dead_code)]
    use super::*;

    struct W;
    struct P;
    struct N;
    struct T;
    struct S;

    #[test]
    fn one_letter_types() {
        let a = array![[1, 2], [3, 4]];
        assert_eq!(einsum!("ij,jk->ik", a, a), array![[7, 10], [15, 22]]);
        assert_eq!(einsum!("...ij,...jk->...ik", a, a), array![[7, 10], [15, 22]]);
        assert_eq!(einsum_view!("...i->i...", a), a.t());
    }
}
