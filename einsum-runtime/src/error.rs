//! What can go wrong once the extents are known, or once subscripts are read at run time.

use core::fmt;

pub use crate::call::Reach;
pub use einsum_plan::{ELLIPSIS, Error as Mistake, ErrorKind as MistakeKind};

/// Subscripts that cannot be read, or operands that do not fit them or each other.
///
/// `try_einsum!` and [`dynamic`](crate::dynamic) return it; `einsum!` panics with its message. Messages name the
/// label, the extents, and the operands by number and, where there is one, by source text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EinsumError {
    /// Subscripts given at run time break a rule of the notation, or are for another number of operands. The
    /// macros report these at compile time.
    Subscripts {
        /// The subscripts.
        subscripts: Box<str>,
        /// The mistakes, in the order of the text.
        mistakes: Vec<Mistake>,
    },
    /// A label stands for axes of different extents, none of them stretched from 1.
    Extents {
        /// The label; [`ELLIPSIS`] for an axis of `...`.
        label: char,
        /// The first axis that fixes the label's extent.
        first: LabelledAxis,
        /// The first axis that disagrees with it.
        second: LabelledAxis,
        /// The subscripts of the call.
        subscripts: Box<str>,
    },
    /// An extent was given for a label that no operand has. The macros report this at compile time.
    UnknownLabel {
        /// The label.
        label: char,
        /// The labels that there are.
        known: Vec<char>,
        /// The subscripts of the call.
        subscripts: Box<str>,
    },
    /// An axis has neither the extent that was given for its label nor 1.
    GivenExtent {
        /// The label.
        label: char,
        /// What was given.
        extent: usize,
        /// The axis.
        axis: LabelledAxis,
        /// The subscripts of the call.
        subscripts: Box<str>,
    },
    /// An axis of the target has not the extent that its label has by index arithmetic, or that was given for it.
    TargetExtent {
        /// The label.
        label: char,
        /// Its extent.
        extent: usize,
        /// The axis.
        axis: LabelledAxis,
        /// The subscripts of the call.
        subscripts: Box<str>,
    },
    /// A target has, along an axis with an affine index, an extent that no call with these labels writes to.
    TargetIndex {
        /// The extent that an owned result would have.
        extent: usize,
        /// The index and the axis.
        indexed: Box<IndexedAxis>,
        /// The subscripts of the call.
        subscripts: Box<str>,
    },
    /// An extent was given for a label that has one already. The macros report this at compile time.
    RepeatedExtent {
        /// The label.
        label: char,
        /// The subscripts of the call.
        subscripts: Box<str>,
    },
    /// An affine index tells another extent of a label than it has.
    ToldExtent {
        /// The label.
        label: char,
        /// Its extent.
        extent: usize,
        /// The index that told this extent, if one did.
        first: Option<Box<IndexedAxis>>,
        /// What the other index tells.
        told: usize,
        /// The other index.
        second: Box<IndexedAxis>,
        /// The subscripts of the call.
        subscripts: Box<str>,
    },
    /// An affine index reaches beyond its axis, and its padding.
    IndexOutside {
        /// The index.
        indexed: IndexedAxis,
        /// Its positions.
        reach: Reach,
        /// How many positions beyond either end of the axis are allowed.
        padding: usize,
        /// The subscripts of the call.
        subscripts: Box<str>,
    },
    /// An affine index of the output reaches before the first position of the result.
    OutputIndex {
        /// The index.
        index: Box<str>,
        /// Its positions.
        reach: Reach,
        /// The subscripts of the call.
        subscripts: Box<str>,
    },
    /// An array has more or fewer axes than labels. For arrays of static rank the macros report this at compile
    /// time.
    Rank {
        /// The array.
        operand: Operand,
        /// The number of its axes.
        rank: usize,
        /// The number of its labels: the least number of axes, where there is an ellipsis.
        labels: usize,
        /// Whether an ellipsis takes further axes.
        ellipsis: bool,
        /// The subscripts of the call.
        subscripts: Box<str>,
    },
    /// A target has enough axes for its labels, but not as many as the result, whose ellipsis has those of the
    /// operands.
    TargetRank {
        /// The target.
        target: Operand,
        /// The number of its axes.
        rank: usize,
        /// The number of axes of the result.
        result: usize,
        /// The subscripts of the call.
        subscripts: Box<str>,
    },
    /// A target for the gradient of an operand has another shape than the operand.
    TargetShape {
        /// The target.
        target: Box<ShapedArray>,
        /// The operand.
        operand: Box<ShapedArray>,
        /// The subscripts of the call.
        subscripts: Box<str>,
    },
    /// The result, or an intermediate one, has more elements than there is memory for.
    TooLarge {
        /// Its shape.
        shape: Vec<usize>,
        /// The subscripts of the call.
        subscripts: Box<str>,
    },
    /// Intermediate results would take more memory than is allowed.
    MemoryLimit {
        /// Bytes that the leanest order takes that was found.
        needed: usize,
        /// Bytes that are allowed.
        limit: usize,
        /// The subscripts of the call.
        subscripts: Box<str>,
    },
}

