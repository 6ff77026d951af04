//! What is known of a call before its operands are, and the check of their shapes against it.
//!
//! Extents broadcast as in numpy: 1 is the neutral element, any other two must be equal. Within one array the
//! axes of a label are a diagonal, and equal without exception; a target is nothing but what the operands give.

mod index;
mod resolve;

use einsum_plan::ELLIPSIS;
use ndarray::{Array, ArrayRef, Dimension, IntoDimension};

use crate::element::Element;
use crate::error::{EinsumError, LabelledAxis, Operand, Role, ShapedArray};
use crate::few::Few;
use crate::zeros::zeros;
pub use index::{Affine, Index, Reach};
pub use resolve::{Resolution, extent};

/// One call: its text, and the label of each axis.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The subscripts as written.
    pub subscripts: &'a str,
    /// The labels, each once, without that of the ellipsis; elsewhere a label is its position here.
    pub labels: &'a [char],
    /// The arrays; behind the operands, the target of an in-place form, or the gradient of the result.
    pub arrays: &'a [CallArray<'a>],
    /// How labels without an axis of their own get their extents, in this order.
    pub resolutions: &'a [Resolution],
}

/// An array of a call.
#[derive(Debug, Clone, Copy)]
pub struct CallArray<'a> {
    /// Its number and source text.
    pub operand: Operand,
    /// The index of each axis, without those of an ellipsis.
    pub axes: &'a [Index<'a>],
    /// How many labelled axes precede the ellipsis, if there is one.
    pub ellipsis: Option<usize>,
}

impl CallArray<'_> {
    /// Whether the operands tell which extents the array has.
    fn is_target(&self) -> bool {
        !matches!(self.operand.role, Role::Operand(_))
    }

    /// The axis of the array of this rank that has the index at `position`.
    #[inline]
    pub(crate) fn axis(&self, position: usize, rank: usize) -> usize {
        match self.ellipsis {
            Some(place) if position >= place => position + rank - self.axes.len(),
            _ => position,
        }
    }

    /// The axes of the ellipsis in an array of this rank.
    pub(crate) fn spread(&self, rank: usize) -> std::ops::Range<usize> {
        self.ellipsis.map_or(0..0, |place| place..place + rank - self.axes.len())
    }

    /// The indices that are a label, with their positions.
    #[inline]
    pub(crate) fn labels(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.axes.iter().enumerate().filter_map(|(position, index)| Some((position, index.label()?)))
    }

    fn labelled(&self, axis: usize, shape: &[usize]) -> LabelledAxis {
        LabelledAxis { operand: self.operand, axis, extent: shape[axis] }
    }
}

