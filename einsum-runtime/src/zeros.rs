//! New arrays, and the limits of their size.

use core::hint::black_box;

use ndarray::{Array, Dimension};
use num_traits::Zero;

use crate::error::EinsumError;
use crate::pages;

/// From this many bytes on the allocator is asked before an array is made, since one that fails ends the program.
///
/// Asking takes a pair of system calls from here on, as little as there is to lose below: 32 MiB is where glibc never
/// serves an allocation from memory that it holds already.
const ASKED_FROM: usize = 32 << 20;

/// From this many bytes on an array is worth a system call for larger pages: below, memory has most often been used before.
const ADVISED_FROM: usize = 4 << 20;

/// An array of zeros.
///
/// # Errors
///
/// [`EinsumError::TooLarge`] where the address space, or the allocator, is too small for it.
pub(crate) fn zeros<T, D>(shape: D, subscripts: &str) -> Result<Array<T, D>, EinsumError>
where
    T: Clone + Zero,
    D: Dimension,
{
    // `Array::zeros` gets pages that the system has cleared where the type allows it, which `Vec::try_reserve` and
    // clearing them by hand would not.
    let extents = shape.as_array_view();
    let extents = extents.as_slice().expect("extents lie side by side");
    if is_allocatable(extents, size_of::<T>()) {
        let array = Array::zeros(shape);
        if let Some(elements) = array.as_slice_memory_order()
            && size_of_val(elements) >= ADVISED_FROM
        {
            pages::advise_huge(elements);
        }
        Ok(array)
    } else {
        Err(too_large(extents, subscripts))
    }
}

/// Whether there is room for an array of elements of this many bytes.
#[inline]
pub(crate) fn is_allocatable(shape: &[usize], element: usize) -> bool {
    size(shape, element).is_some_and(|bytes| bytes < ASKED_FROM || shape.contains(&0) || is_granted(bytes))
}

/// Whether the allocator has room for this many bytes.
#[cold]
fn is_granted(bytes: usize) -> bool {
    let mut memory = Vec::<u8>::new();
    let granted = memory.try_reserve_exact(bytes).is_ok();
    // Without this the optimiser knows that nobody uses the memory, and does not ask for it.
    black_box(memory.as_ptr());
    granted
}

#[cold]
pub(crate) fn too_large(shape: &[usize], subscripts: &str) -> EinsumError {
    EinsumError::TooLarge { shape: shape.to_vec(), subscripts: subscripts.into() }
}

/// Whether an array of this shape stays below ndarray's limit: the product of the extents that are not
/// zero, times `element`, is at most `isize::MAX`.
///
/// A view needs an `element` of 1, an allocation the size of an element. The number of elements is limited even
/// if they have size 0.
pub(crate) fn fits(shape: &[usize], element: usize) -> bool {
    size(shape, element).is_some()
}

/// The product that [`fits`] is about, if it does.
#[inline]
fn size(shape: &[usize], element: usize) -> Option<usize> {
    let mut extents = shape.iter().copied().filter(|&extent| extent > 0);
    let size = extents.try_fold(element.max(1), usize::checked_mul)?;
    isize::try_from(size).is_ok().then_some(size)
}

#[cfg(test)]
mod tests {
    use ndarray::{Ix2, IxDyn};

    use super::*;

    #[test]
    fn sizes_that_fit() {
        let max = isize::MAX.cast_unsigned();
        assert!(fits(&[], 1) && fits(&[max], 1) && fits(&[0, max], 1) && fits(&[max / 8], 8));
        assert!(!fits(&[max + 1], 1) && !fits(&[0, max, 2], 1) && !fits(&[max / 8 + 1], 8));
        assert!(!fits(&[1 << 40, 1 << 40], 1) && !fits(&[max + 1], 0));
    }

    /// An allocator that refuses is tested with the macros.
    #[test]
    fn arrays_beyond_the_limit_are_errors() {
        let shape = [1 << 40, 1 << 40];
        let error = zeros::<f64, Ix2>(ndarray::Dim(shape), "i,j->ij").unwrap_err();
        assert_eq!(error, EinsumError::TooLarge { shape: shape.to_vec(), subscripts: "i,j->ij".into() });
        assert!(zeros::<u8, _>(IxDyn(&[0, usize::MAX]), "").is_err());
    }

    #[test]
    fn small_and_large_arrays_are_zeros() {
        for rows in [0, 1, 9] {
            let array = zeros::<i64, Ix2>(ndarray::Dim([rows, 1 << 19]), "").unwrap();
            assert_eq!((array.shape(), array.sum()), (&[rows, 1 << 19][..], 0));
        }
    }
}
