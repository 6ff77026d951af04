use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let arrays = [Array2::<f64>::zeros((2, 3))];
    einsum!("ij->ji" [arrays[0].t()]);
}
