//! Blocks of a side whose columns are far apart while its depth runs through memory: packing transposes them.

use super::real::Real;

/// Rows and columns of a block: without blocks the copy took four to six times as long.
pub(super) const BLOCK: usize = 8;

/// Writes column `n` of the result from the [`BLOCK`] neighbours at `columns(n)`; its rows are `pitch` apart.
///
/// # Safety
///
/// There are [`BLOCK`] elements at each of these places, and [`BLOCK`] places at each row of the result, that nobody
/// else reads or writes.
#[inline(always)]
pub(super) unsafe fn transpose<T: Real>(columns: impl Fn(usize) -> *const T, to: *mut T, pitch: isize) {
    // SAFETY: by the contract.
    unsafe {
        let columns: [[T; BLOCK]; BLOCK] =
            core::array::from_fn(|n| columns(n).cast::<[T; BLOCK]>().read_unaligned());
        for depth in 0..BLOCK {
            let row = columns.map(|column| column[depth]);
            to.offset(depth as isize * pitch).cast::<[T; BLOCK]>().write_unaligned(row);
        }
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) mod avx {
    //! The same in registers, which halves the time of packing.

    use core::arch::x86_64::{__m256, __m256d};

    use pulp::x86::V3;

    use super::BLOCK;

    /// # Safety
    ///
    /// As for [`transpose`](super::transpose).
    #[inline(always)]
    pub(in super::super) unsafe fn transpose_f32(
        simd: V3,
        columns: impl Fn(usize) -> *const f32,
        to: *mut f32,
        pitch: isize,
    ) {
        let avx = simd.avx;
        // SAFETY: by the contract; 8 numbers fill a vector.
        let column = |n| unsafe { columns(n).cast::<__m256>().read_unaligned() };
        let pairs = |n: usize| {
            let (a, b) = (column(n), column(n + 1));
            [avx._mm256_unpacklo_ps(a, b), avx._mm256_unpackhi_ps(a, b)]
        };
        let [p0, p1, p2, p3] = [pairs(0), pairs(2), pairs(4), pairs(6)];
        let quads = |p: [__m256; 2], q: [__m256; 2]| {
            [
                avx._mm256_shuffle_ps::<0x44>(p[0], q[0]),
                avx._mm256_shuffle_ps::<0xEE>(p[0], q[0]),
                avx._mm256_shuffle_ps::<0x44>(p[1], q[1]),
                avx._mm256_shuffle_ps::<0xEE>(p[1], q[1]),
            ]
        };
        let (low, high) = (quads(p0, p1), quads(p2, p3));
        for n in 0..BLOCK / 2 {
            // SAFETY: by the contract.
            unsafe {
                let first = avx._mm256_permute2f128_ps::<0x20>(low[n], high[n]);
                let second = avx._mm256_permute2f128_ps::<0x31>(low[n], high[n]);
                to.offset(n as isize * pitch).cast::<__m256>().write_unaligned(first);
                to.offset((n + BLOCK / 2) as isize * pitch).cast::<__m256>().write_unaligned(second);
            }
        }
    }

    /// # Safety
    ///
    /// As for [`transpose`](super::transpose).
    #[inline(always)]
    pub(in super::super) unsafe fn transpose_f64(
        simd: V3,
        columns: impl Fn(usize) -> *const f64,
        to: *mut f64,
        pitch: isize,
    ) {
        const HALF: usize = BLOCK / 2;
        for (column, depth) in [(0, 0), (0, HALF), (HALF, 0), (HALF, HALF)] {
            // SAFETY: these are quarters of the block.
            unsafe {
                let columns = |n| columns(column + n).add(depth);
                quarter(simd, columns, to.offset(depth as isize * pitch).add(column), pitch);
            }
        }
    }

    /// # Safety
    ///
    /// As for [`transpose`](super::transpose), with half of its rows and columns.
    #[inline(always)]
    unsafe fn quarter(simd: V3, columns: impl Fn(usize) -> *const f64, to: *mut f64, pitch: isize) {
        let avx = simd.avx;
        // SAFETY: by the contract; 4 numbers fill a vector.
        let column = |n| unsafe { columns(n).cast::<__m256d>().read_unaligned() };
        let pairs = |n: usize| {
            let (a, b) = (column(n), column(n + 1));
            [avx._mm256_unpacklo_pd(a, b), avx._mm256_unpackhi_pd(a, b)]
        };
        let (low, high) = (pairs(0), pairs(2));
        for n in 0..2 {
            // SAFETY: by the contract.
            unsafe {
                let first = avx._mm256_permute2f128_pd::<0x20>(low[n], high[n]);
                let second = avx._mm256_permute2f128_pd::<0x31>(low[n], high[n]);
                to.offset(n as isize * pitch).cast::<__m256d>().write_unaligned(first);
                to.offset((n + 2) as isize * pitch).cast::<__m256d>().write_unaligned(second);
            }
        }
    }
}
