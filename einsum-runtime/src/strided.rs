//! The unsafe core: arrays as a pointer, extents and strides, which loops read without bounds checks.
//!
//! [`Strided::new`] and [`StridedMut::new`], with their twins for an ellipsis and for one element, are the doors
//! of the emitted loops. They compare the array that they are given with the extents that the loops run over,
//! once, so that a loop which stays below those extents stays inside the array. Each access repeats that
//! comparison in debug builds. `placed` has the doors for pieces of calls with index arithmetic,
//! and `view` makes views for calls that need no loops. A `Cursor` is the same for loops that are known only at run time; it keeps
//! account of where it is, and is safe.

mod cursor;
mod layout;
mod line;
mod placed;
mod read;
#[cfg(test)]
mod tests;
mod view;
mod write;

pub(crate) use cursor::{Cursor, CursorMut};
pub(crate) use layout::Erased;
pub use layout::Spread;
pub use line::{Any, Line, Step, Unit};
pub(crate) use placed::{Placement, Shape, are_apart, assert_inside};
pub use read::Strided;
pub(crate) use view::view;
pub use write::StridedMut;
