//! Index arithmetic as ordinary loops: the ranges of the loops are cut into pieces in which every index of every array
//! stays inside, so that no loop tests anything.
//!
//! ```text
//! the call's indices, in terms of labels
//!   → space: gathers solved for whole numbers, one space for each combination of remainders; a position of an axis is
//!     an affine form of the loops
//!   → cut: boxes of a space in which all forms stay within their axes
//!   → piece: a box with its forms, which are strides and offsets of the arrays
//! ```
//!
//! For a 3x3 kernel with a padding of 1 the rows of the image fall into the first, the inner ones and the last, and so do
//! its columns: nine pieces. In the first one the kernel has two rows and two columns; what it would read of the padding is
//! not computed. With a stride of 2, the gradient of an image has a space for even and one for odd rows, each with the rows
//! of the kernel that reach it.

mod cut;
mod space;
#[cfg(test)]
mod tests;

use crate::call::{Call, CallArray};
use space::Space;

/// What an equation's loops are, as a constant of an expansion.
#[derive(Debug, Clone, Copy)]
pub struct Loops<'a> {
    /// The arrays that are read, by their numbers in the call.
    pub inputs: &'a [usize],
    /// The array that is written.
    pub output: CallArray<'a>,
    /// Labels whose loops have positions of an axis of the output instead of their values: the axis, and the label.
    pub gathers: &'a [(usize, usize)],
    /// The loops that places in the output differ by.
    pub written: &'a [usize],
    /// Loops of which no input depends, and the output does not either.
    pub idle: &'a [usize],
}

/// The pieces of a call.
#[derive(Debug)]
pub struct Pieces {
    members: Vec<Member>,
    spaces: Vec<Space>,
    /// The space of each piece.
    places: Vec<usize>,
    /// For each piece, and each loop: where its range begins, and how long it is.
    ranges: Vec<[usize; 2]>,
    /// Whether each place of the output is in one piece, and in no other.
    is_partition: bool,
}

/// An array, whose axes but those of an ellipsis are some of a space's rows.
#[derive(Debug)]
struct Member {
    first_row: usize,
    rows: usize,
    ellipsis: Option<usize>,
}

impl Member {
    /// The axes beside an ellipsis of an array of this rank, each with its row.
    fn axes(&self, rank: usize) -> impl Iterator<Item = (usize, usize)> {
        let &Self { first_row, rows, ellipsis } = self;
        (0..rows).map(move |row| match ellipsis {
            Some(place) if row >= place => (row + rank - rows, first_row + row),
            _ => (row, first_row + row),
        })
    }
}

impl Pieces {
    /// Cuts the loops of a call whose extents have been checked.
    ///
    /// `shapes` are those of the call's arrays; `output` has the extents of the array that is written, without those of an
    /// ellipsis; `extents` are those of the labels.
    ///
    /// # Panics
    ///
    /// Where a shape has not the axes of its array.
    #[must_use]
    pub fn new(
        loops: &Loops<'_>,
        call: &Call<'_>,
        shapes: &[&[usize]],
        output: &[usize],
        extents: &[usize],
    ) -> Self {
        let mut space = Space::new(extents);
        let inputs = loops.inputs.iter().map(|&number| (&call.arrays[number], shapes[number]));
        let mut members: Vec<Member> = inputs.map(|(array, shape)| space.add(array, shape)).collect();
        let labelled = CallArray { ellipsis: None, ..loops.output };
        members.push(Member { ellipsis: loops.output.ellipsis, ..space.add(&labelled, output) });
        let first = members[loops.inputs.len()].first_row;
        let gathers: Vec<_> = loops.gathers.iter().map(|&(axis, label)| (first + axis, label)).collect();
        let spaces = space.solved(&gathers);
        let mut pieces = Self {
            members,
            spaces,
            places: Vec::new(),
            ranges: Vec::new(),
            is_partition: loops.idle.is_empty(),
        };
        for place in 0..pieces.spaces.len() {
            pieces.cut(place, loops);
        }
        let written = pieces.iter().map(|piece| piece.positions(loops.written)).sum::<usize>();
        pieces.is_partition &= written == output.iter().product() && are_apart(&pieces.spaces, loops.written);
        pieces
    }

    fn cut(&mut self, place: usize, loops: &Loops<'_>) {
        let Self { spaces, places, ranges, is_partition, .. } = self;
        let cut = cut::boxes(&spaces[place], loops.written);
        *is_partition &= cut.are_apart;
        for ranges_of_box in cut.boxes {
            let times: usize = loops.idle.iter().map(|&label| ranges_of_box[label][1]).product();
            for _ in 0..times {
                places.push(place);
                ranges.extend_from_slice(&ranges_of_box);
            }
        }
    }

