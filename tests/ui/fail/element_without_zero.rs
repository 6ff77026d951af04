use einsum::einsum;
use einsum::ndarray::array;

fn main() {
    let a = array![[true, false]];
    einsum!("ij->j", a);
}
