//! The contraction engine: two arrays of floats or complex numbers, any strides, no transposing, no copies but of
//! blocks that fit the caches.
//!
//! ```text
//! axes → problem: batch, rows, columns, depth; which side is loaded as vectors
//!      → threads: parts of the output
//!      → drive: blocks of columns, depth and rows; pack where that pays (blocking says where)
//!      → kernel: panels of a few vectors, tiles in registers, for the instruction set that simd chose
//! ```
//!
//! Window views make it an implicit GEMM: their overlap is in the tables of offsets, and nothing is unfolded.

mod blocking;
mod drive;
mod group;
mod kernel;
mod pack;
mod problem;
mod real;
mod simd;
mod stencil;
mod threads;

use core::any::TypeId;

use num_complex::Complex;

use crate::element::{Element, Store};
use crate::strided::{Erased, Strided, StridedMut};
use problem::{Groups, LoopAxis, Problem};
use real::Real;
use stencil::Stencil;

pub use kernel::Mode;
pub use simd::kernel_in_use;

/// The most axes that a contraction may have; one with more is left to the loops.
const MAX_AXES: usize = 16;

/// Products below which loops are as fast.
const LEAST_WORK: usize = 1 << 10;

/// Contracts `left` with `right` into `out`, if that is faster here than by loops: says whether it was done.
///
/// `labels` has the label of each axis of the output, the left and the right array; a label is the same number in
/// each, and one that the output does not have is summed.
///
/// # Panics
///
/// Where the axes of a label have different extents.
#[inline]
pub fn contract<T: Element, S: Store<T>, const N: usize, const L: usize, const R: usize>(
    out: &mut StridedMut<'_, T, N>,
    left: &Strided<'_, T, L>,
    right: &Strided<'_, T, R>,
    labels: (&[usize; N], &[usize; L], &[usize; R]),
) -> bool {
    let Some(element) = ElementType::of::<T>() else { return false };
    let arrays = [(out.erased(), &labels.0[..]), (left.erased(), labels.1), (right.erased(), labels.2)];
    // SAFETY: the arrays hold elements of `T`, and are borrowed, the output for writing.
    unsafe { contract_erased(arrays, element, S::MODE) }
}

/// The element types that have micro-kernels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ElementType {
    F32,
    F64,
    ComplexF32,
    ComplexF64,
}

impl ElementType {
    #[inline]
    fn of<T: 'static>() -> Option<Self> {
        let id = TypeId::of::<T>();
        [
            (TypeId::of::<f32>(), Self::F32),
            (TypeId::of::<f64>(), Self::F64),
            (TypeId::of::<Complex<f32>>(), Self::ComplexF32),
            (TypeId::of::<Complex<f64>>(), Self::ComplexF64),
        ]
        .into_iter()
        .find_map(|(known, element)| (known == id).then_some(element))
    }
}

/// # Safety
///
/// The arrays, of which the output comes first, have elements of this type. They are borrowed, the output for writing.
unsafe fn contract_erased(arrays: [(Erased<'_>, &[usize]); 3], element: ElementType, mode: Mode) -> bool {
    let Some(task) = task(&arrays) else { return false };
    let is_complex = matches!(element, ElementType::ComplexF32 | ElementType::ComplexF64);
    if task.stencil.is_some() && is_complex {
        return false;
    }
    let [(out, _), (left, _), (right, _)] = arrays;
    let (left, right) = if task.groups.swapped { (right, left) } else { (left, right) };
    let arrays = [out.start, left.start, right.start];
    // SAFETY: the groups have the extents and strides of the arrays; a complex number is two real ones.
    unsafe {
        match element {
            ElementType::F32 | ElementType::ComplexF32 => run::<f32>(&task, arrays, mode, is_complex),
            ElementType::F64 | ElementType::ComplexF64 => run::<f64>(&task, arrays, mode, is_complex),
        }
    }
    true
}

/// What there is to compute.
struct Task {
    groups: Groups,
    /// Where one side has no free axes.
    stencil: Option<Stencil>,
}

/// The task, if it is worth the engine.
fn task(arrays: &[(Erased<'_>, &[usize]); 3]) -> Option<Task> {
    let mut axes = [LoopAxis { extent: 1, strides: [None; 3] }; MAX_AXES];
    let mut count = 0;
    for (array, (erased, labels)) in arrays.iter().enumerate() {
        for (&label, (&extent, &stride)) in labels.iter().zip(erased.extents.iter().zip(erased.strides)) {
            let axis = axes.get_mut(label)?;
            let known = axis.strides.iter().any(Option::is_some);
            assert!(!known || axis.extent == extent, "the axes of a label have its extent");
            axis.extent = extent;
            axis.strides[array] = Some(stride);
            count = count.max(label + 1);
        }
    }
    let axes = &axes[..count];
    let shared = axes.iter().all(|axis| axis.strides.iter().flatten().count() >= 2);
    let work = axes.iter().try_fold(1_usize, |work, axis| work.checked_mul(axis.extent));
    if !shared || work? < LEAST_WORK {
        return None;
    }
    let groups = Groups::new(axes);
    let is_matrix_product = groups.rows.len() > 1 && groups.columns.len() > 1 && groups.depth.len() > 1;
    let stencil = Stencil::new(&groups);
    (is_matrix_product || stencil.is_some()).then_some(Task { groups, stencil })
}

/// # Safety
///
/// The pointers are to the output, the left and the right side that the groups describe, of numbers `T`, or of pairs
/// of them if they are complex.
unsafe fn run<T: Real>(task: &Task, [out, left, right]: [*mut (); 3], mode: Mode, complex: bool) {
    let (out, left, right) = (out.cast(), left.cast_const().cast(), right.cast_const().cast());
    let problem = Problem::<T> { groups: task.groups, left, right, out, mode, complex };
    // SAFETY: by the contract.
    unsafe {
        match &task.stencil {
            Some(stencil) => threads::run_stencil(&problem, stencil, simd::arch()),
            None => threads::run(&problem, simd::arch()),
        }
    }
}
