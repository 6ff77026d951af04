//! Ranks that grow by further axes, as a table of types.

use ndarray::{Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn};

/// Dimension types that can grow by `K` axes.
///
/// `Ix0` to `Ix6` grow by 0 to 6 axes, 0 being no change, up to `Ix6`, and become `IxDyn` above it; `IxDyn` grows by
/// any number of axes and stays `IxDyn`. The trait is sealed.
///
/// # Examples
///
/// ```
/// # use einsum_runtime as einsum;
/// use einsum::window::{AddAxes, Windows};
/// use ndarray::{Array, ArrayRef};
///
/// fn windows_of_three<D: AddAxes<1>>(x: &ArrayRef<f64, D>) -> Array<f64, D::Sum> {
///     Windows::new([3]).axes([0]).view(x).to_owned()
/// }
///
/// let x = Array::zeros((4, 2));
/// assert_eq!(windows_of_three(&x), Array::zeros((2, 2, 3)));
/// ```
#[diagnostic::on_unimplemented(
    message = "an array of dimension `{Self}` cannot have {K} window axes",
    label = "not an array with up to 6 window axes",
    note = "arrays of dimension `Ix0` to `Ix6` take up to 6 window axes; `.into_dyn()` takes any number"
)]
pub trait AddAxes<const K: usize>: Dimension + sealed::Sealed {
    /// The dimension with `K` more axes.
    type Sum: Dimension;
}

mod sealed {
    pub trait Sealed {}
}

/// Each row: a dimension, and what 0 to 6 more axes make of it.
macro_rules! table {
    ($($dim:ident: $one:ident $two:ident $three:ident $four:ident $five:ident $six:ident)*) => {$(
        impl sealed::Sealed for $dim {}
        impl AddAxes<0> for $dim { type Sum = $dim; }
        impl AddAxes<1> for $dim { type Sum = $one; }
        impl AddAxes<2> for $dim { type Sum = $two; }
        impl AddAxes<3> for $dim { type Sum = $three; }
        impl AddAxes<4> for $dim { type Sum = $four; }
        impl AddAxes<5> for $dim { type Sum = $five; }
        impl AddAxes<6> for $dim { type Sum = $six; }
    )*};
}

table! {
    Ix0: Ix1 Ix2 Ix3 Ix4 Ix5 Ix6
    Ix1: Ix2 Ix3 Ix4 Ix5 Ix6 IxDyn
    Ix2: Ix3 Ix4 Ix5 Ix6 IxDyn IxDyn
    Ix3: Ix4 Ix5 Ix6 IxDyn IxDyn IxDyn
    Ix4: Ix5 Ix6 IxDyn IxDyn IxDyn IxDyn
    Ix5: Ix6 IxDyn IxDyn IxDyn IxDyn IxDyn
    Ix6: IxDyn IxDyn IxDyn IxDyn IxDyn IxDyn
}

impl sealed::Sealed for IxDyn {}
impl<const K: usize> AddAxes<K> for IxDyn {
    type Sum = IxDyn;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank<D: AddAxes<K>, const K: usize>() -> Option<usize> {
        D::Sum::NDIM
    }

    /// The rank of every sum that has a type, `None` where it is dynamic.
    #[test]
    fn ranks_add_up() {
        macro_rules! check {
            ($($dim:ident)*; $($k:literal)*) => { check!(@ $($dim)*; [$($k)*]) };
            (@ $($dim:ident)*; $ks:tt) => { $(check!(@@ $dim $ks);)* };
            (@@ $dim:ident [$($k:literal)*]) => {$(
                let sum = $dim::NDIM.unwrap() + $k;
                assert_eq!(rank::<$dim, $k>(), (sum <= 6).then_some(sum));
            )*};
        }
        check!(Ix0 Ix1 Ix2 Ix3 Ix4 Ix5 Ix6; 0 1 2 3 4 5 6);
        assert_eq!(rank::<IxDyn, 0>(), None);
        assert_eq!(rank::<IxDyn, 1>(), None);
        assert_eq!(rank::<IxDyn, 9>(), None);
    }
}
