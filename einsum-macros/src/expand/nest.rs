//! The loops of one step.
//!
//! Two functions are emitted, and the strides choose between them when the program runs:
//!
//! - `tiled` holds a tile of the innermost output axis in registers while the sums run. It needs unit stride
//!   along that axis in each input that has it.
//! - `plain` computes one output element at a time, with many partial sums. It takes any strides, and is
//!   compiled a second time for sums along contiguous axes.

use einsum_plan::{Factor, LabelId, Nest, Plan, Product, Source, Step, Sum};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Index;

use super::names::{extent, index, name, numbered};
use super::{run_time, source_name};
use crate::input::Input;

/// The variables that hold the extents of `labels`.
pub fn extents<'a>(plan: &'a Plan, labels: &'a [LabelId]) -> impl Iterator<Item = Ident> + 'a {
    labels.iter().map(|&id| extent(plan.labels[id], id))
}

/// Statements that run `step` and leave its result in `target`, by the type `store`.
pub fn nest(
    input: &Input,
    plan: &Plan,
    step: &Step,
    store: &TokenStream,
    target: &TokenStream,
) -> TokenStream {
    let emitter = Emitter { run_time: run_time(input), plan, step };
    emitter.statements(store, target)
}

struct Emitter<'a> {
    run_time: TokenStream,
    plan: &'a Plan,
    step: &'a Step,
}

/// Which of the two functions is being emitted.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Tiled,
    Plain,
}

/// Factors that are known at some depth.
#[derive(Default)]
struct Known {
    /// What must run before the factors can be used.
    statements: TokenStream,
    /// Variables that hold one element.
    scalars: Vec<Ident>,
    /// Expressions for an element of a tile, in terms of `__lane`.
    lanes: Vec<TokenStream>,
}

