use einsum::ndarray::*;
use einsum::{Windows, einsum};
use std::time::Instant;

#[target_feature(enable = "avx512f")]
fn peak_loop(n: usize) -> f32 {
    use std::arch::x86_64::*;
    let x = _mm512_set1_ps(std::hint::black_box(0.999));
    let mut a = [_mm512_set1_ps(1.0); 12];
    for _ in 0..n {
        for v in a.iter_mut() {
            *v = _mm512_fmadd_ps(x, *v, x);
        }
    }
    let mut s = a[0];
    for v in &a[1..] {
        s = _mm512_add_ps(s, *v);
    }
    _mm512_reduce_add_ps(s)
}
fn peak() -> f64 {
    let n = 10_000;
    let t = Instant::now();
    std::hint::black_box(unsafe { peak_loop(n) });
    n as f64 * 12.0 * 32.0 / t.elapsed().as_secs_f64() / 1e9
}
// seconds, normalised to a machine of 100 GFLOP/s: f / best() is percent of peak
fn best(mut f: impl FnMut()) -> f64 {
    f();
    let t = Instant::now();
    f();
    let one = t.elapsed().as_secs_f64();
    let reps = (0.0002 / one).ceil().max(1.0) as usize;
    let mut r = vec![];
    let mut p0 = peak();
    for _ in 0..301 {
        let t = Instant::now();
        for _ in 0..reps {
            f()
        }
        let d = t.elapsed().as_secs_f64() / reps as f64;
        let p1 = peak();
        r.push(d * (p0 + p1) / 2.0 / 100.0);
        p0 = p1;
    }
    r.sort_by(f64::total_cmp);
    r[8]
}
fn rnd(n: usize, s: u32) -> Vec<f32> {
    (0..n)
        .map(|i| ((i as u32).wrapping_mul(2654435761).wrapping_add(s) >> 16) as f32 / 65536.0 - 0.5)
        .collect()
}
fn main() {
    println!("{}", einsum::kernel_in_use());
    for n in [8usize, 12, 16, 24, 32, 48, 64, 100, 128, 256, 512, 1024] {
        let a = Array2::from_shape_vec((n, n), rnd(n * n, 1)).unwrap();
        let b = Array2::from_shape_vec((n, n), rnd(n * n, 2)).unwrap();
        let mut c = Array2::<f32>::zeros((n, n));
        let f = 2.0 * (n as f64).powi(3) / 1e9;
        let t = best(|| einsum!(c = "ij,jk->ik", a, b));
        let err = (&c - &a.dot(&b)).mapv(f32::abs).fold(0.0, |a: f32, &b| a.max(b));
        let tt = best(|| einsum!(c = "ij,kj->ik", a, b));
        let err2 = (&c - &a.dot(&b.t())).mapv(f32::abs).fold(0.0, |a: f32, &b| a.max(b));
        let t3 = best(|| einsum!(c = "ji,jk->ik", a, b));
        let err3 = (&c - &a.t().dot(&b)).mapv(f32::abs).fold(0.0, |a: f32, &b| a.max(b));
        let t4 = best(|| einsum!(c = "ij,jk->ki", a, b));
        let err4 = (&c.t() - &a.dot(&b)).mapv(f32::abs).fold(0.0, |a: f32, &b| a.max(b));
        let td = best(|| {
            std::hint::black_box(a.dot(&b));
        });
        println!(
            "mm{n} nn {:.1} nt {:.1} tn {:.1} Tout {:.1} | dot {:.1}  err {err:.0e} {err2:.0e} {err3:.0e} {err4:.0e}",
            f / t,
            f / tt,
            f / t3,
            f / t4,
            f / td
        );
    }
    for (nb, ch, co, x, k) in [
        (4usize, 64usize, 64usize, 56usize, 3usize),
        (4, 128, 128, 28, 3),
        (4, 256, 256, 14, 3),
        (4, 512, 512, 7, 3),
        (64, 1, 6, 24, 5),
        (64, 6, 16, 10, 5),
    ] {
        let h = x + k - 1;
        let img = Array4::from_shape_vec((nb, h, h, ch), rnd(nb * h * h * ch, 1)).unwrap();
        let w = Array4::from_shape_vec((k, k, ch, co), rnd(k * k * ch * co, 2)).unwrap();
        let win = Windows::new([k, k]).axes([1, 2]).view(&img); // n x y c i j
        let mut out = Array4::<f32>::zeros((nb, x, x, co));
        let f = 2.0 * (nb * x * x * ch * co * k * k) as f64 / 1e9;
        let t1 = best(|| einsum!(out = "nxycij,ijco->nxyo", win, w));
        let dy = Array4::from_shape_vec((nb, x, x, co), rnd(nb * x * x * co, 3)).unwrap();
        let mut dw = w.clone();
        let t2 = best(|| einsum!(dw = "nxycij,nxyo->ijco", win, dy));
        let dyp = Array4::from_shape_vec(
            (nb, h + k - 1, h + k - 1, co),
            rnd(nb * (h + k - 1) * (h + k - 1) * co, 3),
        )
        .unwrap();
        let dwin = Windows::new([k, k]).axes([1, 2]).view(&dyp);
        let mut dx = Array4::<f32>::zeros((nb, h, h, ch));
        let fi = 2.0 * (nb * h * h * ch * co * k * k) as f64 / 1e9;
        let t3 = best(|| einsum!(dx = "nxyoij,ijco->nxyc", dwin, w));
        let imgc = img.view().permuted_axes([0, 3, 1, 2]).as_standard_layout().into_owned();
        let winc = Windows::new([k, k]).axes([2, 3]).view(&imgc);
        let wc = w.view().permuted_axes([3, 2, 0, 1]).as_standard_layout().into_owned();
        let mut outc = Array4::<f32>::zeros((nb, co, x, x));
        let t4 = best(|| einsum!(outc = "ncxyij,ocij->noxy", winc, wc));
        let err = (&outc.permuted_axes([0, 2, 3, 1]) - &out).mapv(f32::abs).fold(0.0, |a: f32, &b| a.max(b));
        println!(
            "conv {ch}->{co} {x} fwd {:.1} wgrad {:.1} igrad {:.1} nchw {:.1} err {err:.0e}",
            f / t1,
            f / t2,
            fi / t3,
            f / t4
        );
    }
    for (x, k) in [(512usize, 3usize), (512, 5), (512, 11)] {
        let img = Array2::from_shape_vec((x, x), rnd(x * x, 1)).unwrap();
        let w = Array2::from_shape_vec((k, k), rnd(k * k, 2)).unwrap();
        let win = Windows::new([k, k]).axes([0, 1]).view(&img);
        let mut out = Array2::<f32>::zeros((x - k + 1, x - k + 1));
        let f = 2.0 * ((x - k + 1).pow(2) * k * k) as f64 / 1e9;
        println!("img k{k} {:.1}", f / best(|| einsum!(out = "xyij,ij->xy", win, w)));
    }
}
