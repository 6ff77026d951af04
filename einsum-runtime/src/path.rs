//! What a call would do, as a table.

use core::fmt;

use ndarray::{ArrayRef, ArrayViewD, Dimension};

use crate::call::Call;
use crate::dynamic::Equation;
use crate::element::Element;
use crate::engine::Kernel;
use crate::error::EinsumError;

/// What a call would do with its operands, whose shapes these are, given the extents of some labels, and how many bytes
/// intermediates may take.
///
/// # Errors
///
/// As for [`Equation::path`].
pub fn path<T: Element>(
    call: &Call<'_>,
    shapes: &[&[usize]],
    operands: &[ArrayViewD<'_, T>],
    given: &[(usize, usize)],
    memory_limit: Option<usize>,
) -> Result<Path, EinsumError> {
    // By the call first, whose errors say what its operands are.
    call.resolve(shapes, given, &mut vec![1; call.labels.len()])?;
    call.spread(shapes)?;
    let equation = Equation::new(call.subscripts, operands.len())?;
    let equation = given
        .iter()
        .try_fold(equation, |equation, &(label, extent)| equation.with_extent(call.labels[label], extent))?;
    let equation = match memory_limit {
        Some(bytes) => equation.with_memory_limit(bytes),
        None => equation,
    };
    equation.path(operands)
}

/// A view of dynamic rank.
pub fn dynamic_view<T, D: Dimension>(array: &ArrayRef<T, D>) -> ArrayViewD<'_, T> {
    array.view().into_dyn()
}

/// How an einsum is computed for operands of some shapes: the steps, and what they cost.
///
/// `Display` prints a table like that of numpy's `einsum_path`. Operations are counted as there: a step has one for each
/// combination of the values of its labels, or two, a multiplication and an addition, where it sums products.
///
/// [`einsum_path!`](https://docs.rs/nd-einsum) and [`Equation::path`](crate::dynamic::Equation::path) make one.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    pub(crate) subscripts: String,
    pub(crate) steps: Vec<PathStep>,
    pub(crate) naive_scaling: usize,
    pub(crate) naive_flops: f64,
    pub(crate) largest_intermediate: f64,
    pub(crate) memory: usize,
}

/// A step of a [`Path`].
#[derive(Debug, Clone, PartialEq)]
pub struct PathStep {
    pub(crate) subscripts: String,
    pub(crate) remaining: String,
    pub(crate) scaling: usize,
    pub(crate) flops: f64,
    pub(crate) kernel: Kernel,
}

impl Path {
    /// The subscripts of the call.
    #[must_use]
    pub fn subscripts(&self) -> &str {
        &self.subscripts
    }

    /// The steps, in the order in which they are done.
    #[must_use]
    pub fn steps(&self) -> &[PathStep] {
        &self.steps
    }

    /// Operations of one loop over all labels, in which all operands are multiplied.
    #[must_use]
    pub fn naive_flops(&self) -> f64 {
        self.naive_flops
    }

    /// Operations of all steps.
    #[must_use]
    pub fn flops(&self) -> f64 {
        self.steps.iter().map(|step| step.flops).sum()
    }

    /// How many times as many operations the one loop would have.
    #[must_use]
    pub fn speedup(&self) -> f64 {
        self.naive_flops / self.flops().max(1.0)
    }

    /// Elements of the largest array that a step makes, the result included. Of one that is computed in blocks, this counts
    /// all, while [`memory`](Self::memory) counts a block.
    #[must_use]
    pub fn largest_intermediate(&self) -> f64 {
        self.largest_intermediate
    }

    /// Bytes of all that is stored at the same time, beside the operands and the result, at its peak; without what a step
    /// packs for the caches.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.memory
    }
}

impl PathStep {
    /// What the step computes, with a term for each array that it reads.
    #[must_use]
    pub fn subscripts(&self) -> &str {
        &self.subscripts
    }

    /// The terms that are left behind it.
    #[must_use]
    pub fn remaining(&self) -> &str {
        &self.remaining
    }

    /// How many labels it loops over.
    #[must_use]
    pub fn scaling(&self) -> usize {
        self.scaling
    }

    /// Its operations.
    #[must_use]
    pub fn flops(&self) -> f64 {
        self.flops
    }

    /// What computes it.
    #[must_use]
    pub fn kernel(&self) -> Kernel {
        self.kernel
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scaling = self.steps.iter().map(|step| step.scaling).max().unwrap_or(0);
        writeln!(f, "   Complete contraction:  {}", self.subscripts)?;
        writeln!(f, "          Naive scaling:  {}", self.naive_scaling)?;
        writeln!(f, "      Optimized scaling:  {scaling}")?;
        writeln!(f, "       Naive FLOP count:  {:.3e}", self.naive_flops)?;
        writeln!(f, "   Optimized FLOP count:  {:.3e}", self.flops())?;
        writeln!(f, "    Theoretical speedup:  {:.3}", self.speedup())?;
        writeln!(f, "   Largest intermediate:  {:.3e} elements", self.largest_intermediate)?;
        writeln!(f, "  Intermediates at peak:  {} bytes", self.memory)?;
        let width = self.steps.iter().map(|step| step.subscripts.chars().count()).max().unwrap_or(0).max(7);
        let rule = "-".repeat(width + 40);
        write!(f, "{rule}\nscaling   kernel            {:width$}   remaining\n{rule}", "current")?;
        for step in &self.steps {
            let PathStep { subscripts, remaining, scaling, kernel, .. } = step;
            let gap = width - subscripts.chars().count();
            write!(f, "\n{scaling:>4}      {kernel:<16}  {subscripts}{:gap$}   {remaining}", "")?;
        }
        Ok(())
    }
}
