use einsum::einsum_view;
use einsum::ndarray::Array2;

fn main() {
    let view = einsum_view!("ij->ji", Array2::<f64>::zeros((2, 3)));
    println!("{view}");
}
