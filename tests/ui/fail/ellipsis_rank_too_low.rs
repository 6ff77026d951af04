use einsum::einsum;
use einsum::ndarray::{Array1, Array3};

fn main() {
    let (a, b) = (Array3::<f64>::zeros((2, 3, 4)), Array1::<f64>::zeros(4));
    einsum!("...ij,...jk->...ik", a, b);
}
