use einsum::einsum;
use einsum::ndarray::{Array1, Array2};

fn main() {
    let a = Array2::<f64>::zeros((2, 3));
    let b = Array1::<f64>::zeros(3);
    einsum!("ij,jk,kl->il", a, b, a);
}
