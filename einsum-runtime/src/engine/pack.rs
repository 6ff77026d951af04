//! Copies of blocks in the order in which the micro-kernel reads them.

use super::kernel::Run;
use super::real::Real;

/// The place of a row in a packed left side, whose tiles have `tile` rows and lie behind each other.
pub(super) fn packed_row(row: usize, tile: usize, depth: usize) -> isize {
    (row / tile * tile * depth + row % tile) as isize
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
    packed.clear();
    packed.resize(rows.len().next_multiple_of(tile) * depth.len(), T::ZERO);
    for (rows, packed) in rows.chunks(tile).zip(packed.chunks_exact_mut(tile * depth.len())) {
        for (&[depth, _], packed) in depth.iter().zip(packed.chunks_exact_mut(tile)) {
            for (&[row, _], place) in rows.iter().zip(packed) {
                // SAFETY: by the contract.
                *place = unsafe { *left.offset(row + depth) };
            }
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
) {
    assert!(packed.len() >= depth.len() * pitch, "packed columns fit their block");
    let strided = runs.iter().any(|run| run.stride != parts as isize);
    for (depth, packed) in depth.chunks(BLOCK).zip(packed.chunks_mut(BLOCK * pitch)) {
        let in_a_row = depth.last().map_or(0, |last| last[1]) - depth[0][1] == BLOCK as isize - 1;
        // SAFETY: by the contract; a full block whose last offset is that far from the first one is a slice.
        unsafe {
            if strided && parts == 1 && in_a_row {
                runs.iter().for_each(|run| transpose_run(right.offset(depth[0][1]), run, pitch, packed));
            } else {
                copy_runs(right, runs, depth, parts, pitch, packed);
            }
        }
    }
}

/// Positions of the depth, and columns, that are transposed at once, in registers: without that the copy took four to
/// six times as long.
const BLOCK: usize = 8;

/// Packs [`BLOCK`] positions of the depth, which are neighbours in the right side while the columns are not.
///
/// # Safety
///
/// `right` plus each column's offset is the first of that many elements.
unsafe fn transpose_run<T: Real>(right: *const T, run: &Run, pitch: usize, packed: &mut [T]) {
    let column = |column: usize| {
        // SAFETY: by the contract.
        unsafe {
            right.offset(run.offset + column as isize * run.stride).cast::<[T; BLOCK]>().read_unaligned()
        }
    };
    let full = run.len / BLOCK * BLOCK;
    for first in (0..full).step_by(BLOCK) {
        let block: [[T; BLOCK]; BLOCK] = core::array::from_fn(|n| column(first + n));
        for (depth, packed) in packed.chunks_exact_mut(pitch).enumerate() {
            let row: [T; BLOCK] = core::array::from_fn(|n| block[n][depth]);
            packed[run.start + first..][..BLOCK].copy_from_slice(&row);
        }
    }
    for rest in full..run.len {
        let column = column(rest);
        for (packed, value) in packed.chunks_exact_mut(pitch).zip(column) {
            packed[run.start + rest] = value;
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
