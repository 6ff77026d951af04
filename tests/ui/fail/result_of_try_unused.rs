#![deny(unused_must_use)]
use einsum::ndarray::Array2;
use einsum::try_einsum;

fn main() {
    let a = Array2::<f64>::zeros((2, 3));
    try_einsum!("ij->ji", a);
}
