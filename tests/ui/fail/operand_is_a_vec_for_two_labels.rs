use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((2, 2));
    let v = vec![vec![1.0, 2.0], vec![3.0, 4.0]];
    einsum!("ij,jk->ik", a, v);
}
