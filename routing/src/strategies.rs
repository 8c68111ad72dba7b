//! How one of several able agents is chosen: one file and one line each.
//!
//! A strategy is an order: every able agent has a rank that changes only with what they do, so that the first is found without
//! looking at the others. Before the strategy come the ring (those asked from the beginning before those asked later) and the
//! preferred skills; after it the name.

mod best_skill_longest_idle;
mod by_value;
mod least_busy;
mod longest_idle;
mod ring_all;
mod round_robin;
mod weighted;

use std::time::Duration;

use kernel::Time;

/// An agent who could take the work now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// Their level in the queue's skills: the lowest of those it asks for, 0 when it asks for none.
    pub level: u8,
    /// Since when they neither took nor finished work.
    pub idle_since: Time,
    /// Pieces of work in hand.
    pub held: u16,
    /// Time spent on work since they came.
    pub worked: Duration,
    /// Offers taken, divided by their weight; raised to the others' when they come back.
    pub turn: u64,
}

/// How the ranks are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The lowest rank gets the offer.
    First,
    /// The next by name after whoever was chosen last.
    InTurn,
    /// All get it, at most ten; the first to answer has it.
    All,
    /// The highest score that the work brought, and the lowest rank among those without one.
    Scored,
}

/// A way to choose.
#[derive(Debug)]
pub struct Strategy {
    /// Its name in the configuration.
    pub name: &'static str,
    /// What it does, in one line.
    pub help: &'static str,
    /// The same in Chinese.
    pub help_zh: &'static str,
    /// Lower goes first.
    pub rank: fn(&Candidate) -> (u64, u64),
    /// How the ranks are used.
    pub order: Order,
}

/// The strategy of a queue that names none.
pub const DEFAULT_STRATEGY: &str = "best_skill_longest_idle";

/// Every strategy, sorted by name.
pub const STRATEGIES: &[Strategy] = &[
    best_skill_longest_idle::STRATEGY,
    by_value::STRATEGY,
    least_busy::STRATEGY,
    longest_idle::STRATEGY,
    ring_all::STRATEGY,
    round_robin::STRATEGY,
    weighted::STRATEGY,
];

/// Names of all strategies, sorted.
pub fn strategy_names() -> impl Iterator<Item = &'static str> {
    STRATEGIES.iter().map(|strategy| strategy.name)
}

/// The strategy of a name; the default for a name that is none (the configuration refuses those before).
pub(crate) fn strategy(name: &str) -> &'static Strategy {
    let known = STRATEGIES.iter().find(|strategy| strategy.name == name);
    known.unwrap_or(&best_skill_longest_idle::STRATEGY)
}

/// Higher levels first.
pub(crate) const fn by_level(one: &Candidate) -> u64 {
    10_u8.saturating_sub(one.level) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_is_sorted_and_has_the_default() {
        let names: Vec<_> = strategy_names().collect();
        assert!(names.is_sorted());
        assert!(names.contains(&DEFAULT_STRATEGY));
        assert_eq!(strategy("no such thing").name, DEFAULT_STRATEGY);
    }

    #[test]
    fn every_strategy_says_what_it_does_in_both_languages() {
        for strategy in STRATEGIES {
            assert!(!strategy.help.is_empty() && !strategy.help_zh.is_ascii(), "{}", strategy.name);
        }
    }
}
