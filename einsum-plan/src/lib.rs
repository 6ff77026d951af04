//! Text in, plan out: the notation, the checks and the plans of `nd-einsum`.
#![no_std]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

extern crate alloc;
