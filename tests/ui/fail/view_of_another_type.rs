use einsum::einsum_view;
use einsum::ndarray::{Array2, ArrayView1};

fn main() {
    let a = Array2::<f64>::zeros((2, 3));
    let _: ArrayView1<f64> = einsum_view!("ij->ji", a);
}
