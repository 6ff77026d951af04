//! Output positions as loops.
//!
//! An affine index of the output, as in `no,oi->n(2x+i)`, sends several values of its labels to one place. Written as it
//! stands, sums would be scattered over the output, and no two threads could share them. So one label, `x`, is
//! eliminated: the loop that had its values has the positions `h = 2x+i` instead, and wherever `x` stood, `(h-i)/2` is
//! read. Each place is then written by one iteration, and the sum over `i` is inside. Values of `h` and `i` that give no
//! integer, or none below the extent of `x`, are left out when the run time cuts the ranges of the loops.
//!
//! From here on a label is a *loop*; that of an eliminated label has the positions that it was eliminated for.

use alloc::vec::Vec;

use crate::{Index, LabelId};

/// A loop over the positions of an output axis, in place of one over the values of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gather {
    /// The axis of the output, counted without those of an ellipsis.
    pub axis: usize,
    /// The label that is eliminated.
    pub label: LabelId,
}

/// The loops that indices depend on once labels are eliminated.
pub(crate) struct Gathering {
    labels: usize,
    gathers: Vec<Gather>,
    /// The index that each gather solves, in terms of the loops before it.
    solved: Vec<Form>,
    /// The loops that the places in the output differ by.
    output: Vec<LabelId>,
}

/// The coefficient of each loop, up to a common factor.
type Form = Vec<i128>;

impl Gathering {
    /// Eliminates labels until the loops of the output tell its places apart.
    ///
    /// The first label of an index goes, if it can: in `2x+i` that is the long one, by the convention of conv layers, and
    /// long loops over positions with short sums inside are what is fast.
    pub(crate) fn new(output: &[Index<LabelId>], labels: usize, ellipsis: Option<LabelId>) -> Self {
        let bare = output.iter().filter_map(Index::label).collect();
        let mut gathering = Self { labels, gathers: Vec::new(), solved: Vec::new(), output: bare };
        let labelled = output.iter().filter(|index| ellipsis.is_none() || index.label() != ellipsis);
        for (axis, index) in labelled.enumerate().filter(|(_, index)| index.label().is_none()) {
            gathering.add(axis, index);
        }
        gathering.output = gathering.ordered_output(output);
        gathering
    }

    fn add(&mut self, axis: usize, index: &Index<LabelId>) {
        let open: Vec<LabelId> =
            self.loops(index).into_iter().filter(|label| !self.output.contains(label)).collect();
        let Some(&label) = open.first() else { return };
        if open.len() > 1 {
            self.solved.push(self.form(index));
            self.gathers.push(Gather { axis, label });
        }
        self.output.push(label);
    }

    /// The loops of the output in the order of its axes.
    fn ordered_output(&self, output: &[Index<LabelId>]) -> Vec<LabelId> {
        let mut ordered = Vec::new();
        for index in output {
            let loops = self.loops(index).into_iter().filter(|label| self.output.contains(label));
            let new: Vec<LabelId> = loops.filter(|label| !ordered.contains(label)).collect();
            ordered.extend(new);
        }
        ordered
    }

    /// The gathers, in the order in which they are to be made.
    pub(crate) fn gathers(&self) -> &[Gather] {
        &self.gathers
    }

    /// The loops that the places in the output differ by, each once.
    pub(crate) fn output(&self) -> &[LabelId] {
        &self.output
    }

    /// The loops that an index depends on: those of its labels first.
    pub(crate) fn loops(&self, index: &Index<LabelId>) -> Vec<LabelId> {
        let form = self.form(index);
        let mut loops: Vec<LabelId> = index.labels().filter(|&label| form[label] != 0).collect();
        loops.extend(
            (0..self.labels).filter(|&label| form[label] != 0 && !index.labels().any(|own| own == label)),
        );
        loops
    }

