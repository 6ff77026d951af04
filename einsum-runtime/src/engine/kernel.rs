//! The micro-kernel: a panel of columns, a few vectors wide, times all rows of a block.
//!
//! The left side is broadcast, element by element, so its strides may be any. The right side is loaded as vectors,
//! so its columns are neighbours. Where both lie is a table of offsets, and a packed side is but another table. The
//! tile of the output stays in registers for the whole depth: the shape of Goto and van de Geijn (*Anatomy of
//! High-Performance Matrix Multiplication*, 2008), with the tables in place of packing from TBLIS (Matthews,
//! *High-Performance Tensor Contraction without Transposition*, 2018).

use pulp::{Simd, WithSimd};

use super::ahead::{Ahead, CACHE_LINE, FetchLeft};
use super::real::Real;
use super::scatter::{Scatter, Scattered};
use super::transpose::BLOCK;

/// How a product reaches the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `=`
    Assign,
    /// `+=`
    Accumulate,
    /// `-=`
    Subtract,
}

impl Mode {
    /// For more of the same sums, once the places have been written.
    pub(crate) fn further(self) -> Self {
        if self == Self::Assign { Self::Accumulate } else { self }
    }

    /// Brings one number to its place, where vectors do not reach.
    #[inline(always)]
    pub(super) fn put<T: Real>(self, place: &mut T, value: T) {
        *place = match self {
            Self::Assign => value,
            Self::Accumulate => place.plus(value),
            Self::Subtract => place.minus(value),
        };
    }
}

/// The largest tile, in vectors; how many columns that is depends on the instruction set.
pub(super) const MAX_VECTORS: usize = 4;

/// Positions of the depth between two shares of what is fetched ahead.
pub(super) const DEPTH_OF_SHARE: usize = 128;

/// Columns of a panel that lie at equal distances in one array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// The first column, counted from that of the panel, in elements as `len` is.
    pub(super) start: usize,
    pub(super) len: usize,
    /// That of the first column, in numbers as the stride is.
    pub(super) offset: isize,
    pub(super) stride: isize,
}

/// A panel: all rows of a block times a few vectors of columns.
///
/// All offsets are in real numbers, from the pointer of the array, which may itself lie outside.
#[derive(Debug, Clone, Copy)]
pub(super) struct Panel<'a, T> {
    pub(super) left: *const T,
    pub(super) right: *const T,
    pub(super) out: *mut T,
    /// For each row, its offset in the left side and in the output.
    pub(super) rows: &'a [[isize; 2]],
    /// For each position of the depth, its offset in the left and in the right side.
    pub(super) depth: &'a [[isize; 2]],
    /// How many numbers a row has.
    pub(super) width: usize,
    /// The columns of the output.
    pub(super) runs: &'a [Run],
    pub(super) mode: Mode,
    /// Numbers of an element. Where there are 2, rows, and columns, come as real and imaginary parts.
    pub(super) parts: usize,
    /// What to fetch meanwhile, a share for each [`DEPTH_OF_SHARE`] positions of the depth of each tile.
    pub(super) ahead: Ahead<'a, T>,
    /// What to fetch of the left side meanwhile, for the next tile.
    pub(super) fetch_left: FetchLeft,
    /// How far the sides and the output of each product are from the pointers: the panel is multiplied for each of them.
    pub(super) batches: &'a [[isize; 3]],
}

/// Rows of a tile: as many accumulators as leave registers for the right side and the broadcast, and an even number.
pub(super) const fn tile_rows(registers: usize, vectors: usize) -> usize {
    match (registers >= 32, vectors) {
        (true, 4) => 6,
        (false, 2..) => 6,
        _ => 8,
    }
}

/// Vectors of a tile.
pub(super) const fn tile_vectors(registers: usize) -> usize {
    if registers >= 32 { MAX_VECTORS } else { 2 }
}

