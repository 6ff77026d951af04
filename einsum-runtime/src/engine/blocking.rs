//! How large the blocks are, and when a side is packed. All sizes are in elements, unless they say bytes.
//!
//! The memory that a thread needs beside the arrays is bounded by these: one packed block of each side and the
//! tables, together below 2 MiB.

use core::ops::Range;

use super::ahead::FetchLeft;
use super::group::Group;
use super::problem::Groups;

/// The depth of a block, in bytes of one column: of a panel of 4 AVX-512 vectors that makes 256 KiB, a quarter of the
/// second-level cache, where it stays while all rows pass by. Half of it was slower by 3 to 8 parts in a hundred, since
/// the output is read and written, or scattered, once for each block.
const DEPTH_BYTES: usize = 4096;

/// The same for a left side that comes from memory as short pieces of rows: a block of it is read from end to end by the
/// first tiles, and waits in the second-level cache for the others. With four times the depth a product of a 64 MiB tensor took a quarter longer.
const STREAMED_DEPTH_BYTES: usize = 1024;

/// Bytes of which the second-level cache has no more.
pub(super) const SECOND_LEVEL: usize = 1 << 20;

/// The bytes of the packed right side: it is read once for each block of rows, from the second- or third-level cache.
const RIGHT_BYTES: usize = 1 << 20;

/// The bytes of the packed left side: half of a second-level cache of 1 MiB.
const LEFT_BYTES: usize = 1 << 19;

/// The bytes of a left side that is read where it is, where each panel finds it again in the second-level cache: with
/// smaller blocks the right side is read more often, and with larger ones a product of 2048x2048 matrices took a tenth longer.
const UNPACKED_LEFT_BYTES: usize = 1 << 20;

/// The rows of a block, however shallow it is: their table is 32 KiB.
const ROWS: usize = 2048;

/// The rows of a block whose depth is at most this: it is the output that takes the time there. All panels pass by a few
/// rows, so that these are written from end to end while their pages are at hand: up to a third faster.
const SHALLOW: usize = 64;
const ROWS_OF_SHALLOW: usize = 96;
/// The same where there is hardly a product: a tile of rows is written from end to end, which took 200 us for 16 MB where 24 rows
/// at a time took 600, and the right side waits for the next ones in half of a first-level cache.
const HARDLY_DEEP: usize = 16;
const RIGHT_BYTES_OF_HARDLY_DEEP: usize = 1 << 14;

/// The columns of a block, however shallow it is: for the tables of its panels.
pub(super) const COLUMNS: usize = 2048;

/// Rows that must use a packed panel before packing it pays: a column is packed at about the price of a few products.
const ROWS_TO_PACK: usize = 96;

/// The step from one row of the right side to the next, in bytes, that is not read without packing: from it on the rows
/// of a panel lie on so many pages, and so few cache sets, that they push each other out.
const UNPACKED_STEP_BYTES: usize = 2048;

/// Panels that must use a packed left side before packing it pays, if it is read in steps of more bytes than these: so
/// long steps meet a new page each, and the same few cache sets.
const PANELS_TO_PACK: usize = 4;
const UNPACKED_LEFT_STEP_BYTES: usize = 1024;
/// Neighbours along the depth from which on stretches of them are read where they are, however far apart: packing those
/// of a 3x3 kernel took longer.
const LONG_STRETCH: usize = 8;

/// The bytes of a side that hardly fits the second-level cache, and the rows that each panel must meet for fetching
/// the next one meanwhile to pay.
const FETCHED_AHEAD_BYTES: usize = 1 << 20;
const ROWS_TO_FETCH_AHEAD: usize = 48;

/// How the left side is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeftSide {
    Packed,
    /// Where it is.
    InPlace,
    /// Where it is, and by one panel or two: so it comes from memory all the time, that of one batch after the other, and what the next
    /// tile needs is fetched while this one is multiplied.
    Streamed(FetchLeft),
}

