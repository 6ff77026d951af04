//! Equations that need no arithmetic, as views.

use einsum_plan::check_view;
use ndarray::{ArrayViewD, IxDyn};

use super::{Equation, refusal};
use crate::error::EinsumError;
use crate::spread::Rank;
use crate::view::view;

impl Equation {
    /// A view of an operand's elements: see [`dynamic::view`](crate::dynamic::view).
    ///
    /// # Errors
    ///
    /// As for [`dynamic::view`](crate::dynamic::view).
    ///
    /// # Examples
    ///
    /// ```
    /// # use einsum_runtime as einsum;
    /// use einsum::dynamic::Equation;
    /// use ndarray::array;
    ///
    /// let windows = Equation::new("(x+i)->xi", 1)?.with_extent('i', 2)?;
    /// let x = array![1, 2, 3].into_dyn();
    /// assert_eq!(windows.view(&x.view())?, array![[1, 2], [2, 3]].into_dyn());
    /// # Ok::<(), einsum::EinsumError>(())
    /// ```
    pub fn view<'a, T>(&self, operand: &ArrayViewD<'a, T>) -> Result<ArrayViewD<'a, T>, EinsumError> {
        check_view(&self.parsed, 1).map_err(|mistakes| refusal(&self.subscripts, mistakes))?;
        let resolutions = self.resolutions(false)?;
        self.arrays.with_call(&self.subscripts, &resolutions, None, |call, output| {
            view(operand.clone(), Rank::<IxDyn>::new(), call, output, &self.given)
        })
    }
}
