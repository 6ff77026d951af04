//! Many small products side by side: neighbours belong to different batches, and vectors go across them. A depthwise
//! convolution of channels that lie side by side is one.
//!
//! One factor is read where it is, and has the batches as neighbours; the other one may lie otherwise, and is packed then.
//!
//! Of complex numbers, the real parts of the other factor are packed, each twice, and then the imaginary ones: pairs are
//! multiplied by both as if they were real, and both sums make one of complex numbers in the end.

use core::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::blocking::blocks;
use super::drive::Part;
use super::group::Group;
use super::kernel::{Mode, complex_row, load, store_row};
use super::problem::{Groups, Problem};
use super::real::Real;

/// The fewest batches that are worth a vector.
const LEAST_BATCHES: usize = 8;

/// Elements of the output that are in registers at a time: of as many rows, vectors of batches. What the rows meet is in as
/// many others.
const ROWS: usize = 3;
const VECTORS: usize = 4;
/// Where there are 16 registers; of complex numbers, which have two sums each, half as many.
const VECTORS_NARROW: usize = 2;

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

/// Rows at equal distances, or positions of the depth.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// How many come before it.
    first: usize,
    len: usize,
    /// Of the first one, in the moving factor, and in the output or in the other factor.
    offsets: [isize; 2],
    strides: [isize; 2],
}

/// Lists the runs of some positions, each at most so long, with strides in the order of [`Run`], of elements of so many numbers.
fn list(
    group: &Group<2>,
    block: Range<usize>,
    most: usize,
    is_turned: bool,
    unit: isize,
    runs: &mut Vec<Run>,
) {
    let order = |[a, b]: [isize; 2]| if is_turned { [b * unit, a * unit] } else { [a * unit, b * unit] };
    runs.clear();
    group.runs(block, |start, len, offset, strides| {
        for first in (0..len).step_by(most) {
            let offsets =
                order(core::array::from_fn(|array| offset[array] + first as isize * strides[array]));
            let len = most.min(len - first);
            runs.push(Run { first: start + first, len, offsets, strides: order(strides) });
        }
    });
}

