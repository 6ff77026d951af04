//! The loops of one step.
//!
//! Two functions are emitted, and the strides choose between them when the program runs:
//!
//! - `tiled` holds a tile of the innermost output axis in registers while the sums run. It needs unit stride
//!   along that axis in each input that has it.
//! - `plain` computes one output element at a time, with many partial sums. It takes any strides, and is
//!   compiled a second time for sums along contiguous axes.
//!
//! Where the contraction engine takes all large cases, the tile has but one width: the wide one gains nothing on the
//! small cases that are left, and takes a fifth of the time that the release build of a call takes.

use einsum_plan::{Factor, Input, LabelId, Plan, Product, Source, Step, Sum};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::Index;

use super::arrays::strided_input;
use super::names::{extent, index, name, numbered};
use super::{Failure, network, run_time};

/// The variables that hold the extents of `labels`.
pub fn extents<'a>(plan: &'a Plan, labels: &'a [LabelId]) -> impl Iterator<Item = Ident> + 'a {
    labels.iter().map(|&id| extent(plan.labels[id], id))
}

/// The types by which values reach the output.
pub struct Stores {
    pub engine: TokenStream,
    pub loops: TokenStream,
}

/// Statements that run `step` and leave its result in `target`.
pub fn nest(
    plan: &Plan,
    step: &Step,
    stores: &Stores,
    target: &TokenStream,
    failure: Failure,
) -> TokenStream {
    let emitter = Emitter { run_time: run_time(), plan, step };
    emitter.statements(stores, target, failure)
}

