//! Boxes of a space in which every position stays within its axis.

use core::ops::Range;

use super::space::Space;

/// Boxes, each a start and a length for each loop, which have no combination of values in common.
pub(super) struct Cut {
    pub(super) boxes: Vec<Vec<[usize; 2]>>,
    /// Whether the boxes also have no place of the output in common.
    pub(super) are_apart: bool,
}

/// All combinations of values for which the positions stay within their axes.
///
/// Ranges are cut along the loops that the output is `written` in, if these have a say, so that each place of the output
/// is in one box; and along long loops rather than short ones, whose values would each need a box.
pub(super) fn boxes(space: &Space, written: &[usize]) -> Cut {
    let whole: Vec<Range<usize>> = (0..space.loops()).map(|label| 0..space.extent(label)).collect();
    let mut cutter = Cutter { space, written, cut: Cut { boxes: Vec::new(), are_apart: true } };
    if whole.iter().all(|range| !range.is_empty()) {
        cutter.cut(0, whole);
    }
    cutter.cut
}

struct Cutter<'a> {
    space: &'a Space,
    written: &'a [usize],
    cut: Cut,
}

impl Cutter<'_> {
    /// Cuts a box in which all rows before `row` stay within their axes.
    fn cut(&mut self, row: usize, ranges: Vec<Range<usize>>) {
        let rows = row..self.space.rows();
        let Some(row) = rows.into_iter().find(|&row| !self.keeps(row, &ranges)) else {
            self.cut.boxes.push(ranges.iter().map(|range| [range.start, range.len()]).collect());
            return;
        };
        let moving = self.moving(row, &ranges);
        match moving[..] {
            [] => {}
            [label] => self.restrict(row, label, ranges),
            _ => self.divide(row, &moving, ranges),
        }
    }

    /// Whether all positions of a row stay within its axis.
    fn keeps(&self, row: usize, ranges: &[Range<usize>]) -> bool {
        let [first, last] = self.reach(row, ranges, None);
        first >= 0 && last < self.space.bound(row) as isize
    }

    /// The first and the last position of a row, without the share of one of the loops.
    fn reach(&self, row: usize, ranges: &[Range<usize>], without: Option<usize>) -> [isize; 2] {
        let mut reach = [self.space.constant(row); 2];
        for (label, range) in ranges.iter().enumerate().filter(|&(label, _)| Some(label) != without) {
            let coefficient = self.space.coefficients(row)[label];
            let ends = [coefficient * range.start as isize, coefficient * (range.end as isize - 1)];
            reach[0] += ends[0].min(ends[1]);
            reach[1] += ends[0].max(ends[1]);
        }
        reach
    }

    /// The loops that move a row.
    fn moving(&self, row: usize, ranges: &[Range<usize>]) -> Vec<usize> {
        let moves = |&label: &usize| self.space.coefficients(row)[label] != 0 && ranges[label].len() > 1;
        (0..ranges.len()).filter(moves).collect()
    }

    /// The values of a loop, out of its range, that keep a row within its axis, where the other loops add something from
    /// `least` to `most`.
    fn kept(
        &self,
        row: usize,
        label: usize,
        range: &Range<usize>,
        [least, most]: [isize; 2],
    ) -> Range<usize> {
        let (coefficient, last) = (self.space.coefficients(row)[label], self.space.bound(row) as isize - 1);
        // 0 <= coefficient * value + least, and coefficient * value + most <= last
        let [low, high] = if coefficient > 0 {
            [quotient_up(-least, coefficient), (last - most).div_euclid(coefficient)]
        } else {
            [quotient_up(most - last, -coefficient), least.div_euclid(-coefficient)]
        };
        let start = low.max(range.start as isize);
        let end = (high + 1).min(range.end as isize).max(start);
        start as usize..end as usize
    }

    /// Restricts the only loop that moves a row.
    fn restrict(&mut self, row: usize, label: usize, mut ranges: Vec<Range<usize>>) {
        let others = self.reach(row, &ranges, Some(label));
        ranges[label] = self.kept(row, label, &ranges[label], others);
        if !ranges[label].is_empty() {
            self.cut(row + 1, ranges);
        }
    }

    /// Cuts one of several loops that move a row: into the values for which the others may have any, and those before and
    /// behind.
    fn divide(&mut self, row: usize, moving: &[usize], ranges: Vec<Range<usize>>) {
        let priority = |&&label: &&usize| (self.written.contains(&label), ranges[label].len());
        let &label = moving.iter().max_by_key(priority).expect("some loops");
        self.cut.are_apart &= self.written.contains(&label);
        let [least, most] = self.reach(row, &ranges, Some(label));
        let inner = self.kept(row, label, &ranges[label], [least, most]);
        let possible = self.kept(row, label, &ranges[label], [most, least]);
        let inner = if inner.is_empty() { possible.end..possible.end } else { inner };
        self.border(row, label, moving, possible.start..inner.start, &ranges);
        if !inner.is_empty() {
            let mut ranges = ranges.clone();
            ranges[label] = inner.clone();
            self.cut(row + 1, ranges);
        }
        self.border(row, label, moving, inner.end..possible.end, &ranges);
    }

    /// Values of a loop, one by one, or together where the one other loop that moves the row may have the same ones.
    fn border(
        &mut self,
        row: usize,
        label: usize,
        moving: &[usize],
        values: Range<usize>,
        ranges: &[Range<usize>],
    ) {
        let others: Vec<usize> = moving.iter().copied().filter(|&other| other != label).collect();
        let allowed = |value: usize| {
            let mut ranges = ranges.to_vec();
            ranges[label] = value..value + 1;
            if let [other] = others[..] {
                let rest = self.reach(row, &ranges, Some(other));
                ranges[other] = self.kept(row, other, &ranges[other], rest);
            }
            ranges
        };
        let mut boxes: Vec<Vec<Range<usize>>> = Vec::new();
        for value in values {
            let next = allowed(value);
            let same = boxes.last_mut().filter(|last| {
                others.len() == 1 && last[label].end == value && last[others[0]] == next[others[0]]
            });
            match same {
                Some(last) => last[label].end += 1,
                None => boxes.push(next),
            }
        }
        for ranges in boxes {
            if ranges.iter().all(|range| !range.is_empty()) {
                self.cut(if others.len() == 1 { row + 1 } else { row }, ranges);
            }
        }
    }
}

/// The quotient by a positive divisor, rounded up.
fn quotient_up(number: isize, divisor: isize) -> isize {
    -(-number).div_euclid(divisor)
}
