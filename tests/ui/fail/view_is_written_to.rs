use einsum::einsum_view;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((2, 3));
    let view = einsum_view!("ij->ji", a);
    view[[0, 0]] = 1.0;
}
