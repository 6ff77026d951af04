//! Runs a program: looks up which axes of which arrays move together, and calls the kernels.

use super::arrays::{Arrays, StepAxes};
use super::prepared::Prepared;
use super::program::{Blocks, CACHE_LINE, Op};
use crate::arithmetic::Arithmetic;
use crate::engine::{LoopAxis, Mode, arch, contract_axes};

/// A program, bound to arrays.
pub(super) struct Run<'a> {
    plan: &'a Prepared,
    arithmetic: Arithmetic,
    arrays: &'a Arrays,
    /// Of the labels, in the blocks that are being computed.
    extents: Vec<usize>,
    /// Where each node begins, in the blocks that are being computed.
    starts: Vec<*mut ()>,
    /// Whether a node has been written by an earlier block of the same sums.
    is_further: Vec<bool>,
    step: StepAxes,
}

impl<'a> Run<'a> {
    /// Runs a plan for these arrays, of which the root comes last.
    ///
    /// # Safety
    ///
    /// - From each pointer on, every offset of the array's axes, each of them below the extent of its label, leads to an
    ///   element of this arithmetic. Those of the root are all different, and nobody else reads or writes
    ///   them; nobody writes those of the leaves.
    /// - The plan was made for arrays with these labels and extents.
    pub(super) unsafe fn run(
        plan: &'a Prepared,
        arithmetic: Arithmetic,
        arrays: &'a Arrays,
        extents: Vec<usize>,
    ) {
        let Prepared { tree, program } = plan;
        // With room to begin at a cache line.
        let size = arithmetic.size();
        let room = if program.buffer > 0 { CACHE_LINE / size.max(1) } else { 0 };
        let mut buffer = arithmetic.buffer(program.buffer + room);
        let buffer = aligned(buffer.start(), size).cast::<u8>();
        let (nodes, leaves) = (tree.nodes().len(), arrays.count() - 1);
        let start = |node: usize| match node {
            _ if node < leaves => arrays.starts[node],
            _ if node == tree.root() => arrays.starts[leaves],
            _ => buffer.wrapping_add(program.places[node] * size).cast(),
        };
        let mut run = Self {
            starts: (0..nodes).map(start).collect(),
            is_further: vec![false; nodes],
            step: StepAxes::default(),
            plan,
            arithmetic,
            arrays,
            extents,
        };
        // SAFETY: by the contract for the arrays of the call; an intermediate lies in the buffer from its place on, as long
        // as its extents say, apart from all that live at the same time.
        unsafe { run.ops(&program.ops) }
    }

    /// # Safety
    ///
    /// As for [`run`](Self::run).
    unsafe fn ops(&mut self, ops: &[Op]) {
        for op in ops {
            // SAFETY: by the contract.
            unsafe {
                match op {
                    Op::Step(node) => self.step(*node),
                    Op::Blocks(blocks) => self.blocks(blocks),
                }
            }
        }
    }

    /// # Safety
    ///
    /// As for [`run`](Self::run).
    unsafe fn blocks(&mut self, blocks: &Blocks) {
        let &Blocks { label, len, node, ref moving, ref ops } = blocks;
        let whole = self.extents[label];
        let is_summed = !self.plan.tree.node(node).has(label);
        for start in (0..whole).step_by(len) {
            self.extents[label] = len.min(whole - start);
            self.is_further[node] = is_summed && start > 0;
            // SAFETY: by the contract: the block is part of the label's range.
            unsafe { self.ops(ops) }
            moving.iter().for_each(|&other| self.shift(other, label, len as isize));
        }
        let back = whole.next_multiple_of(len) as isize;
        moving.iter().for_each(|&other| self.shift(other, label, -back));
        (self.extents[label], self.is_further[node]) = (whole, false);
    }

    /// Moves an array along a label. Wrapping: behind the last block the pointer may be outside, and is moved back.
    fn shift(&mut self, node: usize, label: usize, by: isize) {
        let axis = self.plan.axes_of(self.arrays, node).iter().find(|&&(own, _)| own == label);
        let &(_, stride) = axis.expect("what moves has the label");
        let bytes = (by * stride).wrapping_mul(self.arithmetic.size() as isize);
        self.starts[node] = self.starts[node].cast::<u8>().wrapping_offset(bytes).cast();
    }

    /// # Safety
    ///
    /// As for [`run`](Self::run).
    unsafe fn step(&mut self, node: usize) {
        let children = &self.plan.tree.node(node).children;
        let (left, right) = (children[0], children.get(1).copied());
        let nodes = [Some(node), Some(left), right].into_iter().flatten();
        self.step.fill(nodes.map(|other| self.plan.axes_of(self.arrays, other)), &self.extents);
        let starts = [node, left, right.unwrap_or(left)].map(|other| self.starts[other]);
        let arithmetic = self.arithmetic_of(node);
        // SAFETY: by the contract, and the axes are those of the arrays.
        unsafe { contract(&mut self.step.axes, starts, right.is_some(), arithmetic) }
    }

    /// The result is stored in the way of the call, an intermediate assigned; to what has been written by an earlier block, the rest
    /// of the sums is added.
    fn arithmetic_of(&self, node: usize) -> Arithmetic {
        let is_result = node == self.plan.tree.root();
        let first = if is_result { self.arithmetic } else { self.arithmetic.with_mode(Mode::Assign) };
        if self.is_further[node] { first.further() } else { first }
    }
}

/// Computes the output of a step from one factor or two, by the contraction engine or in loops.
///
/// # Safety
///
/// From each pointer to the output and the factors on, every offset of its array's axes leads to an element of that array; those
/// in the output are all different, and nobody else reads or writes them. Without a second factor, its pointer is not read.
unsafe fn contract(axes: &mut [LoopAxis], starts: [*mut (); 3], is_product: bool, arithmetic: Arithmetic) {
    // SAFETY: by the contract.
    unsafe {
        if !is_product || !contract_axes(axes, starts, arithmetic, arch()) {
            arithmetic.run_loops(axes, starts, is_product, arch());
        }
    }
}

/// The first address from here on that begins a cache line, if elements can.
fn aligned(start: *mut (), size: usize) -> *mut () {
    let behind = start.addr().next_multiple_of(CACHE_LINE) - start.addr();
    if (1..=CACHE_LINE).contains(&size) && behind.is_multiple_of(size) {
        start.cast::<u8>().wrapping_add(behind).cast()
    } else {
        start
    }
}
