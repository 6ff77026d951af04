//! Calls to refuse.

use super::*;

/// Subscripts that no operands make right.
const NOT_EQUATIONS: &[&str] = &[
    "()->",
    "(3)->",
    "(x->x",
    "x)->x",
    "((x))->x",
    "(x+x)->x",
    "(x+i-x)->x",
    "(0x)->x",
    "(x+0i)->x",
    "(xi)->xi",
    "(x*i)->xi",
    "(x*2)->x",
    "(x2)->x",
    "(2**x)->x",
    "(*x)->x",
    "(+x)->x",
    "(--x)->x",
    "(x+-i)->x",
    "(x+)->x",
    "(x-)->x",
    "(2*)->",
    "(2*3x)->x",
    "(...)->...",
    "(x...)->x...",
    "(x,i)->x",
    "(x->)i",
    "2x->x",
    "x+1->x",
    "x-1->x",
    "*x->x",
    "1",
    "(x)->(x",
    "(x)->x)",
    "(x)->xx",
    "(x)->(x)(x)",
    "(x)->(i)",
    "(x)->(x+i)",
    "(x.)->x",
];

#[test]
fn what_is_no_equation_is_refused() {
    for subscripts in NOT_EQUATIONS {
        assert!(Equation::new(subscripts, 1).is_err(), "{subscripts:?}");
    }
}

/// Subscripts, shapes of operands and given extents that are no call together.
type Call<'a> = (&'a str, &'a [&'a [usize]], &'a [(&'a str, usize)]);

const REFUSED: &[Call] = &[
    // Nothing says how large a label is.
    ("(x+i)->xi", &[&[5]], &[]),
    ("(x+i)->", &[&[5]], &[]),
    ("(x+i)(i+x)->xi", &[&[5, 5]], &[]),
    ("(x+i),(i+j+k),k->x", &[&[5], &[5], &[2]], &[]),
    // Two indices disagree.
    ("(x+i),(x+i),i->x", &[&[5], &[6], &[3]], &[]),
    ("(x+i)(x+2i),i->x", &[&[6, 6], &[3]], &[]),
    // A position outside.
    ("(x+i),i,x->x", &[&[5], &[3], &[4]], &[]),
    ("(x+i-1),i,x->x", &[&[5], &[3], &[6]], &[]),
    ("(x+i)->x", &[&[5]], &[("i", 3), ("x", 4)]),
    ("(x-i),i,x->x", &[&[5], &[2], &[2]], &[]),
    ("(x-i+1),i,x->x", &[&[5], &[2], &[5]], &[]),
    ("(x+5),x->", &[&[5], &[1]], &[]),
    ("x,i->(x-i)", &[&[3], &[2]], &[]),
    ("x->(x+x)", &[&[3]], &[]),
    // Axes that would have to be stretched.
    ("(x+i),i,x->x", &[&[1], &[1], &[3]], &[]),
    ("(x)->x", &[&[1]], &[("x", 3)]),
    // Given extents that labels alone do not have.
    ("i->i", &[&[3]], &[("i", 2)]),
    ("i->i", &[&[3]], &[("i", 1)]),
    ("i,(x+i)->x", &[&[3], &[5]], &[("i", 2)]),
    // One index stands for one axis.
    ("(x+i),i->x", &[&[5, 5], &[3]], &[]),
    ("(x+i)i->x", &[&[5]], &[]),
    ("...(x)->...x", &[&[]], &[]),
];

/// What the twin makes of a call whose operands are zeros.
fn call((subscripts, shapes, given): Call, target: Option<&mut ArrayD<i64>>) -> Result<(), String> {
    let operands: Vec<ArrayD<i64>> = shapes.iter().map(|&shape| ArrayD::zeros(shape)).collect();
    let mut equation = Equation::new(subscripts, operands.len()).map_err(|error| error.to_string())?;
    for &(label, extent) in given {
        let label = label.parse().expect("one character");
        equation = equation.with_extent(label, extent).map_err(|error| error.to_string())?;
    }
    let result = match target {
        Some(target) => equation.assign(target, &views(&operands)),
        None => equation.einsum(&views(&operands)).map(drop),
    };
    result.map_err(|error| error.to_string())
}

#[test]
fn wrong_calls_are_refused() {
    for &refused in REFUSED {
        assert!(call(refused, None).is_err(), "{refused:?}");
    }
}

#[test]
fn given_labels_are_labels_of_operands() {
    for given in [&[("j", 3)][..], &[("i", 3), ("i", 3)]] {
        assert!(call(("i->i", &[&[3]], given), None).is_err(), "{given:?}");
    }
}

#[test]
fn wrong_targets_are_left_alone() {
    let wrong: &[(Call, &[usize])] = &[
        (("x,i->(2x+i)", &[&[3], &[2]], &[]), &[5]),
        (("x,i->(2x+i)", &[&[3], &[2]], &[]), &[8]),
        (("x,i->(x+i-1)", &[&[3], &[2]], &[]), &[1]),
        (("x,i->(x+i-1)", &[&[3], &[2]], &[]), &[3]),
        (("x,i->(x+i)", &[&[3], &[2]], &[]), &[4, 1]),
        (("x,i->(x-i)", &[&[3], &[2]], &[]), &[3]),
        (("(x+i)->xi", &[&[5]], &[]), &[4, 3]),
        (("(x+i)->xi", &[&[5]], &[("i", 2)]), &[4, 3]),
        (("(x+i),i->x", &[&[5], &[3]], &[]), &[4]),
        (("x->x", &[&[1]], &[]), &[3]),
    ];
    for &(refused, shape) in wrong {
        let before = ArrayD::from_elem(shape, 77);
        let mut target = before.clone();
        assert!(call(refused, Some(&mut target)).is_err(), "{refused:?} into {shape:?}");
        assert_eq!(target, before, "{refused:?} into {shape:?}");
    }
}

#[test]
fn wrong_calls_of_the_macro_are_refused() {
    let (a, b, w) = (vector(5), vector(6), vector(3));
    assert!(try_einsum!("(x+i),(x+i),i->x", a, b, w).is_err());
    assert!(try_einsum!("(x+i),i,x->x", a, w, b).is_err());
    assert!(try_einsum!("(x+i),i->x", a, w; i = 2).is_err());
    assert!(try_einsum!("(x+i)->x", a; i = 3, x = 4).is_err());
    assert!(try_einsum!("x,i->(x-i)", a, w).is_err());
    assert!(try_einsum!("(x+i)->x", a; i = 3, x = 3).is_ok());
    let mut target = Array1::from_elem(9, 77);
    assert!(try_einsum!(target = "x,i->(x+i)", a, w).is_err());
    assert!(try_einsum!(target += "x,i->(2x+i)", a, w).is_err());
    assert!(try_einsum!(target -= "(x+i)->x", a; i = 2).is_err());
    assert_eq!(target, Array1::from_elem(9, 77));
}
