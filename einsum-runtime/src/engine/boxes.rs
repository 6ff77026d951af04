//! Contractions whose labels run over boxes: a window over an image with padding has one in the middle, and narrow ones
//! along the edges, where it reaches beyond.
//!
//! Each box may be a contraction of its own. But where the boxes differ in rows and depth only, these are one contraction
//! whose rows come in classes: the right side, which may be a kernel of many megabytes, is then read and packed once
//! instead of once for each box. The estimates of both decide.

use pulp::Arch;

use super::ahead::CACHE_LINE;
use super::form::Form;
use super::group::{Axis, Group, is_inside};
use super::kernel::Mode;
use super::problem::{Class, Groups, LoopAxis, Piece, Rows};
use super::strategy::{Numbers, Strategy, estimate, whole};
use super::{
    Labelled, MAX_AXES, Task, choose, collect_all, is_taken_by_others, is_worth_it, run_whole, simd,
};
use crate::arithmetic::{Arithmetic, ElementType, Kind};

#[cfg(test)]
mod tests;

/// The estimated cycles for a cache line of the output that is not in the second-level cache any more.
const LINE: f32 = 8.0;

/// The most classes, each of which has a table of its own for each block of the depth: together at most 1 MiB.
const MOST_CLASSES: usize = 32;

/// Products that loops compute before blocks and tables are made for them.
const FEW_PRODUCTS: usize = 64;

/// For each label where its range begins, and how long it is; one position where there is no label.
type LabelBox = [[usize; 2]; MAX_AXES];

