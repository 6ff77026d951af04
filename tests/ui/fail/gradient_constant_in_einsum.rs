use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let (a, b) = (Array2::<f64>::zeros((2, 3)), Array2::<f64>::zeros((3, 4)));
    let dc = Array2::<f64>::zeros((2, 4));
    einsum!("ij,jk->ik", a, const b);
    drop(dc);
}
