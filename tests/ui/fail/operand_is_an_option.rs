use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let a = Some(Array2::<f64>::zeros((2, 3)));
    einsum!("ij->", a);
}
