//! A library that passes `einsum!` on: users of it need not depend on `nd-einsum`.

pub use einsum as tensor;
pub use einsum::{einsum, try_einsum as attempt};

use einsum::ndarray::{Array1, Array2};

pub mod prelude {
    pub use einsum::*;
}

/// The macro in a function of another crate, and in an old edition.
pub fn row_sums(a: &Array2<f64>) -> Array1<f64> {
    einsum!("ij->i", a)
}

/// A macro of this crate, which expands to `einsum!` in others.
#[macro_export]
macro_rules! matrix_product {
    ($a:expr, $b:expr) => {
        $crate::einsum!("ij,jk->ik", $a, $b)
    };
}
