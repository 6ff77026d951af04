use einsum::ndarray::{Array1, array};
use einsum::{Element, einsum};

fn subtract<T: Element>(c: &mut Array1<T>, a: &Array1<T>) {
    einsum!(c -= "i->i", a);
}

fn main() {
    let mut c = array![1.0, 2.0];
    let a = c.clone();
    subtract(&mut c, &a);
}
