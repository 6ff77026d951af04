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
        let vector = MatrixVector::new(groups, number);
        // The gradient of a kernel has planes as small as that, and long sums.
        let is_stencil =
            |stencil: &Stencil| vector.is_none() || stencil.width() >= groups.depth.innermost().extent;
        if Stencil::new(groups).is_some_and(|stencil| is_stencil(&stencil)) {
            return Self::Stencil;
        }
        let across = || Across::new(groups).map(Self::Across);
        vector.map(Self::MatrixVector).or_else(across).unwrap_or(Self::Product)
    }

    /// The form of a contraction of complex numbers, where a register has so many numbers.
    pub(super) fn of_complex(groups: &Groups, lanes: usize) -> Self {
        // Both parts of a number must be in one register.
        let across = if lanes > 1 { Across::new(groups) } else { None };
        across.map_or(Self::Product, Self::Across)
    }

    /// Whether each element of one factor is used once or a few times, by a kernel that makes no panels of columns.
    pub(super) fn has_no_columns(&self) -> bool {
        matches!(self, Self::MatrixVector(_) | Self::Across(_))
    }
}
