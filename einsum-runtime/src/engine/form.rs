//! Which of the kernels computes a contraction.

use super::across::Across;
use super::problem::Groups;
use super::stencil::Stencil;
use super::vector::MatrixVector;

/// What a contraction is to the kernels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A product of matrices, or anything else in the form of one.
    Product,
    Stencil,
    MatrixVector(MatrixVector),
    Across(Across),
}

impl Form {
    /// The form of a contraction of real numbers of so many bytes, of which a register has so many.
    pub(super) fn of(groups: &Groups, number: [usize; 2]) -> Self {
        let stencil = Stencil::new(groups).map(|_| Self::Stencil);
        let vector = || MatrixVector::new(groups, number).map(Self::MatrixVector);
        let across = || Across::new(groups).map(Self::Across);
        stencil.or_else(vector).or_else(across).unwrap_or(Self::Product)
    }

    /// Whether each element of one factor is used once or a few times, by a kernel that makes no panels of columns.
    pub(super) fn has_no_columns(&self) -> bool {
        matches!(self, Self::MatrixVector(_) | Self::Across(_))
    }
}
