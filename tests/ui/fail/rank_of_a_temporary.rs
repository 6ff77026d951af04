use einsum::einsum;
use einsum::ndarray::{Array3, s};

fn main() {
    let a = Array3::<f64>::zeros((2, 3, 4));
    einsum!("ijk->k", a.slice(s![.., 0, ..]));
}
