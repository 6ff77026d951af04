//! Outputs too large for the caches, with few products for each element: there, writing takes the time.
//!
//! A store that misses the caches first reads the line that it will overwrite. One that goes past them does not, but must be
//! followed by its neighbours at once, until the line is full, which those of tiles are not. So tiles are stored to a
//! buffer that stays in the second-level cache, with what is side by side in the output side by side, and are copied to
//! the output from there.

use core::ops::Range;

use super::blocking::Blocks;
use super::drive::Part;
use super::group::{Axis, Group};
use super::kernel::Mode;
use super::pack::are_interleaved;
use super::problem::{Groups, Problem};

/// Bytes of an output of which the caches keep little. Tests have no time for so large ones.
const LEAST_BYTES: usize = if cfg!(test) { 1 << 12 } else { 16 << 20 };

/// Products for each element from which on stores wait for these, not the other way round.
const MOST_DEPTH: usize = 256;

/// Bytes of the buffer, if they hold a tile, and its columns, if they hold what is side by side.
const BUFFER_BYTES: usize = 1 << 16;
const COLUMNS: usize = 512;

/// Rows of the buffer are this much longer than needed: a power of two would bring them all into few sets of a cache.
const PADDING_BYTES: usize = 64;

/// Bytes side by side in the output from which on they are worth a copy of their own.
const LEAST_CHUNK_BYTES: usize = 512;

/// How an output is written through a buffer.
#[derive(Debug)]
pub(super) struct Stream {
    /// Those of the contraction, but that strides of the output are those of the buffer.
    pub(super) groups: Groups,
    /// Columns side by side in the output, and rows that continue them there.
    run: usize,
    rows_of_chunk: usize,
    /// Elements of the buffer.
    pub(super) len: usize,
    /// Rows and columns that it holds.
    pub(super) rows: usize,
    pub(super) columns: usize,
}

impl Stream {
    /// How to write a part that is computed in these blocks, by tiles of so many rows and columns; `None` if it is better
    /// written at once.
    pub(super) fn new<T>(
        problem: &Problem<'_, T>,
        part: &Part,
        blocks: &Blocks,
        [tile, panel]: [usize; 2],
    ) -> Option<Self> {
        let groups = problem.groups;
        let size = size_of::<T>() * if problem.complex { 2 } else { 1 };
        let elements = groups.batch.len() * groups.rows.len() * groups.columns.len();
        let is_worth_it = cfg!(target_arch = "x86_64")
            && problem.mode == Mode::Assign
            && elements * size >= LEAST_BYTES
            && groups.depth.len() <= MOST_DEPTH.min(blocks.depth)
            && groups.columns.innermost().strides[1] == 1
            && problem.rows.are_whole(groups);
        if !is_worth_it {
            return None;
        }
        let run = groups.columns.run(1);
        let columns = match run <= COLUMNS {
            _ if are_interleaved(&groups.columns) => blocks.columns,
            true => COLUMNS / run * run,
            false => (COLUMNS / panel).max(1) * panel,
        };
        let most = BUFFER_BYTES / (columns * size);
        let are_whole =
            |range: &Range<usize>, unit| [range.start, range.end].iter().all(|end| end % unit == 0);
        let continuing = continuing(&groups.rows, run);
        let fits = |count: &usize| continuing.is_multiple_of(*count) && are_whole(&part.rows, *count);
        let is_cut = !are_whole(&part.columns, run) || columns % run > 0;
        let rows_of_chunk = if is_cut { 1 } else { (1..=most).rev().find(fits).unwrap_or(1) };
        let rows = (most.max(tile) / rows_of_chunk * rows_of_chunk).min(part.rows.len());
        let padding = PADDING_BYTES / size;
        (run * rows_of_chunk * size >= LEAST_CHUNK_BYTES)
            .then(|| Self::with(groups, run, rows_of_chunk, [rows, columns], padding))
    }

