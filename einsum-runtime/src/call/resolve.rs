//! Extents of calls with index arithmetic: from axes, from the caller, and from the indices themselves.
//!
//! Out of line, other than for calls without: those are small more often.

use super::{Affine, Call, CallArray, Index, Reach};
use crate::error::{EinsumError, IndexedAxis, LabelledAxis};

/// An affine index of an operand that tells the extent of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolution {
    /// The label.
    pub label: usize,
    /// The operand.
    pub array: usize,
    /// The position among its indices.
    pub position: usize,
}

/// The extent that the caller gives a label, for the compiler to say so where it is something else.
#[inline]
#[must_use]
pub fn extent(extent: usize) -> usize {
    extent
}

impl Call<'_> {
    /// The extent of each label, given the shape of each array, and pairs of labels and extents.
    ///
    /// # Errors
    ///
    /// The first array whose rank does not suit its indices; else the first axis whose extent does not suit its index.
    ///
    /// # Panics
    ///
    /// As for [`extents`](Self::extents).
    pub fn resolved_extents<const L: usize>(
        &self,
        shapes: &[&[usize]],
        given: &[(usize, usize)],
    ) -> Result<[usize; L], EinsumError> {
        let mut extents = [1; L];
        self.resolve(shapes, given, &mut extents)?;
        Ok(extents)
    }

    /// Like [`resolved_extents`](Self::resolved_extents), into a slice with a 1 for each label.
    pub(crate) fn resolve(
        &self,
        shapes: &[&[usize]],
        given: &[(usize, usize)],
        extents: &mut [usize],
    ) -> Result<(), EinsumError> {
        let operands = self.arrays.iter().filter(|array| !array.is_target()).count();
        self.check_ranks(shapes)?;
        for (array, shape) in self.arrays[..operands].iter().zip(shapes) {
            self.unify_array(array, shape, shapes, extents)?;
        }
        self.take_given(given, shapes, extents)?;
        let target = self.arrays.get(operands).zip(shapes.get(operands));
        if let Some((target, shape)) = target {
            self.take_target(target, shape, given, extents);
        }
        self.take_told(shapes, extents)?;
        if let Some((target, shape)) = target {
            self.check_target_labels(target, shape, shapes, extents)?;
        }
        self.check_reach(shapes, extents)
    }

    /// Labels have in the target exactly the extents that they have elsewhere.
    fn check_target_labels(
        &self,
        target: &CallArray,
        shape: &[usize],
        shapes: &[&[usize]],
        extents: &[usize],
    ) -> Result<(), EinsumError> {
        for (position, label) in target.labels() {
            let axis = target.labelled(target.axis(position, shape.len()), shape);
            let extent = extents[label];
            if axis.extent != extent {
                let first = self.axis_of_extent(label, extent, &shapes[..shapes.len() - 1]);
                let (label, subscripts) = (self.labels[label], self.subscripts.into());
                return Err(match first {
                    Some(first) => EinsumError::Extents { label, first, second: axis, subscripts },
                    None => EinsumError::TargetExtent { label, extent, axis, subscripts },
                });
            }
        }
        Ok(())
    }

    /// A label of operands has the given extent, or 1, which is stretched.
    fn take_given(
        &self,
        given: &[(usize, usize)],
        shapes: &[&[usize]],
        extents: &mut [usize],
    ) -> Result<(), EinsumError> {
        for &(label, extent) in given {
            if extents[label] != extent && extents[label] != 1 {
                let axis = self.axis_of_extent(label, extents[label], shapes);
                let axis = axis.expect("an axis gave the label its extent");
                let (label, subscripts) = (self.labels[label], self.subscripts.into());
                return Err(EinsumError::GivenExtent { label, extent, axis, subscripts });
            }
            extents[label] = extent;
        }
        Ok(())
    }

    /// Labels that no axis of an operand, nor the caller, nor an index fixes have the extents that the target has.
    fn take_target(
        &self,
        target: &CallArray,
        shape: &[usize],
        given: &[(usize, usize)],
        extents: &mut [usize],
    ) {
        for (position, label) in target.labels() {
            let operands = self.arrays.iter().filter(|array| !array.is_target());
            let of_operands = operands.flat_map(CallArray::labels).map(|(_, label)| label);
            let told = self.resolutions.iter().map(|resolution| resolution.label);
            let mut known = of_operands.chain(given.iter().map(|&(label, _)| label)).chain(told);
            if !known.any(|known| known == label) {
                extents[label] = shape[target.axis(position, shape.len())];
            }
        }
    }

    fn take_told(&self, shapes: &[&[usize]], extents: &mut [usize]) -> Result<(), EinsumError> {
        for (n, &Resolution { label, array, position }) in self.resolutions.iter().enumerate() {
            let Some((index, axis)) = self.affine_axis(array, position, shapes[array]) else { continue };
            let told = index.told(label, axis.extent, extents);
            let first = self.resolutions[..n].iter().find(|earlier| earlier.label == label);
            match first {
                Some(first) if extents[label] != told => {
                    let first = self.affine_axis(first.array, first.position, shapes[first.array]);
                    let first = first.map(|(index, axis)| self.indexed(index, axis));
                    return Err(self.told_error(
                        label,
                        extents[label],
                        first,
                        told,
                        self.indexed(index, axis),
                    ));
                }
                _ => extents[label] = told,
            }
        }
        Ok(())
    }

    /// Whether each affine index of an operand stays inside of its axis and padding, and each of a target has an axis that
    /// a forward pass would take these extents from.
    fn check_reach(&self, shapes: &[&[usize]], extents: &[usize]) -> Result<(), EinsumError> {
        for (number, (array, shape)) in self.arrays.iter().zip(shapes).enumerate() {
            for position in 0..array.axes.len() {
                let Some((index, axis)) = self.affine_axis(number, position, shape) else { continue };
                if array.is_target() {
                    self.check_target(index, axis, extents)?;
                } else if let Some(reach) = index.outside(axis.extent, extents) {
                    return Err(self.outside_error(index, axis, Reach::of(reach)));
                }
            }
        }
        Ok(())
    }

    /// A target is as long as the result that a call would own, or as any array from which a forward pass takes these
    /// extents.
    fn check_target(&self, index: Affine, axis: LabelledAxis, extents: &[usize]) -> Result<(), EinsumError> {
        let owned = self.output_extent(Index::Affine(index), extents)?;
        let tells = |&(label, coefficient): &(usize, isize)| {
            coefficient > 0 && index.told(label, axis.extent, extents) == extents[label]
        };
        if axis.extent == owned || index.parts.iter().any(tells) {
            return Ok(());
        }
        let (indexed, subscripts) = (Box::new(self.indexed(index, axis)), self.subscripts.into());
        Err(EinsumError::TargetIndex { extent: owned, indexed, subscripts })
    }

    /// The affine index at a position of an array, and its axis.
    fn affine_axis(
        &self,
        array: usize,
        position: usize,
        shape: &[usize],
    ) -> Option<(Affine<'_>, LabelledAxis)> {
        let array = &self.arrays[array];
        let index = array.axes[position].affine()?;
        Some((index, array.labelled(array.axis(position, shape.len()), shape)))
    }

    /// The extent of an axis of an owned result.
    ///
    /// # Errors
    ///
    /// [`EinsumError::OutputIndex`] where the first position is before the start of the axis.
    pub fn output_extent(&self, index: Index<'_>, extents: &[usize]) -> Result<usize, EinsumError> {
        let Index::Affine(index) = index else { unreachable!("other extents are those of labels") };
        match index.outside(usize::MAX >> 1, extents) {
            Some(reach) => {
                let (index, reach) = (index.text(self.labels), Reach::of(reach));
                Err(EinsumError::OutputIndex { index, reach, subscripts: self.subscripts.into() })
            }
            None => Ok(index.extent(extents)),
        }
    }

    /// The extent of the axis that has the index at `position` in an array of this shape.
    ///
    /// # Panics
    ///
    /// Where the call has no such array.
    #[must_use]
    pub fn axis_extent(&self, array: usize, position: usize, shape: &[usize]) -> usize {
        shape[self.arrays[array].axis(position, shape.len())]
    }

    /// The extents of the axes of an array of this shape, without those of an ellipsis.
    ///
    /// # Panics
    ///
    /// Where the call has no such array.
    #[must_use]
    pub fn labelled_extents(&self, array: usize, shape: &[usize]) -> Vec<usize> {
        let positions = 0..self.arrays[array].axes.len();
        positions.map(|position| self.axis_extent(array, position, shape)).collect()
    }

    fn indexed(&self, index: Affine, axis: LabelledAxis) -> IndexedAxis {
        IndexedAxis { index: index.text(self.labels), axis }
    }

    #[cold]
    fn told_error(
        &self,
        label: usize,
        extent: usize,
        first: Option<IndexedAxis>,
        told: usize,
        second: IndexedAxis,
    ) -> EinsumError {
        let (label, subscripts) = (self.labels[label], self.subscripts.into());
        EinsumError::ToldExtent {
            label,
            extent,
            first: first.map(Box::new),
            told,
            second: Box::new(second),
            subscripts,
        }
    }

    #[cold]
    fn outside_error(&self, index: Affine, axis: LabelledAxis, reach: Reach) -> EinsumError {
        let (padding, indexed) = (index.padding, self.indexed(index, axis));
        EinsumError::IndexOutside { indexed, reach, padding, subscripts: self.subscripts.into() }
    }
}
