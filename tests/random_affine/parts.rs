//! What a random call is made of: labels by number, indices that fit their axes, and the text of it all.

mod view;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::support::layouts::Layout;
use super::support::random::{OperandLayout, operand_layout, spaced};
use super::{Call, LABELS};

/// At most so many combinations of label values by the extents that a call is made from.
const COMBINATIONS: usize = 2_000;

/// What stands for one axis before labels have names.
#[derive(Clone, Debug)]
enum Axis {
    Label { label: usize, stretched: bool },
    Affine(Affine),
}

#[derive(Clone, Debug)]
struct Affine {
    parts: Vec<(usize, isize)>,
    constant: Constant,
    /// How much longer the axis is than it need be.
    slack: usize,
    /// Where the constant stands, and whether there are stars.
    place: Index,
    stars: bool,
}

#[derive(Clone, Copy, Debug)]
enum Constant {
    /// Padding where there is no negative coefficient.
    Padding(isize),
    /// A shift from the least constant that keeps all positions inside.
    Shift(isize),
}

/// One operand before its labels have names.
#[derive(Clone, Debug)]
struct Term {
    axes: Vec<Axis>,
    /// Where the ellipsis stands and how many axes it has, at most those of the call.
    ellipsis: Option<(Index, usize)>,
}

/// How the output is made of its labels.
#[derive(Clone, Debug)]
struct Output {
    /// Which labels there are, by a priority each.
    priorities: Vec<Option<u8>>,
    /// What the next label stands in: alone, or with as many others as there are parts in an index.
    axes: Vec<Option<Affine>>,
    ellipsis: Index,
}

/// What a call is made of. Everything shrinks towards few short terms of small extents.
#[derive(Clone, Debug)]
pub struct Parts {
    extents: Vec<usize>,
    spread: Vec<usize>,
    terms: Vec<Term>,
    /// `None` for an implicit output.
    output: Option<Output>,
    /// Which labels are given although nothing demands it, and which of the others is forgotten.
    given: Vec<bool>,
    forgotten: Option<Index>,
    spaces: Vec<Index>,
    layouts: Vec<OperandLayout>,
    target: Layout,
}

fn affine() -> impl Strategy<Value = Affine> {
    let factor = prop_oneof![8 => Just(1), 4 => 2..4_isize, 2 => Just(-1), 1 => Just(-2)];
    let constant = prop_oneof![
        4 => (0..4_isize).prop_map(Constant::Padding),
        4 => (0..3_isize).prop_map(Constant::Shift),
        1 => (-2..0_isize).prop_map(Constant::Shift),
    ];
    let slack = prop_oneof![5 => Just(0), 1 => 1..3_usize];
    let parts = vec((0..LABELS.len(), factor), 1..4);
    (parts, constant, slack, any::<Index>(), any::<bool>()).prop_map(
        |(mut parts, constant, slack, place, stars)| {
            let mut seen = [false; LABELS.len()];
            parts.retain(|&(label, _)| !std::mem::replace(&mut seen[label], true));
            Affine { parts, constant, slack, place, stars }
        },
    )
}

fn terms() -> impl Strategy<Value = Vec<Term>> {
    let label = (0..LABELS.len(), prop::bool::weighted(0.05));
    let axis = prop_oneof![
        1 => label.prop_map(|(label, stretched)| Axis::Label { label, stretched }),
        1 => affine().prop_map(Axis::Affine),
    ];
    let ellipsis = prop::option::weighted(0.15, (any::<Index>(), 0..3_usize));
    let term = (vec(axis, 0..4), ellipsis).prop_map(|(axes, ellipsis)| Term { axes, ellipsis });
    vec(term, 1..4)
}

fn output() -> impl Strategy<Value = Output> {
    let priorities = vec(prop::option::of(any::<u8>()), LABELS.len());
    let axes = vec(prop::option::weighted(0.3, affine()), LABELS.len());
    (priorities, axes, any::<Index>()).prop_map(|(priorities, axes, ellipsis)| Output {
        priorities,
        axes,
        ellipsis,
    })
}

