//! Whoever has been idle longest, whatever their level; among equals the first by name.

use super::{Order, Strategy};

/// The strategy.
pub const STRATEGY: Strategy = Strategy {
    name: "longest_idle",
    help: "the longest idle among all who have the skill",
    help_zh: "具备技能者中空闲最久者优先",
    rank: |one| (one.idle_since.as_nanos(), 0),
    order: Order::First,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Candidate;

    #[test]
    fn level_does_not_count() {
        let one = |level, idle| {
            (STRATEGY.rank)(&Candidate {
                level,
                idle_since: kernel::Time::from_millis(idle),
                ..Candidate::default()
            })
        };
        assert!(one(1, 10) < one(9, 20));
    }
}
