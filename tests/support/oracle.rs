//! The naive oracle: one loop over all labels of an equation, and nothing taken from the library under test.

use ndarray::{Array, ArrayD, ArrayViewD, Dimension, arr0};
use num_traits::Zero;
use std::collections::BTreeMap;
use std::iter::zip;
use std::ops::{Add, Mul};

/// The einsum of `operands`: at every combination of label values, one product added to the result.
///
/// Knows labels, commas, the arrow and the ellipsis, and stretches extents of 1. Panics where [`try_oracle`] refuses.
pub fn oracle<T>(subscripts: &str, operands: &[ArrayViewD<T>]) -> ArrayD<T>
where
    T: Clone + Zero + Add<Output = T> + Mul<Output = T>,
{
    try_oracle(subscripts, operands).unwrap_or_else(|reason| panic!("{reason}"))
}

/// Like [`oracle`], or why the call is not one of einsum.
pub fn try_oracle<T>(subscripts: &str, operands: &[ArrayViewD<T>]) -> Result<ArrayD<T>, String>
where
    T: Clone + Zero + Add<Output = T> + Mul<Output = T>,
{
    let mut shapes: Vec<&[usize]> = operands.iter().map(|operand| operand.shape()).collect();
    let (mut terms, output) = parse(subscripts, &shapes)?;
    let extents = bare_extents(&terms, &shapes)?;
    let shape: Vec<usize> = output.iter().map(|label| extents[label]).collect();
    shapes.push(&shape);
    terms.push(output);

    let values: Vec<Vec<T>> = operands.iter().map(|operand| operand.iter().cloned().collect()).collect();
    let loops: Vec<_> =
        extents.iter().map(|(&label, &extent)| Loop::over(label, extent, &terms, &shapes, &values)).collect();
    let mut result = vec![T::zero(); shape.iter().product()];
    let scalars = zip(operands, &terms).filter(|(_, term)| term.is_empty()).flat_map(|(operand, _)| operand);
    nest(&loops, &mut vec![0; terms.len()], scalars.cloned().reduce(T::mul), &mut result);
    Ok(ArrayD::from_shape_vec(shape, result).unwrap())
}

pub(super) fn require(rule: bool, broken: impl FnOnce() -> String) -> Result<(), String> {
    if rule { Ok(()) } else { Err(broken()) }
}

/// The labels of each input and of the output, an ellipsis spelled out.
fn parse(subscripts: &str, shapes: &[&[usize]]) -> Result<(Vec<Vec<char>>, Vec<char>), String> {
    let (inputs, output) = read(subscripts)?;
    require(inputs.len() == shapes.len(), || "one operand per term".into())?;
    let own = zip(&inputs, shapes).map(|(term, shape)| ellipsis_rank(term, shape.len()));
    let own: Vec<usize> = own.collect::<Result<_, _>>()?;
    let rank = own.iter().copied().max().unwrap_or(0);
    let inputs: Vec<_> = zip(&inputs, own).map(|(term, own)| spell_out(term, own, rank)).collect();
    let output = spell_out(&output, rank, rank);
    for (place, label) in output.iter().enumerate() {
        require(!output[..place].contains(label), || format!("`{label}` twice in the output"))?;
        require(inputs.iter().flatten().any(|input| input == label), || format!("`{label}` in no operand"))?;
    }
    Ok((inputs, output))
}

/// The labels of each input and of the output, an ellipsis as one of them.
fn read(subscripts: &str) -> Result<(Vec<Vec<char>>, Vec<char>), String> {
    require(!subscripts.contains('…'), || "a character that means nothing".into())?;
    let text = subscripts.replace("...", "…");
    let (inputs, output) = text.split_once("->").map_or((&*text, None), |(i, o)| (i, Some(o)));
    let inputs: Vec<Vec<char>> = inputs.split(',').map(term).collect::<Result<_, _>>()?;
    let ellipsis = inputs.iter().flatten().copied().find(|&label| label == '…');
    let output = match output {
        Some(output) => term(output)?,
        None => ellipsis.into_iter().chain(once(&inputs)).collect(),
    };
    let kept = ellipsis.is_none() || output.contains(&'…');
    require(kept, || "an ellipsis that the output does not have".into())?;
    Ok((inputs, output))
}

/// The labels of one term, an ellipsis as one of them.
fn term(text: &str) -> Result<Vec<char>, String> {
    let labels: Vec<char> = text.chars().filter(|&c| c != ' ').collect();
    let known = labels.iter().all(|&c| c.is_alphabetic() || c == '…');
    require(known, || format!("a character in `{text}` that means nothing"))?;
    require(labels.iter().filter(|&&c| c == '…').count() <= 1, || "two ellipses".into())?;
    Ok(labels)
}

