//! Text to [`Equation`]. Each label keeps its byte range, so that every later complaint can point at it.
//!
//! ```text
//! subscripts := term ("," term)* [ "->" term ]      spaces between items are ignored
//! term       := item*                               at most one ellipsis in a term
//! item       := label | "..." | "(" affine ")"      a label is one alphabetic character
//! ```
//!
//! What stands in parentheses, an affine index such as `(2x+i-1)`, is read by [`index`].
//!
//! A mark that is drawn over the letter before it is no label, although Unicode calls many of them alphabetic:
//! nobody could tell the two labels apart.

mod index;

use alloc::vec::Vec;
use core::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::{Error, ErrorKind};
pub(crate) use index::LARGEST;
pub use index::{Affine, Index};

/// The name of an index: one alphabetic character, `A..Z a..z` as in numpy or any other letter that has a width.
pub type Label = char;

/// The label that stands for an ellipsis, and with it for any number of axes. No letter, so nobody can write it.
pub const ELLIPSIS: Label = '…';

/// A label where it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The label.
    pub label: Label,
    /// Its byte range in the text.
    pub span: Range<usize>,
}

/// What stands for one axis, or for those of an ellipsis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// The position that is read, or written, for given values of the labels.
    pub index: Index<Label>,
    /// Its byte range in the text, parentheses included.
    pub span: Range<usize>,
    /// The labels where they stand, in the order of the text.
    pub occurrences: Vec<Occurrence>,
}

impl Axis {
    fn of_label(label: Label, span: Range<usize>) -> Self {
        let occurrence = Occurrence { label, span: span.clone() };
        Self { index: Index::Label(label), span, occurrences: Vec::from([occurrence]) }
    }
}

/// The indices of one operand, or of the output, one for each axis or for the axes of an ellipsis.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Term {
    /// One for each axis; that of [`ELLIPSIS`] for any number of them.
    pub axes: Vec<Axis>,
    /// The byte range between the neighbouring commas or arrow, spaces included.
    pub span: Range<usize>,
}

impl Term {
    /// The labels in the order of the text, also those in parentheses.
    pub fn labels(&self) -> impl Iterator<Item = Label> + '_ {
        self.axes.iter().flat_map(|axis| axis.occurrences.iter().map(|occurrence| occurrence.label))
    }

    /// The indices that are one label, or an ellipsis.
    pub fn bare_labels(&self) -> impl Iterator<Item = Label> + '_ {
        self.axes.iter().filter_map(|axis| axis.index.label())
    }

    /// Whether an index is written in parentheses.
    #[must_use]
    pub fn has_arithmetic(&self) -> bool {
        self.bare_labels().count() < self.axes.len()
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
    /// The output's indices: as written, or else numpy's rule, an ellipsis if an operand has one and then the
    /// labels that occur exactly once in all operands together, in code-point order. There, an affine index counts as
    /// its labels.
    ///
    /// An ellipsis that no operand has stands for no axes, and is left out.
    #[must_use]
    pub fn output(&self) -> Vec<Index<Label>> {
        let spread = self.has_ellipsis();
        if let Some(term) = &self.explicit_output {
            let indices = term.axes.iter().map(|axis| axis.index.clone());
            return indices.filter(|index| *index != Index::Label(ELLIPSIS) || spread).collect();
        }
        let labels = self.inputs.iter().flat_map(Term::labels);
        let mut all: Vec<Label> = labels.filter(|&label| label != ELLIPSIS).collect();
        all.sort_unstable();
        let once = all.chunk_by(|a, b| a == b).filter(|run| run.len() == 1).map(|run| run[0]);
        spread.then_some(ELLIPSIS).into_iter().chain(once).map(Index::Label).collect()
    }

    /// Whether an operand has an ellipsis.
    #[must_use]
    pub fn has_ellipsis(&self) -> bool {
        self.inputs.iter().flat_map(Term::labels).any(|label| label == ELLIPSIS)
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
/// use einsum_plan::{Index, parse};
///
/// let equation = parse("b i, i a").unwrap();
/// assert_eq!(equation.output(), [Index::Label('a'), Index::Label('b')]);
/// ```
///
/// # Errors
///
/// Every character, arrow and run of dots that the notation does not have, in the order of the text.
pub fn parse(text: &str) -> Result<Equation, Vec<Error>> {
    let mut reader = Reader { terms: Vec::from([Term::default()]), arrow: None, errors: Vec::new() };
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c == '(' {
            at = reader.read_index(text, at);
            continue;
        }
        let token = token(&text[at..], c);
        reader.read(token, c, at..at + token.len());
        at += token.len();
    }
    reader.finish(text.len())
}

/// Whether a character may name an index.
fn is_label(c: char) -> bool {
    c.is_alphabetic() && c.width() != Some(0)
}

/// The token at the beginning of `text`, which begins with `c`.
fn token(text: &str, c: char) -> &str {
    let look_alikes = LOOK_ALIKES.map(|(written, _)| written);
    match ["->"].into_iter().chain(look_alikes).find(|sign| text.starts_with(sign)) {
        Some(sign) => &text[..sign.len()],
        None if c == '.' => dots(text),
        None if is_arithmetic(c) || c == '-' => arithmetic(text),
        None => &text[..c.len_utf8()],
    }
}

/// The ellipsis at the beginning of `text`; or, where dots and the spaces between them are not all of that kind, the
/// whole run of them, which is one mistake.
fn dots(text: &str) -> &str {
    let end = text.find(|c| c != '.' && c != ' ').unwrap_or(text.len());
    let run = text[..end].trim_end();
    let whole = run.split(' ').all(|dots| dots.len() % "...".len() == 0);
    if whole { &run[.."...".len()] } else { run }
}

/// The numbers and signs at the beginning of `text`, as in `-1` or `+2*`, which are one mistake outside of parentheses. A `-`
/// without a number may be half an arrow.
fn arithmetic(text: &str) -> &str {
    let arrow = text.find("->").unwrap_or(text.len());
    let end = text[..arrow].find(|c| !is_arithmetic(c) && c != '-').unwrap_or(arrow);
    if text[..end].contains(is_arithmetic) { &text[..end] } else { &text[..1] }
}

fn is_arithmetic(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '+' | '*')
}

