//! Whoever has been idle longest, whatever their level; among equals the first by name.

use std::cmp::Reverse;

use super::Strategy;

/// The strategy.
pub const STRATEGY: Strategy = Strategy {
    name: "longest_idle",
    help: "the longest idle among all who have the skill",
    pick: |candidates, _| {
        let best = candidates.iter().enumerate().max_by_key(|(_, one)| (one.idle_ms, Reverse(one.name)));
        best.map(|(at, _)| at)
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Candidate;

    #[test]
    fn level_does_not_count() {
        let names = ["a", "b"].map(kernel::AgentName::from);
        let able = [
            Candidate { name: &names[0], level: 9, idle_ms: 1 },
            Candidate { name: &names[1], level: 1, idle_ms: 2 },
        ];
        assert_eq!((STRATEGY.pick)(&able, None), Some(1));
    }
}
