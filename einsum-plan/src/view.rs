//! What a view can show: one operand, whose elements stand elsewhere, or more than once, but are what they are.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::{Affine, Axis, ELLIPSIS, Equation, Error, ErrorKind, Index, Label, Term, check};

/// What needs arithmetic, which a view does not do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotAView {
    /// A product of several operands.
    Product {
        /// How many.
        operands: usize,
    },
    /// A sum over a label, which the output lacks.
    Sum {
        /// The label.
        label: Label,
        /// The subscripts with every label in the output.
        kept: String,
    },
    /// An index that reads zeros beyond its axis.
    Padding {
        /// How many at either end.
        padding: usize,
        /// The index in an array that has them.
        padded: String,
    },
    /// An index of the output that is more than a label, so that elements meet and are added.
    OutputArithmetic,
}

/// Checks that an equation for this many operands has a view as its value. The counterpart of [`check`] for views.
///
/// ```
/// use einsum_plan::{check_view, parse};
///
/// assert!(check_view(&parse("n(x+i)c->nxic").unwrap(), 1).is_ok());
/// let errors = check_view(&parse("ij->i").unwrap(), 1).unwrap_err();
/// assert_eq!(errors[0].to_string(), "a view cannot sum over `j`");
/// assert_eq!(errors[0].span(), 1..2);
/// ```
///
/// # Errors
///
/// That there are several operands; else what [`check`] finds, and everything that needs arithmetic.
pub fn check_view(equation: &Equation, operands: usize) -> Result<(), Vec<Error>> {
    let [operand] = &equation.inputs[..] else { return Err(Vec::from([product(equation)])) };
    let mut errors = check(equation, operands).err().unwrap_or_default();
    errors.extend(operand.axes.iter().filter_map(padding));
    errors.extend(sums(equation, operand));
    errors.extend(equation.explicit_output.iter().flat_map(output_arithmetic));
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn mistake(kind: NotAView, span: core::ops::Range<usize>) -> Error {
    Error::new(ErrorKind::NotAView(kind), span)
}

/// Points at the terms behind the first one.
fn product(equation: &Equation) -> Error {
    let terms = &equation.inputs;
    let span = terms[1].span.start..terms[terms.len() - 1].span.end;
    mistake(NotAView::Product { operands: terms.len() }, span)
}

fn padding(axis: &Axis) -> Option<Error> {
    let Index::Affine(affine) = &axis.index else { return None };
    let padding = affine.padding();
    let padded = Index::Affine(Affine { constant: 0, ..affine.clone() }).to_string();
    (padding > 0).then(|| mistake(NotAView::Padding { padding, padded }, axis.span.clone()))
}

/// The labels that the output lacks, each where it stands first.
fn sums(equation: &Equation, operand: &Term) -> Vec<Error> {
    let output = equation.output();
    let shown: Vec<Label> = output.iter().flat_map(Index::labels).collect();
    let labels = equation.input_labels();
    let lacking = labels.into_iter().filter(|label| *label != ELLIPSIS && !shown.contains(label));
    let lacking: Vec<Label> = lacking.collect();
    let kept = kept(operand, &output, &lacking);
    let occurrences = || operand.axes.iter().flat_map(|axis| &axis.occurrences);
    let sum = |&label: &Label| {
        let first = occurrences().find(|occurrence| occurrence.label == label)?;
        Some(mistake(NotAView::Sum { label, kept: kept.clone() }, first.span.clone()))
    };
    lacking.iter().filter_map(sum).collect()
}

/// The subscripts with the labels that the output lacks at its end.
fn kept(operand: &Term, output: &[Index<Label>], lacking: &[Label]) -> String {
    let text = |index: &Index<Label>| match index.label() {
        Some(ELLIPSIS) => "...".to_string(),
        _ => index.to_string(),
    };
    let operand: String = operand.axes.iter().map(|axis| text(&axis.index)).collect();
    let output: String = output.iter().map(text).collect();
    alloc::format!("{operand}->{output}{}", String::from_iter(lacking))
}

fn output_arithmetic(output: &Term) -> impl Iterator<Item = Error> {
    let indices = output.axes.iter().filter(|axis| axis.index.label().is_none());
    indices.map(|axis| mistake(NotAView::OutputArithmetic, axis.span.clone()))
}

impl fmt::Display for NotAView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Product { operands } => write!(f, "a view is of 1 operand, but there are {operands} terms"),
            Self::Sum { label, .. } => write!(f, "a view cannot sum over `{label}`"),
            Self::Padding { padding, .. } => write!(f, "a view cannot show a padding of {padding}"),
            Self::OutputArithmetic => f.write_str("a view cannot have index arithmetic in its output"),
        }
    }
}

