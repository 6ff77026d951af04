//! Subscripts that are read once and called often.

mod view;

use core::fmt;
use core::ops::Sub;
use core::str::FromStr;

use einsum_plan as plan;
use einsum_plan::{LabelId, Plan, adjoint, check, lower, resolve};
use ndarray::{ArrayD, ArrayViewD, IxDyn};

use super::Target;
use super::arrays::Arrays;
use super::loops::Loops;
use super::pairs::Orders;
use super::path::Describer;
use super::run::Run;
use crate::call::Resolution;
use crate::element::{Accumulate, Assign, Element, Store, Subtract};
use crate::error::{EinsumError, Role};
use crate::network::Cache;
use crate::path::Path;
use crate::zeros::zeros;

/// Subscripts, parsed, checked and planned, for any number of calls.
///
/// `Display` gives the subscripts as they were written.
///
/// # Examples
///
/// ```
/// # use einsum_runtime as einsum;
/// use einsum::dynamic::Equation;
/// use ndarray::{ArrayD, array};
///
/// let power = Equation::new("ij,jk->ik", 2)?;
/// let step = array![[1, 1], [1, 0]].into_dyn();
/// let fibonacci = (0..5).try_fold(step.clone(), |a, _| power.einsum(&[a.view(), step.view()]))?;
/// assert_eq!(fibonacci, array![[13, 8], [8, 5]].into_dyn());
/// assert_eq!(power.to_string(), "ij,jk->ik");
/// # Ok::<(), einsum::EinsumError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equation {
    subscripts: String,
    parsed: plan::Equation,
    plan: Plan,
    arrays: Arrays,
    /// Extents of labels that were given.
    given: Vec<(LabelId, usize)>,
    /// How many bytes intermediates may take.
    memory_limit: Option<usize>,
    /// Orders in which operands have been contracted.
    cache: Cache,
}

impl Equation {
    /// Reads subscripts for this number of operands.
    ///
    /// # Errors
    ///
    /// [`EinsumError::Subscripts`], with all mistakes.
    ///
    /// # Examples
    ///
    /// ```
    /// # use einsum_runtime as einsum;
    /// use einsum::dynamic::Equation;
    ///
    /// assert!(Equation::new("bij,bjk->bik", 2).is_ok());
    /// let error = Equation::new("ij,jk-ik", 2).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "`-` without `>`\n\
    ///      \n\
    ///      \x20   ij,jk-ik\n\
    ///      \x20        ^\n\
    ///      help: the arrow before the output is written `->`"
    /// );
    /// ```
    pub fn new(subscripts: &str, operands: usize) -> Result<Self, EinsumError> {
        let parsed = read(subscripts)?;
        Self::planned(subscripts, parsed, operands)
    }

    fn planned(subscripts: &str, parsed: plan::Equation, operands: usize) -> Result<Self, EinsumError> {
        check(&parsed, operands).map_err(|mistakes| refusal(subscripts, mistakes))?;
        let plan = lower(&parsed);
        let arrays = Arrays::new(&plan);
        Ok(Self {
            subscripts: subscripts.into(),
            parsed,
            plan,
            arrays,
            given: Vec::new(),
            memory_limit: None,
            cache: Cache::new(),
        })
    }

    /// Gives a label its extent, which index arithmetic may leave open: of `(x+i)` alone, nobody could tell how long `i`
    /// is.
    ///
    /// Axes of the label must have that extent, or 1.
    ///
    /// # Errors
    ///
    /// [`EinsumError::UnknownLabel`] if no operand has the label, [`EinsumError::RepeatedExtent`] if it has been given one.
    ///
    /// # Examples
    ///
    /// ```
    /// # use einsum_runtime as einsum;
    /// use einsum::dynamic::Equation;
    /// use ndarray::array;
    ///
    /// let windows = Equation::new("(x+i)->xi", 1)?.with_extent('i', 2)?;
    /// let x = array![1, 2, 3].into_dyn();
    /// assert_eq!(windows.einsum(&[x.view()])?, array![[1, 2], [2, 3]].into_dyn());
    /// # Ok::<(), einsum::EinsumError>(())
    /// ```
    pub fn with_extent(mut self, label: char, extent: usize) -> Result<Self, EinsumError> {
        let known = self.arrays.labels();
        let Some(id) = known.iter().position(|&known| known == label) else {
            let (known, subscripts) = (known.to_vec(), self.subscripts.into());
            return Err(EinsumError::UnknownLabel { label, known, subscripts });
        };
        if self.given.iter().any(|&(given, _)| given == id) {
            return Err(EinsumError::RepeatedExtent { label, subscripts: self.subscripts.into() });
        }
        self.given.push((id, extent));
        Ok(self)
    }

