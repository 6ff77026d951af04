//! Orders of several operands: what `einsum_path!` says of them, what is counted, guesses of extents and limits of memory.

use std::cell::Cell;
use std::ops::{Add, Mul};

use einsum::dynamic::Equation;
use einsum::ndarray::{Array1, Array2, Array3, Array4, ArrayD, IxDyn, array};
use einsum::{EinsumError, Kernel, Zero, einsum, einsum_grad, einsum_path, try_einsum, try_einsum_path};

fn numbers(rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows, columns), |(i, j)| ((7 * i + 3 * j) % 11) as f64 - 5.0)
}

#[test]
fn the_cheaper_end_of_a_chain_comes_first() {
    let (square, narrow) = (numbers(60, 60), numbers(60, 2));
    let path = einsum_path!("ij,jk,kl->il", square, square, narrow);
    let steps: Vec<_> = path.steps().iter().map(|step| step.subscripts()).collect();
    assert_eq!(steps, ["jk,kl->jl", "ij,jl->il"]);
    assert_eq!(path.flops(), 2.0 * 2.0 * 60.0 * 60.0 * 2.0);
    assert_eq!(path.naive_flops(), 3.0 * 60.0 * 60.0 * 60.0 * 2.0);
    let path = einsum_path!("ij,jk,kl->il", narrow.t(), square, square);
    assert_eq!(path.steps()[0].subscripts(), "ij,jk->ik");
}

#[test]
fn results_do_not_depend_on_the_order() {
    let (a, b, c) = (numbers(40, 50), numbers(50, 60), numbers(60, 30));
    let expected = a.dot(&b).dot(&c);
    assert_eq!(einsum!("ij,jk,kl->il", a, b, c), expected);
    assert_eq!(einsum!("ij,jk,kl->il", a, b, c; i ~ 1, l ~ 100000), expected);
    assert_eq!(einsum!("ij,jk,kl->il", a, b, c; i ~ 100000, j ~ 1, k ~ 1, l ~ 1), expected);
    assert_eq!(einsum!("ij,jk,kl->il", a, b, c; i = 40, j = 50, k = 60, l = 30), expected);
    assert_eq!(einsum!("ij,jk,kl->li", a, b, c), expected.t());
    let mut sum = expected.clone();
    einsum!(sum += "ij,jk,kl->il", a, b, c);
    assert_eq!(sum, 2.0 * &expected);
    einsum!(sum -= "ij,jk,kl->il", a, b, c; memory_limit = 2000);
    assert_eq!(sum, expected);
}

#[test]
fn small_calls_are_one_nest() {
    let (a, x) = (numbers(4, 4), Array1::<f64>::ones(4));
    let path = einsum_path!("i,ij,j->", x, a, x);
    assert_eq!((path.steps().len(), path.steps()[0].kernel()), (1, Kernel::LoopNest));
    assert_eq!(path.memory(), 0);
}

#[test]
fn steps_name_their_kernels() {
    let (x, a) = (Array3::<f32>::zeros((40, 50, 60)), Array2::<f32>::zeros((50, 8)));
    let b = Array2::<f32>::zeros((60, 8));
    let path = einsum_path!("ijk,jr,kr->ir", x, a, b);
    let steps: Vec<_> = path.steps().iter().map(|step| (step.subscripts(), step.kernel())).collect();
    // Eight vectors are a few.
    assert_eq!(steps, [("jr,kr->jkr", Kernel::Loops), ("ijk,jkr->ir", Kernel::MatrixVector)]);
    assert_eq!(einsum_path!("ij,jk->ik", a.t(), a).steps()[0].kernel(), Kernel::MatrixProduct);
    assert_eq!(einsum_path!("ij->", a).steps()[0].kernel(), Kernel::Loops);
}

#[test]
fn paths_know_ellipses_and_index_arithmetic() {
    let batch = Array4::<f64>::zeros((3, 2, 30, 30));
    let square = Array2::<f64>::zeros((30, 30));
    let path = einsum_path!("...ij,jk,kl->...il", batch, square, square);
    assert_eq!(path.steps().last().unwrap().remaining(), "...il");
    let path =
        einsum_path!("n(2x+i-1)c,ico->nxo", Array3::<f64>::zeros((2, 9, 4)), Array3::<f64>::zeros((3, 4, 5)));
    assert_eq!(path.steps()[0].subscripts(), "n(2x+i-1)c,ico->nxo");
    assert_eq!(path.flops(), 2.0 * (2 * 5 * 3 * 4 * 5) as f64);
}

#[test]
fn errors_of_a_path_are_those_of_the_call() {
    let (a, b) = (numbers(2, 3), numbers(2, 3));
    let error = try_einsum_path!("ij,jk,kl->il", a, b, a).unwrap_err();
    assert_eq!(error, try_einsum!("ij,jk,kl->il", a, b, a).unwrap_err());
}