/// An axis that a label stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelledAxis {
    /// The array.
    pub operand: Operand,
    /// The axis, counted from 0.
    pub axis: usize,
    /// The number of elements along it.
    pub extent: usize,
}

/// An axis that is read or written at the positions of an affine index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedAxis {
    /// The index as it is written.
    pub index: Box<str>,
    /// The axis.
    pub axis: LabelledAxis,
}

/// An array with its shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapedArray {
    /// The array.
    pub array: Operand,
    /// Its shape.
    pub shape: Vec<usize>,
}

/// What an array is to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// An operand, by its place among them, counted from 0.
    Operand(usize),
    /// The target of an in-place form.
    Target,
    /// The gradient of the result.
    Gradient,
}

/// An array of a call, as its author knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operand {
    /// What it is.
    pub role: Role,
    /// The expression in the call of a macro; `None` for operands of [`dynamic`](crate::dynamic).
    pub source: Option<&'static str>,
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.role {
            Role::Operand(number) => write!(f, "operand {number}"),
            Role::Target => f.write_str("the target"),
            Role::Gradient => f.write_str("the gradient"),
        }
    }
}

impl fmt::Display for LabelledAxis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operand, axis, extent } = self;
        write!(f, "{extent} in {operand} (")?;
        if let Some(source) = operand.source {
            write!(f, "`{source}`, ")?;
        }
        write!(f, "axis {axis})")
    }
}