impl Call<'_> {
    /// The extent of each label, given the shape of each array, where no index is an affine one.
    ///
    /// Not inlined: expansions come here for extents that are not all equal, to stretch axes or to fail.
    ///
    /// # Errors
    ///
    /// The first array whose rank does not suit its labels, or the axes of the result, else the first axis whose
    /// extent does not suit its label.
    ///
    /// # Panics
    ///
    /// Where `shapes` has not one shape for each array, or `L` is not the number of labels.
    #[inline(never)]
    pub fn extents<const L: usize>(&self, shapes: &[&[usize]]) -> Result<[usize; L], EinsumError> {
        let mut extents = [1; L];
        self.unify(shapes, &mut extents)?;
        Ok(extents)
    }

    /// Like [`extents`](Self::extents), into a slice with a 1 for each label.
    #[inline]
    pub(crate) fn unify(&self, shapes: &[&[usize]], extents: &mut [usize]) -> Result<(), EinsumError> {
        assert!(
            shapes.len() == self.arrays.len() && extents.len() == self.labels.len(),
            "one shape for each array"
        );
        self.check_ranks(shapes)?;
        for (array, shape) in self.arrays.iter().zip(shapes) {
            self.unify_array(array, shape, shapes, extents)?;
        }
        Ok(())
    }

    /// Compares the axes of one array that have a label with what is known of its extent.
    #[inline]
    fn unify_array(
        &self,
        array: &CallArray,
        shape: &[usize],
        shapes: &[&[usize]],
        extents: &mut [usize],
    ) -> Result<(), EinsumError> {
        let rank = shape.len();
        for (position, label) in array.labels() {
            let axis = array.axis(position, rank);
            let twin = array.labels().find(|&(_, earlier)| earlier == label).map(|(twin, _)| twin);
            if let Some(twin) = twin.filter(|&twin| twin < position).map(|twin| array.axis(twin, rank))
                && shape[twin] != shape[axis]
            {
                return Err(self.diagonal_error(label, array, [twin, axis], shape));
            }
            let agreed = extents[label];
            extents[label] = match broadcast(agreed, shape[axis], array.is_target()) {
                Some(extent) => extent,
                None => {
                    return Err(self.extent_error(label, agreed, array.labelled(axis, shape), shapes));
                }
            };
        }
        Ok(())
    }

    /// All ranks before any extent: with a wrong rank, labels are compared with axes that are not theirs.
    #[inline]
    fn check_ranks(&self, shapes: &[&[usize]]) -> Result<(), EinsumError> {
        let mut spread = 0;
        for (array, shape) in self.arrays.iter().zip(shapes) {
            let rank = shape.len();
            if rank != array.axes.len() && (array.ellipsis.is_none() || rank < array.axes.len()) {
                return Err(self.rank_error(array, rank));
            }
            if array.ellipsis.is_none() {
                continue;
            }
            let axes = array.spread(rank).len();
            if array.is_target() && axes != spread {
                return Err(self.target_error(array, rank, array.axes.len() + spread));
            }
            spread = spread.max(axes);
        }
        Ok(())
    }

    /// The extents of the axes of `...`, aligned at the last one, given the shape of each array, whose ranks
    /// [`extents`](Self::extents) has checked.
    ///
    /// # Errors
    ///
    /// The first axis whose extent does not suit.
    pub fn spread(&self, shapes: &[&[usize]]) -> Result<Few<usize>, EinsumError> {
        let arrays = || self.arrays.iter().zip(shapes).filter(|(array, _)| array.ellipsis.is_some());
        let operands = arrays().filter(|(array, _)| !array.is_target());
        let rank = operands.map(|(array, shape)| array.spread(shape.len()).len()).max().unwrap_or(0);
        let mut spread = Few::filled(1, rank);
        for (array, shape) in arrays() {
            let axes = array.spread(shape.len());
            let skipped = rank - axes.len();
            for (position, axis) in axes.enumerate() {
                let agreed = &mut spread[skipped + position];
                *agreed = match broadcast(*agreed, shape[axis], array.is_target()) {
                    Some(extent) => extent,
                    None => {
                        let second = array.labelled(axis, shape);
                        let first = self.first_in_spread(rank - skipped - position, *agreed, shapes);
                        return Err(self.disagreement(ELLIPSIS, first, second));
                    }
                };
            }
        }
        Ok(spread)
    }

    /// An array of zeros, for a result of the call or for an intermediate one.
    ///
    /// # Errors
    ///
    /// [`EinsumError::TooLarge`] where there is no memory for it.
    #[inline]
    pub fn zeros<T: Element, Sh: IntoDimension>(&self, shape: Sh) -> Result<Array<T, Sh::Dim>, EinsumError> {
        zeros(shape.into_dimension(), self.subscripts)
    }

    /// The shape that the target for an operand's gradient has to have.
    ///
    /// # Errors
    ///
    /// [`EinsumError::TargetShape`] where it has not.
    pub fn check_gradient(
        &self,
        operand: usize,
        shapes: [&[usize]; 2],
        source: Option<&'static str>,
    ) -> Result<(), EinsumError> {
        let [shape, expected] = shapes;
        if shape == expected {
            return Ok(());
        }
        let shaped = |array, shape: &[usize]| Box::new(ShapedArray { array, shape: shape.to_vec() });
        let target = shaped(Operand { role: Role::Target, source }, shape);
        let operand = shaped(self.arrays[operand].operand, expected);
        Err(EinsumError::TargetShape { target, operand, subscripts: self.subscripts.into() })
    }

    #[cold]
    fn rank_error(&self, array: &CallArray, rank: usize) -> EinsumError {
        let &CallArray { operand, axes, ellipsis } = array;
        let ellipsis = ellipsis.is_some();
        EinsumError::Rank { operand, rank, labels: axes.len(), ellipsis, subscripts: self.subscripts.into() }
    }

    #[cold]
    fn target_error(&self, array: &CallArray, rank: usize, result: usize) -> EinsumError {
        let subscripts = self.subscripts.into();
        EinsumError::TargetRank { target: array.operand, rank, result, subscripts }
    }

    #[cold]
    fn diagonal_error(
        &self,
        label: usize,
        array: &CallArray,
        [first, second]: [usize; 2],
        shape: &[usize],
    ) -> EinsumError {
        let (first, second) = (array.labelled(first, shape), array.labelled(second, shape));
        self.disagreement(self.labels[label], first, second)
    }

    #[cold]
    fn extent_error(
        &self,
        label: usize,
        agreed: usize,
        second: LabelledAxis,
        shapes: &[&[usize]],
    ) -> EinsumError {
        let first = self.axis_of_extent(label, agreed, shapes).expect("an axis gave the label its extent");
        self.disagreement(self.labels[label], first, second)
    }

    /// The first axis of a label that has this extent.
    #[cold]
    fn axis_of_extent(&self, label: usize, extent: usize, shapes: &[&[usize]]) -> Option<LabelledAxis> {
        let mut axes = self.arrays.iter().zip(shapes).flat_map(|(array, shape)| {
            let positions = array.labels().filter(move |&(_, own)| own == label);
            positions.map(|(position, _)| array.labelled(array.axis(position, shape.len()), shape))
        });
        axes.find(|axis| axis.extent == extent)
    }

    /// The first axis of an ellipsis that is `from_last` axes from its end, counted from 1, and has this extent.
    #[cold]
    fn first_in_spread(&self, from_last: usize, extent: usize, shapes: &[&[usize]]) -> LabelledAxis {
        let axes = self.arrays.iter().zip(shapes).filter_map(|(array, shape)| {
            let axes = array.spread(shape.len());
            (axes.len() >= from_last).then(|| array.labelled(axes.end - from_last, shape))
        });
        axes.into_iter().find(|axis| axis.extent == extent).expect("an axis gave the extent")
    }

    #[cold]
    fn disagreement(&self, label: char, first: LabelledAxis, second: LabelledAxis) -> EinsumError {
        EinsumError::Extents { label, first, second, subscripts: self.subscripts.into() }
    }
}

