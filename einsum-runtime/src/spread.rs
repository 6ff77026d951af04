//! The axes of an ellipsis, walked around the loops that know only labels.
//!
//! How many there are depends on the operands. So the loops get one of them as an ordinary label, the innermost
//! after fusing, and run once for each position along the others, each time with the arrays moved on.

use std::marker::PhantomData;

use ndarray::{Array, ArrayRef, DimMax, Dimension, IxDyn};

use crate::call::Call;
use crate::element::Element;
use crate::error::EinsumError;
use crate::rank::AddAxes;
use crate::zeros::zeros;

/// The axes of an ellipsis in terms of the strides of `A` arrays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk<const A: usize> {
    /// The axis that the loops take as a label.
    pub inner: Axis<A>,
    /// The others, the outermost first.
    outer: Vec<Axis<A>>,
}

/// An axis that several arrays share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axis<const A: usize> {
    /// The number of positions.
    pub extent: usize,
    /// How far one position moves through each array, in elements: 0 where it has not the axis, or stretches it.
    pub strides: [isize; A],
}

impl<const A: usize> Walk<A> {
    /// Fuses the axes of extents `spread` as far as every array allows, given the strides of each array for its
    /// own last ones of them.
    #[must_use]
    pub fn new(spread: &[usize], arrays: [Vec<isize>; A]) -> Self {
        let axes = spread.iter().enumerate().map(|(n, &extent)| {
            let stride =
                |array: &Vec<isize>| (n + array.len()).checked_sub(spread.len()).map_or(0, |own| array[own]);
            Axis { extent, strides: std::array::from_fn(|array| stride(&arrays[array])) }
        });
        let mut fused: Vec<Axis<A>> = Vec::new();
        for axis in axes.filter(|axis| axis.extent != 1) {
            match fused.last_mut() {
                Some(last) if last.continues_in(&axis) => {
                    *last = Axis { extent: last.extent * axis.extent, strides: axis.strides };
                }
                _ => fused.push(axis),
            }
        }
        let inner = fused.pop().unwrap_or(Axis { extent: 1, strides: [0; A] });
        Self { inner, outer: fused }
    }

    /// How far each array moves, for each position along the outer axes in C order.
    pub fn offsets(&self) -> impl Iterator<Item = [isize; A]> {
        let positions: usize = self.outer.iter().map(|axis| axis.extent).product();
        (0..positions).map(|position| {
            let mut rest = position;
            let mut offsets = [0; A];
            for axis in self.outer.iter().rev() {
                let step = (rest % axis.extent) as isize;
                offsets.iter_mut().zip(axis.strides).for_each(|(offset, stride)| *offset += step * stride);
                rest /= axis.extent;
            }
            offsets
        })
    }
}

impl<const A: usize> Axis<A> {
    /// Whether the end of `inner` is followed by the next position of this axis, in every array.
    fn continues_in(&self, inner: &Self) -> bool {
        let pairs = self.strides.iter().zip(inner.strides);
        pairs.into_iter().all(|(&outer, stride)| outer == stride * inner.extent as isize)
    }
}

/// The strides of an array's ellipsis, of extents 1 as 0, given how many labelled axes precede it and how many
/// there are.
#[must_use]
pub fn ellipsis_strides<T, D: Dimension>(
    array: &ArrayRef<T, D>,
    place: usize,
    labelled: usize,
) -> Vec<isize> {
    let axes = place..place + array.ndim() - labelled;
    axes.map(|axis| if array.shape()[axis] == 1 { 0 } else { array.strides()[axis] }).collect()
}

/// The shape of an output whose labelled axes stand before and behind an ellipsis.
#[must_use]
pub fn joined_shape(before: &[usize], spread: &[usize], behind: &[usize]) -> Vec<usize> {
    [before, spread, behind].concat()
}

/// A dimension as a value, to compute with types without naming them.
#[derive(Debug)]
pub struct Rank<D>(PhantomData<D>);

impl<D: Dimension> Rank<D> {
    /// The rank that the type says.
    #[must_use]
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }

    /// The larger of two.
    #[must_use]
    pub fn max<E: Dimension>(self, _: Rank<E>) -> Rank<<D as DimMax<E>>::Output>
    where
        D: DimMax<E>,
    {
        Rank::new()
    }

    /// With `K` axes more.
    #[must_use]
    pub fn and<const K: usize>(self) -> Rank<D::Sum>
    where
        D: AddAxes<K>,
    {
        Rank::new()
    }

    /// For ranks that have no static type.
    #[must_use]
    pub fn dynamic(self) -> Rank<IxDyn> {
        Rank::new()
    }

    /// Zeros of this rank, for the result of a call.
    ///
    /// # Errors
    ///
    /// [`EinsumError::TooLarge`] where there is no memory for them.
    ///
    /// # Panics
    ///
    /// Where `shape` has another number of axes.
    pub fn zeros<T: Element>(self, call: &Call, shape: &[usize]) -> Result<Array<T, D>, EinsumError> {
        // For a static rank this compares the number of axes: the types add up as the ranks do.
        let mut dimension = D::zeros(shape.len());
        shape.iter().enumerate().for_each(|(axis, &extent)| dimension[axis] = extent);
        zeros(dimension, call.subscripts)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Ix1, Ix2, Ix4};

    use super::*;

    #[test]
    fn contiguous_axes_are_fused() {
        let walk = Walk::new(&[2, 3, 4], [vec![12, 4, 1], vec![12, 4, 1]]);
        assert_eq!(walk.inner, Axis { extent: 24, strides: [1, 1] });
        assert_eq!(walk.offsets().collect::<Vec<_>>(), [[0, 0]]);
    }

    #[test]
    fn shorter_arrays_stand_still_along_the_first_axes() {
        let walk = Walk::new(&[2, 3], [vec![3, 1], vec![1]]);
        assert_eq!(walk.inner, Axis { extent: 3, strides: [1, 1] });
        assert_eq!(walk.offsets().collect::<Vec<_>>(), [[0, 0], [3, 0]]);
    }

    #[test]
    fn axes_in_disorder_are_walked_one_by_one() {
        let walk = Walk::new(&[2, 3, 4], [vec![1, 2, 6], vec![-12, -4, -1]]);
        assert_eq!(walk.inner, Axis { extent: 4, strides: [6, -1] });
        let offsets: Vec<_> = walk.offsets().collect();
        assert_eq!(offsets, [[0, 0], [2, -4], [4, -8], [1, -12], [3, -16], [5, -20]]);
    }

    #[test]
    fn no_axes_are_one_position_and_an_empty_axis_is_none() {
        let walk = Walk::<1>::new(&[], [vec![]]);
        assert_eq!((walk.inner.extent, walk.offsets().count()), (1, 1));
        let walk = Walk::new(&[0, 3], [vec![1, 5]]);
        assert_eq!((walk.inner.extent, walk.offsets().count()), (3, 0));
        let walk = Walk::new(&[3, 0], [vec![1, 5]]);
        assert_eq!(walk.inner.extent, 0);
    }

    #[test]
    fn ranks_are_computed_by_type() {
        let rank: Rank<Ix4> = Rank::<Ix2>::new().max(Rank::<Ix1>::new()).and::<2>();
        let call = Call { subscripts: "...", labels: &[], arrays: &[] };
        assert_eq!(rank.zeros::<f64>(&call, &[1, 2, 3, 4]).unwrap().shape(), [1, 2, 3, 4]);
        let _: Rank<Ix1> = Rank::<Ix1>::new().and::<0>();
        let _: Rank<IxDyn> = Rank::<Ix1>::new().max(Rank::<IxDyn>::new());
    }
}
