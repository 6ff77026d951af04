//! A few workloads through this crate and the Rust peers, one after another: `cargo bench -p compare`.
//!
//! For a quick look while the engine changes. The comparison proper takes turns: see `benches/README.md`.

use compare::operands::Operands;
use compare::table::{Kind, Problem, workloads};
use compare::{ours, peers};
use divan::Bencher;

const SMALL_SET: [&str; 8] = [
    "mm16/f32",
    "mm256/f32",
    "mm512-tn/f32",
    "res64x56-fwd-nhwc/f32",
    "res128x28-fwd-nchw/f32",
    "res256x14-wgrad-nhwc/f32",
    "lenet2-fwd-nhwc/f32",
    "img512-k3/f32",
];

fn main() {
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("the first pool");
    divan::main();
}

fn problem(name: &str) -> Problem {
    let all = workloads();
    let found = all.iter().find(|workload| workload.name == name).expect("a workload of the table");
    assert_eq!(found.element, Kind::F32, "the small set is of one type");
    found.problem.clone()
}

/// Every implementation of every workload. What is far too slow to be a peer here is left out.
fn calls() -> Vec<String> {
    let mut calls = Vec::new();
    for name in SMALL_SET {
        let problem = problem(name);
        let operands = Operands::<f32>::new(&problem, 1);
        let entries =
            ours::entries(&problem, &operands).into_iter().chain(peers::entries(&problem, &operands));
        let entries = entries.enumerate().filter(|(_, entry)| entry.name != "ndarray-einsum");
        calls.extend(entries.map(|(index, entry)| format!("{name} {index} {} {:?}", entry.name, entry.mode)));
    }
    calls
}

#[divan::bench(args = calls(), max_time = 0.5)]
fn call(bencher: Bencher, call: &str) {
    let mut words = call.split(' ');
    let (name, index) = (words.next().expect("a name"), words.next().expect("an index"));
    let problem = problem(name);
    let operands = Operands::<f32>::new(&problem, 1);
    let entries = ours::entries(&problem, &operands).into_iter().chain(peers::entries(&problem, &operands));
    let index = index.parse().expect("a number");
    let mut entry = entries.into_iter().nth(index).expect("the same entries");
    bencher.bench_local(|| entry.candidate.time(1));
}
