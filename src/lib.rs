//! numpy's einsum for `ndarray`.
pub use ndarray;