pub fn parts() -> impl Strategy<Value = Parts> {
    let extent = || prop_oneof![12 => 1..4_usize, 7 => 4..8_usize, 1 => Just(0)];
    let given = (vec(prop::bool::weighted(0.1), LABELS.len()), prop::option::weighted(0.1, any::<Index>()));
    let spaces = prop_oneof![4 => Just(Vec::new()), 1 => vec(any::<Index>(), 0..4)];
    let layouts = (vec(operand_layout(), 3), select(Layout::ALL.to_vec()));
    let sizes = (vec(extent(), LABELS.len()), vec(extent(), 2));
    (sizes, terms(), prop::option::weighted(0.8, output()), given, spaces, layouts).prop_map(
        |((extents, spread), terms, output, (given, forgotten), spaces, (layouts, target))| Parts {
            extents,
            spread,
            terms,
            output,
            given,
            forgotten,
            spaces,
            layouts,
            target,
        },
    )
}

impl Affine {
    /// The last position but the constant, for coefficients of one sign. The end of an empty range is -1.
    fn end(&self, extents: &[usize], sign: isize) -> isize {
        let parts = self.parts.iter().filter(|(_, factor)| factor.signum() == sign);
        parts.map(|&(label, factor)| factor * (extents[label] as isize - 1)).sum()
    }

    fn constant(&self, extents: &[usize]) -> isize {
        match self.constant {
            Constant::Padding(padding) if self.parts.iter().all(|&(_, factor)| factor > 0) => -padding,
            Constant::Padding(_) => -self.end(extents, -1),
            Constant::Shift(shift) => shift - self.end(extents, -1),
        }
    }

    /// The extent of an axis that all positions reach but no more, and the slack.
    fn extent(&self, extents: &[usize]) -> usize {
        let constant = self.constant(extents);
        let pads = constant < 0 && self.parts.iter().all(|&(_, factor)| factor > 0);
        let needed = self.end(extents, 1) + 1 + if pads { 2 * constant } else { constant };
        // No slack beside an empty range, which has no end.
        let empty = self.parts.iter().any(|&(label, _)| extents[label] == 0);
        (needed + if empty { 0 } else { self.slack as isize }).max(0) as usize
    }

    fn text(&self, extents: &[usize]) -> String {
        let star = if self.stars { "*" } else { "" };
        let part = |&(label, factor): &(usize, isize)| match factor {
            1 | -1 => (factor, LABELS[label].to_string()),
            _ => (factor, format!("{}{star}{}", factor.abs(), LABELS[label])),
        };
        let mut parts: Vec<_> = self.parts.iter().map(part).collect();
        let constant = self.constant(extents);
        if constant != 0 {
            parts.insert(self.place.index(parts.len() + 1), (constant, constant.abs().to_string()));
        }
        let signed = parts.iter().map(|(sign, text)| format!("{}{text}", if *sign < 0 { "-" } else { "+" }));
        format!("({})", signed.collect::<String>().trim_start_matches('+'))
    }
}

impl Axis {
    fn labels(&self) -> Vec<usize> {
        match self {
            Axis::Label { label, .. } => vec![*label],
            Axis::Affine(affine) => affine.parts.iter().map(|&(label, _)| label).collect(),
        }
    }

    fn extent(&self, extents: &[usize]) -> usize {
        match self {
            Axis::Label { stretched: true, .. } => 1,
            Axis::Label { label, .. } => extents[*label],
            Axis::Affine(affine) => affine.extent(extents),
        }
    }

    fn text(&self, extents: &[usize]) -> String {
        match self {
            Axis::Label { label, .. } => LABELS[*label].into(),
            Axis::Affine(affine) => affine.text(extents),
        }
    }
}

impl Parts {
    /// The call, with extents of 1 where others would go beyond the limit of combinations.
    pub fn call(mut self) -> Call {
        let mut combinations = 1;
        for extent in self.extents.iter_mut().chain(&mut self.spread) {
            if combinations * *extent > COMBINATIONS {
                *extent = 1;
            }
            combinations *= (*extent).max(1);
        }
        let place = |axes: &[Axis], (index, rank): (Index, usize)| (index.index(axes.len() + 1), rank);
        let input =
            |term: &Term| self.side(&term.axes, term.ellipsis.map(|ellipsis| place(&term.axes, ellipsis)));
        let (texts, shapes): (Vec<String>, Vec<_>) = self.terms.iter().map(input).unzip();
        let spread = self.terms.iter().filter_map(|term| term.ellipsis).map(|(_, rank)| rank).max();
        let (subscripts, target_shape) = match &self.output {
            Some(output) => {
                let axes = self.output_axes(output);
                let (text, shape) =
                    self.side(&axes, spread.map(|rank| place(&axes, (output.ellipsis, rank))));
                (format!("{}->{text}", texts.join(",")), shape)
            }
            None => (texts.join(","), self.side(&self.implicit_axes(), spread.map(|rank| (0, rank))).1),
        };
        Call {
            subscripts: spaced(subscripts, &self.spaces),
            layouts: self.layouts[..shapes.len()].to_vec(),
            shapes,
            given: self.given(),
            target: self.target,
            target_shape,
        }
    }

