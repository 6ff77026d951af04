//! Elements without micro-kernels: integers, half types, big numbers, semirings.

use core::mem::ManuallyDrop;

use pulp::{Arch, Scalar, WithSimd};

use crate::element::{Accumulate, Assign, Element, Store};
use crate::engine::{LoopAxis, Mode, contract_other};
use crate::loops::{Places, put};

/// What a program brings for elements of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Other {
    /// Bytes of an element.
    pub(crate) size: usize,
    /// A new buffer of that many elements, all zero.
    pub(crate) buffer: fn(usize) -> Box<dyn Buffer>,
    contract: ContractFn,
    /// Stores the result of the call, which matters if it subtracts.
    subtract: PutFn,
}

/// Computes the output from one factor or two: axes, pointers to the output and the factors, whether there are two, and how
/// results reach their places.
///
/// # Safety
///
/// From each pointer on, every offset of its array's axes leads to an element of that array; those in the output are all
/// different, and nobody else reads or writes them. Without a second factor, its pointer is not read.
type ContractFn = unsafe fn(&[LoopAxis], [*mut (); 3], bool, Put, Arch);

impl Other {
    pub(super) fn of<T: Element, S: Store<T>>() -> Self {
        let (contract, subtract): (ContractFn, PutFn) = (contract_other::<T>, put_erased::<T, S>);
        Self { size: size_of::<T>(), buffer: buffer::<T>, contract, subtract }
    }

    /// Computes the output from one factor or two.
    ///
    /// # Safety
    ///
    /// As [`ContractFn`] says. What is subtracted is the result of a call that subtracts.
    pub(crate) unsafe fn contract(
        &self,
        axes: &[LoopAxis],
        starts: [*mut (); 3],
        is_product: bool,
        mode: Mode,
        arch: Arch,
    ) {
        // SAFETY: by the contract.
        unsafe { (self.contract)(axes, starts, is_product, Put { mode, subtract: self.subtract }, arch) }
    }
}

/// Moves results to their places.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Put {
    mode: Mode,
    /// Not all elements can do that: it is made for calls that do.
    subtract: PutFn,
}

/// The first place, how far they are apart, the first value, which are side by side, and their count.
///
/// # Safety
///
/// There is an element at each place, which nobody else reads or writes; all are different. The values are not used any more, not
/// even dropped.
type PutFn = unsafe fn(*mut (), isize, *const (), usize);

impl Put {
    /// For more of the same sums, once the places have been written.
    pub(crate) fn further(self) -> Self {
        Self { mode: self.mode.further(), ..self }
    }

    /// Moves values of the type that this is for.
    ///
    /// # Safety
    ///
    /// As [`PutFn`] says.
    #[inline(always)]
    pub(crate) unsafe fn values<T: Element>(
        self,
        out: *mut T,
        stride: isize,
        values: *const T,
        count: usize,
    ) {
        // SAFETY: by the contract.
        unsafe {
            match self.mode {
                Mode::Assign => put::<T, Assign>(out, stride, values, count),
                Mode::Accumulate => put::<T, Accumulate>(out, stride, values, count),
                Mode::Subtract => (self.subtract)(out.cast(), stride, values.cast(), count),
            }
        }
    }
}

impl<T: Element> Places<T> for Put {
    #[inline(always)]
    fn overwrites(self) -> bool {
        self.mode == Mode::Assign
    }

    #[inline(always)]
    unsafe fn put<const W: usize>(self, out: *mut T, stride: isize, values: [T; W]) {
        let values = ManuallyDrop::new(values);
        // SAFETY: by the contract; the values are forgotten.
        unsafe { self.values(out, stride, values.as_ptr(), W) }
    }
}

/// # Safety
///
/// As [`PutFn`] says, with elements `T`.
unsafe fn put_erased<T, S: Store<T>>(out: *mut (), stride: isize, values: *const (), count: usize) {
    // SAFETY: by the contract.
    unsafe { put::<T, S>(out.cast(), stride, values.cast(), count) }
}

/// Elements that somebody else knows the type of.
pub(crate) trait Buffer {
    fn start(&mut self) -> *mut ();
}

impl<T> Buffer for Vec<T> {
    fn start(&mut self) -> *mut () {
        self.as_mut_ptr().cast()
    }
}

pub(crate) fn buffer<T: Element>(len: usize) -> Box<dyn Buffer> {
    // Through `ndarray`, which gets pages that the system has cleared where the type allows it.
    Box::new(ndarray::Array1::<T>::zeros(len).into_raw_vec_and_offset().0)
}

/// Does something compiled for the vectors at hand, if elements may gain from them: those that own memory do not.
#[inline(always)]
pub(crate) fn dispatch<T, W: WithSimd>(arch: Arch, work: W) -> W::Output {
    if const { core::mem::needs_drop::<T>() } { work.with_simd(Scalar) } else { arch.dispatch(work) }
}
