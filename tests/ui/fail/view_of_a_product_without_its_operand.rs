use einsum::einsum_view;
use einsum::ndarray::Array2;

fn main() {
    let a = Array2::<f64>::zeros((2, 3));
    einsum_view!("ij,jk->ijk", a);
}
