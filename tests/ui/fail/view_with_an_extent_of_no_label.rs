use einsum::einsum_view;
use einsum::ndarray::Array1;

fn main() {
    let a = Array1::<f64>::zeros(8);
    einsum_view!("(x+i)->xi", a; j = 3);
}
