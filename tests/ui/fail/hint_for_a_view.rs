use einsum::einsum_view;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((2, 2));
    einsum_view!("ij->ji", a; i ~ 1000);
}
