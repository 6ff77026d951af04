//! Gradients as further equations.
//!
//! An einsum is linear in each operand. So the gradient of an operand is an einsum of the gradient of the result and the
//! other operands, whose output has the operand's indices: of `ij,jk->ik` that of the first operand is `ik,jk->ij`.
//! Indices keep their arithmetic, so that of an image `n(x+i-1)c,ico->nxo` is `nxo,ico->n(x+i-1)c`, a transposed
//! convolution. (Griewank and Walther, *Evaluating Derivatives*, section 3.2: the adjoint of a bilinear operation.)
//!
//! Two things are met here that nobody writes. A label that only the operand has, as `j` in `ij->i`, has its values only
//! in the output: the gradient is the same for all of them. A label that the operand has twice walks the diagonal of the
//! output, which is zero elsewhere.
//!
//! Nothing is conjugated: for complex elements this is the transpose of the linear map, not its Hermitian adjoint.

use alloc::vec::Vec;

use crate::lower::{id, indices, ordered_labels, plan};
use crate::{Equation, Plan};

/// The plan for the gradient of an operand, by its number.
///
/// The plan's operands are those of the equation and, behind them, the gradient of its result. It reads all but the operand
/// itself.
///
/// ```
/// use einsum_plan::{adjoint, parse};
///
/// let product = parse("ij,jk->ik").unwrap();
/// assert_eq!(adjoint(&product, 0).to_string(), "out[ij] = for i { for j { sum k (#1[jk] * #2[ik]) } }");
/// assert_eq!(adjoint(&product, 1).to_string(), "out[jk] = for j { for k { sum i (#0[ij] * #2[ik]) } }");
/// ```
///
/// # Panics
///
/// Where [`check`](crate::check) would have complained about the equation, or there is no such operand.
#[must_use]
pub fn adjoint(equation: &Equation, operand: usize) -> Plan {
    let labels = ordered_labels(equation);
    let mut operands: Vec<_> = equation.inputs.iter().map(|term| indices(&labels, term)).collect();
    let output = operands[operand].clone();
    let inputs: Vec<usize> = (0..=operands.len()).filter(|&number| number != operand).collect();
    operands.push(equation.output().iter().map(|index| index.map(|label| id(&labels, label))).collect());
    plan(labels, operands, output, &inputs)
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use super::*;
    use crate::parse;

    fn gradient(text: &str, operand: usize) -> String {
        adjoint(&parse(text).unwrap(), operand).to_string()
    }

    #[test]
    fn the_gradient_has_the_indices_of_its_operand() {
        assert_eq!(gradient("i,ij,j->", 1), "out[ij] = #3[] * for i { #0[i] * for j { #2[j] } }");
        assert_eq!(gradient("ij->ji", 0), "out[ij] = for i { for j { #1[ji] } }");
        assert_eq!(gradient(",i->i", 0), "out[] = sum i (#1[i] * #2[i])");
    }

    #[test]
    fn a_label_that_was_summed_alone_is_repeated() {
        assert_eq!(gradient("ij->i", 0), "out[ij] = for i { #1[i] * for j { 1 } }");
    }

    #[test]
    fn a_diagonal_is_written_where_it_was_read() {
        let plan = adjoint(&parse("ii->i").unwrap(), 0);
        assert_eq!(plan.to_string(), "out[i] = for i { #1[i] }");
        assert!(plan.is_cut() && !plan.is_whole());
    }

    #[test]
    fn layers_are_transposed() {
        assert_eq!(
            gradient("n(2x+i-3)c,ico->nxo", 0),
            "out[nxc] = for n { for x { for c { sum i (sum o (#1[ico] * #2[nxio])) } } }"
        );
        assert_eq!(
            gradient("n(2x+i-3)c,ico->nxo", 1),
            "out[ico] = for i { for c { for o { sum n (sum x (#0[nxic] * #2[nxo])) } } }"
        );
    }

    #[test]
    fn an_ellipsis_is_kept_or_summed() {
        assert_eq!(
            gradient("...ij,jk->...ik", 0),
            "out[…ij] = for … { for i { for j { sum k (#1[jk] * #2[…ik]) } } }"
        );
        assert_eq!(
            gradient("...ij,jk->...ik", 1),
            "out[jk] = for j { for k { sum … (sum i (#0[…ij] * #2[…ik])) } }"
        );
    }
}
