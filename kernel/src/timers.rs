//! A small named timer table, after the one in quinn-proto: a core owns one and reports its minimum.

use crate::Time;
use std::collections::BTreeMap;

/// Deadlines by name. Few per machine, so a map is enough.
#[derive(Clone, Debug)]
pub struct Timers<K: Ord>(BTreeMap<K, Time>);

impl<K: Ord> Default for Timers<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord + Copy> Timers<K> {
    /// Sets (or moves) a deadline.
    pub fn set(&mut self, name: K, at: Time) {
        self.0.insert(name, at);
    }

    /// Forgets a deadline.
    pub fn clear(&mut self, name: K) {
        self.0.remove(&name);
    }

    /// The deadline of a name, if set.
    #[must_use]
    pub fn at(&self, name: K) -> Option<Time> {
        self.0.get(&name).copied()
    }

    /// The earliest deadline.
    #[must_use]
    pub fn next_timeout(&self) -> Option<Time> {
        self.0.values().min().copied()
    }

    /// Takes out one timer that is due, earliest first.
    pub fn pop_due(&mut self, now: Time) -> Option<K> {
        let (name, _) = self.0.iter().filter(|(_, at)| **at <= now).min_by_key(|(_, at)| **at)?;
        let name = *name;
        self.0.remove(&name);
        Some(name)
    }
}
