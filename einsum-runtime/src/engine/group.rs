//! Axes that are walked together: a group of them is one long axis, whose offsets are a table.

use core::ops::Range;

use super::MAX_GROUP_AXES;

/// An axis that `N` arrays have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Axis<const N: usize> {
    pub(super) extent: usize,
    /// In elements.
    pub(super) strides: [isize; N],
    /// The label of an axis that stays by itself, because there are ranges of it.
    pub(super) cut: Option<u8>,
}

impl<const N: usize> Axis<N> {
    /// One position.
    const POINT: Self = Self { extent: 1, strides: [0; N], cut: None };
}

/// Axes from the outermost to the innermost, as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group<const N: usize> {
    axes: [Axis<N>; MAX_GROUP_AXES],
    count: usize,
}

impl<const N: usize> Group<N> {
    /// One position.
    pub(super) const EMPTY: Self = Self { axes: [Axis::POINT; MAX_GROUP_AXES], count: 0 };

    /// Adds an axis, innermost, unless it has but one position and no ranges; `None` if there are too many.
    #[inline]
    pub(super) fn push(&mut self, axis: Axis<N>) -> Option<()> {
        if axis.extent != 1 || axis.cut.is_some() {
            *self.axes.get_mut(self.count)? = axis;
            self.count += 1;
        }
        Some(())
    }

    /// Sorts by strides in one of the arrays, the longest outermost, and fuses neighbours that are one axis in memory and
    /// not cut.
    pub(super) fn arrange(&mut self, array: usize) {
        let length = |axis: &Axis<N>| axis.strides[array].unsigned_abs();
        // By insertion: there are few axes, and most often they are in order.
        for next in 1..self.count {
            let mut place = next;
            while place > 0 && length(&self.axes[place - 1]) < length(&self.axes[place]) {
                self.axes.swap(place - 1, place);
                place -= 1;
            }
        }
        self.fuse();
    }

    /// Moves the axis whose positions are neighbours in one of the arrays next to the innermost one, unless that has them itself.
    pub(super) fn bring_neighbours_near(&mut self, array: usize) {
        let axes = &mut self.axes[..self.count];
        let neighbours = axes.iter().rposition(|axis| axis.strides[array].unsigned_abs() == 1);
        if let Some(neighbours) = neighbours.filter(|&axis| axis + 1 < self.count) {
            axes[neighbours..self.count - 1].rotate_left(1);
        }
    }

    /// The same positions, but where they are in one of the arrays: `unit` neighbours stay as they are, and the next ones
    /// begin `pitch` elements behind them. Axes begin or end with the neighbours.
    pub(super) fn respaced(mut self, array: usize, unit: usize, pitch: usize) -> Self {
        let mut inside = 1;
        for axis in self.axes[..self.count].iter_mut().rev() {
            if inside >= unit {
                axis.strides[array] = (inside / unit * pitch) as isize;
            }
            inside *= axis.extent;
        }
        self
    }

    fn fuse(&mut self) {
        let mut fused = 0;
        for next in 1..self.count {
            let (outer, inner) = (self.axes[fused], self.axes[next]);
            let continues =
                outer.strides.iter().zip(inner.strides).all(|(&o, i)| o == i * inner.extent as isize);
            if continues && outer.cut.is_none() && inner.cut.is_none() {
                self.axes[fused] = Axis { extent: outer.extent * inner.extent, ..inner };
            } else {
                fused += 1;
                self.axes[fused] = inner;
            }
        }
        self.count = if self.count == 0 { 0 } else { fused + 1 };
    }

    pub(super) fn axes(&self) -> &[Axis<N>] {
        &self.axes[..self.count]
    }

    /// How many positions the group has.
    pub(super) fn len(&self) -> usize {
        self.axes().iter().map(|axis| axis.extent).product()
    }

    /// The innermost axis; one position, where the group has no axes.
    pub(super) fn innermost(&self) -> Axis<N> {
        self.axes().last().copied().unwrap_or(Axis::POINT)
    }

