//! Indices: what stands for an axis, one label or an affine combination of several.
//!
//! ```text
//! affine := ["-"] part (("+" | "-") part)*
//! part   := [integer ["*"]] label | integer          spaces between them are ignored
//! ```

use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use super::{Axis, Occurrence, is_label};
use crate::{Error, ErrorKind};

/// The position along an axis, in terms of labels `L`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Index<L> {
    /// That of a label.
    Label(L),
    /// An affine combination of the values of labels.
    Affine(Affine<L>),
}

/// `2x + i - 1`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affine<L> {
    /// The labels, each once and at least one, with their coefficients, none of which is 0.
    pub parts: Vec<(L, isize)>,
    /// What is added.
    pub constant: isize,
}

impl<L: Copy> Index<L> {
    /// The label of an index that is nothing else.
    pub fn label(&self) -> Option<L> {
        match self {
            Self::Label(label) => Some(*label),
            Self::Affine(_) => None,
        }
    }

    /// The labels in the order of the text.
    pub fn labels(&self) -> impl Iterator<Item = L> + '_ {
        let (bare, parts) = match self {
            Self::Label(label) => (Some(*label), &[][..]),
            Self::Affine(affine) => (None, &affine.parts[..]),
        };
        bare.into_iter().chain(parts.iter().map(|&(label, _)| label))
    }

    /// The same index of other labels.
    pub fn map<M>(&self, rename: impl Fn(L) -> M) -> Index<M> {
        match self {
            Self::Label(label) => Index::Label(rename(*label)),
            Self::Affine(Affine { parts, constant }) => Index::Affine(Affine {
                parts: parts.iter().map(|&(label, coefficient)| (rename(label), coefficient)).collect(),
                constant: *constant,
            }),
        }
    }
}

impl<L> Affine<L> {
    /// How many zeros the axis has, in thought, at both ends: as many as a negative constant counts, if no coefficient is
    /// negative. Every conv layer means that by padding; a kernel that runs backwards is only shifted.
    pub fn padding(&self) -> usize {
        let is_padded = self.constant < 0 && self.parts.iter().all(|&(_, coefficient)| coefficient > 0);
        if is_padded { self.constant.unsigned_abs() } else { 0 }
    }
}

/// As it is written.
impl<L: fmt::Display> fmt::Display for Index<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Label(label) => write!(f, "{label}"),
            Self::Affine(affine) => write!(f, "({affine})"),
        }
    }
}

impl<L: fmt::Display> fmt::Display for Affine<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (label, coefficient)) in self.parts.iter().enumerate() {
            match (coefficient, place) {
                (1, 0) => {}
                (1, _) => f.write_str("+")?,
                (-1, _) => f.write_str("-")?,
                (_, 0) => write!(f, "{coefficient}")?,
                _ => write!(f, "{coefficient:+}")?,
            }
            write!(f, "{label}")?;
        }
        if self.constant == 0 { Ok(()) } else { write!(f, "{:+}", self.constant) }
    }
}

/// The largest number in an index. Beyond it no array has axes, and below it nothing overflows.
pub(crate) const LARGEST: isize = 1 << 30;

/// Reads the index whose parenthesis opens at `start`; else its mistakes, and where to read on.
pub(super) fn read(text: &str, start: usize) -> Result<Axis, (Vec<Error>, usize)> {
    let inside = start + 1;
    let end = end_of_term(text, inside);
    let Some(closing) = text[inside..end].find(')').map(|at| inside + at) else {
        return Err((Vec::from([Error::new(ErrorKind::UnclosedParenthesis, start..inside)]), end));
    };
    if let Some(nested) = text[inside..closing].find('(').map(|at| inside + at) {
        let mistake = Error::new(ErrorKind::NestedParenthesis, nested..nested + 1);
        return Err((Vec::from([mistake]), outer_end(text, start)));
    }
    let mut reader = IndexReader { text, at: inside, end: closing, parts: Vec::new(), constant: 0 };
    let index = reader.read(start..closing + 1);
    index.map_err(|mistake| (Vec::from([mistake]), closing + 1))
}

/// Where the term ends that goes on at `at`.
fn end_of_term(text: &str, at: usize) -> usize {
    let ends = [text[at..].find(','), text[at..].find("->")];
    ends.into_iter().flatten().min().map_or(text.len(), |end| at + end)
}

/// Behind the parenthesis that closes the one at `start`, others inside counted.
fn outer_end(text: &str, start: usize) -> usize {
    let (mut depth, end) = (0, end_of_term(text, start));
    for (at, c) in text[start..end].char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return start + at + 1,
            ')' => depth -= 1,
            _ => {}
        }
    }
    end
}

struct IndexReader<'a> {
    text: &'a str,
    at: usize,
    /// Where the parenthesis closes.
    end: usize,
    parts: Vec<(Occurrence, isize)>,
    constant: isize,
}

