//! What the next panel of the right side is read from, fetched while this one is multiplied.
//!
//! A large right side comes from memory, and most often as short pieces far apart: no processor foresees the first one
//! on each page. Waiting for them took an eighth of the time of a convolution with a kernel of 9 MiB.

use core::mem::size_of;

use super::kernel::Run;
use super::pack::stretches;

/// Bytes that come from memory at once.
pub(crate) const CACHE_LINE: usize = 64;

/// The cache lines of a panel, in bytes from its first element: all panels of a block have them at the same places.
#[derive(Debug)]
pub(super) struct Lines(Vec<isize>);

impl Lines {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Lists the lines of the panel whose columns are `runs`, of elements of `parts` numbers, and whose first element
    /// is at `first`: none, if its pieces are so small that the list would have twice as many lines as full ones need.
    pub(super) fn fill<T>(&mut self, first: *const T, runs: &[Run], depth: &[[isize; 2]], parts: usize) {
        self.clear();
        let columns: usize = runs.iter().map(|run| run.len * parts).sum();
        let most = 2 * (columns * depth.len() * size_of::<T>()).div_ceil(CACHE_LINE) + 2 * depth.len();
        let origin = runs[0].offset + depth[0][1];
        for (stretch, _) in stretches(depth, 1) {
            let lowest = stretch[0][1].min(stretch[stretch.len() - 1][1]) - origin;
            for run in runs {
                let neighbours = if run.stride == parts as isize { run.len } else { 1 };
                for column in (0..run.len).step_by(neighbours) {
                    let start = lowest + run.offset + column as isize * run.stride;
                    self.push(first, start, neighbours * parts + stretch.len() - 1);
                }
            }
            if self.0.len() > most {
                return self.clear();
            }
        }
    }

    /// Adds the lines of `len` numbers that begin `start` numbers behind `first`.
    fn push<T>(&mut self, first: *const T, start: isize, len: usize) {
        let line = |number: isize| {
            let byte = number * size_of::<T>() as isize;
            byte - (first.addr() as isize + byte).rem_euclid(CACHE_LINE as isize)
        };
        let (begin, end) = (line(start), line(start + len as isize - 1));
        let mut line = if self.0.last() == Some(&begin) { begin + CACHE_LINE as isize } else { begin };
        while line <= end {
            self.0.push(line);
            line += CACHE_LINE as isize;
        }
    }

    /// Those of the panel whose first element is at `first`, in this many shares: all at once, they would be in the way
    /// of what is needed now.
    pub(super) fn of_panel<T>(&self, first: *const T, shares: usize) -> Ahead<'_, T> {
        Ahead { first, lines: &self.0, share: self.0.len().div_ceil(shares.max(1)) }
    }
}

/// The lines of a panel that are still to be fetched.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ahead<'a, T> {
    first: *const T,
    lines: &'a [isize],
    share: usize,
}

impl<T> Ahead<'_, T> {
    /// Nothing to fetch.
    pub(super) const NONE: Self = Self { first: core::ptr::null(), lines: &[], share: 0 };

    /// Takes the next shares off, as many as these.
    pub(super) fn take(&mut self, shares: usize) -> Self {
        let (lines, later) = self.lines.split_at((shares * self.share).min(self.lines.len()));
        self.lines = later;
        Self { lines, ..*self }
    }

    /// Asks for the next share, to the second-level cache: the first-level one has no room for it.
    #[inline(always)]
    pub(super) fn fetch_share(&mut self) {
        let (now, later) = self.lines.split_at(self.share.min(self.lines.len()));
        self.lines = later;
        now.iter().for_each(|&line| fetch(self.first.wrapping_byte_offset(line).cast()));
    }
}

/// What is fetched of a left side that comes from memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FetchLeft {
    No,
    /// Neighbours are along the depth: a line for each row.
    AlongDepth,
    /// Neighbours are along the rows: a line for each position of the depth.
    AlongRows,
}

