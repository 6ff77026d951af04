//! What can be wrong with subscripts, where it is, and how to write it instead.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::notation::LARGEST;
use crate::{Label, NotAView};

/// One mistake in a text of subscripts, with the byte range of the culprit.
///
/// `Display` gives the bare message; [`render`](Self::render) adds the text, a caret and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    span: Range<usize>,
}

/// The rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A character that is neither a label nor a comma, a space, a parenthesis or an arrow.
    UnexpectedCharacter(char),
    /// A `-` that no `>` follows.
    LoneDash,
    /// A `>` that no `-` precedes.
    LoneAngle,
    /// Something that looks like a sign of the notation, such as `=>`, or dots that are no `...`.
    LookAlike {
        /// The text.
        written: String,
        /// The sign.
        meant: &'static str,
    },
    /// A `(` whose `)` is missing in its term.
    UnclosedParenthesis,
    /// A `)` that no `(` precedes.
    LoneParenthesis,
    /// A `(` within parentheses.
    NestedParenthesis,
    /// Two labels side by side within parentheses, as in einops' `(h w)`.
    LabelsWithoutSign {
        /// The one before.
        first: Label,
        /// The one behind.
        second: Label,
    },
    /// A label that is multiplied by something behind it.
    ProductOfLabels(Label),
    /// A label with the coefficient 0.
    ZeroCoefficient(Label),
    /// A label that occurs twice in one pair of parentheses.
    RepeatedInIndex(Label),
    /// Parentheses without a label.
    IndexWithoutLabel,
    /// Something else within parentheses.
    UnexpectedInIndex(String),
    /// A sign within parentheses without a label or a number behind it.
    MissingPart,
    /// A number that no axis of an array needs.
    NumberTooLarge,
    /// Labels of one index whose extents nothing tells.
    UnknownExtents {
        /// The labels, in the order of the text; one extent less than there are labels would be enough.
        labels: Vec<Label>,
    },
    /// A second `...` in one term.
    SecondEllipsis,
    /// A `...` in an operand, but none in the output behind the arrow.
    EllipsisNotInOutput {
        /// The subscripts with labels for two axes in place of each `...`.
        labelled: String,
    },
    /// A second `->`.
    SecondArrow,
    /// A comma behind the arrow.
    CommaInOutput,
    /// An output label that no operand has.
    UnknownOutputLabel {
        /// The label.
        label: Label,
        /// The labels that the operands do have, in order of first occurrence.
        known: Vec<Label>,
    },
    /// An output label that occurs twice.
    RepeatedOutputLabel(Label),
    /// More or fewer operands than terms.
    OperandCount {
        /// The number of terms, those between commas.
        terms: usize,
        /// The number of operands that came with the subscripts.
        operands: usize,
    },
    /// What no view can show.
    NotAView(NotAView),
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, span: Range<usize>) -> Self {
        Self { kind, span }
    }

    /// The rule that was broken.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The byte range of the culprit in the text given to [`parse`](crate::parse).
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// How to write it instead.
    #[must_use]
    pub fn help(&self) -> String {
        self.kind.help()
    }

    /// The message with the text under it, carets under the culprit, and the way out.
    ///
    /// `text` is what [`parse`](crate::parse) was given. Carets count columns of a terminal, in which a character may take two, or none.
    ///
    /// ```
    /// let equation = einsum_plan::parse("ij,jk->iq").unwrap();
    /// let errors = einsum_plan::check(&equation, 2).unwrap_err();
    /// assert_eq!(
    ///     errors[0].render("ij,jk->iq"),
    ///     "output label `q` does not appear in any operand\n\
    ///      \n\
    ///      \x20   ij,jk->iq\n\
    ///      \x20           ^\n\
    ///      help: the input labels are `i`, `j`, `k`"
    /// );
    /// ```
    #[must_use]
    pub fn render(&self, text: &str) -> String {
        // A line break or a tab would tear the carets from their characters.
        let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let columns = |text: &str| text.chars().map(|c| c.width().unwrap_or(1)).sum::<usize>();
        let (before, width) = (columns(&text[..self.span.start]), columns(&text[self.span.clone()]));
        // A mark is drawn where the letter before it is.
        let indent = if width == 0 && !self.span.is_empty() { before.saturating_sub(1) } else { before };
        let width = width.max(1);
        alloc::format!("{self}\n\n    {line}\n    {:indent$}{:^<width$}\nhelp: {}", "", "", self.help())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl core::error::Error for Error {}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnexpectedCharacter(c) if c.width() == Some(0) => {
                write!(f, "unexpected character `{}`", c.escape_unicode())
            }
            // `escape_debug` escapes these three for the sake of literals.
            Self::UnexpectedCharacter(c @ ('\'' | '"' | '\\')) => write!(f, "unexpected character `{c}`"),
            Self::UnexpectedCharacter(c) => write!(f, "unexpected character `{}`", c.escape_debug()),
            Self::LoneDash => f.write_str("`-` without `>`"),
            Self::LoneAngle => f.write_str("`>` without `-`"),
            Self::LookAlike { written, meant } => {
                write!(f, "`{written}`")?;
                if let Some(c) = written.chars().find(|c| !c.is_ascii()) {
                    write!(f, " (U+{:04X})", u32::from(c))?;
                }
                write!(f, " is not `{meant}`")
            }
            Self::UnclosedParenthesis => f.write_str("`(` without `)`"),
            Self::LoneParenthesis => f.write_str("`)` without `(`"),
            Self::NestedParenthesis => f.write_str("parentheses within parentheses"),
            Self::LabelsWithoutSign { first, second } => {
                write!(f, "no sign between `{first}` and `{second}`")
            }
            Self::ProductOfLabels(label) => write!(f, "`{label}` is multiplied by what stands behind it"),
            Self::ZeroCoefficient(label) => write!(f, "`{label}` has the coefficient 0"),
            Self::RepeatedInIndex(label) => write!(f, "`{label}` appears twice in one index"),
            Self::IndexWithoutLabel => f.write_str("an index without a label"),
            Self::UnexpectedInIndex(text) => write!(f, "unexpected `{text}` in an index"),
            Self::MissingPart => f.write_str("expected a label or a number"),
            Self::NumberTooLarge => f.write_str("a number that is too large for an index"),
            Self::UnknownExtents { labels } => match labels.as_slice() {
                [label] => write!(f, "the extent of `{label}` is not known"),
                labels => write!(f, "the extents of {} are not known", list(labels)),
            },
            Self::SecondEllipsis => f.write_str("a second `...` in one term"),
            Self::EllipsisNotInOutput { .. } => f.write_str("the axes of `...` are missing in the output"),
            Self::SecondArrow => f.write_str("a second `->`"),
            Self::CommaInOutput => f.write_str("a comma in the output"),
            Self::UnknownOutputLabel { label, .. } => {
                write!(f, "output label `{label}` does not appear in any operand")
            }
            Self::RepeatedOutputLabel(label) => write!(f, "output label `{label}` appears twice"),
            Self::OperandCount { terms, operands } => {
                write!(f, "the subscripts are for {}, but ", count(*terms, "operand"))?;
                write!(
                    f,
                    "{} given",
                    if *operands == 1 { "1 is".into() } else { alloc::format!("{operands} are") }
                )
            }
            Self::NotAView(mistake) => mistake.fmt(f),
        }
    }
}

