//! Every result of every implementation against one reference.
//!
//! The reference is a result in double precision, all of it, after a sample of its elements has been compared with plain
//! loops over the labels: this crate's own for two operands, and for networks one that has nothing of this crate (see
//! [`pairwise`]). An element that the sample misses would have to be wrong in the same way in every peer.

mod loops;
mod pairwise;

use std::iter::zip;

use crate::operands::Operands;
use crate::ours;
use crate::real::Real;
use crate::table::{Network, Problem, Workload};
use loops::Loops;

pub struct Reference {
    values: Vec<f64>,
    tolerance: f64,
}

/// How far a sum may be off: half a machine epsilon for each product in it, whose mean magnitude is 1/16, and 32
/// epsilons for short sums. Sums in order are ten times better; Winograd's, which a library may choose, are not.
fn pair_tolerance(depth: usize, epsilon: f64) -> f64 {
    epsilon * (32.0 + depth as f64 / 2.0)
}

/// How far the result of a network may be off: 256 epsilons for each tensor, of its root mean square. With numbers of both
/// signs a sum grows as its roundings do, with the square root of its length; a mistake is off by about the whole.
fn network_tolerance(network: &Network, values: &[f64], epsilon: f64) -> f64 {
    let square = values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64;
    epsilon * 256.0 * network.shapes().len() as f64 * square.sqrt()
}

impl Reference {
    pub fn new<T: Real>(workload: &Workload, operands: &Operands<T>) -> Result<Self, String> {
        let wide = operands.wide();
        let values = values(&workload.problem, &wide)?;
        let tolerance = |epsilon| match &workload.problem {
            Problem::Matmul(matmul) => pair_tolerance(matmul.k, epsilon),
            Problem::Conv(conv) => pair_tolerance(conv.depth(), epsilon),
            Problem::Network(network) => network_tolerance(network, &values, epsilon),
        };
        let (precise, rough) = (tolerance(f64::EPSILON), tolerance(T::PRECISION));
        let precise = Self { values, tolerance: precise };
        let loops = Loops::new(&workload.problem, &wide);
        for position in loops.sample(precise.values.len()) {
            let (found, expected) = (precise.values[position], loops.element(position));
            precise.compare(position, found, expected).map_err(|error| format!("reference, {error}"))?;
        }
        Ok(Self { tolerance: rough, ..precise })
    }

    pub fn check(&self, values: &[f64]) -> Result<(), String> {
        if values.len() != self.values.len() {
            return Err(format!("{} elements instead of {}", values.len(), self.values.len()));
        }
        let pairs = zip(values, &self.values).enumerate();
        pairs
            .into_iter()
            .try_for_each(|(position, (&found, &expected))| self.compare(position, found, expected))
    }

    fn compare(&self, position: usize, found: f64, expected: f64) -> Result<(), String> {
        // Not `>`, which NaN would pass.
        if (found - expected).abs() <= self.tolerance {
            return Ok(());
        }
        Err(format!("element {position} is {found} instead of {expected}, tolerance {:.1e}", self.tolerance))
    }
}

/// All of the reference, from operands in double precision.
fn values(problem: &Problem, operands: &Operands<f64>) -> Result<Vec<f64>, String> {
    if let Problem::Network(network) = problem {
        return Ok(pairwise::contract(network, operands));
    }
    let mut ours = ours::entries(problem, operands);
    ours[0].candidate.result().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peers;
    use crate::table::{Conv, Family, Kind, Matmul, lattices, workloads};

    #[test]
    fn networks_that_loops_can_do() {
        let chain = lattices::states(3, 2, 3, 0);
        let grids = [[2, 3], [3, 2]].map(|extents| lattices::grid(extents, [2, 3], 1, 0));
        let rest =
            [lattices::grid([2, 2], [2, 3], 2, 0), lattices::cubic(6, 3, 0), lattices::circuit(3, 3, 0)];
        for network in grids.into_iter().chain(rest).chain([chain]) {
            let (name, problem) = (network.equation.clone(), Problem::Network(network));
            check(&Workload { name, family: Family::Network, element: Kind::F32, problem }, 1);
        }
    }

    #[test]
    fn all_rows_made_small() {
        for mut workload in workloads().into_iter().filter(|workload| workload.element == Kind::F32) {
            match &mut workload.problem {
                // Lattices: too many labels for loops, even over two positions each.
                Problem::Network(network) if network.extents.len() > 16 => continue,
                Problem::Network(network) => shrink(network.extents.values_mut()),
                Problem::Matmul(Matmul { batch, m, n, k, .. }) => shrink([batch, m, n, k]),
                Problem::Conv(Conv { n, groups, c, o, x, .. }) => shrink([n, groups, c, o, x]),
            }
            for threads in [1, 2] {
                check(&workload, threads);
            }
        }
    }

    /// To extents that differ from one to the next; those of 1 stay, and what they leave out stays away.
    fn shrink<'a>(extents: impl IntoIterator<Item = &'a mut usize>) {
        let extents = extents.into_iter().filter(|extent| **extent > 1);
        zip(extents, [2, 3, 4].into_iter().cycle()).for_each(|(extent, small)| *extent = small);
    }

    /// This crate and the Rust peers.
    fn check(workload: &Workload, threads: usize) {
        let operands = Operands::<f32>::new(&workload.problem, threads);
        let reference = Reference::new(workload, &operands).expect("loops agree");
        let mut entries = ours::entries(&workload.problem, &operands);
        entries.extend(peers::entries(&workload.problem, &operands));
        for mut entry in entries {
            let values = entry.candidate.result().expect("a result");
            assert_eq!(reference.check(&values), Ok(()), "{}, {}", workload.name, entry.name);
        }
    }
}
