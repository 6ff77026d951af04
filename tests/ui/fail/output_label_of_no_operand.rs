use einsum::einsum;
use einsum::ndarray::arr0;

fn main() {
    einsum!("->i", arr0(1.0));
}
