//! The loops of one call: their extents, and the pieces into which index arithmetic cuts them.

use einsum_plan::{LabelId, Plan};
use ndarray::ArrayViewD;

use crate::call::{Call, CallArray, Index};
use crate::error::EinsumError;
use crate::pieces::{self, Pieces};

/// What is known of a call once its shapes are checked.
#[derive(Debug)]
pub(super) struct Loops {
    /// The extent of each axis of the loops: one for each label, and the ellipsis'.
    pub(super) extents: Vec<usize>,
    /// The labels whose extents come with the call.
    pub(super) given: Vec<LabelId>,
    /// The shape of the result.
    pub(super) shape: Vec<usize>,
    /// Whether the result has but one place along an axis of which the loops have several, so that these add up there.
    pub(super) is_summed: bool,
    /// The pieces, where an index is more than a label.
    pub(super) pieces: Option<Pieces>,
}

impl Loops {
    /// An operand whose indices are labels, with these axes: as long as a given extent says where it has one value. Others are
    /// stretched by what they meet; along these nothing else may tell that there are several summands.
    pub(super) fn stretched<'a, T>(&self, array: &'a ArrayViewD<'_, T>, axes: &[usize]) -> ArrayViewD<'a, T> {
        let extent = |(&axis, &extent): (&usize, &usize)| {
            if self.given.contains(&axis) { self.extents[axis] } else { extent }
        };
        let shape: Vec<usize> = axes.iter().zip(array.shape()).map(extent).collect();
        array.broadcast(shape).expect("an axis of a given label has its extent, or 1")
    }

    /// `shapes` are those of the call's arrays.
    pub(super) fn new(
        call: &Call<'_>,
        output: CallArray<'_>,
        plan: &Plan,
        given: &[(LabelId, usize)],
        shapes: &[&[usize]],
    ) -> Result<Self, EinsumError> {
        let mut extents = vec![1; call.labels.len()];
        call.resolve(shapes, given, &mut extents)?;
        let spread = call.spread(shapes)?;
        let target = shapes.get(plan.operands.len());
        let labelled = output.axes.iter().enumerate().map(|(position, index)| match (index, target) {
            (Index::Label(label), _) => Ok(extents[*label]),
            (Index::Affine(_), Some(target)) => Ok(target[output.axis(position, target.len())]),
            (Index::Affine(_), None) => call.output_extent(*index, &extents),
        });
        let labelled: Vec<usize> = labelled.collect::<Result<_, _>>()?;
        let pieces = plan.is_cut().then(|| pieces(call, output, plan, shapes, &labelled, &extents));
        let mut shape = labelled;
        if let Some(place) = output.ellipsis {
            shape.splice(place..place, spread.iter().copied());
        }
        extents.extend_from_slice(&spread);
        let given = given.iter().map(|&(label, _)| label).collect();
        Ok(Self { extents, given, shape, is_summed: false, pieces })
    }

    /// The loops for the gradient of an operand. `plan` is that of the gradient; the last array of the call is the
    /// gradient of its result.
    pub(super) fn of_gradient(
        call: &Call<'_>,
        operand: usize,
        plan: &Plan,
        given: &[(LabelId, usize)],
        shapes: &[&[usize]],
    ) -> Result<Self, EinsumError> {
        let mut extents = vec![1; call.labels.len()];
        call.resolve(shapes, given, &mut extents)?;
        let spread = call.spread(shapes)?;
        let (output, shape) = (call.arrays[operand], shapes[operand].to_vec());
        let labelled = call.labelled_extents(operand, &shape);
        let stretched = output.axes.iter().zip(&labelled).any(|(index, &extent)| match index {
            Index::Label(label) => extent != extents[*label],
            Index::Affine(_) => false,
        });
        let is_summed =
            stretched || output.spread(shape.len()).map(|axis| shape[axis]).ne(spread.iter().copied());
        let pieces = plan.is_cut().then(|| pieces(call, output, plan, shapes, &labelled, &extents));
        extents.extend_from_slice(&spread);
        let given = given.iter().map(|&(label, _)| label).collect();
        Ok(Self { extents, given, shape, is_summed, pieces })
    }
}

fn pieces(
    call: &Call<'_>,
    output: CallArray<'_>,
    plan: &Plan,
    shapes: &[&[usize]],
    labelled: &[usize],
    extents: &[usize],
) -> Pieces {
    let gathers: Vec<_> = plan.gathers.iter().map(|gather| (gather.axis, gather.label)).collect();
    let last = plan.steps.last().expect("a plan has a step");
    let written = beside_ellipsis(plan, &last.output);
    let loops = pieces::Loops {
        inputs: &plan.read(),
        output,
        gathers: &gathers,
        written: &written,
        idle: &plan.idle,
    };
    Pieces::new(&loops, call, shapes, labelled, extents)
}

/// Labels without that of the ellipsis.
pub(super) fn beside_ellipsis(plan: &Plan, labels: &[LabelId]) -> Vec<LabelId> {
    labels.iter().copied().filter(|&label| Some(label) != plan.ellipsis()).collect()
}
