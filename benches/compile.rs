//! What calls of `einsum!` cost the compiler: `cargo bench --bench compile`.
//!
//! Generates a crate with 500 different calls, and the same crate with loops written by hand instead, and times
//! `cargo check` and `cargo build --release` of each, without their dependencies. The loops are the plainest ones,
//! with indexing, and far from as fast. The functions are spread over modules, as those of any crate of that size:
//! the compiler works on modules in parallel, but not inside one. Fails where a call costs more than its goal.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};
use std::{env, fs};

const CALLS: usize = 500;
const CALLS_PER_MODULE: usize = 25;

/// Contractions that programs are full of; labels are renamed to make each call a different one.
const EQUATIONS: [(&[&str], &str); 10] = [
    (&["ij", "jk"], "ik"),
    (&["ij", "kj"], "ik"),
    (&["ij", "j"], "i"),
    (&["i", "i"], ""),
    (&["ij"], "ji"),
    (&["xyij", "ij"], "xy"),
    (&["bij", "bjk"], "bik"),
    (&["i", "ij", "j"], ""),
    (&["ij", "ij"], "ij"),
    (&["nxycij", "ijco"], "nxyo"),
];

/// A cargo command, and the most that a call may cost it.
const COMMANDS: [(&[&str], Duration); 2] =
    [(&["check"], Duration::from_millis(40)), (&["build", "--release"], Duration::from_millis(80))];

fn main() {
    let folder = env::temp_dir().join("einsum-compile-bench");
    let crates = [("calls", einsum_call as Body), ("loops", loops)];
    let crates = crates.map(|(name, body)| (name, generate(&folder.join(name), name, body)));
    let date = humantime::format_rfc3339_seconds(SystemTime::now());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{date}, {cores} cores, {CALLS} functions\n");
    println!("| command | crate | seconds | ms a function | goal |\n|---|---|---|---|---|");
    let mut reached = true;
    for (command, goal) in COMMANDS {
        for (name, path) in &crates {
            let time = time(path, &folder.join("target"), command);
            let each = time / CALLS as u32;
            println!(
                "| `cargo {}` | {name} | {:.1} | {:.1} | {} |",
                command.join(" "),
                time.as_secs_f64(),
                each.as_secs_f64() * 1e3,
                goal.as_millis()
            );
            reached &= *name != "calls" || each <= goal;
        }
    }
    assert!(reached, "a call costs more than its goal");
}

/// Writes the body of a function for inputs `a0`, `a1`, … with these labels.
type Body = fn(&[String], &str) -> String;

/// A crate of functions, one for each call.
fn generate(path: &Path, name: &str, body: Body) -> PathBuf {
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n\
         [dependencies]\nnd-einsum = {{ path = {:?} }}\n",
        env!("CARGO_MANIFEST_DIR")
    );
    let mut source = String::from("#![allow(unused_imports, non_snake_case)]\n");
    for call in 0..CALLS {
        if call % CALLS_PER_MODULE == 0 {
            let module = call / CALLS_PER_MODULE;
            writeln!(source, "pub mod m{module} {{\nuse einsum::{{einsum, ndarray::*}};").unwrap();
        }
        let (inputs, output) = EQUATIONS[call % EQUATIONS.len()];
        let inputs: Vec<String> = inputs.iter().map(|labels| renamed(labels, call)).collect();
        let output = renamed(output, call);
        let parameters =
            inputs.iter().enumerate().map(|(n, labels)| format!("a{n}: &Array{}<f32>", labels.len()));
        let parameters = parameters.collect::<Vec<_>>().join(", ");
        let result = if output.is_empty() { "f32".into() } else { format!("Array{}<f32>", output.len()) };
        writeln!(source, "pub fn f{call}({parameters}) -> {result} {{\n{}\n}}", body(&inputs, &output))
            .unwrap();
        if (call + 1) % CALLS_PER_MODULE == 0 {
            source.push_str("}\n");
        }
    }
    fs::create_dir_all(path.join("src")).unwrap();
    fs::write(path.join("Cargo.toml"), manifest).unwrap();
    fs::write(path.join("src/lib.rs"), source).unwrap();
    path.to_path_buf()
}

/// The labels moved on in the alphabet, further for each round through the equations.
fn renamed(labels: &str, call: usize) -> String {
    let letters: Vec<char> = ('a'..='z').chain('A'..='Z').collect();
    let moved =
        |label: char| letters[(label as usize - 'a' as usize + call / EQUATIONS.len()) % letters.len()];
    labels.chars().map(moved).collect()
}

fn einsum_call(inputs: &[String], output: &str) -> String {
    let operands: Vec<String> = (0..inputs.len()).map(|n| format!("a{n}")).collect();
    format!("    einsum!(\"{}->{output}\", {})", inputs.join(","), operands.join(", "))
}

fn loops(inputs: &[String], output: &str) -> String {
    let mut labels: Vec<char> = output.chars().collect();
    for label in inputs.iter().flat_map(|input| input.chars()) {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    let index =
        |labels: &str| labels.chars().map(|label| format!("i_{label}")).collect::<Vec<_>>().join(", ");
    let extent = |label: char| {
        let (n, axis) =
            inputs.iter().enumerate().find_map(|(n, input)| Some((n, input.find(label)?))).unwrap();
        format!("a{n}.shape()[{axis}]")
    };
    let shape = output.chars().map(extent).collect::<Vec<_>>().join(", ");
    let (new, place) = match output.len() {
        0 => ("0.0".into(), "out".into()),
        n => (format!("Array{n}::zeros([{shape}])"), format!("out[[{}]]", index(output))),
    };
    let product = inputs.iter().enumerate().map(|(n, input)| format!("a{n}[[{}]]", index(input)));
    let body = format!("{place} += {};", product.collect::<Vec<_>>().join(" * "));
    let nest = labels
        .iter()
        .rev()
        .fold(body, |body, &label| format!("for i_{label} in 0..{} {{ {body} }}", extent(label)));
    format!("    let mut out = {new};\n    {nest}\n    out")
}

/// The time of one command, after another run has compiled the dependencies.
fn time(path: &Path, target: &Path, command: &[&str]) -> Duration {
    let run = || {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(command).arg("--quiet").current_dir(path).env("CARGO_TARGET_DIR", target);
        // Incremental results of the warm-up would spare the run that counts its work.
        let status = cargo.env("CARGO_INCREMENTAL", "0").status().expect("cargo runs");
        assert!(status.success(), "the generated crate compiles");
    };
    run();
    let source = path.join("src/lib.rs");
    fs::write(&source, fs::read(&source).unwrap()).unwrap();
    let start = Instant::now();
    run();
    start.elapsed()
}
