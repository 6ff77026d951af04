//! What the micro-kernels need of `f32` and `f64`, over the vectors of any instruction set.

use core::cell::RefCell;

use pulp::bytemuck::cast;
use pulp::{MemMask, Simd};

use super::drive::Scratch;
#[cfg(target_arch = "x86_64")]
use super::transpose::avx;
use super::transpose::transpose;

/// A real number that fills the lanes of a vector.
///
/// # Safety
///
/// The functions do what they say: `load` and `store` touch `lanes` elements from the pointer on, and the masked
/// ones those of the mask.
pub(super) unsafe trait Real: Copy + Send + Sync + 'static {
    /// As many elements as the instruction set takes at once.
    type Vector<S: Simd>: Copy;
    /// The first lanes of a vector.
    type Mask<S: Simd>: Copy;

    const ZERO: Self;

    fn lanes<S: Simd>() -> usize;
    fn mask<S: Simd>(simd: S, lanes: usize) -> Self::Mask<S>;
    fn splat<S: Simd>(simd: S, value: Self) -> Self::Vector<S>;
    /// `a * b + c`, rounded once where the instruction set can.
    fn multiply_add<S: Simd>(
        simd: S,
        a: Self::Vector<S>,
        b: Self::Vector<S>,
        c: Self::Vector<S>,
    ) -> Self::Vector<S>;
    fn add<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>) -> Self::Vector<S>;
    fn subtract<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>) -> Self::Vector<S>;
    /// `a + ib` of complex numbers, whose parts are neighbours; there are two lanes at least.
    fn add_turned<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>) -> Self::Vector<S>;

    /// # Safety
    ///
    /// There are as many elements at `start` as a vector has lanes.
    unsafe fn load<S: Simd>(simd: S, start: *const Self) -> Self::Vector<S>;
    /// Zeros beyond the mask.
    ///
    /// # Safety
    ///
    /// There are as many elements at `start` as the mask has lanes.
    unsafe fn load_masked<S: Simd>(simd: S, mask: Self::Mask<S>, start: *const Self) -> Self::Vector<S>;
    /// # Safety
    ///
    /// As for [`load`](Self::load), and nobody else reads or writes these elements.
    unsafe fn store<S: Simd>(simd: S, start: *mut Self, value: Self::Vector<S>);
    /// # Safety
    ///
    /// As for [`load_masked`](Self::load_masked), and nobody else reads or writes these elements.
    unsafe fn store_masked<S: Simd>(simd: S, mask: Self::Mask<S>, start: *mut Self, value: Self::Vector<S>);

    /// Transposes a block.
    ///
    /// # Safety
    ///
    /// As for [`transpose`].
    unsafe fn transpose<S: Simd>(
        simd: S,
        columns: impl Fn(usize) -> *const Self,
        to: *mut Self,
        pitch: isize,
    );

    /// Lends what this thread keeps for contractions of this type.
    fn with_scratch(use_it: impl FnOnce(&mut Scratch<Self>));

    /// One element, for the places that vectors do not reach.
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
}

