//! The run time of `nd-einsum`: window views, extent checks and loop kernels over `ndarray`.
#![warn(missing_docs)]

pub mod window;
