use einsum::einsum_path;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((2, 2));
    einsum_path!("ij,jk->iq", a, a);
}
