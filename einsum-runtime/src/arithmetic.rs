//! What the engine and the networks, which are compiled once for all elements, know of those of a call.
//!
//! Floats and complex numbers of them have micro-kernels in this crate. For others there is one function, compiled in the
//! program that has them, in `other`. It is so much code that a program should not have it compiled in vain, but nothing tells
//! a generic function that its type has kernels. So expansions choose by method lookup, for the type at hand: [`WithKernels`] is
//! found before [`WithoutKernels`]. Callers that are generic themselves, among them the run-time twin, have both compiled.

mod other;

use core::any::TypeId;
use core::marker::PhantomData;

use ndarray::{ArrayRef, Dimension};
use num_complex::Complex;
use pulp::Arch;

use crate::element::{Element, Store};
use crate::engine::{LoopAxis, Mode};
use crate::loops::{Arrays, Loops};
use crate::strided::Strided;
use sealed::Sealed;

pub(crate) use other::{Buffer, Other, Put, buffer, dispatch};

/// The elements of a call, and how the result is stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arithmetic {
    pub(crate) elements: Kind,
    pub(crate) mode: Mode,
}

/// The elements `T` of a call, and how the result is stored.
#[derive(Debug)]
pub struct ArithmeticOf<T>(Arithmetic, PhantomData<T>);

impl<T> ArithmeticOf<T> {
    /// For any elements, known or not: for callers that are generic themselves.
    pub(crate) fn of<S: Store<T>>() -> Self
    where
        T: Element,
    {
        let other = || Arithmetic { elements: Kind::Other(Other::of::<T, S>()), mode: S::MODE };
        let known = |element| Arithmetic { elements: Kind::Known(element), mode: S::MODE };
        Self(ElementType::of::<T>().map_or_else(other, known), PhantomData)
    }

    /// For callers that know the type of all elements they give away.
    pub(crate) fn erased(self) -> Arithmetic {
        self.0
    }
}

/// Whether elements have micro-kernels here.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Known(ElementType),
    Other(Other),
}

impl Arithmetic {
    /// The same elements, stored like that: intermediates are assigned and added to, the result in the way of the call.
    pub(crate) fn with_mode(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }

    /// For more of the same sums, once the places have been written.
    pub(crate) fn further(self) -> Self {
        self.with_mode(self.mode.further())
    }

    /// The type of the elements, if it is one that has micro-kernels.
    pub(crate) fn element(&self) -> Option<ElementType> {
        match self.elements {
            Kind::Known(element) => Some(element),
            Kind::Other(_) => None,
        }
    }

    /// A new buffer of that many elements, all zero.
    pub(crate) fn buffer(&self, len: usize) -> Box<dyn Buffer> {
        match self.elements {
            Kind::Known(element) => element.buffer(len),
            Kind::Other(other) => (other.buffer)(len),
        }
    }

    /// Computes the output from one factor or two in loops, or by what else a program brings for elements of its own.
    ///
    /// # Safety
    ///
    /// As for [`contract_other`](crate::engine::contract_other), with these elements.
    pub(crate) unsafe fn run_loops(
        &self,
        axes: &[LoopAxis],
        starts: [*mut (); 3],
        is_product: bool,
        arch: Arch,
    ) {
        let (mode, element) = match self.elements {
            Kind::Known(element) => (self.mode, element),
            Kind::Other(other) => {
                // SAFETY: by the contract.
                return unsafe { other.contract(axes, starts, is_product, self.mode, arch) };
            }
        };
        let loops = Loops::new(axes, is_product);
        // SAFETY: by the contract.
        unsafe {
            match element {
                ElementType::F32 => loops.run::<f32>(Arrays::new(starts), arch, mode),
                ElementType::F64 => loops.run::<f64>(Arrays::new(starts), arch, mode),
                // The compiler makes no vectors of complex numbers: code for more instructions would only be more code.
                ElementType::ComplexF32 => loops.run_scalar::<Complex<f32>>(Arrays::new(starts), mode),
                ElementType::ComplexF64 => loops.run_scalar::<Complex<f64>>(Arrays::new(starts), mode),
            }
        }
    }

