//! Where the result of a plan goes.

use einsum_plan::{Index, Plan};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::names::{name, numbered};
use super::run_time;
use crate::input::Assignment;

/// Where the result of a plan goes.
#[derive(Clone, Copy)]
pub enum Destination {
    /// A new array, or a bare element.
    Owned,
    /// The target of an in-place form.
    Target(Assignment),
    /// The gradient of an operand: a new array, or a target.
    Gradient {
        /// The number of the operand.
        operand: usize,
        /// How the target is written, if there is one.
        target: Option<Assignment>,
    },
}

impl Destination {
    pub fn is_gradient(self) -> bool {
        matches!(self, Self::Gradient { .. })
    }

    /// How an array that was there before is written.
    pub fn assignment(self) -> Option<Assignment> {
        match self {
            Self::Owned => None,
            Self::Target(assignment) => Some(assignment),
            Self::Gradient { target, .. } => target,
        }
    }

    /// The variable of the array that is written.
    pub fn variable(self) -> Ident {
        match self {
            Self::Owned | Self::Gradient { target: None, .. } => name("result"),
            Self::Target(_) => name("target"),
            Self::Gradient { operand, target: Some(_) } => numbered("target", operand),
        }
    }

    /// A reference to the array that is written.
    pub fn array(self) -> TokenStream {
        let variable = self.variable();
        if self.assignment().is_some() { quote!(#variable) } else { quote!(&mut #variable) }
    }

    /// The array of the call, by its number and variable, whose axes those with an affine index are as long as; `None` if
    /// they are computed.
    pub fn shaped_as(self, plan: &Plan) -> Option<(usize, Ident)> {
        match self {
            Self::Owned => None,
            Self::Target(_) => Some((plan.operands.len(), name("target"))),
            Self::Gradient { operand, .. } => Some((operand, numbered("op", operand))),
        }
    }

    /// Whether places that nothing is added to keep what they had: then loops add to zeros, to assign.
    fn adds(self, plan: &Plan) -> bool {
        self.is_gradient() && !plan.output.is_empty()
            || plan.is_cut() && !plan.is_whole()
            || sums_ellipsis(plan)
    }

    /// Whether the array has to be set to zero first.
    pub fn is_cleared(self, plan: &Plan) -> bool {
        matches!(self.assignment(), Some(Assignment::Assign)) && self.adds(plan)
    }

    /// The type by which loops store a value.
    pub fn loops_store(self, plan: &Plan) -> TokenStream {
        match self.assignment() {
            None | Some(Assignment::Assign) if self.adds(plan) => stored_by(Some(Assignment::Add)),
            assignment => stored_by(assignment),
        }
    }

    /// The type by which the contraction engine stores a value, which reads no zeros where it computes everything.
    pub fn engine_store(self, plan: &Plan) -> TokenStream {
        match self.assignment() {
            _ if plan.is_cut() && !plan.is_whole() || plan.ellipsis().is_some() => self.loops_store(plan),
            assignment => stored_by(assignment),
        }
    }

    /// The same for all pieces together.
    pub fn pieces_store(self) -> TokenStream {
        stored_by(self.assignment())
    }
}

/// Whether the walk along an ellipsis comes to places of the output again and again.
fn sums_ellipsis(plan: &Plan) -> bool {
    let has = |indices: &[Index<usize>]| {
        plan.ellipsis().is_some() && indices.iter().any(|index| index.label() == plan.ellipsis())
    };
    !has(&plan.output) && plan.read().iter().any(|&number| has(&plan.operands[number]))
}

/// The type that stores a value by an operator.
fn stored_by(assignment: Option<Assignment>) -> TokenStream {
    let run_time = run_time();
    match assignment {
        None | Some(Assignment::Assign) => quote!(#run_time::Assign),
        Some(Assignment::Add) => quote!(#run_time::Accumulate),
        Some(Assignment::Subtract) => quote!(#run_time::Subtract),
    }
}
