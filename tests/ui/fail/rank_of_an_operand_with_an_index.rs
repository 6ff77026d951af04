use einsum::einsum;
use einsum::ndarray::{Array2, Array3};

fn main() {
    let a = Array2::<f64>::zeros((2, 8));
    let w = Array3::<f64>::zeros((3, 2, 4));
    einsum!("n(x+i)c,ico->nxo", a, w);
}
