use einsum::einsum;
use einsum::ndarray::Array1;

fn main() {
    let a = Array1::<f64>::zeros(8);
    let w = Array1::<f64>::zeros(3);
    einsum!("x,i->(x+i)x", a, w);
}
