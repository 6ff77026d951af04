use einsum::einsum_view;
use einsum::ndarray::{Array2, ArrayView2};

fn transposed(a: Array2<f64>) -> ArrayView2<'static, f64> {
    einsum_view!("ij->ji", a)
}

fn main() {
    transposed(Array2::zeros((2, 3)));
}
