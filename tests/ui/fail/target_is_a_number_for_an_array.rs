use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((2, 2));
    let mut c = 0.0_f64;
    einsum!(c = "ij->i", a);
}
