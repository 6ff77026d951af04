//! One mistake a file, and what the compiler says about it.
//!
//! The messages are those of the toolchain in `rust-toolchain.toml`. After a change, write them anew with
//! `TRYBUILD=overwrite cargo test -p einsum-ui-tests`, and read every one of them.

#[test]
fn mistakes() {
    trybuild::TestCases::new().compile_fail("fail/*.rs");
}
