//! Networks of tens of tensors: chains, grids, random graphs, circuits. All are sums over all labels.

use super::Network;

/// Tensors that are joined one by one. A tensor is a list of labels, which are numbers.
struct Graph {
    tensors: Vec<Vec<usize>>,
    extents: Vec<usize>,
}

impl Graph {
    fn with(tensors: usize) -> Self {
        Self { tensors: vec![Vec::new(); tensors], extents: Vec::new() }
    }

    fn tensor(&mut self) -> usize {
        self.tensors.push(Vec::new());
        self.tensors.len() - 1
    }

    /// A label that these tensors share, their last axis for now.
    fn join(&mut self, tensors: [usize; 2], extent: usize) {
        tensors.into_iter().for_each(|tensor| self.tensors[tensor].push(self.extents.len()));
        self.extents.push(extent);
    }

    fn network(self, flops: u64) -> Network {
        let letters: Vec<_> = letters().take(self.extents.len()).collect();
        let term = |tensor: &Vec<usize>| tensor.iter().map(|&label| letters[label]).collect::<String>();
        let terms: Vec<_> = self.tensors.iter().map(term).collect();
        Network {
            equation: format!("{}->", terms.join(",")),
            extents: letters.iter().copied().zip(self.extents).collect(),
            flops,
        }
    }
}

/// What labels are called: by ASCII, which every library reads, and then by what only some do.
fn letters() -> impl Iterator<Item = char> {
    ('a'..='z').chain('A'..='Z').chain(('\u{c0}'..).filter(|letter| letter.is_alphabetic()))
}

/// The inner product of two matrix product states.
pub fn states(sites: usize, bond: usize, physical: usize, flops: u64) -> Network {
    grid([1, sites], [1, bond], physical, flops)
}

/// A grid of tensors, with bonds of these extents downwards and to the right: the inner product of two such grids if
/// there is a physical extent, else one grid.
pub fn grid([rows, columns]: [usize; 2], bonds: [usize; 2], physical: usize, flops: u64) -> Network {
    let layers = if physical > 1 { 2 } else { 1 };
    let mut graph = Graph::with(layers * rows * columns);
    // The two layers of a site are neighbours.
    let at = |row, column, layer| (row * columns + column) * layers + layer;
    for (row, column) in (0..rows * columns).map(|site| (site / columns, site % columns)) {
        for layer in 0..layers {
            if row + 1 < rows {
                graph.join([at(row, column, layer), at(row + 1, column, layer)], bonds[0]);
            }
            if column + 1 < columns {
                graph.join([at(row, column, layer), at(row, column + 1, layer)], bonds[1]);
            }
        }
        if layers == 2 {
            graph.join([at(row, column, 0), at(row, column, 1)], physical);
        }
    }
    graph.network(flops)
}

/// A random graph of three bonds for each tensor: a ring, and a chord from each to one other.
pub fn cubic(tensors: usize, bond: usize, flops: u64) -> Network {
    let (mut graph, mut rest, mut random) = (Graph::with(tensors), (0..tensors).collect(), numbers());
    (0..tensors).for_each(|tensor| graph.join([tensor, (tensor + 1) % tensors], bond));
    let mut any = |rest: &mut Vec<usize>| rest.swap_remove(random() % rest.len());
    for _ in 0..tensors / 2 {
        graph.join([any(&mut rest), any(&mut rest)], bond);
    }
    graph.network(flops)
}

/// A number after another, the same in each run: Knuth's generator for MMIX, its upper half.
fn numbers() -> impl FnMut() -> usize {
    let mut state = 1_u64;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 32) as usize
    }
}

/// An amplitude: vectors at both ends of each wire, and layers of gates on two neighbours each.
pub fn circuit(wires: usize, layers: usize, flops: u64) -> Network {
    let mut graph = Graph::with(wires);
    let mut ends: Vec<_> = (0..wires).collect();
    for pair in (0..layers).flat_map(|layer| (layer % 2..wires - 1).step_by(2)) {
        let gate = graph.tensor();
        for end in &mut ends[pair..pair + 2] {
            graph.join([std::mem::replace(end, gate), gate], 2);
        }
    }
    for end in ends {
        let last = graph.tensor();
        graph.join([end, last], 2);
    }
    graph.network(flops)
}
