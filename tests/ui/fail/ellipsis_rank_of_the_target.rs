use einsum::einsum;
use einsum::ndarray::{Array1, Array3};

fn main() {
    let a = Array3::<f64>::zeros((2, 3, 4));
    let mut c = Array1::<f64>::zeros(4);
    einsum!(c = "...ij->...ji", a);
}
