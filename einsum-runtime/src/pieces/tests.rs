//! Pieces against all combinations of label values, one by one.

use super::*;
use crate::call::{Affine, Index};
use crate::error::{Operand, Role};

/// An equation of one operand and an output, over labels that go by number.
struct Equation<'a> {
    extents: &'a [usize],
    input: (&'a [Index<'a>], &'a [usize]),
    output: (&'a [Index<'a>], &'a [usize]),
    gathers: &'a [(usize, usize)],
    written: &'a [usize],
    idle: &'a [usize],
}

const L0: Index = Index::Label(0);
const L1: Index = Index::Label(1);

const fn affine<'a>(parts: &'a [(usize, isize)], constant: isize) -> Index<'a> {
    Index::Affine(Affine { parts, constant, padding: 0 })
}

fn array<'a>(axes: &'a [Index<'a>], role: Role) -> CallArray<'a> {
    CallArray { operand: Operand { role, source: None }, axes, ellipsis: None }
}

impl Equation<'_> {
    fn pieces(&self) -> Pieces {
        let arrays = [array(self.input.0, Role::Operand(0))];
        let call = Call { subscripts: "", labels: &['a', 'b', 'c'], arrays: &arrays, resolutions: &[] };
        let &Self { gathers, written, idle, .. } = self;
        let loops =
            Loops { inputs: &[0], output: array(self.output.0, Role::Target), gathers, written, idle };
        Pieces::new(&loops, &call, &[self.input.1], self.output.1, self.extents)
    }

    /// The positions in both arrays for each combination of label values that keeps them within their axes.
    fn expected(&self) -> Vec<Vec<isize>> {
        let arrays = [self.input, self.output];
        let keep = |values: Vec<usize>| {
            let indices = arrays.iter().flat_map(|(axes, shape)| axes.iter().zip(*shape));
            let position = |(index, &extent): (&Index, &usize)| {
                let position = match *index {
                    Index::Label(label) => values[label] as isize,
                    Index::Affine(Affine { parts, constant, .. }) => {
                        let terms = parts.iter().map(|&(label, times)| times * values[label] as isize);
                        constant + terms.sum::<isize>()
                    }
                };
                (0..extent as isize).contains(&position).then_some(position)
            };
            indices.map(position).collect::<Option<Vec<isize>>>()
        };
        let mut all: Vec<_> = combinations(self.extents).into_iter().filter_map(keep).collect();
        all.sort();
        all
    }

    /// The same from the pieces, and whether each place of the output is in one of them.
    fn found(&self) -> (Vec<Vec<isize>>, bool) {
        let (mut all, mut places) = (Vec::new(), Vec::new());
        for piece in self.pieces().iter() {
            let extents: Vec<usize> = (0..piece.loops()).map(|label| piece.extent(label)).collect();
            let mut of_piece = Vec::new();
            for values in combinations(&extents) {
                let positions = |member| -> Vec<isize> {
                    let axes = piece.axes(member, [self.input, self.output][member].1.len());
                    axes.map(|(_, form)| value(&form, &values)).collect()
                };
                of_piece.push(positions(1));
                // An idle loop repeats the piece instead.
                if self.idle.iter().all(|&label| values[label] == 0) {
                    all.push([positions(0), positions(1)].concat());
                }
            }
            of_piece.sort();
            of_piece.dedup();
            places.extend(of_piece);
        }
        all.sort();
        places.sort();
        let count = places.len();
        places.dedup();
        (all, count == places.len() && count == self.output.1.iter().product::<usize>())
    }

    fn check(&self) {
        let (found, is_partition) = self.found();
        assert_eq!(found, self.expected(), "{:?} {:?} {:?}", self.extents, self.input, self.output);
        // A partition may be taken for none, which costs time only.
        let says = self.pieces().is_partition();
        assert!(!says || is_partition, "{:?} {:?} {:?}", self.extents, self.input, self.output);
    }
}

fn value(form: &Form<'_>, values: &[usize]) -> isize {
    form.constant + form.coefficients.iter().zip(values).map(|(c, &value)| c * value as isize).sum::<isize>()
}

