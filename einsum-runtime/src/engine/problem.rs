//! A contraction as four groups of axes.

use super::group::{Axis, Group};
use super::kernel::Mode;
use super::strategy::Strategy;

/// An axis of the loops, with its strides in the output, the left and the right array; `None` where the array does not
/// have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LoopAxis {
    pub(super) extent: usize,
    pub(super) strides: [Option<isize>; 3],
}

impl LoopAxis {
    /// The axis of a label that no array has.
    pub(super) const ABSENT: Self = Self { extent: 1, strides: [None; 3] };

    /// Whether the axis belongs to a group: it is in two arrays at least, or has but one position.
    pub(super) fn is_shared(&self) -> bool {
        self.extent == 1 || self.strides.iter().flatten().count() >= 2
    }

    /// A batch axis along which one operand stands still is a free axis of the other.
    pub(super) fn forget_stretched(&mut self) {
        if let [Some(_), Some(left), Some(right)] = self.strides {
            match (left, right) {
                (0, _) => self.strides[LEFT] = None,
                (_, 0) => self.strides[RIGHT] = None,
                _ => {}
            }
        }
    }
}

/// `out[b, m, n] (+)= left[b, m, k] * right[b, k, n]`, each letter a group of axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Groups {
    /// Strides in the left side, the right side and the output.
    pub(super) batch: Group<3>,
    /// Strides in the left side and the output.
    pub(super) rows: Group<2>,
    /// Strides in the right side and the output.
    pub(super) columns: Group<2>,
    /// Strides in the left and the right side.
    pub(super) depth: Group<2>,
    /// Whether the left operand is the right side, and the other way round.
    pub(super) swapped: bool,
}

impl Groups {
    pub(super) const EMPTY: Self = Self {
        batch: Group::EMPTY,
        rows: Group::EMPTY,
        columns: Group::EMPTY,
        depth: Group::EMPTY,
        swapped: false,
    };

    /// Sorts axes, each of which at least two arrays have, into the groups; `None` if a group has too many.
    ///
    /// Swapped, the left operand is the right side.
    pub(super) fn fill(&mut self, axes: &[LoopAxis], swapped: bool) -> Option<()> {
        *self = Self { swapped, ..Self::EMPTY };
        for &LoopAxis { extent, strides: [out, left, right] } in axes {
            let (left, right) = if self.swapped { (right, left) } else { (left, right) };
            match (left, right, out) {
                (Some(left), Some(right), Some(out)) => {
                    self.batch.push(Axis { extent, strides: [left, right, out] })?;
                }
                (Some(left), None, Some(out)) => self.rows.push(Axis { extent, strides: [left, out] })?,
                (None, Some(right), Some(out)) => {
                    self.columns.push(Axis { extent, strides: [right, out] })?
                }
                (Some(left), Some(right), None) => {
                    self.depth.push(Axis { extent, strides: [left, right] })?
                }
                // No group's, but then with one position.
                _ => {}
            }
        }
        self.batch.arrange(2);
        self.rows.arrange(1);
        self.columns.arrange(1);
        // Both sides are read along the depth; the right one is read more, by vectors.
        self.depth.arrange(1);
        Some(())
    }
}

const LEFT: usize = 1;
const RIGHT: usize = 2;

/// A contraction of real numbers, or of pairs of them.
///
/// # Safety of its use
///
/// From each pointer on, every offset of its array's groups leads to an element of that array; those in the output
/// are all different.
#[derive(Debug, Clone, Copy)]
pub(super) struct Problem<'a, T> {
    pub(super) groups: &'a Groups,
    pub(super) left: *const T,
    pub(super) right: *const T,
    pub(super) out: *mut T,
    pub(super) mode: Mode,
    pub(super) strategy: Strategy,
    /// Whether elements are pairs of real numbers: strides are counted in elements, pointers in numbers.
    pub(super) complex: bool,
}

// SAFETY: the arrays behind the pointers are borrowed for as long as a problem is used, and its users write to
// different parts of the output.
unsafe impl<T: Sync> Sync for Problem<'_, T> {}
