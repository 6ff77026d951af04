//! Steps with several inputs, contracted in pairs.

use einsum_plan::{Priced, Step};

use crate::network::{Cache, Network, NetworkCall, Order, Term};

/// What an equation says of the order of its operands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Orders<'a> {
    /// Of earlier calls.
    pub(super) cache: &'a Cache,
    pub(super) memory_limit: Option<usize>,
}

impl Orders<'_> {
    /// Lends what there is to say of a step to a function, as a call of a macro says it.
    pub(super) fn with_call<R>(
        self,
        step: &Step,
        subscripts: &str,
        use_it: impl FnOnce(&NetworkCall<'_>) -> R,
    ) -> R {
        let Self { cache, memory_limit } = self;
        with_network(step, |network| use_it(&NetworkCall { network, cache, memory_limit, subscripts }))
    }
}

/// Lends what a step says of its orders to a function, as a call's constants have it.
fn with_network<R>(step: &Step, use_it: impl FnOnce(Network<'_>) -> R) -> R {
    let priced: Vec<_> = step.orders.iter().map(|order| step.priced(order)).collect();
    let terms: Vec<Vec<Term<'_>>> = priced.iter().map(|steps| steps.iter().map(term).collect()).collect();
    let orders: Vec<Order<'_>> =
        step.orders.iter().zip(&terms).map(|(order, steps)| Order { pairs: &order.pairs, steps }).collect();
    let price = step.nest.price();
    let nest: Vec<Term<'_>> =
        price.terms.iter().map(|term| Term::new(term.factor, &term.labels, false)).collect();
    use_it(Network { orders: &orders, nest: step.nest_is_offered().then_some(&nest) })
}

fn term(Priced { factor, labels, is_matrix }: &Priced) -> Term<'_> {
    Term::new(*factor, labels, *is_matrix)
}
