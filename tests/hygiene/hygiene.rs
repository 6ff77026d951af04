//! The macro in code that does not expect it. Each test asserts a number: an expansion that compiles may still
//! compute with the wrong variable.
//!
//! This crate is of edition 2021 and knows `nd-einsum` by another name. `reexport` is of edition 2018, all
//! other tests are of edition 2024. `cargo clippy -p einsum-hygiene-tests --all-targets` proves `lints`.
#![forbid(unsafe_code)]
#![deny(warnings, rust_2021_compatibility, future_incompatible)]

mod contexts;
mod doors;
mod hostile;
mod lints;
mod names;
mod no_prelude;
mod operands;