impl Emitter<'_> {
    /// Both functions, the inputs they read, and the choice between them.
    fn statements(&self, store: &TokenStream, target: &TokenStream) -> TokenStream {
        let plain = self.function(Form::Plain);
        let tiled = self.step.vector_label().map(|_| self.function(Form::Tiled));
        let run_time = &self.run_time;
        let inputs = self.step.inputs.iter().enumerate().map(|(number, input)| {
            let (variable, source) = (self.input(number), source_name(input.source));
            let axes = self.axes(number).map(Index::from);
            let extents = extents(self.plan, &input.labels);
            quote!(let #variable = #run_time::Strided::new(&#source, &[#(#axes),*], [#(#extents),*]);)
        });
        let out = name("out");
        let choice = self.choice(store);
        quote!({ #plain #tiled #(#inputs)* let #out = #target; #choice })
    }

    /// The label of each axis of an input, as a position in the input's distinct labels.
    fn axes(&self, input: usize) -> impl Iterator<Item = usize> {
        let einsum_plan::Input { source, labels } = &self.step.inputs[input];
        let axes = match *source {
            Source::Operand(number) => &self.plan.operands[number],
            Source::Step(_) => labels,
        };
        axes.iter().map(|axis| labels.iter().position(|label| label == axis).expect("an axis has a label"))
    }

    /// Calls the function that suits the strides and extents.
    fn choice(&self, store: &TokenStream) -> TokenStream {
        let run_time = &self.run_time;
        let (tiled, plain, out) = (name("tiled"), name("plain"), name("out"));
        let inputs = (0..self.step.inputs.len()).map(|number| self.input(number));
        let extents = self.all_extents();
        let arguments = quote!(#out, #(#inputs,)* [#(#extents),*]);
        let tiles = self.step.vector_label().map(|label| {
            let n = self.extent(label);
            let every: Vec<_> = (0..self.step.inputs.len()).map(|input| (input, label)).collect();
            let contiguous = self.contiguous(&every);
            quote! {
                if #n >= #run_time::WIDE #contiguous {
                    #tiled::<_, #store, { #run_time::WIDE }>(#arguments);
                } else if #n >= #run_time::NARROW #contiguous {
                    #tiled::<_, #store, { #run_time::NARROW }>(#arguments);
                } else
            }
        });
        let summed = innermost_sums(self.products());
        let (first, rest) =
            summed.split_first().map_or((None, &[][..]), |(first, rest)| (Some(*first), rest));
        let sums = first.map(|(input, label)| {
            let first = self.is_contiguous(input, label);
            let rest = self.contiguous(rest);
            quote!(if #first #rest { #plain::<_, #store, #run_time::Unit>(#arguments); } else)
        });
        quote!(#tiles #sums { #plain::<_, #store, #run_time::Any>(#arguments); })
    }

    /// `&& a && b`, whether each input that has its label is contiguous along it.
    fn contiguous(&self, along: &[(usize, LabelId)]) -> TokenStream {
        let along = along.iter().filter(|&&(input, label)| self.has(input, label));
        let conditions = along.map(|&(input, label)| self.is_contiguous(input, label));
        quote!(#(&& #conditions)*)
    }

    fn is_contiguous(&self, input: usize, label: LabelId) -> TokenStream {
        let (variable, axis) = (self.input(input), self.axis(input, label));
        quote!(#variable.is_contiguous(#axis))
    }

    fn function(&self, form: Form) -> TokenStream {
        let run_time = &self.run_time;
        let (out, rank) = (name("out"), Index::from(self.step.output.len()));
        let parameters = self.step.inputs.iter().enumerate().map(|(number, input)| {
            let (variable, rank) = (self.input(number), Index::from(input.labels.len()));
            quote!(#variable: #run_time::Strided<'_, T, #rank>)
        });
        let (extents, count) = (self.all_extents(), Index::from(self.plan.labels.len()));
        let body = self.level(form, 0, None);
        let (function, parameter) = match form {
            Form::Tiled => (name("tiled"), quote!(const W: usize)),
            Form::Plain => (name("plain"), quote!(P: #run_time::Step)),
        };
        quote! {
            fn #function<T: #run_time::Element, S: #run_time::Store<T>, #parameter>(
                mut #out: #run_time::StridedMut<'_, T, #rank>,
                #(#parameters,)*
                [#(#extents),*]: [usize; #count],
            ) {
                #body
            }
        }
    }

    /// What happens inside of `depth` output loops, where `outer` holds the product known outside.
    fn level(&self, form: Form, depth: usize, outer: Option<Ident>) -> TokenStream {
        let nest = &self.step.nest;
        let product = if depth == 0 { &nest.outer } else { &nest.loops[depth - 1].product };
        let mut known = self.product(form, product);
        let copied = outer.map(|outer| self.value(&outer));
        let Some(next) = nest.loops.get(depth) else {
            return self.store(form, copied, known);
        };
        let scalars = copied.into_iter().chain(known.scalars.drain(..).map(|scalar| quote!(#scalar)));
        let (bind, outer) = bind_product(&numbered("outer", depth), scalars.collect());
        let (index, statements) = (self.index(next.label), known.statements);
        let body = self.level(form, depth + 1, outer);
        let (n, run_time, tile) = (self.extent(next.label), &self.run_time, name("tile"));
        let tiled = form == Form::Tiled && depth + 1 == nest.loops.len();
        let walk = if tiled {
            quote!(for #tile in #run_time::tiles::<W>(#n) { let #index = #tile.start; #body })
        } else {
            quote!(for #index in 0..#n { #body })
        };
        quote!(#statements #bind #walk)
    }

    /// Stores what is known inside of all loops.
    fn store(&self, form: Form, outer: Option<TokenStream>, known: Known) -> TokenStream {
        let Known { statements, scalars, lanes } = known;
        let (out, lane, tile) = (name("out"), name("lane"), name("tile"));
        let index = self.indices(&self.step.output);
        let scalars = outer.into_iter().chain(scalars.iter().map(|scalar| quote!(#scalar)));
        let value = times(scalars.chain(lanes));
        // SAFETY of the emitted code: each index runs below the extent that `Strided::new` and
        // `StridedMut::new` compared with the array, and a tile ends below it.
        match (form, self.step.vector_label()) {
            (Form::Tiled, Some(label)) => {
                let axis = Index::from(self.step.output.iter().position(|&l| l == label).unwrap_or_default());
                quote!(#statements unsafe { #out.store_tile::<S, W>(#axis, #index, #tile, |#lane| #value); })
            }
            _ => quote!(#statements unsafe { #out.store::<S>(#index, #value); }),
        }
    }

    /// The factors of a product, ready to be multiplied.
    fn product(&self, form: Form, product: &Product) -> Known {
        let mut known = Known::default();
        for factor in product {
            match factor {
                Factor::Element(input) => self.element(form, *input, &mut known),
                Factor::Sum(sum) if form == Form::Tiled && self.has_vector(&sum.product) => {
                    self.tile_sum(sum, &mut known);
                }
                Factor::Sum(sum) => self.scalar_sum(form, sum, &mut known),
            }
        }
        known
    }

    fn element(&self, form: Form, input: usize, known: &mut Known) {
        let (variable, labels) = (self.input(input), &self.step.inputs[input].labels);
        let index = self.indices(labels);
        match self.step.vector_label().and_then(|label| labels.iter().position(|&l| l == label)) {
            Some(axis) if form == Form::Tiled => {
                let (run_time, lane) = (&self.run_time, name("lane"));
                let indices = labels.iter().enumerate().map(|(position, &label)| {
                    let index = self.index(label);
                    if position == axis { quote!(#index + #lane) } else { quote!(#index) }
                });
                let (axis, index) = (Index::from(axis), quote!([#(#indices),*]));
                known.lanes.push(quote!(unsafe { #variable.along::<#run_time::Unit>(#axis, #index) }));
            }
            _ => {
                let element = numbered("element", input);
                known.statements.extend(quote!(let #element = unsafe { #variable.at(#index) };));
                known.scalars.push(element);
            }
        }
    }

    /// A sum for each lane of the tile.
    fn tile_sum(&self, sum: &Sum, known: &mut Known) {
        let run_time = &self.run_time;
        let (total, lane) = (self.total(sum), name("lane"));
        let (index, n) = (self.index(sum.label), self.extent(sum.label));
        let Known { statements, scalars, lanes } = self.product(Form::Tiled, &sum.product);
        let scalars = scalars.iter().map(|scalar| quote!(#scalar)).collect();
        let (bind, scalar) = bind_product(&numbered("factor", sum.label), scalars);
        let term = times(scalar.map(|scalar| self.value(&scalar)).into_iter().chain(lanes));
        known.statements.extend(quote! {
            let mut #total = #run_time::zeros::<T, W>();
            for #index in 0..#n {
                #statements
                #bind
                #run_time::accumulate(&mut #total, |#lane| #term);
            }
        });
        known.lanes.push(quote!(#run_time::value(&#total[#lane])));
    }

    /// A sum that is one element.
    fn scalar_sum(&self, form: Form, sum: &Sum, known: &mut Known) {
        let run_time = &self.run_time;
        let total = self.total(sum);
        let (index, n) = (self.index(sum.label), self.extent(sum.label));
        known.statements.extend(match elements(&sum.product) {
            Some(inputs) => {
                let step = if form == Form::Plain { quote!(P) } else { quote!(#run_time::Any) };
                let term = times(inputs.iter().map(|&input| self.along(&step, input, sum.label)));
                quote!(let #total = #run_time::sum(#n, |#index| #term);)
            }
            None => {
                let Known { statements, scalars, .. } = self.product(form, &sum.product);
                let term = times(scalars.iter().map(|scalar| quote!(#scalar)));
                quote! {
                    let mut #total = #run_time::zero::<T>();
                    for #index in 0..#n {
                        #statements
                        #total = #total + #term;
                    }
                }
            }
        });
        known.scalars.push(total);
    }

    /// An element in a loop over `label`, by a step of this type.
    fn along(&self, step: &TokenStream, input: usize, label: LabelId) -> TokenStream {
        let (variable, axis) = (self.input(input), self.axis(input, label));
        let index = self.indices(&self.step.inputs[input].labels);
        quote!(unsafe { #variable.along::<#step>(#axis, #index) })
    }

    fn indices(&self, labels: &[LabelId]) -> TokenStream {
        let indices = labels.iter().map(|&label| self.index(label));
        quote!([#(#indices),*])
    }

    /// Whether a product has an input with the vector label.
    fn has_vector(&self, product: &Product) -> bool {
        product.iter().any(|factor| match factor {
            Factor::Element(input) => self.step.vector_label().is_some_and(|label| self.has(*input, label)),
            Factor::Sum(sum) => self.has_vector(&sum.product),
        })
    }

    fn has(&self, input: usize, label: LabelId) -> bool {
        self.step.inputs[input].labels.contains(&label)
    }

    fn axis(&self, input: usize, label: LabelId) -> Index {
        let position = self.step.inputs[input].labels.iter().position(|&l| l == label);
        Index::from(position.expect("the input has the label"))
    }

    fn products(&self) -> impl Iterator<Item = &Product> {
        let Nest { outer, loops } = &self.step.nest;
        core::iter::once(outer).chain(loops.iter().map(|inner| &inner.product))
    }

    fn all_extents(&self) -> Vec<Ident> {
        (0..self.plan.labels.len()).map(|label| self.extent(label)).collect()
    }

    fn extent(&self, label: LabelId) -> Ident {
        extent(self.plan.labels[label], label)
    }

    fn index(&self, label: LabelId) -> Ident {
        index(self.plan.labels[label], label)
    }

    fn input(&self, number: usize) -> Ident {
        numbered("in", number)
    }

    fn total(&self, sum: &Sum) -> Ident {
        numbered("sum", sum.label)
    }

    fn value(&self, variable: &Ident) -> TokenStream {
        let run_time = &self.run_time;
        quote!(#run_time::value(&#variable))
    }
}

/// `let name = a * b;` where there is something to multiply.
fn bind_product(name: &Ident, factors: Vec<TokenStream>) -> (TokenStream, Option<Ident>) {
    if factors.is_empty() {
        return (TokenStream::new(), None);
    }
    let product = times(factors);
    (quote!(let #name = #product;), Some(name.clone()))
}

/// `a * b * c`
fn times(factors: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    let mut product = TokenStream::new();
    for factor in factors {
        let sign = (!product.is_empty()).then(|| quote!(*));
        product.extend(quote!(#sign #factor));
    }
    product
}

/// The inputs of a product that has no further sums.
fn elements(product: &Product) -> Option<Vec<usize>> {
    let element = |factor: &Factor| if let Factor::Element(input) = factor { Some(*input) } else { None };
    product.iter().map(element).collect()
}

/// The inputs that innermost sums walk, each with the label of its sum.
fn innermost_sums<'a>(products: impl IntoIterator<Item = &'a Product>) -> Vec<(usize, LabelId)> {
    let sums = products.into_iter().flatten().filter_map(|factor| match factor {
        Factor::Sum(sum) => Some(sum),
        Factor::Element(_) => None,
    });
    sums.flat_map(|sum| match elements(&sum.product) {
        Some(inputs) => inputs.into_iter().map(|input| (input, sum.label)).collect(),
        None => innermost_sums([&sum.product]),
    })
    .collect()
}
