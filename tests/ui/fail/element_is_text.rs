use einsum::einsum;
use einsum::ndarray::array;

fn main() {
    let a = array![String::from("x")];
    einsum!("i,i->i", a, a);
}
