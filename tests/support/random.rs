//! What the tests of random equations share: how many, spaces, and operands in random layouts.

use super::layouts::{Layout, numbers, repeated};
use ndarray::{ArrayD, ArrayViewD, Axis};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// What lies between the elements of strided arrays; no result may show it.
pub const POISON: i64 = 1 << 40;

/// As many cases as `EINSUM_CASES` says.
pub fn config() -> ProptestConfig {
    let cases =
        std::env::var("EINSUM_CASES").map_or(2_000, |cases| cases.parse().expect("a number of cases"));
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// A layout, or the elements at the start of an axis, repeated by a stride of 0.
#[derive(Clone, Copy, Debug)]
pub enum OperandLayout {
    Of(Layout),
    Repeated(Index),
}

pub fn operand_layout() -> impl Strategy<Value = OperandLayout> {
    prop_oneof![
        6 => select(Layout::ALL.to_vec()).prop_map(OperandLayout::Of),
        1 => any::<Index>().prop_map(OperandLayout::Repeated),
    ]
}

/// The operands' values, in the memory that their [`views`] look into.
pub fn operands(shapes: &[Vec<usize>], layouts: &[OperandLayout]) -> Vec<ArrayD<i64>> {
    let operand = |(index, (shape, layout)): (usize, (&Vec<usize>, &OperandLayout))| match layout {
        OperandLayout::Of(layout) => arrange(*layout, &numbers(&shape[..], index)),
        OperandLayout::Repeated(_) => numbers(&shape[..], index),
    };
    shapes.iter().zip(layouts).enumerate().map(operand).collect()
}

pub fn views<'a>(operands: &'a [ArrayD<i64>], layouts: &[OperandLayout]) -> Vec<ArrayViewD<'a, i64>> {
    let view = |(operand, layout): (&'a ArrayD<i64>, &OperandLayout)| match layout {
        OperandLayout::Repeated(axis) if !operand.is_empty() && operand.ndim() > 0 => {
            repeated(operand, Axis(axis.index(operand.ndim())))
        }
        _ => operand.view(),
    };
    operands.iter().zip(layouts).map(view).collect()
}

/// A copy of `array` in a layout; without gaps where there are many axes, since gaps multiply with each.
pub fn arrange(layout: Layout, array: &ArrayD<i64>) -> ArrayD<i64> {
    let places: usize = array.shape().iter().map(|extent| 3 * extent + 2).product();
    let gaps = matches!(layout, Layout::Stepped | Layout::Inner);
    let layout = if gaps && places > 1 << 17 { Layout::Permuted } else { layout };
    layout.arrange(array, POISON)
}

/// Adds spaces, but none inside `->`, `...` and integers.
pub fn spaced(mut text: String, places: &[Index]) -> String {
    for place in places {
        let torn = |at: usize| {
            let (before, behind) = text.split_at(at);
            let digit = |c: char| c.is_ascii_digit();
            before.ends_with('-') && behind.starts_with('>')
                || before.ends_with('.') && behind.starts_with('.')
                || before.ends_with(digit) && behind.starts_with(digit)
        };
        let all = (0..=text.len()).filter(|&at| text.is_char_boundary(at) && !torn(at));
        let at = *place.get(&all.collect::<Vec<_>>());
        text.insert(at, ' ');
    }
    text
}
