use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((2, 2));
    einsum!("ij,jk,kl->il", a, a, a; i = 2, i ~ 1000);
}
