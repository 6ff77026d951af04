use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((2, 3));
    let mut c = Array2::<f64>::zeros((2, 4));
    einsum!(c += "ij->iq", a);
}
