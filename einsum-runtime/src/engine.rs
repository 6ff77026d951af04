//! The contraction engine: two arrays of floats or complex numbers, any strides, no transposing, no copies but of
//! blocks that fit the caches.
//!
//! ```text
//! axes → problem: batch, rows, columns, depth
//!      → strategy: which side is loaded as vectors, and how wide these are; the form, which says which kernels
//!      → threads: parts of the output
//!      → drive: blocks of columns, depth and rows; pack where that pays (blocking says where), fetch ahead; a large output
//!        in short runs goes past the caches (stream)
//!      → kernel: panels of a few vectors, tiles in registers, for the instruction set that simd chose; scatter, where
//!        the output lies otherwise; stencil, vector and across have kernels of their own
//! ```
//!
//! Products of small matrices take none of these steps: `small` goes from the axes to tiles.
//!
//! Window views make it an implicit GEMM: their overlap is in the tables of offsets, and nothing is unfolded. With padding
//! they are boxes, each of which is inside of the image: rows come in classes then, each with a part of the depth.

mod across;
mod ahead;
mod blocking;
mod boxes;
mod depth;
mod drive;
mod form;
mod generic;
mod group;
mod kernel;
mod pack;
mod panels;
mod pieces;
mod problem;
mod real;
mod right;
mod scatter;
mod simd;
mod small;
mod stencil;
mod strategy;
mod stream;
#[cfg(test)]
mod tests;
mod threads;
mod transpose;
mod vector;

use core::fmt;

use ndarray::ArrayViewD;
use pulp::Arch;

use crate::arithmetic::{Arithmetic, ArithmeticOf, ElementType, Kind};
use crate::strided::{CursorMut, Erased, Strided, StridedMut};
use form::Form;
use problem::{Class, Groups, Piece, Problem, Rows};
use real::Real;
use strategy::{Numbers, Strategy, estimate, whole};

pub(crate) use ahead::CACHE_LINE;
pub(crate) use generic::contract_other;
pub use kernel::Mode;
pub use pieces::contract_pieces;
pub(crate) use problem::LoopAxis;
pub(crate) use simd::arch;
pub use simd::kernel_in_use;
pub use small::{MatrixAxes, contract_small};

/// The most axes that a contraction may have, and one of its groups; one with more is left to the loops.
const MAX_AXES: usize = 16;
pub(crate) const MAX_GROUP_AXES: usize = 6;

/// Products below which loops are as fast, of two matrices, and of a matrix and a vector.
const LEAST_WORK: usize = 1 << 10;
const LEAST_WORK_OF_A_VECTOR: usize = 1 << 12;

/// Products, where nothing is summed, below which [`Loops`](crate::loops::Loops) are faster than kernels, which pay where the output
/// is so large that it is written past the caches, and by threads.
const LEAST_WORK_WITHOUT_SUMS: usize = 1 << 20;

/// Contracts `left` with `right` into `out`, if that is faster here than by loops: says whether it was done.
///
/// `labels` has the label of each axis of the output, the left and the right array; a label is the same number in
/// each, and one that the output does not have is summed.
///
/// # Panics
///
/// Where the axes of a label have different extents.
#[inline]
pub fn contract<T, const N: usize, const L: usize, const R: usize>(
    out: &mut StridedMut<'_, T, N>,
    left: &Strided<'_, T, L>,
    right: &Strided<'_, T, R>,
    labels: (&[usize; N], &[usize; L], &[usize; R]),
    arithmetic: ArithmeticOf<T>,
) -> bool {
    if !is_large([out.erased().extents, left.erased().extents, right.erased().extents]) {
        return false;
    }
    // Copies: what another function gets to see lies in memory all the time, for which the loops of a small call would wait.
    let (mut out, left, right) = (out.reborrow(), *left, *right);
    let arrays =
        [(out.erased(), &labels.0[..]), (left.erased(), &labels.1[..]), (right.erased(), &labels.2[..])];
    // SAFETY: the arrays hold elements of `T`, and are borrowed, the output for writing.
    unsafe { contract_erased(&arrays, arithmetic.erased(), arch()) }
}

/// Whether there may be work enough, seen from the sizes of the arrays alone: rows, columns and depth are each in two
/// of them, so the product of the sizes is at least the square of the work.
#[inline(always)]
fn is_large(extents: [&[usize]; 3]) -> bool {
    let product = extents.into_iter().flatten().fold(1, |product: usize, &n| product.saturating_mul(n));
    product >= LEAST_WORK * LEAST_WORK
}

