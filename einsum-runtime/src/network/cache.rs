//! Plans that a call remembers, for the next time that it has the same extents and layouts.

use std::sync::{Arc, Mutex, PoisonError};

use super::prepared::Prepared;

/// The plans that a call has made, by what they depend on. Each call has its own.
#[derive(Debug, Default)]
pub struct Cache {
    plans: Mutex<Vec<(Vec<usize>, Arc<Prepared>)>>,
}

/// How many a call remembers: those that were made last.
const PLANS: usize = 8;

impl Cache {
    /// Without plans.
    #[must_use]
    pub const fn new() -> Self {
        Self { plans: Mutex::new(Vec::new()) }
    }

    /// The plan for a signature, made if there is none yet.
    pub(super) fn get<E>(
        &self,
        signature: Vec<usize>,
        make: impl FnOnce() -> Result<Prepared, E>,
    ) -> Result<Arc<Prepared>, E> {
        // Plans are whole, even where a thread has panicked meanwhile.
        let plans = || self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, plan)) = plans().iter().find(|(known, _)| *known == signature) {
            return Ok(Arc::clone(plan));
        }
        let plan = Arc::new(make()?);
        let mut plans = plans();
        // Another thread may have made it meanwhile.
        if plans.iter().any(|(known, _)| *known == signature) {
            return Ok(plan);
        }
        if plans.len() == PLANS {
            plans.remove(0);
        }
        plans.push((signature, Arc::clone(&plan)));
        Ok(plan)
    }
}

/// A copy remembers nothing.
impl Clone for Cache {
    fn clone(&self) -> Self {
        Self::new()
    }
}

/// What is remembered makes no difference.
impl PartialEq for Cache {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Cache {}

#[cfg(test)]
mod tests {
    use core::convert::Infallible;

    use super::super::program::{Limits, Program};
    use super::super::tree::Tree;
    use super::*;

    fn prepared(extent: usize) -> Result<Prepared, Infallible> {
        let tree = Tree::new(vec![vec![0]], &[0], &[], &[extent]);
        let program = Program::new(&tree, &[extent], Limits::of(8));
        Ok(Prepared { tree, program })
    }

    #[test]
    fn a_plan_is_made_once_and_the_oldest_is_forgotten() {
        let (cache, made) = (Cache::new(), core::cell::Cell::new(0));
        let get = |extent: usize| {
            let make = || {
                made.set(made.get() + 1);
                prepared(extent)
            };
            let Ok(_) = cache.get(vec![extent], make);
        };
        (0..PLANS).for_each(get);
        (0..PLANS).for_each(get);
        assert_eq!(made.get(), PLANS);
        get(PLANS);
        get(PLANS - 1);
        assert_eq!(made.get(), PLANS + 1);
        get(0);
        assert_eq!(made.get(), PLANS + 2);
    }
}
