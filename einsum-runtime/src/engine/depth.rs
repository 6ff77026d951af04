//! A block of the depth as tables: where its positions are in both sides, and which of them each class of rows has.

use core::ops::Range;

use super::group::Group;
use super::problem::Class;

/// How far apart the positions are in packed sides; `None` where a side is read where it is.
pub(super) type Pitches = [Option<usize>; 2];

/// The tables of a block, of all its positions and of those of each class.
///
/// Whole, they begin with all positions; then come those of the classes that lack some.
#[derive(Debug)]
pub(super) struct DepthTables {
    /// Offsets in the left and in the right side.
    offsets: Vec<[isize; 2]>,
    /// The same, with offsets in packed sides where a side is packed.
    places: Vec<[isize; 2]>,
    pitches: Pitches,
    /// Where each class is in these.
    classes: Vec<Range<usize>>,
    /// How many positions the block has.
    len: usize,
}

impl DepthTables {
    pub(super) const fn new() -> Self {
        let classes = Vec::new();
        Self { offsets: Vec::new(), places: Vec::new(), pitches: [None; 2], classes, len: 0 }
    }

    pub(super) fn fill(
        &mut self,
        depth: &Group<2>,
        block: Range<usize>,
        classes: &[Class],
        unit: isize,
        pitches: Pitches,
    ) {
        self.offsets.clear();
        self.places.clear();
        self.classes.clear();
        (self.len, self.pitches) = (block.len(), pitches);
        depth.offsets(block.clone(), unit, &mut self.offsets);
        if self.is_packed() {
            self.places.extend_from_slice(&self.offsets);
            self.number(0, 1);
            self.number(0, 0);
        }
        for class in classes {
            self.add_class(depth, block.clone(), class);
        }
    }

    fn is_packed(&self) -> bool {
        self.pitches != [None; 2]
    }

    /// A packed right side has all positions; a left one only those of the class, and it is packed by their offsets.
    fn add_class(&mut self, depth: &Group<2>, block: Range<usize>, class: &Class) {
        let (has_places, has_offsets) = (self.is_packed(), !self.is_packed() || self.pitches[0].is_some());
        let start = if has_places { self.places.len() } else { self.offsets.len() };
        let Self { offsets, places, len, .. } = self;
        let mut is_whole = false;
        depth.runs_inside(&class.depth, block, |run| {
            is_whole = run == (0..*len);
            if has_offsets && !is_whole {
                append(offsets, run.clone());
            }
            if has_places && !is_whole {
                append(places, run);
            }
        });
        let end = if has_places { self.places.len() } else { self.offsets.len() };
        self.number(start, 0);
        self.classes.push(if is_whole { 0..self.len } else { start..end });
    }

    /// Numbers the places in a packed side from a position on.
    fn number(&mut self, start: usize, side: usize) {
        if let Some(pitch) = self.pitches[side] {
            let places = (0..).step_by(pitch);
            self.places[start..].iter_mut().zip(places).for_each(|(offsets, place)| offsets[side] = place);
        }
    }

    /// Offsets of all positions.
    pub(super) fn whole(&self) -> &[[isize; 2]] {
        &self.offsets[..self.len]
    }

    /// How many of the positions a class has.
    pub(super) fn len_of(&self, class: usize) -> usize {
        self.classes[class].len()
    }

    /// Offsets of the positions that a class has, for packing its left side.
    pub(super) fn offsets_of(&self, class: usize) -> &[[isize; 2]] {
        &self.offsets[self.classes[class].clone()]
    }

    /// The same in packed sides, where a side is packed.
    pub(super) fn places_of(&self, class: usize) -> &[[isize; 2]] {
        let table = if self.is_packed() { &self.places } else { &self.offsets };
        &table[self.classes[class].clone()]
    }
}

/// Appends a part of the table to it.
fn append(table: &mut Vec<[isize; 2]>, part: Range<usize>) {
    // A call of `memcpy` would take longer than a few pairs.
    if part.len() < 4 {
        part.for_each(|position| table.push(table[position]));
    } else {
        table.extend_from_within(part);
    }
}