impl IndexReader<'_> {
    fn read(&mut self, span: Range<usize>) -> Result<Axis, Error> {
        let mut sign = if self.accept('-') { -1 } else { 1 };
        loop {
            self.part(sign)?;
            sign = match self.peek() {
                None => break,
                Some('+') => 1,
                Some('-') => -1,
                Some(c) => return Err(self.without_sign(c)),
            };
            self.at += 1;
        }
        if self.parts.is_empty() {
            return Err(Error::new(ErrorKind::IndexWithoutLabel, span));
        }
        let (occurrences, coefficients): (Vec<Occurrence>, Vec<isize>) = self.parts.drain(..).unzip();
        let parts = occurrences.iter().map(|occurrence| occurrence.label).zip(coefficients).collect();
        let index = Index::Affine(Affine { parts, constant: self.constant });
        Ok(Axis { index, span, occurrences })
    }

    fn part(&mut self, sign: isize) -> Result<(), Error> {
        let number = self.number()?;
        let times = number.is_some() && self.accept('*');
        match (self.peek(), number) {
            (Some(label), number) if is_label(label) => {
                let span = self.at..self.at + label.len_utf8();
                let start = number.as_ref().map_or(span.start, |(_, start)| *start);
                self.at = span.end;
                let coefficient = number.map_or(1, |(number, _)| number);
                self.push(Occurrence { label, span }, sign * coefficient, start)
            }
            (_, Some((number, start))) if !times => {
                self.constant += sign * number;
                let fits = self.constant.abs() <= LARGEST;
                if fits { Ok(()) } else { Err(Error::new(ErrorKind::NumberTooLarge, start..self.at)) }
            }
            _ => Err(self.missing_part()),
        }
    }

    /// Adds a label, whose part of the text begins at `start`.
    fn push(&mut self, occurrence: Occurrence, coefficient: isize, start: usize) -> Result<(), Error> {
        let label = occurrence.label;
        if coefficient == 0 {
            return Err(Error::new(ErrorKind::ZeroCoefficient(label), start..occurrence.span.end));
        }
        if self.parts.iter().any(|(earlier, _)| earlier.label == label) {
            return Err(Error::new(ErrorKind::RepeatedInIndex(label), occurrence.span));
        }
        self.parts.push((occurrence, coefficient));
        Ok(())
    }

    /// A number, and where it begins.
    fn number(&mut self) -> Result<Option<(isize, usize)>, Error> {
        self.skip_spaces();
        let start = self.at;
        let rest = &self.text[start..self.end];
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if digits == 0 {
            return Ok(None);
        }
        self.at += digits;
        let number = rest[..digits].parse().ok().filter(|&number| number <= LARGEST);
        let number = number.ok_or_else(|| Error::new(ErrorKind::NumberTooLarge, start..self.at))?;
        Ok(Some((number, start)))
    }

    fn skip_spaces(&mut self) {
        let rest = &self.text[self.at..self.end];
        self.at += rest.len() - rest.trim_start_matches(' ').len();
    }

    /// The next character that is no space, which comes next then.
    fn peek(&mut self) -> Option<char> {
        self.skip_spaces();
        self.text[self.at..self.end].chars().next()
    }

    fn accept(&mut self, sign: char) -> bool {
        let is_next = self.peek() == Some(sign);
        self.at += usize::from(is_next);
        is_next
    }

    /// What is wrong with `c` where a sign, or the end, was expected.
    fn without_sign(&mut self, c: char) -> Error {
        let span = self.at..self.at + c.len_utf8();
        let before = self.text[..self.at].trim_end_matches(' ').chars().next_back().filter(|&c| is_label(c));
        let product = c == '*' || c.is_ascii_digit();
        let kind = match (before, c) {
            (Some(first), second) if is_label(second) => ErrorKind::LabelsWithoutSign { first, second },
            (Some(label), _) if product => ErrorKind::ProductOfLabels(label),
            _ => return self.unexpected(c),
        };
        Error::new(kind, span)
    }

    /// Points at `c`, which comes next, or all dots.
    fn unexpected(&self, c: char) -> Error {
        let rest = &self.text[self.at..self.end];
        let dots = rest.len() - rest.trim_start_matches('.').len();
        let culprit = &rest[..dots.max(c.len_utf8())];
        Error::new(ErrorKind::UnexpectedInIndex(culprit.into()), self.at..self.at + culprit.len())
    }

    /// What is wrong where a label or a number was expected.
    fn missing_part(&mut self) -> Error {
        match self.peek() {
            Some(c) if !matches!(c, '+' | '-' | '*') => self.unexpected(c),
            Some(_) => Error::new(ErrorKind::MissingPart, self.at..self.at + 1),
            None => Error::new(ErrorKind::MissingPart, self.end..self.end + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::*;
    use crate::{Label, parse};

    fn index(text: &str) -> (Vec<(Label, isize)>, isize) {
        match &parse(text).unwrap().inputs[0].axes[0].index {
            Index::Affine(Affine { parts, constant }) => (parts.clone(), *constant),
            Index::Label(label) => panic!("only `{label}`"),
        }
    }

    fn mistake(text: &str) -> (ErrorKind, Range<usize>) {
        let mistakes = parse(text).unwrap_err();
        assert_eq!(mistakes.len(), 1, "{mistakes:?}");
        (mistakes[0].kind().clone(), mistakes[0].span())
    }

    #[test]
    fn an_index_is_a_sum_of_labels_and_numbers() {
        assert_eq!(index("(x+i)"), (Vec::from([('x', 1), ('i', 1)]), 0));
        assert_eq!(index("(2x+3*i-4)"), (Vec::from([('x', 2), ('i', 3)]), -4));
        assert_eq!(index("( - 1 x + β + 5 - 2 )"), (Vec::from([('x', -1), ('β', 1)]), 3));
        assert_eq!(index("(x)"), (Vec::from([('x', 1)]), 0));
        assert_eq!(index("(1-x)"), (Vec::from([('x', -1)]), 1));
    }

    #[test]
    fn an_index_is_shown_as_it_is_written() {
        use alloc::string::ToString;
        for text in ["x", "(x+i)", "(2x-i+3)", "(-x+2β-3)", "(-2x)"] {
            assert_eq!(parse(text).unwrap().inputs[0].axes[0].index.to_string(), text);
        }
    }

    #[test]
    fn labels_keep_their_place() {
        let equation = parse("n(2x+ i)c->(x-1)").unwrap();
        let axis = &equation.inputs[0].axes[1];
        assert_eq!(axis.span, 1..8);
        assert_eq!(axis.occurrences[1], Occurrence { label: 'i', span: 6..7 });
        assert_eq!(equation.inputs[0].axes[2].span, 8..9);
        assert_eq!(equation.explicit_output.unwrap().axes[0].span, 11..16);
    }

    #[test]
    fn only_negative_constants_of_positive_coefficients_pad() {
        let padding = |text| match &parse(text).unwrap().inputs[0].axes[0].index {
            Index::Affine(affine) => affine.padding(),
            Index::Label(_) => unreachable!(),
        };
        assert_eq!(padding("(2x+i-3)"), 3);
        assert_eq!(padding("(x+i+3)"), 0);
        assert_eq!(padding("(x-i-3)"), 0);
        assert_eq!(padding("(x-i+3)"), 0);
        assert_eq!(padding("(x+i-3+1)"), 2);
    }

    #[test]
    fn labels_in_parentheses_count_for_an_implicit_output() {
        let output =
            |text: &str| parse(text).unwrap().output().iter().filter_map(Index::label).collect::<String>();
        assert_eq!(output("(x+i)"), "ix");
        assert_eq!(output("(x+i),i"), "x");
        assert_eq!(output("(x+i)x"), "i");
    }

    #[test]
    fn mistakes_in_parentheses_have_names() {
        assert_eq!(mistake("(h w)"), (ErrorKind::LabelsWithoutSign { first: 'h', second: 'w' }, 3..4));
        assert_eq!(mistake("(2xi)->"), (ErrorKind::LabelsWithoutSign { first: 'x', second: 'i' }, 3..4));
        assert_eq!(mistake("(x*i)"), (ErrorKind::ProductOfLabels('x'), 2..3));
        assert_eq!(mistake("(x2)"), (ErrorKind::ProductOfLabels('x'), 2..3));
        assert_eq!(mistake("(0x+i)"), (ErrorKind::ZeroCoefficient('x'), 1..3));
        assert_eq!(mistake("(x+2x)"), (ErrorKind::RepeatedInIndex('x'), 4..5));
        assert_eq!(mistake("(3)"), (ErrorKind::IndexWithoutLabel, 0..3));
        assert_eq!(mistake("(x+)"), (ErrorKind::MissingPart, 3..4));
        assert_eq!(mistake("(x+-1)"), (ErrorKind::MissingPart, 3..4));
        assert_eq!(mistake("()"), (ErrorKind::MissingPart, 1..2));
        assert_eq!(mistake("(x+2*)"), (ErrorKind::MissingPart, 5..6));
        assert_eq!(mistake("(x+...)"), (ErrorKind::UnexpectedInIndex("...".into()), 3..6));
        assert_eq!(mistake("(x/2)"), (ErrorKind::UnexpectedInIndex("/".into()), 2..3));
        assert_eq!(mistake("(x+99999999999)"), (ErrorKind::NumberTooLarge, 3..14));
    }

    #[test]
    fn parentheses_come_in_pairs_and_alone() {
        assert_eq!(mistake("n(x+i,i->x"), (ErrorKind::UnclosedParenthesis, 1..2));
        assert_eq!(mistake("n(x+i->x"), (ErrorKind::UnclosedParenthesis, 1..2));
        assert_eq!(mistake("x+i)".trim_start_matches("x+")), (ErrorKind::LoneParenthesis, 1..2));
        assert_eq!(mistake("a((x+i)+j)b"), (ErrorKind::NestedParenthesis, 2..3));
    }
}