impl FetchLeft {
    /// Asks for what some rows of a left side have at these positions of the depth, which are a line or less.
    #[inline(always)]
    pub(super) fn fetch<T>(self, left: *const T, rows: &[[isize; 2]], depth: &[[isize; 2]]) {
        match (self, rows.last()) {
            (Self::AlongDepth, _) => {
                rows.iter().for_each(|row| fetch(left.wrapping_offset(row[0] + depth[0][0]).cast()));
            }
            // The line of the first row is that of the last row of the tile before, or the same.
            (Self::AlongRows, Some(last)) => {
                depth.iter().for_each(|place| fetch(left.wrapping_offset(last[0] + place[0]).cast()));
            }
            _ => {}
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(super) fn fetch(line: *const i8) {
    use core::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
    // SAFETY: a hint, whatever the address: nothing is read that a program could see, and no address is refused.
    unsafe { _mm_prefetch::<_MM_HINT_T1>(line) }
}

/// Elsewhere there is no such hint in stable Rust.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub(super) fn fetch(_: *const i8) {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The lines that hold a number of the panel, one by one.
    fn expected(first: *const f32, runs: &[Run], depth: &[[isize; 2]], parts: usize) -> BTreeSet<isize> {
        let mut lines = BTreeSet::new();
        for column in runs.iter().flat_map(|run| (0..run.len as isize).map(|n| run.offset + n * run.stride)) {
            for number in depth.iter().flat_map(|row| (0..parts as isize).map(|part| row[1] + column + part))
            {
                let byte = 4 * (number - runs[0].offset - depth[0][1]);
                lines.insert(byte - (first.addr() as isize + byte).rem_euclid(CACHE_LINE as isize));
            }
        }
        lines
    }

    fn filled(first: *const f32, runs: &[Run], depth: &[[isize; 2]], parts: usize) -> BTreeSet<isize> {
        let mut lines = Lines::new();
        lines.fill(first, runs, depth, parts);
        lines.0.into_iter().collect()
    }

    fn depth(len: isize, outer: isize, stretch: isize, step: isize) -> Vec<[isize; 2]> {
        (0..len).map(|n| [7 * n, n / stretch * outer + n % stretch * step]).collect()
    }

    #[test]
    fn every_line_of_a_panel_is_listed() {
        let array = [0.0f32; 64];
        for first in [&array[0], &array[4], &array[13]].map(core::ptr::from_ref) {
            for (stride, outer, stretch, step) in
                [(1, 512, 1, 0), (9, 4608, 9, -1), (9, 4608, 9, 1), (700, 1, 1, 0)]
            {
                let runs = [
                    Run { start: 0, len: 30, offset: 50, stride },
                    Run { start: 30, len: 34, offset: 50_000, stride },
                ];
                let depth = depth(90, outer, stretch, step);
                assert_eq!(filled(first, &runs, &depth, 1), expected(first, &runs, &depth, 1));
            }
            let pairs = [Run { start: 0, len: 20, offset: 6, stride: 2 }];
            let depth = depth(33, 1000, 1, 0);
            assert_eq!(filled(first, &pairs, &depth, 2), expected(first, &pairs, &depth, 2));
        }
    }

    #[test]
    fn numbers_that_share_their_lines_with_others_are_not_listed_one_by_one() {
        let runs = [Run { start: 0, len: 64, offset: 0, stride: 9000 }];
        assert!(filled(&0.0, &runs, &depth(900, 3, 1, 0), 1).is_empty());
    }

    #[test]
    fn shares_end_with_the_lines() {
        let mut lines = Lines::new();
        let runs = [Run { start: 0, len: 64, offset: 0, stride: 1 }];
        lines.fill(&0.0f32, &runs, &depth(10, 4096, 1, 0), 1);
        let mut ahead = lines.of_panel(&0.0f32, 7);
        let mut left = Vec::new();
        for _ in 0..8 {
            ahead.fetch_share();
            left.push(ahead.lines.len());
        }
        let (all, share) = (lines.0.len(), lines.0.len().div_ceil(7));
        assert_eq!(left, (1..=8).map(|shares| all.saturating_sub(shares * share)).collect::<Vec<_>>());
    }
}
