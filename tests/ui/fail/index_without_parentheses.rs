use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((8, 8));
    einsum!("x-1y->xy", a);
}
