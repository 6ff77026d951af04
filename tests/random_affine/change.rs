//! Changes that may make a call wrong.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::{Call, LABELS};

/// One of them.
#[derive(Clone, Debug)]
pub enum Change {
    Insert(Index, &'static str),
    Remove(Index),
    Extent(Index, Index, usize),
    Given(char, usize),
    NotGiven(Index),
    Target(Index, usize),
}

pub fn changes() -> impl Strategy<Value = Change> {
    // No digit that would make the number behind it large.
    let items = select(vec![
        "(", ")", "+", "-", "*", ",", ".", "...", "->", "0*", "2*", "+1", "-1", "i", "x", "β", "q", "(x)",
        "+i", "-x",
    ]);
    let index = any::<Index>;
    prop_oneof![
        4 => (index(), items).prop_map(|(at, item)| Change::Insert(at, item)),
        2 => index().prop_map(Change::Remove),
        3 => (index(), index(), 0..8_usize).prop_map(|(n, axis, extent)| Change::Extent(n, axis, extent)),
        1 => (select(LABELS.to_vec()), 0..5_usize).prop_map(|(label, extent)| Change::Given(label, extent)),
        1 => index().prop_map(Change::NotGiven),
        2 => (index(), 0..8_usize).prop_map(|(axis, extent)| Change::Target(axis, extent)),
    ]
}

impl Change {
    pub fn apply(&self, call: &mut Call) {
        match self {
            Self::Insert(at, item) => {
                let text = &mut call.subscripts;
                let places: Vec<usize> = (0..=text.len()).filter(|&at| text.is_char_boundary(at)).collect();
                text.insert_str(*at.get(&places), item);
            }
            Self::Remove(at) => {
                let starts: Vec<usize> = call.subscripts.char_indices().map(|(at, _)| at).collect();
                if !starts.is_empty() {
                    call.subscripts.remove(*at.get(&starts));
                }
            }
            Self::Extent(n, axis, extent) => {
                let shape: &mut Vec<usize> = n.get_mut(&mut call.shapes[..]);
                replace(shape, axis, *extent);
            }
            Self::Target(axis, extent) => replace(&mut call.target_shape, axis, *extent),
            Self::Given(label, extent) => call.given.push((*label, *extent)),
            Self::NotGiven(index) if !call.given.is_empty() => {
                call.given.remove(index.index(call.given.len()));
            }
            Self::NotGiven(_) => {}
        }
    }
}

fn replace(shape: &mut [usize], axis: &Index, extent: usize) {
    if !shape.is_empty() {
        *axis.get_mut(shape) = extent;
    }
}
