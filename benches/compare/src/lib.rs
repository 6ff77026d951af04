//! The same contractions through `einsum!` and its peers, in one run, on the same numbers.
//!
//! ```text
//! table (what is run) → operands (the numbers) → ours, peers, python (who runs it)
//!      → check (all results against one reference) → measure (in turns) → report (against the goals)
//! ```

pub mod args;
pub mod candidate;
pub mod check;
pub mod limits;
pub mod measure;
pub mod operands;
pub mod ours;
pub mod peers;
pub mod python;
pub mod real;
pub mod report;
pub mod summary;
pub mod table;
