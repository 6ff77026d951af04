use einsum::einsum;
use einsum::ndarray::Array2;

fn total<T: Clone>(a: &Array2<T>) -> T {
    einsum!("ij->", a)
}

fn main() {
    let a = Array2::<f64>::zeros((2, 3));
    println!("{}", total(&a));
}
