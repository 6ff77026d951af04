use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((2, 2));
    einsum!("ij,jk,kl->il", a, a, a; q ~ 1000);
}
