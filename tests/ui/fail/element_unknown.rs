use einsum::einsum;
use einsum::ndarray::Array2;

fn main() {
    let (a, b) = (Array2::zeros((2, 2)), Array2::zeros((2, 2)));
    let _: Array2<i32> = einsum!("ij,jk->ik", a, b);
}
