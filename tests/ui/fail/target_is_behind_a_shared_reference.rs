use einsum::einsum;
use einsum::ndarray::Array2;

fn store(c: &Array2<f64>, a: &Array2<f64>) {
    einsum!(c = "ij->ij", a);
}

fn main() {
    let c = Array2::<f64>::zeros((2, 2));
    store(&c, &Array2::zeros((2, 2)));
}
