//! Labels to axes: the check of the shapes, and the axes that the loops of one call run over.

use core::ops::Range;

use einsum_plan::{LabelId, Plan};

use crate::call::{Call, CallArray};
use crate::error::{EinsumError, Operand};

/// The labels of the arrays of a call: those of its operands and, last, of its result.
///
/// The loops run over *axes*: one for each label, with the label's number, and behind them one for each axis of
/// the ellipsis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arrays {
    /// Without that of the ellipsis, which is the last label of a plan.
    labels: Vec<char>,
    arrays: Vec<Array>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Array {
    /// The labels beside the ellipsis.
    labels: Vec<LabelId>,
    /// How many of them precede it.
    ellipsis: Option<usize>,
}

impl Array {
    fn new(labels: &[LabelId], ellipsis: Option<LabelId>) -> Self {
        let place = labels.iter().position(|&label| Some(label) == ellipsis);
        let labels = labels.iter().copied().filter(|&label| Some(label) != ellipsis).collect();
        Self { labels, ellipsis: place }
    }
}

impl Arrays {
    pub(super) fn new(plan: &Plan) -> Self {
        let ellipsis = plan.ellipsis();
        let labels = plan.labels[..ellipsis.unwrap_or(plan.labels.len())].to_vec();
        let arrays = plan.operands.iter().chain([&plan.output]);
        Self { labels, arrays: arrays.map(|labels| Array::new(labels, ellipsis)).collect() }
    }

    /// The extent of each axis, given the shapes of the operands and, in place, of the target.
    pub(super) fn extents(&self, subscripts: &str, shapes: &[&[usize]]) -> Result<Vec<usize>, EinsumError> {
        let result = self.arrays.len() - 1;
        let arrays = self.arrays[..shapes.len()].iter().enumerate().map(|(n, array)| CallArray {
            operand: Operand { number: (n < result).then_some(n), source: None },
            axes: &array.labels,
            ellipsis: array.ellipsis,
        });
        let arrays: Vec<CallArray> = arrays.collect();
        let call = Call { subscripts, labels: &self.labels, arrays: &arrays };
        let mut extents = vec![1; self.labels.len()];
        call.unify(shapes, &mut extents)?;
        extents.extend_from_slice(&call.spread(shapes)?);
        Ok(extents)
    }

    /// The axes that a label stands for, where the loops have `count` axes.
    pub(super) fn axes(&self, label: LabelId, count: usize) -> Range<usize> {
        let end = if label < self.labels.len() { label + 1 } else { count };
        label..end
    }

    /// The loop axis of each axis of an operand of this rank.
    pub(super) fn operand_axes(&self, operand: usize, rank: usize, count: usize) -> Vec<usize> {
        let Array { labels, ellipsis } = &self.arrays[operand];
        let mut axes = labels.clone();
        if let &Some(place) = ellipsis {
            axes.splice(place..place, count - (rank - labels.len())..count);
        }
        axes
    }
}
