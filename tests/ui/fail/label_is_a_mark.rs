use einsum::einsum;
use einsum::ndarray::Array3;

fn main() {
    let a = Array3::<f64>::zeros((2, 3, 4));
    einsum!("世α\u{345}->世", a);
}