    /// How many positions lie at equal distances in one of the arrays: along the innermost axis, and the axes that
    /// continue it there.
    pub(super) fn run(&self, array: usize) -> usize {
        let Axis { strides, .. } = self.innermost();
        let mut run = 1;
        for axis in self.axes().iter().rev() {
            if axis.strides[array] != strides[array] * run as isize {
                break;
            }
            run *= axis.extent;
        }
        run
    }

    /// How far apart the positions are in one of the arrays: from one stretch of neighbours to the next, unless a
    /// stretch is `long`, or along the innermost axis where there are no neighbours.
    pub(super) fn step(&self, array: usize, long: usize) -> usize {
        let mut run = 1;
        for axis in self.axes().iter().rev() {
            let step = axis.strides[array].unsigned_abs();
            if step != run {
                return step;
            }
            run *= axis.extent;
            if run >= long {
                break;
            }
        }
        1
    }

    /// Appends the offsets of these positions, each multiplied by `unit`.
    pub(super) fn offsets(&self, positions: Range<usize>, unit: isize, table: &mut Vec<[isize; N]>) {
        self.runs(positions, |_, len, offset, strides| {
            let (mut next, strides) =
                (offset.map(|offset| offset * unit), strides.map(|stride| stride * unit));
            let filled = table.len();
            table.resize(filled + len, next);
            for offsets in &mut table[filled..] {
                *offsets = next;
                next = core::array::from_fn(|array| next[array] + strides[array]);
            }
        });
    }

    /// Calls `visit` for each stretch of these positions along the innermost axis: with its first position, counted
    /// from that of the range, its length, the offset of its first position, and the strides.
    pub(super) fn runs(
        &self,
        positions: Range<usize>,
        mut visit: impl FnMut(usize, usize, [isize; N], [isize; N]),
    ) {
        let Axis { extent, strides, .. } = self.innermost();
        let mut position = positions.start;
        while position < positions.end {
            let len = (extent - position % extent).min(positions.end - position);
            visit(position - positions.start, len, self.offset(position), strides);
            position += len;
        }
    }

    /// Calls `visit` for each stretch of these positions that is inside of the ranges, counted from that of the first one.
    pub(super) fn runs_inside(
        &self,
        ranges: &Ranges,
        positions: Range<usize>,
        mut visit: impl FnMut(Range<usize>),
    ) {
        // Behind the last axis that is cut, whole axes are one stretch.
        let cut = self.axes().iter().zip(ranges).rposition(|(axis, range)| *range != [0, axis.extent]);
        let Some(cut) = cut else { return visit(0..positions.len()) };
        let mut pitches = [1; MAX_GROUP_AXES];
        for axis in (0..self.count - 1).rev() {
            pitches[axis] = pitches[axis + 1] * self.axes[axis + 1].extent;
        }
        let axes = Levels { pitches: &pitches[..=cut], ranges: &ranges[..=cut], positions };
        axes.visit(0, 0, &mut visit);
    }

    /// The offset of one position in each array.
    pub(super) fn offset(&self, mut position: usize) -> [isize; N] {
        let mut offset = [0; N];
        for axis in self.axes().iter().rev() {
            let index = (position % axis.extent) as isize;
            position /= axis.extent;
            offset.iter_mut().zip(axis.strides).for_each(|(offset, stride)| *offset += index * stride);
        }
        offset
    }
}

/// The axes of a group whose ranges are walked, from the outermost one.
struct Levels<'a> {
    /// How many positions an index of each axis has.
    pitches: &'a [usize],
    ranges: &'a [[usize; 2]],
    positions: Range<usize>,
}

impl Levels<'_> {
    /// Visits the positions inside of the ranges of the axes from `level` on, which begin at `first`.
    fn visit(&self, level: usize, first: usize, visit: &mut impl FnMut(Range<usize>)) {
        let Range { start, end } = self.positions;
        let (pitch, [begin_index, end_index]) = (self.pitches[level], self.ranges[level]);
        if level + 1 == self.pitches.len() {
            let bound = |index: usize| (first + index * pitch).clamp(start, end) - start;
            let run = bound(begin_index)..bound(end_index);
            return if !run.is_empty() {
                visit(run)
            };
        }
        let reached = if first < start { (start - first) / pitch } else { 0 };
        for index in begin_index.max(reached)..end_index {
            let first = first + index * pitch;
            if first >= end {
                break;
            }
            self.visit(level + 1, first, visit);
        }
    }
}

