use einsum::einsum_view;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((2, 8));
    einsum_view!("n(x+i)->nx", a; i = 3);
}