/// Like [`contract`], for arrays of dynamic rank. Axes of extent 1 are stretched, those that share a label a diagonal.
/// `extents` are those of the labels, in the output.
pub(crate) fn contract_views<T>(
    (out, out_labels, extents): (&mut CursorMut<'_, T>, &[usize], &[usize]),
    (left, left_labels): (&ArrayViewD<'_, T>, &[usize]),
    (right, right_labels): (&ArrayViewD<'_, T>, &[usize]),
    arithmetic: ArithmeticOf<T>,
) -> bool {
    out.with_erased(out_labels, extents, |out| {
        let arrays = [(out, out_labels), (erased(left), left_labels), (erased(right), right_labels)];
        // SAFETY: as above.
        unsafe { contract_erased(&arrays, arithmetic.erased(), arch()) }
    })
}

pub(crate) fn erased<'a, T>(array: &'a ArrayViewD<'_, T>) -> Erased<'a> {
    Erased { start: array.as_ptr().cast_mut().cast(), extents: array.shape(), strides: array.strides() }
}

/// An array with the label of each axis.
type Labelled<'a> = (Erased<'a>, &'a [usize]);

/// # Safety
///
/// The arrays, of which the output comes first, have elements of this arithmetic and are borrowed, the output for writing.
unsafe fn contract_erased(arrays: &[Labelled<'_>; 3], arithmetic: Arithmetic, arch: Arch) -> bool {
    let mut axes = [LoopAxis::ABSENT; MAX_AXES];
    let Some(axes) = collect_all(&mut axes, arrays) else { return false };
    // SAFETY: by the contract, and the axes have the extents and strides of the arrays.
    unsafe { contract_axes(axes, arrays.map(|(array, _)| array.start), arithmetic, arch) }
}

/// Contracts two arrays along axes that are known, if that is faster here than by the caller's loops: says whether it was done.
///
/// # Safety
///
/// From the pointers to the output, the left and the right array on, every offset of its axes leads to an element of
/// that array; those in the output are all different, and nobody else reads or writes them.
pub(crate) unsafe fn contract_axes(
    axes: &mut [LoopAxis],
    starts: [*mut (); 3],
    arithmetic: Arithmetic,
    arch: Arch,
) -> bool {
    // SAFETY: by the contract.
    unsafe {
        match arithmetic.elements {
            Kind::Known(element) => {
                let is_done = contract_known(axes, starts, element, arithmetic.mode, arch);
                let by_loops = !is_done && is_sum_free(axes) && work(axes) >= LEAST_WORK_OF_A_VECTOR;
                if by_loops {
                    arithmetic.run_loops(axes, starts, true, arch);
                }
                is_done || by_loops
            }
            Kind::Other(other) => {
                axes.iter_mut().for_each(LoopAxis::forget_stretched);
                let is_taken = is_taken_by_others(axes);
                if is_taken {
                    other.contract(axes, starts, true, arithmetic.mode, arch);
                }
                is_taken
            }
        }
    }
}

/// # Safety
///
/// As for [`contract_axes`], with elements of this type.
unsafe fn contract_known(
    axes: &mut [LoopAxis],
    starts: [*mut (); 3],
    element: ElementType,
    mode: Mode,
    arch: Arch,
) -> bool {
    let mut groups = Groups::EMPTY;
    let Some(strategy) = taken(&mut groups, axes, Some(element), arch) else { return false };
    // SAFETY: by the contract.
    unsafe { run_whole(&groups, strategy, starts, element, mode) }
    true
}

/// How a step is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kernel {
    /// By the contraction engine, as a product of matrices, each of many axes.
    MatrixProduct,
    /// By the contraction engine, as a product of a matrix and a vector or a few, or of two vectors.
    MatrixVector,
    /// By the contraction engine, as small products of as many batches at a time as there are numbers in a vector.
    AcrossBatches,
    /// By the contraction engine, as a small kernel that slides over an image.
    Stencil,
    /// In loops over one array or two.
    Loops,
    /// In loops over all arrays together, in which no intermediate is stored.
    LoopNest,
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::MatrixProduct => "matrix product",
            Self::MatrixVector => "matrix by vector",
            Self::AcrossBatches => "across batches",
            Self::Stencil => "stencil",
            Self::Loops => "loops",
            Self::LoopNest => "loop nest",
        })
    }
}

/// How two arrays would be contracted along these axes.
pub(crate) fn kernel(axes: &mut [LoopAxis], element: Option<ElementType>) -> Kernel {
    let mut groups = Groups::EMPTY;
    match taken(&mut groups, axes, element, arch()).map(|strategy| strategy.form) {
        None => Kernel::Loops,
        Some(Form::Stencil) => Kernel::Stencil,
        Some(Form::MatrixVector(_)) => Kernel::MatrixVector,
        Some(Form::Across(_)) => Kernel::AcrossBatches,
        Some(Form::Product) => Kernel::MatrixProduct,
    }
}

