//! Convolutions whose groups of channels have an axis of their own, and depthwise ones. Their stride is 1.

use std::hint::black_box;

use einsum::{Windows, einsum};
use ndarray::{Ix3, Ix4, Ix5, s};

use super::{both, fixed};
use crate::candidate::{Entry, OURS};
use crate::operands::Operands;
use crate::real::Real;
use crate::table::{Conv, Layout, Pass};

pub fn grouped<'a, T: Real>(conv: &Conv, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    let [left, right] = &operands.arrays[..] else { unreachable!("two operands") };
    let &Conv { pass, layout, n, groups: g, c, o, x, k, .. } = conv;
    let (a, b) = (fixed::<Ix5, T>(left), fixed::<Ix5, T>(right));
    let (nhwc, nchw) = (Windows::new([k, k]).axes([1, 2]), Windows::new([k, k]).axes([3, 4]));
    let h = conv.correlation().x;
    match (pass, layout) {
        (Pass::Forward | Pass::Image, Layout::Nhwc) => {
            both!((n, x, x, g, o), "nxygcij,ijgco->nxygo", nhwc.view(black_box(&a)), b)
        }
        (Pass::Forward | Pass::Image, Layout::Nchw) => {
            both!((n, g, o, x, x), "ngcxyij,gocij->ngoxy", nchw.view(black_box(&a)), b)
        }
        (Pass::Kernel, Layout::Nhwc) => {
            both!((k, k, g, c, o), "nxygcij,nxygo->ijgco", nhwc.view(black_box(&a)), b)
        }
        (Pass::Kernel, Layout::Nchw) => {
            both!((g, o, c, k, k), "ngcxyij,ngoxy->gocij", nchw.view(black_box(&a)), b)
        }
        (Pass::Input, Layout::Nhwc) => {
            let turned = b.slice_move(s![..;-1, ..;-1, .., .., ..]);
            both!((n, h, h, g, c), "nxygoij,ijgco->nxygc", nhwc.view(black_box(&a)), turned)
        }
        (Pass::Input, Layout::Nchw) => {
            let turned = b.slice_move(s![.., .., .., ..;-1, ..;-1]);
            both!((n, g, c, h, h), "ngoxyij,gocij->ngcxy", nchw.view(black_box(&a)), turned)
        }
    }
}

pub fn depthwise<'a, T: Real>(conv: &Conv, operands: &'a Operands<T>) -> Vec<Entry<'a>> {
    let [left, right] = &operands.arrays[..] else { unreachable!("two operands") };
    let &Conv { pass, layout, n, groups: c, k, .. } = conv;
    let a = fixed::<Ix4, T>(left);
    let (nhwc, nchw) = (Windows::new([k, k]).axes([1, 2]), Windows::new([k, k]).axes([2, 3]));
    if pass == Pass::Kernel {
        let b = fixed::<Ix4, T>(right);
        return match layout {
            Layout::Nhwc => both!((k, k, c), "nxycij,nxyc->ijc", nhwc.view(black_box(&a)), b),
            Layout::Nchw => both!((c, k, k), "ncxyij,ncxy->cij", nchw.view(black_box(&a)), b),
        };
    }
    let (b, h) = (fixed::<Ix3, T>(right), conv.correlation().x);
    let step = if pass == Pass::Input { -1 } else { 1 };
    match layout {
        Layout::Nhwc => {
            let kernel = b.slice_move(s![..;step, ..;step, ..]);
            both!((n, h, h, c), "nxycij,ijc->nxyc", nhwc.view(black_box(&a)), kernel)
        }
        Layout::Nchw => {
            let kernel = b.slice_move(s![.., ..;step, ..;step]);
            both!((n, c, h, h), "ncxyij,cij->ncxy", nchw.view(black_box(&a)), kernel)
        }
    }
}
