use einsum::einsum_view;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((3, 3));
    einsum_view!("ii", a);
}