/// Computes a part of the output: some lists of neighbours, of each some elements of the output, and some neighbours.
///
/// # Safety
///
/// The contract of [`Problem`], for all its rows and the whole depth; the groups are those of the product, and nobody else reads or
/// writes the part in the output.
pub(super) unsafe fn run<T: Real>(problem: &Problem<'_, T>, product: Across, part: &Part, arch: Arch) {
    let Groups { batch, depth, .. } = problem.groups;
    let kept = product.kept(problem.groups);
    let neighbours = batch.innermost();
    let [left, right, out_stride] = neighbours.strides;
    let factor_stride = if product.is_right { left } else { right };
    // Positions of the depth that move through the factor as the rows do meet again what the next row met.
    let moves = kept.innermost().strides[0] == depth.innermost().strides[usize::from(product.is_right)];
    let most = if moves { usize::MAX } else { 1 };
    let (mut rows, mut taps, mut packed) = (Vec::new(), Vec::new(), Vec::new());
    let parts = if problem.complex { 2 } else { 1 };
    let unit = parts as isize;
    for number in part.batch.clone() {
        let [left, right, out] = batch.offset(number * neighbours.extent).map(|offset| offset * unit);
        // SAFETY: these are offsets of elements, by the contract.
        let ([left, right], out) =
            unsafe { ([problem.left.offset(left), problem.right.offset(right)], problem.out.offset(out)) };
        let [moving, factor] = if product.is_right { [right, left] } else { [left, right] };
        for row_block in blocks(part.rows.clone(), BLOCK_OF_ROWS) {
            list(kept, row_block, usize::MAX, false, unit, &mut rows);
            for depth_block in blocks(0..depth.len(), BLOCK_OF_DEPTH) {
                let mode = if depth_block.start == 0 { problem.mode } else { problem.mode.further() };
                list(depth, depth_block, most, product.is_right, unit, &mut taps);
                let batches = part.columns.start * parts..part.columns.end * parts;
                let strides = [factor_stride, out_stride];
                let (rows, taps, packed) = (&rows[..], &taps[..], &mut packed);
                let all = Trusted { moving, factor, out, strides, rows, taps, batches, packed, parts, mode };
                arch.dispatch(all);
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
    /// Of the batches, in the other factor and in the output, in elements.
    strides: [isize; 2],
    rows: &'a [Run],
    taps: &'a [Run],
    /// Numbers of the batches.
    batches: Range<usize>,
    packed: &'a mut Vec<T>,
    /// Numbers of an element.
    parts: usize,
    mode: Mode,
}

/// Some batches: the first one, how many, and the other factor for them, where positions of the depth are so far apart if it
/// is packed.
#[derive(Clone, Copy)]
struct Batches<T> {
    first: usize,
    width: usize,
    factor: *const T,
    pitch: Option<usize>,
}

impl<T: Real> WithSimd for Trusted<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        // SAFETY: by the contract of `run`, which is the only one to make this.
        unsafe {
            match (const { S::REGISTER_COUNT >= 32 }, self.parts) {
                (true, 1) => self.lists::<S, VECTORS, 1>(simd),
                (true, _) => self.lists::<S, { VECTORS / 2 }, 2>(simd),
                (false, 1) => self.lists::<S, VECTORS_NARROW, 1>(simd),
                (false, _) => self.lists::<S, { VECTORS_NARROW / 2 }, 2>(simd),
            }
        }
    }
}

impl<T: Real> Trusted<'_, T> {
    /// Computes all batches, whose elements have `P` numbers, `V` vectors at a time and then one by one.
    ///
    /// # Safety
    ///
    /// The promises of [`Trusted`].
    #[inline(always)]
    unsafe fn lists<S: Simd, const V: usize, const P: usize>(&mut self, simd: S) {
        let lanes = T::lanes::<S>();
        let Range { mut start, end } = self.batches;
        // SAFETY: by the promises.
        unsafe {
            while start + V * lanes <= end {
                self.list::<S, V, P>(simd, start, V * lanes);
                start += V * lanes;
            }
            while start < end {
                let width = lanes.min(end - start);
                self.list::<S, 1, P>(simd, start, width);
                start += width;
            }
        }
    }

    /// Computes `width` numbers of batches from this one on.
    ///
    /// # Safety
    ///
    /// The promises of [`Trusted`]; the batches are some of them, more than `V - 1` vectors and at most `V`.
    #[inline(always)]
    unsafe fn list<S: Simd, const V: usize, const P: usize>(&mut self, simd: S, first: usize, width: usize) {
        let pitch = V * T::lanes::<S>();
        // SAFETY: by the promises.
        let (factor, pitch) = unsafe {
            if P == 1 && self.strides[0] == 1 {
                (self.factor.add(first), None)
            } else {
                self.pack::<P>(first, width, pitch);
                (self.packed.as_ptr(), Some(pitch))
            }
        };
        let batches = Batches { first, width, factor, pitch };
        for run in self.rows {
            let mut row = 0;
            while row < run.len {
                // SAFETY: by the promises; there are so many rows.
                row += unsafe {
                    match run.len - row {
                        ROWS.. => self.tile::<S, V, ROWS, P>(simd, run, row, batches),
                        2.. => self.tile::<S, V, 2, P>(simd, run, row, batches),
                        _ => self.tile::<S, V, 1, P>(simd, run, row, batches),
                    }
                };
            }
        }
    }

    /// Packs the other factor for these batches, so that they are neighbours, each position of the depth `pitch` numbers long, for
    /// each part of an element.
    ///
    /// # Safety
    ///
    /// As for [`list`](Self::list).
    #[inline(always)]
    unsafe fn pack<const P: usize>(&mut self, first: usize, width: usize, pitch: usize) {
        let Self { factor, strides: [stride, _], taps, .. } = *self;
        self.packed.clear();
        for tap in taps {
            for position in 0..tap.len {
                let offset = tap.offsets[1] + position as isize * tap.strides[1] + first as isize * stride;
                for part in 0..P {
                    let start = self.packed.len();
                    self.packed.resize(start + pitch, T::ZERO);
                    for (number, packed) in self.packed[start..start + width].iter_mut().enumerate() {
                        let element = (number / P * P) as isize * stride;
                        // SAFETY: by the promises.
                        *packed = unsafe { *factor.offset(offset + element + part as isize) };
                    }
                }
            }
        }
    }

    /// Computes `R` rows of a run from one on, and says how many these are.
    ///
    /// # Safety
    ///
    /// As for [`list`](Self::list); the run has so many rows.
    #[inline(always)]
    unsafe fn tile<S: Simd, const V: usize, const R: usize, const P: usize>(
        &self,
        simd: S,
        run: &Run,
        row: usize,
        batches: Batches<T>,
    ) -> usize {
        let Batches { first, width, .. } = batches;
        let lanes = T::lanes::<S>();
        let mask = T::mask(simd, width - (V - 1) * lanes);
        let [moving, out] = [0, 1].map(|array| run.offsets[array] + row as isize * run.strides[array]);
        let start = self.moving.wrapping_offset(moving).wrapping_add(first);
        // SAFETY: by the promises; all vectors but the last are full.
        unsafe {
            let sums = match width == V * lanes {
                true => self.sums::<S, V, R, P>(simd, None, (start, run.strides[0]), batches),
                false => self.sums::<S, V, R, P>(simd, Some(mask), (start, run.strides[0]), batches),
            };
            for (row, sums) in sums.iter().enumerate() {
                let sums =
                    if P == 1 { sums[0] } else { complex_row::<T, S, V>(simd, &[sums[0], sums[P - 1]]) };
                self.put::<S, V, P>(simd, mask, (out + row as isize * run.strides[1], first, width), &sums);
            }
        }
        R
    }

    /// The sums of `R` rows that are so far apart in the moving factor, for each part of the other one.
    ///
    /// # Safety
    ///
    /// As for [`tile`](Self::tile); the mask is that of the last vector, if this is not full.
    #[inline(always)]
    unsafe fn sums<S: Simd, const V: usize, const R: usize, const P: usize>(
        &self,
        simd: S,
        mask: Option<T::Mask<S>>,
        (start, step): (*const T, isize),
        Batches { factor, pitch, .. }: Batches<T>,
    ) -> [[[T::Vector<S>; V]; P]; R] {
        let mut sums = [[[T::splat(simd, T::ZERO); V]; P]; R];
        for tap in self.taps {
            let start = start.wrapping_offset(tap.offsets[0]);
            let (factor, factor_step) = match pitch {
                Some(pitch) => (factor.wrapping_add(tap.first * P * pitch), (P * pitch) as isize),
                None => (factor.wrapping_offset(tap.offsets[1]), tap.strides[1]),
            };
            // What row 0 meets now, row 1, and so on: with the next position, each row meets what its successor met.
            let mut met = [[T::splat(simd, T::ZERO); V]; R];
            // SAFETY: by the promises.
            unsafe {
                for (row, met) in met.iter_mut().enumerate().skip(1) {
                    *met = load(simd, mask, start.wrapping_offset((row as isize - 1) * step));
                }
                for position in 0..tap.len as isize {
                    // By hand: `rotate_left`, or a closure, would bring them to memory.
                    let mut row = 1;
                    while row < R {
                        met[row - 1] = met[row];
                        row += 1;
                    }
                    met[R - 1] = load(simd, mask, start.wrapping_offset((position + R as isize - 1) * step));
                    let mut factor = factor.wrapping_offset(position * factor_step);
                    for part in 0..P {
                        let factors: [_; V] = load(simd, mask, factor);
                        for (sums, met) in sums.iter_mut().zip(&met) {
                            for vector in 0..V {
                                let sum = sums[part][vector];
                                sums[part][vector] = T::multiply_add(simd, met[vector], factors[vector], sum);
                            }
                        }
                        factor = factor.wrapping_add(pitch.unwrap_or(0));
                    }
                }
            }
        }
        sums
    }

    /// Stores the sums of one row.
    ///
    /// # Safety
    ///
    /// As for [`list`](Self::list), for an offset of the output.
    #[inline(always)]
    unsafe fn put<S: Simd, const V: usize, const P: usize>(
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
        for number in 0..width {
            let place = (number / P * P) as isize * stride + (number % P) as isize;
            // SAFETY: by the promises; vectors are lanes without gaps.
            unsafe { self.mode.put(&mut *out.offset(place), *numbers.add(number)) }
        }
    }
}
