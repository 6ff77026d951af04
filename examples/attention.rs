//! Scaled dot-product attention with several heads, forward and backward, checked against finite differences.
//!
//! Queries are `bqhd` (batch, position, head, feature), keys and values `bkhd`, and the weights between positions `bhqk`.
//! No array is transposed or reshaped on the way: the subscripts say where each axis is.
//! (Vaswani et al., *Attention Is All You Need*, section 3.2.)

#[path = "support/gradients.rs"]
mod gradients;

use einsum::{einsum, einsum_grad};
use gradients::{check, random};
use ndarray::{Array4, Axis};
use rand::SeedableRng;
use rand::rngs::StdRng;

/// What the forward pass computes, as far as the backward pass needs it.
struct Attention {
    weights: Array4<f64>,
    output: Array4<f64>,
}

fn scale(q: &Array4<f64>) -> f64 {
    1.0 / (q.len_of(Axis(3)) as f64).sqrt()
}

fn forward(q: &Array4<f64>, k: &Array4<f64>, v: &Array4<f64>) -> Attention {
    let mut scores = einsum!("bqhd,bkhd->bhqk", q, k) * scale(q);
    mask_future(&mut scores);
    let weights = softmax(scores);
    let output = einsum!("bhqk,bkhd->bqhd", weights, v);
    Attention { weights, output }
}

/// The gradients of `q`, `k` and `v`, given that of the output.
fn backward(
    [q, k, v]: [&Array4<f64>; 3],
    Attention { weights, .. }: &Attention,
    dy: &Array4<f64>,
) -> [Array4<f64>; 3] {
    let (dw, dv) = einsum_grad!("bhqk,bkhd->bqhd", weights, v; dy);
    let ds = softmax_backward(weights, &dw) * scale(q);
    let (dq, dk) = einsum_grad!("bqhd,bkhd->bhqk", q, k; ds);
    [dq, dk, dv]
}

/// No position sees a later one.
fn mask_future(scores: &mut Array4<f64>) {
    for ((_, _, query, key), score) in scores.indexed_iter_mut() {
        if key > query {
            *score = f64::NEG_INFINITY;
        }
    }
}

/// Along the last axis.
fn softmax(scores: Array4<f64>) -> Array4<f64> {
    let highest = scores.fold_axis(Axis(3), f64::NEG_INFINITY, |&a, &b| a.max(b));
    let powers = (scores - highest.insert_axis(Axis(3))).exp();
    let totals = einsum!("bhqk->bhq", powers);
    powers / totals.insert_axis(Axis(3))
}

/// The gradient of the scores, given the weights that they became and the gradient of these.
fn softmax_backward(weights: &Array4<f64>, dw: &Array4<f64>) -> Array4<f64> {
    let mean = einsum!("bhqk,bhqk->bhq", weights, dw);
    weights * (dw - mean.insert_axis(Axis(3)))
}

fn main() {
    let rng = &mut StdRng::seed_from_u64(1);
    let [q, k, v] = [(); 3].map(|()| random([2, 5, 3, 4], rng));
    let direction = random([2, 5, 3, 4], rng);
    let loss = |attention: Attention| einsum!("bqhd,bqhd->", attention.output, direction);

    let attention = forward(&q, &k, &v);
    assert!(einsum!("bhqk->bhq", attention.weights).iter().all(|sum| (sum - 1.0).abs() < 1e-12));
    let [dq, dk, dv] = backward([&q, &k, &v], &attention, &direction);
    println!("2 batches of 5 positions, 3 heads of 4 features, no position sees a later one\n");
    println!("  {:<8}{:<18}relative error", "of", "shape");
    check("queries", &dq, &q, |q| loss(forward(q, &k, &v)));
    check("keys", &dk, &k, |k| loss(forward(&q, k, &v)));
    check("values", &dv, &v, |v| loss(forward(&q, &k, v)));
    println!("\nall gradients agree with finite differences");
}