impl LeftSide {
    /// For elements of this size, of which the left side is read by that many panels, and has all these rows. `most` are the columns
    /// that a panel has room for: what a part has must not tell, for sums would be blocked otherwise than in other parts.
    pub(super) fn new(panels: usize, most: usize, rows: usize, groups: &Groups, size: usize) -> Self {
        let columns = groups.columns.len();
        let bytes = groups.batch.len() * rows * groups.depth.len() * size;
        if packs_left(panels, &groups.depth, size) {
            Self::Packed
        } else if bytes <= FETCHED_AHEAD_BYTES {
            Self::InPlace
        } else if groups.depth.innermost().strides[0] == 1 && columns <= 2 * most {
            Self::Streamed(FetchLeft::AlongDepth)
        } else if groups.rows.innermost().strides[0] == 1 && columns <= most {
            Self::Streamed(FetchLeft::AlongRows)
        } else {
            Self::InPlace
        }
    }

    /// The number of blocks of a depth.
    pub(super) fn depth_blocks(self, size: usize, depth: usize) -> usize {
        let bytes = if self.fetch() == FetchLeft::AlongRows { STREAMED_DEPTH_BYTES } else { DEPTH_BYTES };
        depth.div_ceil(bytes / size)
    }

    /// What is fetched of it for the next tile.
    pub(super) fn fetch(self) -> FetchLeft {
        if let Self::Streamed(fetch) = self { fetch } else { FetchLeft::No }
    }
}

/// The blocks of one contraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Blocks {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) depth: usize,
}

impl Blocks {
    /// For elements of this size, panels of this width and the stretches that they are cut from, and tiles of this many
    /// rows.
    pub(super) fn new(
        size: usize,
        depth: usize,
        [panel, stretch]: [usize; 2],
        tile: usize,
        side: LeftSide,
    ) -> Self {
        let depth = depth.div_ceil(side.depth_blocks(size, depth));
        let right = if is_hardly_deep(depth) { RIGHT_BYTES_OF_HARDLY_DEEP } else { RIGHT_BYTES };
        let columns = (right / (size * depth)).min(COLUMNS);
        // Whole stretches, if there is room for one, leave no panel torn in two.
        let unit = if stretch <= columns { stretch } else { panel };
        let most = match depth {
            ..=HARDLY_DEEP if panel < stretch => tile,
            ..=SHALLOW if panel < stretch => ROWS_OF_SHALLOW,
            _ => ROWS,
        };
        let left = if side == LeftSide::Packed { LEFT_BYTES } else { UNPACKED_LEFT_BYTES };
        let rows = (left / (size * depth)).min(most);
        Self { rows: (rows / tile * tile).max(tile), columns: (columns / unit * unit).max(panel), depth }
    }
}

/// Whether there is hardly a product for each element of the output.
pub(super) fn is_hardly_deep(depth: usize) -> bool {
    depth <= HARDLY_DEEP
}

/// `range` in pieces of at most `size`.
pub(super) fn blocks(range: Range<usize>, size: usize) -> impl Iterator<Item = Range<usize>> {
    range.clone().step_by(size).map(move |start| start..(start + size).min(range.end))
}

/// The size of equal shares of `total`, none above `limit`.
pub(super) fn even_share(total: usize, limit: usize) -> usize {
    total.div_ceil(total.div_ceil(limit).max(1)).max(1)
}

/// Whether vectors of the right side, which are there without packing, should be packed all the same.
pub(super) fn packs_contiguous_right(rows: usize, step_bytes: usize) -> bool {
    rows >= ROWS_TO_PACK && step_bytes >= UNPACKED_STEP_BYTES
}

/// Whether the left side should be packed, which that many panels read along this depth, in elements of this size.
pub(super) fn packs_left(panels: usize, depth: &Group<2>, size: usize) -> bool {
    panels >= PANELS_TO_PACK && is_left_far(depth, LONG_STRETCH, size)
}

/// Whether the left side is read along this depth in steps that meet a new page each, unless its stretches of neighbours
/// are `long`, in elements of this size.
pub(super) fn is_left_far(depth: &Group<2>, long: usize, size: usize) -> bool {
    depth.step(0, long) * size > UNPACKED_LEFT_STEP_BYTES
}

/// Whether a panel of the right side, of this many bytes as a whole, should be fetched while the one before is multiplied.
pub(super) fn fetches_ahead(rows: usize, right_bytes: usize) -> bool {
    rows >= ROWS_TO_FETCH_AHEAD && right_bytes > FETCHED_AHEAD_BYTES
}
