use einsum::einsum_view;

fn main() {
    einsum_view!("i->i", Some(1.0));
}
