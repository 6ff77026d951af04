use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f32>::zeros((2, 2));
    einsum!(",ij->ij", 2.0_f64, a);
}