/// # Safety of the operation
///
/// Whoever makes a panel promises:
///
/// - `left` plus each row's offset plus each depth's offset is an element of the left side;
/// - `right` plus each depth's offset is the first of `width` elements of the right side;
/// - `out` plus each row's offset plus each column's of the runs is an element of the output, none twice, and
///   nobody else reads or writes them meanwhile;
/// - the runs cover the columns, each once;
/// - the width is more than `V - 1` vectors and at most `V`;
/// - where numbers are complex, rows and width are even;
///
/// each for the pointers of every batch.
pub(super) struct Trusted<'a, T, const V: usize>(Panel<'a, T>);

impl<'a, T, const V: usize> Trusted<'a, T, V> {
    /// # Safety
    ///
    /// The promises of [`Trusted`].
    pub(super) unsafe fn new(panel: Panel<'a, T>) -> Self {
        Self(panel)
    }
}

impl<T: Real, const V: usize> WithSimd for Trusted<'_, T, V> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Panel { left: left_start, right: right_start, out: out_start, width, batches, .. } = self.0;
        let mask = T::mask(simd, width - (V - 1) * T::lanes::<S>());
        let mut shifted = self;
        for &[left, right, out] in batches {
            shifted.0.left = left_start.wrapping_offset(left);
            shifted.0.right = right_start.wrapping_offset(right);
            shifted.0.out = out_start.wrapping_offset(out);
            // SAFETY: by the contract of `new`.
            unsafe { shifted.rows(simd, mask) }
        }
    }
}

