use einsum::einsum;
use einsum::ndarray::array;

fn main() {
    let a = array![[String::from("x")]];
    einsum!("ij,jk->ik", a, a);
}
