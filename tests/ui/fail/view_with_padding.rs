use einsum::einsum_view;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((2, 8));
    einsum_view!("n(2x+i-1)->nxi", a; i = 3);
}
