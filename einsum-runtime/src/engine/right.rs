//! A block of the right side, panel by panel: where each is read, what is packed before, and what is fetched meanwhile.

use pulp::Arch;

use super::ahead::{Ahead, CACHE_LINE, Lines};
use super::blocking::is_hardly_deep;
use super::group::Group;
use super::pack::{Interleaved, RightPanel, at_least, is_interleaved_block};
use super::panels::Panels;
use super::real::Real;

/// The panels of a block, for the rows of a block.
pub(super) struct RightBlock<'a, T> {
    /// The right side of this batch.
    pub(super) start: *const T,
    pub(super) panels: &'a Panels,
    pub(super) columns: &'a Group<2>,
    /// Offsets of the depth in the left and in the right side.
    pub(super) depth: &'a [[isize; 2]],
    pub(super) lines: &'a Lines,
    /// The offset of the first panel of the next block.
    pub(super) next: isize,
    /// Whether no rows met these panels yet.
    pub(super) is_new: bool,
    pub(super) packed: Option<Packed<'a, T>>,
    pub(super) arch: Arch,
    pub(super) parts: usize,
}

/// Packed panels, `size` numbers each.
pub(super) struct Packed<'a, T> {
    places: &'a mut [T],
    size: usize,
    width: usize,
    /// Whether each has a place of its own, for it meets other rows later.
    kept: bool,
}

impl<'a, T: Real> Packed<'a, T> {
    /// Room for `panels` of them, `width` numbers wide: for one, unless they are `kept`.
    pub(super) fn new(room: &'a mut Vec<T>, panels: usize, [width, depth]: [usize; 2], kept: bool) -> Self {
        let size = width * depth;
        let count = if kept { panels } else { 1 };
        let room = at_least(room, size * count + CACHE_LINE / size_of::<T>());
        let aligned = room.as_ptr().align_offset(CACHE_LINE);
        Self { places: &mut room[aligned..], size, width, kept }
    }

    fn start(&self, panel: usize) -> usize {
        if self.kept { panel * self.size } else { 0 }
    }

    fn place(&mut self, panel: usize) -> &mut [T] {
        let start = self.start(panel);
        &mut self.places[start..][..self.size]
    }
}

impl<T: Real> RightBlock<'_, T> {
    /// Packs what is packed before the first panel is read.
    ///
    /// # Safety
    ///
    /// `start` plus each offset of the depth plus each of the panels' is an element.
    pub(super) unsafe fn prepare(&mut self) {
        if !self.is_new || self.is_packed_in_turn() {
            return;
        }
        // SAFETY: by the contract.
        unsafe {
            match self.parts == 1 && is_interleaved_block(self.columns, self.panels.block()) {
                true => self.pack_interleaved(),
                false => (0..self.panels.count()).for_each(|panel| self.pack(panel)),
            }
        }
    }

    /// # Safety
    ///
    /// As for [`prepare`](Self::prepare); the columns are interleaved.
    unsafe fn pack_interleaved(&mut self) {
        if let Some(Packed { places, width, .. }) = &mut self.packed {
            // SAFETY: by the contract.
            self.arch.dispatch(unsafe {
                Interleaved::new(self.start, self.columns, self.panels, self.depth, *width, places)
            });
        }
    }

    /// A panel that was fetched is packed just before it is read; others all at once, for a small one would be read
    /// again before it has arrived in the cache.
    fn is_packed_in_turn(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Where the panel is read, with the offsets that its side has: those of the depth, or of a packed panel.
    ///
    /// # Safety
    ///
    /// As for [`prepare`](Self::prepare), which came before.
    pub(super) unsafe fn panel(&mut self, panel: usize) -> *const T {
        if self.is_new && self.is_packed_in_turn() {
            // SAFETY: by the contract.
            unsafe { self.pack(panel) }
        }
        match &mut self.packed {
            Some(packed) => packed.place(panel).as_ptr(),
            None => self.start.wrapping_offset(self.first(panel)),
        }
    }

    /// Of the panels that are multiplied at once, the first one and others like it: their distances from that in the left side,
    /// where they have none, in the right side, and in the output. It takes less time where products are few; where they are not,
    /// each fetches another meanwhile.
    pub(super) fn fill_alike(&self, distances: &mut Vec<[isize; 3]>) {
        distances.clear();
        if self.lines.is_empty() && is_hardly_deep(self.depth.len()) {
            let alike = self.panels.alike().enumerate();
            distances.extend(alike.map(|(panel, out)| [0, self.distance(panel), out]));
        }
        if distances.is_empty() {
            distances.push([0; 3]);
        }
    }

    /// From where the first panel is read to where this one is.
    fn distance(&self, panel: usize) -> isize {
        match &self.packed {
            Some(packed) => packed.start(panel) as isize,
            None => self.first(panel) - self.first(0),
        }
    }

    /// # Safety
    ///
    /// As for [`prepare`](Self::prepare).
    unsafe fn pack(&mut self, panel: usize) {
        if let Some(packed) = &mut self.packed {
            let (_, runs, _) = self.panels.get(panel);
            let width = packed.width;
            let place = packed.place(panel);
            // SAFETY: by the contract.
            unsafe {
                let panel = RightPanel::new(self.start, runs, self.depth, self.parts, width, place);
                self.arch.dispatch(panel);
            }
        }
    }

    /// The offset of a panel's first column.
    fn first(&self, panel: usize) -> isize {
        self.panels.get(panel).1[0].offset
    }

    /// What to fetch while a panel meets its rows: the one behind it, if they are the first.
    pub(super) fn ahead(&self, panel: usize, shares: usize) -> Ahead<'_, T> {
        if !self.is_new || self.lines.is_empty() {
            return Ahead::NONE;
        }
        let next = match panel + 1 < self.panels.count() {
            true => self.first(panel + 1) + self.depth[0][1],
            false => self.next,
        };
        self.lines.of_panel(self.start.wrapping_offset(next), shares)
    }
}
