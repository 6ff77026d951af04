//! Copies of blocks in the order in which the micro-kernel reads them.

use pulp::Simd;

use super::real::Real;
use super::transpose::BLOCK;

mod interleaved;
mod left;
mod right;

pub(super) use interleaved::{Interleaved, are_interleaved, is_interleaved_block};
pub(super) use left::{LeftBlock, packed_row, packed_size};
pub(super) use right::RightPanel;

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

/// Cuts positions of the depth where they are no neighbours any more in one of the sides. Each stretch comes with its
/// step, which is 1 or -1 if it has two positions at least.
pub(super) fn stretches(
    mut depth: &[[isize; 2]],
    side: usize,
) -> impl Iterator<Item = (&[[isize; 2]], isize)> {
    let step = move |pair: &[[isize; 2]]| pair[1][side] - pair[0][side];
    core::iter::from_fn(move || {
        let first = depth.get(..2).map_or(1, step);
        let more = depth.windows(2).take_while(|pair| first.abs() == 1 && step(pair) == first).count();
        let (stretch, rest) = depth.split_at_checked(1 + more)?;
        depth = rest;
        Some((stretch, first))
    })
}

/// Where the blocks of a stretch begin, of which the last two may overlap; none, if it is too short for one.
fn blocks_of(stretch: usize) -> impl Iterator<Item = usize> {
    let last = stretch.checked_sub(BLOCK);
    (0..last.unwrap_or(0)).step_by(BLOCK).chain(last)
}

/// The first position in memory of a block at the beginning of a stretch.
fn lowest(stretch: &[[isize; 2]], step: isize) -> [isize; 2] {
    stretch[if step > 0 { 0 } else { BLOCK - 1 }]
}

/// Transposes `count` columns, at most [`BLOCK`], of [`BLOCK`] elements each: to rows that are `pitch` numbers apart,
/// upwards, or, where `step` is negative, downwards from the last one.
///
/// # Safety
///
/// Each of the columns is the first of [`BLOCK`] elements.
#[inline(always)]
unsafe fn transpose_few<T: Real, S: Simd>(
    simd: S,
    column: impl Fn(usize) -> *const T,
    count: usize,
    step: isize,
    places: &mut [T],
    pitch: usize,
) {
    let mut rows = [[T::ZERO; BLOCK]; BLOCK];
    // The last column stands in for those that are missing.
    let columns = |n: usize| column(n.min(count - 1));
    // SAFETY: by the contract.
    unsafe {
        T::transpose(simd, columns, first_row(rows.as_mut_ptr().cast(), step, BLOCK), step * BLOCK as isize)
    }
    match count {
        6 => copy_rows::<T, 6>(&rows, places, pitch),
        8 => copy_rows::<T, 8>(&rows, places, pitch),
        _ => {
            for (row, places) in rows.iter().zip(places.chunks_mut(pitch)) {
                // SAFETY: a row has as many elements.
                unsafe { copy_neighbours(row.as_ptr(), &mut places[..count]) }
            }
        }
    }
}

/// Where the first of [`BLOCK`] rows goes: to the beginning, or, where `step` is negative, to the place of the last one.
#[inline(always)]
fn first_row<T>(places: *mut T, step: isize, pitch: usize) -> *mut T {
    if step > 0 { places } else { places.wrapping_add((BLOCK - 1) * pitch) }
}

/// The first `N` numbers of each row: how many the tiles have must be known for the copy to be quick.
#[inline(always)]
fn copy_rows<T: Real, const N: usize>(rows: &[[T; BLOCK]; BLOCK], places: &mut [T], pitch: usize) {
    for (row, places) in rows.iter().zip(places.chunks_mut(pitch)) {
        places[..N].copy_from_slice(&row[..N]);
    }
}

/// Copies a slice, most often a short one, as runs of windows are: a call of `memcpy` would take longer than these do.
///
/// # Safety
///
/// As many elements as there are places begin at `start`.
#[inline(always)]
unsafe fn copy_neighbours<T: Real>(start: *const T, places: &mut [T]) {
    // SAFETY: by the contract; each arm copies no more than there are places.
    unsafe {
        match places.len() {
            16.. => places.copy_from_slice(core::slice::from_raw_parts(start, places.len())),
            8.. => copy_ends::<T, 8>(start, places),
            4.. => copy_ends::<T, 4>(start, places),
            2.. => copy_ends::<T, 2>(start, places),
            1 => places[0] = *start,
            0 => {}
        }
    }
}

/// Copies the first `N` elements and the last `N`, which are all of them and may overlap.
///
/// # Safety
///
/// As for [`copy_neighbours`].
///
/// # Panics
///
/// Where there are fewer than `N` places.
#[inline(always)]
unsafe fn copy_ends<T: Real, const N: usize>(start: *const T, places: &mut [T]) {
    let last = places.len() - N;
    // SAFETY: by the contract.
    let ends = unsafe { [0, last].map(|first| start.add(first).cast::<[T; N]>().read_unaligned()) };
    places[..N].copy_from_slice(&ends[0]);
    places[last..].copy_from_slice(&ends[1]);
}
