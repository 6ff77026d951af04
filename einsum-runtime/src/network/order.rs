//! Which order a call takes: one of those that its plan offers, by their prices, or one that is searched for.

/// What the plan of a step says of its order.
#[derive(Debug, Clone, Copy)]
pub struct Network<'a> {
    /// For any extents of at least 2, one of these is the cheapest, unless the writer's guesses were wrong. With none, the order is
    /// searched for.
    pub orders: &'a [Order<'a>],
    /// What the step costs in one loop nest, if there is one.
    pub nest: Option<&'a [Term<'a>]>,
}

/// An order, and its price: one term for each step.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// Factors, and behind them the results of earlier pairs, by their numbers.
    pub pairs: &'a [[usize; 2]],
    /// What each of the pairs costs.
    pub steps: &'a [Term<'a>],
}

/// A number of multiplications and additions: `factor` for each combination of some labels' values.
#[derive(Debug, Clone, Copy)]
pub struct Term<'a> {
    factor: f64,
    labels: &'a [usize],
    /// Whether it is a product of matrices, which the engine computes.
    is_matrix: bool,
}

impl<'a> Term<'a> {
    /// So many operations for each combination of the values of some labels; of a product of matrices, or of something else.
    #[must_use]
    pub const fn new(factor: f64, labels: &'a [usize], is_matrix: bool) -> Self {
        Self { factor, labels, is_matrix }
    }
}

/// The order of a step that is computed in pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// This one of the orders that are offered.
    Order(usize),
    /// One that has to be found.
    Search,
}

// Estimates in nanoseconds, measured on Zen 5; only their ratios matter.

/// Of an operation in one nest, in plain loops that are compiled for the processor at hand, and in the engine.
const IN_NEST: f64 = 0.25;
const IN_LOOPS: f64 = 0.12;
const IN_ENGINE: f64 = 0.02;
/// Of a step, before it begins.
const STEP: f64 = 300.0;
/// Points of a nest that is done before a step has begun, however many operations each of them takes: nothing is estimated then.
const FEW_POINTS: usize = 256;
/// Nests that take longer than this are worth a search for something better.
const SEARCH: f64 = 20_000.0;

impl Network<'_> {
    /// Whether one loop nest is the best, and so short that the estimate would take as long as the nest.
    #[inline]
    pub(super) fn is_tiny(&self, extents: &[usize]) -> bool {
        self.nest.is_some()
            && extents.iter().fold(1, |points: usize, &n| points.saturating_mul(n)) <= FEW_POINTS
    }

    /// How to compute the step for these extents, `None` in one loop nest; `has_kernels` says that the elements have micro-kernels.
    pub(super) fn choose(&self, extents: &[usize], has_kernels: bool) -> Option<Choice> {
        let nest = self.nest.map(|terms| IN_NEST * flops(terms, extents));
        let prices = self.orders.iter().map(|order| flops(order.steps, extents));
        let cheapest = prices.enumerate().min_by(|a, b| a.1.total_cmp(&b.1)).map(|(order, _)| order);
        let limit = cheapest.map_or(SEARCH, |order| self.orders[order].time(extents, has_kernels));
        let is_nest = nest.is_some_and(|nest| nest <= limit);
        (!is_nest).then(|| cheapest.map_or(Choice::Search, |order| self.order(order, extents)))
    }

    /// The cheapest of the orders, unless a label has a single value: then another one may be cheaper still.
    fn order(&self, cheapest: usize, extents: &[usize]) -> Choice {
        if extents.contains(&1) { Choice::Search } else { Choice::Order(cheapest) }
    }
}

impl Order<'_> {
    /// An estimate, in nanoseconds.
    fn time(&self, extents: &[usize], has_kernels: bool) -> f64 {
        let rate = |term: &Term| match (has_kernels, term.is_matrix) {
            (true, true) => IN_ENGINE,
            (true, false) => IN_LOOPS,
            (false, _) => IN_NEST,
        };
        self.steps.iter().map(|term| STEP + rate(term) * term.flops(extents)).sum()
    }
}

fn flops(terms: &[Term<'_>], extents: &[usize]) -> f64 {
    terms.iter().map(|term| term.flops(extents)).sum()
}

impl Term<'_> {
    /// As a float: exact below 2^53, and never out of range.
    #[inline]
    fn flops(&self, extents: &[usize]) -> f64 {
        self.labels
            .iter()
            .map(|&label| extents[label] as f64)
            .fold(self.factor, |flops, extent| flops * extent)
    }
}
