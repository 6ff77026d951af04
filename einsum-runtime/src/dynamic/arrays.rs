//! Labels to axes: the check of the shapes, and the axes that the loops of one call run over.

use core::ops::Range;

use einsum_plan::{self as plan, LabelId, Plan};

use crate::call::{Affine, Call, CallArray, Index, Resolution};
use crate::error::{Operand, Role};

/// The indices of the arrays of a call: those of its operands and, last, of its result.
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
    /// The indices beside the ellipsis.
    indices: Vec<plan::Index<LabelId>>,
    /// How many of them precede it.
    ellipsis: Option<usize>,
}

impl Array {
    fn new(indices: &[plan::Index<LabelId>], ellipsis: Option<LabelId>) -> Self {
        let is_ellipsis = |index: &plan::Index<LabelId>| ellipsis.is_some() && index.label() == ellipsis;
        let place = indices.iter().position(is_ellipsis);
        let indices = indices.iter().filter(|index| !is_ellipsis(index)).cloned().collect();
        Self { indices, ellipsis: place }
    }
}

/// The index in the form of a call's constants.
fn constant(index: &plan::Index<LabelId>) -> Index<'_> {
    match index {
        plan::Index::Label(label) => Index::Label(*label),
        plan::Index::Affine(affine) => {
            let &plan::Affine { ref parts, constant } = affine;
            Index::Affine(Affine { parts, constant, padding: affine.padding() })
        }
    }
}

impl Arrays {
    pub(super) fn new(plan: &Plan) -> Self {
        let ellipsis = plan.ellipsis();
        let labels = plan.labels[..ellipsis.unwrap_or(plan.labels.len())].to_vec();
        let arrays = plan.operands.iter().chain([&plan.output]);
        Self { labels, arrays: arrays.map(|indices| Array::new(indices, ellipsis)).collect() }
    }

    /// The labels, without that of the ellipsis.
    pub(super) fn labels(&self) -> &[char] {
        &self.labels
    }

    /// Lends the call to a function, and its result, which is an array of the call if that has a role for it.
    pub(super) fn with_call<R>(
        &self,
        subscripts: &str,
        resolutions: &[Resolution],
        last: Option<Role>,
        use_it: impl FnOnce(&Call<'_>, CallArray<'_>) -> R,
    ) -> R {
        let indices: Vec<Vec<Index>> =
            self.arrays.iter().map(|array| array.indices.iter().map(constant).collect()).collect();
        let result = self.arrays.len() - 1;
        let arrays = self.arrays.iter().zip(&indices).enumerate().map(|(n, (array, indices))| CallArray {
            operand: Operand {
                role: if n < result { Role::Operand(n) } else { last.unwrap_or(Role::Target) },
                source: None,
            },
            axes: indices,
            ellipsis: array.ellipsis,
        });
        let arrays: Vec<CallArray> = arrays.collect();
        let checked = if last.is_some() { &arrays[..] } else { &arrays[..result] };
        let call = Call { subscripts, labels: &self.labels, arrays: checked, resolutions };
        use_it(&call, arrays[result])
    }

    /// The axes that a label stands for, where the loops have `count` axes.
    pub(super) fn axes(&self, label: LabelId, count: usize) -> Range<usize> {
        let end = if label < self.labels.len() { label + 1 } else { count };
        label..end
    }

    /// The loop axis of each axis of an operand of this rank; `None` where an index is more than a label.
    pub(super) fn operand_axes(&self, operand: usize, rank: usize, count: usize) -> Option<Vec<usize>> {
        let Array { indices, ellipsis } = &self.arrays[operand];
        let mut axes: Vec<usize> = indices.iter().map(plan::Index::label).collect::<Option<_>>()?;
        if let &Some(place) = ellipsis {
            axes.splice(place..place, self.ellipsis_axes(operand, rank, count));
        }
        Some(axes)
    }

    /// The loop axes of an operand's ellipsis.
    pub(super) fn ellipsis_axes(&self, operand: usize, rank: usize, count: usize) -> Range<usize> {
        count - (rank - self.arrays[operand].indices.len())..count
    }
}