    /// Loops that are summed over although no index of these arrays depends on them, so that each iteration adds the same.
    pub(crate) fn idle<'a>(&self, indices: impl Iterator<Item = &'a Index<LabelId>> + Clone) -> Vec<LabelId> {
        let solved = |label: &LabelId| self.solved.iter().any(|form| form[*label] != 0);
        let is_read = |label: &LabelId| indices.clone().any(|index| self.loops(index).contains(label));
        (0..self.labels)
            .filter(|label| solved(label) && !self.output.contains(label) && !is_read(label))
            .collect()
    }

    fn form(&self, index: &Index<LabelId>) -> Form {
        let mut form = alloc::vec![0; self.labels];
        match index {
            Index::Label(label) => form[*label] = 1,
            Index::Affine(affine) => {
                affine.parts.iter().for_each(|&(label, coefficient)| form[label] += coefficient as i128);
            }
        }
        for (gather, solved) in self.gathers.iter().zip(&self.solved) {
            form = substituted(&form, gather.label, solved);
        }
        form
    }
}

/// A form in which `label` is replaced by what `solved` says of it, given the new loop of that name.
fn substituted(form: &Form, label: LabelId, solved: &Form) -> Form {
    let (own, pivot) = (form[label], solved[label]);
    let mut new: Form = form.iter().zip(solved).map(|(&a, &b)| pivot * a - own * b).collect();
    new[label] = own;
    let factor =
        new.iter().fold(0, |factor, &coefficient| greatest_common_divisor(factor, coefficient)).max(1);
    new.iter().map(|coefficient| coefficient / factor).collect()
}

fn greatest_common_divisor(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::*;
    use crate::{Equation, Term, parse};

    /// The gathers, the loops of the output, those of each operand, and idle ones.
    fn gathering(text: &str) -> (Vec<(usize, char)>, String, Vec<String>, String) {
        let equation: Equation = parse(text).unwrap();
        let labels = equation.input_labels();
        let id = |label| labels.iter().position(|&l| l == label).unwrap();
        let output: Vec<_> = equation.output().iter().map(|index| index.map(id)).collect();
        let gathering = Gathering::new(&output, labels.len(), None);
        let text = |ids: &[LabelId]| ids.iter().map(|&id| labels[id]).collect::<String>();
        let gathers = gathering.gathers().iter().map(|gather| (gather.axis, labels[gather.label])).collect();
        let term = |term: &Term| -> Vec<_> { term.axes.iter().map(|axis| axis.index.map(id)).collect() };
        let inputs: Vec<Vec<_>> = equation.inputs.iter().map(term).collect();
        let loops = |term: &Vec<Index<LabelId>>| -> String {
            term.iter().map(|index| text(&gathering.loops(index))).collect::<Vec<_>>().join(" ")
        };
        let idle = gathering.idle(inputs.iter().flatten());
        (gathers, text(gathering.output()), inputs.iter().map(loops).collect(), text(&idle))
    }

    #[test]
    fn an_index_with_two_labels_becomes_a_loop() {
        let (gathers, output, inputs, idle) = gathering("nxo,ico->n(2x+i-3)c");
        assert_eq!(gathers, [(1, 'x')]);
        assert_eq!((output.as_str(), idle.as_str()), ("nxc", ""));
        assert_eq!(inputs, ["n xi o", "i c o"]);
    }

    #[test]
    fn an_index_with_one_label_stays() {
        let (gathers, output, ..) = gathering("xy->(2x+1)y");
        assert_eq!((gathers, output.as_str()), (Vec::new(), "xy"));
        // Known by its own axis, `x` leaves `i` to be told by the other.
        let (gathers, output, ..) = gathering("xi->x(x+i)");
        assert_eq!((gathers, output.as_str()), (Vec::new(), "xi"));
    }

    #[test]
    fn a_second_index_may_tell_the_rest() {
        let (gathers, output, inputs, _) = gathering("xi->(x+i)(x-i)");
        assert_eq!((gathers, output.as_str()), (Vec::from([(0, 'x')]), "xi"));
        assert_eq!(inputs, ["xi i"]);
        // The same index twice tells nothing new: `i` is summed.
        let (gathers, output, inputs, _) = gathering("xi->(x+i)(x+i)");
        assert_eq!((gathers, output.as_str()), (Vec::from([(0, 'x')]), "x"));
        assert_eq!(inputs, ["xi i"]);
    }

    #[test]
    fn equal_indices_cancel() {
        let (_, _, inputs, _) = gathering("x,i,(x+i)->(x+i)");
        assert_eq!(inputs, ["xi", "i", "x"]);
    }

    #[test]
    fn loops_that_nothing_reads_are_told() {
        let (.., idle) = gathering("k(x+i)->k(x+i)");
        assert_eq!(idle, "i");
    }
}