    /// The text of a term and the shape of its array, an ellipsis by its place and its rank.
    fn side(&self, axes: &[Axis], ellipsis: Option<(usize, usize)>) -> (String, Vec<usize>) {
        let mut texts: Vec<String> = axes.iter().map(|axis| axis.text(&self.extents)).collect();
        let mut shape: Vec<usize> = axes.iter().map(|axis| axis.extent(&self.extents)).collect();
        if let Some((place, rank)) = ellipsis {
            texts.insert(place, "...".into());
            shape.splice(place..place, self.spread[self.spread.len() - rank..].iter().copied());
        }
        (texts.concat(), shape)
    }

    fn input_axes(&self) -> impl Iterator<Item = &Axis> {
        self.terms.iter().flat_map(|term| &term.axes)
    }

    /// The axes of the output: its labels by priority, each alone or in an index.
    fn output_axes(&self, output: &Output) -> Vec<Axis> {
        let known = |label: &usize| self.input_axes().any(|axis| axis.labels().contains(label));
        let chosen = |label: &usize| output.priorities[*label].is_some();
        let mut labels: Vec<usize> =
            (0..LABELS.len()).filter(|label| known(label) && chosen(label)).collect();
        labels.sort_by_key(|&label| output.priorities[label]);
        let mut labels = labels.into_iter().peekable();
        let mut axes = Vec::new();
        for affine in &output.axes {
            let Some(&label) = labels.peek() else { break };
            axes.push(match affine.clone() {
                Some(mut affine) => {
                    let parts = affine.parts.into_iter().zip(labels.by_ref());
                    affine.parts = parts.map(|((_, factor), label)| (label, factor)).collect();
                    Axis::Affine(affine)
                }
                None => {
                    labels.next();
                    Axis::Label { label, stretched: false }
                }
            });
        }
        axes
    }

    /// The axes of an output that is not written.
    fn implicit_axes(&self) -> Vec<Axis> {
        let labels: Vec<usize> = self.input_axes().flat_map(Axis::labels).collect();
        let mut once = labels.clone();
        once.retain(|label| labels.iter().filter(|&other| other == label).count() == 1);
        once.sort_by_key(|&label| LABELS[label]);
        once.into_iter().map(|label| Axis::Label { label, stretched: false }).collect()
    }

    /// The given extents: enough of them to resolve all others, and perhaps one less.
    fn given(&self) -> Vec<(char, usize)> {
        let mut labels: Vec<usize> = self.input_axes().flat_map(Axis::labels).collect();
        labels.sort();
        labels.dedup();
        let bare = |label: &usize| {
            self.input_axes().any(|axis| matches!(axis, Axis::Label { label: l, .. } if l == label))
        };
        let (mut given, mut open): (Vec<usize>, Vec<usize>) =
            labels.iter().partition(|&&label| self.given[label]);
        open.retain(|label| !bare(label));
        while !open.is_empty() {
            let resolved: Vec<usize> = self.input_axes().filter_map(|axis| only_open(axis, &open)).collect();
            if resolved.is_empty() {
                given.push(open.remove(0));
            }
            open.retain(|label| !resolved.contains(label));
        }
        if let (Some(forgotten), false) = (self.forgotten, given.is_empty()) {
            given.remove(forgotten.index(given.len()));
        }
        given.into_iter().map(|label| (LABELS[label], self.extents[label])).collect()
    }
}

/// The only label of an index that is open.
fn only_open(axis: &Axis, open: &[usize]) -> Option<usize> {
    let mut labels = axis.labels().into_iter().filter(|label| open.contains(label));
    let first = labels.next()?;
    labels.next().is_none().then_some(first)
}
