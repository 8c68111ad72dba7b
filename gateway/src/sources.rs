//! How many calls each source has at once, where `[sip.guard] calls_at_once` sets a limit.
//!
//! Promises: a call counts until its guard drops, and on no other road. Leaves to others: how fast they come (`signaling::guard`).

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use signaling::guard::Source;

use crate::trunks::OnTrunk;

/// Calls that go on, by source.
#[derive(Debug, Default)]
pub struct Sources(Mutex<BTreeMap<Source, u32>>);

/// A call of a source; it is counted until this drops.
#[must_use]
pub struct FromSource {
    sources: Arc<Sources>,
    source: Source,
}

/// What counts a call that came in: its trunk, or its source.
pub enum CameBy {
    /// A carrier.
    Trunk(OnTrunk),
    /// Anybody else.
    Source(FromSource),
}

impl Sources {
    /// Counts a call; `None`: the source has `most` already.
    pub fn admit(self: &Arc<Self>, from: IpAddr, most: u32) -> Option<FromSource> {
        let source = Source::of(from);
        let mut live = self.lock();
        let calls = live.entry(source).or_default();
        if *calls >= most {
            return None;
        }
        *calls += 1;
        Some(FromSource { sources: Arc::clone(self), source })
    }

    /// A poisoned lock still holds numbers that count.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Source, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for FromSource {
    fn drop(&mut self) {
        let mut live = self.sources.lock();
        match live.get_mut(&self.source) {
            Some(1) | None => drop(live.remove(&self.source)),
            Some(calls) => *calls -= 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_has_so_many_calls_at_once_and_others_are_not_concerned() {
        let sources = Arc::new(Sources::default());
        let (one, other) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        let first = sources.admit(one, 2).expect("room");
        let second = sources.admit(one, 2).expect("room");
        assert!(sources.admit(one, 2).is_none());
        let third = sources.admit(other, 2).expect("another source");
        drop(first);
        let again = sources.admit(one, 2).expect("room again");
        drop((second, third, again));
        assert!(sources.lock().is_empty());
    }
}
