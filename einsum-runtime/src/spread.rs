//! The axes of an ellipsis, walked around the loops that know only labels.
//!
//! How many there are depends on the operands. So the loops get one of them as an ordinary label, the innermost
//! after fusing, and run once for each position along the others, each time with the arrays moved on.

use std::marker::PhantomData;

use ndarray::{Array, ArrayRef, DimMax, Dimension, Ix0, IxDyn};

use crate::call::Call;
use crate::element::Element;
use crate::error::EinsumError;
use crate::few::Few;
use crate::rank::AddAxes;
use crate::zeros::zeros;

/// The axes of an ellipsis in terms of the strides of `A` arrays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk<const A: usize> {
    /// The axis that the loops take as a label.
    pub inner: Axis<A>,
    /// The others, the outermost first.
    outer: Few<Axis<A>>,
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
    /// Fuses the axes of extents `spread` as far as every array allows, given the ellipsis of each array.
    ///
    /// # Panics
    ///
    /// Where an axis of an array has neither the extent of `spread` nor 1.
    #[must_use]
    pub fn new(spread: &[usize], arrays: [Ellipsis; A]) -> Self {
        let none = Axis { extent: 1, strides: [0; A] };
        let (mut fused, mut count) = (Few::filled(none, spread.len()), 0);
        for (n, &extent) in spread.iter().enumerate().filter(|&(_, &extent)| extent != 1) {
            let from_last = spread.len() - n;
            let axis = Axis { extent, strides: arrays.map(|ellipsis| ellipsis.stride(from_last, extent)) };
            match fused[..count].last_mut() {
                Some(last) if last.continues_in(&axis) => {
                    *last = Axis { extent: last.extent * extent, strides: axis.strides };
                }
                _ => {
                    fused[count] = axis;
                    count += 1;
                }
            }
        }
        let inner = fused[..count].last().copied().unwrap_or(none);
        Self { inner, outer: fused.truncated(count.saturating_sub(1)) }
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

/// The axes of an array that its ellipsis stands for.
#[derive(Debug, Clone, Copy)]
pub struct Ellipsis<'a> {
    extents: &'a [usize],
    strides: &'a [isize],
}

impl<'a> Ellipsis<'a> {
    /// Those of an array with as many labelled axes, some of which precede the ellipsis.
    ///
    /// # Panics
    ///
    /// Where the array has fewer axes than labels.
    #[must_use]
    pub fn of<T, D: Dimension>(array: &'a ArrayRef<T, D>, preceding: usize, labelled: usize) -> Self {
        let axes = preceding..preceding + array.ndim() - labelled;
        Self { extents: &array.shape()[axes.clone()], strides: &array.strides()[axes] }
    }

    /// The stride of an axis, counted from the last one, which is 1: 0 where there is none, or it is stretched to
    /// this extent.
    fn stride(self, from_last: usize, extent: usize) -> isize {
        match self.extents.len().checked_sub(from_last) {
            Some(axis) if self.extents[axis] != 1 => {
                assert_eq!(self.extents[axis], extent, "an axis has the extent of the ellipsis, or 1");
                self.strides[axis]
            }
            _ => 0,
        }
    }
}

/// A dimension as a value, to compute with types without naming them.
#[derive(Debug)]
pub struct Rank<D>(PhantomData<D>);

