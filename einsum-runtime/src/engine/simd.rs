//! Which instruction set the kernels use.

use std::sync::OnceLock;

use pulp::{Arch, Simd, WithSimd};

use super::real::Real;

/// The instruction set in use: the best that the processor has, or the one that `EINSUM_KERNEL` names.
pub(crate) fn arch() -> Arch {
    static ARCH: OnceLock<Arch> = OnceLock::new();
    *ARCH.get_or_init(|| match std::env::var("EINSUM_KERNEL") {
        Ok(name) => forced(&name),
        Err(_) => Arch::new(),
    })
}

/// The name of the instruction set that contractions use on this machine: `"avx512"`, `"avx2"`, `"neon"`, `"wasm"` or
/// `"scalar"`.
///
/// The best one is chosen when the first contraction runs. The environment variable `EINSUM_KERNEL` forces another,
/// by the same names.
///
/// # Panics
///
/// Where `EINSUM_KERNEL` names an instruction set that this processor does not have.
///
/// # Examples
///
/// ```
/// # use einsum_runtime as einsum;
/// let names = ["avx512", "avx2", "neon", "wasm", "scalar"];
/// assert!(names.contains(&einsum::kernel_in_use()));
/// ```
#[must_use]
pub fn kernel_in_use() -> &'static str {
    name(arch())
}

fn name(arch: Arch) -> &'static str {
    match arch {
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        Arch::V4(_) => "avx512",
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        Arch::V3(_) => "avx2",
        #[cfg(target_arch = "aarch64")]
        Arch::Neon(_) => "neon",
        #[cfg(target_family = "wasm")]
        Arch::Simd128(_) => "wasm",
        _ => "scalar",
    }
}

/// All that this processor has, the best one first.
pub(super) fn available() -> Vec<Arch> {
    let mut all = vec![Arch::new()];
    all.extend(narrower(Arch::new()));
    if name(all[all.len() - 1]) != "scalar" {
        all.push(Arch::Scalar);
    }
    all
}

fn forced(wanted: &str) -> Arch {
    let available = available();
    let found = available.iter().find(|&&arch| name(arch) == wanted);
    *found.unwrap_or_else(|| {
        let names: Vec<_> = available.iter().map(|&arch| name(arch)).collect();
        panic!("`EINSUM_KERNEL` is `{wanted}`, but this processor has {}", names.join(", "))
    })
}

/// The same with vectors of half the size, where the processor has them.
pub(super) fn narrower(arch: Arch) -> Option<Arch> {
    match arch {
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        Arch::V4(_) => pulp::x86::V3::try_new().map(Arch::V3),
        _ => None,
    }
}

/// What the blocking must know of an instruction set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// Elements of a vector.
    pub(super) lanes: usize,
    /// Vectors that fit the processor at once.
    pub(super) registers: usize,
}

impl Shape {
    pub(super) fn of<T: Real>(arch: Arch) -> Self {
        struct Question<T>(core::marker::PhantomData<T>);
        impl<T: Real> WithSimd for Question<T> {
            type Output = Shape;
            #[inline(always)]
            fn with_simd<S: Simd>(self, _: S) -> Shape {
                Shape { lanes: T::lanes::<S>(), registers: S::REGISTER_COUNT }
            }
        }
        arch.dispatch(Question::<T>(core::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_instruction_set_is_found_by_its_name() {
        for arch in available() {
            assert_eq!(name(forced(name(arch))), name(arch));
        }
    }

    #[test]
    #[should_panic(expected = "`EINSUM_KERNEL` is `mmx`, but this processor has ")]
    fn an_unknown_instruction_set_is_refused() {
        forced("mmx");
    }
}
