//! The elements, and what the peers want to know of them.

use ndarray::{LinalgScalar, NdFloat};

use crate::table::Kind;

/// `f32` or `f64`.
pub trait Real:
    NdFloat + LinalgScalar + einsum::Element + faer::traits::ComplexField + Default + Send + Sync + 'static
{
    const KIND: Kind;
    /// The machine epsilon.
    const PRECISION: f64;
    const NAN: Self;

    /// The nearest element; exact for the operands of the workloads.
    fn nearest(value: f64) -> Self;
    fn wide(self) -> f64;
    /// Elements from the bytes that another process wrote.
    fn wide_from_bytes(bytes: &[u8]) -> Vec<f64>;
    /// `c = a b`.
    ///
    /// # Safety
    ///
    /// The matrices are live, with these extents and strides, and nobody else reads or writes `c`.
    unsafe fn matrixmultiply(c: Raw<*mut Self>, a: Raw<*const Self>, b: Raw<*const Self>);
}

/// A matrix as the BLAS-like interfaces take it.
#[derive(Debug, Clone, Copy)]
pub struct Raw<P> {
    pub start: P,
    pub rows: usize,
    pub columns: usize,
    pub row_stride: isize,
    pub column_stride: isize,
}

macro_rules! real {
    ($float:ident, $kind:ident, $multiply:path) => {
        impl Real for $float {
            const KIND: Kind = Kind::$kind;
            const PRECISION: f64 = $float::EPSILON as f64;
            const NAN: Self = $float::NAN;

            fn nearest(value: f64) -> Self {
                value as $float
            }

            fn wide(self) -> f64 {
                f64::from(self)
            }

            fn wide_from_bytes(bytes: &[u8]) -> Vec<f64> {
                let (elements, _) = bytes.as_chunks();
                elements.iter().map(|&bytes| f64::from($float::from_ne_bytes(bytes))).collect()
            }

            unsafe fn matrixmultiply(c: Raw<*mut Self>, a: Raw<*const Self>, b: Raw<*const Self>) {
                let (a_strides, b_strides) =
                    ((a.row_stride, a.column_stride), (b.row_stride, b.column_stride));
                // SAFETY: by the contract.
                unsafe {
                    $multiply(
                        c.rows,
                        a.columns,
                        c.columns,
                        1.0,
                        a.start,
                        a_strides.0,
                        a_strides.1,
                        b.start,
                        b_strides.0,
                        b_strides.1,
                        0.0,
                        c.start,
                        c.row_stride,
                        c.column_stride,
                    );
                }
            }
        }
    };
}

real!(f32, F32, matrixmultiply::sgemm);
real!(f64, F64, matrixmultiply::dgemm);
