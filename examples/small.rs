use einsum::einsum;
use einsum::ndarray::*;
fn main() {
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let a = Array2::from_shape_fn((n, n), |(i, j)| (i + 2 * j) as f32);
    let b = Array2::from_shape_fn((n, n), |(i, j)| (i * 3 + j) as f32);
    let mut c = Array2::<f32>::zeros((n, n));
    let reps = 2_000_000_000 / (n * n * n + 3000);
    let t = std::time::Instant::now();
    for _ in 0..reps {
        einsum!(c = "ij,jk->ik", a, b);
        std::hint::black_box(&c);
    }
    println!("{:.0} ns", t.elapsed().as_secs_f64() * 1e9 / reps as f64);
}
