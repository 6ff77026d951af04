//! The right side, packed in panels of columns.

use pulp::{Simd, WithSimd};

use super::super::kernel::Run;
use super::super::real::Real;
use super::super::transpose::BLOCK;
use super::{blocks_of, copy_neighbours, first_row, lowest, stretches, transpose_few};

/// A panel of the right side, and the place for its copy.
///
/// # Safety of the operation
///
/// Whoever makes one promises that `right` plus each column's offset plus each depth's is an element, of `parts`
/// numbers.
pub(in super::super) struct RightPanel<'a, T> {
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
    pub(in super::super) unsafe fn new(
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
