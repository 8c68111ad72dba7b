//! How one of several able agents is chosen: one file and one line each.

mod best_skill_longest_idle;
mod longest_idle;
mod round_robin;

use kernel::AgentName;

/// An agent who could take the work now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Who.
    pub name: &'a AgentName,
    /// Their level in the queue's skills: the lowest of those it wishes for, 0 when it wishes for none.
    pub level: u8,
    /// How long since they last took or finished work, or came, in milliseconds.
    pub idle_ms: u64,
}

/// A way to choose.
pub struct Strategy {
    /// Its name in the configuration.
    pub name: &'static str,
    /// What it does, in one line.
    pub help: &'static str,
    /// The position of the chosen one; `last` was chosen before in this queue. `None` only when there is nobody.
    pub pick: fn(candidates: &[Candidate<'_>], last: Option<&AgentName>) -> Option<usize>,
}

/// The strategy of a queue that names none.
pub const DEFAULT_STRATEGY: &str = "best_skill_longest_idle";

/// Every strategy, sorted by name.
pub const STRATEGIES: &[Strategy] =
    &[best_skill_longest_idle::STRATEGY, longest_idle::STRATEGY, round_robin::STRATEGY];

/// Names of all strategies, sorted.
pub fn strategy_names() -> impl Iterator<Item = &'static str> {
    STRATEGIES.iter().map(|strategy| strategy.name)
}

/// The strategy of a name; the default for a name that is none (the configuration refuses those before).
pub(crate) fn strategy(name: &str) -> &'static Strategy {
    let known = STRATEGIES.iter().find(|strategy| strategy.name == name);
    known.unwrap_or(&best_skill_longest_idle::STRATEGY)
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
    fn every_strategy_picks_somebody_if_there_is_anybody() {
        let name = AgentName::from("a");
        let one = [Candidate { name: &name, level: 0, idle_ms: 0 }];
        for strategy in STRATEGIES {
            assert_eq!((strategy.pick)(&[], Some(&name)), None, "{}", strategy.name);
            assert_eq!((strategy.pick)(&one, Some(&name)), Some(0), "{}", strategy.name);
        }
    }
}