/// How many axes the ellipsis of a term stands for; 0 without one.
fn ellipsis_rank(term: &[char], rank: usize) -> Result<usize, String> {
    let labels = term.iter().filter(|&&label| label != '…').count();
    let fits = rank == labels || term.contains(&'…') && rank > labels;
    require(fits, || "one label per axis".into())?;
    Ok(rank - labels)
}

/// Replaces an ellipsis by the last `own` of `rank` labels that nobody can write.
fn spell_out(term: &[char], own: usize, rank: usize) -> Vec<char> {
    let axes = || (rank - own..rank).map(|axis| char::from_u32(0xE000 + axis as u32).unwrap());
    term.iter().flat_map(|&label| if label == '…' { axes().collect() } else { vec![label] }).collect()
}

/// The labels that occur exactly once in all inputs together, in code-point order.
pub(super) fn once(inputs: &[Vec<char>]) -> Vec<char> {
    let mut counts = BTreeMap::new();
    let labels = inputs.iter().flatten().filter(|&&label| label != '…');
    labels.for_each(|&label| *counts.entry(label).or_insert(0) += 1);
    counts.into_iter().filter(|&(_, count)| count == 1).map(|(label, _)| label).collect()
}

/// The extent of each label, which is its only axis in each place.
pub(super) fn bare_extents(
    terms: &[Vec<char>],
    shapes: &[&[usize]],
) -> Result<BTreeMap<char, usize>, String> {
    let mut extents = BTreeMap::new();
    for (term, shape) in zip(terms, shapes) {
        let mut own = BTreeMap::new();
        for (&label, &extent) in zip(term, *shape) {
            let agreed = *own.entry(label).or_insert(extent) == extent;
            require(agreed, || format!("the extents of `{label}` disagree in one operand"))?;
        }
        for (label, extent) in own {
            let agreed = extents.entry(label).or_insert(1);
            let fits = *agreed == extent || *agreed == 1 || extent == 1;
            require(fits, || format!("the extents of `{label}` disagree"))?;
            *agreed = if extent == 1 { *agreed } else { extent };
        }
    }
    Ok(extents)
}

/// The loop over one label. Arrays are counted like the terms, the result last, and their values are in C order.
struct Loop<'a, T> {
    extent: usize,
    /// The arrays that have the label, and how far one iteration moves through each: not at all along an extent
    /// of 1.
    steps: Vec<(usize, usize)>,
    /// The operands whose labels all have a value from this loop on: those whose last label it is.
    factors: Vec<(usize, &'a [T])>,
}

impl<'a, T> Loop<'a, T> {
    fn over(
        label: char,
        extent: usize,
        terms: &[Vec<char>],
        shapes: &[&[usize]],
        values: &'a [Vec<T>],
    ) -> Self {
        let step = |(term, shape): (&Vec<char>, &&[usize])| {
            let axes = (0..term.len()).filter(|&axis| term[axis] == label && shape[axis] != 1);
            axes.map(|axis| shape[axis + 1..].iter().product::<usize>()).sum()
        };
        let steps = zip(0.., zip(terms, shapes).map(step)).filter(|&(_, step)| step != 0).collect();
        let factors = zip(0.., zip(terms, values)).filter(|(_, (term, _))| term.iter().max() == Some(&label));
        let factors = factors.map(|(array, (_, values))| (array, values.as_slice())).collect();
        Loop { extent, steps, factors }
    }
}

/// Runs `loops`, one inside the other, from the positions `at` and with the product of the factors so far.
fn nest<T>(loops: &[Loop<T>], at: &mut [usize], product: Option<T>, result: &mut [T])
where
    T: Clone + Add<Output = T> + Mul<Output = T>,
{
    let Some((outer, inner)) = loops.split_first() else {
        let sum = &mut result[at[at.len() - 1]];
        *sum = sum.clone() + product.expect("an operand");
        return;
    };
    for _ in 0..outer.extent {
        let mut product = product.clone();
        for &(array, values) in &outer.factors {
            let factor = values[at[array]].clone();
            product = Some(if let Some(product) = product { product * factor } else { factor });
        }
        nest(inner, at, product, result);
        for &(array, step) in &outer.steps {
            at[array] += step;
        }
    }
    for &(array, step) in &outer.steps {
        at[array] -= outer.extent * step;
    }
}

/// A result in the type of the oracle's, also where it is a bare scalar.
pub trait IntoDyn<T> {
    fn into_dyn(self) -> ArrayD<T>;
}

impl<T> IntoDyn<T> for T {
    fn into_dyn(self) -> ArrayD<T> {
        arr0(self).into_dyn()
    }
}

impl<T, D: Dimension> IntoDyn<T> for Array<T, D> {
    fn into_dyn(self) -> ArrayD<T> {
        self.into_dyn()
    }
}
