//! Elements that are no numbers.

use std::ops::{Add, Mul};

use num_traits::Zero;

use super::*;

/// Whether something is reached: addition is "or", multiplication is "and".
#[derive(Clone, Copy, Debug, PartialEq)]
struct Reached(bool);

impl Add for Reached {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        if self.0 { self } else { other }
    }
}

impl Mul for Reached {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        if self.0 { other } else { self }
    }
}

impl Zero for Reached {
    fn zero() -> Self {
        Self(false)
    }
    fn is_zero(&self) -> bool {
        !self.0
    }
}

#[test]
fn a_mask_is_dilated() {
    let mask = Array2::from_shape_fn((4, 5), |at| Reached([(0, 0), (2, 3)].contains(&at)));
    let cross = Array2::from_shape_fn((3, 3), |(i, j)| Reached(i == 1 || j == 1));
    let beside = |(x, y): (usize, usize), (i, j): (usize, usize)| x.abs_diff(i) + y.abs_diff(j) <= 1;
    let expected = Array2::from_shape_fn((4, 5), |at| Reached(beside(at, (0, 0)) || beside(at, (2, 3))));
    assert_eq!(einsum!("(x+i-1)(y+j-1),ij->xy", mask, cross).into_dyn(), expected.clone().into_dyn());
    assert_eq!(einsum!("xy,ij->(x+i-1)(y+j-1)", mask, cross).into_dyn(), expected.into_dyn());
}
