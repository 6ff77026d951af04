use einsum::einsum;
use einsum::ndarray::Array1;

fn main() {
    let a = Array1::<f64>::zeros(8);
    einsum!("(x+i)->xi", a; i = 3, i = 3);
}