macro_rules! real {
    ($real:ty, $vector:ident, $mask:ident, $lanes:ident, $lane_count:ty,
     $mask_between:ident, $splat:ident, $multiply_add:ident, $add:ident, $sub:ident,
     $conjugate:ident, $swap:ident, $load_masked:ident, $store_masked:ident, $transpose:ident) => {
        // SAFETY: vectors are plain numbers of `lanes` elements, read and written where the pointer says; the masked
        // functions are those of `pulp`, whose masks are exact.
        unsafe impl Real for $real {
            type Vector<S: Simd> = S::$vector;
            type Mask<S: Simd> = MemMask<S::$mask>;

            const ZERO: Self = 0.0;

            #[inline(always)]
            fn lanes<S: Simd>() -> usize {
                S::$lanes
            }
            #[inline(always)]
            fn mask<S: Simd>(simd: S, lanes: usize) -> Self::Mask<S> {
                // Without the jump table that `mask_between` adds, which would be called for each load.
                MemMask::new(simd.$mask_between(0, lanes as $lane_count).mask())
            }
            #[inline(always)]
            fn splat<S: Simd>(simd: S, value: Self) -> S::$vector {
                simd.$splat(value)
            }
            #[inline(always)]
            fn multiply_add<S: Simd>(simd: S, a: S::$vector, b: S::$vector, c: S::$vector) -> S::$vector {
                simd.$multiply_add(a, b, c)
            }
            #[inline(always)]
            fn add<S: Simd>(simd: S, a: S::$vector, b: S::$vector) -> S::$vector {
                simd.$add(a, b)
            }
            #[inline(always)]
            fn subtract<S: Simd>(simd: S, a: S::$vector, b: S::$vector) -> S::$vector {
                simd.$sub(a, b)
            }
            #[inline(always)]
            fn add_turned<S: Simd>(simd: S, a: S::$vector, b: S::$vector) -> S::$vector {
                simd.$add(a, cast(simd.$swap(simd.$conjugate(cast(b)))))
            }
            #[inline(always)]
            unsafe fn load<S: Simd>(_: S, start: *const Self) -> S::$vector {
                // SAFETY: the caller's elements fill the vector.
                unsafe { start.cast::<S::$vector>().read_unaligned() }
            }
            #[inline(always)]
            unsafe fn load_masked<S: Simd>(simd: S, mask: Self::Mask<S>, start: *const Self) -> S::$vector {
                // SAFETY: the caller's elements fill the mask.
                unsafe { simd.$load_masked(mask, start) }
            }
            #[inline(always)]
            unsafe fn store<S: Simd>(_: S, start: *mut Self, value: S::$vector) {
                // SAFETY: as for `load`.
                unsafe { start.cast::<S::$vector>().write_unaligned(value) }
            }
            #[inline(always)]
            unsafe fn store_masked<S: Simd>(
                simd: S,
                mask: Self::Mask<S>,
                start: *mut Self,
                value: S::$vector,
            ) {
                // SAFETY: as for `load_masked`.
                unsafe { simd.$store_masked(mask, start, value) }
            }
            #[inline(always)]
            unsafe fn transpose<S: Simd>(
                simd: S,
                columns: impl Fn(usize) -> *const Self,
                to: *mut Self,
                pitch: isize,
            ) {
                #[cfg(target_arch = "x86_64")]
                if let Some(simd) = avx_of(simd) {
                    // SAFETY: by the contract.
                    return unsafe { avx::$transpose(simd, columns, to, pitch) };
                }
                // SAFETY: by the contract.
                unsafe { transpose(columns, to, pitch) }
            }
            fn with_scratch(use_it: impl FnOnce(&mut Scratch<Self>)) {
                thread_local! {
                    static SCRATCH: RefCell<Scratch<$real>> = const { RefCell::new(Scratch::new()) };
                }
                // Never borrowed already: what uses it calls no code of anybody else.
                SCRATCH.with_borrow_mut(use_it);
            }
            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                self + other
            }
            #[inline(always)]
            fn minus(self, other: Self) -> Self {
                self - other
            }
        }
    };
}

real!(
    f32,
    f32s,
    m32s,
    F32_LANES,
    u32,
    mask_between_m32s,
    splat_f32s,
    mul_add_e_f32s,
    add_f32s,
    sub_f32s,
    conj_c32s,
    swap_re_im_c32s,
    mask_load_ptr_f32s,
    mask_store_ptr_f32s,
    transpose_f32
);
real!(
    f64,
    f64s,
    m64s,
    F64_LANES,
    u64,
    mask_between_m64s,
    splat_f64s,
    mul_add_e_f64s,
    add_f64s,
    sub_f64s,
    conj_c64s,
    swap_re_im_c64s,
    mask_load_ptr_f64s,
    mask_store_ptr_f64s,
    transpose_f64
);

/// The AVX instructions of an instruction set that has them.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn avx_of<S: Simd>(simd: S) -> Option<pulp::x86::V3> {
    let simd: &dyn core::any::Any = &simd;
    let avx512 = simd.downcast_ref::<pulp::x86::V4>().map(|simd| **simd);
    avx512.or_else(|| simd.downcast_ref::<pulp::x86::V3>().copied())
}
