//! The iterations of nested loops.

use super::Loop;
use crate::few::Few;

/// The offsets of each iteration of some loops, one inside the other. An iterator and no function that calls a closure: what is
/// done in an iteration must be inlined to be compiled for the processor at hand.
pub(super) struct Walk<'a> {
    outer: &'a [Loop],
    counters: Few<usize>,
    /// Where the innermost loop begins.
    start: [isize; 3],
    inner: Loop,
    /// Iterations of the innermost loop that are still to come, and the offsets of the next one.
    left: usize,
    offsets: [isize; 3],
}

impl<'a> Walk<'a> {
    #[inline(always)]
    pub(super) fn of(loops: &'a [Loop]) -> Self {
        let (&inner, outer) = loops.split_last().unwrap_or((&Loop::ONCE, &[]));
        let is_empty = loops.iter().any(|level| level.extent == 0);
        let (outer, left) = if is_empty { (&[][..], 0) } else { (outer, inner.extent) };
        let counters = Few::filled(0, outer.len());
        Self { outer, counters, start: [0; 3], inner, left, offsets: [0; 3] }
    }
}

impl Iterator for Walk<'_> {
    type Item = [isize; 3];

    #[inline(always)]
    fn next(&mut self) -> Option<[isize; 3]> {
        if self.left == 0 {
            // Asked here, for many walks are of one loop, in which nothing is left to advance.
            if self.outer.is_empty() || !advance(self.outer, &mut self.counters, &mut self.start) {
                return None;
            }
            (self.left, self.offsets) = (self.inner.extent, self.start);
        }
        self.left -= 1;
        let now = self.offsets;
        self.offsets = core::array::from_fn(|n| now[n] + self.inner.strides[n]);
        Some(now)
    }
}

/// Moves on to the next iteration of these loops; `false` if there is none.
#[inline(never)]
fn advance(loops: &[Loop], counters: &mut [usize], offsets: &mut [isize; 3]) -> bool {
    for (level, counter) in loops.iter().zip(counters).rev() {
        let Loop { extent, strides } = *level;
        *counter += 1;
        let moved = if *counter < extent { 1 } else { 1 - extent as isize };
        *offsets = core::array::from_fn(|n| offsets[n] + moved * strides[n]);
        if *counter < extent {
            return true;
        }
        *counter = 0;
    }
    false
}
