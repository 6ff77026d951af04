//! Random equations, shapes and layouts through the run-time twin, against the oracle.
//!
//! `EINSUM_CASES=100000 cargo test --release --test random` runs more of them than the usual 2,000.

mod support;

use std::fmt;

use einsum::dynamic::{self, Equation};
use einsum::ndarray::{Array, ArrayD};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use support::affine::affine_oracle;
use support::layouts::{Layout, assert_gaps_untouched};
use support::oracle::try_oracle;
use support::random::{OperandLayout, POISON, arrange, config, operand_layout, operands, spaced, views};

/// At most so many combinations of label values, which is what the oracle walks through.
const COMBINATIONS: usize = 100_000;

/// In no order, so that implicit outputs are sorted.
const LABELS: [char; 8] = ['j', 'i', 'B', 'k', 'β', 'A', 'z', 'a'];

/// A call, with operands given by their shapes.
#[derive(Clone)]
struct Call {
    subscripts: String,
    shapes: Vec<Vec<usize>>,
    layouts: Vec<OperandLayout>,
    target: Layout,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { subscripts, shapes, layouts, target } = self;
        write!(f, "{subscripts:?} of shapes {shapes:?} in {layouts:?}, target in {target:?}")
    }
}

/// A term before its labels have names.
#[derive(Clone, Debug)]
struct Term {
    labels: Vec<usize>,
    /// Which of the labels, and which axes of the ellipsis, have extent 1 here.
    stretched: Vec<bool>,
    /// Where the ellipsis stands and how many axes it has, at most those of the call.
    ellipsis: Option<(Index, usize)>,
}

/// What a call is made of. Everything shrinks towards few short terms of small extents.
#[derive(Clone, Debug)]
struct Parts {
    extents: Vec<usize>,
    spread: Vec<usize>,
    terms: Vec<Term>,
    /// Which labels the output has, by a priority each; `None` for an implicit output.
    output: Option<(Vec<Option<u8>>, Index)>,
    spaces: Vec<Index>,
    layouts: Vec<OperandLayout>,
    target: Layout,
}

fn terms() -> impl Strategy<Value = Vec<Term>> {
    let ellipsis = prop::option::weighted(0.3, (any::<Index>(), 0..4_usize));
    let term = (vec(0..8_usize, 0..5), vec(prop::bool::weighted(0.1), 8), ellipsis);
    vec(term.prop_map(|(labels, stretched, ellipsis)| Term { labels, stretched, ellipsis }), 1..6)
}

fn parts() -> impl Strategy<Value = Parts> {
    let extent = || prop_oneof![6 => 1..4_usize, 3 => 4..10_usize, 1 => Just(0)];
    let output = prop::option::weighted(0.7, (vec(prop::option::of(any::<u8>()), 8), any::<Index>()));
    let spaces = prop_oneof![4 => Just(Vec::new()), 1 => vec(any::<Index>(), 0..4)];
    let layouts = (vec(operand_layout(), 5), select(Layout::ALL.to_vec()));
    let parts = (vec(extent(), 8), vec(extent(), 3), terms(), output, spaces, layouts);
    parts.prop_map(|(extents, spread, terms, output, spaces, (layouts, target))| Parts {
        extents,
        spread,
        terms,
        output,
        spaces,
        layouts,
        target,
    })
}

impl Parts {
    /// The call, with extents of 1 where others would go beyond a limit of combinations.
    fn call(mut self, limit: usize) -> Call {
        let mut combinations = 1;
        for extent in self.extents.iter_mut().chain(&mut self.spread) {
            if combinations * *extent > limit {
                *extent = 1;
            }
            combinations *= (*extent).max(1);
        }
        let shapes = self.terms.iter().map(|term| self.shape(term)).collect();
        let inputs = self.terms.iter().map(Term::text).collect::<Vec<_>>().join(",");
        let subscripts = match self.output_text() {
            Some(output) => format!("{inputs}->{output}"),
            None => inputs,
        };
        let subscripts = spaced(subscripts, &self.spaces);
        let layouts = self.layouts[..self.terms.len()].to_vec();
        Call { subscripts, shapes, layouts, target: self.target }
    }

    fn shape(&self, term: &Term) -> Vec<usize> {
        let labelled =
            term.labels.iter().map(|&label| if term.stretched[label] { 1 } else { self.extents[label] });
        let mut shape: Vec<usize> = labelled.collect();
        if let Some((place, axes)) = term.ellipsis {
            let place = place.index(shape.len() + 1);
            let own = (self.spread.len() - axes..self.spread.len())
                .map(|axis| if term.stretched[axis] { 1 } else { self.spread[axis] });
            shape.splice(place..place, own);
        }
        shape
    }

    fn output_text(&self) -> Option<String> {
        let (priorities, place) = self.output.as_ref()?;
        let known = |label: &usize| self.terms.iter().any(|term| term.labels.contains(label));
        let mut labels: Vec<usize> =
            (0..8).filter(known).filter(|&label| priorities[label].is_some()).collect();
        labels.sort_by_key(|&label| priorities[label]);
        let spread = self.terms.iter().any(|term| term.ellipsis.is_some());
        Some(text(&labels, spread.then_some(*place)))
    }
}

impl Term {
    fn text(&self) -> String {
        text(&self.labels, self.ellipsis.map(|(place, _)| place))
    }
}

