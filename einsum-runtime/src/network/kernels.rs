//! What the steps of a network need to know of elements.

use super::program::Limits;
use crate::arithmetic::Arithmetic;
use crate::engine::{LoopAxis, Mode, arch, contract_axes};

/// The elements of a call, how its result is stored, and where blocks and copies pay.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kernels {
    pub(super) arithmetic: Arithmetic,
    pub(super) limits: Limits,
}

impl Kernels {
    pub(super) fn of(arithmetic: Arithmetic) -> Self {
        Self { arithmetic, limits: Limits::of(arithmetic.size()) }
    }

    /// Computes the output of a step from one factor or two: the result of the call or an intermediate, or more of the same sums,
    /// if a part of them has been written.
    ///
    /// # Safety
    ///
    /// From each pointer to the output and the factors on, every offset of its array's axes leads to an element of that array; those
    /// in the output are all different, and nobody else reads or writes them. Without a second factor, its pointer is not read.
    pub(super) unsafe fn step(
        &self,
        axes: &mut [LoopAxis],
        starts: [*mut (); 3],
        is_product: bool,
        is_result: bool,
        is_further: bool,
    ) {
        let arithmetic = if is_result { self.arithmetic } else { self.arithmetic.with_mode(Mode::Assign) };
        let arithmetic = if is_further { arithmetic.further() } else { arithmetic };
        // SAFETY: by the contract.
        unsafe {
            if !is_product || !contract_axes(axes, starts, arithmetic, arch()) {
                arithmetic.run_loops(axes, starts, is_product, arch());
            }
        }
    }
}