impl NotAView {
    pub(crate) fn help(&self) -> String {
        match self {
            Self::Product { .. } => "a product is a new array: use `einsum!`".into(),
            Self::Sum { kept, .. } => {
                alloc::format!("keep the label, as in `{kept}`, or use `einsum!` for a sum")
            }
            Self::Padding { padded, .. } => alloc::format!(
                "these zeros are nowhere in memory: `pad` the operand and write `{padded}`, or use `einsum!`"
            ),
            Self::OutputArithmetic => {
                "each axis of a view has a label of its own; use `einsum!` to add up what meets at a position"
                    .into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    fn mistakes(text: &str) -> Vec<Error> {
        check_view(&parse(text).unwrap(), 1).unwrap_err()
    }

    /// The only mistake, as its message, its help and the culprit.
    fn mistake(text: &str) -> (String, String, &str) {
        let mistakes = mistakes(text);
        assert_eq!(mistakes.len(), 1, "{mistakes:?}");
        (mistakes[0].to_string(), mistakes[0].help(), &text[mistakes[0].span()])
    }

    #[test]
    fn what_needs_no_arithmetic_is_a_view() {
        for text in [
            "ij->ji",
            "ij",
            "ba",
            "ii->i",
            "->",
            "...ij->...ji",
            "i->...i",
            "n(2x-i+1)->nxi",
            "(x+i)x->ix",
            "(x+i)",
        ] {
            assert_eq!(check_view(&parse(text).unwrap(), 1), Ok(()), "{text}");
        }
    }

    #[test]
    fn sums_are_named_with_what_keeps_them() {
        let help = "keep the label, as in `ij->ij`, or use `einsum!` for a sum";
        assert_eq!(mistake("ij->i"), ("a view cannot sum over `j`".into(), help.into(), "j"));
        assert!(mistake("ii").1.contains("as in `ii->i`,"));
        assert!(mistake("...(2x+i)->...x").1.contains("as in `...(2x+i)->...xi`,"));
        let both = mistakes("i(x+i)j->j");
        assert_eq!(both.iter().map(Error::span).collect::<Vec<_>>(), [0..1, 2..3]);
        assert!(both[1].help().contains("as in `i(x+i)j->jix`,"));
    }

    #[test]
    fn products_are_one_mistake_whatever_the_number_of_operands() {
        let help = "a product is a new array: use `einsum!`";
        let message = "a view is of 1 operand, but there are 3 terms";
        assert_eq!(mistake("ij, jk,k->iq"), (message.into(), help.into(), " jk,k"));
    }

    #[test]
    fn padding_is_named_with_the_index_of_a_padded_array() {
        let (message, help, culprit) = mistake("n(2x+i-3)->nxi");
        assert_eq!((&*message, culprit), ("a view cannot show a padding of 3", "(2x+i-3)"));
        assert!(help.contains("write `(2x+i)`,"), "{help}");
    }

    #[test]
    fn outputs_have_labels_that_are_known_and_unique() {
        let (message, _, culprit) = mistake("xi->(x+i)");
        assert_eq!((&*message, culprit), ("a view cannot have index arithmetic in its output", "(x+i)"));
        assert_eq!(mistakes("i->ii")[0].kind(), &ErrorKind::RepeatedOutputLabel('i'));
        assert_eq!(mistakes("i->qi").len(), 1);
        assert!(matches!(
            check_view(&parse("i").unwrap(), 2).unwrap_err()[0].kind(),
            ErrorKind::OperandCount { .. }
        ));
    }
}
