//! What is run. Another size is one line in `table/rows.rs`, `pairs.rs` or `networks.rs` there; another equation is a variant here, or
//! a line there, and an arm in `ours`.

pub(crate) mod lattices;
mod network;
mod networks;
mod pairs;
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
    Tiny,
    Skinny,
    Batched,
    Attention,
    MatrixVector,
    Convolution,
    OtherConvolution,
    Depthwise,
    Grouped,
    Stem,
    LeNet,
    Image,
    Tccg,
    SixIndex,
    Network,
    Mttkrp,
}

impl Family {
    /// All of them, in the order of the tables, and their titles.
    pub const ALL: [(Self, &str); 17] = [
        (Self::Matmul, "Matrix products"),
        (Self::Tiny, "Products of a few numbers"),
        (Self::Skinny, "Matrix products with a short side"),
        (Self::Batched, "Batches of matrix products"),
        (Self::Attention, "Attention"),
        (Self::MatrixVector, "Products with a vector"),
        (Self::Convolution, "3x3 convolutions"),
        (Self::OtherConvolution, "1x1 convolutions, and with a stride"),
        (Self::Depthwise, "3x3 convolutions of each channel by itself"),
        (Self::Grouped, "3x3 convolutions of 8 groups of channels"),
        (Self::Stem, "7x7 convolutions of 3 channels, stride 2"),
        (Self::LeNet, "LeNet's layers"),
        (Self::Image, "One image, one channel"),
        (Self::Tccg, "Two tensors of coupled-cluster methods"),
        (Self::SixIndex, "Two tensors of coupled-cluster methods, to one of six axes"),
        (Self::Network, "Several tensors"),
        (Self::Mttkrp, "Matricised tensor times Khatri-Rao product"),
    ];
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

/// A convolution layer: `n` images, `c` channels to `o` in each of the groups, `x` times `x` output pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conv {
    pub pass: Pass,
    pub layout: Layout,
    pub n: usize,
    pub groups: usize,
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

/// Which channels of the input each channel of the output sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channels {
    All,
    /// Those of its group, which has an axis of its own.
    Grouped,
    /// The one in its place: groups of one channel, whose other axes are left out.
    Depthwise,
}

impl Conv {
    pub fn channels(&self) -> Channels {
        match (self.groups, self.c, self.o) {
            (1, ..) => Channels::All,
            (_, 1, 1) => Channels::Depthwise,
            _ => Channels::Grouped,
        }
    }

    /// The extents of axes of channels, from those of one group.
    pub fn axes(&self, group: &[usize]) -> Vec<usize> {
        match self.channels() {
            Channels::All => group.to_vec(),
            Channels::Grouped => [&[self.groups], group].concat(),
            Channels::Depthwise => vec![self.groups],
        }
    }

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

    fn equation(&self) -> &'static str {
        match (self.channels(), self.layout, self.pass) {
            (_, _, Pass::Image) => "xyij,ij->xy",
            (Channels::All, Layout::Nhwc, Pass::Forward) => "nxycij,ijco->nxyo",
            (Channels::All, Layout::Nhwc, Pass::Kernel) => "nxycij,nxyo->ijco",
            (Channels::All, Layout::Nhwc, Pass::Input) => "nxyoij,ijco->nxyc",
            (Channels::All, Layout::Nchw, Pass::Forward) => "ncxyij,ocij->noxy",
            (Channels::All, Layout::Nchw, Pass::Kernel) => "ncxyij,noxy->ocij",
            (Channels::All, Layout::Nchw, Pass::Input) => "noxyij,ocij->ncxy",
            (Channels::Grouped, Layout::Nhwc, Pass::Forward) => "nxygcij,ijgco->nxygo",
            (Channels::Grouped, Layout::Nhwc, Pass::Kernel) => "nxygcij,nxygo->ijgco",
            (Channels::Grouped, Layout::Nhwc, Pass::Input) => "nxygoij,ijgco->nxygc",
            (Channels::Grouped, Layout::Nchw, Pass::Forward) => "ngcxyij,gocij->ngoxy",
            (Channels::Grouped, Layout::Nchw, Pass::Kernel) => "ngcxyij,ngoxy->gocij",
            (Channels::Grouped, Layout::Nchw, Pass::Input) => "ngoxyij,gocij->ngcxy",
            (Channels::Depthwise, Layout::Nhwc, Pass::Forward | Pass::Input) => "nxycij,ijc->nxyc",
            (Channels::Depthwise, Layout::Nhwc, Pass::Kernel) => "nxycij,nxyc->ijc",
            (Channels::Depthwise, Layout::Nchw, Pass::Forward | Pass::Input) => "ncxyij,cij->ncxy",
            (Channels::Depthwise, Layout::Nchw, Pass::Kernel) => "ncxyij,ncxy->cij",
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
            Self::Conv(conv) => conv.equation(),
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
                let Conv { n, groups, c, o, x, k, .. } = conv.correlation();
                2.0 * (n * x * x * k * k * groups * c * o) as f64
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
