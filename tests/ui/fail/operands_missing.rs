use einsum::einsum;

fn main() {
    einsum!("ij->ji");
}
