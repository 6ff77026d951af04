use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((2, 3));
    let c = Array2::<f64>::zeros((2, 3));
    let mut c = c.view();
    einsum!(c = "ij->ij", a);
}
