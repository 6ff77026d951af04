//! What is aimed at. A goal holds for calls in place.

use super::{least, mean};
use crate::candidate::Mode;
use crate::report::Row;
use crate::table::{Family, Kind, Layout, Matmul, Pass, Problem};

/// The peers that matrix products are measured by.
const GEMMS: [&str; 2] = ["gemm", "faer"];

/// The peer that networks are measured by, with numpy's BLAS.
const OPT_EINSUM: &str = "opt_einsum";

/// Who is measured by loops, with their operands as slices.
const LOOPS: &str = "loops";

/// The peer that depthwise convolutions are measured by, with oneDNN's.
const CONV2D: &str = "torch.conv2d";

/// What a goal is about: which rows, which of their figures, the mean or the worst.
pub struct Goal {
    pub text: &'static str,
    pub rows: fn(&Row) -> bool,
    pub figure: fn(&Row, Mode) -> f64,
    pub over: fn(&[f64]) -> f64,
    pub least: f64,
}

pub const GOALS: [Goal; 28] = [
    Goal {
        text: "matmul from 64, mean ratio to the better of gemm and faer",
        rows: square,
        figure: by_gemms,
        over: mean,
        least: 0.98,
    },
    Goal {
        text: "matmul from 64, least ratio to the better of gemm and faer",
        rows: square,
        figure: by_gemms,
        over: least,
        least: 0.90,
    },
    Goal {
        text: "4x4 f32, GFLOP/s of a product in 15 ns",
        rows: |row| tiny(row, 4),
        figure: Row::ours,
        over: least,
        least: 2.0 * 64.0 / 15.0,
    },
    Goal {
        text: "8x8 f32, GFLOP/s of a product in 45 ns",
        rows: |row| tiny(row, 8),
        figure: Row::ours,
        over: least,
        least: 2.0 * 512.0 / 45.0,
    },
    Goal {
        text: "16x16 f32, GFLOP/s of a product in 150 ns",
        rows: |row| tiny(row, 16),
        figure: Row::ours,
        over: least,
        least: 2.0 * 4096.0 / 150.0,
    },
    Goal {
        text: "sums of 8 and of 8x8 numbers, least ratio to loops",
        rows: |row| family(row, Family::Tiny) && matches!(row.workload.problem, Problem::Network(_)),
        figure: |row, mode| row.ratio(mode, &[LOOPS]),
        over: least,
        least: 1.0,
    },
    Goal {
        text: "short sides, batches, attention and vectors, mean ratio to the best peer",
        rows: narrow,
        figure: by_best,
        over: mean,
        least: 1.0,
    },
    Goal {
        text: "short sides, batches, attention and vectors, least ratio to the best peer",
        rows: narrow,
        figure: by_best,
        over: least,
        least: 0.95,
    },
    Goal {
        text: "1000 products of 8x8, least ratio to the best peer",
        rows: |row| matches!(row.workload.problem, Problem::Matmul(Matmul { batch: 1000, m: 8, .. })),
        figure: by_best,
        over: least,
        least: 2.0,
    },
    Goal {
        text: "3x3 convolutions f32, mean ratio to the best peer",
        rows: |row| layer(row, Kind::F32),
        figure: by_best,
        over: mean,
        least: 1.03,
    },
    Goal {
        text: "3x3 f32 forward NHWC, least part of the peak",
        rows: |row| layer(row, Kind::F32) && forward(row, Layout::Nhwc),
        figure: Row::of_peak,
        over: least,
        least: 0.93,
    },
    Goal {
        text: "3x3 f32 forward NCHW, least part of the peak",
        rows: |row| layer(row, Kind::F32) && forward(row, Layout::Nchw),
        figure: Row::of_peak,
        over: least,
        least: 0.84,
    },
    Goal {
        text: "3x3 f32 gradients, least part of the peak",
        rows: |row| layer(row, Kind::F32) && gradient(row),
        figure: Row::of_peak,
        over: least,
        least: 0.86,
    },
    Goal {
        text: "3x3 convolutions f64, mean part of the peak",
        rows: |row| layer(row, Kind::F64),
        figure: Row::of_peak,
        over: mean,
        least: 0.85,
    },
    Goal {
        text: "3x3 convolutions f64, least part of the peak",
        rows: |row| layer(row, Kind::F64),
        figure: Row::of_peak,
        over: least,
        least: 0.75,
    },
    Goal {
        text: "depthwise convolutions, least ratio to torch",
        rows: |row| family(row, Family::Depthwise) && rivalled(row, CONV2D),
        figure: |row, mode| row.ratio(mode, &[CONV2D]),
        over: least,
        least: 1.0,
    },
    Goal {
        text: "stem, least ratio to the best peer",
        rows: |row| family(row, Family::Stem),
        figure: by_best,
        over: least,
        least: 1.0,
    },
    Goal {
        text: "LeNet, mean ratio to the best peer",
        rows: |row| family(row, Family::LeNet),
        figure: by_best,
        over: mean,
        least: 1.3,
    },
    Goal {
        text: "image f32 3x3, part of the peak",
        rows: |row| image(row, 3),
        figure: Row::of_peak,
        over: least,
        least: 0.66,
    },
    Goal {
        text: "image f32 5x5, part of the peak",
        rows: |row| image(row, 5),
        figure: Row::of_peak,
        over: least,
        least: 0.83,
    },
    Goal {
        text: "image f32 11x11, part of the peak",
        rows: |row| image(row, 11),
        figure: Row::of_peak,
        over: least,
        least: 0.89,
    },
    Goal {
        text: "image f64, least part of the peak",
        rows: |row| family(row, Family::Image) && row.workload.element == Kind::F64,
        figure: Row::of_peak,
        over: least,
        least: 0.60,
    },
    Goal {
        text: "coupled-cluster tensors, mean ratio to the best peer",
        rows: |row| family(row, Family::Tccg) || family(row, Family::SixIndex),
        figure: by_best,
        over: mean,
        least: 1.3,
    },
    Goal {
        text: "coupled-cluster tensors to one of six axes, mean ratio to the best peer",
        rows: |row| family(row, Family::SixIndex),
        figure: by_best,
        over: mean,
        least: 1.8,
    },
    Goal {
        text: "networks, mean ratio to opt_einsum with BLAS",
        rows: network,
        figure: by_opt_einsum,
        over: mean,
        least: 1.0,
    },
    Goal {
        text: "networks, least ratio to opt_einsum with BLAS",
        rows: network,
        figure: by_opt_einsum,
        over: least,
        least: 0.8,
    },
    Goal {
        text: "MTTKRP, mean ratio to the best peer",
        rows: |row| family(row, Family::Mttkrp),
        figure: by_best,
        over: mean,
        least: 1.3,
    },
    Goal {
        text: "MTTKRP, least ratio to the best peer",
        rows: |row| family(row, Family::Mttkrp),
        figure: by_best,
        over: least,
        least: 1.0,
    },
];