fn text(labels: &[usize], ellipsis: Option<Index>) -> String {
    let mut items: Vec<String> = labels.iter().map(|&label| LABELS[label].into()).collect();
    if let Some(place) = ellipsis {
        items.insert(place.index(items.len() + 1), "...".into());
    }
    items.concat()
}

fn calls(limit: usize) -> impl Strategy<Value = Call> {
    parts().prop_map(move |parts| parts.call(limit))
}

/// One change that may make a call wrong.
#[derive(Clone, Debug)]
enum Change {
    Insert(Index, &'static str),
    Remove(Index),
    Extent(Index, Index, usize),
    Axis(Index, Index, usize),
    NoAxis(Index, Index),
    Operand(Vec<usize>),
    NoOperand,
}

fn changes() -> impl Strategy<Value = Change> {
    let items = select(vec![
        "-", ">", "->", ".", "...", ",", "(", ")", "1", "+", "_", "\t", "…", "\u{301}", "i", "q", "β",
    ]);
    let index = any::<Index>;
    prop_oneof![
        4 => (index(), items).prop_map(|(at, item)| Change::Insert(at, item)),
        2 => index().prop_map(Change::Remove),
        3 => (index(), index(), 0..6_usize).prop_map(|(n, axis, extent)| Change::Extent(n, axis, extent)),
        1 => (index(), index(), 0..6_usize).prop_map(|(n, axis, extent)| Change::Axis(n, axis, extent)),
        1 => (index(), index()).prop_map(|(n, axis)| Change::NoAxis(n, axis)),
        1 => vec(0..4_usize, 0..3).prop_map(Change::Operand),
        1 => Just(Change::NoOperand),
    ]
}

impl Change {
    fn apply(&self, call: &mut Call) {
        let shapes = &mut call.shapes;
        match self {
            Self::Insert(at, item) => {
                let ends: Vec<usize> =
                    (0..=call.subscripts.len()).filter(|&at| call.subscripts.is_char_boundary(at)).collect();
                call.subscripts.insert_str(*at.get(&ends), item);
            }
            Self::Remove(at) => {
                let starts: Vec<usize> = call.subscripts.char_indices().map(|(at, _)| at).collect();
                if !starts.is_empty() {
                    call.subscripts.remove(*at.get(&starts));
                }
            }
            Self::Operand(shape) => {
                shapes.push(shape.clone());
                call.layouts.push(OperandLayout::Of(Layout::C));
            }
            Self::NoOperand => drop(shapes.pop()),
            _ if shapes.is_empty() => {}
            Self::Axis(n, axis, extent) => {
                let shape = n.get_mut(shapes);
                shape.insert(axis.index(shape.len() + 1), *extent);
            }
            Self::Extent(n, axis, _) | Self::NoAxis(n, axis) => {
                let shape = n.get_mut(shapes);
                if !shape.is_empty() {
                    let axis = axis.index(shape.len());
                    match self {
                        Self::Extent(_, _, extent) => shape[axis] = *extent,
                        _ => drop(shape.remove(axis)),
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn results_are_those_of_the_oracle(call in calls(COMBINATIONS)) {
        let operands = operands(&call.shapes, &call.layouts);
        let views = views(&operands, &call.layouts);
        let expected = try_oracle(&call.subscripts, &views).expect("a call that is right");
        let owned = dynamic::einsum(&call.subscripts, &views);
        prop_assert_eq!(owned.as_ref(), Ok(&expected));

        let equation = Equation::new(&call.subscripts, views.len()).unwrap();
        let mut target = arrange(call.target, &Array::from_elem(expected.raw_dim(), 77));
        equation.accumulate(&mut target, &views).unwrap();
        prop_assert_eq!(&target, &(&expected + 77), "+=");
        equation.subtract(&mut target, &views).unwrap();
        prop_assert_eq!(&target, &Array::from_elem(expected.raw_dim(), 77), "-=");
        equation.assign(&mut target, &views).unwrap();
        prop_assert_eq!(&target, &expected, "=");
        assert_gaps_untouched(target, POISON);
    }

    #[test]
    fn wrong_calls_are_refused(call in calls(COMBINATIONS / 10), changes in vec(changes(), 1..3)) {
        let mut call = call;
        changes.iter().for_each(|change| change.apply(&mut call));
        let operands = operands(&call.shapes, &call.layouts);
        let views = views(&operands, &call.layouts);
        let result = dynamic::einsum(&call.subscripts, &views);
        // Two parentheses may have made an index.
        let right = try_oracle(&call.subscripts, &views)
            .or_else(|_| affine_oracle(&call.subscripts, &views, &[], None));
        match right {
            Ok(expected) => prop_assert_eq!(result, Ok(expected), "{:?}", call),
            Err(reason) => prop_assert!(result.is_err(), "{:?} is accepted, but: {}", call, reason),
        }
    }

    #[test]
    fn targets_of_another_shape_are_left_alone(call in calls(COMBINATIONS / 10), other in vec(0..4_usize, 0..4)) {
        let operands = operands(&call.shapes, &call.layouts);
        let views = views(&operands, &call.layouts);
        let right = try_oracle(&call.subscripts, &views).expect("a call that is right");
        let mut other = other;
        other.extend((right.shape() == other).then_some(1));
        let before = ArrayD::from_elem(other, 77);
        let mut target = before.clone();
        prop_assert!(dynamic::accumulate(&mut target, &call.subscripts, &views).is_err());
        prop_assert_eq!(target, before);
    }
}
