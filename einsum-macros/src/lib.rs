//! The proc-macros behind `nd-einsum`.
