use einsum::einsum;
use einsum::ndarray::{Array1, Array2};

fn main() {
    let a = Array2::<f64>::zeros((2, 8));
    let w = Array1::<f64>::zeros(3);
    einsum!("n(x+i,i->nx", a, w);
}
