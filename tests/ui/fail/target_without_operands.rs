use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let mut c = Array2::<f64>::zeros((2, 4));
    einsum!(c = "ij->ji");
}
