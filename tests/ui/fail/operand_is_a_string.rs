use einsum::einsum;

fn main() {
    einsum!("i->", "ij");
}
