//! What the steps of a network need to know of elements, so that all else is compiled once.

use core::marker::PhantomData;
use core::ops::Sub;

use num_complex::Complex;
use pulp::Arch;

use super::program::Limits;
use crate::element::{Accumulate, Assign, Element, Store, Subtract};
use crate::engine::{ElementType, LoopAxis, Mode, arch, contract_axes};
use crate::loops::{Arrays, Loops};

/// Functions for one type of elements, and one way to store the result.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kernels {
    /// Bytes of an element.
    pub(super) size: usize,
    /// The type, if it is one that has micro-kernels.
    pub(super) element: Option<ElementType>,
    /// Where blocks and copies pay.
    pub(super) limits: Limits,
    /// A new buffer of that many elements, all zero.
    pub(super) zeros: fn(usize) -> Box<dyn Buffer>,
    /// A step that makes an intermediate, and one that adds to it.
    pub(super) intermediate: [StepFn; 2],
    /// The step that makes the result, and one that adds to it.
    pub(super) result: [StepFn; 2],
}

/// Computes the output from one factor or two: axes, pointers to the output and the factors, and whether there are two.
///
/// # Safety
///
/// From each pointer on, every offset of its array's axes leads to an element of that array; those in the output are all
/// different, and nobody else reads or writes them. Without a second factor, its pointer is not read.
pub(super) type StepFn = unsafe fn(&mut [LoopAxis], [*mut (); 3], bool);

/// Elements that somebody else knows the type of.
pub(super) trait Buffer {
    fn start(&mut self) -> *mut ();
}

impl<T> Buffer for Vec<T> {
    fn start(&mut self) -> *mut () {
        self.as_mut_ptr().cast()
    }
}

impl Kernels {
    pub(super) fn of<T: Element, S: Store<T>>() -> Self {
        match ElementType::of::<T>() {
            Some(element) => Self::known(element, S::MODE),
            None => Self {
                size: size_of::<T>(),
                element: None,
                limits: Limits::of(size_of::<T>()),
                zeros: zeros::<T>,
                intermediate: [any::<T, Assign>, any::<T, Accumulate>],
                result: [any::<T, S>, any::<T, S::Further>],
            },
        }
    }

    /// Not generic, so that the kernels of these types are compiled here and not in each program.
    fn known(element: ElementType, mode: Mode) -> Self {
        match element {
            ElementType::F32 => Self::compiled::<f32>(element, mode),
            ElementType::F64 => Self::compiled::<f64>(element, mode),
            ElementType::ComplexF32 => Self::compiled::<Complex<f32>>(element, mode),
            ElementType::ComplexF64 => Self::compiled::<Complex<f64>>(element, mode),
        }
    }

    fn compiled<T: Element + Sub<Output = T>>(element: ElementType, mode: Mode) -> Self {
        let add: StepFn = step::<T, Accumulate>;
        let result: [StepFn; 2] = match mode {
            Mode::Assign => [step::<T, Assign>, add],
            Mode::Accumulate => [add; 2],
            Mode::Subtract => [step::<T, Subtract>; 2],
        };
        let size = size_of::<T>();
        let intermediate: [StepFn; 2] = [step::<T, Assign>, add];
        let (element, limits) = (Some(element), Limits::of(size));
        Self { size, element, limits, zeros: zeros::<T>, intermediate, result }
    }
}

fn zeros<T: Element>(len: usize) -> Box<dyn Buffer> {
    // Through `ndarray`, which gets pages that the system has cleared where the type allows it.
    Box::new(ndarray::Array1::<T>::zeros(len).into_raw_vec_and_offset().0)
}

/// # Safety
///
/// As [`StepFn`] says, with elements `T` that have micro-kernels.
unsafe fn step<T: Element + Sub<Output = T>, S: Store<T>>(
    axes: &mut [LoopAxis],
    starts: [*mut (); 3],
    is_product: bool,
) {
    // SAFETY: by the contract.
    unsafe {
        if is_product && contract_axes::<T, S>(axes, starts, arch()) {
            return;
        }
        run_loops::<T>(axes, starts, is_product, S::MODE);
    }
}

/// One function for all modes, to compile it once.
///
/// # Safety
///
/// As [`StepFn`] says, with elements `T`.
unsafe fn run_loops<T: Element + Sub<Output = T>>(
    axes: &[LoopAxis],
    starts: [*mut (); 3],
    is_product: bool,
    mode: Mode,
) {
    // The compiler makes no vectors of complex numbers: code for more instructions would only be more code.
    let arch = match ElementType::of::<T>() {
        Some(ElementType::F32 | ElementType::F64) => arch(),
        _ => Arch::Scalar,
    };
    // SAFETY: by the contract.
    unsafe { Loops::new(axes, is_product).run::<T>(Arrays::new(starts), arch, mode) }
}

/// # Safety
///
/// As [`StepFn`] says, with elements `T`.
unsafe fn any<T: Element, S: Store<T>>(axes: &mut [LoopAxis], starts: [*mut (); 3], is_product: bool) {
    // SAFETY: by the contract.
    unsafe {
        if is_product && contract_axes::<T, S>(axes, starts, arch()) {
            return;
        }
        Loops::new(axes, is_product).run::<T>(Arrays::new(starts), arch(), PhantomData::<S>);
    }
}