/// The statement that hands those pieces to the contraction engine that are faster there, if a step is one for it: the
/// output comes as an array, `is_zero` or not. The other pieces are left.
pub fn contract_pieces(
    plan: &Plan,
    step: &Step,
    store: &TokenStream,
    array: &TokenStream,
    is_zero: bool,
) -> Option<TokenStream> {
    let emitter = Emitter { run_time: run_time(), plan, step };
    let [left, right] = emitter.contracted()?;
    let (run_time, pieces) = (&emitter.run_time, name("pieces"));
    let read = plan.read();
    let operand = |input: &Input| match input.source {
        Source::Operand(number) => {
            read.iter().position(|&read| read == number).map(|member| (number, member))
        }
        Source::Step(_) => None,
    };
    let ((left_number, left_member), (right_number, right_member)) = (operand(left)?, operand(right)?);
    let member = |labels: &[LabelId], member: usize| {
        let (labels, member) = (labels.iter().copied().map(Index::from), Index::from(member));
        quote!((&[#(#labels),*], #member))
    };
    let members = [
        member(&step.output, read.len()),
        member(&left.labels, left_member),
        member(&right.labels, right_member),
    ];
    let (left, right) = (numbered("op", left_number), numbered("op", right_number));
    let arithmetic = arithmetic(&quote!(of_array), &left, store);
    Some(quote! {
        #run_time::contract_pieces(
            #array, &#left, &#right, &mut #pieces, [#(#members),*], #is_zero, #arithmetic,
        );
    })
}

/// What the run time is told of the elements of an array, a `Strided` or an `ArrayRef`, and of how the result is stored.
///
/// By method lookup, with a reference to spare: types with kernels of their own are found first, and a program does not compile
/// for these what others need.
pub fn arithmetic(constructor: &TokenStream, array: &Ident, store: &TokenStream) -> TokenStream {
    let run_time = run_time();
    quote!({
        use #run_time::{WithKernels as _, WithoutKernels as _};
        (&#run_time::Elements::#constructor(&#array)).einsum_arithmetic::<#store>()
    })
}

struct Emitter<'a> {
    run_time: Ident,
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
    /// The inputs and the output, and what computes the one from the others: the run time, or loops where it leaves the step
    /// to them.
    fn statements(&self, stores: &Stores, target: &TokenStream, failure: Failure) -> TokenStream {
        let inputs = self.step.inputs.iter().enumerate().map(|(number, input)| {
            let (variable, strided) = (self.input(number), strided_input(self.plan, input));
            quote!(let mut #variable = #strided;)
        });
        let (out, all, extents) = (name("out"), name("extents"), self.all_extents());
        let bound = quote! {
            #(#inputs)*
            let mut #out = #target;
            let mut #all = [#(#extents),*];
        };
        let contraction = match self.step.inputs.len() {
            3.. => network::contraction(self.step, &stores.engine, failure),
            _ => self.contraction(&stores.engine),
        };
        match self.step.nest_is_offered() {
            true => self.with_loops(&stores.loops, &bound, &contraction),
            false => quote!({ #bound #contraction; }),
        }
    }

    /// Both functions, and the choice between them, unless the run time has done it.
    fn with_loops(&self, store: &TokenStream, bound: &TokenStream, contraction: &TokenStream) -> TokenStream {
        let plain = self.function(Form::Plain);
        let tiled = self.step.vector_label().map(|_| self.function(Form::Tiled));
        let unless = (!contraction.is_empty()).then(|| quote!(if !#contraction));
        let (exchanges, choice) = (self.exchanges(), self.choice(store));
        quote!({
            #plain
            #tiled
            #bound
            #unless {
                #exchanges
                #choice
            }
        })
    }

    /// Tries the contraction engine, where the step is a contraction of two arrays: which sizes it takes is its own decision.
    fn contraction(&self, store: &TokenStream) -> TokenStream {
        let Some([left, right]) = self.contracted() else { return TokenStream::new() };
        let arrays = [&self.step.output, &left.labels, &right.labels];
        let (run_time, out, [left, right]) = (&self.run_time, name("out"), [self.input(0), self.input(1)]);
        let labels = arrays.map(|labels| {
            let labels = labels.iter().copied().map(Index::from);
            quote!(&[#(#labels),*])
        });
        let small = self.matrix_axes().map(|axes| {
            quote!(#run_time::contract_small::<_, #store, _, _, _>(&mut #out, &#left, &#right, const { #axes }) ||)
        });
        let arithmetic = arithmetic(&quote!(of_strided), &left, store);
        let contraction =
            quote!(#run_time::contract(&mut #out, &#left, &#right, (#(#labels),*), #arithmetic));
        match small {
            Some(small) => quote!((#small #contraction)),
            None => contraction,
        }
    }

    /// Where the one axis of the rows, of the columns, of the depth and perhaps of the batch is in each array, if the step is a
    /// product of matrices.
    fn matrix_axes(&self) -> Option<TokenStream> {
        if self.groups()? != [1; 3] {
            return None;
        }
        let [left, right] = self.contracted()?;
        let arrays = [&left.labels, &right.labels, &self.step.output];
        let places = |owners: [bool; 3]| {
            (0..self.plan.labels.len())
                .filter(move |label| arrays.map(|labels| labels.contains(label)) == owners)
                .map(move |label| {
                    let places =
                        arrays.iter().filter_map(move |labels| labels.iter().position(|&own| own == label));
                    let places = places.map(Index::from);
                    quote!([#(#places),*])
                })
        };
        let (run_time, mut batches) = (&self.run_time, places([true; 3]));
        let batch = match (batches.next(), batches.next()) {
            (None, _) => quote!(#run_time::None),
            (Some(batch), None) => quote!(#run_time::Some(#batch)),
            _ => return None,
        };
        let groups =
            [[true, false, true], [false, true, true], [true, true, false]].into_iter().flat_map(places);
        Some(quote!(#run_time::MatrixAxes::new(#(#groups,)* #batch)))
    }

    /// The two inputs of a step that the engine may take.
    fn contracted(&self) -> Option<&[Input; 2]> {
        let inputs = self.step.inputs.as_array()?;
        let is_taken = |[left, right, summed]: [usize; 3]| summed > 0 || left > 0 && right > 0;
        self.groups().is_some_and(is_taken).then_some(inputs)
    }

    /// Whether both inputs have free labels, and share summed ones: the engine takes all large cases.
    fn is_matrix_product(&self) -> bool {
        self.groups().is_some_and(|counts| counts.iter().all(|&count| count > 0))
    }

    /// How many labels are free in the first input, free in the second, and summed, in a product of two arrays; `None`
    /// where a label is in one array only.
    fn groups(&self) -> Option<[usize; 3]> {
        let [left, right] = &self.step.inputs[..] else { return None };
        let mut counts = [0; 3];
        for label in 0..self.plan.labels.len() {
            let owners =
                [&self.step.output, &left.labels, &right.labels].map(|labels| labels.contains(&label));
            match owners {
                [true, true, false] => counts[0] += 1,
                [true, false, true] => counts[1] += 1,
                [false, true, true] => counts[2] += 1,
                [true, true, true] | [false, false, false] => {}
                _ => return None,
            }
        }
        Some(counts)
    }

    /// Gives the innermost loops to the labels that run furthest through memory, as far as peers allow.
    fn exchanges(&self) -> TokenStream {
        let innermost = self.step.innermost_sums().into_iter().map(|sum| sum.label);
        let innermost = self.step.vector_label().into_iter().chain(innermost);
        innermost
            .flat_map(|inner| self.step.peers(inner).into_iter().map(move |peer| (inner, peer)))
            .map(|(inner, peer)| self.exchange(inner, peer))
            .collect()
    }

    fn exchange(&self, inner: LabelId, peer: LabelId) -> TokenStream {
        let run_time = &self.run_time;
        let (extents, a, b) = (name("extents"), Index::from(inner), Index::from(peer));
        let (run, peer_run) = (self.run(inner), self.run(peer));
        let owners = (0..self.step.inputs.len()).filter(|&input| self.has(input, inner));
        let inputs = owners.map(|input| {
            let (variable, a, b) = (self.input(input), self.axis(input, inner), self.axis(input, peer));
            quote!(#run_time::Strided::swap_axes(&mut #variable, #a, #b);)
        });
        let output = self.output_axis(inner).zip(self.output_axis(peer)).map(|(a, b)| {
            let out = name("out");
            quote!(#run_time::StridedMut::swap_axes(&mut #out, #a, #b);)
        });
        quote! {
            if #peer_run > #run {
                (#extents[#a], #extents[#b]) = (#extents[#b], #extents[#a]);
                #(#inputs)*
                #output
            }
        }
    }

    /// Calls the function that suits the strides and extents.
    fn choice(&self, store: &TokenStream) -> TokenStream {
        let run_time = &self.run_time;
        let (tiled, plain, out, extents) = (name("tiled"), name("plain"), name("out"), name("extents"));
        let inputs = (0..self.step.inputs.len()).map(|number| self.input(number));
        let arguments = quote!(&mut #out, (#(&#inputs,)*), #extents);
        let tiles = self.step.vector_label().map(|label| {
            let run = self.run(label);
            let wide = (!self.is_matrix_product()).then(|| {
                quote! {
                    if #run >= #run_time::WIDE {
                        #tiled::<_, #store, { #run_time::WIDE }>(#arguments);
                    } else
                }
            });
            quote! {
                #wide if #run >= #run_time::NARROW {
                    #tiled::<_, #store, { #run_time::NARROW }>(#arguments);
                } else
            }
        });
        let innermost = self.step.innermost_sums();
        let sums = (!innermost.is_empty()).then(|| {
            let contiguous = innermost.iter().flat_map(|sum| self.contiguous(sum.label));
            let contiguous = separated(contiguous, &quote!(&&));
            quote!(if #contiguous { #plain::<_, #store, #run_time::Unit>(#arguments); } else)
        });
        quote!(#tiles #sums { #plain::<_, #store, #run_time::Any>(#arguments); })
    }

    /// How far a loop over this label runs through memory.
    fn run(&self, label: LabelId) -> TokenStream {
        let (run_time, extents, id) = (&self.run_time, name("extents"), Index::from(label));
        let contiguous = self.contiguous(label);
        quote!(#run_time::run(#extents[#id], [#(#contiguous),*]))
    }

    /// For each input that has the label, whether it is contiguous along it.
    fn contiguous(&self, label: LabelId) -> impl Iterator<Item = TokenStream> {
        (0..self.step.inputs.len()).filter(move |&input| self.has(input, label)).map(move |input| {
            let (run_time, variable, axis) = (&self.run_time, self.input(input), self.axis(input, label));
            quote!(#run_time::Strided::is_contiguous(&#variable, #axis))
        })
    }

    fn function(&self, form: Form) -> TokenStream {
        let run_time = &self.run_time;
        let (out, rank) = (name("out"), Index::from(self.step.output.len()));
        // One tuple: `clippy::too_many_arguments` counts those of emitted functions too.
        let inputs = (0..self.step.inputs.len()).map(|number| self.input(number));
        let ranks = self.step.inputs.iter().map(|input| Index::from(input.labels.len()));
        let (extents, count) = (self.all_extents(), Index::from(self.plan.labels.len()));
        let body = self.level(form, 0, None);
        let (function, parameter) = match form {
            Form::Tiled => (name("tiled"), quote!(const W: #run_time::usize)),
            Form::Plain => (name("plain"), quote!(P: #run_time::Step)),
        };
        // Not inlined: a release build of the caller costs a quarter less. But a single sum is little code, and may be of so few
        // summands that the call would count. By reference: a copy of what has just been written waits until the writes are done.
        let inline = if self.step.output.is_empty() { quote!(always) } else { quote!(never) };
        quote! {
            #[inline(#inline)]
            fn #function<T: #run_time::Element, S: #run_time::Store<T>, #parameter>(
                #out: &mut #run_time::StridedMut<'_, T, #rank>,
                (#(&#inputs,)*): (#(&#run_time::Strided<'_, T, #ranks>,)*),
                [#(#extents),*]: [#run_time::usize; #count],
            ) {
                let mut #out = #run_time::StridedMut::reborrow(#out);
                #body
            }
        }
    }

    /// What happens inside of `depth` output loops, where `outer` holds the product known outside.
    fn level(&self, form: Form, depth: usize, outer: Option<Ident>) -> TokenStream {
        let nest = &self.step.nest;
        let product = if depth == 0 { &nest.outer } else { &nest.loops[depth - 1].product };
        let known = self.product(form, product);
        let Some(next) = nest.loops.get(depth) else {
            return self.store(form, outer, known);
        };
        let (bind, outer) = self.bind_product(&numbered("outer", depth), outer, known.scalars);
        let (index, statements) = (self.index(next.label), known.statements);
        let body = self.level(form, depth + 1, outer);
        let (n, run_time, tile) = (self.extent(next.label), &self.run_time, name("tile"));
        let walk = if form == Form::Tiled && depth + 1 == nest.loops.len() {
            quote!(for #tile in #run_time::tiles::<{ W }>(#n) { let #index = #tile.start; #body })
        } else {
            quote!(for #index in 0..#n { #body })
        };
        quote!(#statements #bind #walk)
    }

    /// A variable for the product of an outer one, which stays as it is, and of elements, which are used up.
    fn bind_product(
        &self,
        name: &Ident,
        outer: Option<Ident>,
        scalars: Vec<Ident>,
    ) -> (TokenStream, Option<Ident>) {
        match (outer, scalars.as_slice()) {
            (outer, []) => (TokenStream::new(), outer),
            (None, [only]) => (TokenStream::new(), Some(only.clone())),
            (outer, _) => {
                let outer = outer.map(|outer| self.value(&outer));
                let product = times(outer.into_iter().chain(scalars.iter().map(|scalar| quote!(#scalar))));
                (quote!(let #name = #product;), Some(name.clone()))
            }
        }
    }

    /// Stores what is known inside of all loops.
    fn store(&self, form: Form, outer: Option<Ident>, known: Known) -> TokenStream {
        let Known { statements, scalars, lanes } = known;
        let (run_time, out, lane, tile) = (&self.run_time, name("out"), name("lane"), name("tile"));
        let index = self.indices(&self.step.output);
        let outer = outer.map(|outer| self.value(&outer));
        let scalars = scalars.iter().map(|scalar| quote!(#scalar));
        let value = times(outer.into_iter().chain(scalars).chain(lanes));
        // SAFETY of the emitted code, here and in `element` and `along`: each index runs below the extent that
        // `Strided::new` or `StridedMut::new` compared with the array, or that was exchanged together with it;
        // a tile ends at or below it; and `choice` asks for contiguity before it calls the function for `Unit`.
        let variable = name("value");
        match (form, self.step.vector_label()) {
            (Form::Tiled, Some(label)) => {
                let axis = self.output_axis(label);
                quote! {
                    #statements
                    let #variable = |#lane| #value;
                    unsafe { #run_time::StridedMut::store_tile::<S, { W }>(&mut #out, #axis, #index, #tile, #variable); }
                }
            }
            _ => quote! {
                #statements
                let #variable = #value;
                unsafe { #run_time::StridedMut::store::<S>(&mut #out, #index, #variable); }
            },
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
            Some(_) if form == Form::Tiled => {
                let (run_time, line, lane) = (&self.run_time, numbered("line", input), name("lane"));
                known.statements.extend(self.line(input, self.step.vector_label(), &index));
                known.lanes.push(quote!(unsafe { #run_time::Line::get::<#run_time::Unit>(&#line, #lane) }));
            }
            _ => {
                let (run_time, element) = (&self.run_time, numbered("element", input));
                known
                    .statements
                    .extend(quote!(let #element = unsafe { #run_time::Strided::at(&#variable, #index) };));
                known.scalars.push(element);
            }
        }
    }

    /// A sum for each lane of the tile.
    ///
    /// Sums directly inside one another could share their accumulators, but have their own: on a 3x3 kernel the
    /// shorter chains of dependent additions were faster by a sixth.
    fn tile_sum(&self, sum: &Sum, known: &mut Known) {
        let (run_time, total, lane) = (&self.run_time, self.total(sum), name("lane"));
        let (index, n) = (self.index(sum.label), self.extent(sum.label));
        let Known { statements, scalars, lanes } = self.product(Form::Tiled, &sum.product);
        let (bind, scalar) = self.bind_product(&numbered("factor", sum.label), None, scalars);
        let term = times(scalar.map(|scalar| self.value(&scalar)).into_iter().chain(lanes));
        known.statements.extend(quote! {
            let mut #total = #run_time::zeros::<T, { W }>();
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
        known.statements.extend(match sum.elements() {
            Some(inputs) => {
                let step = if form == Form::Plain { quote!(P) } else { quote!(#run_time::Any) };
                let lines = inputs.iter().map(|&input| {
                    let start =
                        self.step.inputs[input].labels.iter().map(|&label| match label == sum.label {
                            true => quote!(0),
                            false => self.index(label).to_token_stream(),
                        });
                    self.line(input, Some(sum.label), &quote!([#(#start),*]))
                });
                let term = times(inputs.iter().map(|&input| {
                    let line = numbered("line", input);
                    quote!(unsafe { #run_time::Line::get::<#step>(&#line, #index) })
                }));
                quote! {
                    #(#lines)*
                    let #total = <#step as #run_time::Step>::sum(#n, |#index| #term);
                }
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

    /// A variable for the elements of an input from `start` on, along a label.
    fn line(&self, input: usize, label: Option<LabelId>, start: &TokenStream) -> TokenStream {
        let (run_time, variable, line) = (&self.run_time, self.input(input), numbered("line", input));
        let axis = label.map(|label| self.axis(input, label));
        quote!(let #line = unsafe { #run_time::Strided::line(&#variable, #axis, #start) };)
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

    fn output_axis(&self, label: LabelId) -> Option<Index> {
        self.step.output.iter().position(|&l| l == label).map(Index::from)
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

/// `a * b * c`
fn times(factors: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    separated(factors, &quote!(*))
}

fn separated(items: impl IntoIterator<Item = TokenStream>, separator: &TokenStream) -> TokenStream {
    let mut joined = TokenStream::new();
    for item in items {
        let separator = (!joined.is_empty()).then_some(separator);
        joined.extend(quote!(#separator #item));
    }
    joined
}
