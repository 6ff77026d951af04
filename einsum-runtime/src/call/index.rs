//! Positions along an axis, and how far they reach.
//!
//! Extents may be anything up to `isize::MAX`, and coefficients are small, so all of this is computed in `i128`.

use core::fmt;

use einsum_plan as plan;

/// The index of an axis, as a constant of an expansion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index<'a> {
    /// A label.
    Label(usize),
    /// A sum of labels.
    Affine(Affine<'a>),
}

/// `2x + i - 1`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Affine<'a> {
    /// The labels with their coefficients.
    pub parts: &'a [(usize, isize)],
    /// What is added.
    pub constant: isize,
    /// How many positions beyond both ends of the axis count as zeros.
    pub padding: usize,
}

impl<'a> Index<'a> {
    /// The label of an index that is nothing else.
    #[inline]
    pub(crate) fn label(self) -> Option<usize> {
        match self {
            Self::Label(label) => Some(label),
            Self::Affine(_) => None,
        }
    }

    pub(crate) fn affine(self) -> Option<Affine<'a>> {
        match self {
            Self::Label(_) => None,
            Self::Affine(affine) => Some(affine),
        }
    }
}

impl Affine<'_> {
    /// The index as it was written.
    pub(super) fn text(self, labels: &[char]) -> Box<str> {
        let parts = self.parts.iter().map(|&(label, coefficient)| (labels[label], coefficient)).collect();
        plan::Index::Affine(plan::Affine { parts, constant: self.constant }).to_string().into()
    }

    /// The first and the last position. A label without values counts as if its only value were the one before the first,
    /// as in the formula by which conv layers compute their extents.
    fn reach(self, extents: &[usize]) -> [i128; 2] {
        let mut reach = [self.constant as i128; 2];
        for &(label, coefficient) in self.parts {
            reach[usize::from(coefficient > 0)] += coefficient as i128 * (extents[label] as i128 - 1);
        }
        reach
    }

    /// The positions that an axis of this extent has, zeros included.
    fn axis(self, extent: usize) -> [i128; 2] {
        let padding = self.padding as i128;
        [-padding, extent as i128 - 1 + padding]
    }

    /// How many values of `label`, from 0 on, keep all positions inside of an axis of this extent, given the extents of the
    /// other labels: `floor((H + 2p - d*(I-1) - 1) / s) + 1` for `s*x + d*i - p`, none if that is negative.
    pub(super) fn told(self, label: usize, extent: usize, extents: &[usize]) -> usize {
        let own = self.parts.iter().find(|(part, _)| *part == label);
        let coefficient = own.map_or(1, |&(_, coefficient)| coefficient as i128);
        let others: &mut Vec<usize> = &mut extents.to_vec();
        others[label] = 1;
        let ([least, most], [first, last]) = (self.reach(others), self.axis(extent));
        if least < first || most > last {
            return 0;
        }
        let room = if coefficient > 0 { last - most } else { least - first };
        usize::try_from(room / coefficient.abs() + 1).unwrap_or(usize::MAX)
    }

    /// The first and the last position, if one of them lies outside of an axis of this extent and its padding.
    pub(crate) fn outside(self, extent: usize, extents: &[usize]) -> Option<[i128; 2]> {
        let ([least, most], [first, last]) = (self.reach(extents), self.axis(extent));
        let is_empty = self.parts.iter().any(|&(label, _)| extents[label] == 0);
        (!is_empty && (least < first || most > last)).then_some([least, most])
    }

    /// The extent that an owned result has: up to the last position, without the padding.
    pub(super) fn extent(self, extents: &[usize]) -> usize {
        let [_, last] = self.reach(extents);
        usize::try_from((last + 1 - self.padding as i128).max(0)).unwrap_or(usize::MAX)
    }
}

/// Positions from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// The first one.
    pub first: isize,
    /// The last one.
    pub last: isize,
}

impl Reach {
    /// As far as numbers go.
    pub(super) fn of([first, last]: [i128; 2]) -> Self {
        let nearest = |position: i128| position.clamp(isize::MIN as i128, isize::MAX as i128) as isize;
        Self { first: nearest(first), last: nearest(last) }
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "is {}", self.first)
        } else {
            write!(f, "reaches from {} to {}", self.first, self.last)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `s*x + d*i + constant`
    fn index(parts: &[(usize, isize)], constant: isize, padding: usize) -> Affine<'_> {
        Affine { parts, constant, padding }
    }

    #[test]
    fn a_conv_layer_tells_its_extent() {
        let layer = index(&[(0, 2), (1, 3)], -1, 1);
        for (height, kernel) in [(1, 1), (7, 2), (8, 3), (9, 3), (20, 4)] {
            let formula = (height + 2 - 3 * (kernel - 1) - 1_isize).div_euclid(2) + 1;
            let told = layer.told(0, height as usize, &[1, kernel as usize]);
            assert_eq!(told, formula.max(0) as usize, "{height} {kernel}");
        }
        assert_eq!(layer.told(0, 3, &[1, 3]), 0, "the kernel is larger than the image");
    }

    #[test]
    fn shifts_and_reversed_kernels_tell_theirs() {
        assert_eq!(index(&[(0, 1)], 3, 0).told(0, 10, &[1]), 7);
        assert_eq!(index(&[(0, 1), (1, -1)], 2, 0).told(0, 10, &[1, 3]), 8);
        assert_eq!(index(&[(0, 1), (1, -1)], 1, 0).told(0, 10, &[1, 3]), 0, "before the start already");
        assert_eq!(index(&[(0, -2)], 9, 0).told(0, 10, &[1]), 5);
        assert_eq!(index(&[(0, -2)], 10, 0).told(0, 10, &[1]), 0);
        assert_eq!(index(&[(0, 1), (1, 1)], 0, 0).told(0, 4, &[1, 0]), 5);
    }

    #[test]
    fn positions_outside_are_found() {
        let layer = index(&[(0, 2), (1, 1)], -1, 1);
        assert_eq!(layer.outside(8, &[4, 3]), None);
        assert_eq!(layer.outside(8, &[5, 3]), Some([-1, 9]));
        assert_eq!(layer.outside(8, &[5, 2]), None, "the last is in the padding");
        assert_eq!(layer.outside(0, &[5, 0]), None, "there are no positions");
    }

    #[test]
    fn an_owned_result_ends_with_the_last_position() {
        assert_eq!(index(&[(0, 2), (1, 3)], -1, 1).extent(&[5, 3]), 2 * 4 + 3 * 2 + 1 - 2);
        assert_eq!(index(&[(0, 1), (1, -1)], 2, 0).extent(&[5, 3]), 7);
        assert_eq!(index(&[(0, 1)], -3, 3).extent(&[2]), 0);
    }
}