    /// Limits the memory that intermediates of several operands may take, in bytes. They are computed in smaller blocks then, or
    /// in an order that may be more to compute.
    ///
    /// Calls for which no order is found that takes so little are refused with [`EinsumError::MemoryLimit`]. Sums of single
    /// operands, and what the caches are packed with, are not counted.
    ///
    /// # Examples
    ///
    /// ```
    /// # use einsum_runtime as einsum;
    /// use einsum::dynamic::Equation;
    /// use ndarray::ArrayD;
    ///
    /// let chain = Equation::new("ij,jk,kl->il", 3)?;
    /// let a = ArrayD::<f64>::ones(vec![100, 100]);
    /// let operands = [a.view(), a.view(), a.view()];
    /// assert_eq!(chain.path(&operands)?.memory(), 80_000);
    /// let lean = chain.clone().with_memory_limit(10_000);
    /// assert!(lean.path(&operands)?.memory() <= 10_000);
    /// assert_eq!(lean.einsum(&operands)?, chain.einsum(&operands)?);
    /// assert!(chain.with_memory_limit(100).einsum(&operands).is_err());
    /// # Ok::<(), einsum::EinsumError>(())
    /// ```
    #[must_use]
    pub fn with_memory_limit(self, bytes: usize) -> Self {
        Self { memory_limit: Some(bytes), ..self }
    }