    /// Whether each place of the output is in one piece, and in no other.
    pub(crate) fn is_partition(&self) -> bool {
        self.is_partition
    }

    /// Whether there is nothing to add.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The pieces by their spaces.
    pub(crate) fn boxes(&self) -> impl Iterator<Item = Boxes<'_>> {
        let places = 0..self.spaces.len();
        places.map(|place| Boxes { members: &self.members, space: &self.spaces[place], place })
    }

    /// The pieces of one space.
    pub(crate) fn of<'a>(&'a self, boxes: Boxes<'a>) -> impl Iterator<Item = Piece<'a>> + Clone {
        self.numbered().filter(move |&(place, _)| place == boxes.place).map(|(_, piece)| piece)
    }

    /// Leaves out the pieces of the spaces that are done.
    pub(crate) fn retain(&mut self, is_done: &[bool]) {
        let loops = self.loops();
        let (places, ranges) = (core::mem::take(&mut self.places), core::mem::take(&mut self.ranges));
        for (place, ranges) in places.into_iter().zip(ranges.chunks_exact(loops)) {
            if !is_done[place] {
                self.places.push(place);
                self.ranges.extend_from_slice(ranges);
            }
        }
    }

    fn loops(&self) -> usize {
        self.spaces.first().map_or(1, Space::loops).max(1)
    }

    fn numbered(&self) -> impl Iterator<Item = (usize, Piece<'_>)> + Clone {
        self.places.iter().zip(self.ranges.chunks_exact(self.loops())).map(|(&place, ranges)| {
            (place, Piece { members: &self.members, space: &self.spaces[place], ranges })
        })
    }

    /// The pieces, one after the other.
    pub fn iter(&self) -> impl Iterator<Item = Piece<'_>> {
        self.numbered().map(|(_, piece)| piece)
    }
}

/// Pieces with the same forms: boxes of one space.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Boxes<'a> {
    members: &'a [Member],
    space: &'a Space,
    place: usize,
}

impl Boxes<'_> {
    /// The extent of the whole range of a loop.
    pub(crate) fn extent(&self, label: usize) -> usize {
        self.space.extent(label)
    }

    /// For each axis of an array: its number, and its position in terms of whole ranges.
    pub(crate) fn axes(&self, member: usize, rank: usize) -> impl Iterator<Item = (usize, Form<'_>)> {
        self.members[member].axes(rank).map(|(axis, row)| {
            let (coefficients, constant) = (self.space.coefficients(row), self.space.constant(row));
            (axis, Form { coefficients, constant })
        })
    }
}

/// Whether no two spaces write to the same places.
fn are_apart(spaces: &[Space], written: &[usize]) -> bool {
    let remainders =
        |space: &Space| -> Vec<usize> { written.iter().map(|&label| space.remainder(label)).collect() };
    (1..spaces.len()).all(|n| spaces[..n].iter().all(|earlier| remainders(earlier) != remainders(&spaces[n])))
}

/// One piece.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'a> {
    members: &'a [Member],
    space: &'a Space,
    ranges: &'a [[usize; 2]],
}

impl Piece<'_> {
    /// The extent of each loop.
    ///
    /// # Panics
    ///
    /// Where `L` is not the number of loops.
    #[must_use]
    pub fn extents<const L: usize>(&self) -> [usize; L] {
        assert_eq!(self.ranges.len(), L, "one extent for each loop");
        core::array::from_fn(|label| self.ranges[label][1])
    }

    pub(crate) fn loops(&self) -> usize {
        self.ranges.len()
    }

    pub(crate) fn extent(&self, label: usize) -> usize {
        self.ranges[label][1]
    }

    fn positions(&self, labels: &[usize]) -> usize {
        labels.iter().map(|&label| self.ranges[label][1]).product()
    }

    /// For each axis of an array, without those of an ellipsis: its number, and the position along it as a form.
    pub(crate) fn axes(&self, member: usize, rank: usize) -> impl Iterator<Item = (usize, Form<'_>)> {
        self.members[member].axes(rank).map(|(axis, row)| {
            let (coefficients, constant) = (self.space.coefficients(row), self.start(row));
            (axis, Form { coefficients, constant })
        })
    }

    /// Where the range of a loop begins, and how long it is.
    pub(crate) fn range(&self, label: usize) -> [usize; 2] {
        self.ranges[label]
    }

    /// The position of a row's axis where this piece begins.
    fn start(&self, row: usize) -> isize {
        let coefficients = self.space.coefficients(row).iter().zip(self.ranges);
        self.space.constant(row)
            + coefficients.map(|(coefficient, range)| coefficient * range[0] as isize).sum::<isize>()
    }
}

/// A position, in terms of loops that begin at 0.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form<'a> {
    pub(crate) coefficients: &'a [isize],
    pub(crate) constant: isize,
}