impl Rank<Ix0> {
    /// No axes.
    #[must_use]
    pub fn none() -> Self {
        Self::new()
    }
}

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

    /// Zeros of this rank, for the result of a call: the shape is that of its labelled axes before the ellipsis, of
    /// the ellipsis, and of the others.
    ///
    /// # Errors
    ///
    /// [`EinsumError::TooLarge`] where there is no memory for them.
    ///
    /// # Panics
    ///
    /// Where the shape has another number of axes.
    pub fn zeros<T: Element>(self, call: &Call, shape: [&[usize]; 3]) -> Result<Array<T, D>, EinsumError> {
        // For a static rank this compares the number of axes: the types add up as the ranks do.
        let mut dimension = D::zeros(shape.iter().map(|part| part.len()).sum());
        let extents = shape.into_iter().flatten().enumerate();
        extents.for_each(|(axis, &extent)| dimension[axis] = extent);
        zeros(dimension, call.subscripts)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Ix1, Ix2, Ix4};

    use super::*;

    fn walk<const A: usize>(spread: &[usize], arrays: [(&[usize], &[isize]); A]) -> Walk<A> {
        Walk::new(spread, arrays.map(|(extents, strides)| Ellipsis { extents, strides }))
    }

    #[test]
    fn contiguous_axes_are_fused() {
        let array = (&[2, 3, 4][..], &[12, 4, 1][..]);
        let walk = walk(&[2, 3, 4], [array, array]);
        assert_eq!(walk.inner, Axis { extent: 24, strides: [1, 1] });
        assert_eq!(walk.offsets().collect::<Vec<_>>(), [[0, 0]]);
    }

    #[test]
    fn shorter_arrays_stand_still_along_the_first_axes() {
        let walk = walk(&[2, 3], [(&[2, 3], &[3, 1]), (&[3], &[1])]);
        assert_eq!(walk.inner, Axis { extent: 3, strides: [1, 1] });
        assert_eq!(walk.offsets().collect::<Vec<_>>(), [[0, 0], [3, 0]]);
    }

    #[test]
    fn stretched_axes_stand_still() {
        let walk = walk(&[2, 3], [(&[2, 1], &[1, 1]), (&[1, 3], &[7, 1])]);
        assert_eq!(walk.inner, Axis { extent: 3, strides: [0, 1] });
        assert_eq!(walk.offsets().collect::<Vec<_>>(), [[0, 0], [1, 0]]);
    }

    #[test]
    #[should_panic(expected = "an axis has the extent of the ellipsis, or 1")]
    fn extents_are_compared() {
        let _ = walk(&[2, 3], [(&[2, 3], &[3, 1]), (&[2], &[1])]);
    }

    #[test]
    fn axes_in_disorder_are_walked_one_by_one() {
        let shape = &[2, 3, 4][..];
        let walk = walk(shape, [(shape, &[1, 2, 6]), (shape, &[-12, -4, -1])]);
        assert_eq!(walk.inner, Axis { extent: 4, strides: [6, -1] });
        let offsets: Vec<_> = walk.offsets().collect();
        assert_eq!(offsets, [[0, 0], [2, -4], [4, -8], [1, -12], [3, -16], [5, -20]]);
    }

    #[test]
    fn no_axes_are_one_position_and_an_empty_axis_is_none() {
        let none = walk(&[], [(&[], &[])]);
        assert_eq!((none.inner.extent, none.offsets().count()), (1, 1));
        let outer = walk(&[0, 3], [(&[0, 3], &[1, 5])]);
        assert_eq!((outer.inner.extent, outer.offsets().count()), (3, 0));
        let inner = walk(&[3, 0], [(&[3, 0], &[1, 5])]);
        assert_eq!(inner.inner.extent, 0);
    }

    #[test]
    fn many_axes_are_walked_too() {
        let shape = [2; 9];
        // Every other axis reversed, so that none can be fused.
        let strides: Vec<isize> = (0..9).map(|n| if n % 2 == 0 { 256 >> n } else { -(256 >> n) }).collect();
        let walk = walk(&shape, [(&shape, &strides)]);
        assert_eq!((walk.inner.extent, walk.offsets().count()), (2, 256));
        assert_eq!(walk.offsets().last(), Some([256 - 128 + 64 - 32 + 16 - 8 + 4 - 2]));
    }

    #[test]
    fn ranks_are_computed_by_type() {
        let rank: Rank<Ix4> = Rank::<Ix2>::new().max(Rank::<Ix1>::new()).and::<2>();
        let call = Call { subscripts: "...", labels: &[], arrays: &[], resolutions: &[] };
        assert_eq!(rank.zeros::<f64>(&call, [&[1], &[2, 3], &[4]]).unwrap().shape(), [1, 2, 3, 4]);
        let _: Rank<Ix1> = Rank::<Ix1>::new().and::<0>();
        let _: Rank<IxDyn> = Rank::<Ix1>::new().max(Rank::<IxDyn>::new());
    }
}
