//! How work waits in a queue, as the record keeps it: a restart must not lose what its place follows from, and a day that is tried
//! anew must ask for the same.
//!
//! Promises: older records, which say only the queue, are read as the usual wait. Leaves to others: the text (`interaction`,
//! `api`) and the place, which is the moment of arrival.

use kernel::QueueName;
use serde::{Deserialize, Serialize};

use crate::Wishes;

/// The code of the entry.
pub const QUEUED: &str = "queued";

/// Particulars of the entry `queued`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    /// Which queue; `None` in a record without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueName>,
    /// Higher goes first.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub priority: i32,
    /// What else is wanted.
    #[serde(default, skip_serializing_if = "wants_nothing")]
    pub wishes: Wishes,
}

impl Queued {
    /// Whether it asks for more than its queue does.
    #[must_use]
    pub fn is_special(&self) -> bool {
        !(is_usual(&self.priority) && wants_nothing(&self.wishes))
    }
}

fn is_usual(priority: &i32) -> bool {
    *priority == 0
}

fn wants_nothing(wishes: &Wishes) -> bool {
    *wishes == Wishes::default()
}