/// For each axis of a group the first index of a range, and the one behind its last.
pub(super) type Ranges = [[usize; 2]; MAX_GROUP_AXES];

/// Whether each index of a position is inside of the range of its axis.
pub(super) fn is_inside<const N: usize>(axes: &[Axis<N>], ranges: &Ranges, mut position: usize) -> bool {
    axes.iter().zip(ranges).rev().all(|(axis, &[begin, end])| {
        let index = position % axis.extent;
        position /= axis.extent;
        (begin..end).contains(&index)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(extent: usize, strides: [isize; 2]) -> Axis<2> {
        Axis { extent, strides, cut: None }
    }

    fn arranged<const N: usize>(axes: &[Axis<2>; N]) -> Group<2> {
        let mut group = Group::EMPTY;
        axes.iter().for_each(|&axis| group.push(axis).expect("few axes"));
        group.arrange(0);
        group
    }

    #[test]
    fn axes_without_a_gap_are_fused() {
        let group = arranged(&[axis(3, [1, 2]), axis(4, [3, 6]), axis(1, [7, 7])]);
        assert_eq!(group.axes(), [axis(12, [1, 2])]);
        let group = arranged(&[axis(3, [1, 2]), axis(4, [3, 8])]);
        assert_eq!(group.axes(), [axis(4, [3, 8]), axis(3, [1, 2])]);
    }

    #[test]
    fn offsets_are_those_of_nested_loops() {
        let group = arranged(&[axis(2, [100, -7]), axis(3, [10, 0]), axis(2, [-1, 5])]);
        let mut expected = Vec::new();
        for i in 0..2 {
            for j in 0..3 {
                for k in 0..2 {
                    expected.push([2 * (100 * i + 10 * j - k), 2 * (-7 * i + 5 * k)]);
                }
            }
        }
        for start in 0..=12 {
            for end in start..=12 {
                let mut table = Vec::new();
                group.offsets(start..end, 2, &mut table);
                assert_eq!(table, expected[start..end], "{start}..{end}");
            }
        }
    }

    #[test]
    fn cut_axes_stay_by_themselves() {
        let group = arranged(&[axis(2, [12, 12]), Axis { cut: Some(7), ..axis(3, [4, 4]) }, axis(4, [1, 1])]);
        assert_eq!(group.axes().iter().map(|axis| axis.extent).collect::<Vec<_>>(), [2, 3, 4]);
    }

    #[test]
    fn runs_inside_of_ranges_are_those_of_nested_loops() {
        let group = arranged(&[axis(3, [1000, 0]), axis(4, [100, 0]), axis(5, [10, 0]), axis(2, [1, 0])]);
        for ranges in [
            [[0, 3], [1, 3], [0, 5], [0, 2]],
            [[1, 3], [0, 4], [2, 2], [0, 2]],
            [[0, 3], [3, 4], [1, 5], [1, 2]],
        ] {
            let mut whole = [[0, 1]; MAX_GROUP_AXES];
            whole[..4].copy_from_slice(&ranges);
            for (start, end) in [(0, 120), (17, 43), (50, 51), (99, 120)] {
                let mut found = Vec::new();
                group.runs_inside(&whole, start..end, |run| found.extend(run));
                let inside = |&position: &usize| is_inside(group.axes(), &whole, start + position);
                assert_eq!(found, (0..end - start).filter(inside).collect::<Vec<_>>(), "{ranges:?}");
            }
        }
    }

    #[test]
    fn a_group_without_axes_has_one_position() {
        let group = arranged(&[]);
        let mut table = Vec::new();
        group.offsets(0..group.len(), 1, &mut table);
        assert_eq!(table, [[0, 0]]);
    }
}