/// Contracts arrays, of which the output comes first, over boxes of their labels, if that is faster here than by loops:
/// says whether it was done, for all boxes then.
///
/// `boxes` has, for one box after the other, the range of each label: where it begins, and how long it is. A box with an
/// empty range of a summed label has zeros as its sums.
///
/// # Safety
///
/// - The arrays have elements of this arithmetic and are borrowed, the output for writing. Their pointers are those of the position where
///   all labels are 0, which may lie outside; each position of a box is an element of each array.
/// - There are as many ranges for each box as there are labels, from 0 to the largest one, and they end at the extents.
/// - The places of one box in the output are all different. To assign, those of all boxes are, and cover it; to add or
///   subtract, those of two boxes are all different if the boxes have no position of the output's labels in common.
///
/// # Panics
///
/// Where the axes of a label have different extents.
pub(crate) unsafe fn contract_boxes(
    arrays: &[Labelled<'_>; 3],
    boxes: &[[usize; 2]],
    arithmetic: Arithmetic,
) -> bool {
    let arch = simd::arch();
    let Some(boxes) = Boxes::new(arrays, boxes, arithmetic.mode) else { return false };
    let Some(plan) = boxes.plan(arithmetic.element(), arch) else { return false };
    // SAFETY: by the contract.
    unsafe { boxes.run(&plan, arrays.map(|(array, _)| array.start), arithmetic, arch) }
    true
}

/// How boxes are computed.
enum Plan {
    /// One after the other.
    Each,
    Classes(Box<Classes>),
}

/// Boxes as classes of rows.
struct Classes {
    groups: Groups,
    strategy: Strategy,
    classes: Vec<Class>,
    pieces: Vec<Piece>,
    disjoint: bool,
}

struct Boxes {
    /// The axes of the hull, the smallest box that has all others inside.
    axes: Vec<LoopAxis>,
    /// Where the hull begins.
    origin: [usize; MAX_AXES],
    boxes: Vec<LabelBox>,
    mode: Mode,
}

impl Boxes {
    /// Those boxes that write something; `None` if there are none, or no labels, or too many.
    fn new(arrays: &[Labelled<'_>; 3], ranges: &[[usize; 2]], mode: Mode) -> Option<Self> {
        let mut axes = [LoopAxis::ABSENT; MAX_AXES];
        let mut axes = collect_all(&mut axes, arrays)?.to_vec();
        if axes.is_empty() {
            return None;
        }
        let is_written = |ranges: &&[[usize; 2]]| {
            let must_have = |axis: &LoopAxis| mode != Mode::Assign || axis.strides[0].is_some();
            axes.iter().zip(*ranges).all(|(axis, range)| range[1] > 0 || !must_have(axis))
        };
        let written = ranges.chunks_exact(axes.len()).filter(is_written);
        let label_box = |ranges: &[[usize; 2]]| {
            let mut all = [[0, 1]; MAX_AXES];
            all[..ranges.len()].copy_from_slice(ranges);
            all
        };
        let boxes = merged(written.map(label_box).collect());
        let mut origin = [0; MAX_AXES];
        for (label, axis) in axes.iter_mut().enumerate() {
            let [begin, end] = hull(&boxes, label)?;
            debug_assert!(end <= axis.extent, "boxes are below the extents");
            (origin[label], axis.extent) = (begin, end - begin);
            axis.forget_stretched();
        }
        Some(Self { axes, origin, boxes, mode })
    }

    /// `None` if the boxes are no contraction for the engine, or small.
    fn plan(&self, element: Option<ElementType>, arch: Arch) -> Option<Plan> {
        if element.is_none() {
            return is_taken_by_others(&self.axes).then_some(Plan::Each);
        }
        let mut groups = Groups::EMPTY;
        // Marked: fused, the axes of a hull would hide a stencil.
        let Strategy { form, .. } = choose(&mut groups, &mut self.marked_axes(), element, arch)?;
        if !is_worth_it(&groups, element, form) {
            return None;
        }
        if form == Form::Stencil {
            return Some(Plan::Each);
        }
        let numbers = Numbers::of_elements(element);
        let one_by_one = self.boxes.iter().map(|ranges| self.cost_alone(ranges, numbers, arch)).sum::<f32>();
        let classes = [false, true].into_iter().filter_map(|swapped| self.classes(swapped, numbers, arch));
        let best = classes.min_by(|a, b| a.1.total_cmp(&b.1)).filter(|&(_, cost)| cost < one_by_one);
        Some(best.map_or(Plan::Each, |(classes, _)| Plan::Classes(Box::new(classes))))
    }

    /// The estimated cycles of a box as a contraction of its own.
    fn cost_alone(&self, ranges: &LabelBox, numbers: Numbers, arch: Arch) -> f32 {
        let axes = self.axes_of(ranges);
        let cost = |swapped| {
            let mut groups = Groups::EMPTY;
            groups.fill(&axes, swapped).map(|()| estimate(&groups, &[whole(&groups)], numbers, arch).1)
        };
        let cost = [false, true].into_iter().filter_map(cost).fold(f32::INFINITY, f32::min);
        cost + Self::cost_of_output(&axes, numbers.size_of_element())
    }

    /// Cache lines of the output that a box of these axes writes, as cycles.
    fn cost_of_output(axes: &[LoopAxis], size: usize) -> f32 {
        let length = |axis: &LoopAxis| axis.strides[0].map_or(0, isize::unsigned_abs);
        let mut axes: Vec<_> = axes.iter().filter(|axis| axis.extent > 1 && length(axis) > 0).collect();
        axes.sort_by_key(|axis| length(axis));
        let run = axes.iter().fold(1, |run, axis| if length(axis) == run { run * axis.extent } else { run });
        let elements: usize = axes.iter().map(|axis| axis.extent).product();
        (elements / run * (run * size).div_ceil(CACHE_LINE)) as f32 * LINE
    }

    /// The boxes as classes of rows, if they can be that, with the estimated cycles.
    fn classes(&self, swapped: bool, numbers: Numbers, arch: Arch) -> Option<(Classes, f32)> {
        if self.boxes.len() > MOST_CLASSES {
            return None;
        }
        let mut groups = Groups::EMPTY;
        groups.fill(&self.marked_axes(), swapped)?;
        let cut_elsewhere = has_cut(&groups.batch) || has_cut(&groups.columns);
        let classes: Vec<_> = self.boxes.iter().map(|ranges| self.class(ranges, &groups)).collect();
        if cut_elsewhere || groups.rows.len() == 1 || !cover(&classes, &groups.depth) {
            return None;
        }
        let depth = |class: &Class| {
            groups.depth.axes().iter().zip(&class.depth).map(|(_, [begin, end])| end - begin).product()
        };
        let shares: Vec<_> = classes.iter().map(|class| [class.rows.len(), depth(class)]).collect();
        let (strategy, cost) = estimate(&groups, &shares, numbers, arch);
        let cost = cost + Self::cost_of_output(&self.axes, numbers.size_of_element());
        let disjoint = self.mode == Mode::Assign || self.are_disjoint();
        let pieces =
            if self.is_entwined() && are_alike(&classes) { entwined(&classes) } else { in_turn(&classes) };
        Some((Classes { groups, strategy, classes, pieces, disjoint }, cost))
    }

    /// The axes of the hull, of which those are marked that a box has only a part of.
    fn marked_axes(&self) -> Vec<LoopAxis> {
        let mark = |(label, &axis): (usize, &LoopAxis)| {
            let is_cut = self.boxes.iter().any(|ranges| ranges[label][1] != axis.extent);
            LoopAxis { cut: is_cut.then_some(label as u8), ..axis }
        };
        self.axes.iter().enumerate().map(mark).collect()
    }

    fn axes_of(&self, ranges: &LabelBox) -> Vec<LoopAxis> {
        self.axes.iter().zip(ranges).map(|(&axis, &[_, extent])| LoopAxis { extent, ..axis }).collect()
    }

    fn class(&self, ranges: &LabelBox, groups: &Groups) -> Class {
        let mut of_box = Groups::EMPTY;
        of_box.fill(&self.axes_of(ranges), groups.swapped).expect("a box has the axes of the hull, or fewer");
        let mut start = [0; 2];
        for (label, axis) in self.axes.iter().enumerate() {
            let [out, left, right] = axis.strides;
            let (left, right) = if groups.swapped { (right, left) } else { (left, right) };
            if let (Some(out), Some(left), None) = (out, left, right) {
                let index = (ranges[label][0] - self.origin[label]) as isize;
                start = [start[0] + index * left, start[1] + index * out];
            }
        }
        let mut class = Class { rows: of_box.rows, start, ..Class::whole(groups) };
        for (axis, range) in groups.depth.axes().iter().zip(&mut class.depth) {
            if let Some(label) = axis.cut.map(usize::from) {
                let [begin, len] = ranges[label];
                *range = [begin, begin + len].map(|index| index.saturating_sub(self.origin[label]));
            }
        }
        class
    }

    /// Whether neighbours in the output are of different boxes.
    fn is_entwined(&self) -> bool {
        let length = |axis: &&LoopAxis| axis.strides[0].map_or(0, isize::unsigned_abs);
        let axes = self.marked_axes();
        let long = axes.iter().filter(|axis| axis.extent > 1 && length(axis) > 0);
        long.min_by_key(length).is_some_and(|innermost| innermost.cut.is_some())
    }

    /// Whether no two boxes have a position of the output's labels in common.
    fn are_disjoint(&self) -> bool {
        let apart = |a: &LabelBox, b: &LabelBox| {
            let ranges = self.axes.iter().zip(a.iter().zip(b)).filter(|(axis, _)| axis.strides[0].is_some());
            ranges.into_iter().any(|(_, (a, b))| a[0] + a[1] <= b[0] || b[0] + b[1] <= a[0])
        };
        self.boxes.iter().enumerate().all(|(n, a)| self.boxes[..n].iter().all(|b| apart(a, b)))
    }

    /// # Safety
    ///
    /// The contract of [`contract_boxes`], whose boxes these are, for pointers to the output, the left and the right array.
    unsafe fn run(&self, plan: &Plan, starts: [*mut (); 3], arithmetic: Arithmetic, arch: Arch) {
        let moved = |begins: &[usize; MAX_AXES]| self.moved(starts, begins, arithmetic.size());
        // SAFETY: by the contract.
        unsafe {
            match plan {
                Plan::Each => self.boxes.iter().for_each(|ranges| {
                    self.run_alone(ranges, moved(&ranges.map(|[begin, _]| begin)), arithmetic, arch)
                }),
                Plan::Classes(plan) => {
                    let Classes { groups, strategy, classes, pieces, disjoint } = &**plan;
                    let rows = Rows { classes, pieces, disjoint: *disjoint };
                    let element = arithmetic.element().expect("others are computed box by box");
                    Task::new(groups, rows, *strategy, moved(&self.origin)).run(element, arithmetic.mode);
                }
            }
        }
    }

    /// The pointers to where a box of elements of so many bytes begins.
    fn moved(&self, starts: [*mut (); 3], begins: &[usize; MAX_AXES], size: usize) -> [*mut (); 3] {
        core::array::from_fn(|array| {
            let offset =
                |(axis, &begin): (&LoopAxis, &usize)| axis.strides[array].unwrap_or(0) * begin as isize;
            let offset: isize = self.axes.iter().zip(begins).map(offset).sum();
            starts[array].wrapping_byte_offset(offset.wrapping_mul(size as isize))
        })
    }

    /// Computes a box as a contraction of its own, however small it is.
    ///
    /// # Safety
    ///
    /// As for [`run`](Self::run), for pointers to where the box begins.
    unsafe fn run_alone(&self, ranges: &LabelBox, starts: [*mut (); 3], arithmetic: Arithmetic, arch: Arch) {
        let axes = self.axes_of(ranges);
        let products: usize = axes.iter().map(|axis| axis.extent).product();
        // SAFETY: by the contract.
        unsafe {
            match arithmetic.elements {
                Kind::Known(element) if products > FEW_PRODUCTS => {
                    let (numbers, mut groups) = (Numbers::of_elements(Some(element)), Groups::EMPTY);
                    let filled = groups.fill(&axes, false);
                    let strategy = filled
                        .and_then(|()| Strategy::choose(&mut groups, &axes, numbers, arch))
                        .expect("a box has the axes of the hull, or fewer");
                    run_whole(&groups, strategy, starts, element, arithmetic.mode);
                }
                _ => arithmetic.run_loops(&axes, starts, true, arch),
            }
        }
    }
}

/// Boxes that differ in one label only, where they touch, are one.
fn merged(mut boxes: Vec<LabelBox>) -> Vec<LabelBox> {
    for label in 0..MAX_AXES {
        if boxes.iter().all(|ranges| ranges[label] == boxes[0][label]) {
            continue;
        }
        let others = |a: &LabelBox, b: &LabelBox| {
            a[..label].cmp(&b[..label]).then_with(|| a[label + 1..].cmp(&b[label + 1..]))
        };
        boxes.sort_unstable_by(|a, b| others(a, b).then(a[label].cmp(&b[label])));
        boxes.dedup_by(|next, last| {
            let touches = last[label][0] + last[label][1] == next[label][0];
            let is_one = touches && others(last, next).is_eq();
            last[label][1] += if is_one { next[label][1] } else { 0 };
            is_one
        });
    }
    boxes
}

/// The first index of a label in any of the boxes, and the one behind the last; `None` if it has none.
fn hull(boxes: &[LabelBox], label: usize) -> Option<[usize; 2]> {
    let ranges = boxes.iter().map(|ranges| ranges[label]).filter(|&[_, len]| len > 0);
    ranges.map(|[begin, len]| [begin, begin + len]).reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])])
}

