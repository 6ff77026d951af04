use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((2, 3));
    let c: Array2<f64> = einsum!("ij->jq", a, a);
    println!("{}", c.sum() + einsum!("i1j->", a));
}