impl ErrorKind {
    fn help(&self) -> String {
        match self {
            Self::LookAlike { meant: "->", .. } => "write the arrow before the output as `->`".into(),
            Self::LookAlike { meant: "...", .. } => {
                "an ellipsis is three dots without spaces: `...`".into()
            }
            Self::LookAlike { meant, .. } => alloc::format!("write `{meant}` between terms"),
            Self::UnclosedParenthesis => "close the parenthesis before the term ends, as in `(2x+i-1)`".into(),
            Self::LoneParenthesis => "an index is written as in `(2x+i-1)`".into(),
            Self::NestedParenthesis => "one pair of parentheses holds one sum, as in `(x+i+j)`".into(),
            Self::LabelsWithoutSign { first, second } => alloc::format!(
                "an index is a sum, as in `(2{first}+{second})`; this is not the flattening of einops, for which arrays are \
                 reshaped"
            ),
            Self::ProductOfLabels(label) => {
                alloc::format!("only numbers multiply labels, and stand before them, as in `2{label}`")
            }
            Self::ZeroCoefficient(label) => alloc::format!("leave `{label}` out of the index"),
            Self::RepeatedInIndex(label) => alloc::format!("add the coefficients, as in `2{label}`"),
            Self::IndexWithoutLabel => "a fixed position is a slice of the operand, as in `a.index_axis(Axis(0), 3)`".into(),
            Self::UnexpectedInIndex(_) | Self::MissingPart => {
                "an index is a sum of labels, each with a number before it or none, and a number, as in `(2x+i-1)`".into()
            }
            Self::NumberTooLarge => alloc::format!("numbers go up to {LARGEST}"),
            Self::UnknownExtents { labels } => match labels.as_slice() {
                [label] => alloc::format!("give it behind the operands, as in `; {label} = 3`"),
                [first, .., last] => {
                    alloc::format!("give all but one behind the operands, as in `; {last} = 3`, which tells that of `{first}`")
                }
                [] => unreachable!("an index has a label"),
            },
            Self::SecondEllipsis => "one `...` stands for all axes without a label".into(),
            Self::EllipsisNotInOutput { labelled } => alloc::format!(
                "write `...` in the output to keep them, or a label for each to sum over it: for two axes, `{labelled}`"
            ),
            Self::UnexpectedCharacter(c) if c.width() == Some(0) => {
                "a label is one letter with a width of its own; this is a mark on the character before it, or invisible".into()
            }
            Self::UnexpectedCharacter(c) if c.is_ascii_digit() || matches!(c, '+' | '*') => {
                "index arithmetic stands in parentheses, as in `(2x+i-1)`".into()
            }
            Self::UnexpectedCharacter(_) => "a label is one letter, and terms are separated by commas".into(),
            Self::LoneDash | Self::LoneAngle => "the arrow before the output is written `->`".into(),
            Self::SecondArrow => "one `->` separates all operands from the output".into(),
            Self::CommaInOutput => "there is one output; operands stand before the `->`".into(),
            Self::UnknownOutputLabel { known, .. } => match known.as_slice() {
                [] => "the operands have no labels".into(),
                [only] => alloc::format!("the only input label is `{only}`"),
                all => alloc::format!("the input labels are {}", list(all)),
            },
            Self::RepeatedOutputLabel(label) => {
                alloc::format!("each output axis needs a label of its own; keep one `{label}`")
            }
            Self::OperandCount { terms, operands } if terms > operands => {
                "each comma starts a term, and each term is for one operand".into()
            }
            Self::OperandCount { .. } => "write a term for each operand, separated by commas".into(),
            Self::NotAView(mistake) => mistake.help(),
        }
    }
}

