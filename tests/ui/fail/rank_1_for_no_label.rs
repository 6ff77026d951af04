use einsum::einsum;
use einsum::ndarray::array;

fn main() {
    einsum!(",i->i", array![1.0, 2.0], array![3.0]);
}
