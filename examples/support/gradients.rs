//! Gradients against finite differences.

use ndarray::{Array, Dimension, IntoDimension};
use rand::RngExt;
use rand::rngs::StdRng;

/// The largest error that a gradient may have, relative to the gradient's largest element.
const TOLERANCE: f64 = 1e-7;

/// Prints one line of a table, and stops the program if the gradient of `f` at `x` is wrong.
pub fn check<D: Dimension>(
    what: &str,
    gradient: &Array<f64, D>,
    x: &Array<f64, D>,
    f: impl Fn(&Array<f64, D>) -> f64,
) {
    let expected = differences(x, f);
    assert_eq!(gradient.shape(), expected.shape(), "gradient of the {what}");
    let largest = |x: &Array<f64, D>| x.iter().map(|x| x.abs()).max_by(f64::total_cmp).unwrap_or(0.0);
    let error = largest(&(gradient - &expected)) / largest(&expected);
    println!("  {what:<8}{:<18}{error:.1e}", format!("{:?}", gradient.shape()));
    assert!(error <= TOLERANCE, "gradient of the {what}: error {error:e}");
}

/// The gradient of `f` at `x` by central differences, one element of `x` at a time.
fn differences<D: Dimension>(x: &Array<f64, D>, f: impl Fn(&Array<f64, D>) -> f64) -> Array<f64, D> {
    const STEP: f64 = 1e-4;
    let moved = |n: usize, step: f64| {
        let mut x = x.clone();
        x.as_slice_mut().expect("in standard layout")[n] += step;
        f(&x)
    };
    let slopes = (0..x.len()).map(|n| (moved(n, STEP) - moved(n, -STEP)) / (2.0 * STEP));
    Array::from_shape_vec(x.raw_dim(), slopes.collect()).expect("one slope for each element")
}

/// Numbers from -1 to 1.
pub fn random<D: Dimension>(shape: impl IntoDimension<Dim = D>, rng: &mut StdRng) -> Array<f64, D> {
    Array::from_shape_simple_fn(shape.into_dimension(), || rng.random_range(-1.0..1.0))
}
