//! A block of columns as panels, and where the columns of each are in the right side and in the output.

use core::ops::Range;

use super::group::Group;
use super::kernel::Run;

/// The panels of a block of columns.
#[derive(Debug)]
pub(super) struct Panels {
    block: Range<usize>,
    /// For each panel its numbers in a row, and where its runs end in the lists of them.
    widths: Vec<(usize, [usize; 2])>,
    /// Runs in the right side.
    right: Vec<Run>,
    /// Runs in the output.
    out: Vec<Run>,
    /// Those from the first one on of which each is a single run in the output, of the same length and stride.
    alike: usize,
}

impl Panels {
    pub(super) const fn new() -> Self {
        Self { block: 0..0, widths: Vec::new(), right: Vec::new(), out: Vec::new(), alike: 0 }
    }

    /// Panels of `width` numbers, none of which goes beyond a multiple of `stretch` elements.
    pub(super) fn fill(
        &mut self,
        columns: &Group<2>,
        block: Range<usize>,
        stretch: usize,
        width: usize,
        parts: usize,
    ) {
        self.block = block.clone();
        self.widths.clear();
        self.right.clear();
        self.out.clear();
        let mut start = block.start;
        while start < block.end {
            let end =
                (start + width / parts).min((start / stretch + 1).saturating_mul(stretch)).min(block.end);
            let first = [self.right.len(), self.out.len()];
            columns.runs(start..end, |start, len, offset, stride| {
                let unit = parts as isize;
                let run = |array: usize| Run {
                    start,
                    len,
                    offset: offset[array] * unit,
                    stride: stride[array] * unit,
                };
                append(&mut self.right, first[0], run(0));
                append(&mut self.out, first[1], run(1));
            });
            self.widths.push(((end - start) * parts, [self.right.len(), self.out.len()]));
            start = end;
        }
        self.alike = self.count_alike();
    }

    fn count_alike(&self) -> usize {
        let is_like_first = |panel: &usize| match [self.get(0), self.get(*panel)] {
            [(first_width, _, [first]), (width, _, [run])] => {
                (first_width, first.stride) == (width, run.stride)
            }
            _ => false,
        };
        (0..self.count()).take_while(is_like_first).count()
    }

    /// The distances, from the first panel in the output, of those that are like it there.
    pub(super) fn alike(&self) -> impl ExactSizeIterator<Item = isize> {
        self.out[..self.alike].iter().map(|run| run.offset - self.out[0].offset)
    }

    /// The columns of all panels.
    pub(super) fn block(&self) -> &Range<usize> {
        &self.block
    }

    pub(super) fn count(&self) -> usize {
        self.widths.len()
    }

    /// A panel's width, and its runs in the right side and in the output.
    #[inline(always)]
    pub(super) fn get(&self, panel: usize) -> (usize, &[Run], &[Run]) {
        let first = panel.checked_sub(1).map_or([0, 0], |before| self.widths[before].1);
        let (width, last) = self.widths[panel];
        (width, &self.right[first[0]..last[0]], &self.out[first[1]..last[1]])
    }

    /// Whether the right side has all columns of each panel side by side.
    pub(super) fn is_contiguous(&self, parts: usize) -> bool {
        self.right.len() == self.widths.len() && self.right.iter().all(|run| run.stride == parts as isize)
    }
}

/// Appends a run to those from `first` on, or lengthens the last one that it continues.
fn append(runs: &mut Vec<Run>, first: usize, run: Run) {
    let has_last = runs.len() > first;
    match runs.last_mut() {
        Some(last)
            if has_last
                && last.stride == run.stride
                && last.offset + last.len as isize * last.stride == run.offset =>
        {
            last.len += run.len;
        }
        _ => runs.push(run),
    }
}