/// What the extents of two axes make together; a target must have what is there already.
#[inline]
fn broadcast(agreed: usize, extent: usize, target: bool) -> Option<usize> {
    match (agreed, extent) {
        _ if agreed == extent => Some(extent),
        _ if target => None,
        (1, extent) => Some(extent),
        (agreed, 1) => Some(agreed),
        _ => None,
    }
}

/// Zeros in the shape of an operand, for its gradient.
///
/// # Errors
///
/// As for [`Call::zeros`].
#[inline]
pub fn zeros_like<T: Element, D: Dimension>(
    call: &Call<'_>,
    operand: &ArrayRef<T, D>,
) -> Result<Array<T, D>, EinsumError> {
    zeros(operand.raw_dim(), call.subscripts)
}

/// What `einsum!` goes on with.
///
/// # Panics
///
/// On an error, with its message, at the line of the call.
#[inline(always)]
#[track_caller]
pub fn unwrap<T>(result: Result<T, EinsumError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => fail(&error),
    }
}

#[cold]
#[track_caller]
fn fail(error: &EinsumError) -> ! {
    panic!("{error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn array<'a>(number: usize, source: &'static str, axes: &'a [Index<'a>]) -> CallArray<'a> {
        let operand = Operand { role: Role::Operand(number), source: Some(source) };
        CallArray { operand, axes, ellipsis: None }
    }

    const L0: Index = Index::Label(0);
    const L1: Index = Index::Label(1);
    const L2: Index = Index::Label(2);

    const TARGET: Operand = Operand { role: Role::Target, source: Some("c") };

    const MATMUL: Call = Call {
        subscripts: "ij,jk->ik",
        labels: &['i', 'k', 'j'],
        arrays: &[array(0, "a", &[L0, L2]), array(1, "b", &[L2, L1])],
        resolutions: &[],
    };

    #[test]
    fn each_label_gets_its_extent() {
        assert_eq!(MATMUL.extents(&[&[2, 3], &[3, 4]]), Ok([2, 4, 3]));
        assert_eq!(MATMUL.extents(&[&[0, 1], &[1, 5]]), Ok([0, 5, 1]));
    }

    #[test]
    fn an_extent_of_1_is_stretched() {
        assert_eq!(MATMUL.extents(&[&[2, 1], &[4, 5]]), Ok([2, 5, 4]));
        assert_eq!(MATMUL.extents(&[&[2, 3], &[1, 5]]), Ok([2, 5, 3]));
        assert_eq!(MATMUL.extents(&[&[2, 1], &[0, 5]]), Ok([2, 5, 0]));
        assert_eq!(MATMUL.extents(&[&[2, 0], &[1, 5]]), Ok([2, 5, 0]));
    }

    #[test]
    fn a_disagreement_names_both_axes_in_order() {
        let error = MATMUL.extents::<3>(&[&[2, 3], &[4, 5]]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "label `j` of \"ij,jk->ik\" has extent 3 in operand 0 (`a`, axis 1) but 4 in operand 1 (`b`, axis 0)"
        );
        assert!(MATMUL.extents::<3>(&[&[2, 0], &[4, 5]]).is_err());
    }

    #[test]
    fn the_axis_that_was_stretched_is_not_named() {
        let call = Call {
            subscripts: "i,i,i->",
            labels: &['i'],
            arrays: &[array(0, "a", &[L0]), array(1, "b", &[L0]), array(2, "c", &[L0])],
            resolutions: &[],
        };
        assert_eq!(
            call.extents::<1>(&[&[1], &[2], &[3]]).unwrap_err().to_string(),
            "label `i` of \"i,i,i->\" has extent 2 in operand 1 (`b`, axis 0) but 3 in operand 2 (`c`, axis 0)"
        );
    }

    #[test]
    fn ranks_are_checked_first() {
        let error = MATMUL.extents::<3>(&[&[2, 3], &[4]]).unwrap_err();
        assert_eq!(error.to_string(), "operand 1 (`b`) of \"ij,jk->ik\" has 1 axis but 2 labels");
        // The extents of the operands disagree as well.
        let target = CallArray { operand: TARGET, axes: &[L0, L1], ellipsis: None };
        let call = Call { arrays: &[MATMUL.arrays[0], MATMUL.arrays[1], target], ..MATMUL };
        let error = call.extents::<3>(&[&[2, 3], &[4, 5], &[2]]).unwrap_err();
        assert_eq!(error.to_string(), "the target (`c`) of \"ij,jk->ik\" has 1 axis but 2 labels");
    }

    #[test]
    fn a_diagonal_is_never_stretched() {
        let trace = Call {
            subscripts: "ii->",
            labels: &['i'],
            arrays: &[array(0, "m", &[L0, L0])],
            resolutions: &[],
        };
        assert_eq!(trace.extents(&[&[3, 3]]), Ok([3]));
        for (extents, found) in [([3, 1], "3"), ([1, 3], "1")] {
            let error = trace.extents::<1>(&[&extents]).unwrap_err().to_string();
            assert!(error.contains(&format!("has extent {found} in operand 0 (`m`, axis 0) but")), "{error}");
        }
    }

    #[test]
    fn a_target_has_the_extents_of_the_operands() {
        let target = CallArray { operand: TARGET, axes: &[L0], ellipsis: None };
        let call = Call {
            subscripts: "i->i",
            labels: &['i'],
            arrays: &[array(0, "a", &[L0]), target],
            resolutions: &[],
        };
        assert_eq!(call.extents(&[&[3], &[3]]), Ok([3]));
        for (operand, target) in [(1, 3), (3, 1), (3, 4)] {
            let error = call.extents::<1>(&[&[operand], &[target]]).unwrap_err().to_string();
            let expected =
                format!("{operand} in operand 0 (`a`, axis 0) but {target} in the target (`c`, axis 0)");
            assert!(error.contains(&expected), "{error}");
        }
    }

    /// `i...j,...->...`
    fn spread(shapes: &[&[usize]]) -> Result<Vec<usize>, EinsumError> {
        let first = CallArray { ellipsis: Some(1), ..array(0, "a", &[L0, L1]) };
        let second = CallArray { ellipsis: Some(0), ..array(1, "b", &[]) };
        let target = CallArray { operand: TARGET, axes: &[], ellipsis: Some(0) };
        let arrays = [first, second, target];
        let call = Call {
            subscripts: "i...j,...->...",
            labels: &['i', 'j'],
            arrays: &arrays[..shapes.len()],
            resolutions: &[],
        };
        call.extents::<2>(shapes)?;
        call.spread(shapes).map(|spread| spread.to_vec())
    }

    #[test]
    fn an_ellipsis_is_aligned_at_its_last_axis() {
        assert_eq!(spread(&[&[7, 2, 3, 8], &[3]]), Ok(vec![2, 3]));
        assert_eq!(spread(&[&[7, 1, 8], &[5, 4]]), Ok(vec![5, 4]));
        assert_eq!(spread(&[&[7, 8], &[]]), Ok(vec![]));
        assert_eq!(spread(&[&[7, 8], &[0, 1], &[0, 1]]), Ok(vec![0, 1]));
    }

    #[test]
    fn axes_of_an_ellipsis_disagree_by_their_own_numbers() {
        assert_eq!(
            spread(&[&[7, 2, 3, 8], &[4]]).unwrap_err().to_string(),
            "an axis of `...` of \"i...j,...->...\" has extent 3 in operand 0 (`a`, axis 2) \
             but 4 in operand 1 (`b`, axis 0)"
        );
        assert_eq!(
            spread(&[&[7]]).unwrap_err().to_string(),
            "operand 0 (`a`) of \"i...j,...->...\" has 1 axis but 2 labels beside the `...`"
        );
    }

    #[test]
    fn a_target_has_as_many_axes_as_the_result() {
        let message = |shapes| spread(shapes).unwrap_err().to_string();
        assert_eq!(
            message(&[&[7, 2, 8], &[2], &[1, 2]]),
            "the target (`c`) of \"i...j,...->...\" has 2 axes but the result has 1"
        );
        assert_eq!(
            message(&[&[7, 2, 3, 8], &[], &[3]]),
            "the target (`c`) of \"i...j,...->...\" has 1 axis but the result has 2"
        );
        // The extents of the operands disagree as well.
        assert_eq!(
            message(&[&[7, 2, 8], &[3, 3], &[]]),
            "the target (`c`) of \"i...j,...->...\" has 0 axes but the result has 2"
        );
        let (operand, target) =
            (array(0, "a", &[L0, L1]), CallArray { operand: TARGET, ..array(0, "", &[L1, L0]) });
        let arrays = [CallArray { ellipsis: Some(0), ..operand }, CallArray { ellipsis: Some(0), ..target }];
        let call =
            Call { subscripts: "...ij->...ji", labels: &['i', 'j'], arrays: &arrays, resolutions: &[] };
        assert_eq!(
            call.extents::<2>(&[&[5, 2, 3], &[3, 2]]).unwrap_err().to_string(),
            "the target (`c`) of \"...ij->...ji\" has 2 axes but the result has 3"
        );
        assert_eq!(
            call.extents::<2>(&[&[5, 2, 3], &[3]]).unwrap_err().to_string(),
            "the target (`c`) of \"...ij->...ji\" has 1 axis but 2 labels beside the `...`"
        );
    }
}