/// About how many cycles contracting two arrays along these axes takes here; `None` if they are left to loops.
pub(crate) fn cycles(axes: &mut [LoopAxis], element: Option<ElementType>) -> Option<f32> {
    let mut groups = Groups::EMPTY;
    if taken(&mut groups, axes, element, arch())?.form.has_no_columns() {
        let Groups { batch, rows, columns, depth, .. } = groups;
        let products = [batch.len(), rows.len(), columns.len(), depth.len()].map(|len| len as f32);
        return Some(ALONG * products.into_iter().product::<f32>());
    }
    let (_, cycles) = estimate(&groups, &[whole(&groups)], Numbers::of_elements(element), arch());
    Some(cycles)
}

/// How [`contract`] would contract these arrays, of which the output comes first; nothing is read.
pub(crate) fn kernel_of<T: 'static>(arrays: &[Labelled<'_>; 3]) -> Kernel {
    let mut axes = [LoopAxis::ABSENT; MAX_AXES];
    collect_all(&mut axes, arrays).map_or(Kernel::Loops, |axes| kernel(axes, ElementType::of::<T>()))
}

/// The groups of these axes, and how to compute them, if the engine takes them.
fn taken(
    groups: &mut Groups,
    axes: &mut [LoopAxis],
    element: Option<ElementType>,
    arch: Arch,
) -> Option<Strategy> {
    if is_sum_free(axes) && work(axes) < LEAST_WORK_WITHOUT_SUMS {
        return None;
    }
    let strategy = choose(groups, axes, element, arch)?;
    is_worth_it(groups, element, strategy.form).then_some(strategy)
}

/// Computes all rows with the whole depth.
///
/// # Safety
///
/// As for [`Task::run`], for pointers to the output, the left and the right array.
unsafe fn run_whole(
    groups: &Groups,
    strategy: Strategy,
    starts: [*mut (); 3],
    element: ElementType,
    mode: Mode,
) {
    let pieces = [Piece { class: 0, rows: 0..groups.rows.len() }];
    let rows = Rows { classes: &[Class::whole(groups)], pieces: &pieces, disjoint: true };
    // SAFETY: by the contract.
    unsafe { Task::new(groups, rows, strategy, starts).run(element, mode) }
}

/// What there is to compute.
struct Task<'a> {
    groups: &'a Groups,
    rows: Rows<'a>,
    strategy: Strategy,
    out: *mut (),
    left: *const (),
    right: *const (),
}

impl<'a> Task<'a> {
    /// The pointers are those of the output, the left and the right array.
    fn new(groups: &'a Groups, rows: Rows<'a>, strategy: Strategy, [out, left, right]: [*mut (); 3]) -> Self {
        let (left, right) = if groups.swapped { (right, left) } else { (left, right) };
        Self { groups, rows, strategy, out, left: left.cast_const(), right: right.cast_const() }
    }

    /// # Safety
    ///
    /// The pointers are those of live arrays that the groups and rows describe, as for [`Problem`], with elements of this type;
    /// nobody else reads or writes the output.
    unsafe fn run(&self, element: ElementType, mode: Mode) {
        // SAFETY: by the contract; a complex number is two real ones.
        unsafe {
            match element {
                ElementType::F32 => self.run_real::<f32>(mode, false),
                ElementType::F64 => self.run_real::<f64>(mode, false),
                ElementType::ComplexF32 => self.run_real::<f32>(mode, true),
                ElementType::ComplexF64 => self.run_real::<f64>(mode, true),
            }
        }
    }

    /// # Safety
    ///
    /// As for [`run`](Self::run), with elements that are numbers `T`, or pairs of them.
    unsafe fn run_real<T: Real>(&self, mode: Mode, complex: bool) {
        let &Task { groups, rows, strategy, out, left, right } = self;
        let (left, right, out) = (left.cast(), right.cast(), out.cast());
        let problem = Problem::<T> { groups, rows, strategy, left, right, out, mode, complex };
        // SAFETY: by the contract.
        unsafe {
            match strategy.form {
                Form::Product => threads::run(&problem),
                Form::Stencil => threads::run_stencil(&problem),
                Form::MatrixVector(product) => threads::run_vector(&problem, product),
                Form::Across(product) => threads::run_across(&problem, product),
            }
        }
    }
}

/// Whether nothing is summed: the products are stored as they come.
fn is_sum_free(axes: &[LoopAxis]) -> bool {
    axes.iter().all(|axis| axis.extent == 1 || axis.strides[0].is_some())
}

