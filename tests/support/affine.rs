//! The naive oracle for affine indices, as in `"n(2x+i-1)c,ico->nxo"`: the rules for extents taken literally, then
//! one loop over all values of all labels, and nothing taken from the library under test.

use super::affine_notation::{Axis, Index, labels, parse};
use super::oracle::{bare_extents, require};
use ndarray::{ArrayD, ArrayViewD};
use num_traits::Zero;
use std::collections::BTreeMap;
use std::iter::zip;
use std::ops::{Add, Mul};

/// The extent of each label.
type Extents = BTreeMap<char, usize>;

/// The einsum of `operands`, with the extents that are `given` after the semicolon: at every combination of label
/// values one product, unless it reads padding, added to the result. Or why the call is not one of einsum.
///
/// With the shape of a target: what the in-place forms assign to it, add or subtract.
pub fn affine_oracle<T>(
    subscripts: &str,
    operands: &[ArrayViewD<T>],
    given: &[(char, usize)],
    target_shape: Option<&[usize]>,
) -> Result<ArrayD<T>, String>
where
    T: Clone + Zero + Add<Output = T> + Mul<Output = T>,
{
    let shapes: Vec<&[usize]> = operands.iter().map(|operand| operand.shape()).collect();
    let (inputs, output) = parse(subscripts, &shapes)?;
    let mut extents = known_extents(&inputs, &shapes, given)?;
    if let Some(shape) = target_shape {
        take_from_target(&mut extents, &output, shape)?;
    }
    let indices = indices(&inputs, &shapes);
    resolve(&mut extents, &indices)?;
    for label in inputs.iter().flat_map(|term| labels(term)) {
        require(extents.contains_key(&label), || format!("nothing says how large `{label}` is"))?;
    }
    for (index, axis) in indices {
        let reads = index.fits(axis, &extents) || index.is_empty(&extents);
        require(reads, || format!("{index:?} reaches outside of its axis of {axis}"))?;
    }
    let shape = output_shape(&output, &extents, target_shape)?;
    Ok(sum_of_products(&inputs, operands, &extents, &output, shape))
}

fn sum_of_products<T>(
    inputs: &[Vec<Axis>],
    operands: &[ArrayViewD<T>],
    extents: &Extents,
    output: &[Axis],
    shape: Vec<usize>,
) -> ArrayD<T>
where
    T: Clone + Zero + Add<Output = T> + Mul<Output = T>,
{
    let mut result = ArrayD::<T>::zeros(shape);
    for number in 0..extents.values().product() {
        let values = label_values(number, extents);
        let factor = |(term, operand): (&Vec<Axis>, &ArrayViewD<T>)| {
            let at = element(term, operand.shape(), &values)?;
            Some(operand[&at[..]].clone())
        };
        let factors: Option<Vec<T>> = zip(inputs, operands).map(factor).collect();
        if let (Some(at), Some(factors)) = (element(output, result.shape(), &values), factors) {
            let product = factors.into_iter().reduce(T::mul).expect("an operand");
            result[&at[..]] = result[&at[..]].clone() + product;
        }
    }
    result
}

/// The `number`-th combination of label values.
fn label_values(mut number: usize, extents: &Extents) -> Extents {
    let mut value = |(&label, &extent)| {
        let value = number % extent;
        number /= extent;
        (label, value)
    };
    extents.iter().map(&mut value).collect()
}

/// Which element of an array of this shape stands for these label values; none in the padding.
fn element(term: &[Axis], shape: &[usize], values: &Extents) -> Option<Vec<usize>> {
    let place = |(axis, &extent): (&Axis, &usize)| match axis {
        Axis::Label(label) => Some(if extent == 1 { 0 } else { values[label] }),
        Axis::Affine(index) => usize::try_from(index.at(values)).ok().filter(|&at| at < extent),
    };
    zip(term, shape).map(place).collect()
}

/// The extents by rule 1: of bare labels, an extent of 1 stretched, and given ones.
fn known_extents(
    inputs: &[Vec<Axis>],
    shapes: &[&[usize]],
    given: &[(char, usize)],
) -> Result<Extents, String> {
    let bare = |(term, shape): (&Vec<Axis>, &&[usize])| {
        let axes = zip(term.clone(), shape.to_vec());
        axes.filter(|(axis, _)| matches!(axis, Axis::Label(_)))
            .map(|(axis, extent)| (axis.labels()[0], extent))
    };
    let (terms, shapes): (Vec<Vec<char>>, Vec<Vec<usize>>) =
        zip(inputs, shapes).map(|operand| bare(operand).unzip()).unzip();
    let shapes: Vec<&[usize]> = shapes.iter().map(|shape| &shape[..]).collect();
    let mut extents = bare_extents(&terms, &shapes)?;
    for (place, &(label, extent)) in given.iter().enumerate() {
        let twice = given[..place].iter().any(|&(other, _)| other == label);
        require(!twice, || format!("`{label}` is given twice"))?;
        let known = inputs.iter().any(|term| labels(term).contains(&label));
        require(known, || format!("`{label}` is given but in no operand"))?;
        let bare = extents.insert(label, extent).unwrap_or(1);
        require(bare == extent || bare == 1, || format!("`{label}` is given as {extent} but is {bare}"))?;
    }
    Ok(extents)
}