    /// Bytes of an element.
    pub(crate) fn size(&self) -> usize {
        match self.elements {
            Kind::Known(element) => element.size(),
            Kind::Other(other) => other.size,
        }
    }
}

/// The elements of an array, whose [`ArithmeticOf`] is looked up.
#[derive(Debug)]
pub struct Elements<T>(PhantomData<T>);

impl<T> Elements<T> {
    /// Those of an array that loops read.
    #[inline(always)]
    #[must_use]
    pub fn of_strided<const N: usize>(_: &Strided<'_, T, N>) -> Self {
        Self(PhantomData)
    }

    /// Those of an array.
    #[inline(always)]
    #[must_use]
    pub fn of_array<D: Dimension>(_: &ArrayRef<T, D>) -> Self {
        Self(PhantomData)
    }
}

/// A type that has micro-kernels.
#[diagnostic::on_unimplemented(
    message = "the element type of these operands is not known where `einsum!` is called",
    note = "say what the elements are: `let a: Array2<{Self}> = ...`"
)]
pub trait KnownElement: Element + Sealed {
    #[doc(hidden)]
    const TYPE: KnownType;
}

/// Nobody else may say that a type is another one: what it says is believed.
mod sealed {
    pub trait Sealed {}
}

/// The type of a [`KnownElement`].
#[derive(Debug, Clone, Copy)]
pub struct KnownType(ElementType);

/// Everything that tells one of these types from the others, but for its kernels.
macro_rules! known_elements {
    ($($element:ty: $known:ident),*) => {
        /// The element types that have micro-kernels.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum ElementType {
            $($known),*
        }

        impl ElementType {
            #[inline]
            pub(crate) fn of<T: 'static>() -> Option<Self> {
                let id = TypeId::of::<T>();
                [$((TypeId::of::<$element>(), Self::$known)),*]
                    .into_iter()
                    .find_map(|(known, element)| (known == id).then_some(element))
            }

            fn size(self) -> usize {
                match self {
                    $(Self::$known => size_of::<$element>()),*
                }
            }

            fn buffer(self, len: usize) -> Box<dyn Buffer> {
                match self {
                    $(Self::$known => buffer::<$element>(len)),*
                }
            }
        }

        $(impl Sealed for $element {}

        #[diagnostic::do_not_recommend]
        impl KnownElement for $element {
            const TYPE: KnownType = KnownType(ElementType::$known);
        })*
    };
}

known_elements!(f32: F32, f64: F64, Complex<f32>: ComplexF32, Complex<f64>: ComplexF64);

/// Found first: for elements with micro-kernels.
pub trait WithKernels<T> {
    /// The arithmetic of these elements, with a result that is stored by `S`.
    fn einsum_arithmetic<S: Store<T>>(&self) -> ArithmeticOf<T>;
}

impl<T: KnownElement> WithKernels<T> for Elements<T> {
    #[inline(always)]
    fn einsum_arithmetic<S: Store<T>>(&self) -> ArithmeticOf<T> {
        let elements = Kind::Known(T::TYPE.0);
        ArithmeticOf(Arithmetic { elements, mode: S::MODE }, PhantomData)
    }
}

/// Found for all others, and where nothing but [`Element`] is known of a type.
pub trait WithoutKernels<T> {
    /// The arithmetic of these elements, with a result that is stored by `S`.
    fn einsum_arithmetic<S: Store<T>>(&self) -> ArithmeticOf<T>
    where
        T: Element;
}

// For any type, so that it is the method that asks for an element: what is none is told so in words for users.
impl<T> WithoutKernels<T> for &Elements<T> {
    #[inline(always)]
    fn einsum_arithmetic<S: Store<T>>(&self) -> ArithmeticOf<T>
    where
        T: Element,
    {
        ArithmeticOf::of::<S>()
    }
}
