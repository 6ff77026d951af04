use einsum::einsum;
use einsum::ndarray::{Array2, Array3};

fn main() {
    let a = Array3::<f64>::zeros((2, 3, 4));
    let _: Array3<f64> = einsum!("...j->...", a);
    let _: Array2<f64> = einsum!("...j->...", a);
}
