//! Calls that need no arithmetic.

use super::{Axis, Constant, Parts};

impl Parts {
    /// One operand without padding, and each of its labels in the output, if that is written.
    pub fn of_a_view(mut self) -> Self {
        self.terms.truncate(1);
        self.terms.iter_mut().flat_map(|term| &mut term.axes).for_each(leave_padding_out);
        if let Some(output) = &mut self.output {
            output.priorities.iter_mut().for_each(|priority| *priority = priority.or(Some(0)));
            output.axes.iter_mut().for_each(|axis| *axis = None);
        }
        self
    }
}

/// A negative constant stays where it is a shift, which may go too far.
fn leave_padding_out(axis: &mut Axis) {
    let Axis::Affine(affine) = axis else { return };
    let (Constant::Padding(constant) | Constant::Shift(constant)) = affine.constant;
    let pads = affine.parts.iter().all(|&(_, factor)| factor > 0);
    affine.constant = Constant::Shift(if pads { constant.abs() } else { constant });
}
