//! Text in, plan out: the notation, the checks and the plans of `nd-einsum`.
//!
//! The macro reads subscripts at compile time with the same functions that the run-time twin uses, so
//! this crate knows neither tokens nor arrays. A plan is made in three stages, each a function:
//!
//! 1. [`parse`] turns text into an [`Equation`], in which every label keeps its byte range;
//! 2. [`check`], or [`check_view`] for views, applies the rules that need the whole equation and the number of operands, and
//!    [`resolve`] settles which extents follow from which;
//! 3. [`lower`] turns a checked equation into a [`Plan`], and cannot fail.
//!
//! [`adjoint`] does the same for the gradient of an operand.
//!
//! The first two report all errors that they find, not just the first.
//!
//! ```
//! use einsum_plan::{check, lower, parse};
//!
//! let equation = parse("ij,jk->ik").unwrap();
//! check(&equation, 2).unwrap();
//! assert_eq!(lower(&equation).to_string(), "out[ik] = for i { for k { sum j (#0[ij] * #1[jk]) } }");
//!
//! let errors = parse("ij,jk-ik").unwrap_err();
//! assert_eq!(errors[0].to_string(), "`-` without `>`");
//! assert_eq!(errors[0].span(), 5..6);
//! ```
#![no_std]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

extern crate alloc;

mod adjoint;
mod check;
mod error;
mod gather;
mod lower;
mod nest;
mod notation;
mod order;
mod plan;
mod resolve;
mod view;

pub use adjoint::adjoint;
pub use check::check;
pub use error::{Error, ErrorKind};
pub use gather::Gather;
pub use lower::lower;
pub use nest::{Factor, Loop, Nest, Product, Sum};
pub use notation::{Affine, Axis, ELLIPSIS, Equation, Index, Label, Occurrence, Term, parse};
pub use order::{Network, Order, Price};
pub use plan::{Input, LabelId, Plan, Priced, Source, Step};
pub use resolve::{Resolution, resolve};
pub use view::{NotAView, check_view};
