//! What can be wrong with subscripts, where it is, and how to write it instead.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use crate::Label;

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
    /// A character that is neither a label nor a comma, a space or an arrow.
    UnexpectedCharacter(char),
    /// A `-` that no `>` follows.
    LoneDash,
    /// A `>` that no `-` precedes.
    LoneAngle,
    /// A dot outside of `...`.
    LoneDot,
    /// A second `...` in one term.
    SecondEllipsis,
    /// A `...` in an operand, but none in the output behind the arrow.
    EllipsisNotInOutput,
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
    /// `text` is what [`parse`](crate::parse) was given. Carets count characters, not bytes.
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
        let indent = text[..self.span.start].chars().count();
        let width = text[self.span.clone()].chars().count().max(1);
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
            // `escape_debug` escapes these three for the sake of literals.
            Self::UnexpectedCharacter(c @ ('\'' | '"' | '\\')) => write!(f, "unexpected character `{c}`"),
            Self::UnexpectedCharacter(c) => write!(f, "unexpected character `{}`", c.escape_debug()),
            Self::LoneDash => f.write_str("`-` without `>`"),
            Self::LoneAngle => f.write_str("`>` without `-`"),
            Self::LoneDot => f.write_str("`.` outside of `...`"),
            Self::SecondEllipsis => f.write_str("a second `...` in one term"),
            Self::EllipsisNotInOutput => f.write_str("the axes of `...` are missing in the output"),
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
        }
    }
}

impl ErrorKind {
    fn help(&self) -> String {
        match self {
            Self::LoneDot => "an ellipsis has three dots: `...`".into(),
            Self::SecondEllipsis => "one `...` stands for all axes without a label".into(),
            Self::EllipsisNotInOutput => {
                "write `...` in the output to keep them, or give each axis a label of \
                                          its own to sum over it, as in `abi->i`"
                    .into()
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
        }
    }
}

fn count(n: usize, noun: &str) -> String {
    alloc::format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

fn list(labels: &[Label]) -> String {
    labels.iter().map(|label| alloc::format!("`{label}`")).collect::<Vec<_>>().join(", ")
}