/// What is written instead of a sign, by hand or by an editor that means well, and that sign.
const LOOK_ALIKES: [(&str, &str); 14] = [
    ("=>", "->"),
    ("==>", "->"),
    ("-->", "->"),
    ("- >", "->"),
    ("→", "->"),
    ("⇒", "->"),
    ("⟶", "->"),
    ("−>", "->"),
    ("–>", "->"),
    ("—>", "->"),
    ("‐>", "->"),
    ("…", "..."),
    ("⋯", "..."),
    ("，", ","),
];

struct Reader {
    terms: Vec<Term>,
    /// The number of terms before the arrow.
    arrow: Option<usize>,
    errors: Vec<Error>,
}

impl Reader {
    /// Takes a token that begins with `c`.
    fn read(&mut self, token: &str, c: char, span: Range<usize>) {
        if let Some((_, meant)) = LOOK_ALIKES.into_iter().find(|&(written, _)| written == token) {
            return self.mistaken(token, meant, span);
        }
        match token {
            " " => {}
            "," if self.arrow.is_some() => self.complain(ErrorKind::CommaInOutput, span),
            "," => self.next_term(&span),
            "->" if self.arrow.is_some() => self.complain(ErrorKind::SecondArrow, span),
            "->" => {
                self.arrow = Some(self.terms.len());
                self.errors.iter_mut().for_each(Error::take_dash_for_minus);
                self.next_term(&span);
            }
            "..." if self.term().labels().any(|label| label == ELLIPSIS) => {
                self.complain(ErrorKind::SecondEllipsis, span);
            }
            "..." => self.term().axes.push(Axis::of_label(ELLIPSIS, span)),
            "-" => self.complain(ErrorKind::LoneDash, span),
            ">" => self.complain(ErrorKind::LoneAngle, span),
            ")" => self.complain(ErrorKind::LoneParenthesis, span),
            _ if c == '.' => {
                self.complain(ErrorKind::LookAlike { written: token.into(), meant: "..." }, span)
            }
            _ if is_label(c) => self.term().axes.push(Axis::of_label(c, span)),
            _ if token.contains(is_arithmetic) && token.len() > 1 => {
                self.complain(ErrorKind::ArithmeticOutside(token.into()), span);
            }
            _ => self.complain(ErrorKind::UnexpectedCharacter(c), span),
        }
    }

    /// Reads on behind a look-alike as if it were what was meant, as far as that keeps other mistakes apart.
    fn mistaken(&mut self, written: &str, meant: &'static str, span: Range<usize>) {
        self.complain(ErrorKind::LookAlike { written: written.into(), meant }, span.clone());
        if meant == "->" && self.arrow.is_none() {
            self.read("->", '-', span);
        } else if meant == "," && self.arrow.is_none() {
            self.read(",", ',', span);
        }
    }

