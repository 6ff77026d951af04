use einsum::einsum;

fn main() {
    einsum!();
}
