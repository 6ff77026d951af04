mod figures;

use alloc::vec::Vec;

use super::*;

/// A generator of its own: 64 bits of state, the upper half of a product (Knuth's MMIX constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    /// Arrays with up to four of some labels each, an output, and extents.
    fn network(&mut self, arrays: usize) -> (Vec<Vec<LabelId>>, Vec<LabelId>, Vec<usize>) {
        let labels = 1 + self.below(2 * arrays);
        let mut some = |most: usize| -> Vec<LabelId> {
            let mut chosen: Vec<LabelId> = (0..self.below(most + 1)).map(|_| self.below(labels)).collect();
            chosen.sort_unstable();
            chosen.dedup();
            chosen
        };
        let inputs: Vec<Vec<LabelId>> = (0..arrays).map(|_| some(4)).collect();
        let mut output = some(3);
        output.retain(|label| inputs.iter().any(|input| input.contains(label)));
        let extents = (0..labels).map(|_| 1 + self.below(20)).collect();
        (inputs, output, extents)
    }
}

/// The fewest operations of all trees, by trying each pair of the arrays that are left, straight from the definition.
fn fewest(arrays: &[Vec<LabelId>], output: &[LabelId], extents: &[usize]) -> f64 {
    let mut best = if arrays.len() == 1 { 0.0 } else { f64::INFINITY };
    for b in 0..arrays.len() {
        for a in 0..b {
            let rest: Vec<_> =
                (0..arrays.len()).filter(|&n| n != a && n != b).map(|n| arrays[n].clone()).collect();
            let mut all = [arrays[a].clone(), arrays[b].clone()].concat();
            all.sort_unstable();
            all.dedup();
            let is_kept =
                |label: &LabelId| output.contains(label) || rest.iter().flatten().any(|other| other == label);
            let result: Vec<LabelId> = all.iter().copied().filter(|label| is_kept(label)).collect();
            let operations: usize = all.iter().map(|&label| extents[label]).product();
            let step = if result.len() < all.len() { 2 * operations } else { operations };
            best = best.min(step as f64 + fewest(&[rest, Vec::from([result])].concat(), output, extents));
        }
    }
    best
}

fn without_lone(inputs: &[Vec<LabelId>], output: &[LabelId]) -> Vec<Vec<LabelId>> {
    let count = |label: LabelId| inputs.iter().filter(|input| input.contains(&label)).count();
    let keep = |&label: &LabelId| count(label) > 1 || output.contains(&label);
    inputs.iter().map(|input| input.iter().copied().filter(keep).collect()).collect()
}

#[test]
fn searched_orders_are_optimal() {
    let mut dice = Dice(1);
    for round in 0..6000 {
        let arrays = if round % 60 == 0 { 6 } else { 1 + round % 5 };
        let (inputs, output, extents) = dice.network(arrays);
        let network = Network::new(&inputs, &output);
        let order = network.search(&extents, None).unwrap();
        assert_eq!(order.pairs.len(), arrays - 1);
        let best = fewest(&without_lone(&inputs, &output), &output, &extents);
        assert_eq!(network.flops(&order, &extents), best, "{inputs:?} -> {output:?} of {extents:?}");
    }
}

#[test]
fn one_of_the_candidates_is_optimal() {
    let mut dice = Dice(2);
    for round in 0..6000 {
        let (inputs, output, mut extents) = dice.network(2 + round % 3);
        extents.iter_mut().for_each(|extent| *extent += 1);
        let network = Network::new(&inputs, &output);
        let known: Vec<Option<usize>> =
            extents.iter().map(|&extent| (dice.below(3) == 0).then_some(extent)).collect();
        let best = fewest(&without_lone(&inputs, &output), &output, &extents);
        for known in [&[][..], &known] {
            let candidates = network.candidates(known).unwrap();
            let prices = candidates.iter().map(|order| network.price(order).flops(&extents));
            let cheapest = prices.min_by(f64::total_cmp).unwrap();
            assert_eq!(cheapest, best, "{inputs:?} -> {output:?} of {extents:?}, {known:?}");
        }
        let all: Vec<Option<usize>> = extents.iter().copied().map(Some).collect();
        assert_eq!(network.candidates(&all).unwrap().len(), 1);
    }
}

/// Labels from letters: inputs, output, and extents by `extent`.
fn network(text: &str, extent: impl Fn(char) -> usize) -> (Network, Vec<usize>) {
    let mut letters: Vec<char> = Vec::new();
    let (inputs, output) = text.split_once("->").unwrap();
    let mut ids = |term: &str| -> Vec<LabelId> {
        let id = |letter: char| {
            letters.iter().position(|&l| l == letter).unwrap_or_else(|| {
                letters.push(letter);
                letters.len() - 1
            })
        };
        term.chars().map(id).collect()
    };
    let inputs: Vec<Vec<LabelId>> = inputs.split(',').map(&mut ids).collect();
    let output = ids(output);
    (Network::new(&inputs, &output), letters.into_iter().map(extent).collect())
}

fn cheapest(text: &str, extent: impl Fn(char) -> usize) -> f64 {
    let (network, extents) = network(text, extent);
    network.flops(&network.search(&extents, None).unwrap(), &extents)
}