/// One class behind the other.
fn in_turn(classes: &[Class]) -> Vec<Piece> {
    let piece = |(class, rows): (usize, &Class)| Piece { class, rows: 0..rows.rows.len() };
    classes.iter().enumerate().map(piece).collect()
}

/// The rows of a piece, if pieces take turns: whole tiles of any instruction set, and so few that what they write in the
/// output is still in the cache when the others write between.
const ROWS_OF_TURN: usize = 48;
const ROW_UNIT: usize = 24;

/// Whether no class has many more rows than another: a long one would be cut to pieces for the sake of a few neighbours.
fn are_alike(classes: &[Class]) -> bool {
    let lens = || classes.iter().map(|class| class.rows.len());
    lens().max() <= lens().min().map(|least| 4 * least)
}

/// A piece of each class in turn.
fn entwined(classes: &[Class]) -> Vec<Piece> {
    let most = classes.iter().map(|class| class.rows.len()).max().unwrap_or(0);
    let turns = most.div_ceil(ROWS_OF_TURN);
    let mut pieces = Vec::new();
    for turn in 0..turns {
        for (class, Class { rows, .. }) in classes.iter().enumerate() {
            let size = rows.len().div_ceil(turns).next_multiple_of(ROW_UNIT);
            let bound = |turn: usize| (turn * size).min(rows.len());
            pieces.push(Piece { class, rows: bound(turn)..bound(turn + 1) });
        }
    }
    pieces.retain(|piece| !piece.rows.is_empty());
    pieces
}

fn has_cut<const N: usize>(group: &Group<N>) -> bool {
    group.axes().iter().any(|axis| axis.cut.is_some())
}

/// The most positions of cut axes that are looked at one by one.
const MOST_POSITIONS: usize = 1 << 12;

/// Whether each position of the depth is in a class: all of them are packed, and so must be elements of the right side.
fn cover(classes: &[Class], depth: &Group<2>) -> bool {
    let uncut = |axis: &Axis<2>| Axis { extent: if axis.cut.is_some() { axis.extent } else { 1 }, ..*axis };
    let axes: Vec<_> = depth.axes().iter().map(uncut).collect();
    let is_whole =
        |class: &Class| depth.axes().iter().zip(&class.depth).all(|(axis, range)| *range == [0, axis.extent]);
    let positions = axes.iter().map(|axis| axis.extent).product::<usize>();
    let is_covered = |position| classes.iter().any(|class| is_inside(&axes, &class.depth, position));
    classes.iter().any(is_whole) || positions <= MOST_POSITIONS && (0..positions).all(is_covered)
}
