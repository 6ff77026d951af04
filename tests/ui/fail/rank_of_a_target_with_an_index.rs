use einsum::einsum;
use einsum::ndarray::{Array1, Array2};

fn main() {
    let a = Array2::<f64>::zeros((2, 8));
    let w = Array1::<f64>::zeros(3);
    let mut c = Array1::<f64>::zeros(10);
    einsum!(c = "nx,i->n(x+i)", a, w);
}