fn by_gemms(row: &Row, mode: Mode) -> f64 {
    row.ratio(mode, &GEMMS)
}

pub fn by_best(row: &Row, mode: Mode) -> f64 {
    row.ratio(mode, &[])
}

fn by_opt_einsum(row: &Row, mode: Mode) -> f64 {
    row.ratio(mode, &[OPT_EINSUM])
}

/// The networks that there is somebody to measure by.
fn network(row: &Row) -> bool {
    family(row, Family::Network) && rivalled(row, OPT_EINSUM)
}

fn rivalled(row: &Row, peer: &str) -> bool {
    row.rival(Mode::InPlace, &[peer]).is_some()
}

fn family(row: &Row, family: Family) -> bool {
    row.workload.family == family
}

/// Products of two square matrices, from 64 rows on.
fn square(row: &Row) -> bool {
    matches!(row.workload.problem, Problem::Matmul(Matmul { batch: 1, m: m @ 64.., n, k, .. }) if m == n && n == k)
}

fn tiny(row: &Row, extent: usize) -> bool {
    let problem = &row.workload.problem;
    row.workload.element == Kind::F32
        && family(row, Family::Tiny)
        && matches!(problem, Problem::Matmul(matmul) if matmul.m == extent)
}

/// Little to compute for each number that is read or written.
fn narrow(row: &Row) -> bool {
    let families = [Family::Skinny, Family::Batched, Family::Attention, Family::MatrixVector];
    families.contains(&row.workload.family)
}

fn layer(row: &Row, kind: Kind) -> bool {
    family(row, Family::Convolution) && row.workload.element == kind
}

fn forward(row: &Row, layout: Layout) -> bool {
    matches!(row.workload.problem, Problem::Conv(conv) if conv.pass == Pass::Forward && conv.layout == layout)
}

fn gradient(row: &Row) -> bool {
    matches!(row.workload.problem, Problem::Conv(conv) if matches!(conv.pass, Pass::Kernel | Pass::Input))
}

fn image(row: &Row, extent: usize) -> bool {
    let problem = &row.workload.problem;
    row.workload.element == Kind::F32
        && matches!(problem, Problem::Conv(conv) if conv.pass == Pass::Image && conv.k == extent)
}
