//! All contraction trees of a few arrays.

use alloc::vec::Vec;

use super::Order;

/// The most arrays whose trees are listed: four have 15, five 105.
const MOST: usize = 4;

/// The orders of this many arrays, one for each tree; `None` if there are too many.
pub(super) fn all(arrays: usize) -> Option<Vec<Order>> {
    if arrays > MOST {
        return None;
    }
    let mut orders = Vec::new();
    extend(&(0..arrays).collect::<Vec<_>>(), arrays, &mut Vec::new(), &mut orders);
    Some(orders)
}

/// Contracts each two of the arrays that are left, where the pair comes behind the last one: independent pairs have but one
/// order then.
fn extend(left: &[usize], next: usize, pairs: &mut Vec<[usize; 2]>, orders: &mut Vec<Order>) {
    if left.len() <= 1 {
        orders.push(Order { pairs: pairs.clone() });
        return;
    }
    for (position, &b) in left.iter().enumerate() {
        for &a in &left[..position] {
            let follows = pairs.last().is_none_or(|&last| [a, b] > last || b == next - 1);
            if follows {
                let mut rest: Vec<usize> =
                    left.iter().copied().filter(|&array| array != a && array != b).collect();
                rest.push(next);
                pairs.push([a, b]);
                extend(&rest, next + 1, pairs, orders);
                pairs.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tree_is_listed_once() {
        let counts = [1, 1, 1, 3, 15].into_iter().enumerate();
        for (arrays, count) in counts {
            assert_eq!(all(arrays).unwrap().len(), count, "{arrays}");
        }
        assert!(all(5).is_none());
        assert_eq!(all(3).unwrap()[0].pairs, [[0, 1], [2, 3]]);
    }
}