impl<T: Real, const V: usize> Trusted<'_, T, V> {
    /// # Safety
    ///
    /// The promises of [`Trusted`].
    #[inline(always)]
    unsafe fn rows<S: Simd>(&self, simd: S, mask: T::Mask<S>) {
        // Panels are never wider than the registers allow: there is nothing to compile.
        if V > const { tile_vectors(S::REGISTER_COUNT) } {
            unreachable!("a panel has at most as many vectors as a tile");
        }
        let tile = const { tile_rows(S::REGISTER_COUNT, V) };
        let mut rows = self.0.rows;
        let mut ahead = self.0.ahead;
        while !rows.is_empty() {
            // SAFETY: these are rows of the panel, as many as the tile takes.
            rows = unsafe {
                match rows.len().min(tile) {
                    8.. => self.tile::<S, 8>(simd, mask, rows, &mut ahead),
                    6.. => self.tile::<S, 6>(simd, mask, rows, &mut ahead),
                    4.. => self.tile::<S, 4>(simd, mask, rows, &mut ahead),
                    2.. => self.tile::<S, 2>(simd, mask, rows, &mut ahead),
                    _ => self.tile::<S, 1>(simd, mask, rows, &mut ahead),
                }
            };
        }
    }

    /// # Safety
    ///
    /// The promises of [`Trusted`], and `rows` are at least `R` rows of the panel. Returns those behind the first `R`.
    #[inline(always)]
    unsafe fn tile<'r, S: Simd, const R: usize>(
        &self,
        simd: S,
        mask: T::Mask<S>,
        rows: &'r [[isize; 2]],
        ahead: &mut Ahead<'_, T>,
    ) -> &'r [[isize; 2]] {
        let (rows, later) = rows.split_first_chunk::<R>().expect("as many rows as the tile has");
        let next = &later[..later.len().min(R)];
        // SAFETY: offsets of rows and depth stay inside of the arrays, and the mask ends at the width.
        unsafe {
            let sums = self.products::<S, R>(simd, mask, rows, (ahead, next));
            self.store(simd, mask, rows, &sums);
        }
        later
    }

    /// Stores the sums of `R` rows.
    ///
    /// # Safety
    ///
    /// As for [`tile`](Self::tile), and the mask has as many lanes as the width leaves to the last vector.
    #[inline(always)]
    unsafe fn store<S: Simd, const R: usize>(
        &self,
        simd: S,
        mask: T::Mask<S>,
        rows: &[[isize; 2]; R],
        sums: &[[T::Vector<S>; V]; R],
    ) {
        let Panel { out, runs, mode, parts, .. } = self.0;
        if let ([run], 1) = (runs, parts)
            && run.stride == 1
        {
            let out = out.wrapping_offset(run.offset);
            // SAFETY: the run says that the columns are neighbours.
            unsafe { self.store_rows(simd, mask, rows, out, sums) }
        } else if let ([run], 2) = (runs, parts)
            && run.stride == 2
            && T::lanes::<S>() > 1
        {
            for (rows, sums) in rows.as_chunks().0.iter().zip(sums.as_chunks().0) {
                let [[_, out_row], _] = rows;
                // SAFETY: the run says that the columns are neighbours.
                unsafe {
                    let sums = complex_row::<T, S, V>(simd, sums);
                    store_row::<T, S, V>(simd, mask, mode, out.wrapping_offset(out_row + run.offset), &sums);
                }
            }
        } else {
            let mut tile = [[T::splat(simd, T::ZERO); V]; BLOCK];
            tile[..R].copy_from_slice(sums);
            let (sums, pitch) = (tile.as_ptr().cast(), V * T::lanes::<S>());
            let tile = Scattered { sums, pitch, rows, out, runs, mode, parts };
            // SAFETY: vectors are lanes without gaps; rows and runs are the caller's.
            simd.vectorize(unsafe { Scatter::new(tile) });
        }
    }

    /// Stores the sums of `R` rows whose columns are neighbours in the output, from `out` and each row's offset on.
    ///
    /// # Safety
    ///
    /// As for [`store`](Self::store).
    #[inline(always)]
    unsafe fn store_rows<S: Simd, const R: usize>(
        &self,
        simd: S,
        mask: T::Mask<S>,
        rows: &[[isize; 2]; R],
        out: *mut T,
        sums: &[[T::Vector<S>; V]; R],
    ) {
        let Panel { width, mode, .. } = self.0;
        // SAFETY: by the contract. Masked stores take longer, which shows where there are few products; asked once, for in a loop
        // the question keeps the sums from staying in registers.
        unsafe {
            if mode == Mode::Assign && width == V * T::lanes::<S>() {
                for (row, sums) in rows.iter().zip(sums) {
                    store_full::<T, S, V>(simd, out.wrapping_offset(row[1]), sums);
                }
            } else {
                for (row, sums) in rows.iter().zip(sums) {
                    store_row::<T, S, V>(simd, mask, mode, out.wrapping_offset(row[1]), sums);
                }
            }
        }
    }

    /// The sums over the depth for `R` rows.
    ///
    /// # Safety
    ///
    /// As for [`tile`](Self::tile), and the mask has as many lanes as the width leaves to the last vector.
    #[inline(always)]
    unsafe fn products<S: Simd, const R: usize>(
        &self,
        simd: S,
        mask: T::Mask<S>,
        rows: &[[isize; 2]; R],
        (ahead, next): (&mut Ahead<'_, T>, &[[isize; 2]]),
    ) -> [[T::Vector<S>; V]; R] {
        let mut sums = [[T::splat(simd, T::ZERO); V]; R];
        let left: [*const T; R] = core::array::from_fn(|row| self.0.left.wrapping_offset(rows[row][0]));
        // One line of each row at a time: more at once would be in the way.
        let share =
            if self.0.fetch_left == FetchLeft::No { DEPTH_OF_SHARE } else { CACHE_LINE / size_of::<T>() };
        for depth in self.0.depth.chunks(share) {
            ahead.fetch_share();
            self.0.fetch_left.fetch(self.0.left, next, depth);
            for &[left_offset, right_offset] in depth {
                // SAFETY: by the contract; all vectors but the last are full.
                unsafe {
                    let right: [_; V] = load_row(simd, mask, self.0.right.offset(right_offset));
                    for (sums, row) in sums.iter_mut().zip(left) {
                        let left = T::splat(simd, *row.wrapping_offset(left_offset));
                        for (sum, right) in sums.iter_mut().zip(right) {
                            *sum = T::multiply_add(simd, left, right, *sum);
                        }
                    }
                }
            }
        }
        sums
    }
}

