use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((2, 3));
    let mut c = vec![vec![0.0; 3]; 2];
    einsum!(c = "ij->i", a);
}
