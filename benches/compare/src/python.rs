//! The Python peers: one worker process, which takes its turns as the others do.
//!
//! It reads a command from a line and answers in lines; `worker.py` has the other side.
//!
//! ```text
//! open KIND DTYPE EQUATION KEY=VALUE...   → candidate NAME owned|in-place, skipped NAME: WHY, ... end
//! result NAME                             → the result is in the file that the worker was given
//! time NAME CALLS                         → seconds
//! ```

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;

use crate::candidate::{Candidate, Entry, Mode};
use crate::real::Real;
use crate::table::{Conv, Form, Kind, Layout, Matmul, Network, Pass, Problem};

/// A running worker, and what it said about itself.
pub struct Python {
    worker: Rc<RefCell<Worker>>,
    pub versions: String,
}

struct Worker {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// Where it puts results.
    file: PathBuf,
    /// What has been said about who is skipped.
    skipped: BTreeSet<String>,
}

impl Python {
    pub fn start(python: &Path, threads: usize, folder: &Path) -> io::Result<Self> {
        let file = folder.join("result.bin");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("worker.py");
        let mut command = Command::new(python);
        command.arg(script).arg(threads.to_string()).arg(&file);
        for variable in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TBLIS_NUM_THREADS"] {
            command.env(variable, threads.to_string());
        }
        // Idle threads must not spin while others are timed.
        command.env("OMP_WAIT_POLICY", "PASSIVE");
        // jax has a pool of its own.
        command.env("NPROC", threads.to_string());
        // Labels may be any letters, and opt_einsum shall find the same orders in each run.
        command.env("PYTHONIOENCODING", "utf-8").env("PYTHONHASHSEED", "0");
        // numpy shall choose its kernel itself.
        command.env_remove("OPENBLAS_CORETYPE").env_remove("OPENBLAS_L2_SIZE");
        if let Some(stubs) = stubs(python) {
            command.env("LD_LIBRARY_PATH", stubs);
        }
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = process.stdin.take().expect("piped");
        let output = BufReader::new(process.stdout.take().expect("piped"));
        let mut worker = Worker { process, input, output, file, skipped: BTreeSet::new() };
        let versions = worker.answer()?;
        Ok(Self { worker: Rc::new(RefCell::new(worker)), versions })
    }

    /// The peers that can do a problem.
    pub fn entries<T: Real>(&self, problem: &Problem) -> io::Result<Vec<Entry<'static>>> {
        let mut entries = Vec::new();
        let mut worker = self.worker.borrow_mut();
        worker.send(&format!("open {}", description(problem, T::KIND)))?;
        loop {
            let answer = worker.answer()?;
            let words: Vec<_> = answer.split(' ').collect();
            match words[..] {
                ["candidate", name, mode] => entries.push(self.entry::<T>(name, mode)),
                ["skipped", ..] => worker.skip(answer.trim_start_matches("skipped ")),
                _ => return Ok(entries),
            }
        }
    }

    fn entry<T: Real>(&self, name: &str, mode: &str) -> Entry<'static> {
        // Names live as long as the program; there are a dozen.
        let name: &'static str = name.to_owned().leak();
        let mode = if mode == "owned" { Mode::Owned } else { Mode::InPlace };
        let read = T::wide_from_bytes;
        Entry { name, mode, candidate: Box::new(Remote { worker: Rc::clone(&self.worker), name, read }) }
    }
}

/// The stand-ins beside a virtual environment that `python.sh` made.
fn stubs(python: &Path) -> Option<PathBuf> {
    let stubs = python.parent()?.parent()?.join("cuda-stubs");
    stubs.is_dir().then_some(stubs)
}

impl Worker {
    fn send(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.input, "{line}")?;
        self.input.flush()
    }

    fn answer(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.output.read_line(&mut line)? {
            0 => Err(io::Error::other("the Python worker has stopped")),
            _ => Ok(line.trim_end().to_owned()),
        }
    }

    fn skip(&mut self, what: &str) {
        if self.skipped.insert(what.to_owned()) {
            println!("SKIPPED {what}");
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // The end of its input would stop it as well; nothing can be done where this fails.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_file(&self.file);
    }
}

/// A peer in the worker.
struct Remote {
    worker: Rc<RefCell<Worker>>,
    name: &'static str,
    read: fn(&[u8]) -> Vec<f64>,
}

impl Candidate for Remote {
    fn time(&mut self, calls: u32) -> io::Result<f64> {
        let mut worker = self.worker.borrow_mut();
        worker.send(&format!("time {} {calls}", self.name))?;
        let answer = worker.answer()?;
        answer.parse().map_err(|_| io::Error::other(format!("{}: {answer}", self.name)))
    }

    fn result(&mut self) -> io::Result<Vec<f64>> {
        let mut worker = self.worker.borrow_mut();
        worker.send(&format!("result {}", self.name))?;
        match worker.answer()?.as_str() {
            "written" => Ok((self.read)(&std::fs::read(&worker.file)?)),
            answer => Err(io::Error::other(format!("{}: {answer}", self.name))),
        }
    }
}

fn description(problem: &Problem, kind: Kind) -> String {
    let equation = problem.equation();
    match problem {
        Problem::Matmul(Matmul { form, batch, m, n, k }) => {
            let form = match form {
                Form::Plain => "plain",
                Form::RightTransposed => "right-transposed",
                Form::LeftTransposed => "left-transposed",
                Form::OutTransposed => "out-transposed",
                Form::Batch => "batch",
            };
            format!("matmul {kind} {equation} form={form} batch={batch} m={m} n={n} k={k}")
        }
        Problem::Conv(conv) => {
            let Conv { pass, layout, n, groups, c, o, x, k, stride, pad } = conv;
            let pass = match pass {
                Pass::Forward => "forward",
                Pass::Kernel => "kernel",
                Pass::Input => "input",
                Pass::Image => "image",
            };
            let layout = if *layout == Layout::Nhwc { "nhwc" } else { "nchw" };
            format!(
                "conv {kind} {equation} pass={pass} layout={layout} n={n} groups={groups} c={c} o={o} x={x} \
                 k={k} stride={stride} pad={pad}"
            )
        }
        Problem::Network(Network { extents, .. }) => {
            let extents: String =
                extents.iter().map(|(label, extent)| format!(" {label}={extent}")).collect();
            format!("network {kind} {equation}{extents}")
        }
    }
}
