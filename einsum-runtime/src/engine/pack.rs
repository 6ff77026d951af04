//! Copies of blocks in the order in which the micro-kernel reads them.

use pulp::{Arch, Simd, WithSimd};

use super::kernel::Run;
use super::real::Real;
use super::transpose::BLOCK;

/// The place of a row in a packed left side, whose tiles have `tile` rows and lie behind each other.
pub(super) fn packed_row(row: usize, tile: usize, depth: usize) -> isize {
    (row / tile * tile * depth + row % tile) as isize
}

/// Room for `len` numbers, of any value.
///
/// It grows to exactly that, and never holds the old and the new numbers at once, for the sake of the bound on memory.
pub(super) fn at_least<T: Real>(room: &mut Vec<T>, len: usize) -> &mut [T] {
    if room.len() < len {
        *room = Vec::new();
        *room = vec![T::ZERO; len];
    }
    &mut room[..len]
}

/// Packs the left side: for each tile of rows, for each position of the depth, the rows of the tile.
///
/// # Safety
///
/// `left` plus each row's offset plus each depth's is an element.
pub(super) unsafe fn pack_left<T: Real>(
    left: *const T,
    rows: &[[isize; 2]],
    depth: &[[isize; 2]],
    tile: usize,
    packed: &mut Vec<T>,
) {
    let packed = at_least(packed, rows.len().next_multiple_of(tile) * depth.len());
    for (rows, packed) in rows.chunks(tile).zip(packed.chunks_exact_mut(tile * depth.len())) {
        let in_a_row = rows.iter().zip(rows[0][0]..).all(|(row, next)| row[0] == next);
        // SAFETY: by the contract; rows that follow each other are a slice.
        unsafe {
            match (in_a_row, rows.len()) {
                (true, 6) => pack_neighbours::<T, 6>(left.offset(rows[0][0]), depth, packed),
                (true, 8) => pack_neighbours::<T, 8>(left.offset(rows[0][0]), depth, packed),
                _ => pack_rows(left, rows, depth, tile, packed),
            }
        }
    }
}

/// A tile of `R` rows that are neighbours.
///
/// # Safety
///
/// `left` plus each depth's offset is the first of `R` elements.
unsafe fn pack_neighbours<T: Real, const R: usize>(left: *const T, depth: &[[isize; 2]], packed: &mut [T]) {
    for (&[depth, _], packed) in depth.iter().zip(packed.as_chunks_mut::<R>().0) {
        // SAFETY: by the contract.
        *packed = unsafe { left.offset(depth).cast::<[T; R]>().read_unaligned() };
    }
}

/// A tile of any rows, at most `tile` of them.
///
/// # Safety
///
/// As for [`pack_left`].
unsafe fn pack_rows<T: Real>(
    left: *const T,
    rows: &[[isize; 2]],
    depth: &[[isize; 2]],
    tile: usize,
    packed: &mut [T],
) {
    for (&[depth, _], packed) in depth.iter().zip(packed.chunks_exact_mut(tile)) {
        for (&[row, _], place) in rows.iter().zip(packed) {
            // SAFETY: by the contract.
            *place = unsafe { *left.offset(row + depth) };
        }
    }
}

/// Packs a panel of the right side: for each position of the depth, the columns, `pitch` numbers apart.
///
/// Elements are `parts` numbers.
///
/// # Safety
///
/// `right` plus each column's offset plus each depth's is an element.
///
/// # Panics
///
/// Where the columns do not fit `pitch`, or the depth does not fit `packed`.
pub(super) unsafe fn pack_right<T: Real>(
    right: *const T,
    runs: &[Run],
    depth: &[[isize; 2]],
    parts: usize,
    pitch: usize,
    packed: &mut [T],
    arch: Arch,
) {
    assert!(packed.len() >= depth.len() * pitch, "packed columns fit their block");
    let strided = runs.iter().any(|run| run.stride != parts as isize);
    for (depth, packed) in depth.chunks(BLOCK).zip(packed.chunks_mut(BLOCK * pitch)) {
        let in_a_row =
            depth.len() == BLOCK && depth.iter().zip(depth[0][1]..).all(|(at, next)| at[1] == next);
        // SAFETY: by the contract; positions that follow each other are a slice.
        unsafe {
            if strided && parts == 1 && in_a_row {
                let right = right.offset(depth[0][1]);
                arch.dispatch(Transposition { right, runs, pitch, packed });
            } else {
                copy_runs(right, runs, depth, parts, pitch, packed);
            }
        }
    }
}

