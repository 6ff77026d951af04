use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let (a, alpha) = (Array2::<f64>::zeros((2, 2)), 2.0_f64);
    einsum!("ij,j->i", a, alpha);
}
