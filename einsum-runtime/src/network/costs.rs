//! What the plan of a network depends on, beside the arrays.

use super::program::Limits;
use crate::arithmetic::{Arithmetic, ElementType};

/// What is known of elements where steps are planned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Costs {
    /// Bytes of an element.
    pub(super) size: usize,
    /// The type, if it is one that has micro-kernels.
    pub(super) element: Option<ElementType>,
    /// Where blocks and copies pay.
    pub(super) limits: Limits,
}

impl Costs {
    pub(super) fn of(arithmetic: &Arithmetic) -> Self {
        Self::new(arithmetic.size(), arithmetic.element())
    }

    pub(super) fn new(size: usize, element: Option<ElementType>) -> Self {
        Self { size, element, limits: Limits::of(size) }
    }
}