    /// The einsum of `operands`: see [`dynamic::einsum`](super::einsum).
    ///
    /// # Errors
    ///
    /// As for [`dynamic::einsum`](super::einsum).
    ///
    /// # Panics
    ///
    /// As for [`dynamic::einsum`](super::einsum).
    ///
    /// # Examples
    ///
    /// ```
    /// # use einsum_runtime as einsum;
    /// use einsum::dynamic::Equation;
    /// use ndarray::array;
    ///
    /// let sum: Equation = "...i->...".parse()?;
    /// assert_eq!(sum.einsum(&[array![[1, 2], [3, 4]].into_dyn().view()])?, array![3, 7].into_dyn());
    /// # Ok::<(), einsum::EinsumError>(())
    /// ```
    pub fn einsum<T: Element>(&self, operands: &[ArrayViewD<'_, T>]) -> Result<ArrayD<T>, EinsumError> {
        let loops = self.loops(operands, None)?;
        let mut result = zeros(IxDyn(&loops.shape), &self.subscripts)?;
        self.run(&loops, operands).store::<Assign>(result.view_mut())?;
        Ok(result)
    }

    /// `target = einsum`, in place: see [`dynamic::assign`](super::assign).
    ///
    /// # Errors
    ///
    /// As for [`dynamic::assign`](super::assign).
    ///
    /// # Panics
    ///
    /// As for [`dynamic::assign`](super::assign).
    ///
    /// # Examples
    ///
    /// ```
    /// # use einsum_runtime as einsum;
    /// use einsum::dynamic::Equation;
    /// use ndarray::{ArrayD, array};
    ///
    /// let diagonal = Equation::new("ii->i", 1)?;
    /// let mut target = ArrayD::zeros(vec![2]);
    /// diagonal.assign(&mut target, &[array![[1, 2], [3, 4]].into_dyn().view()])?;
    /// assert_eq!(target, array![1, 4].into_dyn());
    /// # Ok::<(), einsum::EinsumError>(())
    /// ```
    pub fn assign<T: Element>(
        &self,
        target: &mut Target<T>,
        operands: &[ArrayViewD<'_, T>],
    ) -> Result<(), EinsumError> {
        self.store::<T, Assign>(target, operands)
    }

    /// `target += einsum`, in place: see [`dynamic::accumulate`](super::accumulate).
    ///
    /// # Errors
    ///
    /// As for [`dynamic::assign`](super::assign).
    ///
    /// # Panics
    ///
    /// As for [`dynamic::assign`](super::assign).
    ///
    /// # Examples
    ///
    /// ```
    /// # use einsum_runtime as einsum;
    /// use einsum::dynamic::Equation;
    /// use ndarray::array;
    ///
    /// let sum = Equation::new("ij->j", 1)?;
    /// let mut target = array![10, 20].into_dyn();
    /// sum.accumulate(&mut target, &[array![[1, 2], [3, 4]].into_dyn().view()])?;
    /// assert_eq!(target, array![14, 26].into_dyn());
    /// # Ok::<(), einsum::EinsumError>(())
    /// ```
    pub fn accumulate<T: Element>(
        &self,
        target: &mut Target<T>,
        operands: &[ArrayViewD<'_, T>],
    ) -> Result<(), EinsumError> {
        self.store::<T, Accumulate>(target, operands)
    }

    /// `target -= einsum`, in place: see [`dynamic::subtract`](super::subtract).
    ///
    /// # Errors
    ///
    /// As for [`dynamic::assign`](super::assign).
    ///
    /// # Panics
    ///
    /// As for [`dynamic::assign`](super::assign).
    ///
    /// # Examples
    ///
    /// ```
    /// # use einsum_runtime as einsum;
    /// use einsum::dynamic::Equation;
    /// use ndarray::array;
    ///
    /// let sum = Equation::new("ij->j", 1)?;
    /// let mut target = array![10, 20].into_dyn();
    /// sum.subtract(&mut target, &[array![[1, 2], [3, 4]].into_dyn().view()])?;
    /// assert_eq!(target, array![6, 14].into_dyn());
    /// # Ok::<(), einsum::EinsumError>(())
    /// ```
    pub fn subtract<T: Element + Sub<Output = T>>(
        &self,
        target: &mut Target<T>,
        operands: &[ArrayViewD<'_, T>],
    ) -> Result<(), EinsumError> {
        self.store::<T, Subtract>(target, operands)
    }

    fn store<T: Element, S: Store<T>>(
        &self,
        target: &mut Target<T>,
        operands: &[ArrayViewD<'_, T>],
    ) -> Result<(), EinsumError> {
        let loops = self.loops(operands, Some(target.shape()))?;
        self.run(&loops, operands).store::<S>(target.view_mut())
    }

    /// The loops of a call, once everything is checked.
    fn loops<T>(
        &self,
        operands: &[ArrayViewD<'_, T>],
        target: Option<&[usize]>,
    ) -> Result<Loops, EinsumError> {
        check(&self.parsed, operands.len()).map_err(|mistakes| refusal(&self.subscripts, mistakes))?;
        let resolutions = self.resolutions(target.is_some())?;
        let shapes: Vec<&[usize]> = operands.iter().map(ArrayViewD::shape).chain(target).collect();
        self.arrays.with_call(&self.subscripts, &resolutions, target.map(|_| Role::Target), |call, output| {
            Loops::new(call, output, &self.plan, &self.given, &shapes)
        })
    }

    /// How labels without an axis of their own get their extents.
    fn resolutions(&self, in_place: bool) -> Result<Vec<Resolution>, EinsumError> {
        let given: Vec<char> = self.given.iter().map(|&(label, _)| self.plan.labels[label]).collect();
        let resolutions = resolve(&self.parsed, &given, in_place);
        let resolutions = resolutions.map_err(|mistakes| refusal(&self.subscripts, mistakes))?;
        let label = |label: char| self.plan.labels.iter().position(|&l| l == label);
        let resolutions = resolutions.iter().map(|resolution| Resolution {
            label: label(resolution.label).expect("it is a label of an operand"),
            array: resolution.operand,
            position: resolution.axis,
        });
        Ok(resolutions.collect())
    }

    /// What [`einsum`](Self::einsum) would do with operands of these shapes and strides: the order in which they are contracted,
    /// and what it costs. Nothing is computed, and no element is read.
    ///
    /// # Errors
    ///
    /// As for [`dynamic::einsum`](super::einsum).
    ///
    /// # Examples
    ///
    /// ```
    /// # use einsum_runtime as einsum;
    /// use einsum::dynamic::Equation;
    /// use ndarray::ArrayD;
    ///
    /// let chain = Equation::new("ij,jk,kl->il", 3)?;
    /// let [a, b, c] = [[1000, 1000], [1000, 1000], [1000, 10]].map(|shape| ArrayD::<f32>::zeros(&shape[..]));
    /// let path = chain.path(&[a.view(), b.view(), c.view()])?;
    /// assert_eq!(path.steps()[0].subscripts(), "jk,kl->jl");
    /// assert_eq!((path.naive_flops(), path.flops()), (3e10, 4e7));
    /// # Ok::<(), einsum::EinsumError>(())
    /// ```
    pub fn path<T: Element>(&self, operands: &[ArrayViewD<'_, T>]) -> Result<Path, EinsumError> {
        let loops = self.loops(operands, None)?;
        let (subscripts, plan, arrays) = (&self.subscripts, &self.plan, &self.arrays);
        let orders = Orders { cache: &self.cache, memory_limit: self.memory_limit };
        Describer { subscripts, plan, arrays, loops: &loops, operands, orders }.path()
    }

    /// The gradients of all operands, given that of the result: see [`dynamic::gradients`](super::gradients).
    ///
    /// # Errors
    ///
    /// As for [`dynamic::gradients`](super::gradients).
    ///
    /// # Panics
    ///
    /// As for [`dynamic::einsum`](super::einsum).
    ///
    /// # Examples
    ///
    /// ```
    /// # use einsum_runtime as einsum;
    /// use einsum::dynamic::Equation;
    /// use ndarray::{arr0, array};
    ///
    /// let dot = Equation::new("i,i->", 2)?;
    /// let (a, b) = (array![1, 2].into_dyn(), array![3, 4].into_dyn());
    /// assert_eq!(dot.gradients(&[a.view(), b.view()], &arr0(1).into_dyn().view())?, [b, a]);
    /// # Ok::<(), einsum::EinsumError>(())
    /// ```
    pub fn gradients<T: Element>(
        &self,
        operands: &[ArrayViewD<'_, T>],
        gradient: &ArrayViewD<'_, T>,
    ) -> Result<Vec<ArrayD<T>>, EinsumError> {
        check(&self.parsed, operands.len()).map_err(|mistakes| refusal(&self.subscripts, mistakes))?;
        let resolutions = self.resolutions(false)?;
        let arrays: Vec<ArrayViewD<'_, T>> =
            operands.iter().chain([gradient]).map(|array| array.view()).collect();
        let shapes: Vec<&[usize]> = arrays.iter().map(ArrayViewD::shape).collect();
        let of = |operand: usize| {
            let plan = adjoint(&self.parsed, operand);
            let own = Arrays::new(&plan);
            let loops =
                self.arrays.with_call(&self.subscripts, &resolutions, Some(Role::Gradient), |call, _| {
                    Loops::of_gradient(call, operand, &plan, &self.given, &shapes)
                })?;
            let mut result = zeros(IxDyn(&loops.shape), &self.subscripts)?;
            let cache = Cache::new();
            let orders = Orders { cache: &cache, memory_limit: self.memory_limit };
            let run = Run::new(&self.subscripts, &plan, &own, &loops, &arrays, orders);
            run.store::<Assign>(result.view_mut())?;
            Ok(result)
        };
        (0..operands.len()).map(of).collect()
    }

    fn run<'a, T: Element>(&'a self, loops: &'a Loops, operands: &'a [ArrayViewD<'a, T>]) -> Run<'a, T> {
        let orders = Orders { cache: &self.cache, memory_limit: self.memory_limit };
        Run::new(&self.subscripts, &self.plan, &self.arrays, loops, operands, orders)
    }
}

/// For as many operands as there are terms.
impl FromStr for Equation {
    type Err = EinsumError;

    fn from_str(subscripts: &str) -> Result<Self, EinsumError> {
        let parsed = read(subscripts)?;
        let operands = parsed.inputs.len();
        Self::planned(subscripts, parsed, operands)
    }
}

impl fmt::Display for Equation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.subscripts)
    }
}

fn read(subscripts: &str) -> Result<plan::Equation, EinsumError> {
    plan::parse(subscripts).map_err(|mistakes| refusal(subscripts, mistakes))
}

fn refusal(subscripts: &str, mistakes: Vec<einsum_plan::Error>) -> EinsumError {
    EinsumError::Subscripts { subscripts: subscripts.into(), mistakes }
}
