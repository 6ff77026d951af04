use einsum::einsum;
use einsum::ndarray::Array6;

fn main() {
    let a = Array6::<f64>::zeros([1; 6]);
    einsum!("abcdefg->a", a);
}
