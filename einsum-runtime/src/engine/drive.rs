//! The loops around the micro-kernel: blocks of columns, depth and rows, and what is packed for them.

use core::ops::Range;

use pulp::Arch;

use super::ahead::{Ahead, FetchLeft, Lines};
use super::blocking::{Blocks, LeftSide, blocks, even_share, fetches_ahead, packs_contiguous_right};
use super::depth::DepthTables;
use super::kernel::{DEPTH_OF_SHARE, MAX_VECTORS, Mode, Panel, Trusted, tile_rows, tile_vectors};
use super::pack::{LeftBlock, are_interleaved, at_least, packed_row, packed_size};
use super::panels::Panels;
use super::problem::{Class, Groups, Piece, Problem, Rows};
use super::real::Real;
use super::right::{Packed, RightBlock};
use super::simd::Shape;
use super::strategy::Strategy;
use super::stream::{self, Stream};

/// A part of the output, as ranges of positions in the groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) batch: Range<usize>,
    pub(super) rows: Range<usize>,
    pub(super) columns: Range<usize>,
}

/// What one thread needs beside the arrays, kept from one contraction to the next.
#[derive(Debug)]
pub(super) struct Scratch<T> {
    /// Offsets of the rows in the left side and in the output.
    rows: Vec<[isize; 2]>,
    /// The same with places in a packed left side.
    packed_rows: Vec<[isize; 2]>,
    segments: Vec<Segment>,
    depth: DepthTables,
    panels: Panels,
    /// What each panel of the right side is read from.
    lines: Lines,
    /// Offsets of batches in the sides and in the output.
    batches: Vec<[isize; 3]>,
    left: Vec<T>,
    right: Vec<T>,
    /// A block of the output on its way there.
    buffer: Vec<T>,
}

impl<T> Scratch<T> {
    pub(super) const fn new() -> Self {
        let panels = Panels::new();
        Self {
            rows: Vec::new(),
            packed_rows: Vec::new(),
            segments: Vec::new(),
            depth: DepthTables::new(),
            panels,
            lines: Lines::new(),
            batches: Vec::new(),
            left: Vec::new(),
            right: Vec::new(),
            buffer: Vec::new(),
        }
    }
}

/// Products of real numbers up to which a batch is small.
const SMALL: usize = 1 << 16;
/// Small batches that are computed together: their table is 12 KiB.
const BATCHES: usize = 512;

/// Computes a part of a contraction on this thread.
///
/// # Safety
///
/// The pointers and strides of the problem are those of live arrays with the extents of its groups, the part is
/// inside of these, and nobody else reads or writes it in the output.
pub(super) unsafe fn run<T: Real>(problem: &Problem<'_, T>, part: &Part) {
    T::with_scratch(|scratch| {
        let driver = Driver::new(problem, part);
        // SAFETY: by the contract.
        unsafe {
            match driver.stream() {
                Some(stream) => driver.run_streamed(&stream, scratch),
                None => driver.run(scratch),
            }
        }
    });
}

struct Driver<'a, T> {
    problem: &'a Problem<'a, T>,
    part: &'a Part,
    arch: Arch,
    lanes: usize,
    /// Numbers of an element: 2 if it is complex.
    parts: usize,
    /// Elements that a panel does not go beyond a multiple of.
    stretch: usize,
    /// Numbers of a full panel's row.
    width: usize,
    /// Rows of a full panel's tile, in numbers.
    tile: usize,
    left: LeftSide,
    blocks: Blocks,
    /// Whether the output of the problem is a buffer, and how that reaches the output.
    streamed: Option<Streamed<'a, T>>,
}

/// An output that is written through a buffer.
#[derive(Clone, Copy)]
struct Streamed<'a, T> {
    stream: &'a Stream,
    groups: &'a Groups,
    out: *mut T,
}

