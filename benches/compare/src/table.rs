//! What is run. Another size is one line in [`workloads`]; another equation is a variant here and an arm in `ours`.

use std::fmt;

/// One row of the tables.
#[derive(Debug, Clone)]
pub struct Workload {
    pub name: String,
    pub family: Family,
    pub element: Kind,
    pub problem: Problem,
}

/// Rows with a goal of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    Matmul,
    /// 3x3, 64 to 512 channels.
    Convolution,
    /// 1x1, and with a stride.
    OtherConvolution,
    Stem,
    LeNet,
    /// One image, one channel.
    Image,
}

/// The elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    F32,
    F64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    Matmul(Matmul),
    Conv(Conv),
}

/// `batch` products of an `m` x `k` and a `k` x `n` matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matmul {
    pub form: Form,
    pub batch: usize,
    pub m: usize,
    pub n: usize,
    pub k: usize,
}

/// How the matrices are stored: as they are multiplied, or one of them transposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Plain,
    RightTransposed,
    LeftTransposed,
    OutTransposed,
    Batch,
}

/// A convolution layer: `n` images, `c` channels to `o`, `x` times `x` output pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conv {
    pub pass: Pass,
    pub layout: Layout,
    pub n: usize,
    pub c: usize,
    pub o: usize,
    pub x: usize,
    pub k: usize,
    pub stride: usize,
    /// Zeros around the image. They are put there beforehand, for everybody.
    pub pad: usize,
}

/// Which of the three arrays is computed from the other two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    Forward,
    /// The gradient of the kernel.
    Kernel,
    /// The gradient of the input, for stride 1: windows of the padded gradient of the output, kernel upside down.
    Input,
    /// One image without channels.
    Image,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    Nhwc,
    Nchw,
}

impl Conv {
    /// Extent of the padded image.
    pub fn image(&self) -> usize {
        (self.x - 1) * self.stride + self.k
    }

    /// Zeros around the gradient of the output, which make its windows those of the input's gradient.
    pub fn gradient_pad(&self) -> usize {
        self.k - 1 - self.pad
    }

    /// The pass as a correlation: the gradient of the input is one of the padded gradient of the output.
    pub fn correlation(&self) -> Self {
        match self.pass {
            Pass::Input => Self { c: self.o, o: self.c, x: self.image() - 2 * self.pad, ..*self },
            Pass::Forward | Pass::Kernel | Pass::Image => *self,
        }
    }
}

impl Problem {
    /// The equation, for those who read it when they run. Windows are the last axes.
    pub fn equation(&self) -> &'static str {
        match self {
            Self::Matmul(matmul) => match matmul.form {
                Form::Plain => "ij,jk->ik",
                Form::RightTransposed => "ij,kj->ik",
                Form::LeftTransposed => "ji,jk->ik",
                Form::OutTransposed => "ij,jk->ki",
                Form::Batch => "bij,bjk->bik",
            },
            Self::Conv(conv) => match (conv.pass, conv.layout) {
                (Pass::Image, _) => "xyij,ij->xy",
                (Pass::Forward, Layout::Nhwc) => "nxycij,ijco->nxyo",
                (Pass::Forward, Layout::Nchw) => "ncxyij,ocij->noxy",
                (Pass::Kernel, Layout::Nhwc) => "nxycij,nxyo->ijco",
                (Pass::Kernel, Layout::Nchw) => "ncxyij,noxy->ocij",
                (Pass::Input, Layout::Nhwc) => "nxyoij,ijco->nxyc",
                (Pass::Input, Layout::Nchw) => "noxyij,ocij->ncxy",
            },
        }
    }
}

impl Workload {
    /// Multiplications and additions, padding included.
    pub fn flops(&self) -> f64 {
        match self.problem {
            Problem::Matmul(Matmul { batch, m, n, k, .. }) => 2.0 * (batch * m * n * k) as f64,
            Problem::Conv(conv) => {
                let Conv { n, c, o, x, k, .. } = conv.correlation();
                2.0 * (n * x * x * k * k * c * o) as f64
            }
        }
    }

    /// Products in each sum of the output.
    pub fn depth(&self) -> usize {
        match self.problem {
            Problem::Matmul(matmul) => matmul.k,
            Problem::Conv(conv) if conv.pass == Pass::Kernel => conv.n * conv.x * conv.x,
            Problem::Conv(conv) => conv.k * conv.k * conv.correlation().c,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::F32 => "f32",
            Self::F64 => "f64",
        })
    }
}

