//! The matrix products of the libraries, behind one signature.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};

use crate::real::{Raw, Real};

/// `c = a b` on that many threads.
pub type Multiply<T> = fn(ArrayViewMut2<'_, T>, ArrayView2<'_, T>, ArrayView2<'_, T>, usize);

pub fn all<T: Real>() -> [(&'static str, Multiply<T>); 4] {
    [
        ("gemm", |c, a, b, threads| gemm(c, a, b, false, threads)),
        ("faer", faer),
        ("matrixmultiply", |c, a, b, _| matrixmultiply(c, a, b)),
        ("ndarray", |mut c, a, b, _| general_mat_mul(T::one(), &a, &b, T::zero(), &mut c)),
    ]
}

/// `c = a b`, or `c += a b`. The matrices may have any strides, and rows of `a` and `b` may overlap.
pub fn gemm<T: Real>(
    c: ArrayViewMut2<'_, T>,
    a: ArrayView2<'_, T>,
    b: ArrayView2<'_, T>,
    accumulate: bool,
    threads: usize,
) {
    let (c, a, b) = raws(c, &a, &b);
    let parallelism = match threads {
        1 => gemm::Parallelism::None,
        _ => gemm::Parallelism::Rayon(threads),
    };
    // SAFETY: the views hold the elements; `c` is borrowed for writing.
    unsafe {
        gemm::gemm(
            c.rows,
            c.columns,
            a.columns,
            c.start,
            c.column_stride,
            c.row_stride,
            accumulate,
            a.start,
            a.column_stride,
            a.row_stride,
            b.start,
            b.column_stride,
            b.row_stride,
            T::one(),
            T::one(),
            false,
            false,
            false,
            parallelism,
        );
    }
}

fn faer<T: Real>(c: ArrayViewMut2<'_, T>, a: ArrayView2<'_, T>, b: ArrayView2<'_, T>, threads: usize) {
    let (c, a, b) = raws(c, &a, &b);
    let parallelism = match threads {
        1 => Par::Seq,
        _ => Par::rayon(threads),
    };
    // SAFETY: the views hold the elements; `c` is borrowed for writing.
    let (c, a, b) = unsafe {
        (
            MatMut::from_raw_parts_mut(c.start, c.rows, c.columns, c.row_stride, c.column_stride),
            MatRef::from_raw_parts(a.start, a.rows, a.columns, a.row_stride, a.column_stride),
            MatRef::from_raw_parts(b.start, b.rows, b.columns, b.row_stride, b.column_stride),
        )
    };
    matmul(c, Accum::Replace, a, b, T::one(), parallelism);
}

fn matrixmultiply<T: Real>(c: ArrayViewMut2<'_, T>, a: ArrayView2<'_, T>, b: ArrayView2<'_, T>) {
    let (c, a, b) = raws(c, &a, &b);
    // SAFETY: the views hold the elements; `c` is borrowed for writing.
    unsafe { T::matrixmultiply(c, a, b) };
}

type Raws<T> = (Raw<*mut T>, Raw<*const T>, Raw<*const T>);

/// Pointers, extents and strides of matrices that can be multiplied.
fn raws<T>(mut c: ArrayViewMut2<'_, T>, a: &ArrayView2<'_, T>, b: &ArrayView2<'_, T>) -> Raws<T> {
    assert_eq!((c.nrows(), c.ncols(), a.ncols()), (a.nrows(), b.ncols(), b.nrows()), "extents of a product");
    fn raw<P>(start: P, (rows, columns): (usize, usize), strides: &[isize]) -> Raw<P> {
        Raw { start, rows, columns, row_stride: strides[0], column_stride: strides[1] }
    }
    let start = c.as_mut_ptr();
    let c = raw(start, c.dim(), c.strides());
    (c, raw(a.as_ptr(), a.dim(), a.strides()), raw(b.as_ptr(), b.dim(), b.strides()))
}
