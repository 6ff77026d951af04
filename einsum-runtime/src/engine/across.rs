//! Many small products side by side: neighbours belong to different batches, and vectors go across them. A depthwise
//! convolution of channels that lie side by side is one.
//!
//! One factor is read where it is, and has the batches as neighbours; the other one may lie otherwise, and is packed then.

use core::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::blocking::blocks;
use super::drive::Part;
use super::group::Group;
use super::kernel::{Mode, load_row, store_row};
use super::problem::{Groups, Problem};
use super::real::Real;

/// The fewest batches that are worth a vector.
const LEAST_BATCHES: usize = 8;

/// Elements of the output that are in registers at a time: of as many rows, vectors of batches.
const ROWS: usize = 4;
const VECTORS: usize = 4;

/// Rows and positions of the depth of a block, for their tables and for what is packed.
const BLOCK_OF_ROWS: usize = 2048;
const BLOCK_OF_DEPTH: usize = 512;

/// A contraction across batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Across {
    /// Whether the factor that is read where it is is the right side.
    is_right: bool,
}

impl Across {
    /// Batches of a part are a multiple of these.
    pub(super) const UNIT: usize = 64;

    /// How to compute these groups; `None` if they are something else.
    pub(super) fn new(groups: &Groups) -> Option<Self> {
        let is_right = match (groups.rows.len(), groups.columns.len()) {
            (_, 1) => false,
            (1, _) => true,
            _ => return None,
        };
        let batches = groups.batch.innermost();
        let fits = batches.extent >= LEAST_BATCHES && batches.strides[usize::from(is_right)] == 1;
        (fits && groups.depth.len() > 1).then_some(Self { is_right })
    }

    /// How many lists of neighbours there are, how many elements of the output each batch has, and neighbours.
    pub(super) fn extents(self, groups: &Groups) -> [usize; 3] {
        let neighbours = groups.batch.innermost().extent;
        [groups.batch.len() / neighbours, self.kept(groups).len(), neighbours]
    }

    /// The labels that the output has beside the batches.
    fn kept(self, groups: &Groups) -> &Group<2> {
        if self.is_right { &groups.columns } else { &groups.rows }
    }
}

/// Computes a part of the output: some lists of neighbours, of each some elements of the output, and some neighbours.
///
/// # Safety
///
/// The contract of [`Problem`], for all its rows and the whole depth; the groups are those of the product, and nobody else reads or
/// writes the part in the output.
pub(super) unsafe fn run<T: Real>(problem: &Problem<'_, T>, product: Across, part: &Part, arch: Arch) {
    let Groups { batch, depth, .. } = problem.groups;
    let neighbours = batch.innermost();
    let order = |[left, right]: [isize; 2]| if product.is_right { [right, left] } else { [left, right] };
    let [left, right, out] = neighbours.strides;
    let [_, factor_stride] = order([left, right]);
    let (mut rows, mut places, mut packed) = (Vec::new(), Vec::new(), Vec::new());
    for list in part.batch.clone() {
        let [left_offset, right_offset, out_offset] = batch.offset(list * neighbours.extent);
        // SAFETY: these are offsets of elements, by the contract.
        let ([left, right], out_start) = unsafe {
            (
                [problem.left.offset(left_offset), problem.right.offset(right_offset)],
                problem.out.offset(out_offset),
            )
        };
        let [moving, factor] = if product.is_right { [right, left] } else { [left, right] };
        for row_block in blocks(part.rows.clone(), BLOCK_OF_ROWS) {
            rows.clear();
            product.kept(problem.groups).offsets(row_block, 1, &mut rows);
            for depth_block in blocks(0..depth.len(), BLOCK_OF_DEPTH) {
                let mode = if depth_block.start == 0 { problem.mode } else { problem.mode.further() };
                places.clear();
                depth.offsets(depth_block, 1, &mut places);
                places.iter_mut().for_each(|place| *place = order(*place));
                let tiles = Trusted {
                    moving,
                    factor,
                    out: out_start,
                    strides: [factor_stride, out],
                    rows: &rows,
                    depth: &places,
                    batches: part.columns.clone(),
                    packed: &mut packed,
                    mode,
                };
                arch.dispatch(tiles);
            }
        }
    }
}

/// Some rows, some of the depth, and some batches of a list.
///
/// Only [`run`] makes one, and by its contract: all offsets lead to elements.
struct Trusted<'a, T> {
    /// The factor whose neighbours are batches.
    moving: *const T,
    factor: *const T,
    out: *mut T,
    /// Of the batches, in the other factor and in the output.
    strides: [isize; 2],
    /// Offsets in the first factor and in the output.
    rows: &'a [[isize; 2]],
    /// Offsets in both factors.
    depth: &'a [[isize; 2]],
    batches: Range<usize>,
    packed: &'a mut Vec<T>,
    mode: Mode,
}

