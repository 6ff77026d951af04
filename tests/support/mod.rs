//! What the test crates share: an oracle, memory layouts and lists of cases, for every implementation alike.
#![allow(dead_code, unused_imports, unused_macros, reason = "each test crate uses its own part")]

pub mod affine;
pub mod affine_cases;
pub mod affine_notation;
pub mod conformance;
pub mod convolution;
pub mod corpus;
pub mod layouts;
pub mod numpy;
pub mod oracle;
pub mod random;
pub mod rejected;
