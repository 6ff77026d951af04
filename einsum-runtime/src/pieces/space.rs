//! Loops over whole ranges, and the positions of all axes in terms of them.

use super::Member;
use crate::call::{CallArray, Index};

/// Affine forms of loops, one for each axis, and the bounds that they have to keep.
#[derive(Debug, Clone)]
pub(super) struct Space {
    /// The extent of each loop.
    extents: Vec<usize>,
    /// The loop of a label has each value that leaves the remainder when divided by the step.
    steps: Vec<usize>,
    remainders: Vec<usize>,
    /// For each row: a coefficient for each loop, and the constant.
    forms: Vec<isize>,
    /// For each row: the extent of the axis, below which its position stays, as it stays from 0 on.
    bounds: Vec<usize>,
}

impl Space {
    /// Loops of these extents, and no axes yet.
    pub(super) fn new(extents: &[usize]) -> Self {
        let (steps, remainders) = (vec![1; extents.len()], vec![0; extents.len()]);
        Self { extents: extents.to_vec(), steps, remainders, forms: Vec::new(), bounds: Vec::new() }
    }

    pub(super) fn loops(&self) -> usize {
        self.extents.len()
    }

    pub(super) fn extent(&self, label: usize) -> usize {
        self.extents[label]
    }

    pub(super) fn rows(&self) -> usize {
        self.bounds.len()
    }

    pub(super) fn bound(&self, row: usize) -> usize {
        self.bounds[row]
    }

    pub(super) fn remainder(&self, label: usize) -> usize {
        self.remainders[label]
    }

    pub(super) fn coefficients(&self, row: usize) -> &[isize] {
        let width = self.loops() + 1;
        &self.forms[row * width..][..self.loops()]
    }

    pub(super) fn constant(&self, row: usize) -> isize {
        self.forms[row * (self.loops() + 1) + self.loops()]
    }

    /// Adds the axes of an array.
    pub(super) fn add(&mut self, array: &CallArray<'_>, shape: &[usize]) -> Member {
        let first_row = self.rows();
        for (position, index) in array.axes.iter().enumerate() {
            self.add_axis(*index, shape[array.axis(position, shape.len())]);
        }
        Member { first_row, rows: array.axes.len(), ellipsis: array.ellipsis }
    }

    fn add_axis(&mut self, index: Index<'_>, extent: usize) {
        let mut form = vec![0; self.loops() + 1];
        match index {
            // An axis of extent 1 is stretched: it stands still.
            Index::Label(label) => form[label] = isize::from(extent != 1 || self.extents[label] == 1),
            Index::Affine(affine) => {
                affine.parts.iter().for_each(|&(label, coefficient)| form[label] += coefficient);
                form[self.loops()] = affine.constant;
            }
        }
        self.forms.extend(form);
        self.bounds.push(extent);
    }

    /// The spaces in which the rows of these gathers are the loops of their labels.
    pub(super) fn solved(mut self, gathers: &[(usize, usize)]) -> Vec<Self> {
        // What the labels had to keep, their loops no longer do.
        for &(_, label) in gathers {
            let mut form = vec![0; self.loops() + 1];
            form[label] = 1;
            self.forms.extend(form);
            self.bounds.push(self.extents[label]);
        }
        let mut spaces = vec![self];
        for &(row, label) in gathers {
            spaces = spaces.into_iter().flat_map(|space| space.gathered(row, label)).collect();
        }
        spaces
    }

    /// The spaces in which the loop of `label` has the positions of `row`: one for each way in which the other loops of the
    /// row leave something over when they are divided by the coefficient of the label.
    fn gathered(self, row: usize, label: usize) -> Vec<Self> {
        let divisor = self.coefficients(row)[label].unsigned_abs();
        let moduli: Vec<usize> = (0..self.loops())
            .map(|other| match self.coefficients(row)[other].unsigned_abs() {
                _ if other == label => 1,
                coefficient => divisor / greatest_common_divisor(divisor, coefficient),
            })
            .collect();
        // No value leaves over more than there are values.
        let remainders: Vec<usize> =
            moduli.iter().zip(&self.extents).map(|(&m, &extent)| m.min(extent)).collect();
        let count =
            remainders.iter().enumerate().map(|(other, &n)| if other == label { 1 } else { n }).product();
        (0..count)
            .map(|n| self.clone().divided(row, label, &moduli, &digits(n, &remainders, label)))
            .collect()
    }

    /// One of these.
    fn divided(mut self, row: usize, label: usize, moduli: &[usize], remainders: &[usize]) -> Self {
        let loops = self.loops();
        for other in (0..loops).filter(|&other| moduli[other] != 1) {
            self.split(other, moduli[other], remainders[other]);
        }
        let solved = self.form(row).to_vec();
        let (own, constant) = (solved[label], solved[loops]);
        let remainder = constant.rem_euclid(own);
        // The position is `own * label + others + constant`, and now also `|own| * loop + remainder`. So the label is
        // `±loop - others / own - (constant - remainder) / own`, of which each term is whole.
        for form in self.forms.chunks_exact_mut(loops + 1) {
            let times = form[label];
            for other in (0..loops).filter(|&other| other != label) {
                form[other] -= times * (solved[other] / own);
            }
            form[label] = times * own.signum();
            form[loops] -= times * ((constant - remainder) / own);
        }
        let (modulus, remainder) = (own.unsigned_abs(), remainder.unsigned_abs());
        self.extents[label] = self.bounds[row].saturating_sub(remainder).div_ceil(modulus);
        (self.steps[label], self.remainders[label]) = (modulus, remainder);
        self
    }

    /// Replaces a loop by one over the values with this remainder.
    fn split(&mut self, label: usize, modulus: usize, remainder: usize) {
        let loops = self.loops();
        self.remainders[label] += remainder * self.steps[label];
        self.steps[label] *= modulus;
        self.extents[label] = self.extents[label].saturating_sub(remainder).div_ceil(modulus);
        for form in self.forms.chunks_exact_mut(loops + 1) {
            form[loops] += form[label] * remainder as isize;
            form[label] *= modulus as isize;
        }
    }

    fn form(&self, row: usize) -> &[isize] {
        let width = self.loops() + 1;
        &self.forms[row * width..][..width]
    }
}

/// The digits of a number with these bases, one for each loop; that of `without` is 0.
fn digits(mut number: usize, bases: &[usize], without: usize) -> Vec<usize> {
    let digit = |(label, &base): (usize, &usize)| {
        if label == without {
            return 0;
        }
        let digit = number % base;
        number /= base;
        digit
    };
    bases.iter().enumerate().map(digit).collect()
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}
