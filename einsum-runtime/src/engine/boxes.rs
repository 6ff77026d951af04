//! Contractions whose labels run over boxes: a window over an image with padding has one in the middle, and narrow ones
//! along the edges, where it reaches beyond.
//!
//! Each box may be a contraction of its own. But where the boxes differ in rows and depth only, these are one contraction
//! whose rows come in classes: the right side, which may be a kernel of many megabytes, is then read and packed once
//! instead of once for each box. The estimates of both decide.

use pulp::Arch;

use super::ahead::CACHE_LINE;
use super::group::{Axis, Group, is_inside};
use super::kernel::Mode;
use super::problem::{Class, Groups, LoopAxis, Piece, Rows};
use super::stencil::Stencil;
use super::strategy::{Numbers, Strategy, estimate, whole};
use super::{ElementType, Labelled, MAX_AXES, Task, choose, collect_all, is_worth_it, run_whole, simd};
use crate::element::{Element, Store};

#[cfg(test)]
mod tests;

/// The estimated cycles for a cache line of the output that is not in the second-level cache any more.
const LINE: f32 = 8.0;

/// For each label where its range begins, and how long it is.
type LabelBox<'a> = &'a [[usize; 2]];

/// Contracts arrays, of which the output comes first, over boxes of their labels, if that is faster here than by loops:
/// says whether it was done, for all boxes then.
///
/// `boxes` has, for one box after the other, the range of each label: where it begins, and how long it is. A box with an
/// empty range of a summed label has zeros as its sums.
///
/// # Safety
///
/// - The arrays have elements `T` and are borrowed, the output for writing. Their pointers are those of the position where
///   all labels are 0, which may lie outside; each position of a box is an element of each array.
/// - There are as many ranges for each box as there are labels, below the extents.
/// - The places of one box in the output are all different. To assign, those of all boxes are, and cover it; to add or
///   subtract, those of two boxes are all different if the boxes have no position of the output's labels in common.
///
/// # Panics
///
/// Where the axes of a label have different extents.
pub(crate) unsafe fn contract_boxes<T: Element, S: Store<T>>(
    arrays: &[Labelled<'_>; 3],
    boxes: &[[usize; 2]],
) -> bool {
    let arch = simd::arch();
    let Some(boxes) = Boxes::new(arrays, boxes, S::MODE) else { return false };
    let Some(plan) = boxes.plan(ElementType::of::<T>(), arch) else { return false };
    // SAFETY: by the contract.
    unsafe { boxes.run::<T, S>(&plan, arrays.map(|(array, _)| array.start.cast()), arch) }
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
    origin: Vec<usize>,
    boxes: Vec<Vec<[usize; 2]>>,
    mode: Mode,
}

impl Boxes {
    /// Those boxes that write something; `None` if there are none, or too many labels.
    fn new(arrays: &[Labelled<'_>; 3], ranges: &[[usize; 2]], mode: Mode) -> Option<Self> {
        let mut axes = [LoopAxis::ABSENT; MAX_AXES];
        let mut axes = collect_all(&mut axes, arrays)?.to_vec();
        let is_written = |ranges: &LabelBox<'_>| {
            let must_have = |axis: &LoopAxis| mode != Mode::Assign || axis.strides[0].is_some();
            axes.iter().zip(*ranges).all(|(axis, range)| range[1] > 0 || !must_have(axis))
        };
        let written = ranges.chunks_exact(axes.len()).filter(is_written);
        let boxes = merged(written.map(<[_]>::to_vec).collect());
        let hull: Vec<_> = (0..axes.len()).map(|label| hull(&boxes, label)).collect::<Option<_>>()?;
        for (axis, [begin, end]) in axes.iter_mut().zip(&hull) {
            axis.extent = end - begin;
            axis.forget_stretched();
        }
        Some(Self { axes, origin: hull.iter().map(|range| range[0]).collect(), boxes, mode })
    }

    /// `None` if the boxes are no contraction for the engine, or small.
    fn plan(&self, element: Option<ElementType>, arch: Arch) -> Option<Plan> {
        let mut groups = Groups::EMPTY;
        choose(&mut groups, &mut self.axes.clone(), element, arch)?;
        if !is_worth_it(&groups, element) {
            return None;
        }
        if element.is_none() || Stencil::new(&groups).is_some() {
            return Some(Plan::Each);
        }
        let numbers = ElementType::numbers(element);
        let one_by_one = self.boxes.iter().map(|ranges| self.cost_alone(ranges, numbers, arch)).sum::<f32>();
        let classes = [false, true].into_iter().filter_map(|swapped| self.classes(swapped, numbers, arch));
        let best = classes.min_by(|a, b| a.1.total_cmp(&b.1)).filter(|&(_, cost)| cost < one_by_one);
        Some(best.map_or(Plan::Each, |(classes, _)| Plan::Classes(Box::new(classes))))
    }

    /// The estimated cycles of a box as a contraction of its own.
    fn cost_alone(&self, ranges: LabelBox<'_>, numbers: Numbers, arch: Arch) -> f32 {
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
        let pieces = if self.is_entwined() { entwined(&classes) } else { in_turn(&classes) };
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

    fn axes_of(&self, ranges: LabelBox<'_>) -> Vec<LoopAxis> {
        self.axes.iter().zip(ranges).map(|(&axis, &[_, extent])| LoopAxis { extent, ..axis }).collect()
    }

    fn class(&self, ranges: LabelBox<'_>, groups: &Groups) -> Class {
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
        let apart = |a: LabelBox<'_>, b: LabelBox<'_>| {
            let ranges = self.axes.iter().zip(a.iter().zip(b)).filter(|(axis, _)| axis.strides[0].is_some());
            ranges.into_iter().any(|(_, (a, b))| a[0] + a[1] <= b[0] || b[0] + b[1] <= a[0])
        };
        self.boxes.iter().enumerate().all(|(n, a)| self.boxes[..n].iter().all(|b| apart(a, b)))
    }

    /// # Safety
    ///
    /// The contract of [`contract_boxes`], whose boxes these are, for pointers to the output, the left and the right array.
    unsafe fn run<T: Element, S: Store<T>>(&self, plan: &Plan, starts: [*mut T; 3], arch: Arch) {
        // SAFETY: by the contract.
        unsafe {
            match plan {
                Plan::Each => self
                    .boxes
                    .iter()
                    .for_each(|ranges| self.run_alone::<T, S>(ranges, self.moved(starts, ranges), arch)),
                Plan::Classes(plan) => {
                    let Classes { groups, strategy, classes, pieces, disjoint } = &**plan;
                    let rows = Rows { classes, pieces, disjoint: *disjoint };
                    let hull: Vec<_> = self.origin.iter().map(|&begin| [begin, 0]).collect();
                    let starts = self.moved(starts, &hull).map(<*mut T>::cast);
                    Task::new(groups, rows, *strategy, starts).run::<T, S>();
                }
            }
        }
    }

    /// The pointers to where a box begins.
    fn moved<T>(&self, starts: [*mut T; 3], ranges: LabelBox<'_>) -> [*mut T; 3] {
        core::array::from_fn(|array| {
            let offset = |(axis, &[begin, _]): (&LoopAxis, &[usize; 2])| {
                axis.strides[array].unwrap_or(0) * begin as isize
            };
            starts[array].wrapping_offset(self.axes.iter().zip(ranges).map(offset).sum())
        })
    }

    /// Computes a box as a contraction of its own, however small it is.
    ///
    /// # Safety
    ///
    /// As for [`run`](Self::run), for pointers to where the box begins.
    unsafe fn run_alone<T: Element, S: Store<T>>(
        &self,
        ranges: LabelBox<'_>,
        starts: [*mut T; 3],
        arch: Arch,
    ) {
        let axes = self.axes_of(ranges);
        // SAFETY: by the contract.
        unsafe {
            if axes.iter().any(|axis| axis.extent == 0) {
                return store_zeros::<T, S>(&axes, starts[0]);
            }
            let numbers = ElementType::numbers(ElementType::of::<T>());
            let mut groups = Groups::EMPTY;
            let strategy = Strategy::choose(&mut groups, &axes, numbers, arch)
                .expect("a box has the axes of the hull, or fewer");
            run_whole::<T, S>(&groups, strategy, starts.map(<*mut T>::cast));
        }
    }
}

/// Boxes that differ in one label only, where they touch, are one.
fn merged(mut boxes: Vec<Vec<[usize; 2]>>) -> Vec<Vec<[usize; 2]>> {
    for label in 0..boxes.first().map_or(0, Vec::len) {
        let without = |ranges: &[[usize; 2]]| [&ranges[..label], &ranges[label + 1..]].concat();
        boxes.sort_by_cached_key(|ranges| (without(ranges), ranges[label]));
        boxes.dedup_by(|next, last| {
            let touches = last[label][0] + last[label][1] == next[label][0];
            let is_one = touches && without(last) == without(next);
            last[label][1] += if is_one { next[label][1] } else { 0 };
            is_one
        });
    }
    boxes
}

/// The first index of a label in any of the boxes, and the one behind the last; `None` if it has none.
fn hull(boxes: &[Vec<[usize; 2]>], label: usize) -> Option<[usize; 2]> {
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

/// Stores empty sums.
///
/// # Safety
///
/// `out` is where a part of an output with these axes begins, and nobody else reads or writes it.
unsafe fn store_zeros<T: Element, S: Store<T>>(axes: &[LoopAxis], out: *mut T) {
    match axes {
        [] => {
            // SAFETY: by the contract.
            S::store(unsafe { &mut *out }, T::zero());
        }
        [LoopAxis { strides: [None, ..], .. }, axes @ ..] => {
            // SAFETY: by the contract.
            unsafe { store_zeros::<T, S>(axes, out) }
        }
        [LoopAxis { extent, strides: [Some(stride), ..], .. }, axes @ ..] => {
            for index in 0..*extent as isize {
                // SAFETY: by the contract.
                unsafe { store_zeros::<T, S>(axes, out.wrapping_offset(index * stride)) }
            }
        }
    }
}
