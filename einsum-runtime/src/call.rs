//! What the macro knows of one call, and the check of the extents against it.

use crate::error::{EinsumError, LabelledAxis, Operand};

/// One call of the macro: its text, and the label of each axis.
#[derive(Debug)]
pub struct Call {
    /// The subscripts as written.
    pub subscripts: &'static str,
    /// The labels, each once; elsewhere a label is its position here.
    pub labels: &'static [char],
    /// The arrays; behind the operands, the target of an in-place form.
    pub arrays: &'static [CallArray],
}

/// An array of a call.
#[derive(Debug)]
pub struct CallArray {
    /// Its number and source text.
    pub operand: Operand,
    /// The label of each axis.
    pub axes: &'static [usize],
}

impl Call {
    /// The extent of each label, given the shape of each array.
    ///
    /// Inlined and unrolled: `self` is a constant of the expansion.
    ///
    /// # Errors
    ///
    /// The first array whose rank is not the number of its labels, else the first axis whose extent is not
    /// that of its label.
    ///
    /// # Panics
    ///
    /// Where `shapes` has not one shape for each array, or `L` is not the number of labels.
    #[inline]
    pub fn extents<const L: usize>(&self, shapes: &[&[usize]]) -> Result<[usize; L], EinsumError> {
        assert!(shapes.len() == self.arrays.len() && L == self.labels.len(), "one shape for each array");
        let mut extents = [None; L];
        for (array, shape) in self.arrays.iter().zip(shapes) {
            if shape.len() != array.axes.len() {
                return Err(self.rank_error(array, shape.len()));
            }
            for (&label, &extent) in array.axes.iter().zip(*shape) {
                if *extents[label].get_or_insert(extent) != extent {
                    return Err(self.extent_error(label, shapes));
                }
            }
        }
        // A label without an axis cannot be: the check of the notation refused it.
        Ok(extents.map(Option::unwrap_or_default))
    }

    #[cold]
    fn rank_error(&self, array: &CallArray, rank: usize) -> EinsumError {
        let &CallArray { operand, axes } = array;
        EinsumError::Rank { operand, rank, labels: axes.len(), subscripts: self.subscripts }
    }

    #[cold]
    fn extent_error(&self, label: usize, shapes: &[&[usize]]) -> EinsumError {
        let mut axes = self.arrays.iter().zip(shapes).flat_map(|(array, shape)| {
            let axes = array.axes.iter().zip(*shape).enumerate().filter(move |(_, (l, _))| **l == label);
            axes.map(|(axis, (_, &extent))| LabelledAxis { operand: array.operand, axis, extent })
        });
        let first = axes.next().expect("the label has two axes that disagree");
        let second =
            axes.find(|axis| axis.extent != first.extent).expect("the label has two axes that disagree");
        EinsumError::Extents { label: self.labels[label], first, second, subscripts: self.subscripts }
    }
}

/// Ends a call of `einsum!` whose extents do not fit.
///
/// # Panics
///
/// Always, with the error's message, at the line of the call.
#[cold]
#[track_caller]
pub fn fail(error: &EinsumError) -> ! {
    panic!("{error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MATMUL: Call = Call {
        subscripts: "ij,jk->ik",
        labels: &['i', 'k', 'j'],
        arrays: &[
            CallArray { operand: Operand { number: Some(0), source: "a" }, axes: &[0, 2] },
            CallArray { operand: Operand { number: Some(1), source: "b" }, axes: &[2, 1] },
        ],
    };

    #[test]
    fn each_label_gets_its_extent() {
        assert_eq!(MATMUL.extents(&[&[2, 3], &[3, 4]]), Ok([2, 4, 3]));
        assert_eq!(MATMUL.extents(&[&[0, 1], &[1, 5]]), Ok([0, 5, 1]));
    }

    #[test]
    fn a_disagreement_names_both_axes_in_order() {
        let error = MATMUL.extents::<3>(&[&[2, 3], &[4, 5]]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "label `j` of \"ij,jk->ik\" has extent 3 in operand 0 (`a`, axis 1) but 4 in operand 1 (`b`, axis 0)"
        );
        assert!(MATMUL.extents::<3>(&[&[2, 1], &[4, 5]]).is_err());
    }

    #[test]
    fn ranks_are_checked_first() {
        let error = MATMUL.extents::<3>(&[&[2, 3], &[4]]).unwrap_err();
        assert_eq!(error.to_string(), "operand 1 (`b`) of \"ij,jk->ik\" has 1 axis but 2 labels");
    }

    #[test]
    fn a_diagonal_names_two_axes_of_one_operand() {
        let trace = Call {
            subscripts: "ii->",
            labels: &['i'],
            arrays: &[CallArray { operand: Operand { number: Some(0), source: "m" }, axes: &[0, 0] }],
        };
        assert_eq!(trace.extents(&[&[3, 3]]), Ok([3]));
        let message =
            "label `i` of \"ii->\" has extent 3 in operand 0 (`m`, axis 0) but 1 in operand 0 (`m`, axis 1)";
        assert_eq!(trace.extents::<1>(&[&[3, 1]]).unwrap_err().to_string(), message);
    }
}
