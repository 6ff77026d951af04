//! Storing a tile that does not lie in the output as it lies in vectors.

use pulp::{Simd, WithSimd};

use super::kernel::{Mode, Run, store_row};
use super::real::Real;
use super::transpose::BLOCK;

/// A tile of sums, and its places in the output.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scattered<'a, T> {
    /// [`BLOCK`] rows, which begin `pitch` numbers apart.
    pub(super) sums: *const T,
    pub(super) pitch: usize,
    /// For each row that is stored, its offset in the left side, which does not matter here, and in the output.
    pub(super) rows: &'a [[isize; 2]],
    pub(super) out: *mut T,
    pub(super) runs: &'a [Run],
    pub(super) mode: Mode,
    /// Numbers of an element. Where there are 2, rows come as real and imaginary parts.
    pub(super) parts: usize,
}

/// A tile that may be stored.
pub(super) struct Scatter<'a, T>(Scattered<'a, T>);

impl<'a, T> Scatter<'a, T> {
    /// # Safety
    ///
    /// - There are [`BLOCK`] rows of `pitch` sums, and at most as many rows to store.
    /// - `out` plus each row's offset plus each column's of the runs is an element of the output, and nobody else reads or
    ///   writes it.
    /// - The runs have at most `pitch` columns, in numbers; where these are pairs, rows are even.
    pub(super) unsafe fn new(tile: Scattered<'a, T>) -> Self {
        Self(tile)
    }
}

impl<T: Real> WithSimd for Scatter<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Scattered { rows, parts, .. } = self.0;
        let in_a_row = rows.iter().zip(rows[0][1]..).all(|(row, next)| row[1] == next);
        for run in self.0.runs {
            // SAFETY: by the contract of `new`.
            unsafe {
                if parts == 2 {
                    self.pairs(run);
                } else if in_a_row && run.stride != 1 && T::lanes::<S>() >= BLOCK {
                    self.columns(simd, run);
                } else if run.stride == 1 {
                    self.neighbours(simd, run);
                } else if is_near(rows, run.stride) {
                    self.columns_as_they_are(run);
                } else {
                    self.rows(run);
                }
            }
        }
    }
}

/// Whether rows are nearer to each other in the output than columns that are this far apart.
fn is_near(rows: &[[isize; 2]], stride: isize) -> bool {
    matches!(rows, [first, second, ..] if (second[1] - first[1]).abs() < stride.abs())
}

impl<T: Real> Scatter<'_, T> {
    /// Stores the columns of a run row by row.
    ///
    /// # Safety
    ///
    /// The contract of [`new`](Self::new).
    #[inline(always)]
    unsafe fn rows(&self, run: &Run) {
        let Scattered { sums, pitch, rows, out, .. } = self.0;
        for (tile_row, row) in rows.iter().enumerate() {
            for column in 0..run.len {
                // SAFETY: by the contract.
                unsafe {
                    let place = out.wrapping_offset(row[1] + run.offset + column as isize * run.stride);
                    self.store(place, *sums.add(tile_row * pitch + run.start + column));
                }
            }
        }
    }

    /// Stores the columns of a run, which are neighbours, by vectors.
    ///
    /// # Safety
    ///
    /// The contract of [`new`](Self::new).
    #[inline(always)]
    unsafe fn neighbours<S: Simd>(&self, simd: S, run: &Run) {
        let Scattered { sums, pitch, rows, out, mode, .. } = self.0;
        let lanes = T::lanes::<S>();
        for (tile_row, row) in rows.iter().enumerate() {
            for first in (0..run.len).step_by(lanes) {
                let mask = T::mask(simd, lanes.min(run.len - first));
                // SAFETY: by the contract: the mask ends with the run.
                unsafe {
                    let sums = T::load_masked(simd, mask, sums.add(tile_row * pitch + run.start + first));
                    let out = out.wrapping_offset(row[1] + run.offset + first as isize);
                    store_row::<T, S, 1>(simd, mask, mode, out, &[sums]);
                }
            }
        }
    }

    /// Stores the columns of a run one by one: each may be on a page of its own, which is then met once.
    ///
    /// # Safety
    ///
    /// The contract of [`new`](Self::new).
    #[inline(always)]
    unsafe fn columns_as_they_are(&self, run: &Run) {
        let Scattered { sums, pitch, rows, out, .. } = self.0;
        for column in 0..run.len {
            for (tile_row, row) in rows.iter().enumerate() {
                // SAFETY: by the contract.
                unsafe {
                    let place = out.wrapping_offset(row[1] + run.offset + column as isize * run.stride);
                    self.store(place, *sums.add(tile_row * pitch + run.start + column));
                }
            }
        }
    }

    /// Stores the columns of a run one by one, for rows that are neighbours in the output.
    ///
    /// # Safety
    ///
    /// The contract of [`new`](Self::new); a vector has [`BLOCK`] lanes.
    #[inline(always)]
    unsafe fn columns<S: Simd>(&self, simd: S, run: &Run) {
        let Scattered { sums, pitch, rows, out, mode, .. } = self.0;
        let mask = T::mask(simd, rows.len());
        let mut block = [[T::ZERO; BLOCK]; BLOCK];
        for first in (0..run.len).step_by(BLOCK) {
            // The last block reads from its end backwards.
            let start = (run.start + first).min(pitch - BLOCK);
            let row = |row| sums.wrapping_add(row * pitch + start);
            // SAFETY: the tile has `BLOCK` rows, and `BLOCK` columns from there on.
            unsafe { T::transpose(simd, row, block.as_mut_ptr().cast(), BLOCK as isize) }
            for column in first..(first + BLOCK).min(run.len) {
                let values = &block[run.start + column - start];
                // SAFETY: by the contract: as many neighbours as there are rows.
                unsafe {
                    let out = out.wrapping_offset(rows[0][1] + run.offset + column as isize * run.stride);
                    let values = T::load_masked(simd, mask, values.as_ptr());
                    store_row::<T, S, 1>(simd, mask, mode, out, &[values]);
                }
            }
        }
    }

    /// A row of real parts `a` and one of imaginary parts `b` were multiplied by the pairs `x + iy` as if those were
    /// real: the product is `(ax - by) + i(ay + bx)`.
    ///
    /// # Safety
    ///
    /// The contract of [`new`](Self::new).
    #[inline(always)]
    unsafe fn pairs(&self, run: &Run) {
        let Scattered { sums, pitch, rows, out, .. } = self.0;
        for (tile_row, row) in rows.iter().enumerate().step_by(2) {
            for column in 0..run.len {
                // SAFETY: by the contract.
                unsafe {
                    let real_row = sums.add(tile_row * pitch + 2 * (run.start + column));
                    let imaginary_row = real_row.add(pitch);
                    let (ax, ay) = (*real_row, *real_row.add(1));
                    let (bx, by) = (*imaginary_row, *imaginary_row.add(1));
                    let place = out.wrapping_offset(row[1] + run.offset + column as isize * run.stride);
                    self.store(place, ax.minus(by));
                    self.store(place.add(1), ay.plus(bx));
                }
            }
        }
    }

    /// # Safety
    ///
    /// `place` is an element of the output.
    #[inline(always)]
    unsafe fn store(&self, place: *mut T, value: T) {
        // SAFETY: by the contract.
        self.0.mode.put(unsafe { &mut *place }, value);
    }
}
