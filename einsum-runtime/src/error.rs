//! What can go wrong once the extents are known.

use core::fmt;

/// Operands whose extents do not fit the subscripts, or each other.
///
/// `try_einsum!` returns it; `einsum!` panics with its message, which names the label, the extents and the
/// operands by number and by source text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EinsumError {
    /// A label stands for axes of different extents.
    Extents {
        /// The label.
        label: char,
        /// The first axis that has the label.
        first: LabelledAxis,
        /// The first axis that disagrees with it.
        second: LabelledAxis,
        /// The subscripts of the call.
        subscripts: &'static str,
    },
    /// An array of dynamic rank has more or fewer axes than labels. For arrays of static rank this is a
    /// compile-time error.
    Rank {
        /// The array.
        operand: Operand,
        /// The number of its axes.
        rank: usize,
        /// The number of its labels.
        labels: usize,
        /// The subscripts of the call.
        subscripts: &'static str,
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

/// An array of a call, as its author knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operand {
    /// Its place among the operands, counted from 0; `None` for the target of an in-place form.
    pub number: Option<usize>,
    /// The expression in the call.
    pub source: &'static str,
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            Some(number) => write!(f, "operand {number}"),
            None => f.write_str("the target"),
        }
    }
}

impl fmt::Display for LabelledAxis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operand, axis, extent } = self;
        write!(f, "{extent} in {operand} (`{}`, axis {axis})", operand.source)
    }
}

impl fmt::Display for EinsumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Extents { label, first, second, subscripts } => {
                write!(f, "label `{label}` of \"{subscripts}\" has extent {first} but {second}")
            }
            Self::Rank { operand, rank, labels, subscripts } => {
                let axes = if *rank == 1 { "axis" } else { "axes" };
                write!(f, "{operand} (`{}`) of \"{subscripts}\" has {rank} {axes} ", operand.source)?;
                write!(f, "but {labels} label{}", if *labels == 1 { "" } else { "s" })
            }
        }
    }
}

impl core::error::Error for EinsumError {}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Operand = Operand { number: Some(0), source: "a" };

    #[test]
    fn extents_are_named_with_their_own_operands() {
        let first = LabelledAxis { operand: A, axis: 1, extent: 3 };
        let second = LabelledAxis { operand: Operand { number: None, source: "self.c" }, axis: 0, extent: 4 };
        let error = EinsumError::Extents { label: 'j', first, second, subscripts: "ij->j" };
        assert_eq!(
            error.to_string(),
            "label `j` of \"ij->j\" has extent 3 in operand 0 (`a`, axis 1) but 4 in the target (`self.c`, axis 0)"
        );
    }

    #[test]
    fn ranks_are_named_with_both_numbers() {
        let error =
            |rank, labels| EinsumError::Rank { operand: A, rank, labels, subscripts: "…" }.to_string();
        assert_eq!(error(1, 2), "operand 0 (`a`) of \"…\" has 1 axis but 2 labels");
        assert_eq!(error(3, 1), "operand 0 (`a`) of \"…\" has 3 axes but 1 label");
    }
}
