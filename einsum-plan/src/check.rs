//! The rules that need the whole equation. What passes here can be lowered without another question.

use alloc::string::String;
use alloc::vec::Vec;

use crate::notation::ELLIPSIS;
use crate::{Equation, Error, ErrorKind, Label, Occurrence, Term};

/// Checks an equation against the number of operands that came with it.
///
/// # Errors
///
/// All rules that are broken: first the output labels in the order of the text, then the operand count.
pub fn check(equation: &Equation, operands: usize) -> Result<(), Vec<Error>> {
    let mut errors = Vec::new();
    if let Some(output) = &equation.explicit_output {
        check_ellipsis(equation, output, &mut errors);
        check_output(equation, output, &mut errors);
    }
    check_count(equation, operands, &mut errors);
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// numpy's two parsers disagree here, one sums without a word; so it must be written out.
///
/// What is missing is one thing, however many operands have an ellipsis: the first of them is shown.
fn check_ellipsis(equation: &Equation, output: &Term, errors: &mut Vec<Error>) {
    if output.labels().any(|label| label == ELLIPSIS) {
        return;
    }
    let mut axes = equation.inputs.iter().flat_map(|term| &term.axes);
    let first = axes.find(|axis| axis.index.label() == Some(ELLIPSIS));
    errors.extend(first.map(|axis| {
        let labelled = with_labels_for_ellipsis(equation, output);
        Error::new(ErrorKind::EllipsisNotInOutput { labelled }, axis.span.clone())
    }));
}

/// The equation with two labels that it does not use in place of each ellipsis.
fn with_labels_for_ellipsis(equation: &Equation, output: &Term) -> String {
    let used =
        |label: &Label| equation.inputs.iter().chain([output]).any(|term| term.labels().any(|l| l == *label));
    let letters = ('a'..='z').chain('A'..='Z').chain('α'..='ω');
    let free: String = letters.filter(|letter| !used(letter)).take(2).collect();
    let text = |term: &Term| {
        let indices = term.axes.iter().map(|axis| &axis.index);
        indices.fold(String::new(), |text, index| match index.label() {
            Some(ELLIPSIS) => text + &free,
            _ => alloc::format!("{text}{index}"),
        })
    };
    let inputs: Vec<_> = equation.inputs.iter().map(text).collect();
    alloc::format!("{}->{}", inputs.join(","), text(output))
}

fn check_output(equation: &Equation, output: &Term, errors: &mut Vec<Error>) {
    let known: Vec<_> = equation.input_labels().into_iter().filter(|&label| label != ELLIPSIS).collect();
    let occurrences = || output.axes.iter().flat_map(|axis| &axis.occurrences);
    for (position, Occurrence { label, span }) in occurrences().enumerate() {
        let kind = if occurrences().take(position).any(|earlier| earlier.label == *label) {
            ErrorKind::RepeatedOutputLabel(*label)
        } else if *label != ELLIPSIS && !known.contains(label) {
            ErrorKind::UnknownOutputLabel { label: *label, known: known.clone() }
        } else {
            continue;
        };
        errors.push(Error::new(kind, span.clone()));
    }
}

/// Points at the first term without an operand, or at all terms when operands are left over.
fn check_count(equation: &Equation, operands: usize, errors: &mut Vec<Error>) {
    let terms = equation.inputs.len();
    if terms == operands {
        return;
    }
    let first = if operands < terms { operands } else { 0 };
    let span = equation.inputs[first].span.start..equation.inputs[terms - 1].span.end;
    errors.push(Error::new(ErrorKind::OperandCount { terms, operands }, span));
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::parse;

    fn mistakes(text: &str, operands: usize) -> Vec<Error> {
        check(&parse(text).unwrap(), operands).unwrap_err()
    }

    #[test]
    fn right_equations_pass() {
        for (text, operands) in [("ij,jk->ik", 2), ("", 1), ("ii->i", 1), (",->", 2), ("a,a,a->a", 3)] {
            assert_eq!(check(&parse(text).unwrap(), operands), Ok(()), "{text}");
        }
    }

    #[test]
    fn output_labels_are_known_and_unique() {
        let errors = mistakes("ij->iqi", 1);
        assert_eq!(errors[0].to_string(), "output label `q` does not appear in any operand");
        assert_eq!(errors[0].help(), "the input labels are `i`, `j`");
        assert_eq!(errors[0].span(), 5..6);
        assert_eq!(errors[1].to_string(), "output label `i` appears twice");
        assert_eq!(errors[1].span(), 6..7);
        assert_eq!(errors.len(), 2);
    }

    #[test]
    fn labels_in_parentheses_of_the_output_are_known_and_unique() {
        assert_eq!(check(&parse("(x+i)(x-i)->(x+i)").unwrap(), 1), Ok(()));
        assert_eq!(mistakes("xi->(x+i)x", 1)[0].kind(), &ErrorKind::RepeatedOutputLabel('x'));
        let errors = mistakes("nx->n(2x+q)", 1);
        assert_eq!(errors[0].to_string(), "output label `q` does not appear in any operand");
        assert_eq!(errors[0].span(), 9..10);
        assert!(mistakes("...(2x-i+1)->x", 1)[0].help().ends_with("for two axes, `ab(2x-i+1)->x`"));
    }

    #[test]
    fn an_unknown_label_that_is_repeated_is_reported_as_both() {
        let errors = mistakes("i->qq", 1);
        assert!(matches!(errors[0].kind(), ErrorKind::UnknownOutputLabel { label: 'q', .. }));
        assert_eq!(errors[1].kind(), &ErrorKind::RepeatedOutputLabel('q'));
    }

    #[test]
    fn an_ellipsis_is_kept() {
        let errors = mistakes("...i,i...->i", 2);
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].span(), 0..3);
        assert_eq!(errors[0].to_string(), "the axes of `...` are missing in the output");
        assert_eq!(
            errors[0].help(),
            "write `...` in the output to keep them, or a label for each to sum over it: for two axes, `abi,iab->i`"
        );
        assert!(mistakes("a...c , βb... -> A", 2)[0].help().ends_with("for two axes, `adec,βbde->A`"));
        for text in ["...i->...", "...i", "i->...i", "...->..."] {
            assert_eq!(check(&parse(text).unwrap(), 1), Ok(()), "{text}");
        }
    }

    #[test]
    fn the_operand_count_is_the_number_of_terms() {
        let errors = mistakes("ij,jk,kl->il", 2);
        assert_eq!(errors[0].to_string(), "the subscripts are for 3 operands, but 2 are given");
        assert_eq!(errors[0].span(), 6..8);
        let errors = mistakes("ij", 0);
        assert_eq!(errors[0].to_string(), "the subscripts are for 1 operand, but 0 are given");
        let errors = mistakes("ij,jk", 1);
        assert_eq!(errors[0].to_string(), "the subscripts are for 2 operands, but 1 is given");
        let errors = mistakes("ij->i", 3);
        assert_eq!(errors[0].span(), 0..2);
        assert_eq!(errors[0].help(), "write a term for each operand, separated by commas");
    }

    #[test]
    fn errors_of_both_rules_come_together() {
        assert_eq!(mistakes("i->k", 2).len(), 2);
    }
}