impl<'a, T: Real> Driver<'a, T> {
    fn new(problem: &'a Problem<'a, T>, part: &'a Part) -> Self {
        let Strategy { arch, cut, .. } = problem.strategy;
        let Shape { lanes, registers } = Shape::of::<T>(arch);
        let parts = if problem.complex { 2 } else { 1 };
        let whole = part.columns.len();
        let innermost = problem.groups.columns.innermost().extent;
        let stretch = if cut { innermost } else { whole };
        let vectors = even_share((stretch * parts).div_ceil(lanes), tile_vectors(registers));
        let vectors = vectors.next_multiple_of(parts.div_ceil(lanes));
        let (width, tile) = (vectors * lanes, tile_rows(registers, vectors));
        let size = size_of::<T>() * parts;
        let panels = (whole * parts).div_ceil(width);
        let most = if cut { 0 } else { lanes * tile_vectors(registers) / parts };
        let left = LeftSide::new(panels, most, problem.rows.len(), problem.groups, size);
        let depth = problem.groups.depth.len();
        let unit = if are_interleaved(&problem.groups.columns) { innermost } else { stretch };
        let blocks = Blocks::new(size, depth, [width / parts, unit], tile / parts, left);
        let stretch = if cut { stretch } else { usize::MAX };
        let streamed = None;
        Self { problem, part, arch, lanes, parts, stretch, width, tile, left, blocks, streamed }
    }

    /// How the part is written through a buffer, if that is better. Whole vectors are not worth it: the processor fetches what
    /// they overwrite while it multiplies.
    fn stream(&self) -> Option<Stream> {
        let run = self.problem.groups.columns.run(1) * self.parts;
        if self.is_small() || run > self.width || run.is_multiple_of(self.lanes) {
            return None;
        }
        let tile = [self.tile, self.width].map(|numbers| numbers / self.parts);
        Stream::new(self.problem, self.part, &self.blocks, tile)
    }

    /// Computes the part in a buffer, block by block.
    ///
    /// # Safety
    ///
    /// The contract of [`run`]; the stream is that of this part.
    unsafe fn run_streamed(self, stream: &Stream, scratch: &mut Scratch<T>) {
        let groups = &stream.groups;
        let pieces = [Piece { class: 0, rows: 0..groups.rows.len() }];
        let rows = Rows { classes: &[Class::whole(groups)], pieces: &pieces, disjoint: true };
        at_least(&mut scratch.buffer, stream.len * self.parts);
        let out = scratch.buffer.as_mut_ptr();
        let problem = Problem { groups, rows, out, ..*self.problem };
        let blocks = Blocks { rows: stream.rows, columns: stream.columns, ..self.blocks };
        let Problem { groups, out, .. } = *self.problem;
        let streamed = Some(Streamed { stream, groups, out });
        // SAFETY: by the contract; a block of the output is inside of the buffer.
        unsafe { Driver { problem: &problem, blocks, streamed, ..self }.run(scratch) }
        stream::fence();
    }

    fn packs_left(&self) -> bool {
        self.left == LeftSide::Packed
    }

    /// # Safety
    ///
    /// The contract of [`run`].
    unsafe fn run(&self, scratch: &mut Scratch<T>) {
        let Groups { columns: group, depth, .. } = &self.problem.groups;
        for columns in blocks(self.part.columns.clone(), self.blocks.columns) {
            scratch.panels.fill(group, columns.clone(), self.stretch, self.width, self.parts);
            let pack_right = self.packs_right(&scratch.panels);
            if !pack_right && self.is_small() {
                // SAFETY: by the contract.
                unsafe { self.small(scratch) }
                continue;
            }
            for depth_block in blocks(0..depth.len(), self.blocks.depth) {
                let next = match depth_block.end == depth.len() {
                    false => [columns.start, depth_block.end],
                    true => [columns.end % group.len(), 0],
                };
                // SAFETY: by the contract.
                unsafe { self.depth_block(depth_block, next, pack_right, scratch) }
            }
        }
    }

