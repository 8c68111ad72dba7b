//! What was promised about waiting: so many percent answered within so many seconds, by queue.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Answered within so many seconds.
    pub seconds: u32,
    /// Of so many percent.
    pub percent: u8,
}

impl Default for Target {
    /// The trade's usual promise: 80 percent within 20 seconds.
    fn default() -> Self {
        Self { seconds: 20, percent: 80 }
    }
}

/// The promises of an installation: the setting `targets`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Targets {
    /// Of queues without a line of their own.
    pub usual: Target,
    /// By queue.
    pub queues: BTreeMap<String, Target>,
}

impl Targets {
    /// The promise of a queue.
    #[must_use]
    pub fn of(&self, queue: &str) -> Target {
        self.queues.get(queue).copied().unwrap_or(self.usual)
    }

    /// The first number that makes no sense: its field and what would be right.
    #[must_use]
    pub fn fault(&self) -> Option<(String, &'static str)> {
        let named = self.queues.iter().map(|(name, target)| (format!("queues.{name}"), target));
        let mut all = core::iter::once(("usual".to_owned(), &self.usual)).chain(named);
        all.find_map(|(field, target)| match target {
            Target { seconds: 1..=86_400, percent: 1..=100 } => None,
            Target { seconds: 1..=86_400, .. } => Some((format!("{field}.percent"), "expected 1 to 100")),
            _ => Some((format!("{field}.seconds"), "expected 1 to 86400")),
        })
    }
}
