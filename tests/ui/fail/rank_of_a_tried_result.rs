use einsum::ndarray::{Array1, Array2};
use einsum::try_einsum;

fn main() {
    let a = Array2::<f64>::zeros((2, 3));
    let c: Array1<f64> = try_einsum!("ij->ji", a).unwrap();
    println!("{c}");
}