    /// Whether the products of several batches are so small that preparing each would take as long as computing it.
    fn is_small(&self) -> bool {
        let Part { batch, rows, columns } = self.part;
        let depth = self.problem.groups.depth.len();
        batch.len() > 1
            && !self.packs_left()
            && depth <= self.blocks.depth
            && rows.len() <= self.blocks.rows
            && rows.len() * columns.len() * depth * self.parts <= SMALL
    }

    /// Computes small products from tables that all batches share.
    ///
    /// # Safety
    ///
    /// The contract of [`run`]; the panels are those of a block of columns, side by side, and neither side is packed.
    unsafe fn small(&self, scratch: &mut Scratch<T>) {
        let Problem { groups, left, right, out, mode, .. } = *self.problem;
        let unit = self.parts as isize;
        let classes = self.problem.rows.classes;
        scratch.depth.fill(&groups.depth, 0..groups.depth.len(), classes, unit, [None, None]);
        self.fill_rows(self.part.rows.clone(), scratch);
        let Scratch { rows, segments, depth, panels, batches, .. } = scratch;
        for block in blocks(self.part.batch.clone(), BATCHES) {
            batches.clear();
            groups.batch.offsets(block, unit, batches);
            for panel in 0..panels.count() {
                let (width, columns, runs) = panels.get(panel);
                let right = right.wrapping_offset(columns[0].offset);
                let panel = Panel {
                    left,
                    right,
                    out,
                    rows: &[],
                    depth: &[],
                    width,
                    runs,
                    mode,
                    parts: self.parts,
                    ahead: Ahead::NONE,
                    fetch_left: FetchLeft::No,
                    batches,
                };
                // SAFETY: tables and runs are offsets of the groups, and the right side has its columns side by side.
                unsafe { self.segments(panel, segments, rows, depth) }
            }
        }
    }

    fn packs_right(&self, panels: &Panels) -> bool {
        let step = self.problem.groups.depth.innermost().strides[1].unsigned_abs();
        let step_bytes = step * size_of::<T>() * self.parts;
        !panels.is_contiguous(self.parts)
            || (!self.problem.strategy.cut && packs_contiguous_right(self.part.rows.len(), step_bytes))
    }

    /// `next` is the position in the columns and in the depth where the next block begins.
    ///
    /// # Safety
    ///
    /// The contract of [`run`]; the panels are those of a block of columns.
    unsafe fn depth_block(
        &self,
        depth: Range<usize>,
        next: [usize; 2],
        pack_right: bool,
        scratch: &mut Scratch<T>,
    ) {
        let Problem { groups, left, right, out, .. } = self.problem;
        let unit = self.parts as isize;
        let is_first = depth.start == 0;
        let pitches = [self.packs_left().then_some(self.tile), pack_right.then_some(self.width)];
        scratch.depth.fill(&groups.depth, depth, self.problem.rows.classes, unit, pitches);
        self.fill_lines(scratch);
        let next = (groups.columns.offset(next[0])[0] + groups.depth.offset(next[1])[1]) * unit;
        let mut known = 0..0;
        for batch in self.part.batch.clone() {
            let [left_offset, right_offset, out_offset] = groups.batch.offset(batch);
            // SAFETY: the right side begins with an element, and so does that of each batch, by the contract.
            let right = unsafe { right.offset(right_offset * unit) };
            let left = left.wrapping_offset(left_offset * unit);
            let out = out.wrapping_offset(out_offset * unit);
            for rows in blocks(self.part.rows.clone(), self.blocks.rows) {
                if rows != known {
                    self.fill_rows(rows.clone(), scratch);
                    known = rows.clone();
                }
                let is_new = rows.start == self.part.rows.start;
                let block = Block { left, right, out, next, pack_right, is_new, is_first };
                // SAFETY: by the contract.
                unsafe {
                    match self.streamed {
                        None => self.row_block(block, scratch),
                        Some(streamed) => self.streamed_block(block, (batch, rows), streamed, scratch),
                    }
                }
            }
        }
    }