/// The extents of bare labels of a target, where the operands do not have them.
fn take_from_target(extents: &mut Extents, output: &[Axis], shape: &[usize]) -> Result<(), String> {
    require(output.len() == shape.len(), || "a target of another rank".into())?;
    for (axis, &extent) in zip(output, shape) {
        if let Axis::Label(label) = axis {
            extents.entry(*label).or_insert(extent);
        }
    }
    Ok(())
}

/// The affine indices of the inputs, each with the extent of the axis that it reads.
fn indices<'a>(inputs: &'a [Vec<Axis>], shapes: &[&[usize]]) -> Vec<(&'a Index, usize)> {
    let axes = zip(inputs, shapes).flat_map(|(term, shape)| zip(term, shape.iter().copied()));
    let index = |(axis, extent): (&'a Axis, usize)| match axis {
        Axis::Label(_) => None,
        Axis::Affine(index) => Some((index, extent)),
    };
    axes.filter_map(index).collect()
}

/// The extents by rule 2, in rounds: each index with exactly one open label says how large this label is.
fn resolve(extents: &mut Extents, indices: &[(&Index, usize)]) -> Result<(), String> {
    loop {
        let mut found = Extents::new();
        for &(index, axis) in indices {
            let labels = index.parts.iter().map(|&(label, _)| label);
            let open: Vec<char> = labels.filter(|label| !extents.contains_key(label)).collect();
            if let [label] = open[..] {
                let range = index.range(label, axis, extents);
                let agreed = *found.entry(label).or_insert(range) == range;
                require(agreed, || format!("two indices disagree on the extent of `{label}`"))?;
            }
        }
        if found.is_empty() {
            return Ok(());
        }
        extents.extend(found);
    }
}

impl Index {
    /// Rule 3: how many positions there are before and behind the axis.
    fn padding(&self) -> isize {
        let pads = self.constant < 0 && self.parts.iter().all(|&(_, factor)| factor > 0);
        if pads { -self.constant } else { 0 }
    }

    fn at(&self, values: &Extents) -> isize {
        self.parts.iter().map(|(label, factor)| factor * values[label] as isize).sum::<isize>()
            + self.constant
    }

    /// The sum of the constant and of what each part adds at the end of its label's range. The end of an empty range
    /// is -1, as in the formula of rule 3.
    fn end(&self, extents: &Extents, parts: impl Fn(isize) -> bool) -> isize {
        let parts = self.parts.iter().filter(|&&(_, factor)| parts(factor));
        parts.map(|(label, factor)| factor * (extents[label] as isize - 1)).sum::<isize>() + self.constant
    }

    fn highest(&self, extents: &Extents) -> isize {
        self.end(extents, |factor| factor > 0)
    }

    fn lowest(&self, extents: &Extents) -> isize {
        self.end(extents, |factor| factor < 0)
    }

    /// Whether there is no position at all.
    fn is_empty(&self, extents: &Extents) -> bool {
        self.parts.iter().any(|(label, _)| extents[label] == 0)
    }

    /// Whether all positions lie in an axis of this extent, or in its padding.
    fn fits(&self, axis: usize, extents: &Extents) -> bool {
        let padding = self.padding();
        -padding <= self.lowest(extents) && self.highest(extents) < axis as isize + padding
    }

    /// The largest extent of `label` for which all positions fit; 0 if already the first does not.
    fn range(&self, label: char, axis: usize, extents: &Extents) -> usize {
        let mut extents = extents.clone();
        let mut fits = |extent: &usize| {
            extents.insert(label, *extent);
            self.fits(axis, &extents)
        };
        (1..).take_while(&mut fits).count()
    }

    /// Rule 6: the extent of the axis that this index makes in an owned result.
    fn owned_extent(&self, extents: &Extents) -> usize {
        (self.highest(extents) + 1 - self.padding()).max(0) as usize
    }

    /// Rule 6: whether an axis of a target may have this extent. It is that of an owned result, or some label has its
    /// extent also as the forward range along this axis.
    fn may_write(&self, axis: usize, extents: &Extents) -> bool {
        let mut forward = self.parts.iter().filter(|&&(_, factor)| factor > 0).map(|&(label, _)| label);
        axis == self.owned_extent(extents)
            || forward.any(|label| self.range(label, axis, extents) == extents[&label])
    }
}

/// The shape of the result: that of the target, if there is one and it is right.
fn output_shape(output: &[Axis], extents: &Extents, target: Option<&[usize]>) -> Result<Vec<usize>, String> {
    for axis in output {
        if let Axis::Affine(index) = axis {
            let writes = -index.padding() <= index.lowest(extents) || index.is_empty(extents);
            require(writes, || format!("{index:?} begins before its axis"))?;
        }
    }
    let Some(target) = target else {
        return Ok(output.iter().map(|axis| owned_extent(axis, extents)).collect());
    };
    for (axis, &extent) in zip(output, target) {
        let fits = match axis {
            Axis::Label(label) => extent == extents[label],
            Axis::Affine(index) => index.may_write(extent, extents),
        };
        require(fits, || format!("{axis:?} cannot be written to an axis of {extent}"))?;
    }
    Ok(target.to_vec())
}

fn owned_extent(axis: &Axis, extents: &Extents) -> usize {
    match axis {
        Axis::Label(label) => extents[label],
        Axis::Affine(index) => index.owned_extent(extents),
    }
}