impl fmt::Display for IndexedAxis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` and extent {}", self.index, self.axis)
    }
}

impl fmt::Display for EinsumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Subscripts { subscripts, mistakes } => {
                let rendered: Vec<_> = mistakes.iter().map(|mistake| mistake.render(subscripts)).collect();
                f.write_str(&rendered.join("\n\n"))
            }
            Self::Extents { label: ELLIPSIS, first, second, subscripts } => {
                write!(f, "an axis of `...` of \"{subscripts}\" has extent {first} but {second}")
            }
            Self::Extents { label, first, second, subscripts } => {
                write!(f, "label `{label}` of \"{subscripts}\" has extent {first} but {second}")
            }
            Self::UnknownLabel { label, known, subscripts } => {
                let known: Vec<String> = known.iter().map(|label| format!("`{label}`")).collect();
                write!(f, "no operand of \"{subscripts}\" has the label `{label}`, whose extent is given")?;
                write!(f, "; the labels are {}", known.join(", "))
            }
            Self::GivenExtent { label, extent, axis, subscripts } => {
                write!(f, "label `{label}` of \"{subscripts}\" is given extent {extent} but has {axis}")
            }
            Self::TargetExtent { label, extent, axis, subscripts } => {
                write!(f, "label `{label}` of \"{subscripts}\" has extent {extent} but {axis}")
            }
            Self::TargetIndex { extent, indexed, subscripts } => {
                let IndexedAxis { index, axis } = &**indexed;
                write!(f, "index `{index}` of \"{subscripts}\" writes extent {extent} but there is {axis}")
            }
            Self::RepeatedExtent { label, subscripts } => {
                write!(f, "the extent of label `{label}` of \"{subscripts}\" is given twice")
            }
            Self::ToldExtent { label, extent, first, told, second, subscripts } => {
                write!(f, "label `{label}` of \"{subscripts}\" has extent {extent}")?;
                if let Some(first) = first {
                    write!(f, " by {first}")?;
                }
                write!(f, " but would have {told} by {second}")
            }
            Self::IndexOutside { indexed: IndexedAxis { index, axis }, reach, padding, subscripts } => {
                write!(f, "index `{index}` of \"{subscripts}\" {reach}, beyond the extent {axis}")?;
                if *padding > 0 { write!(f, " and a padding of {padding}") } else { Ok(()) }
            }
            Self::OutputIndex { index, reach, subscripts } => {
                write!(f, "index `{index}` of \"{subscripts}\" {reach}, before the start of the result")
            }
            Self::Rank { operand, rank, labels, ellipsis, subscripts } => {
                rank_of(f, *operand, *rank, subscripts)?;
                write!(f, " but {labels} label{}", if *labels == 1 { "" } else { "s" })?;
                f.write_str(if *ellipsis { " beside the `...`" } else { "" })
            }
            Self::TargetRank { target, rank, result, subscripts } => {
                rank_of(f, *target, *rank, subscripts)?;
                write!(f, " but the result has {result}")
            }
            Self::TargetShape { target, operand, subscripts } => {
                let name =
                    |array: &Operand| array.source.map_or(String::new(), |source| format!(" (`{source}`)"));
                let (ShapedArray { array, shape }, of) = (&**target, &operand.array);
                write!(f, "{array}{} of \"{subscripts}\" has shape {shape:?}", name(array))?;
                write!(f, " but {of}{}, whose gradient it takes, has {:?}", name(of), operand.shape)
            }
            Self::TooLarge { shape, subscripts } => {
                write!(f, "an array of shape {shape:?}, for \"{subscripts}\", is too large to allocate")
            }
            Self::MemoryLimit { needed, limit, subscripts } => {
                write!(
                    f,
                    "the intermediates of \"{subscripts}\" take {needed} bytes in the leanest order that was found"
                )?;
                write!(f, ", more than the limit of {limit}")
            }
        }
    }
}

/// The array, and how many axes it has.
fn rank_of(f: &mut fmt::Formatter<'_>, array: Operand, rank: usize, subscripts: &str) -> fmt::Result {
    write!(f, "{array}")?;
    if let Some(source) = array.source {
        write!(f, " (`{source}`)")?;
    }
    write!(f, " of \"{subscripts}\" has {rank} {}", if rank == 1 { "axis" } else { "axes" })
}

impl core::error::Error for EinsumError {}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Operand = Operand { role: Role::Operand(0), source: Some("a") };

    fn extents(label: char, role: Role, source: Option<&'static str>) -> String {
        let first = LabelledAxis { operand: A, axis: 1, extent: 3 };
        let second = LabelledAxis { operand: Operand { role, source }, axis: 0, extent: 4 };
        EinsumError::Extents { label, first, second, subscripts: "ij->j".into() }.to_string()
    }

    #[test]
    fn extents_are_named_with_their_own_operands() {
        assert_eq!(
            extents('j', Role::Target, Some("self.c")),
            "label `j` of \"ij->j\" has extent 3 in operand 0 (`a`, axis 1) but 4 in the target (`self.c`, axis 0)"
        );
        assert_eq!(
            extents('j', Role::Operand(2), None),
            "label `j` of \"ij->j\" has extent 3 in operand 0 (`a`, axis 1) but 4 in operand 2 (axis 0)"
        );
    }

    #[test]
    fn axes_of_an_ellipsis_have_no_label() {
        assert_eq!(
            extents(ELLIPSIS, Role::Operand(1), Some("b")),
            "an axis of `...` of \"ij->j\" has extent 3 in operand 0 (`a`, axis 1) but 4 in operand 1 (`b`, axis 0)"
        );
    }

    #[test]
    fn ranks_are_named_with_both_numbers() {
        let error = |operand, rank, labels, ellipsis| {
            EinsumError::Rank { operand, rank, labels, ellipsis, subscripts: "…".into() }.to_string()
        };
        assert_eq!(error(A, 1, 2, false), "operand 0 (`a`) of \"…\" has 1 axis but 2 labels");
        assert_eq!(error(A, 0, 1, true), "operand 0 (`a`) of \"…\" has 0 axes but 1 label beside the `...`");
        let unnamed = Operand { role: Role::Operand(1), source: None };
        assert_eq!(error(unnamed, 3, 1, false), "operand 1 of \"…\" has 3 axes but 1 label");
        let target = Operand { role: Role::Target, source: Some("c") };
        let error = EinsumError::TargetRank { target, rank: 2, result: 1, subscripts: "…".into() };
        assert_eq!(error.to_string(), "the target (`c`) of \"…\" has 2 axes but the result has 1");
    }

    #[test]
    fn indices_are_named_with_what_they_reach() {
        let axis = LabelledAxis { operand: A, axis: 1, extent: 8 };
        let indexed = IndexedAxis { index: "(2x+i-1)".into(), axis };
        let (reach, subscripts) = (Reach { first: -1, last: 9 }, Box::<str>::from("…"));
        let error = EinsumError::IndexOutside { indexed: indexed.clone(), reach, padding: 1, subscripts };
        assert_eq!(
            error.to_string(),
            "index `(2x+i-1)` of \"…\" reaches from -1 to 9, beyond the extent 8 in operand 0 (`a`, axis 1) \
             and a padding of 1"
        );
        let (first, second, subscripts) = (Some(indexed.clone().into()), indexed.into(), "…".into());
        let error = EinsumError::ToldExtent { label: 'x', extent: 4, first, told: 5, second, subscripts };
        assert_eq!(
            error.to_string(),
            "label `x` of \"…\" has extent 4 by `(2x+i-1)` and extent 8 in operand 0 (`a`, axis 1) \
             but would have 5 by `(2x+i-1)` and extent 8 in operand 0 (`a`, axis 1)"
        );
        let error = EinsumError::GivenExtent { label: 'i', extent: 3, axis, subscripts: "…".into() };
        assert_eq!(
            error.to_string(),
            "label `i` of \"…\" is given extent 3 but has 8 in operand 0 (`a`, axis 1)"
        );
    }

    #[test]
    fn shapes_without_memory_are_named() {
        let error = EinsumError::TooLarge { shape: vec![1 << 40, 1 << 40], subscripts: "i,j->ij".into() };
        assert_eq!(
            error.to_string(),
            "an array of shape [1099511627776, 1099511627776], for \"i,j->ij\", is too large to allocate"
        );
    }

    #[test]
    fn mistakes_are_rendered_one_by_one() {
        let subscripts = "i1->k".into();
        let mistakes = einsum_plan::parse("i1,2").unwrap_err();
        let error = EinsumError::Subscripts { subscripts, mistakes };
        assert!(error.to_string().starts_with("unexpected character `1`\n\n    i1->k\n     ^\nhelp: "));
        assert!(error.to_string().contains("\n\nunexpected character `2`\n"));
    }
}
