//! Which side is loaded as vectors, how wide these are, and where panels end: the cheapest by an estimate.
//!
//! The left side is broadcast and may lie anywhere. The right side has to be packed where its columns are not
//! neighbours, and the output has to be scattered where its columns are not. One of the two sides is the better right
//! one, which depends on the extents as well as on the strides.

use pulp::Arch;

use super::ahead::CACHE_LINE;
use super::blocking::{LeftSide, SECOND_LEVEL, is_left_far, packs_left};
use super::form::Form;
use super::group::{Axis, Group};
use super::kernel::{tile_rows, tile_vectors};
use super::pack::are_interleaved;
use super::problem::{Groups, LoopAxis};
use super::real::Real;
use super::simd::{Shape, narrower};
use crate::arithmetic::ElementType;

/// How a contraction is computed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strategy {
    pub(super) arch: Arch,
    pub(super) form: Form,
    /// Whether panels end with the innermost axis of the columns, so that a right side whose runs are long enough for
    /// vectors need not be packed.
    pub(super) cut: bool,
}

/// What elements are made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers {
    /// Bytes of a number.
    size: usize,
    /// How many there are in an element: 2, if it is complex.
    parts: usize,
    /// Whether there are kernels for them.
    has_kernels: bool,
    shape: fn(Arch) -> Shape,
}

impl Numbers {
    pub(super) fn of<T: Real>(parts: usize) -> Self {
        Self { size: size_of::<T>(), parts, has_kernels: true, shape: Shape::of::<T> }
    }

    /// Those of elements without kernels count as 8 bytes.
    pub(super) fn of_elements(element: Option<ElementType>) -> Self {
        match element {
            Some(ElementType::F32) => Self::of::<f32>(1),
            Some(ElementType::F64) => Self::of::<f64>(1),
            Some(ElementType::ComplexF32) => Self::of::<f32>(2),
            Some(ElementType::ComplexF64) => Self::of::<f64>(2),
            None => Self { has_kernels: false, ..Self::of::<f64>(1) },
        }
    }

    pub(super) fn size_of_element(self) -> usize {
        self.size * self.parts
    }
}

// Estimates in cycles, measured on Zen 4; only their ratios matter.

/// Of a call of the micro-kernel, beside its products.
const TILE: f32 = 40.0;
/// Of a number packed from a contiguous run, transposed in blocks, or gathered one by one.
const COPIED: f32 = 0.1;
const TRANSPOSED: f32 = 0.3;
const GATHERED: f32 = 1.5;
/// Of a run that is packed or scattered, beside its numbers.
const RUN: f32 = 5.0;
/// Of a number that is scattered.
const SCATTERED: f32 = 1.0;
/// Of a number of the left side whose neighbours are short stretches on different pages.
const FAR: f32 = 1.0;
/// Of a number of the left side that is alone in its cache line, of as many as do not wait in the second-level cache for the others.
const SPARSE: f32 = 4.0;
/// Of a number of the right side that comes from beyond the second-level cache, where it is read again for other rows.
const READ: f32 = 0.25;
/// Of a contraction, before it begins.
const CONTRACTION: f32 = 1000.0;
/// A vector of half the width takes half the time where the processor splits the wide ones, and is a little less
/// efficient.
const NARROW: f32 = 0.57;

/// Stretches of fewer cache lines than these are short.
const LINES_OF_STRETCH: usize = 4;

impl Strategy {
    /// Says how to compute the groups of these axes, which are filled as the operands come, and exchanges the sides if that is
    /// better; `None` if a group has too many axes.
    pub(super) fn choose(
        groups: &mut Groups,
        axes: &[LoopAxis],
        numbers: Numbers,
        arch: Arch,
    ) -> Option<Self> {
        let strategy = Self::of_product(groups, axes, numbers, arch)?;
        if !numbers.has_kernels {
            return Some(strategy);
        }
        let lanes = (numbers.shape)(arch).lanes;
        let form = match numbers.parts {
            1 => Form::of(groups, [numbers.size, lanes]),
            _ => Form::of_complex(groups, lanes),
        };
        // Vectors of full width: those of a product were chosen for what it takes as a single column.
        let arch = if form.has_no_columns() { arch } else { strategy.arch };
        Some(Self { arch, form, ..strategy })
    }

    /// The same, as a product of matrices.
    fn of_product(groups: &mut Groups, axes: &[LoopAxis], numbers: Numbers, arch: Arch) -> Option<Self> {
        let ideal = Self { arch, form: Form::Product, cut: false };
        let wide = (numbers.shape)(arch);
        if is_ideal(groups, wide.lanes) {
            return Some(ideal);
        }
        let mut swapped = Groups::EMPTY;
        swapped.fill(axes, true)?;
        if is_ideal(&swapped, wide.lanes) {
            *groups = swapped;
            return Some(ideal);
        }
        let (straight_strategy, straight_cost) = cheapest(groups, &[whole(groups)], numbers, arch);
        let (swapped_strategy, swapped_cost) = cheapest(&swapped, &[whole(&swapped)], numbers, arch);
        if swapped_cost < straight_cost {
            *groups = swapped;
            return Some(swapped_strategy);
        }
        Some(straight_strategy)
    }
}

/// How many rows there are, and how many positions of the depth these are summed over.
pub(super) type Share = [usize; 2];

/// All of both.
pub(super) fn whole(groups: &Groups) -> Share {
    [groups.rows.len(), groups.depth.len()]
}

