//! Copies of blocks in the order in which the micro-kernel reads them.

use pulp::{Simd, WithSimd};

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

/// A block of the left side, and the place for its copy.
///
/// # Safety of the operation
///
/// Whoever makes one promises that `left` plus each row's offset plus each depth's is an element.
pub(super) struct LeftBlock<'a, T> {
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
    pub(super) unsafe fn new(
        left: *const T,
        rows: &'a [[isize; 2]],
        depth: &'a [[isize; 2]],
        tile: usize,
        packed: &'a mut Vec<T>,
    ) -> Self {
        let packed = at_least(packed, rows.len().next_multiple_of(tile) * depth.len());
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
                // SAFETY: by the contract of `new`; rows that follow each other are a slice.
                unsafe {
                    match (in_a_row, rows.len()) {
                        (true, 6) => pack_neighbours::<T, 6>(left.offset(rows[0][0]), depth, packed),
                        (true, 8) => pack_neighbours::<T, 8>(left.offset(rows[0][0]), depth, packed),
                        _ => pack_rows(simd, left, rows, depth, tile, packed),
                    }
                }
            }
        }
    }
}

/// Cuts positions of the depth where they are no neighbours any more in one of the sides. Each stretch comes with its
/// step, which is 1 or -1 if it has two positions at least.
fn stretches(mut depth: &[[isize; 2]], side: usize) -> impl Iterator<Item = (&[[isize; 2]], isize)> {
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

/// A tile of `R` rows that are neighbours.
///
/// # Safety
///
/// `left` plus each depth's offset is the first of `R` elements.
#[inline(always)]
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

/// The first position in memory of a block at the beginning of a stretch.
fn lowest(stretch: &[[isize; 2]], step: isize) -> [isize; 2] {
    stretch[if step > 0 { 0 } else { BLOCK - 1 }]
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
            *place = unsafe { *left.offset(row + depth) };
        }
    }
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

/// A panel of the right side, and the place for its copy.
///
/// # Safety of the operation
///
/// Whoever makes one promises that `right` plus each column's offset plus each depth's is an element, of `parts`
/// numbers.
pub(super) struct RightPanel<'a, T> {
    right: *const T,
    runs: &'a [Run],
    depth: &'a [[isize; 2]],
    parts: usize,
    pitch: usize,
    packed: &'a mut [T],
}

impl<'a, T: Real> RightPanel<'a, T> {
    /// For each position of the depth, the columns, `pitch` numbers apart.
    ///
    /// # Safety
    ///
    /// The promises of [`RightPanel`].
    ///
    /// # Panics
    ///
    /// Where the depth does not fit `packed`.
    pub(super) unsafe fn new(
        right: *const T,
        runs: &'a [Run],
        depth: &'a [[isize; 2]],
        parts: usize,
        pitch: usize,
        packed: &'a mut [T],
    ) -> Self {
        assert!(packed.len() >= depth.len() * pitch, "packed columns fit their block");
        Self { right, runs, depth, parts, pitch, packed }
    }
}

impl<T: Real> WithSimd for RightPanel<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { right, runs, depth, parts, pitch, packed } = self;
        let strided = runs.iter().any(|run| run.stride != parts as isize);
        // SAFETY: by the contract of `new`.
        unsafe {
            if strided && parts == 1 {
                transpose_runs(simd, right, runs, depth, pitch, packed);
            } else if strided || parts != 1 {
                copy_runs(right, runs.iter().copied(), depth, parts, pitch, packed);
            } else {
                // Known when this is compiled, these make the copy of a run of a few elements a few instructions.
                copy_runs(right, runs.iter().map(|run| Run { stride: 1, ..*run }), depth, 1, pitch, packed);
            }
        }
    }
}

/// Packs the columns by blocks, where positions of the depth are neighbours.
///
/// # Safety
///
/// As for [`RightPanel`], whose elements are single numbers.
#[inline(always)]
unsafe fn transpose_runs<T: Real, S: Simd>(
    simd: S,
    right: *const T,
    runs: &[Run],
    depth: &[[isize; 2]],
    pitch: usize,
    mut packed: &mut [T],
) {
    for (stretch, step) in stretches(depth, 1) {
        let places;
        (places, packed) = packed.split_at_mut(stretch.len() * pitch);
        // SAFETY: by the contract: the positions of a block are neighbours, from the lowest one on.
        unsafe {
            for first in blocks_of(stretch.len()) {
                let right = right.offset(lowest(&stretch[first..], step)[1]);
                Transposition { right, runs, step, pitch, packed: &mut places[first * pitch..] }.run(simd);
            }
            if stretch.len() < BLOCK {
                copy_runs(right, runs.iter().copied(), stretch, 1, pitch, places);
            }
        }
    }
}

/// [`BLOCK`] positions of the depth, which are neighbours in the right side while the columns are not.
struct Transposition<'a, T> {
    right: *const T,
    runs: &'a [Run],
    /// Whether the positions go through memory upwards, 1, or downwards, -1.
    step: isize,
    pitch: usize,
    packed: &'a mut [T],
}

impl<T: Real> Transposition<'_, T> {
    /// # Safety
    ///
    /// `right` plus each column's offset is the first of [`BLOCK`] elements; the step is 1 or -1.
    #[inline(always)]
    unsafe fn run<S: Simd>(self, simd: S) {
        for run in self.runs {
            let column =
                |column: usize| self.right.wrapping_offset(run.offset + column as isize * run.stride);
            let full = run.len / BLOCK * BLOCK;
            for first in (0..full).step_by(BLOCK) {
                let places = &mut self.packed[run.start + first..][..(BLOCK - 1) * self.pitch + BLOCK];
                let row = first_row(places.as_mut_ptr(), self.step, self.pitch);
                // SAFETY: the columns are elements, by the contract, and the rows are in the slice.
                unsafe { T::transpose(simd, |n| column(first + n), row, self.step * self.pitch as isize) }
            }
            if full < run.len {
                let places = &mut self.packed[run.start + full..];
                // SAFETY: the remaining columns are elements, by the contract.
                unsafe {
                    transpose_few(simd, |n| column(full + n), run.len - full, self.step, places, self.pitch)
                }
            }
        }
    }
}

/// Packs the columns run by run.
///
/// # Safety
///
/// As for [`RightPanel`].
#[inline(always)]
unsafe fn copy_runs<T: Real>(
    right: *const T,
    runs: impl Iterator<Item = Run> + Clone,
    depth: &[[isize; 2]],
    parts: usize,
    pitch: usize,
    packed: &mut [T],
) {
    for (&[_, depth], packed) in depth.iter().zip(packed.chunks_exact_mut(pitch)) {
        for run in runs.clone() {
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
        match (parts, stride) {
            _ if stride == parts as isize => copy_neighbours(start, places),
            // Known when this is compiled, the stride makes it vectors and shuffles: windows with a stride have it.
            (1, 2) => copy_strided(start, 2, places),
            (1, _) => copy_strided(start, stride, places),
            _ => {
                for (column, place) in places.chunks_exact_mut(parts).enumerate() {
                    let element = start.offset(column as isize * stride);
                    place.copy_from_slice(core::slice::from_raw_parts(element, parts));
                }
            }
        }
    }
}

/// # Safety
///
/// As for [`copy_run`].
#[inline(always)]
unsafe fn copy_strided<T: Real>(start: *const T, stride: isize, places: &mut [T]) {
    for (column, place) in places.iter_mut().enumerate() {
        // SAFETY: by the contract.
        *place = unsafe { *start.offset(column as isize * stride) };
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