#[test]
fn broadcast_operands_are_contracted_in_pairs_too() {
    let (a, row) = (numbers(40, 40), numbers(1, 40));
    let wide = row.broadcast((40, 40)).unwrap();
    let expected = a.dot(&wide).dot(&a);
    assert_eq!(einsum!("ij,jk,kl->il", a, wide, a), expected);
    assert_eq!(einsum!("ij,jk,kl->il", a, row, a), expected);
    // A sum over a label along which every operand stands still counts each of its values.
    let (left, right) = (numbers(40, 1), numbers(1, 40));
    let (left, right) = (left.broadcast((40, 6)).unwrap(), right.broadcast((6, 40)).unwrap());
    assert_eq!(einsum!("ij,jk,kl->il", left, right, a), left.dot(&right).dot(&a));
}

#[test]
fn gradients_of_several_operands_are_in_pairs() {
    let (a, b, c) = (numbers(40, 50), numbers(50, 60), numbers(60, 30));
    let d = numbers(40, 30);
    let (da, db, dc) = einsum_grad!("ij,jk,kl->il", a, b, c; d);
    assert_eq!(da, d.dot(&c.t()).dot(&b.t()));
    assert_eq!(db, a.t().dot(&d).dot(&c.t()));
    assert_eq!(dc, b.t().dot(&a.t()).dot(&d));
}

#[test]
fn memory_is_limited() {
    let a = numbers(100, 100);
    assert_eq!(einsum_path!("ij,jk,kl->il", a, a, a).memory(), 80_000);
    assert!(einsum_path!("ij,jk,kl->il", a, a, a; memory_limit = 20_000).memory() <= 20_000);
    let expected = a.dot(&a).dot(&a);
    assert_eq!(try_einsum!("ij,jk,kl->il", a, a, a; memory_limit = 20_000), Ok(expected));
    let error = try_einsum!("ij,jk,kl->il", a, a, a; memory_limit = 10).unwrap_err();
    assert!(matches!(error, EinsumError::MemoryLimit { limit: 10, .. }));
    let message = error.to_string();
    assert!(message.starts_with("the intermediates of \"ij,jk,kl->il\" take "), "{message}");
    assert!(
        message.ends_with(" in the leanest order that was found, more than the limit of 10"),
        "{message}"
    );
}

#[test]
fn naive_costs_are_those_of_opt_einsum() {
    let (factor, tensor) = (numbers(10, 10), Array4::<f64>::zeros((10, 10, 10, 10)));
    let path = einsum_path!("ea,fb,abcd,gc,hd->efgh", factor, factor, tensor, factor, factor);
    assert_eq!((path.naive_flops(), path.flops()), (5e8, 8e5));
}

#[test]
fn a_larger_limit_never_refuses_what_a_smaller_one_allows() {
    let factors = [numbers(27, 42), numbers(42, 62), numbers(62, 33), numbers(33, 36)];
    let views: Vec<_> = factors.iter().map(|factor| factor.view().into_dyn()).collect();
    let needed = |limit| {
        let equation = Equation::new("ij,jk,kl,lm->im", 4).unwrap().with_memory_limit(limit);
        match equation.einsum(&views) {
            Ok(_) => None,
            Err(EinsumError::MemoryLimit { needed, .. }) => Some(needed),
            Err(other) => panic!("{other}"),
        }
    };
    let least = needed(1).expect("one byte is not enough");
    assert_eq!(needed(least), None, "what is said to be needed is enough");
    assert_eq!(needed(least - 1), Some(least));
    for limit in (least..20_000).step_by(7) {
        assert_eq!(needed(limit), None, "{limit} bytes, where {least} are enough");
    }
}

#[test]
fn plans_are_remembered_by_layouts_too() {
    let (a, b, c) = (numbers(96, 96).mapv(|x| x as f32 / 7.0), numbers(96, 96), numbers(96, 96));
    let (b, c) = (b.mapv(|x| x as f32 / 3.0), c.mapv(|x| x as f32 / 11.0));
    let turned = b.t().to_owned();
    let layouts = [b.view().into_dyn(), turned.t().into_dyn()];
    let equation = || Equation::new("ij,kj,lk->li", 3).unwrap();
    let product = |equation: &Equation, b: &einsum::ndarray::ArrayViewD<'_, f32>| {
        equation.einsum(&[a.view().into_dyn(), b.clone(), c.view().into_dyn()]).unwrap()
    };
    let used = equation();
    for b in layouts.iter().rev().chain(&layouts) {
        assert_eq!(product(&used, b), product(&equation(), b), "each time as the first time");
    }
}

