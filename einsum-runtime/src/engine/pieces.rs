//! Contractions with index arithmetic, as boxes of labels.

use ndarray::{ArrayRef, Dimension};

use super::boxes::contract_boxes;
use super::kernel::Mode;
use super::{LEAST_WORK, Labelled};
use crate::arithmetic::{Arithmetic, ArithmeticOf};
use crate::element::Element;
use crate::pieces::{Boxes, Piece, Pieces};
use crate::strided::{Erased, Placement, Shape, are_apart, assert_inside};

/// The labels of the loops that an array is read or written in, and its number among the members of the pieces.
type Member<'a> = (&'a [usize], usize);

/// Computes those pieces of a contraction that are faster here than by loops, and leaves the others, to be added.
///
/// `members` are those of the output, the left and the right array. `is_zero` says that the output holds nothing but zeros;
/// else, where it is to be overwritten, what the other pieces write to is set to zero.
///
/// # Panics
///
/// Where a position of a piece lies outside of its array, or two iterations write to one place.
pub fn contract_pieces<T: Element, O: Dimension, L: Dimension, R: Dimension>(
    out: &mut ArrayRef<T, O>,
    left: &ArrayRef<T, L>,
    right: &ArrayRef<T, R>,
    pieces: &mut Pieces,
    members: [Member<'_>; 3],
    is_zero: bool,
    arithmetic: ArithmeticOf<T>,
) {
    let arithmetic = arithmetic.erased();
    let must_clear = arithmetic.mode == Mode::Assign && !is_zero;
    if must_clear && !pieces.is_partition() {
        out.fill(T::zero());
    }
    let is_assigned = pieces.is_partition();
    let done = if is_large(pieces) {
        let start = out.as_mut_ptr();
        let arrays = [
            Array { start: start.cast(), shape: Shape::of(out), member: members[0] },
            Array { start: left.as_ptr().cast_mut().cast(), shape: Shape::of(left), member: members[1] },
            Array { start: right.as_ptr().cast_mut().cast(), shape: Shape::of(right), member: members[2] },
        ];
        let arithmetic = if is_assigned { arithmetic } else { arithmetic.further() };
        // SAFETY: the arrays have elements `T` and are borrowed, the output for writing.
        pieces.boxes().map(|boxes| unsafe { contract_space(&arrays, pieces, boxes, arithmetic) }).collect()
    } else {
        vec![false; pieces.boxes().count()]
    };
    if must_clear && is_assigned {
        clear_others(out, pieces, &done, members[0]);
    }
    pieces.retain(&done);
}

/// Whether there may be work enough.
fn is_large(pieces: &Pieces) -> bool {
    let work = |piece: Piece<'_>| {
        (0..piece.loops())
            .map(|label| piece.extent(label))
            .fold(1, |work: usize, extent| work.saturating_mul(extent))
    };
    pieces.iter().map(work).fold(0, |sum: usize, work| sum.saturating_add(work)) >= LEAST_WORK
}

/// An array of a call.
struct Array<'a> {
    start: *mut (),
    shape: Shape<'a>,
    member: Member<'a>,
}

/// Contracts the pieces of one space, if that is faster here than by loops: says whether it was done.
///
/// # Safety
///
/// The arrays, of which the output comes first, have elements of this arithmetic and are borrowed, the output for writing. If
/// sums are to be assigned, each place of the output is in one piece.
unsafe fn contract_space(
    arrays: &[Array<'_>; 3],
    pieces: &Pieces,
    boxes: Boxes<'_>,
    arithmetic: Arithmetic,
) -> bool {
    let labels = arrays.iter().flat_map(|array| array.member.0).max().map_or(0, |&label| label + 1);
    let mut ranges = Vec::new();
    for piece in pieces.of(boxes) {
        arrays.iter().for_each(|array| assert_inside(array.shape, &piece, array.member.1, array.member.0));
        ranges.extend((0..labels).map(|label| piece.range(label)));
    }
    let Array { shape, member: (written, member), .. } = &arrays[0];
    let forms: Vec<_> = boxes.axes(*member, shape.extents.len()).map(|(_, form)| form).collect();
    assert!(are_apart(&forms, written, |label| boxes.extent(label)), "each iteration has a place of its own");
    let placements = arrays.each_ref().map(|array| {
        let (labels, member) = array.member;
        Placement::of_forms(array.shape, boxes.axes(member, array.shape.extents.len()), labels)
    });
    let extents = arrays.each_ref().map(|array| extents(array, boxes));
    let labelled: [Labelled<'_>; 3] = core::array::from_fn(|n| {
        let offset = placements[n].offset.wrapping_mul(arithmetic.size() as isize);
        let start = arrays[n].start.wrapping_byte_offset(offset);
        (Erased { start, extents: &extents[n], strides: &placements[n].strides }, arrays[n].member.0)
    });
    // SAFETY: each piece was compared with the arrays, and writes each place once; by the contract for the rest.
    unsafe { contract_boxes(&labelled, &ranges, arithmetic) }
}

/// The extents of whole ranges, for the labels of an array.
fn extents(array: &Array<'_>, boxes: Boxes<'_>) -> Vec<usize> {
    array.member.0.iter().map(|&label| boxes.extent(label)).collect()
}

/// Sets to zero what the pieces write to that are left: all, if none is done.
fn clear_others<T: Element, D: Dimension>(
    out: &mut ArrayRef<T, D>,
    pieces: &Pieces,
    done: &[bool],
    (labels, member): Member<'_>,
) {
    if !done.contains(&true) {
        return out.fill(T::zero());
    }
    let mut view = out.view_mut().into_dyn();
    let left = pieces.boxes().zip(done).filter(|&(_, done)| !done);
    for piece in left.flat_map(|(boxes, _)| pieces.of(boxes)) {
        piece.cursor_mut(&mut view, member, labels, 0..0, piece.loops()).fill(labels, &T::zero());
    }
}