/// What pairs give that were multiplied, as if they were real, by a real part and by an imaginary one.
#[inline(always)]
pub(super) fn complex_row<T: Real, S: Simd, const V: usize>(
    simd: S,
    [by_real, by_imaginary]: &[[T::Vector<S>; V]; 2],
) -> [T::Vector<S>; V] {
    let mut row = *by_real;
    for (row, by_imaginary) in row.iter_mut().zip(by_imaginary) {
        *row = T::add_turned(simd, *row, *by_imaginary);
    }
    row
}

/// Vectors of neighbours, of which the last one has those of the mask, and zeros.
///
/// # Safety
///
/// There are as many elements from `start` on.
#[inline(always)]
pub(super) unsafe fn load_row<T: Real, S: Simd, const V: usize>(
    simd: S,
    mask: T::Mask<S>,
    start: *const T,
) -> [T::Vector<S>; V] {
    let mut row = [T::splat(simd, T::ZERO); V];
    for (vector, row) in row.iter_mut().enumerate() {
        // SAFETY: by the contract; all vectors but the last are full.
        *row = unsafe {
            let start = start.add(vector * T::lanes::<S>());
            if vector + 1 < V { T::load(simd, start) } else { T::load_masked(simd, mask, start) }
        };
    }
    row
}

/// Vectors of neighbours.
///
/// # Safety
///
/// There are as many elements from `start` on.
#[inline(always)]
unsafe fn load_full<T: Real, S: Simd, const V: usize>(simd: S, start: *const T) -> [T::Vector<S>; V] {
    let mut row = [T::splat(simd, T::ZERO); V];
    for (vector, row) in row.iter_mut().enumerate() {
        // SAFETY: by the contract.
        *row = unsafe { T::load(simd, start.add(vector * T::lanes::<S>())) };
    }
    row
}

/// Vectors of neighbours, of which the last one has those of the mask, if there is one.
///
/// # Safety
///
/// There are as many elements from `start` on.
#[inline(always)]
pub(super) unsafe fn load<T: Real, S: Simd, const V: usize>(
    simd: S,
    mask: Option<T::Mask<S>>,
    start: *const T,
) -> [T::Vector<S>; V] {
    // SAFETY: by the contract.
    unsafe {
        match mask {
            Some(mask) => load_row(simd, mask, start),
            None => load_full(simd, start),
        }
    }
}

/// Stores the sums of neighbours, of which the last vector has those of the mask.
///
/// # Safety
///
/// The elements at `out` are that many, and nobody else reads or writes them.
#[inline(always)]
pub(super) unsafe fn store_row<T: Real, S: Simd, const V: usize>(
    simd: S,
    mask: T::Mask<S>,
    mode: Mode,
    out: *mut T,
    sums: &[T::Vector<S>; V],
) {
    let lanes = T::lanes::<S>();
    for (vector, &sum) in sums.iter().enumerate() {
        let full = vector + 1 < V;
        // SAFETY: by the contract; all vectors but the last are full.
        unsafe {
            let out = out.add(vector * lanes);
            let before = || if full { T::load(simd, out) } else { T::load_masked(simd, mask, out) };
            let value = match mode {
                Mode::Assign => sum,
                Mode::Accumulate => T::add(simd, before(), sum),
                Mode::Subtract => T::subtract(simd, before(), sum),
            };
            if full { T::store(simd, out, value) } else { T::store_masked(simd, mask, out, value) }
        }
    }
}

/// Stores vectors side by side.
///
/// # Safety
///
/// The elements at `out` are that many, and nobody else reads or writes them.
#[inline(always)]
unsafe fn store_full<T: Real, S: Simd, const V: usize>(simd: S, out: *mut T, sums: &[T::Vector<S>; V]) {
    for (vector, &sum) in sums.iter().enumerate() {
        // SAFETY: by the contract.
        unsafe { T::store(simd, out.add(vector * T::lanes::<S>()), sum) }
    }
}