impl<T: Real> WithSimd for Trusted<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let lanes = T::lanes::<S>();
        let Range { mut start, end } = self.batches;
        // SAFETY: by the contract of `run`, which is the only one to make this.
        unsafe {
            while start + VECTORS * lanes <= end {
                self.list::<S, VECTORS>(simd, start, VECTORS * lanes);
                start += VECTORS * lanes;
            }
            while start < end {
                let width = lanes.min(end - start);
                self.list::<S, 1>(simd, start, width);
                start += width;
            }
        }
    }
}

impl<T: Real> Trusted<'_, T> {
    /// Computes `width` batches from this one on.
    ///
    /// # Safety
    ///
    /// The promises of [`Trusted`]; the batches are some of them, more than `V - 1` vectors and at most `V`.
    #[inline(always)]
    unsafe fn list<S: Simd, const V: usize>(&mut self, simd: S, first: usize, width: usize) {
        let pitch = V * T::lanes::<S>();
        // SAFETY: by the promises.
        let (factor, steps) = unsafe {
            if self.strides[0] == 1 {
                (self.factor.add(first), None)
            } else {
                self.pack(first, width, pitch);
                (self.packed.as_ptr(), Some(pitch))
            }
        };
        let whole = self.rows.len() / ROWS * ROWS;
        for rows in self.rows[..whole].chunks_exact(ROWS) {
            // SAFETY: by the promises.
            unsafe { self.tile::<S, V, ROWS>(simd, rows, (first, width), (factor, steps)) }
        }
        for row in self.rows[whole..].chunks_exact(1) {
            // SAFETY: by the promises.
            unsafe { self.tile::<S, V, 1>(simd, row, (first, width), (factor, steps)) }
        }
    }

    /// Packs the other factor for these batches, so that they are neighbours, each position of the depth `pitch` numbers long.
    ///
    /// # Safety
    ///
    /// As for [`list`](Self::list).
    #[inline(always)]
    unsafe fn pack(&mut self, first: usize, width: usize, pitch: usize) {
        self.packed.clear();
        self.packed.resize(self.depth.len() * pitch, T::ZERO);
        for (packed, place) in self.packed.chunks_exact_mut(pitch).zip(self.depth) {
            for (batch, packed) in packed[..width].iter_mut().enumerate() {
                // SAFETY: by the promises.
                *packed =
                    unsafe { *self.factor.offset(place[1] + (first + batch) as isize * self.strides[0]) };
            }
        }
    }

    /// # Safety
    ///
    /// As for [`list`](Self::list); the rows are some of them, and the other factor is where its offsets say, or at each step.
    #[inline(always)]
    unsafe fn tile<S: Simd, const V: usize, const R: usize>(
        &self,
        simd: S,
        rows: &[[isize; 2]],
        (first, width): (usize, usize),
        (factor, steps): (*const T, Option<usize>),
    ) {
        let lanes = T::lanes::<S>();
        let mask = T::mask(simd, width - (V - 1) * lanes);
        let moving: [*const T; R] =
            core::array::from_fn(|row| self.moving.wrapping_offset(rows[row][0]).wrapping_add(first));
        let mut sums = [[T::splat(simd, T::ZERO); V]; R];
        for (number, &[place, factor_place]) in self.depth.iter().enumerate() {
            let factor = match steps {
                Some(pitch) => factor.wrapping_add(number * pitch),
                None => factor.wrapping_offset(factor_place),
            };
            // SAFETY: by the promises; all vectors but the last are full.
            unsafe {
                let factors = load_row::<T, S, V>(simd, mask, factor);
                for (sums, row) in sums.iter_mut().zip(moving) {
                    let row = load_row::<T, S, V>(simd, mask, row.wrapping_offset(place));
                    for vector in 0..V {
                        sums[vector] = T::multiply_add(simd, row[vector], factors[vector], sums[vector]);
                    }
                }
            }
        }
        for (row, sums) in rows.iter().zip(&sums) {
            // SAFETY: by the promises.
            unsafe { self.put::<S, V>(simd, mask, (row[1], first, width), sums) }
        }
    }

    /// Stores the sums of one row.
    ///
    /// # Safety
    ///
    /// As for [`tile`](Self::tile).
    #[inline(always)]
    unsafe fn put<S: Simd, const V: usize>(
        &self,
        simd: S,
        mask: T::Mask<S>,
        (offset, first, width): (isize, usize, usize),
        sums: &[T::Vector<S>; V],
    ) {
        let stride = self.strides[1];
        let out = self.out.wrapping_offset(offset + first as isize * stride);
        if stride == 1 {
            // SAFETY: by the promises.
            return unsafe { store_row::<T, S, V>(simd, mask, self.mode, out, sums) };
        }
        let numbers: *const T = sums.as_ptr().cast();
        for batch in 0..width {
            // SAFETY: by the promises; vectors are lanes without gaps.
            unsafe { self.mode.put(&mut *out.offset(batch as isize * stride), *numbers.add(batch)) }
        }
    }
}
