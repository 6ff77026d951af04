//! The rows.

use super::{Conv, Family, Form, Kind, Layout, Matmul, Pass, Problem, Workload, networks, pairs};

/// All rows, in the order of the tables.
pub fn workloads() -> Vec<Workload> {
    let mut rows = Vec::new();
    for n in [4, 8, 16] {
        matmul(&mut rows, &format!("mm{n}"), Family::Tiny, Form::Plain, [1, n, n, n]);
    }
    for n in [32, 64, 100, 128, 256, 512, 1024, 2048] {
        matmul(&mut rows, &format!("mm{n}"), Family::Matmul, Form::Plain, [1, n, n, n]);
    }
    for n in [64, 256, 512, 1024] {
        matmul(&mut rows, &format!("mm{n}-nt"), Family::Matmul, Form::RightTransposed, [1, n, n, n]);
        matmul(&mut rows, &format!("mm{n}-tn"), Family::Matmul, Form::LeftTransposed, [1, n, n, n]);
        matmul(&mut rows, &format!("mm{n}-tout"), Family::Matmul, Form::OutTransposed, [1, n, n, n]);
    }
    skinny(&mut rows);
    matmul(&mut rows, "bmm-b1000-8", Family::Batched, Form::Batch, [1000, 8, 8, 8]);
    matmul(&mut rows, "bmm-b1000-32", Family::Batched, Form::Batch, [1000, 32, 32, 32]);
    matmul(&mut rows, "bmm-b16-256", Family::Batched, Form::Batch, [16, 256, 256, 256]);

    // [n, groups, c, o, x, k, stride, pad], the channels of a group
    layer(&mut rows, "res64x56", Family::Convolution, [4, 1, 64, 64, 56, 3, 1, 1]);
    layer(&mut rows, "res128x28", Family::Convolution, [4, 1, 128, 128, 28, 3, 1, 1]);
    layer(&mut rows, "res256x14", Family::Convolution, [4, 1, 256, 256, 14, 3, 1, 1]);
    layer(&mut rows, "res512x7", Family::Convolution, [4, 1, 512, 512, 7, 3, 1, 1]);
    layer(&mut rows, "pointwise256x14", Family::OtherConvolution, [4, 1, 256, 256, 14, 1, 1, 0]);
    layer(&mut rows, "down128x28s2", Family::OtherConvolution, [4, 1, 64, 128, 28, 3, 2, 1]);
    layer(&mut rows, "depthwise64x56", Family::Depthwise, [4, 64, 1, 1, 56, 3, 1, 1]);
    layer(&mut rows, "depthwise256x14", Family::Depthwise, [4, 256, 1, 1, 14, 3, 1, 1]);
    layer(&mut rows, "grouped8-128x28", Family::Grouped, [4, 8, 16, 16, 28, 3, 1, 1]);
    layer(&mut rows, "stem7s2", Family::Stem, [4, 1, 3, 64, 112, 7, 2, 3]);
    layer(&mut rows, "lenet1", Family::LeNet, [64, 1, 1, 6, 28, 5, 1, 2]);
    layer(&mut rows, "lenet2", Family::LeNet, [64, 1, 6, 16, 10, 5, 1, 0]);
    for k in [3, 5, 11] {
        image(&mut rows, &format!("img512-k{k}"), 512, k);
    }
    for (family, (name, network)) in pairs::rows() {
        both(&mut rows, name, family, Problem::Network(network));
    }
    rows.extend(networks::workloads());
    rows
}

fn matmul(rows: &mut Vec<Workload>, name: &str, family: Family, form: Form, [batch, m, n, k]: [usize; 4]) {
    let problem = Problem::Matmul(Matmul { form, batch, m, n, k });
    both(rows, name, family, problem);
}

/// Products with a short side.
fn skinny(rows: &mut Vec<Workload>) {
    let mut plain = |side: &str, short: usize, sizes| {
        matmul(rows, &format!("mm-skinny-{side}{short}"), Family::Skinny, Form::Plain, sizes);
    };
    for short in [1, 2, 4, 8] {
        plain("n", short, [1, 4096, short, 1024]);
    }
    for short in [4, 8] {
        plain("m", short, [1, short, 4096, 1024]);
        plain("k", short, [1, 2048, 2048, short]);
    }
    matmul(rows, "mm-gram", Family::Skinny, Form::LeftTransposed, [1, 64, 64, 16384]);
}

/// All passes of a layer, in both layouts.
fn layer(rows: &mut Vec<Workload>, name: &str, family: Family, sizes: [usize; 8]) {
    let [n, groups, c, o, x, k, stride, pad] = sizes;
    for (layout, suffix) in [(Layout::Nhwc, "nhwc"), (Layout::Nchw, "nchw")] {
        for (pass, prefix) in [(Pass::Forward, "fwd"), (Pass::Kernel, "wgrad"), (Pass::Input, "igrad")] {
            // With a stride, the gradient of the input is no single einsum.
            if pass == Pass::Input && stride > 1 {
                continue;
            }
            let problem = Problem::Conv(Conv { pass, layout, n, groups, c, o, x, k, stride, pad });
            both(rows, &format!("{name}-{prefix}-{suffix}"), family, problem);
        }
    }
}

fn image(rows: &mut Vec<Workload>, name: &str, extent: usize, k: usize) {
    let (pass, layout, x) = (Pass::Image, Layout::Nhwc, extent - k + 1);
    let conv = Conv { pass, layout, n: 1, groups: 1, c: 1, o: 1, x, k, stride: 1, pad: 0 };
    both(rows, name, Family::Image, Problem::Conv(conv));
}

fn both(rows: &mut Vec<Workload>, name: &str, family: Family, problem: Problem) {
    for element in [Kind::F32, Kind::F64] {
        let (name, problem) = (format!("{name}/{element}"), problem.clone());
        rows.push(Workload { name, family, element, problem });
    }
}
