//! Text to [`Equation`]. Each label keeps its byte range, so that every later complaint can point at it.
//!
//! ```text
//! subscripts := term ("," term)* [ "->" term ]      spaces between items are ignored
//! term       := label*                              a label is one alphabetic character
//! ```

use alloc::vec::Vec;
use core::ops::Range;

use crate::{Error, ErrorKind};

/// The name of an index: one alphabetic character, `A..Z a..z` as in numpy or any other letter.
pub type Label = char;

/// A label where it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The label.
    pub label: Label,
    /// Its byte range in the text.
    pub span: Range<usize>,
}

/// The labels of one operand, or of the output, one for each axis.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Term {
    /// One occurrence for each axis.
    pub axes: Vec<Occurrence>,
    /// The byte range between the neighbouring commas or arrow, spaces included.
    pub span: Range<usize>,
}

impl Term {
    /// The labels, one for each axis.
    pub fn labels(&self) -> impl Iterator<Item = Label> + '_ {
        self.axes.iter().map(|axis| axis.label)
    }
}

/// Subscripts as they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equation {
    /// One term for each operand; at least one.
    pub inputs: Vec<Term>,
    /// The term behind the arrow, where there is an arrow.
    pub explicit_output: Option<Term>,
}

impl Equation {
    /// The output's labels: as written, or else numpy's rule, those that occur exactly once in all operands
    /// together, in code-point order.
    #[must_use]
    pub fn output(&self) -> Vec<Label> {
        if let Some(term) = &self.explicit_output {
            return term.labels().collect();
        }
        let mut all: Vec<Label> = self.inputs.iter().flat_map(Term::labels).collect();
        all.sort_unstable();
        all.chunk_by(|a, b| a == b).filter(|run| run.len() == 1).map(|run| run[0]).collect()
    }

    /// The labels of the operands, each once, in order of first occurrence.
    #[must_use]
    pub fn input_labels(&self) -> Vec<Label> {
        let mut seen = Vec::new();
        for label in self.inputs.iter().flat_map(Term::labels) {
            if !seen.contains(&label) {
                seen.push(label);
            }
        }
        seen
    }
}

/// Reads subscripts.
///
/// ```
/// let equation = einsum_plan::parse("b i, i a").unwrap();
/// assert_eq!(equation.output(), ['a', 'b']);
/// ```
///
/// # Errors
///
/// Every character and arrow that the notation does not have, in the order of the text.
pub fn parse(text: &str) -> Result<Equation, Vec<Error>> {
    let mut reader = Reader { terms: Vec::from([Term::default()]), arrow: None, errors: Vec::new() };
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let arrow = c == '-' && characters.next_if(|&(_, next)| next == '>').is_some();
        reader.read(c, at, arrow);
    }
    reader.finish(text.len())
}

struct Reader {
    terms: Vec<Term>,
    /// The number of terms before the arrow.
    arrow: Option<usize>,
    errors: Vec<Error>,
}

impl Reader {
    fn read(&mut self, c: char, at: usize, arrow: bool) {
        let span = at..at + if arrow { 2 } else { c.len_utf8() };
        match c {
            ' ' => {}
            ',' if self.arrow.is_some() => self.complain(ErrorKind::CommaInOutput, span),
            ',' => self.next_term(&span),
            '-' if !arrow => self.complain(ErrorKind::LoneDash, span),
            '-' if self.arrow.is_some() => self.complain(ErrorKind::SecondArrow, span),
            '-' => {
                self.arrow = Some(self.terms.len());
                self.next_term(&span);
            }
            '>' => self.complain(ErrorKind::LoneAngle, span),
            label if label.is_alphabetic() => self.term().axes.push(Occurrence { label, span }),
            other => self.complain(ErrorKind::UnexpectedCharacter(other), span),
        }
    }

    fn term(&mut self) -> &mut Term {
        self.terms.last_mut().expect("the reader starts with a term and removes none")
    }

    fn next_term(&mut self, separator: &Range<usize>) {
        self.term().span.end = separator.start;
        self.terms.push(Term { axes: Vec::new(), span: separator.end..separator.end });
    }

    fn complain(&mut self, kind: ErrorKind, span: Range<usize>) {
        self.errors.push(Error::new(kind, span));
    }

    fn finish(mut self, end: usize) -> Result<Equation, Vec<Error>> {
        self.term().span.end = end;
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        let explicit_output = self.arrow.and_then(|_| self.terms.pop());
        Ok(Equation { inputs: self.terms, explicit_output })
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::*;

    fn terms(text: &str) -> (Vec<String>, String) {
        let equation = parse(text).unwrap();
        (
            equation.inputs.iter().map(|term| term.labels().collect()).collect(),
            equation.output().iter().collect(),
        )
    }

    fn mistakes(text: &str) -> Vec<(ErrorKind, Range<usize>)> {
        parse(text).unwrap_err().iter().map(|error| (error.kind().clone(), error.span())).collect()
    }

    #[test]
    fn explicit_output_is_as_written() {
        assert_eq!(terms("ij,jk->ki"), (["ij", "jk"].map(String::from).to_vec(), "ki".into()));
        assert_eq!(terms("ij->").1, "");
    }

    #[test]
    fn implicit_output_has_the_labels_that_occur_once_in_code_point_order() {
        assert_eq!(terms("ba").1, "ab");
        assert_eq!(terms("iij").1, "j");
        assert_eq!(terms("bA,Zb").1, "AZ");
        assert_eq!(terms("ij,ij").1, "");
    }

    #[test]
    fn empty_terms_are_operands_without_axes() {
        assert_eq!(terms("").0, [""]);
        assert_eq!(terms(",i,").0, ["", "i", ""]);
        assert_eq!(terms(" -> ").0, [""]);
    }

    #[test]
    fn spaces_are_ignored_and_spans_count_bytes() {
        let equation = parse(" α β , βγ -> αγ").unwrap();
        assert_eq!(equation.inputs[0].labels().collect::<String>(), "αβ");
        assert_eq!(equation.inputs[0].axes[1].span, 4..6);
        assert_eq!(equation.inputs[0].span, 0..7);
        assert_eq!(equation.explicit_output.unwrap().span, 16..21);
    }

    #[test]
    fn every_unknown_character_is_reported() {
        assert_eq!(
            mistakes("i1,\tj"),
            [(ErrorKind::UnexpectedCharacter('1'), 1..2), (ErrorKind::UnexpectedCharacter('\t'), 3..4)]
        );
        assert_eq!(mistakes("e\u{301}"), [(ErrorKind::UnexpectedCharacter('\u{301}'), 1..3)]);
    }

    #[test]
    fn arrows_come_once_and_whole() {
        assert_eq!(mistakes("ij,jk-ik"), [(ErrorKind::LoneDash, 5..6)]);
        assert_eq!(mistakes("ij- >i"), [(ErrorKind::LoneDash, 2..3), (ErrorKind::LoneAngle, 4..5)]);
        assert_eq!(mistakes("i->i->i"), [(ErrorKind::SecondArrow, 4..6)]);
        assert_eq!(mistakes("i-->i"), [(ErrorKind::LoneDash, 1..2)]);
        assert_eq!(mistakes("i->i,i"), [(ErrorKind::CommaInOutput, 4..5)]);
    }
}
