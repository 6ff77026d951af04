//! What is run. Another size is one line in `table/rows.rs` or `table/networks.rs`; another equation is a variant here, or
//! a line there, and an arm in `ours`.

pub(crate) mod lattices;
mod network;
mod networks;
mod rows;

use std::fmt;

pub use network::Network;
pub use rows::workloads;

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
    /// Several tensors.
    Network,
    /// Matricised tensor times Khatri-Rao product.
    Mttkrp,
}

/// The elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    F32,
    F64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    Matmul(Matmul),
    Conv(Conv),
    Network(Network),
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

    /// Products in each sum of the output.
    pub fn depth(&self) -> usize {
        match self.pass {
            Pass::Kernel => self.n * self.x * self.x,
            _ => self.k * self.k * self.correlation().c,
        }
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
    pub fn equation(&self) -> &str {
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
            Self::Network(network) => &network.equation,
        }
    }
}

impl Workload {
    /// Multiplications and additions, padding included.
    pub fn flops(&self) -> f64 {
        match &self.problem {
            Problem::Matmul(Matmul { batch, m, n, k, .. }) => 2.0 * (batch * m * n * k) as f64,
            Problem::Conv(conv) => {
                let Conv { n, c, o, x, k, .. } = conv.correlation();
                2.0 * (n * x * x * k * k * c * o) as f64
            }
            Problem::Network(network) => network.flops as f64,
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
