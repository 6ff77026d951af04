//! Columns that are neighbours in the right side along one axis, and in the output along another one.
//!
//! Packed panel by panel, each number would come from a cache line of its own. So all panels of a block are packed
//! together, a position of the depth at a time, in which the two axes are transposed.

use core::ops::Range;

use pulp::{Simd, WithSimd};

use super::super::blocking::COLUMNS;
use super::super::group::{Axis, Group};
use super::super::panels::Panels;
use super::super::real::Real;
use super::super::transpose::BLOCK;
use super::blocks_of;

/// Whether the last two axes of these columns are such a pair.
pub(in super::super) fn are_interleaved(columns: &Group<2>) -> bool {
    matches!(columns.axes(), [.., outer, inner] if outer.strides[0] == 1 && inner.strides[0] != 1)
}

/// Whether these columns are whole pairs of axes, for which there is room.
pub(in super::super) fn is_interleaved_block(columns: &Group<2>, block: &Range<usize>) -> bool {
    let inner = columns.innermost().extent;
    are_interleaved(columns)
        && block.len() <= COLUMNS
        && block.start.is_multiple_of(inner)
        && block.end.is_multiple_of(inner)
}

/// All panels of a block, and the places for their copies.
///
/// # Safety of the operation
///
/// Whoever makes one promises that `right` plus each column's offset plus each depth's is an element.
pub(in super::super) struct Interleaved<'a, T> {
    right: *const T,
    columns: &'a Group<2>,
    panels: &'a Panels,
    depth: &'a [[isize; 2]],
    /// Numbers of a packed panel's row.
    pitch: usize,
    packed: &'a mut [T],
}

impl<'a, T: Real> Interleaved<'a, T> {
    /// For each panel and each position of the depth the columns, `pitch` numbers apart.
    ///
    /// # Safety
    ///
    /// The promises of [`Interleaved`].
    ///
    /// # Panics
    ///
    /// Where the panels do not fit `packed`, or the columns are not [interleaved](is_interleaved_block).
    pub(in super::super) unsafe fn new(
        right: *const T,
        columns: &'a Group<2>,
        panels: &'a Panels,
        depth: &'a [[isize; 2]],
        pitch: usize,
        packed: &'a mut [T],
    ) -> Self {
        assert!(is_interleaved_block(columns, panels.block()), "columns are transposed in whole runs");
        assert!(packed.len() >= panels.count() * depth.len() * pitch, "packed panels fit their block");
        Self { right, columns, panels, depth, pitch, packed }
    }

    /// Calls `visit` for each run of the outer axis: with its first column, its length, and its offset in the right side.
    #[inline(always)]
    fn runs(&self, mut visit: impl FnMut(usize, usize, isize)) {
        let [.., outer, inner] = self.columns.axes() else {
            unreachable!("interleaved columns have two axes")
        };
        let Range { start, end } = *self.panels.block();
        let mut first = start;
        while first < end {
            let count =
                (outer.extent - first / inner.extent % outer.extent).min((end - first) / inner.extent);
            visit(first - start, count, self.columns.offset(first)[0]);
            first += count * inner.extent;
        }
    }
}

impl<T: Real> WithSimd for Interleaved<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let mut row = [T::ZERO; COLUMNS];
        let inner = self.columns.innermost();
        let size = self.depth.len() * self.pitch;
        for (position, &[_, depth]) in self.depth.iter().enumerate() {
            self.runs(|first, count, offset| {
                let run = &mut row[first..first + count * inner.extent];
                // SAFETY: by the contract of `new`.
                unsafe { transpose_run(simd, self.right.wrapping_offset(offset + depth), count, inner, run) }
            });
            let mut rest = &row[..self.panels.block().len()];
            for panel in 0..self.panels.count() {
                let columns;
                (columns, rest) = rest.split_at(self.panels.get(panel).0);
                self.packed[panel * size + position * self.pitch..][..columns.len()].copy_from_slice(columns);
            }
        }
    }
}

/// Copies `count` neighbours from each position of the inner axis: those of the same neighbour become neighbours.
///
/// # Safety
///
/// `start` plus each offset of the inner axis is the first of `count` elements.
#[inline(always)]
unsafe fn transpose_run<T: Real, S: Simd>(
    simd: S,
    start: *const T,
    count: usize,
    inner: Axis<2>,
    to: &mut [T],
) {
    let Axis { extent, strides: [stride, _], .. } = inner;
    let column = |n: usize| start.wrapping_offset(n as isize * stride);
    let to = &mut to[..count * extent];
    if count < BLOCK || extent < BLOCK {
        for (number, place) in to.iter_mut().enumerate() {
            // SAFETY: by the contract.
            *place = unsafe { *column(number % extent).add(number / extent) };
        }
        return;
    }
    for first in blocks_of(extent) {
        for neighbour in blocks_of(count) {
            let place = to.as_mut_ptr().wrapping_add(neighbour * extent + first);
            // SAFETY: by the contract; the block is inside of the run, and its rows are in the slice.
            unsafe { T::transpose(simd, |n| column(first + n).add(neighbour), place, extent as isize) }
        }
    }
}
