//! All deadlines of the endpoint in order of time.

use std::collections::BTreeSet;

use kernel::Time;

use crate::io::Connection;

/// Whose deadline it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    Server(u64),
    Client(u64),
    Dialog(u64),
    Stream(Connection),
    Watch(u64),
}

/// The deadlines. Whoever has one remembers it, so that moving it needs no search.
#[derive(Debug, Default)]
pub(super) struct Agenda(BTreeSet<(Time, Due)>);

impl Agenda {
    /// Moves a deadline from where `entry` says it is to `at`.
    pub(super) fn set(&mut self, due: Due, entry: &mut Option<Time>, at: Option<Time>) {
        if *entry == at {
            return;
        }
        self.clear(due, *entry);
        if let Some(at) = at {
            self.0.insert((at, due));
        }
        *entry = at;
    }

    /// Forgets a deadline.
    pub(super) fn clear(&mut self, due: Due, entry: Option<Time>) {
        if let Some(at) = entry {
            self.0.remove(&(at, due));
        }
    }

    /// The earliest.
    pub(super) fn next(&self) -> Option<Time> {
        self.0.first().map(|(at, _)| *at)
    }

    /// Takes out one that is due.
    pub(super) fn pop(&mut self, now: Time) -> Option<Due> {
        let (at, due) = *self.0.first()?;
        if at > now {
            return None;
        }
        self.0.pop_first();
        Some(due)
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
