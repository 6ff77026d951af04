//! The run time of `nd-einsum`: window views, extent checks, loops and the contraction engine over `ndarray`.
//!
//! Users reach all of this through the crate `nd-einsum`. Besides the public [`Windows`], [`Element`],
//! [`EinsumError`] and [`dynamic`], the run-time twin of the macro, it holds what expansions of the macros call:
//! [`operand`] and [`fits`] say what may be an operand, [`call`] checks extents, [`spread`] walks the axes of an
//! ellipsis, [`pieces`] turns index arithmetic into ordinary loops, [`view`] does without loops where there is nothing to compute, [`strided`] is the unsafe core that reads arrays without bounds checks, [`lanes`] are the innermost
//! loops, and [`engine`] contracts what is large by blocks, vectors and threads; [`arithmetic`] tells it what the elements are.
#![warn(missing_docs)]

pub mod arithmetic;
pub mod call;
pub mod dynamic;
pub mod element;
pub mod engine;
pub mod error;
mod few;
pub mod fits;
pub mod lanes;
mod loops;
pub mod network;
pub mod operand;
mod pages;
pub mod path;
pub mod pieces;
pub mod rank;
pub mod spread;
pub mod strided;
pub mod view;
pub mod window;
mod zeros;

pub use element::Element;
pub use engine::{Kernel, kernel_in_use};
pub use error::EinsumError;
pub use num_traits::Zero;
pub use path::{Path, PathStep};
pub use window::Windows;
