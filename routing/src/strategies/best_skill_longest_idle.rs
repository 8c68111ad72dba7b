//! The best in the skill; among equals whoever has been idle longest; among those the first by name.

use std::cmp::Reverse;

use super::Strategy;

/// The strategy.
pub const STRATEGY: Strategy = Strategy {
    name: "best_skill_longest_idle",
    help: "the highest level in the skill, then the longest idle",
    pick: |candidates, _| {
        let best =
            candidates.iter().enumerate().max_by_key(|(_, one)| (one.level, one.idle_ms, Reverse(one.name)));
        best.map(|(at, _)| at)
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Candidate;

    #[test]
    fn level_comes_first_then_idle_then_name() {
        let names = ["a", "b", "c", "d"].map(kernel::AgentName::from);
        let levels = [(3, 900), (5, 10), (5, 20), (5, 20)];
        let able: Vec<_> = names
            .iter()
            .zip(levels)
            .map(|(name, (level, idle_ms))| Candidate { name, level, idle_ms })
            .collect();
        assert_eq!((STRATEGY.pick)(&able, None), Some(2));
        assert_eq!((STRATEGY.pick)(&able[..2], None), Some(1));
    }
}
