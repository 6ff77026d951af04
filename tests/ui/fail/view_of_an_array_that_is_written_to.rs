use einsum::einsum_view;
use einsum::ndarray::Array2;

fn main() {
    let mut a = Array2::<f64>::zeros((2, 3));
    let view = einsum_view!("ij->ji", a);
    a.fill(1.0);
    println!("{view}");
}
