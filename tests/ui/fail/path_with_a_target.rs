use einsum::einsum_path;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((2, 2));
    let mut c = Array2::<f64>::zeros((2, 2));
    einsum_path!(c = "ij,jk->ik", a, a);
}