/// Packs [`BLOCK`] positions of the depth, which are neighbours in the right side while the columns are not.
///
/// Only [`pack_right`] makes one: `right` plus each column's offset is the first of [`BLOCK`] elements.
struct Transposition<'a, T> {
    right: *const T,
    runs: &'a [Run],
    pitch: usize,
    packed: &'a mut [T],
}

impl<T: Real> WithSimd for Transposition<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for run in self.runs {
            let column =
                |column: usize| self.right.wrapping_offset(run.offset + column as isize * run.stride);
            let full = run.len / BLOCK * BLOCK;
            for first in (0..full).step_by(BLOCK) {
                let place = &mut self.packed[run.start + first..][..(BLOCK - 1) * self.pitch + BLOCK];
                // SAFETY: the columns are elements, by the contract, and the places are in the slice.
                unsafe { T::transpose(simd, column(first), run.stride, place.as_mut_ptr(), self.pitch) }
            }
            if full < run.len {
                // SAFETY: the remaining columns are elements, by the contract.
                unsafe { self.rest(simd, run, full) }
            }
        }
    }
}

impl<T: Real> Transposition<'_, T> {
    /// Packs the columns of a run from `first` on, which are fewer than a block.
    ///
    /// # Safety
    ///
    /// Each of the columns is the first of [`BLOCK`] elements.
    #[inline(always)]
    unsafe fn rest<S: Simd>(&mut self, simd: S, run: &Run, first: usize) {
        let mut columns = [[T::ZERO; BLOCK]; BLOCK];
        for (column, values) in (first..run.len).zip(&mut columns) {
            let start = self.right.wrapping_offset(run.offset + column as isize * run.stride);
            // SAFETY: by the contract.
            *values = unsafe { start.cast::<[T; BLOCK]>().read_unaligned() };
        }
        let mut rows = [[T::ZERO; BLOCK]; BLOCK];
        // SAFETY: both are blocks.
        unsafe {
            let (columns, rows) = (columns.as_ptr().cast(), rows.as_mut_ptr().cast());
            T::transpose(simd, columns, BLOCK as isize, rows, BLOCK);
        }
        for (row, packed) in rows.iter().zip(self.packed.chunks_mut(self.pitch)) {
            let places = &mut packed[run.start + first..run.start + run.len];
            places.copy_from_slice(&row[..places.len()]);
        }
    }
}

/// # Safety
///
/// As for [`pack_right`].
unsafe fn copy_runs<T: Real>(
    right: *const T,
    runs: &[Run],
    depth: &[[isize; 2]],
    parts: usize,
    pitch: usize,
    packed: &mut [T],
) {
    for (&[_, depth], packed) in depth.iter().zip(packed.chunks_exact_mut(pitch)) {
        for run in runs {
            let places = &mut packed[run.start * parts..(run.start + run.len) * parts];
            // SAFETY: by the contract.
            unsafe { copy_run(right.offset(depth + run.offset), run.stride, parts, places) }
        }
    }
}

/// Copies elements of `parts` numbers that lie `stride` numbers apart.
///
/// # Safety
///
/// `start` plus each multiple of `stride` below the number of places is an element.
#[inline(always)]
unsafe fn copy_run<T: Real>(start: *const T, stride: isize, parts: usize, places: &mut [T]) {
    // SAFETY: by the contract; elements `parts` apart are a slice.
    unsafe {
        if stride == parts as isize {
            places.copy_from_slice(core::slice::from_raw_parts(start, places.len()));
        } else if parts == 1 {
            for (column, place) in places.iter_mut().enumerate() {
                *place = *start.offset(column as isize * stride);
            }
        } else {
            for (column, place) in places.chunks_exact_mut(parts).enumerate() {
                let element = start.offset(column as isize * stride);
                place.copy_from_slice(core::slice::from_raw_parts(element, parts));
            }
        }
    }
}
