//! numpy's einsum for `ndarray`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub use einsum_runtime::window::{self, Windows, as_strided, as_strided_unchecked, pad, try_pad};
pub use einsum_runtime::{EinsumError, Element};
pub use ndarray;

/// einsum
#[macro_export]
macro_rules! einsum {
    ($($tokens:tt)*) => { $crate::__private::einsum!([$crate] $($tokens)*) };
}

/// try
#[macro_export]
macro_rules! try_einsum {
    ($($tokens:tt)*) => { $crate::__private::try_einsum!([$crate] $($tokens)*) };
}

/// All names that expansions use. Not part of the public interface.
#[doc(hidden)]
pub mod __private {
    pub use core::option::Option::{None, Some};
    pub use core::result::Result::{Err, Ok};
    pub use einsum_macros::{einsum, try_einsum};
    pub use einsum_runtime::EinsumError;
    pub use einsum_runtime::call::{Call, CallArray, fail};
    pub use einsum_runtime::element::{Accumulate, Assign, Element, Store, Subtract};
    pub use einsum_runtime::error::Operand;
    pub use einsum_runtime::lanes::{NARROW, WIDE, accumulate, run, sum, tiles, value, zero, zeros};
    pub use einsum_runtime::strided::{Any, Step, Strided, StridedMut, Unit};
    pub use ndarray::{Array, ArrayD, ArrayRef, Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn};
}