/// Whether elements without kernels are contracted here: all that is no little work, since loops of the caller are compiled for any
/// processor.
fn is_taken_by_others(axes: &[LoopAxis]) -> bool {
    let least = if is_product_of_matrices(axes) { LEAST_WORK } else { LEAST_WORK_OF_A_VECTOR };
    work(axes) >= least && axes.iter().all(LoopAxis::is_shared)
}

/// How many products there are.
fn work(axes: &[LoopAxis]) -> usize {
    axes.iter().fold(1, |work, axis| work.saturating_mul(axis.extent))
}

/// Whether there are several rows, columns and positions of the depth.
fn is_product_of_matrices(axes: &[LoopAxis]) -> bool {
    let is_long = |owners: [bool; 3]| {
        axes.iter().any(|axis| axis.extent > 1 && axis.strides.map(|stride| stride.is_some()) == owners)
    };
    is_long([true, true, false]) && is_long([true, false, true]) && is_long([false, true, true])
}

/// The groups of these axes, and how to compute them; `None` if they are not a contraction, or a small one.
fn choose(
    groups: &mut Groups,
    axes: &mut [LoopAxis],
    element: Option<ElementType>,
    arch: Arch,
) -> Option<Strategy> {
    let work = axes.iter().try_fold(1_usize, |work, axis| work.checked_mul(axis.extent))?;
    if work < LEAST_WORK || !axes.iter().all(LoopAxis::is_shared) {
        return None;
    }
    axes.iter_mut().for_each(LoopAxis::forget_stretched);
    groups.fill(axes, false)?;
    if work < LEAST_WORK_OF_A_VECTOR && (groups.rows.len() == 1 || groups.columns.len() == 1) {
        return None;
    }
    Strategy::choose(groups, axes, Numbers::of_elements(element), arch)
}

/// The axes of the loops over the labels of these arrays; `None`, if there are too many, or places of the output are one.
fn collect_all<'a>(
    axes: &'a mut [LoopAxis; MAX_AXES],
    arrays: &[Labelled<'_>; 3],
) -> Option<&'a mut [LoopAxis]> {
    let mut count = 0;
    for (array, labelled) in arrays.iter().enumerate() {
        count = count.max(collect(axes, array, labelled)?);
    }
    let (out, labels) = arrays[0];
    let is_whole = labels.iter().zip(out.extents).all(|(&label, &extent)| axes[label].extent == extent);
    assert!(is_whole, "an output has the extents of its labels");
    // Sums along an axis along which the output stands still are for loops, which add one after the other.
    let stands_still = |axis: &LoopAxis| axis.extent > 1 && axis.strides[0] == Some(0);
    (!axes[..count].iter().any(stands_still)).then_some(&mut axes[..count])
}

/// Whether there is a kernel for the groups: for a product of matrices; for a matrix times a vector, or a stencil, of real numbers;
/// for a row times a matrix, or a column times a row, if nothing has to be packed; for any matrix times a vector, if loops would
/// meet short runs of summands.
fn is_worth_it(groups: &Groups, element: Option<ElementType>, form: Form) -> bool {
    let [rows, columns, depth] = [groups.rows.len(), groups.columns.len(), groups.depth.len()];
    if rows > 1 && columns > 1 && depth > 1 {
        return true;
    }
    if element.is_none() {
        return false;
    }
    let in_a_row =
        (rows > 1 || depth > 1) && matches!(groups.columns.axes(), [columns] if columns.strides == [1, 1]);
    let has_short_runs = rows.max(columns) > 1 && depth > 1 && groups.depth.innermost().extent < LONG_RUN;
    in_a_row || has_short_runs || form != Form::Product
}

/// Of a product of a kernel without columns, in cycles, measured on Zen 5: it waits for memory.
const ALONG: f32 = 0.35;

/// Summands side by side that loops turn into vectors.
const LONG_RUN: usize = 16;

/// Adds the axes of an array to those of the loops, and says how many loops it needs; `None`, if there are too many.
fn collect(axes: &mut [LoopAxis; MAX_AXES], array: usize, (erased, labels): &Labelled<'_>) -> Option<usize> {
    let mut count = 0;
    for (&label, (&extent, &stride)) in labels.iter().zip(erased.extents.iter().zip(erased.strides)) {
        let axis = axes.get_mut(label)?;
        count = count.max(label + 1);
        let sum = axis.strides[array].get_or_insert(0);
        if extent != 1 {
            assert!(axis.extent == 1 || axis.extent == extent, "the axes of a label have its extent");
            axis.extent = extent;
            // Wrapping: an array without elements may have any strides.
            *sum = sum.wrapping_add(stride);
        }
    }
    Some(count)
}
