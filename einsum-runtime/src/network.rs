//! Contractions of several arrays, in pairs: the order that is cheapest for the extents at hand.
//!
//! ```text
//! order    one of the candidates, by their prices; or the result of a search, which a call remembers
//!      → tree: which array is made of which two, and how intermediates lie in memory
//!      → program: steps, in blocks where an intermediate would be large, and places in one buffer
//!      → run: axes of each step, for the contraction engine, or for loops
//! ```
//!
//! None of it knows the type of the elements, so it is compiled once.

mod arrays;
mod cache;
mod costs;
mod layout;
mod order;
mod prepared;
mod program;
mod run;
#[cfg(test)]
mod tests;
mod tree;

use core::marker::PhantomData;
use std::sync::Arc;

use ndarray::ArrayViewD;

use crate::arithmetic::{Arithmetic, ArithmeticOf, ElementType};
use crate::element::Element;
use crate::engine::erased;
use crate::error::EinsumError;
use crate::strided::{CursorMut, Strided, StridedMut};
use arrays::{Arrays, extents};
use costs::Costs;
use prepared::Prepared;
use run::Run;

pub(crate) use arrays::Labelled;
pub use cache::Cache;
pub use order::{Choice, Network, Order, Term};
pub(crate) use prepared::Described;

/// An array that is multiplied, with the label of each axis.
#[derive(Debug)]
pub struct Factor<'a, T> {
    array: Labelled<'a>,
    elements: PhantomData<&'a T>,
}

impl<'a, T> Factor<'a, T> {
    /// A factor with these labels.
    #[inline]
    #[must_use]
    pub fn new<const N: usize>(array: &'a Strided<'_, T, N>, labels: &'a [usize; N]) -> Self {
        Self { array: (array.erased(), labels), elements: PhantomData }
    }
}

impl NetworkCall<'_> {
    /// How to contract factors into an output, given the extents of the plan's labels: `None`, if one loop nest takes no longer.
    #[inline]
    #[must_use]
    pub fn choose<T: Element, const N: usize>(
        &self,
        _out: &StridedMut<'_, T, N>,
        extents: &[usize],
    ) -> Option<Choice> {
        match self.network.is_tiny(extents) {
            true => None,
            false => self.network.choose(extents, ElementType::of::<T>().is_some()),
        }
    }
}

/// Contracts several factors into `out` in pairs. `labels` has the label of each axis of the output.
///
/// # Errors
///
/// [`EinsumError::TooLarge`], if there is no memory for what is computed on the way, [`EinsumError::MemoryLimit`], if that is more
/// than is allowed. Nothing has been written by this function then.
///
/// # Panics
///
/// Where the axes of a label have different extents.
pub fn contract_network<T, const N: usize>(
    (out, labels): (&mut StridedMut<'_, T, N>, &[usize; N]),
    factors: &[Factor<'_, T>],
    call: &NetworkCall<'_>,
    choice: Choice,
    arithmetic: ArithmeticOf<T>,
) -> Result<(), EinsumError> {
    let factors: Vec<Labelled<'_>> = factors.iter().map(|factor| factor.array).collect();
    let arithmetic = arithmetic.erased();
    // SAFETY: the arrays have elements `T` and are borrowed, the output for writing.
    unsafe { contract(arithmetic, &Costs::of(&arithmetic), (out.erased(), labels), &factors, call, choice) }
}

/// Like [`contract_network`], but only if one loop nest would take longer, which is said; for arrays of dynamic rank, which have axes
/// of the loops in place of labels. Axes of extent 1 are
/// stretched, those that share a loop a diagonal. The output comes with its axes, and the extents of all loops.
pub(crate) fn contract_views<T: Element>(
    (out, out_axes, loops): (&mut CursorMut<'_, T>, &[usize], &[usize]),
    factors: &[(ArrayViewD<'_, T>, Vec<usize>)],
    call: &NetworkCall<'_>,
    extents: &[usize],
    arithmetic: ArithmeticOf<T>,
) -> Result<bool, EinsumError> {
    let Some(choice) = call.network.choose(extents, ElementType::of::<T>().is_some()) else {
        return Ok(false);
    };
    let factors: Vec<Labelled<'_>> = factors.iter().map(|(array, axes)| (erased(array), &axes[..])).collect();
    let arithmetic = arithmetic.erased();
    out.with_erased(out_axes, loops, |out| {
        // SAFETY: as above.
        unsafe { contract(arithmetic, &Costs::of(&arithmetic), (out, out_axes), &factors, call, choice) }
    })?;
    Ok(true)
}

/// What a call says of one of its steps.
#[derive(Debug, Clone, Copy)]
pub struct NetworkCall<'a> {
    /// How the step may be computed.
    pub network: Network<'a>,
    /// What has been planned for it.
    pub cache: &'a Cache,
    /// How many bytes intermediates may take.
    pub memory_limit: Option<usize>,
    /// The subscripts of the call, for errors.
    pub subscripts: &'a str,
}

/// # Safety
///
/// The arrays have elements of this arithmetic, and are borrowed, the output for writing.
unsafe fn contract(
    arithmetic: Arithmetic,
    costs: &Costs,
    out: Labelled<'_>,
    factors: &[Labelled<'_>],
    call: &NetworkCall<'_>,
    choice: Choice,
) -> Result<(), EinsumError> {
    if out.0.extents.contains(&0) {
        return Ok(());
    }
    let (arrays, extents, plan) = prepared(costs, &out, factors, call, choice)?;
    plan.checked_memory(costs, call.subscripts)?;
    // SAFETY: by the contract, and the arrays have the extents of their labels, or stand still along them; the plan is one
    // for arrays with these labels and extents.
    unsafe { Run::run(&plan, arithmetic, &arrays, extents) }
    Ok(())
}

/// The arrays, the extents of their labels, and the plan for them.
fn prepared(
    costs: &Costs,
    out: &Labelled<'_>,
    factors: &[Labelled<'_>],
    call: &NetworkCall<'_>,
    choice: Choice,
) -> Result<(Arrays, Vec<usize>, Arc<Prepared>), EinsumError> {
    let extents = extents(factors.iter().chain([out]));
    let arrays = Arrays::new(factors, out, &extents);
    let element = costs.element.map_or(0, |element| 1 + element as usize);
    let more = [costs.size, element, call.memory_limit.unwrap_or(usize::MAX)];
    let plan = call
        .cache
        .get(arrays.signature(&extents, more), || Prepared::new(&arrays, &extents, costs, call, choice))?;
    Ok((arrays, extents, plan))
}

/// How several factors would be contracted into `out`: the steps, and the elements of the buffer for what they make; `None`, if
/// that would be in one loop nest.
pub(crate) fn described<T: Element>(
    out: &Labelled<'_>,
    factors: &[Labelled<'_>],
    call: &NetworkCall<'_>,
    extents: &[usize],
) -> Result<Option<(Vec<Described>, usize)>, EinsumError> {
    let element = ElementType::of::<T>();
    let Some(choice) = call.network.choose(extents, element.is_some()) else { return Ok(None) };
    if out.0.extents.contains(&0) {
        return Ok(None);
    }
    let (arrays, extents, plan) = prepared(&Costs::new(size_of::<T>(), element), out, factors, call, choice)?;
    Ok(Some((plan.steps(&arrays, &extents, element), plan.program.buffer)))
}
