//! What a contraction needs beside its arrays: below 2 MiB a thread, whatever their size, and the next one nothing.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use einsum::ndarray::{Array, Array2, Array4, ArrayView6, Dimension, IntoDimension};
use einsum::{Windows, einsum};
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Counts bytes.
struct Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
static TOTAL: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is the system's.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        TOTAL.fetch_add(layout.size(), Relaxed);
        PEAK.fetch_max(LIVE.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        // SAFETY: by the caller's contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, start: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: by the caller's contract.
        unsafe { System.dealloc(start, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What a call may allocate for each thread.
const FIRST: usize = 2 << 20;

/// What a call may allocate of which an earlier one has left the buffers: a pool's queues, and tables of a few numbers.
const NEXT: usize = 16 << 10;

/// The most bytes live during a call above those before, and all that it allocated.
fn bytes(call: impl FnOnce()) -> [usize; 2] {
    let (live, total) = (LIVE.load(Relaxed), TOTAL.load(Relaxed));
    PEAK.store(live, Relaxed);
    call();
    [PEAK.load(Relaxed) - live, TOTAL.load(Relaxed) - total]
}

/// Asserts the bounds for a call, by one and by two threads that have never contracted anything.
#[track_caller]
fn assert_bounded(mut call: impl FnMut() + Send) {
    for threads in [1, 2] {
        let pool: ThreadPool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        // The pool starts its threads, and allocates what it needs itself.
        pool.broadcast(|_| ());
        let [first, _] = pool.install(|| bytes(&mut call));
        assert!(first <= threads * FIRST, "{first} bytes for {threads} threads");
        // Which thread takes which part is left to chance: a thread may meet its first part late.
        let next = (0..8).map(|_| pool.install(|| bytes(&mut call))[1]).min().unwrap();
        assert!(next <= NEXT, "{next} bytes for {threads} threads, once more");
    }
}

fn numbers<D: Dimension>(shape: impl IntoDimension<Dim = D>) -> Array<f32, D> {
    let mut n = 0;
    Array::from_shape_simple_fn(shape, || {
        n += 1;
        (n % 7) as f32
    })
}

/// The 3x3 windows of images.
fn windows(image: &Array4<f32>, axes: [usize; 2]) -> ArrayView6<'_, f32> {
    Windows::new([3, 3]).axes(axes).view(image)
}

/// One test, since there is one count for all threads.
#[test]
fn memory_is_bounded() {
    forward_channels_last();
    forward_channels_first();
    gradient_of_the_kernel();
    gradient_of_the_input();
    stencil();
    matmul();
}

fn forward_channels_last() {
    let (image, kernel) = (numbers((4, 58, 58, 64)), numbers((3, 3, 64, 64)));
    let mut map = Array4::zeros((4, 56, 56, 64));
    assert_bounded(|| einsum!(map = "nxycij,ijco->nxyo", windows(&image, [1, 2]), kernel));
}

fn forward_channels_first() {
    let (image, kernel) = (numbers((4, 64, 58, 58)), numbers((64, 64, 3, 3)));
    let mut map = Array4::zeros((4, 64, 56, 56));
    assert_bounded(|| einsum!(map = "ncxyij,ocij->noxy", windows(&image, [2, 3]), kernel));
}

fn gradient_of_the_kernel() {
    let (image, gradient) = (numbers((4, 58, 58, 64)), numbers((4, 56, 56, 64)));
    let mut kernel = Array4::zeros((3, 3, 64, 64));
    assert_bounded(|| einsum!(kernel = "nxycij,nxyo->ijco", windows(&image, [1, 2]), gradient));
    let (image, gradient) = (numbers((4, 64, 58, 58)), numbers((4, 64, 56, 56)));
    let mut kernel = Array4::zeros((64, 64, 3, 3));
    assert_bounded(|| einsum!(kernel = "ncxyij,noxy->ocij", windows(&image, [2, 3]), gradient));
}

fn gradient_of_the_input() {
    let (padded, turned) = (numbers((4, 58, 58, 64)), numbers((3, 3, 64, 64)));
    let mut gradient = Array4::zeros((4, 56, 56, 64));
    assert_bounded(|| einsum!(gradient = "nxyoij,ijco->nxyc", windows(&padded, [1, 2]), turned));
    let (padded, turned) = (numbers((4, 64, 58, 58)), numbers((64, 64, 3, 3)));
    let mut gradient = Array4::zeros((4, 64, 56, 56));
    assert_bounded(|| einsum!(gradient = "noxyij,ocij->ncxy", windows(&padded, [2, 3]), turned));
}

fn stencil() {
    let (image, kernel) = (numbers((2048, 2048)), numbers((11, 11)));
    let mut map = Array2::zeros((2038, 2038));
    let windows = Windows::new([11, 11]).view(&image);
    assert_bounded(|| einsum!(map = "xyij,ij->xy", windows, kernel));
}

fn matmul() {
    let (a, b) = (numbers((700, 900)), numbers((900, 800)));
    let mut c = Array2::zeros((700, 800));
    assert_bounded(|| einsum!(c = "ij,jk->ik", a, b));
    let mut c = Array2::zeros((800, 700));
    assert_bounded(|| einsum!(c = "ij,jk->ki", a, b));
}
