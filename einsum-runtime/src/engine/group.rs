//! Axes that are walked together: a group of them is one long axis, whose offsets are a table.

use core::ops::Range;

use super::MAX_GROUP_AXES;

/// An axis that `N` arrays have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Axis<const N: usize> {
    pub(super) extent: usize,
    /// In elements.
    pub(super) strides: [isize; N],
}

/// Axes from the outermost to the innermost, as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group<const N: usize> {
    axes: [Axis<N>; MAX_GROUP_AXES],
    count: usize,
}

impl<const N: usize> Group<N> {
    /// One position.
    pub(super) const EMPTY: Self =
        Self { axes: [Axis { extent: 1, strides: [0; N] }; MAX_GROUP_AXES], count: 0 };

    /// Adds an axis, innermost; `None` if there are too many.
    #[inline]
    pub(super) fn push(&mut self, axis: Axis<N>) -> Option<()> {
        if axis.extent != 1 {
            *self.axes.get_mut(self.count)? = axis;
            self.count += 1;
        }
        Some(())
    }

    /// Sorts by strides in one of the arrays, the longest outermost, and fuses neighbours that are one axis in memory.
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

    fn fuse(&mut self) {
        let mut fused = 0;
        for next in 1..self.count {
            let (outer, inner) = (self.axes[fused], self.axes[next]);
            let continues =
                outer.strides.iter().zip(inner.strides).all(|(&o, i)| o == i * inner.extent as isize);
            if continues {
                self.axes[fused] = Axis { extent: outer.extent * inner.extent, strides: inner.strides };
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
        self.axes().last().copied().unwrap_or(Axis { extent: 1, strides: [0; N] })
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
        let Axis { extent, strides } = self.innermost();
        let mut position = positions.start;
        while position < positions.end {
            let len = (extent - position % extent).min(positions.end - position);
            visit(position - positions.start, len, self.offset(position), strides);
            position += len;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(extent: usize, strides: [isize; 2]) -> Axis<2> {
        Axis { extent, strides }
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
    fn a_group_without_axes_has_one_position() {
        let group = arranged(&[]);
        let mut table = Vec::new();
        group.offsets(0..group.len(), 1, &mut table);
        assert_eq!(table, [[0, 0]]);
    }
}