    /// Takes an affine index, which begins at `start`, and says where it ends.
    fn read_index(&mut self, text: &str, start: usize) -> usize {
        match index::read(text, start) {
            Ok(axis) => {
                let end = axis.span.end;
                self.term().axes.push(axis);
                end
            }
            Err((mistakes, end)) => {
                self.errors.extend(mistakes);
                end
            }
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
            equation.output().iter().filter_map(Index::label).collect(),
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
    fn unknown_characters_are_shown_as_written_or_escaped() {
        use alloc::string::ToString;
        let message = |text| parse(text).unwrap_err()[0].to_string();
        assert_eq!(message("i'j"), "unexpected character `'`");
        assert_eq!(message("i\\j"), "unexpected character `\\`");
        assert_eq!(message("i\u{a0}j"), "unexpected character `\\u{a0}`");
        assert_eq!(message("i\u{345}j"), "unexpected character `\\u{345}`");
    }

    #[test]
    fn an_ellipsis_is_a_label_of_its_own() {
        assert_eq!(terms("...ij,jk...->ik...").0, ["…ij", "jk…"]);
        assert_eq!(terms("a...a").1, "…");
        assert_eq!(terms("b...,a").1, "…ab");
        assert_eq!(terms("ab->...ba").1, "ba");
        assert_eq!(parse("i...").unwrap().inputs[0].axes[1].span, 1..4);
    }

    #[test]
    fn marks_are_no_labels() {
        assert_eq!(mistakes("α\u{345}i"), [(ErrorKind::UnexpectedCharacter('\u{345}'), 2..4)]);
        assert_eq!(mistakes("i\u{5b4}"), [(ErrorKind::UnexpectedCharacter('\u{5b4}'), 1..3)]);
        assert_eq!(terms("éñ世").0, ["éñ世"]);
    }

    #[test]
    fn an_ellipsis_has_three_dots_and_comes_once() {
        let dots = |text: &str| ErrorKind::LookAlike { written: text.into(), meant: "..." };
        assert_eq!(mistakes("i.j"), [(dots("."), 1..2)]);
        assert_eq!(mistakes("i..j"), [(dots(".."), 1..3)]);
        assert_eq!(mistakes("....i"), [(dots("...."), 0..4)]);
        assert_eq!(mistakes("i. . .->"), [(dots(". . ."), 1..6)]);
        assert_eq!(mistakes("i. ..  , ."), [(dots(". .."), 1..5), (dots("."), 9..10)]);
        assert_eq!(mistakes("... .."), [(dots("... .."), 0..6)]);
        assert_eq!(mistakes("......"), [(ErrorKind::SecondEllipsis, 3..6)]);
        assert_eq!(mistakes("... ... i"), [(ErrorKind::SecondEllipsis, 4..7)]);
    }

    #[test]
    fn look_alikes_are_told_what_they_are_not() {
        let look_alike = |written: &str, meant| ErrorKind::LookAlike { written: written.into(), meant };
        for arrow in ["=>", "→", "−>", "–>", "- >", "-->"] {
            let text = alloc::format!("i{arrow}i,j");
            let end = 1 + arrow.len();
            let expected = [(look_alike(arrow, "->"), 1..end), (ErrorKind::CommaInOutput, end + 1..end + 2)];
            assert_eq!(mistakes(&text), expected);
        }
        assert_eq!(mistakes("i=>j->k"), [(look_alike("=>", "->"), 1..3), (ErrorKind::SecondArrow, 4..6)]);
        assert_eq!(mistakes("…i，j"), [(look_alike("…", "..."), 0..3), (look_alike("，", ","), 4..7)]);
    }

    #[test]
    fn arithmetic_outside_of_parentheses_is_one_mistake() {
        let outside = |text: &str| ErrorKind::ArithmeticOutside(text.into());
        assert_eq!(mistakes("x-1y->xy"), [(outside("-1"), 1..3)]);
        assert_eq!(mistakes("x-y->xy"), [(outside("-"), 1..2)]);
        assert_eq!(mistakes("xy->xy-"), [(ErrorKind::LoneDash, 6..7)]);
        assert_eq!(mistakes("x+12*i-3->x"), [(outside("+12*"), 1..5), (outside("-3"), 6..8)]);
        assert_eq!(mistakes("ij-1->j"), [(outside("-1"), 2..4)]);
        assert_eq!(mistakes("i1->i"), [(ErrorKind::UnexpectedCharacter('1'), 1..2)]);
    }

    #[test]
    fn arrows_come_once_and_whole() {
        assert_eq!(mistakes("ij,jk-ik"), [(ErrorKind::LoneDash, 5..6)]);
        assert_eq!(mistakes("ij-  >i"), [(ErrorKind::LoneDash, 2..3), (ErrorKind::LoneAngle, 5..6)]);
        assert_eq!(mistakes("i->i->i"), [(ErrorKind::SecondArrow, 4..6)]);
        assert_eq!(mistakes("i--i"), [(ErrorKind::LoneDash, 1..2), (ErrorKind::LoneDash, 2..3)]);
        assert_eq!(mistakes("i->i,i"), [(ErrorKind::CommaInOutput, 4..5)]);
    }
}
