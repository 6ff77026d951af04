use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((2, 2));
    let text = String::from("a");
    einsum!("...,...->...", a, text);
}
