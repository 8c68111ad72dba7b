//! The best in the skill; among equals whoever has been idle longest; among those the first by name.

use super::{Order, Strategy, by_level};

/// The strategy.
pub const STRATEGY: Strategy = Strategy {
    name: "best_skill_longest_idle",
    help: "the highest level in the skill, then the longest idle",
    help_zh: "技能等级最高者优先，其次是空闲最久者",
    rank: |one| (by_level(one), one.idle_since.as_nanos()),
    order: Order::First,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Candidate;

    #[test]
    fn level_comes_first_then_idle() {
        let one = |level, idle| {
            (STRATEGY.rank)(&Candidate {
                level,
                idle_since: kernel::Time::from_millis(idle),
                ..Candidate::default()
            })
        };
        assert!(one(5, 20) < one(3, 10));
        assert!(one(5, 10) < one(5, 20));
    }
}
