//! Neighbours in the matrix are summed: dot products of rows and vectors.

use core::ops::Range;

use pulp::Simd;

use super::super::real::Real;
use super::{ROWS, Run, TOGETHER, Trusted};

/// Registers for the sums of each row, and of one that is alone.
const REGISTERS: usize = 2;
const REGISTERS_ALONE: usize = 8;

/// Rows for a few vectors, of which each pair has one register, and rows where there are 16 registers.
const ROWS_OF_FEW: usize = 6;
const ROWS_OF_FEW_NARROW: usize = 2;

impl<T: Real> Trusted<'_, T> {
    /// # Safety
    ///
    /// The promises of [`Trusted`], whose neighbours are summed.
    #[inline(always)]
    pub(super) unsafe fn dots<S: Simd>(&self, simd: S) {
        let has_many_registers = const { S::REGISTER_COUNT >= 32 };
        // SAFETY: by the promises.
        unsafe {
            match self.vectors.len() {
                1 => self.tiles::<S, ROWS>(simd),
                _ if has_many_registers => self.tiles::<S, ROWS_OF_FEW>(simd),
                _ => self.tiles::<S, ROWS_OF_FEW_NARROW>(simd),
            }
        }
    }

    /// # Safety
    ///
    /// As for [`dots`](Self::dots).
    #[inline(always)]
    unsafe fn tiles<S: Simd, const R: usize>(&self, simd: S) {
        let Range { start, end } = self.part;
        let whole = start + (end - start) / R * R;
        // SAFETY: by the promises.
        unsafe {
            (start..whole).step_by(R).for_each(|first| self.tile::<S, R>(simd, first));
            (whole..end).for_each(|row| self.tile::<S, 1>(simd, row));
        }
    }

    /// The products of some rows with all vectors.
    ///
    /// # Safety
    ///
    /// The promises of [`Trusted`], whose neighbours are summed, and these are rows of the part.
    #[inline(always)]
    unsafe fn tile<S: Simd, const R: usize>(&self, simd: S, first: usize) {
        let rows: [[isize; 2]; R] = core::array::from_fn(|row| self.kept.offset(first + row));
        let mut vector = 0;
        // SAFETY: by the promises.
        unsafe {
            while vector < self.vectors.len() {
                vector += match self.vectors.len() - vector {
                    TOGETHER.. => self.dot::<S, R, TOGETHER, 1>(simd, rows, vector),
                    2.. => self.dot::<S, R, 2, 1>(simd, rows, vector),
                    _ if R == 1 => self.dot::<S, R, 1, REGISTERS_ALONE>(simd, rows, vector),
                    _ => self.dot::<S, R, 1, REGISTERS>(simd, rows, vector),
                };
            }
        }
    }

    /// The products of some rows with `C` vectors from one on, by `V` registers of partial sums of each. Says how many
    /// vectors that are.
    ///
    /// # Safety
    ///
    /// The promises of [`Trusted`]; the rows are some of the matrix, whose neighbours are summed, and there are as many vectors.
    #[inline(always)]
    unsafe fn dot<S: Simd, const R: usize, const C: usize, const V: usize>(
        &self,
        simd: S,
        rows: [[isize; 2]; R],
        first: usize,
    ) -> usize {
        let lanes = T::lanes::<S>();
        let mut sums = [[[T::splat(simd, T::ZERO); V]; C]; R];
        for &Run { offsets: [in_matrix, in_vector], len } in self.runs {
            let rows = rows.map(|[row, _]| self.matrix.wrapping_offset(row + in_matrix));
            let start = self.vector.wrapping_offset(in_vector).wrapping_add(first * self.pitch);
            let factors: [*const T; C] =
                core::array::from_fn(|vector| start.wrapping_add(vector * self.pitch));
            let whole = len - len % (V * lanes);
            for place in (0..whole).step_by(V * lanes) {
                for register in 0..V {
                    let place = place + register * lanes;
                    // SAFETY: the registers are inside of the runs.
                    unsafe {
                        let factors = factors.map(|factor| T::load(simd, factor.add(place)));
                        for (sums, row) in sums.iter_mut().zip(rows) {
                            let row = T::load(simd, row.add(place));
                            for (sums, factor) in sums.iter_mut().zip(factors) {
                                sums[register] = T::multiply_add(simd, row, factor, sums[register]);
                            }
                        }
                    }
                }
            }
            for place in (whole..len).step_by(lanes) {
                let mask = T::mask(simd, lanes.min(len - place));
                // SAFETY: the mask ends with the runs.
                unsafe {
                    let factors = factors.map(|factor| T::load_masked(simd, mask, factor.add(place)));
                    for (sums, row) in sums.iter_mut().zip(rows) {
                        let row = T::load_masked(simd, mask, row.add(place));
                        for (sums, factor) in sums.iter_mut().zip(factors) {
                            sums[0] = T::multiply_add(simd, row, factor, sums[0]);
                        }
                    }
                }
            }
        }
        for ([_, row], sums) in rows.into_iter().zip(sums) {
            for (&[_, vector], sums) in self.vectors[first..].iter().zip(sums) {
                // SAFETY: by the promises.
                unsafe { self.put(row + vector, total(simd, sums)) }
            }
        }
        C
    }

    /// # Safety
    ///
    /// The promises of [`Trusted`], and the offset is one of the output.
    #[inline(always)]
    unsafe fn put(&self, offset: isize, sum: T) {
        // SAFETY: by the contract.
        self.mode.put(unsafe { &mut *self.out.offset(offset) }, sum);
    }
}

/// The sum of all lanes.
#[inline(always)]
fn total<T: Real, S: Simd, const V: usize>(simd: S, sums: [T::Vector<S>; V]) -> T {
    const MOST_LANES: usize = 16;
    let lanes = T::lanes::<S>();
    assert!(lanes <= MOST_LANES, "no instruction set has more lanes");
    let sum = sums.into_iter().reduce(|a, b| T::add(simd, a, b)).expect("there are vectors");
    let mut numbers = [T::ZERO; MOST_LANES];
    // SAFETY: there is room for all lanes.
    unsafe { T::store(simd, numbers.as_mut_ptr(), sum) };
    let mut width = lanes / 2;
    while width > 0 {
        (0..width).for_each(|lane| numbers[lane] = numbers[lane].plus(numbers[lane + width]));
        width /= 2;
    }
    numbers[0]
}
