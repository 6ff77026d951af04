use einsum::einsum;
use einsum::ndarray::Array2;

fn scale(_: Array2<f64>) {}

fn main() {
    let a = Array2::<f64>::zeros((2, 3));
    scale(einsum!("ij->i", a));
}
