//! Which array is made of which two, and how the labels of intermediates lie in memory.

use super::layout::{natural, suited};

/// A contraction tree: the leaves first, then results, each behind what it is made of. The last one is the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    leaves: usize,
}

/// An array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    /// Of a result, in the order in which they lie in memory, the longest stride first.
    pub(super) labels: Vec<usize>,
    /// None for a leaf, one for a sum or a copy, two for a product.
    pub(super) children: Vec<usize>,
}

impl Node {
    pub(super) fn has(&self, label: usize) -> bool {
        self.labels.contains(&label)
    }
}

impl Tree {
    /// The tree for leaves with these labels, of these extents. `pairs` count the leaves from 0 and go on with their results;
    /// each label of the output is in a leaf.
    pub(super) fn new(
        leaves: Vec<Vec<usize>>,
        output: &[usize],
        pairs: &[[usize; 2]],
        extents: &[usize],
    ) -> Self {
        let mut owners = vec![0_usize; extents.len()];
        leaves.iter().flatten().chain(output).for_each(|&label| owners[label] += 1);
        let nodes: Vec<Node> =
            leaves.into_iter().map(|labels| Node { labels, children: Vec::new() }).collect();
        let mut tree = Self { leaves: nodes.len(), nodes };
        let mut numbers: Vec<usize> =
            (0..tree.leaves).map(|leaf| tree.without_lone(leaf, &mut owners)).collect();
        for &[a, b] in pairs {
            numbers.push(tree.join([numbers[a], numbers[b]], &mut owners, extents));
        }
        if tree.nodes.len() == tree.leaves {
            tree.nodes.push(Node { labels: output.to_vec(), children: vec![0] });
        }
        tree.arrange(output);
        tree
    }

    /// A tree of these nodes, of which the leaves come first.
    pub(super) fn of_nodes(nodes: Vec<Node>, leaves: usize) -> Self {
        Self { nodes, leaves }
    }

    /// A leaf, or the sum of it over labels that nobody else has.
    fn without_lone(&mut self, leaf: usize, owners: &mut [usize]) -> usize {
        let labels = &self.nodes[leaf].labels;
        let kept: Vec<usize> = labels.iter().copied().filter(|&label| owners[label] > 1).collect();
        if kept.len() == labels.len() {
            return leaf;
        }
        self.nodes.push(Node { labels: kept, children: vec![leaf] });
        self.nodes.len() - 1
    }

    /// The product of two nodes, summed over the labels that nobody else has. Its labels lie as those of the larger one do.
    fn join(&mut self, children: [usize; 2], owners: &mut [usize], extents: &[usize]) -> usize {
        for child in children {
            self.nodes[child].labels.iter().for_each(|&label| owners[label] -= 1);
        }
        let size = |child: usize| {
            self.nodes[child].labels.iter().map(|&label| extents[label] as f64).product::<f64>()
        };
        let (larger, other) = if size(children[0]) >= size(children[1]) { (0, 1) } else { (1, 0) };
        let [larger, other] = [larger, other].map(|child| &self.nodes[children[child]].labels[..]);
        let labels = natural(larger, other, |label| owners[label] > 0);
        labels.iter().for_each(|&label| owners[label] += 1);
        self.nodes.push(Node { labels, children: children.to_vec() });
        self.nodes.len() - 1
    }

    /// Orders the labels of all results, from the root on, as the next step reads them best.
    fn arrange(&mut self, output: &[usize]) {
        self.nodes.last_mut().expect("a tree has a root").labels = output.to_vec();
        for node in (self.leaves..self.nodes.len()).rev() {
            for (position, &child) in self.nodes[node].children.clone().iter().enumerate() {
                if child >= self.leaves {
                    let sibling = self.nodes[node].children.get(1 - position);
                    let sibling = sibling.map_or(&[][..], |&sibling| &self.nodes[sibling].labels);
                    self.nodes[child].labels =
                        suited(&self.nodes[child].labels, &self.nodes[node].labels, sibling);
                }
            }
        }
    }

    pub(super) fn node(&self, number: usize) -> &Node {
        &self.nodes[number]
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(super) fn root(&self) -> usize {
        self.nodes.len() - 1
    }

    pub(super) fn leaves(&self) -> usize {
        self.leaves
    }

    pub(super) fn is_leaf(&self, node: usize) -> bool {
        node < self.leaves
    }

    /// The nodes below one, and itself.
    pub(super) fn subtree(&self, node: usize) -> Vec<usize> {
        let mut nodes = vec![node];
        let mut next = 0;
        while next < nodes.len() {
            nodes.extend_from_slice(&self.nodes[nodes[next]].children);
            next += 1;
        }
        nodes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(leaves: &[&[usize]], output: &[usize], pairs: &[[usize; 2]]) -> Tree {
        Tree::new(leaves.iter().map(|labels| labels.to_vec()).collect(), output, pairs, &[2; 10])
    }

    #[test]
    fn results_keep_what_others_need() {
        // ij,jk,kl->il
        let chain = tree(&[&[0, 1], &[1, 2], &[2, 3]], &[0, 3], &[[0, 1], [3, 2]]);
        assert_eq!(chain.node(3).labels, [0, 2]);
        assert_eq!((chain.root(), chain.node(4).labels.as_slice()), (4, &[0, 3][..]));
        assert_eq!(chain.subtree(4), [4, 3, 2, 0, 1]);
        // A label that three arrays have is kept by the first product.
        let hyper = tree(&[&[0, 1], &[0, 2], &[0, 3]], &[1, 2, 3], &[[0, 1], [3, 2]]);
        assert_eq!(hyper.node(3).labels, [0, 1, 2]);
    }

    #[test]
    fn lone_labels_are_summed_first() {
        let tree = tree(&[&[0, 1], &[1, 2]], &[0], &[[0, 1]]);
        assert_eq!((tree.node(2).labels.as_slice(), tree.node(2).children.as_slice()), (&[1][..], &[1][..]));
        assert_eq!(tree.node(3).children, [0, 2]);
    }

    #[test]
    fn one_leaf_is_summed_or_copied() {
        assert_eq!(tree(&[&[0, 1]], &[1, 0], &[]).node(1).labels, [1, 0]);
        assert_eq!(tree(&[&[0, 1]], &[0], &[]).root(), 1);
    }

    #[test]
    fn intermediates_lie_as_the_next_step_reads_them() {
        // jr,kr->jkr and ijk,jkr->ir: the sums in the order of the other array, neighbours along `r`.
        let [i, j, k, r] = [0, 1, 2, 3];
        let mttkrp = tree(&[&[i, j, k], &[j, r], &[k, r]], &[i, r], &[[1, 2], [0, 3]]);
        assert_eq!(mttkrp.node(3).labels, [j, k, r]);
        // ijk,kr->ijr and ijr,jr->ir: `r` is in all, and stays innermost.
        let mttkrp = tree(&[&[i, j, k], &[j, r], &[k, r]], &[i, r], &[[0, 2], [3, 1]]);
        assert_eq!(mttkrp.node(3).labels, [i, j, r]);
        // ij,jk->ik and ik,kl->il, whose neighbours are those of the other array: rows of sums.
        let chain = tree(&[&[0, 1], &[1, 2], &[2, 3]], &[0, 3], &[[0, 1], [3, 2]]);
        assert_eq!(chain.node(3).labels, [0, 2]);
    }
}
