use einsum::einsum;
use einsum::ndarray::Array2;

macro_rules! product {
    ($subscripts:literal, $array:expr) => {
        einsum!($subscripts, $array, $array)
    };
}

fn main() {
    let a = Array2::<f64>::zeros((2, 3));
    product!("ij,jk->iq", a);
}
