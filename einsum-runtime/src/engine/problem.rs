//! A contraction as four groups of axes, and which side is loaded as vectors.

use core::cmp::Reverse;

use super::group::{Axis, Group};
use super::kernel::Mode;

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
    pub(super) fn without_stretched(self) -> Self {
        let strides = match self.strides {
            [Some(out), Some(0), right @ Some(_)] => [Some(out), None, right],
            [Some(out), left @ Some(_), Some(0)] => [Some(out), left, None],
            strides => strides,
        };
        Self { strides, ..self }
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
    /// Sorts axes, each of which at least two arrays have, into groups.
    pub(super) fn new(axes: &[LoopAxis]) -> Self {
        let swapped = fitness_for_columns(axes, LEFT, RIGHT) > fitness_for_columns(axes, RIGHT, LEFT);
        let (left, right) = if swapped { (RIGHT, LEFT) } else { (LEFT, RIGHT) };
        let longest = |axis: &Axis<2>| axis.strides[0].unsigned_abs() + axis.strides[1].unsigned_abs();
        Self {
            batch: Group::new(shared(axes, [left, right, OUT], None), |axis| axis.strides[2].unsigned_abs()),
            rows: Group::new(shared(axes, [left, OUT], Some(right)), |axis| axis.strides[1].unsigned_abs()),
            columns: Group::new(shared(axes, [right, OUT], Some(left)), |axis| {
                axis.strides[1].unsigned_abs()
            }),
            depth: Group::new(shared(axes, [left, right], Some(OUT)), longest),
            swapped,
        }
    }
}

const OUT: usize = 0;
const LEFT: usize = 1;
const RIGHT: usize = 2;

/// The axes that these arrays have, but not the other one.
fn shared<const N: usize>(
    axes: &[LoopAxis],
    arrays: [usize; N],
    other: Option<usize>,
) -> impl Iterator<Item = Axis<N>> {
    axes.iter().filter(move |axis| other.is_none_or(|other| axis.strides[other].is_none())).filter_map(
        move |axis| {
            let strides = arrays.map(|array| axis.strides[array]);
            let all = strides.iter().all(Option::is_some);
            all.then(|| Axis { extent: axis.extent, strides: strides.map(Option::unwrap_or_default) })
        },
    )
}

/// How well the free axes of a side would do as the columns: best if they are neighbours in the output, since there is
/// no packing for that, then if they are neighbours in the side itself.
fn fitness_for_columns(axes: &[LoopAxis], side: usize, other: usize) -> (bool, bool, Reverse<usize>) {
    let free = || shared(axes, [side, OUT], Some(other)).filter(|axis| axis.extent > 1);
    let in_out = free().any(|axis| axis.strides[1] == 1);
    let in_side = free().any(|axis| axis.strides[0] == 1);
    let step = free().map(|axis| axis.strides[0].unsigned_abs()).min();
    (in_out, in_side, Reverse(step.unwrap_or(usize::MAX)))
}

/// A contraction of real numbers, or of pairs of them.
///
/// # Safety of its use
///
/// From each pointer on, every offset of its array's groups leads to an element of that array; those in the output
/// are all different.
#[derive(Debug, Clone, Copy)]
pub(super) struct Problem<T> {
    pub(super) groups: Groups,
    pub(super) left: *const T,
    pub(super) right: *const T,
    pub(super) out: *mut T,
    pub(super) mode: Mode,
    /// Whether elements are pairs of real numbers: strides are counted in elements, pointers in numbers.
    pub(super) complex: bool,
}

// SAFETY: the arrays behind the pointers are borrowed for as long as a problem is used, and its users write to
// different parts of the output.
unsafe impl<T: Sync> Sync for Problem<T> {}