    /// Computes a block in the buffer, and copies it to the output.
    ///
    /// # Safety
    ///
    /// As for [`row_block`](Self::row_block), of this batch and these rows; the output of the block is the buffer.
    unsafe fn streamed_block(
        &self,
        block: Block<T>,
        (batch, rows): (usize, Range<usize>),
        Streamed { stream, groups, out }: Streamed<'_, T>,
        scratch: &mut Scratch<T>,
    ) {
        let unit = self.parts as isize;
        let start = stream.start(rows.start, scratch.panels.block().start) * unit;
        let buffer = block.out.wrapping_offset(-start);
        let out = out.wrapping_offset(groups.batch.offset(batch)[2] * unit);
        // SAFETY: by the contract.
        unsafe {
            self.row_block(Block { out: buffer, ..block }, scratch);
            stream.copy(buffer, out, groups, (rows, scratch.panels.block()), self.parts);
        }
    }

    fn fill_lines(&self, scratch: &mut Scratch<T>) {
        let Scratch { lines, panels, depth, .. } = scratch;
        lines.clear();
        let Groups { columns, depth: whole, .. } = &self.problem.groups;
        let bytes = columns.len() * whole.len() * self.parts * size_of::<T>();
        if fetches_ahead(self.part.rows.len(), bytes) && panels.count() > 1 {
            let (_, runs, _) = panels.get(0);
            let depth = depth.whole();
            let first = self.problem.right.wrapping_offset(runs[0].offset + depth[0][1]);
            lines.fill(first, runs, depth, self.parts);
        }
    }

    fn fill_rows(&self, rows: Range<usize>, scratch: &mut Scratch<T>) {
        let Scratch { rows: table, packed_rows, segments, depth, .. } = scratch;
        table.clear();
        segments.clear();
        let Rows { classes, .. } = self.problem.rows;
        self.problem.rows.pieces(rows, |Piece { class, rows }| {
            let start = table.len();
            classes[class].offsets(rows, self.parts, table);
            segments.push(Segment { class, rows: start..table.len() });
        });
        packed_rows.clear();
        if self.packs_left() {
            let mut place = 0;
            for Segment { class, rows } in &*segments {
                let depth = depth.len_of(*class);
                let count = rows.len();
                let rows = table[rows.clone()].iter().enumerate();
                packed_rows
                    .extend(rows.map(|(row, &[_, out])| [place + packed_row(row, self.tile, depth), out]));
                place += packed_size(count, self.tile, depth) as isize;
            }
        }
    }

    /// # Safety
    ///
    /// The contract of [`run`], for the rows and the depth of the tables.
    unsafe fn row_block(&self, block: Block<T>, scratch: &mut Scratch<T>) {
        let left = match self.packs_left() {
            // SAFETY: by the contract.
            true => unsafe { self.pack_left(block.left, scratch) },
            false => block.left,
        };
        let Scratch { rows, packed_rows, segments, depth, panels, lines, right, batches, .. } = scratch;
        let rows = if self.packs_left() { packed_rows } else { rows };
        let mode = if block.is_first { self.problem.mode } else { self.problem.mode.further() };
        let kept = lines.is_empty() || self.part.rows.len() > self.blocks.rows;
        let size = [self.width, depth.whole().len()];
        let packed =
            block.pack_right.then_some(right).map(|room| Packed::new(room, panels.count(), size, kept));
        let Block { right: start, next, is_new, out, .. } = block;
        let (whole, arch, parts) = (depth.whole(), self.arch, self.parts);
        let columns = &self.problem.groups.columns;
        let mut right_block =
            RightBlock { start, columns, panels, depth: whole, lines, next, is_new, packed, arch, parts };
        // SAFETY: by the contract.
        unsafe { right_block.prepare() }
        let shares = segments.iter().map(|segment| self.shares(segment, depth)).sum();
        let fetch_left = self.left.fetch();
        right_block.fill_alike(batches);
        for panel in core::iter::once(0).chain(batches.len()..panels.count()) {
            let (width, _, runs) = panels.get(panel);
            // SAFETY: by the contract.
            let right = unsafe { right_block.panel(panel) };
            let ahead = right_block.ahead(panel, shares);
            let panel = Panel {
                left,
                right,
                out,
                rows: &[],
                depth: &[],
                width,
                runs,
                mode,
                parts,
                ahead,
                fetch_left,
                batches: if panel == 0 { batches } else { &[[0; 3]] },
            };
            // SAFETY: tables and runs are offsets of the groups, or of what was packed by them; a right side that is not
            // packed has its columns side by side.
            unsafe { self.segments(panel, segments, rows, depth) }
        }
    }

