//! What the machine can do at most: multiply-adds in registers, and bytes from each level of memory.

use std::hint::black_box;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use pulp::{Arch, Simd, WithSimd};

use crate::table::Kind;

/// How long each limit is measured; the best sample counts.
const BUDGET: Duration = Duration::from_millis(150);

/// Sums at once: more than latency times throughput on any machine, few enough for 16 registers.
const SUMS: usize = 12;

const ROUNDS: usize = 20_000;

/// The memory that is read: its name and its bytes for each thread.
pub const LEVELS: [(&str, usize); 3] = [("L2", 384 << 10), ("L3", 6 << 20), ("DRAM", 256 << 20)];

/// The limits at a number of threads.
#[derive(Debug, Clone)]
pub struct Limits {
    pub threads: usize,
    /// GFLOP/s.
    pub peak_f32: f64,
    pub peak_f64: f64,
    /// GB/s of reading, and of reading and writing together, for each of the [`LEVELS`].
    pub bandwidths: Vec<(f64, f64)>,
}

impl Limits {
    pub fn measure(threads: usize) -> Self {
        let peak_f32 = peak(threads, &|| Arch::new().dispatch(Peak32));
        let peak_f64 = peak(threads, &|| Arch::new().dispatch(Peak64));
        let bandwidths = LEVELS.map(|(_, bytes)| (read(threads, bytes), copy(threads, bytes)));
        Self { threads, peak_f32, peak_f64, bandwidths: bandwidths.to_vec() }
    }

    pub fn peak(&self, kind: Kind) -> f64 {
        match kind {
            Kind::F32 => self.peak_f32,
            Kind::F64 => self.peak_f64,
        }
    }
}

/// GFLOP/s of a function that says how many operations it did.
fn peak(threads: usize, run: &(dyn Fn() -> usize + Sync)) -> f64 {
    best(threads, || (), &|()| run())
}

/// Giga-units per second, all threads together, of a function that says how many units it did: of the best sample.
fn best<S>(threads: usize, start: impl Fn() -> S + Sync, run: &(dyn Fn(&mut S) -> usize + Sync)) -> f64 {
    let barrier = Barrier::new(threads);
    let one = || {
        let mut state = start();
        run(&mut state);
        barrier.wait();
        let (begin, mut best) = (Instant::now(), 0.0_f64);
        while begin.elapsed() < BUDGET {
            let sample = Instant::now();
            let units = run(&mut state);
            best = best.max(units as f64 / sample.elapsed().as_secs_f64() / 1e9);
        }
        best
    };
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(one)).collect();
        all.into_iter().map(|thread| thread.join().expect("no panic")).sum()
    })
}

macro_rules! peak_of {
    ($name:ident, $float:ident, $splat:ident, $multiply_add:ident, $reduce:ident, $vector:ident) => {
        struct $name;

        impl WithSimd for $name {
            type Output = usize;

            #[inline(always)]
            fn with_simd<S: Simd>(self, simd: S) -> usize {
                let [factor, summand] = black_box([0.5, 0.25]).map(|value| simd.$splat(value));
                let mut sums = [summand; SUMS];
                for _ in 0..ROUNDS {
                    // A closure for `map` would not have the instruction set.
                    for sum in &mut sums {
                        *sum = simd.$multiply_add(*sum, factor, summand);
                    }
                }
                black_box(sums.map(|sum| simd.$reduce(sum)));
                2 * ROUNDS * SUMS * (size_of::<S::$vector>() / size_of::<$float>())
            }
        }
    };
}

peak_of!(Peak32, f32, splat_f32s, mul_add_e_f32s, reduce_sum_f32s, f32s);
peak_of!(Peak64, f64, splat_f64s, mul_add_e_f64s, reduce_sum_f64s, f64s);

fn read(threads: usize, bytes: usize) -> f64 {
    best(threads, || vec![1.0_f64; bytes / 8], &|memory: &mut Vec<f64>| Arch::new().dispatch(Read(memory)))
}

/// Half of the memory to the other half: both directions count.
fn copy(threads: usize, bytes: usize) -> f64 {
    best(threads, || vec![1.0_f64; bytes / 8], &|memory: &mut Vec<f64>| {
        let (to, from) = black_box(memory).split_at_mut(bytes / 16);
        to.copy_from_slice(from);
        bytes
    })
}

struct Read<'a>(&'a [f64]);

impl WithSimd for Read<'_> {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> usize {
        const SUMS: usize = 8;
        let (vectors, _) = S::as_simd_f64s(black_box(self.0));
        let (blocks, _) = vectors.as_chunks::<SUMS>();
        let mut sums = [simd.splat_f64s(0.0); SUMS];
        for block in blocks {
            for (sum, vector) in sums.iter_mut().zip(block) {
                *sum = simd.add_f64s(*sum, *vector);
            }
        }
        black_box(sums.map(|sum| simd.reduce_sum_f64s(sum)));
        size_of_val(blocks)
    }
}
