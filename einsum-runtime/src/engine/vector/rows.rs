//! Neighbours in the matrix belong to neighbours of the output: sums of rows, each times a number of each vector.

use core::ops::Range;

use pulp::Simd;

use super::super::ahead::{CACHE_LINE, fetch};
use super::super::kernel::{Mode, load, store_row};
use super::super::real::Real;
use super::{ROWS, Run, TOGETHER, Trusted};

/// Registers of the output at a time, and elements of it that stay in the first-level cache while the rows of the matrix are
/// added to them.
const WIDE: usize = 4;
const BLOCK: usize = 4096;

impl<T: Real> Trusted<'_, T> {
    /// # Safety
    ///
    /// The promises of [`Trusted`], whose neighbours are those of the output.
    #[inline(always)]
    pub(super) unsafe fn sums_of_rows<S: Simd>(&self, simd: S) {
        for start in self.part.clone().step_by(BLOCK) {
            let end = (start + BLOCK).min(self.part.end);
            let mut mode = self.mode;
            for (number, rows) in self.runs.chunks(ROWS).enumerate() {
                let rows = [rows, self.fetched_behind(number)];
                let mut first = 0;
                while first < self.vectors.len() {
                    // SAFETY: by the promises.
                    first += unsafe {
                        match self.vectors.len() - first {
                            TOGETHER.. => {
                                self.add_rows::<S, TOGETHER, 2>(simd, rows, first, start..end, mode)
                            }
                            2.. => self.add_rows::<S, 2, WIDE>(simd, rows, first, start..end, mode),
                            _ => self.add_rows::<S, 1, WIDE>(simd, rows, first, start..end, mode),
                        }
                    };
                }
                mode = mode.further();
            }
        }
    }

    /// Adds rows, each times a number of `C` vectors from one on, to some elements of the output of these. Says how many vectors
    /// that are.
    ///
    /// # Safety
    ///
    /// The promises of [`Trusted`]; the rows are at most [`ROWS`] of the matrix, the next ones as many, whose neighbours are those of
    /// the output, and there are as many vectors.
    #[inline(always)]
    unsafe fn add_rows<S: Simd, const C: usize, const W: usize>(
        &self,
        simd: S,
        [rows, next]: [&[Run]; 2],
        first: usize,
        range: Range<usize>,
        mode: Mode,
    ) -> usize {
        let vectors = &self.vectors[first..first + C];
        let mut factors = [[T::ZERO; C]; ROWS];
        for (factors, Run { offsets: [_, in_vector], .. }) in factors.iter_mut().zip(rows) {
            // SAFETY: by the promises.
            *factors =
                core::array::from_fn(|vector| unsafe { *self.vector.offset(vectors[vector][0] + in_vector) });
        }
        let lanes = T::lanes::<S>();
        let whole = range.start + (range.end - range.start) / (W * lanes) * W * lanes;
        let (rows, full) = ((rows, &factors[..rows.len()]), T::mask(simd, lanes));
        // SAFETY: the registers are inside of the rows and of the output, and so is the mask.
        unsafe {
            for start in (range.start..whole).step_by(W * lanes) {
                // The first vectors fetch for all.
                self.fetch(if first == 0 { next } else { &[] }, start, W * lanes);
                self.add_columns::<S, C, W>(simd, (full, false), rows, (vectors, start), mode);
            }
            for start in (whole..range.end).step_by(lanes) {
                let mask = T::mask(simd, lanes.min(range.end - start));
                self.add_columns::<S, C, 1>(simd, (mask, true), rows, (vectors, start), mode);
            }
        }
        C
    }

    /// What is fetched while a chunk of rows is added: the next one, if it should be.
    #[inline(always)]
    fn fetched_behind(&self, chunk: usize) -> &[Run] {
        let next = if self.fetches_ahead { (chunk + 1) * ROWS } else { usize::MAX };
        let rows = self.runs.get(next..).unwrap_or_default();
        &rows[..rows.len().min(ROWS)]
    }

    /// Asks for so many elements of the next rows.
    #[inline(always)]
    fn fetch(&self, next: &[Run], start: usize, len: usize) {
        for Run { offsets: [in_matrix, _], .. } in next {
            let row = self.matrix.wrapping_offset(*in_matrix).wrapping_add(start);
            let mut element = 0;
            while element < len {
                fetch(row.wrapping_add(element).cast());
                element += CACHE_LINE / size_of::<T>();
            }
        }
    }

    /// # Safety
    ///
    /// As for [`add_rows`](Self::add_rows), and the output has so many neighbours from `start` on; of the last register those
    /// of the mask, which is only looked at for what is stored if it `ends` none.
    #[inline(always)]
    unsafe fn add_columns<S: Simd, const C: usize, const W: usize>(
        &self,
        simd: S,
        (mask, ends): (T::Mask<S>, bool),
        (rows, factors): (&[Run], &[[T; C]]),
        (vectors, start): (&[[isize; 2]], usize),
        mode: Mode,
    ) {
        let mut sums = [[T::splat(simd, T::ZERO); W]; C];
        for (Run { offsets: [in_matrix, _], .. }, factors) in rows.iter().zip(factors) {
            let row = self.matrix.wrapping_offset(*in_matrix).wrapping_add(start);
            // SAFETY: by the contract.
            let row: [_; W] = unsafe { load(simd, ends.then_some(mask), row) };
            for (sums, &factor) in sums.iter_mut().zip(factors) {
                let factor = T::splat(simd, factor);
                for (sum, row) in sums.iter_mut().zip(row) {
                    *sum = T::multiply_add(simd, row, factor, *sum);
                }
            }
        }
        for (&[_, vector], sums) in vectors.iter().zip(&sums) {
            let out = self.out.wrapping_offset(vector).wrapping_add(start);
            // SAFETY: by the contract.
            unsafe { store_row::<T, S, W>(simd, mask, mode, out, sums) }
        }
    }
}
