//! In turn by name: the next after whoever was chosen last, and from the beginning again.

use super::Strategy;

/// The strategy.
pub const STRATEGY: Strategy = Strategy {
    name: "round_robin",
    help: "each in turn, by name",
    pick: |candidates, last| {
        let best = candidates
            .iter()
            .enumerate()
            .min_by_key(|(_, one)| (last.is_some_and(|last| one.name <= last), one.name));
        best.map(|(at, _)| at)
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Candidate;

    #[test]
    fn everybody_has_a_turn() {
        let names = ["a", "b", "c"].map(kernel::AgentName::from);
        let able = names.each_ref().map(|name| Candidate { name, level: 1, idle_ms: 0 });
        assert_eq!((STRATEGY.pick)(&able, None), Some(0));
        assert_eq!((STRATEGY.pick)(&able, Some(&names[0])), Some(1));
        assert_eq!((STRATEGY.pick)(&able, Some(&names[2])), Some(0));
    }
}
