use einsum::einsum;
use einsum::ndarray::Array1;

fn main() {
    let a = Array1::<f64>::zeros(8);
    let n = 3_i32;
    einsum!("(x+i)->xi", a; i = n);
}
