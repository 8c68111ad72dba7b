//! Whoever has least in hand; among those whoever has worked least since they came.

use super::{Order, Strategy};

/// The strategy.
pub const STRATEGY: Strategy = Strategy {
    name: "least_busy",
    help: "the fewest pieces of work in hand, then the least time worked since they came",
    help_zh: "手上工作最少者优先，其次是到岗以来工作时间最短者",
    rank: |one| (u64::from(one.held), u64::try_from(one.worked.as_millis()).unwrap_or(u64::MAX)),
    order: Order::First,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Candidate;

    #[test]
    fn what_is_in_hand_comes_before_what_was_done() {
        let one = |held, secs| {
            (STRATEGY.rank)(&Candidate {
                held,
                worked: std::time::Duration::from_secs(secs),
                ..Candidate::default()
            })
        };
        assert!(one(0, 900) < one(1, 10));
        assert!(one(1, 10) < one(1, 20));
    }
}
