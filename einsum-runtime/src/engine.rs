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
mod generic;
mod group;
mod kernel;
mod pack;
mod problem;
mod real;
mod simd;
mod stencil;
#[cfg(test)]
mod tests;
mod threads;

use core::any::TypeId;

use num_complex::Complex;
use pulp::Arch;

use crate::element::{Element, Store};
use crate::strided::{Erased, Strided, StridedMut};
use generic::Generic;
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
    let arrays = [(out.erased(), &labels.0[..]), (left.erased(), labels.1), (right.erased(), labels.2)];
    let Some(task) = task(&arrays) else { return false };
    // SAFETY: the arrays hold elements of `T`, and are borrowed, the output for writing.
    unsafe {
        match ElementType::of::<T>() {
            Some(element) => run(&task, element, S::MODE, simd::arch()),
            None => run_generic::<T, S>(&task),
        }
    }
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

/// What there is to compute.
struct Task {
    groups: Groups,
    /// Where one side has no free axes.
    stencil: Option<Stencil>,
    out: *mut (),
    left: *const (),
    right: *const (),
}

/// The task, if it is worth the engine: the output comes first.
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
    let [out, left, right] = arrays.map(|(array, _)| array.start);
    let (left, right) = if groups.swapped { (right, left) } else { (left, right) };
    let (left, right) = (left.cast_const(), right.cast_const());
    (is_matrix_product || stencil.is_some()).then_some(Task { groups, stencil, out, left, right })
}

/// Computes a task on elements with micro-kernels, if there is one for it.
///
/// # Safety
///
/// The pointers of the task are those of live arrays that its groups describe, with elements of this type; nobody else
/// reads or writes the output.
unsafe fn run(task: &Task, element: ElementType, mode: Mode, arch: Arch) -> bool {
    let is_complex = matches!(element, ElementType::ComplexF32 | ElementType::ComplexF64);
    if is_complex && task.stencil.is_some() {
        return false;
    }
    // SAFETY: by the contract; a complex number is two real ones.
    unsafe {
        match element {
            ElementType::F32 | ElementType::ComplexF32 => run_real::<f32>(task, mode, is_complex, arch),
            ElementType::F64 | ElementType::ComplexF64 => run_real::<f64>(task, mode, is_complex, arch),
        }
    }
    true
}

/// # Safety
///
/// As for [`run`], with elements that are numbers `T`, or pairs of them.
unsafe fn run_real<T: Real>(task: &Task, mode: Mode, complex: bool, arch: Arch) {
    let &Task { groups, stencil, out, left, right } = task;
    let problem =
        Problem::<T> { groups, left: left.cast(), right: right.cast(), out: out.cast(), mode, complex };
    // SAFETY: by the contract.
    unsafe {
        match &stencil {
            Some(stencil) => threads::run_stencil(&problem, stencil, arch),
            None => threads::run(&problem, arch),
        }
    }
}

/// Computes a task on other elements, unless loops are as good.
///
/// # Safety
///
/// As for [`run`], with elements `T`.
unsafe fn run_generic<T: Element, S: Store<T>>(task: &Task) -> bool {
    if task.stencil.is_some() {
        return false;
    }
    let problem = Generic::<T> {
        groups: &task.groups,
        left: task.left.cast(),
        right: task.right.cast(),
        out: task.out.cast(),
    };
    // SAFETY: by the contract.
    unsafe { generic::run::<T, S>(&problem) }
    true
}