#[test]
fn paths_of_stretched_and_of_empty_operands_are_those_of_the_call() {
    let (a, b, c) = (numbers(1, 30), numbers(30, 40), numbers(40, 20));
    let path = einsum_path!("ij,jk,kl->il", a, b, c; i = 50);
    for step in path.steps() {
        let (read, made) = step.subscripts().split_once("->").unwrap();
        assert!(made.chars().all(|label| read.contains(label)), "{}", step.subscripts());
    }
    let empty = Array2::<f64>::zeros((0, 20));
    let path = try_einsum_path!("ij,jk,kl->il", a, numbers(30, 0), empty; memory_limit = 0);
    assert!(path.is_ok(), "one loop nest over nothing: {path:?}");
    let wide = Array2::<f64>::zeros((20, 0));
    let call = try_einsum!("ij,jk,kl->il", b, c, wide; memory_limit = 0);
    assert_eq!(call, Ok(Array2::zeros((30, 0))));
    let path = try_einsum_path!("ij,jk,kl->il", b, c, wide; memory_limit = 0);
    assert_eq!(path.map(|path| path.memory()), Ok(0));
}

#[test]
fn many_operands_have_an_order() {
    let m = array![[1_i64, 1], [1, 0]];
    let power =
        einsum!("ab,bc,cd,de,ef,fg,gh,hi,ij,jk,kl,lm,mn,no->ao", m, m, m, m, m, m, m, m, m, m, m, m, m, m);
    assert_eq!(power, array![[610, 377], [377, 233]]);
    let ring =
        einsum!("ab,bc,cd,de,ef,fg,gh,hi,ij,jk,kl,lm,mn,na->", m, m, m, m, m, m, m, m, m, m, m, m, m, m);
    assert_eq!(ring, 843);
}

thread_local! {
    static OPERATIONS: Cell<[usize; 2]> = const { Cell::new([0; 2]) };
}

/// A number that counts multiplications and additions.
#[derive(Debug, Clone, PartialEq)]
struct Counted(i64);

fn count(place: usize) {
    OPERATIONS.with(|operations| {
        let mut counts = operations.get();
        counts[place] += 1;
        operations.set(counts);
    });
}

impl Mul for Counted {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        count(0);
        Self(self.0 * other.0)
    }
}

impl Add for Counted {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        count(1);
        Self(self.0 + other.0)
    }
}

impl Zero for Counted {
    fn zero() -> Self {
        Self(0)
    }
    fn is_zero(&self) -> bool {
        self.0 == 0
    }
}

/// The path of a call, and its multiplications and additions. All extents are those of the letters.
fn counted(subscripts: &str, extent: impl Fn(char) -> usize) -> (einsum::Path, [usize; 2]) {
    let (terms, _) = subscripts.split_once("->").unwrap();
    let operands: Vec<ArrayD<Counted>> = terms
        .split(',')
        .map(|term| ArrayD::from_elem(IxDyn(&term.chars().map(&extent).collect::<Vec<_>>()), Counted(1)))
        .collect();
    let views: Vec<_> = operands.iter().map(|operand| operand.view()).collect();
    let equation: Equation = subscripts.parse().unwrap();
    let path = equation.path(&views).unwrap();
    OPERATIONS.set([0; 2]);
    equation.einsum(&views).unwrap();
    (path, OPERATIONS.get())
}

#[test]
fn prices_of_nests_are_what_is_counted() {
    for subscripts in [
        "i,ij,j->",
        "ij,jk,kl->il",
        "ijk,jr,kr->ir",
        "i,ij,jk,k->",
        "a,b,c->abc",
        "ab,ab,ab->a",
        "ij,ik,il->jkl",
    ] {
        // So short that no partial sums are added in the end.
        let (path, [multiplications, additions]) = counted(subscripts, |label| 2 + label as usize % 2);
        assert_eq!(path.steps()[0].kernel(), Kernel::LoopNest, "{subscripts}");
        assert_eq!(path.flops(), (multiplications + additions) as f64, "{subscripts}");
    }
}

/// A view may be as large as nothing can be: it repeats one element.
#[test]
fn a_path_of_more_products_than_can_be_counted() {
    let a = Array2::<f32>::ones((1, 1));
    let a = a.broadcast((1 << 30, 1 << 30)).unwrap();
    let path = einsum_path!("ij,jk->ik", a, a);
    assert_eq!(path.steps()[0].kernel(), Kernel::Loops);
}

#[test]
fn prices_of_pairs_are_what_is_counted() {
    for subscripts in ["ij,jk,kl->il", "ijk,jr,kr->ir", "ij,jk,kl,lm->im", "ki,k,kj->ij", "bij,bjk,bkl->bil"]
    {
        let (path, [multiplications, _]) = counted(subscripts, |label| 17 + 6 * (label as usize % 2));
        assert!(path.steps().len() > 1, "{subscripts}");
        let is_sum = |step: &einsum::PathStep| {
            let (terms, result) = step.subscripts().split_once("->").unwrap();
            terms.chars().any(|label| label != ',' && !result.contains(label))
        };
        let products =
            path.steps().iter().map(|step| if is_sum(step) { step.flops() / 2.0 } else { step.flops() });
        assert_eq!(products.sum::<f64>(), multiplications as f64, "{subscripts}");
    }
}
