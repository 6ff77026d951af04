use einsum::einsum_view;
use einsum::ndarray::Array3;

fn main() {
    let a = Array3::<f64>::zeros((2, 3, 4));
    einsum_view!("...ij->ji", a);
}