    /// Multiplies a panel, which comes without rows and depth, by each segment of the rows.
    ///
    /// # Safety
    ///
    /// The promises of [`Trusted`], for these rows and for the depth of their classes.
    unsafe fn segments<'t>(
        &self,
        panel: Panel<'t, T>,
        segments: &[Segment],
        rows: &'t [[isize; 2]],
        depth: &'t DepthTables,
    ) {
        let mut ahead = panel.ahead;
        for segment in segments {
            let ahead = ahead.take(self.shares(segment, depth));
            let (rows, depth) = (&rows[segment.rows.clone()], depth.places_of(segment.class));
            // No sums: nothing is added, but zeros are assigned.
            if !depth.is_empty() || panel.mode == Mode::Assign {
                // SAFETY: by the contract.
                unsafe { self.panel(Panel { rows, depth, ahead, ..panel }) }
            }
        }
    }

    /// How often the tiles of a segment fetch ahead.
    fn shares(&self, segment: &Segment, depth: &DepthTables) -> usize {
        let depth = depth.len_of(segment.class);
        segment.rows.len().div_ceil(self.tile) * depth.div_ceil(DEPTH_OF_SHARE)
    }

    /// Packs the rows of the tables, and returns where they are.
    ///
    /// # Safety
    ///
    /// As for [`row_block`](Self::row_block).
    unsafe fn pack_left(&self, start: *const T, scratch: &mut Scratch<T>) -> *const T {
        let Scratch { rows, segments, depth, left, .. } = scratch;
        let size =
            |segment: &Segment| packed_size(segment.rows.len(), self.tile, depth.len_of(segment.class));
        let mut places = at_least(left, segments.iter().map(size).sum());
        for segment in &*segments {
            let (packed, others) = places.split_at_mut(size(segment));
            let (rows, depth) = (&rows[segment.rows.clone()], depth.offsets_of(segment.class));
            // SAFETY: by the contract.
            unsafe { self.arch.dispatch(LeftBlock::new(start, rows, depth, self.tile, packed)) }
            places = others;
        }
        left.as_ptr()
    }

    /// # Safety
    ///
    /// The promises of [`Trusted`].
    unsafe fn panel(&self, panel: Panel<'_, T>) {
        // SAFETY: by the contract; the vectors are as many as hold the width.
        unsafe {
            match panel.width.div_ceil(self.lanes) {
                1 => self.arch.dispatch(Trusted::<T, 1>::new(panel)),
                2 => self.arch.dispatch(Trusted::<T, 2>::new(panel)),
                3 => self.arch.dispatch(Trusted::<T, 3>::new(panel)),
                _ => self.arch.dispatch(Trusted::<T, MAX_VECTORS>::new(panel)),
            }
        }
    }
}

/// The rows of a block that are of one class.
#[derive(Debug)]
struct Segment {
    class: usize,
    /// Where they are in the table.
    rows: Range<usize>,
}

/// Where the blocks of one batch are.
struct Block<T> {
    left: *const T,
    right: *const T,
    out: *mut T,
    /// The offset of the first panel of the next block in the right side.
    next: isize,
    pack_right: bool,
    /// Whether no rows met these panels yet.
    is_new: bool,
    /// Whether nothing has been added to the output yet.
    is_first: bool,
}