fn combinations(extents: &[usize]) -> Vec<Vec<usize>> {
    extents.iter().fold(vec![Vec::new()], |all, &extent| {
        let longer =
            |values: &Vec<usize>| (0..extent).map(|value| [&values[..], &[value]].concat()).collect();
        all.iter().flat_map(|values| -> Vec<Vec<usize>> { longer(values) }).collect()
    })
}

/// Coefficients, a constant and extents for a sum of two labels.
fn sums() -> impl Iterator<Item = ([isize; 2], isize, [usize; 2], usize)> {
    let coefficients = [[1, 1], [2, 1], [1, 2], [2, 2], [3, 2], [1, -1], [-2, 1], [4, 6]];
    let constants = [-4, -1, 0, 3];
    let extents = [[1, 1], [5, 3], [3, 5], [6, 2], [0, 3]];
    coefficients.into_iter().flat_map(move |coefficients| {
        constants.into_iter().flat_map(move |constant| {
            extents
                .into_iter()
                .flat_map(move |extents| [1, 4, 9].map(|axis| (coefficients, constant, extents, axis)))
        })
    })
}

#[test]
fn what_an_operand_has_is_read() {
    for ([a, b], constant, extents, axis) in sums() {
        let (parts, read) = ([(0, a), (1, b)], [axis]);
        let index = affine(&parts, constant);
        for (axes, shape, written) in [
            (&[L0][..], &extents[..1], &[0][..]),
            (&[L1], &extents[1..], &[1]),
            (&[L0, L1], &extents, &[0, 1]),
        ] {
            let equation = Equation {
                extents: &extents,
                input: (&[index], &read),
                output: (axes, shape),
                gathers: &[],
                written,
                idle: &[],
            };
            equation.check();
        }
    }
}

#[test]
fn places_of_a_sum_are_gathered() {
    for ([a, b], constant, extents, axis) in sums() {
        let parts = [(0, a), (1, b)];
        for label in [0, 1] {
            let equation = Equation {
                extents: &extents,
                input: (&[L0, L1], &extents),
                output: (&[affine(&parts, constant)], &[axis]),
                gathers: &[(0, label)],
                written: &[label],
                idle: &[],
            };
            equation.check();
        }
    }
}

/// Three labels in one index, and two indices that share labels.
#[test]
fn many_labels_are_cut_one_after_the_other() {
    let (three, two) = ([(0, 1), (1, 2), (2, 1)], [(0, 1), (2, -1)]);
    for constant in [-3, 0, 2] {
        for extents in [[4, 3, 2], [2, 2, 5], [6, 1, 3]] {
            let shape = [6, 4];
            let equation = Equation {
                extents: &extents,
                input: (&[affine(&three, constant), affine(&two, 1)], &shape),
                output: (&[L1], &extents[1..2]),
                gathers: &[],
                written: &[1],
                idle: &[],
            };
            equation.check();
            let gathered = Equation {
                input: (&[L0, L1, Index::Label(2)], &extents),
                output: (&[affine(&three, constant)], &shape[..1]),
                gathers: &[(0, 0)],
                written: &[0],
                ..equation
            };
            gathered.check();
        }
    }
}

/// A label that no array has any more once the other is gone counts by the number of pieces.
#[test]
fn idle_loops_repeat_their_pieces() {
    let parts = [(0, 1), (1, 1)];
    let equation = Equation {
        extents: &[3, 2],
        input: (&[], &[]),
        output: (&[affine(&parts, 0)], &[4]),
        gathers: &[(0, 0)],
        written: &[0],
        idle: &[1],
    };
    let (found, _) = equation.found();
    assert_eq!(found, [[0], [1], [1], [2], [2], [3]]);
    assert!(!equation.pieces().is_partition());
}

#[test]
fn a_padded_layer_has_three_pieces_along_each_axis() {
    let parts = [(0, 1), (1, 1)];
    let equation = Equation {
        extents: &[7, 3],
        input: (&[affine(&parts, -1)], &[7]),
        output: (&[L0], &[7]),
        gathers: &[],
        written: &[0],
        idle: &[],
    };
    let pieces = equation.pieces();
    let ranges: Vec<_> = pieces.iter().map(|piece| [piece.range(0), piece.range(1)]).collect();
    assert_eq!(ranges, [[[0, 1], [1, 2]], [[1, 5], [0, 3]], [[6, 1], [0, 2]]]);
    assert!(pieces.is_partition());
}
