use einsum::einsum_view;

fn main() {
    einsum_view!("->", 5.0);
}
