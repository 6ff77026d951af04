use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((2, 2));
    let n = 1000;
    einsum!("ij,jk,kl->il", a, a, a; i ~ n);
}