#[test]
fn candidates_are_those_that_some_extents_ask_for() {
    let pairs = |network: &Network, known: &[Option<usize>]| -> Vec<_> {
        network.candidates(known).unwrap().into_iter().map(|order| order.pairs).collect()
    };
    // Both ends, but not the outer product of the first and the last.
    let (chain, _) = network("ij,jk,kl->il", |_| 1);
    assert_eq!(pairs(&chain, &[]), [[[0, 1], [2, 3]], [[1, 2], [0, 3]]]);
    assert_eq!(pairs(&chain, &[Some(2)]).len(), 2);
    // All five ways to put parentheses.
    let (chain, _) = network("ij,jk,kl,lm->im", |_| 1);
    assert_eq!(pairs(&chain, &[]).len(), 5);
    // Of vectors at both ends, the matrix meets the one along its shorter axis last.
    let (form, _) = network("i,ij,j->", |_| 1);
    assert_eq!(pairs(&form, &[]), [[[0, 1], [2, 3]], [[1, 2], [0, 3]]]);
    assert_eq!(pairs(&form, &[Some(100), Some(2)]), [[[0, 1], [2, 3]]]);
    // A scalar goes to the smaller array.
    let (scaled, _) = network(",i,ij->ij", |_| 1);
    assert_eq!(pairs(&scaled, &[]), [[[0, 1], [2, 3]]]);
}

#[test]
fn classic_cases_cost_what_is_known_of_them() {
    // By hand: 2 * 10 * 1000 * 1000 for the first product, and as much for the second one.
    assert_eq!(cheapest("ij,jk,kl->il", |l| if l == 'i' { 10 } else { 1000 }), 4e7);
    assert_eq!(cheapest("ij,jk,kl->il", |l| if l == 'j' { 10 } else { 1000 }), 4e7);
    // The Khatri-Rao product without a sum, then a product of matrices.
    assert_eq!(
        cheapest("ijk,jr,kr->ir", |l| if l == 'r' { 32 } else { 256 }),
        (1 << 21) as f64 + (1 << 30) as f64
    );
    // Four transforms of 2 * 10^5, the example of opt_einsum's documentation.
    assert_eq!(cheapest("ea,fb,abcd,gc,hd->efgh", |_| 10), 8e5);
}

#[test]
fn the_search_counts_intermediates() {
    let (network, extents) = network("i,j,ij->", |_| 100);
    assert!(network.search(&extents, Some(100.0)).is_some());
    assert!(network.search(&extents, Some(99.0)).is_none());
    // The outer product of the first two would be too large, and is not needed.
    let order = network.search(&extents, None).unwrap();
    assert_eq!(network.flops(&order, &extents), 2e4 + 2e2);
}

/// A ring of rank-3 tensors with chords, of more labels than a number has bits.
fn tangle(arrays: usize) -> (Network, Vec<usize>) {
    let mut inputs: Vec<Vec<LabelId>> = (0..arrays).map(|_| Vec::new()).collect();
    for n in 0..arrays {
        for (kind, step) in [1, 7, 11].into_iter().enumerate() {
            let label = 3 * n + kind;
            inputs[n].push(label);
            inputs[(n + step) % arrays].push(label);
        }
    }
    (Network::new(&inputs, &[]), (0..3 * arrays).map(|label| 2 + label % 2).collect())
}

#[test]
fn many_arrays_have_an_order_and_always_the_same() {
    let (network, extents) = tangle(60);
    let order = network.search(&extents, None).unwrap();
    assert_eq!(order.pairs.len(), 59);
    assert_eq!(network.search(&extents, None).unwrap(), order);
    let size = |labels: Vec<LabelId>| labels.iter().map(|&label| extents[label] as f64).product();
    let largest: f64 = network.results(&order).into_iter().map(size).fold(0.0, f64::max);
    assert!(network.search(&extents, Some(largest)).is_some());
    assert!(network.search(&extents, Some(8.0)).is_none());
}

#[test]
fn good_orders_of_many_arrays_are_near_the_best() {
    // Of twelve arrays both are known.
    for arrays in [9, 12] {
        let (network, extents) = tangle(arrays);
        let problem = set::Problem::new(&network.arrays, &network.output, &extents, f64::INFINITY);
        let best = network.flops(&optimal::search(&problem, f64::INFINITY).unwrap(), &extents);
        let good = network.flops(&greedy::search(&problem).unwrap(), &extents);
        assert!((1.0..1.1).contains(&(good / best)), "{arrays}: {good} and {best}");
    }
}

#[test]
fn huge_extents_have_prices() {
    let huge = |_| usize::MAX;
    let text = "ab,bc,cd,de,ef,fg,gh,hi,ij,jk,kl,lm,mn,no->ao";
    let (network, extents) = network(text, huge);
    let order = network.search(&extents, None).unwrap();
    assert!(network.flops(&order, &extents) > 1e58);
    let (network, extents) = tangle(60);
    let huge = alloc::vec![usize::MAX; extents.len()];
    let order = network.search(&huge, None).unwrap();
    assert!(!network.flops(&order, &huge).is_nan());
    assert_eq!(network.search(&alloc::vec![0; extents.len()], None).unwrap().pairs.len(), 59);
}
