use einsum::einsum;

fn main() {
    einsum!(",->", 1.0, 2.0; i = 3);
}