    fn with(
        groups: &Groups,
        run: usize,
        rows_of_chunk: usize,
        [rows, columns]: [usize; 2],
        padding: usize,
    ) -> Self {
        let batch = groups.batch.respaced(2, 1, 0);
        let (rows_group, columns_group) = match rows_of_chunk {
            1 => (groups.rows.respaced(1, 1, columns + padding), groups.columns.respaced(1, 1, 1)),
            _ => {
                let chunk = rows_of_chunk * run;
                let pitch = rows / rows_of_chunk * chunk + padding;
                (groups.rows.respaced(1, rows_of_chunk, chunk), groups.columns.respaced(1, run, pitch))
            }
        };
        let groups = Groups { batch, rows: rows_group, columns: columns_group, ..*groups };
        let len = rows * (columns + padding) + columns / run.min(columns) * padding;
        Self { groups, run, rows_of_chunk, len, rows, columns }
    }

    /// Where the block that begins with this row and column is in the buffer, if that began with the first ones.
    pub(super) fn start(&self, row: usize, column: usize) -> isize {
        self.groups.rows.offset(row)[1] + self.groups.columns.offset(column)[1]
    }

    /// Copies a block from the buffer to the output, in which the groups are these. Numbers are `parts` to an element.
    ///
    /// # Safety
    ///
    /// The buffer holds the block from its start on, and nobody else reads or writes the block in the output; of both the
    /// pointers are those of the first row and column.
    pub(super) unsafe fn copy<T: Copy>(
        &self,
        buffer: *const T,
        out: *mut T,
        groups: &Groups,
        (rows, columns): (Range<usize>, &Range<usize>),
        parts: usize,
    ) {
        for row in rows.step_by(self.rows_of_chunk) {
            let [from_row, to_row] = [&self.groups, groups].map(|groups| groups.rows.offset(row)[1]);
            let mut column = columns.start;
            while column < columns.end {
                let len = (self.run - column % self.run).min(columns.end - column);
                let [from, to] = [&self.groups, groups].map(|groups| groups.columns.offset(column)[1]);
                let offsets = [from_row + from, to_row + to].map(|offset| offset * parts as isize);
                let (from, to) = (buffer.wrapping_offset(offsets[0]), out.wrapping_offset(offsets[1]));
                // SAFETY: by the contract: rows of a chunk follow each other in both.
                unsafe { copy_past_caches(from, to, len * self.rows_of_chunk * parts) }
                column += len;
            }
        }
    }
}

/// How many rows continue a run of that many neighbours.
fn continuing(rows: &Group<2>, run: usize) -> usize {
    let Axis { extent, strides, .. } = rows.innermost();
    if strides[1] == run as isize { extent } else { 1 }
}

/// Copies numbers by stores that do not read what they overwrite, nor keep it in the caches. Other threads may see them
/// after [`fence`].
///
/// # Safety
///
/// There are as many numbers at both places, and nobody else reads or writes those at `to`.
unsafe fn copy_past_caches<T: Copy>(from: *const T, to: *mut T, len: usize) {
    #[cfg(target_arch = "x86_64")]
    {
        use core::arch::x86_64::{__m128i, _mm_stream_si128};
        const BYTES: usize = size_of::<__m128i>();
        let numbers = BYTES / size_of::<T>();
        let head = to.align_offset(BYTES).min(len);
        let whole = (len - head) / numbers;
        let tail = head + whole * numbers;
        // SAFETY: by the contract; vectors are aligned in the output, from the end of the head on.
        unsafe {
            to.copy_from_nonoverlapping(from, head);
            let (source, target) = (from.add(head).cast::<__m128i>(), to.add(head).cast::<__m128i>());
            for vector in 0..whole {
                _mm_stream_si128(target.add(vector), source.add(vector).read_unaligned());
            }
            to.add(tail).copy_from_nonoverlapping(from.add(tail), len - tail);
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    // SAFETY: by the contract.
    unsafe {
        to.copy_from_nonoverlapping(from, len);
    }
}

/// Lets all that was copied past the caches come before what follows.
pub(super) fn fence() {
    // SAFETY: all processors of this architecture have the instruction.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        core::arch::x86_64::_mm_sfence();
    }
}
