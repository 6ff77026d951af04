//! A contraction as four groups of axes.

use core::ops::Range;

use super::MAX_GROUP_AXES;
use super::group::{Axis, Group, Ranges};
use super::kernel::Mode;
use super::strategy::Strategy;

/// An axis of the loops, with its strides in the output, the left and the right array; `None` where the array does not
/// have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LoopAxis {
    pub(crate) extent: usize,
    pub(crate) strides: [Option<isize>; 3],
    /// Its label, if there are ranges of it.
    pub(crate) cut: Option<u8>,
}

impl LoopAxis {
    /// The axis of a label that no array has.
    pub(crate) const ABSENT: Self = Self { extent: 1, strides: [None; 3], cut: None };

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
        for &LoopAxis { extent, strides: [out, left, right], cut } in axes {
            let (left, right) = if self.swapped { (right, left) } else { (left, right) };
            match (left, right, out) {
                (Some(left), Some(right), Some(out)) => {
                    self.batch.push(Axis { extent, strides: [left, right, out], cut })?;
                }
                (Some(left), None, Some(out)) => {
                    self.rows.push(Axis { extent, strides: [left, out], cut })?
                }
                (None, Some(right), Some(out)) => {
                    self.columns.push(Axis { extent, strides: [right, out], cut })?
                }
                (Some(left), Some(right), None) => {
                    self.depth.push(Axis { extent, strides: [left, right], cut })?
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
        // Packing meets a cache line of the right side for each number, then, which other columns find there again.
        if self.depth.innermost().strides[1].unsigned_abs() != 1 {
            self.columns.bring_neighbours_near(0);
        }
        Some(())
    }
}

const LEFT: usize = 1;
const RIGHT: usize = 2;

/// Rows that are summed over the same part of the depth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Class {
    pub(super) rows: Group<2>,
    /// Where the rows begin in the left side and in the output.
    pub(super) start: [isize; 2],
    /// The ranges of the depth's axes.
    pub(super) depth: Ranges,
}

impl Class {
    /// All rows, with the whole depth.
    pub(super) fn whole(groups: &Groups) -> Self {
        let mut depth = [[0, 1]; MAX_GROUP_AXES];
        groups.depth.axes().iter().zip(&mut depth).for_each(|(axis, range)| range[1] = axis.extent);
        Self { rows: groups.rows, start: [0; 2], depth }
    }

    /// Appends the offsets of these rows in the left side and in the output, in numbers, of which an element has `parts`:
    /// an imaginary part is a row of its own, behind that of the real part.
    pub(super) fn offsets(&self, rows: Range<usize>, parts: usize, table: &mut Vec<[isize; 2]>) {
        let (filled, count) = (table.len(), rows.len());
        self.rows.offsets(rows, parts as isize, table);
        let start = self.start.map(|offset| offset * parts as isize);
        if start != [0; 2] {
            table[filled..].iter_mut().for_each(|row| *row = [row[0] + start[0], row[1] + start[1]]);
        }
        if parts == 2 {
            table.resize(filled + 2 * count, [0; 2]);
            let table = &mut table[filled..];
            for row in (0..count).rev() {
                let [left, out] = table[row];
                (table[2 * row], table[2 * row + 1]) = ([left, out], [left + 1, out]);
            }
        }
    }
}

/// Rows of one class that come one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) class: usize,
    pub(super) rows: Range<usize>,
}

/// The rows of a contraction: one class most often.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) classes: &'a [Class],
    /// All rows of all classes, in the order in which they are computed.
    pub(super) pieces: &'a [Piece],
    /// Whether no element of the output belongs to two classes.
    pub(super) disjoint: bool,
}

impl Rows<'_> {
    /// Whether these are all rows, each with the whole depth.
    pub(super) fn are_whole(&self, groups: &Groups) -> bool {
        *self.classes == [Class::whole(groups)]
    }

    pub(super) fn len(&self) -> usize {
        self.pieces.iter().map(|piece| piece.rows.len()).sum()
    }

    /// Calls `visit` for each piece of these rows.
    pub(super) fn pieces(&self, rows: Range<usize>, mut visit: impl FnMut(Piece)) {
        let mut first = 0;
        for Piece { class, rows: all } in self.pieces {
            let own = |row: usize| all.start + row.saturating_sub(first).min(all.len());
            let rows = own(rows.start)..own(rows.end);
            if !rows.is_empty() {
                visit(Piece { class: *class, rows });
            }
            first += all.len();
        }
    }
}

/// A contraction of real numbers, or of pairs of them.
///
/// # Safety of its use
///
/// From each pointer on, every sum of one offset of each of its array's groups leads to an element of that array, where
/// the rows and the depth in the left side are those of one class, and the depth in the right side is that of any; those
/// in the output are all different, but for rows of classes that are not disjoint.
#[derive(Debug, Clone, Copy)]
pub(super) struct Problem<'a, T> {
    pub(super) groups: &'a Groups,
    pub(super) rows: Rows<'a>,
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
