//! The left side, packed in tiles of rows.

use pulp::{Simd, WithSimd};

use super::super::real::Real;
use super::super::transpose::BLOCK;
use super::{blocks_of, lowest, stretches, transpose_few};

/// The place of a row in a packed left side, whose tiles have `tile` rows and lie behind each other.
pub(in super::super) fn packed_row(row: usize, tile: usize, depth: usize) -> isize {
    (row / tile * tile * depth + row % tile) as isize
}

/// How many numbers a packed left side has.
pub(in super::super) fn packed_size(rows: usize, tile: usize, depth: usize) -> usize {
    rows.next_multiple_of(tile) * depth
}

/// A block of the left side, and the place for its copy.
///
/// # Safety of the operation
///
/// Whoever makes one promises that `left` plus each row's offset plus each depth's is an element.
pub(in super::super) struct LeftBlock<'a, T> {
    left: *const T,
    rows: &'a [[isize; 2]],
    depth: &'a [[isize; 2]],
    tile: usize,
    packed: &'a mut [T],
}

/// Positions of the depth that all rows are packed for before the next ones, but for whole stretches of neighbours:
/// each position may be on a page of its own, and so few stay in reach while the rows pass by.
const DEPTH_AT_ONCE: usize = 8;

/// The longest stretch that is not cut.
const STRETCH: usize = 64;

impl<'a, T: Real> LeftBlock<'a, T> {
    /// For each tile of rows, for each position of the depth, the rows of the tile.
    ///
    /// # Safety
    ///
    /// The promises of [`LeftBlock`].
    pub(in super::super) unsafe fn new(
        left: *const T,
        rows: &'a [[isize; 2]],
        depth: &'a [[isize; 2]],
        tile: usize,
        packed: &'a mut [T],
    ) -> Self {
        Self { left, rows, depth, tile, packed }
    }

    fn depth_at_once(&self) -> usize {
        let stretch = stretches(self.depth, 0).next().map_or(1, |(stretch, _)| stretch.len());
        if stretch <= STRETCH { DEPTH_AT_ONCE.next_multiple_of(stretch) } else { STRETCH }
    }
}

impl<T: Real> WithSimd for LeftBlock<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let at_once = self.depth_at_once();
        let Self { left, rows, depth, tile, packed } = self;
        let pitch = tile * depth.len();
        for (first, depth) in (0..).step_by(at_once).zip(depth.chunks(at_once)) {
            for (rows, packed) in rows.chunks(tile).zip(packed.chunks_exact_mut(pitch)) {
                let packed = &mut packed[first * tile..][..depth.len() * tile];
                let in_a_row = rows.iter().zip(rows[0][0]..).all(|(row, next)| row[0] == next);
                let is_whole = in_a_row && rows.len() == tile;
                // SAFETY: by the contract of `new`; rows that follow each other are a slice.
                unsafe {
                    match (is_whole, tile) {
                        (true, 6) => pack_neighbours::<T, 6>(left.wrapping_offset(rows[0][0]), depth, packed),
                        (true, 8) => pack_neighbours::<T, 8>(left.wrapping_offset(rows[0][0]), depth, packed),
                        _ => pack_rows(simd, left, rows, depth, tile, packed),
                    }
                }
            }
        }
    }
}

/// A tile of `R` rows that are neighbours.
///
/// # Safety
///
/// `left` plus each depth's offset is the first of `R` elements.
#[inline(always)]
unsafe fn pack_neighbours<T: Real, const R: usize>(left: *const T, depth: &[[isize; 2]], packed: &mut [T]) {
    for (&[depth, _], packed) in depth.iter().zip(packed.as_chunks_mut::<R>().0) {
        // SAFETY: by the contract.
        *packed = unsafe { left.wrapping_offset(depth).cast::<[T; R]>().read_unaligned() };
    }
}

/// A tile of any rows, at most `tile` of them.
///
/// # Safety
///
/// As for [`LeftBlock`].
#[inline(always)]
unsafe fn pack_rows<T: Real, S: Simd>(
    simd: S,
    left: *const T,
    rows: &[[isize; 2]],
    depth: &[[isize; 2]],
    tile: usize,
    mut packed: &mut [T],
) {
    for (stretch, step) in stretches(depth, 0) {
        let places;
        (places, packed) = packed.split_at_mut(stretch.len() * tile);
        for first in blocks_of(stretch.len()) {
            let column = |row: usize| left.wrapping_offset(rows[row][0] + lowest(&stretch[first..], step)[0]);
            // SAFETY: by the contract: the positions of a block are neighbours, from the lowest one on.
            unsafe { transpose_few(simd, column, rows.len(), step, &mut places[first * tile..], tile) }
        }
        if stretch.len() < BLOCK {
            // SAFETY: by the contract.
            unsafe { gather_rows(left, rows, stretch, tile, places) }
        }
    }
}

/// # Safety
///
/// As for [`LeftBlock`].
#[inline(always)]
unsafe fn gather_rows<T: Real>(
    left: *const T,
    rows: &[[isize; 2]],
    depth: &[[isize; 2]],
    tile: usize,
    packed: &mut [T],
) {
    for (&[depth, _], packed) in depth.iter().zip(packed.chunks_exact_mut(tile)) {
        for (&[row, _], place) in rows.iter().zip(packed) {
            // SAFETY: by the contract.
            *place = unsafe { *left.wrapping_offset(row + depth) };
        }
    }
}
