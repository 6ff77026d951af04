use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((2, 8));
    let w = Array2::<f64>::zeros((3, 3));
    einsum!("n((x+i)+j),ij->nx", a, w);
}
