use einsum::einsum;
use einsum::ndarray::{Array, Array2, Dimension};

fn sum<D: Dimension>(a: &Array<f64, D>) -> f64 {
    einsum!("ij->", a)
}

fn main() {
    println!("{}", sum(&Array2::zeros((2, 3))));
}