/// All rows, in the order of the tables.
pub fn workloads() -> Vec<Workload> {
    let mut rows = Vec::new();
    for n in [4, 8, 16, 32, 64, 100, 128, 256, 512, 1024, 2048] {
        matmul(&mut rows, &format!("mm{n}"), Form::Plain, [1, n, n, n]);
    }
    for n in [64, 256, 512, 1024] {
        matmul(&mut rows, &format!("mm{n}-nt"), Form::RightTransposed, [1, n, n, n]);
        matmul(&mut rows, &format!("mm{n}-tn"), Form::LeftTransposed, [1, n, n, n]);
        matmul(&mut rows, &format!("mm{n}-tout"), Form::OutTransposed, [1, n, n, n]);
    }
    matmul(&mut rows, "mm-skinny-n4", Form::Plain, [1, 4096, 4, 1024]);
    matmul(&mut rows, "mm-skinny-k4", Form::Plain, [1, 2048, 2048, 4]);
    matmul(&mut rows, "mm-gram", Form::LeftTransposed, [1, 64, 64, 16384]);
    matmul(&mut rows, "bmm-b1000-8", Form::Batch, [1000, 8, 8, 8]);
    matmul(&mut rows, "bmm-b1000-32", Form::Batch, [1000, 32, 32, 32]);
    matmul(&mut rows, "bmm-b16-256", Form::Batch, [16, 256, 256, 256]);

    // [n, c, o, x, k, stride, pad]
    layer(&mut rows, "res64x56", Family::Convolution, [4, 64, 64, 56, 3, 1, 1]);
    layer(&mut rows, "res128x28", Family::Convolution, [4, 128, 128, 28, 3, 1, 1]);
    layer(&mut rows, "res256x14", Family::Convolution, [4, 256, 256, 14, 3, 1, 1]);
    layer(&mut rows, "res512x7", Family::Convolution, [4, 512, 512, 7, 3, 1, 1]);
    layer(&mut rows, "pointwise256x14", Family::OtherConvolution, [4, 256, 256, 14, 1, 1, 0]);
    layer(&mut rows, "down128x28s2", Family::OtherConvolution, [4, 64, 128, 28, 3, 2, 1]);
    layer(&mut rows, "stem7s2", Family::Stem, [4, 3, 64, 112, 7, 2, 3]);
    layer(&mut rows, "lenet1", Family::LeNet, [64, 1, 6, 28, 5, 1, 2]);
    layer(&mut rows, "lenet2", Family::LeNet, [64, 6, 16, 10, 5, 1, 0]);
    for k in [3, 5, 11] {
        image(&mut rows, &format!("img512-k{k}"), 512, k);
    }
    rows
}

fn matmul(rows: &mut Vec<Workload>, name: &str, form: Form, [batch, m, n, k]: [usize; 4]) {
    let problem = Problem::Matmul(Matmul { form, batch, m, n, k });
    both(rows, name, Family::Matmul, problem);
}

/// All passes of a layer, in both layouts.
fn layer(rows: &mut Vec<Workload>, name: &str, family: Family, sizes: [usize; 7]) {
    let [n, c, o, x, k, stride, pad] = sizes;
    for (layout, suffix) in [(Layout::Nhwc, "nhwc"), (Layout::Nchw, "nchw")] {
        for (pass, prefix) in [(Pass::Forward, "fwd"), (Pass::Kernel, "wgrad"), (Pass::Input, "igrad")] {
            // With a stride, the gradient of the input is no single einsum.
            if pass == Pass::Input && stride > 1 {
                continue;
            }
            let problem = Problem::Conv(Conv { pass, layout, n, c, o, x, k, stride, pad });
            both(rows, &format!("{name}-{prefix}-{suffix}"), family, problem);
        }
    }
}

fn image(rows: &mut Vec<Workload>, name: &str, extent: usize, k: usize) {
    let (pass, layout, x) = (Pass::Image, Layout::Nhwc, extent - k + 1);
    let conv = Conv { pass, layout, n: 1, c: 1, o: 1, x, k, stride: 1, pad: 0 };
    both(rows, name, Family::Image, Problem::Conv(conv));
}

fn both(rows: &mut Vec<Workload>, name: &str, family: Family, problem: Problem) {
    for element in [Kind::F32, Kind::F64] {
        rows.push(Workload { name: format!("{name}/{element}"), family, element, problem });
    }
}