fn count(n: usize, noun: &str) -> String {
    alloc::format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

fn list(labels: &[Label]) -> String {
    labels.iter().map(|label| alloc::format!("`{label}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use crate::parse;

    /// The carets of the first mistake, under its text.
    fn carets(text: &str) -> String {
        let rendered = parse(text).unwrap_err()[0].render(text);
        rendered.lines().nth(3).unwrap().strip_prefix("    ").unwrap().into()
    }

    #[test]
    fn carets_count_columns() {
        assert_eq!(carets("αβ1"), "  ^");
        assert_eq!(carets("世界1"), "    ^");
        assert_eq!(carets("i\t。"), " ^");
        assert_eq!(carets("世。"), "  ^^");
        assert_eq!(carets("e\u{301}"), "^");
        assert_eq!(carets("ie\u{345}->"), " ^");
        assert_eq!(carets("\u{301}"), "^");
        assert_eq!(carets("i. . .->"), " ^^^^^");
    }

    #[test]
    fn look_alikes_and_what_to_write() {
        let message = |text: &str| {
            let error = &parse(text).unwrap_err()[0];
            (error.to_string(), error.help())
        };
        let arrow = "write the arrow before the output as `->`";
        assert_eq!(message("i=>i"), ("`=>` is not `->`".into(), arrow.into()));
        assert_eq!(message("i−>i"), ("`−>` (U+2212) is not `->`".into(), arrow.into()));
        assert_eq!(message("i→i"), ("`→` (U+2192) is not `->`".into(), arrow.into()));
        let ellipsis = "an ellipsis is three dots without spaces: `...`";
        assert_eq!(message("…i"), ("`…` (U+2026) is not `...`".into(), ellipsis.into()));
        assert_eq!(message("i，i"), ("`，` (U+FF0C) is not `,`".into(), "write `,` between terms".into()));
        assert_eq!(message("..i"), ("`..` is not `...`".into(), ellipsis.into()));
        assert_eq!(message(". . .i"), ("`. . .` is not `...`".into(), ellipsis.into()));
    }
}
