//! Where the extents come from that no axis of their own tells.
//!
//! A label that stands only in parentheses has no axis whose extent is its own. An affine index of an operand tells it,
//! once the extents of the index's other labels are known: the label takes all values for which every position lies in
//! the axis. Which index tells which label depends on the subscripts alone, so it is settled here, for the run time to
//! compute in this order.

use alloc::vec::Vec;

use crate::{Equation, Error, ErrorKind, Label, Term};

/// An affine index that tells the extent of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolution {
    /// The label. Where several indices tell one label, they must agree.
    pub label: Label,
    /// The operand.
    pub operand: usize,
    /// The index, counted in the operand's term without its ellipsis.
    pub axis: usize,
}

/// Settles where the extents of labels without an axis of their own come from, in the order in which they become known.
///
/// `given` are the labels whose extents come with the call. `in_place`, the target has an axis for each label that is an
/// index of the output.
///
/// ```
/// use einsum_plan::{parse, resolve};
///
/// let layer = parse("n(2x+i)c,ico->nxo").unwrap();
/// let resolutions = resolve(&layer, &[], false).unwrap();
/// assert_eq!((resolutions[0].label, resolutions[0].operand, resolutions[0].axis), ('x', 0, 1));
///
/// let errors = resolve(&parse("(x+i)->xi").unwrap(), &[], false).unwrap_err();
/// assert_eq!(errors[0].to_string(), "the extents of `x`, `i` are not known");
/// assert!(resolve(&parse("(x+i)->xi").unwrap(), &['i'], false).is_ok());
/// ```
///
/// # Errors
///
/// Each index with labels that nothing tells.
pub fn resolve(equation: &Equation, given: &[Label], in_place: bool) -> Result<Vec<Resolution>, Vec<Error>> {
    let mut known: Vec<Label> = given.to_vec();
    known.extend(equation.inputs.iter().flat_map(Term::bare_labels));
    if in_place {
        known.extend(equation.output().iter().filter_map(|index| index.label()));
    }
    let mut resolutions = Vec::new();
    loop {
        let round = next_round(equation, &known);
        if round.is_empty() {
            break;
        }
        known.extend(round.iter().map(|resolution| resolution.label));
        resolutions.extend(round);
    }
    let errors = unknown(equation, &known);
    if errors.is_empty() { Ok(resolutions) } else { Err(errors) }
}

/// The indices of which all labels but one are known. All at once: two that tell the same label are both heard.
fn next_round(equation: &Equation, known: &[Label]) -> Vec<Resolution> {
    let mut round = Vec::new();
    for (operand, term) in equation.inputs.iter().enumerate() {
        for (axis, labels) in indices(term).enumerate() {
            if let [label] = open(labels, known)[..] {
                round.push(Resolution { label, operand, axis });
            }
        }
    }
    round
}

/// The labels of each index of a term, without the ellipsis.
fn indices(term: &Term) -> impl Iterator<Item = impl Iterator<Item = Label>> {
    let axes = term.axes.iter().filter(|axis| axis.index.label() != Some(crate::ELLIPSIS));
    axes.map(|axis| axis.index.labels())
}

fn open(labels: impl Iterator<Item = Label>, known: &[Label]) -> Vec<Label> {
    labels.filter(|label| !known.contains(label)).collect()
}

fn unknown(equation: &Equation, known: &[Label]) -> Vec<Error> {
    let mut errors: Vec<Error> = Vec::new();
    for axis in equation.inputs.iter().flat_map(|term| &term.axes) {
        let labels = open(axis.index.labels(), known);
        let kind = ErrorKind::UnknownExtents { labels };
        let is_new = errors.iter().all(|error| *error.kind() != kind);
        if kind != (ErrorKind::UnknownExtents { labels: Vec::new() }) && is_new {
            errors.push(Error::new(kind, axis.span.clone()));
        }
    }
    errors
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::parse;

    fn resolved(text: &str, given: &[Label], in_place: bool) -> Vec<(Label, usize, usize)> {
        let resolutions = resolve(&parse(text).unwrap(), given, in_place).unwrap();
        resolutions.iter().map(|r| (r.label, r.operand, r.axis)).collect()
    }

    fn unresolved(text: &str, given: &[Label]) -> Vec<Error> {
        resolve(&parse(text).unwrap(), given, false).unwrap_err()
    }

    #[test]
    fn an_index_tells_its_last_open_label() {
        assert_eq!(resolved("ij,jk->ik", &[], false), []);
        assert_eq!(resolved("n(x+i)(y+j)c,ijco->nxyo", &[], false), [('x', 0, 1), ('y', 0, 2)]);
        assert_eq!(resolved("...(x+i)c,i->...x", &[], false), [('x', 0, 0)]);
        assert_eq!(resolved("(x+i)->xi", &['x'], false), [('i', 0, 0)]);
    }

    #[test]
    fn one_index_waits_for_another() {
        assert_eq!(resolved("(x+i+j)(j+k),ik->x", &[], false), [('j', 0, 1), ('x', 0, 0)]);
    }

    #[test]
    fn all_indices_of_a_round_are_heard() {
        assert_eq!(resolved("(x+i),(x+k),ik->x", &[], false), [('x', 0, 0), ('x', 1, 0)]);
    }

    #[test]
    fn bare_labels_of_a_target_are_known() {
        assert_eq!(resolved("n(x+i),i->nx", &[], true), []);
        assert_eq!(resolved("x,i->(x+i)", &[], true), []);
    }

    #[test]
    fn what_nothing_tells_is_named_once() {
        let errors = unresolved("a(x+i),(x+i)(y+j),j->x", &[]);
        assert_eq!(errors.len(), 1);
        assert_eq!(
            (errors[0].to_string(), errors[0].span()),
            ("the extents of `x`, `i` are not known".into(), 1..6)
        );
        assert_eq!(
            errors[0].help(),
            "give all but one behind the operands, as in `; i = 3`, which tells that of `x`"
        );
        assert_eq!(unresolved("(x+i+j)", &['i']).len(), 1);
    }
}