/// Whether neither packing nor scattering is needed, and vectors are full, or many.
fn is_ideal(groups: &Groups, lanes: usize) -> bool {
    let fits = |extent: usize| extent.is_multiple_of(lanes) || extent >= 4 * lanes;
    groups.rows.len() > 1
        && matches!(groups.columns.axes(), [columns] if columns.strides == [1, 1] && fits(columns.extent))
}

/// The best strategy for rows in shares, and its estimate: the cycles of all batches, with those of the way from memory.
pub(super) fn estimate(groups: &Groups, shares: &[Share], numbers: Numbers, arch: Arch) -> (Strategy, f32) {
    let (strategy, cost) = cheapest(groups, shares, numbers, arch);
    let read = groups.columns.len() * groups.depth.len() * numbers.parts;
    (strategy, CONTRACTION + (cost + read as f32 * READ) * groups.batch.len() as f32)
}

/// The best strategy for a choice of sides, and its estimate: the cycles of one batch.
fn cheapest(groups: &Groups, shares: &[Share], numbers: Numbers, arch: Arch) -> (Strategy, f32) {
    let wide = (numbers.shape)(arch);
    let stretch = groups.columns.innermost().extent;
    let can_cut = groups.columns.axes().len() > 1;
    let wide_lanes = (stretch * numbers.parts).next_multiple_of(wide.lanes);
    // Narrower vectors are for columns that would leave many lanes of the wide ones empty.
    let narrow = if wide_lanes * 7 > stretch * numbers.parts * 8 { narrower(arch) } else { None };
    let shapes = [Some((arch, wide, 1.0)), narrow.map(|arch| (arch, (numbers.shape)(arch), NARROW))];
    let product = |arch, cut| Strategy { arch, form: Form::Product, cut };
    let mut best = (product(arch, false), f32::INFINITY);
    for (arch, shape, vector) in shapes.into_iter().flatten() {
        for cut in if can_cut { &[false, true][..] } else { &[false] } {
            let estimate = cost(groups, shares, numbers, shape, vector, *cut);
            if estimate < best.1 {
                best = (product(arch, *cut), estimate);
            }
        }
    }
    best
}

/// The estimated cycles of one batch, whose rows come in shares.
fn cost(groups: &Groups, shares: &[Share], numbers: Numbers, shape: Shape, vector: f32, cut: bool) -> f32 {
    let Numbers { parts, size, .. } = numbers;
    let columns = groups.columns.len();
    let stretch = if cut { groups.columns.innermost().extent } else { columns };
    let vectors_of_stretch = (stretch * parts).div_ceil(shape.lanes);
    let panels_of_stretch = vectors_of_stretch.div_ceil(tile_vectors(shape.registers));
    let stretches = columns / stretch;
    let vectors = vectors_of_stretch * stretches;
    let vectors_of_panel = vectors_of_stretch.div_ceil(panels_of_stretch);
    let panels = panels_of_stretch * stretches;
    let tile = tile_rows(shape.registers, vectors_of_panel);
    let blocks = LeftSide::InPlace.depth_blocks(size * parts, groups.depth.len());
    let width = (columns * parts) as f32;
    let of_product = vectors as f32 * vector + left(groups, size * parts, panels);
    let of_row = blocks as f32 * scatter(&groups.columns, width, cut);
    let of_share = |&[rows, depth]: &Share| {
        let (rows, tiles) = (rows * parts, (rows * parts).div_ceil(tile) * panels);
        (rows * depth) as f32 * of_product + rows as f32 * of_row + (tiles * blocks) as f32 * TILE
    };
    shares.iter().map(of_share).sum::<f32>() + groups.depth.len() as f32 * pack(groups, width, cut)
}

/// Reading a number of the left side, as far as it takes longer than from neighbours.
fn left(groups: &Groups, size: usize, panels: usize) -> f32 {
    let Groups { rows, depth, .. } = groups;
    let is_sparse = |axis: &Axis<2>| axis.strides[0].unsigned_abs() * size >= CACHE_LINE;
    let is_large = rows.len() * depth.len() * size > SECOND_LEVEL;
    if is_large && is_sparse(&rows.innermost()) && depth.axes().iter().all(is_sparse) {
        return SPARSE;
    }
    let is_far = is_left_far(depth, LINES_OF_STRETCH * CACHE_LINE / size, size);
    match (packs_left(panels, depth, size), is_far) {
        (true, _) => TRANSPOSED,
        (false, true) => FAR,
        (false, false) => 0.0,
    }
}

/// Packing one position of the depth of the right side.
fn pack(groups: &Groups, width: f32, cut: bool) -> f32 {
    let runs = (groups.columns.len() / groups.columns.run(0)) as f32;
    match (groups.columns.innermost().strides[0], groups.depth.innermost().strides[1]) {
        (1, _) if cut || runs == 1.0 => 0.0,
        (1, _) => runs * RUN + width * COPIED,
        (_, 1 | -1) => width * TRANSPOSED,
        _ if are_interleaved(&groups.columns) => width * (TRANSPOSED + COPIED),
        _ => width * GATHERED,
    }
}

/// Scattering one row of the output.
fn scatter(columns: &Group<2>, width: f32, cut: bool) -> f32 {
    let runs = (columns.len() / columns.run(1)) as f32;
    match columns.innermost().strides[1] {
        1 if cut || runs == 1.0 => 0.0,
        1 => runs * RUN + width * COPIED,
        _ => width * SCATTERED,
    }
}
