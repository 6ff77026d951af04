use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let mut a = Array2::<f64>::zeros((3, 3));
    einsum!(a = "ij->ji", a);
}
