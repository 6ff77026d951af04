use einsum::einsum;
use einsum::ndarray::{Array1, Array2};

fn main() {
    let a = Array2::<f64>::zeros((2, 3));
    let mut c = Array1::<f64>::zeros(2);
    einsum!(c = "ij->ji", a);
}
