//! The goals, and the geometric means.

use std::fmt::Write;

use crate::candidate::Mode;
use crate::report::Row;
use crate::table::{Family, Kind, Layout, Matmul, Pass, Problem};

/// The peers that matrix products are measured by.
const GEMMS: [&str; 2] = ["gemm", "faer"];

/// The peer that networks are measured by, with numpy's BLAS.
const OPT_EINSUM: &str = "opt_einsum";

/// What a goal is about: which rows, which of their figures, the mean or the worst.
struct Goal {
    text: &'static str,
    rows: fn(&Row) -> bool,
    figure: fn(&Row, Mode) -> f64,
    over: fn(&[f64]) -> f64,
    least: f64,
}

const GOALS: [Goal; 18] = [
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

/// A table of the goals, for the rows there are. They are set for calls in place.
pub fn goals(rows: &[Row]) -> String {
    let mut text =
        "\n| goal | at least | in place | owned | reached in place |\n|---|---|---|---|---|\n".to_owned();
    for goal in &GOALS {
        let rows: Vec<_> = rows.iter().filter(|row| (goal.rows)(row)).collect();
        if rows.is_empty() {
            continue;
        }
        let [in_place, owned] = [Mode::InPlace, Mode::Owned].map(|mode| {
            let figures: Vec<_> = rows.iter().map(|row| (goal.figure)(row, mode)).collect();
            (goal.over)(&figures)
        });
        let reached = if in_place >= goal.least { "yes" } else { "**no**" };
        let Goal { text: title, least, .. } = goal;
        let _ = writeln!(text, "| {title} | {least:.2} | {in_place:.2} | {owned:.2} | {reached} |");
    }
    text
}

/// Geometric means per family and element.
pub fn means(rows: &[Row]) -> String {
    let mut text = "\n| geometric means | rows | owned by best | in place by best | in place of peak |\n\
                    |---|---|---|---|---|\n"
        .to_owned();
    let families = [
        Family::Matmul,
        Family::Convolution,
        Family::OtherConvolution,
        Family::Stem,
        Family::LeNet,
        Family::Image,
        Family::Network,
        Family::Mttkrp,
    ];
    for (kind, family) in families.iter().flat_map(|family| [(Kind::F32, family), (Kind::F64, family)]) {
        let rows: Vec<_> = rows
            .iter()
            .filter(|row| (row.workload.element, &row.workload.family) == (kind, family))
            .collect();
        if rows.is_empty() {
            continue;
        }
        let mean_of =
            |figure: &dyn Fn(&Row) -> f64| mean(&rows.iter().map(|row| figure(row)).collect::<Vec<_>>());
        let _ = writeln!(
            text,
            "| {family:?} {kind} | {} | {:.2} | {:.2} | {:.0} % |",
            rows.len(),
            mean_of(&|row| by_best(row, Mode::Owned)),
            mean_of(&|row| by_best(row, Mode::InPlace)),
            100.0 * mean_of(&|row| row.of_peak(Mode::InPlace)),
        );
    }
    text
}

fn mean(figures: &[f64]) -> f64 {
    (figures.iter().map(|figure| figure.ln()).sum::<f64>() / figures.len() as f64).exp()
}

/// No number if one of them is none.
fn least(figures: &[f64]) -> f64 {
    figures.iter().copied().reduce(|a, b| if a < b || a.is_nan() { a } else { b }).unwrap_or(f64::NAN)
}

fn by_gemms(row: &Row, mode: Mode) -> f64 {
    row.ratio(mode, &GEMMS)
}

fn by_best(row: &Row, mode: Mode) -> f64 {
    row.ratio(mode, &[])
}

fn by_opt_einsum(row: &Row, mode: Mode) -> f64 {
    row.ratio(mode, &[OPT_EINSUM])
}

/// The networks that there is somebody to measure by.
fn network(row: &Row) -> bool {
    family(row, Family::Network) && row.rival(Mode::InPlace, &[OPT_EINSUM]).is_some()
}

fn family(row: &Row, family: Family) -> bool {
    row.workload.family == family
}

/// Products of two square matrices, from 64 rows on.
fn square(row: &Row) -> bool {
    matches!(row.workload.problem, Problem::Matmul(Matmul { batch: 1, m: m @ 64.., n, k, .. }) if m == n && n == k)
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
