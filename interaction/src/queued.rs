//! How somebody waits in a queue, as the record keeps it: a restart must not lose what their place follows from.
//!
//! Promises: what is written is read again; older records, which say only the queue, are read as the usual wait.
//! Leaves to others: the place itself, which is the moment of arrival (`desk::Conversation::queued_at`).

use std::time::Duration;

use kernel::QueueName;
use routing::{SkillWish, Sticky, Wishes};
use serde::{Deserialize, Serialize};

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

fn is_usual(priority: &i32) -> bool {
    *priority == 0
}

fn wants_nothing(wishes: &Wishes) -> bool {
    *wishes == Wishes::default()
}

impl Queued {
    /// Reads the entry's particulars; nonsense is the usual wait.
    #[must_use]
    pub fn read(detail: &str) -> Self {
        serde_json::from_str(detail).unwrap_or_default()
    }

    pub(crate) fn written(&self) -> String {
        serde_json::json!(self).to_string()
    }
}

/// What the flow says that a customer needs, as the router takes it.
pub(crate) fn wishes(wants: ivr::Wants) -> Wishes {
    let ivr::Wants { skills, tier, agent, scores } = wants;
    Wishes {
        skills: skills.into_iter().map(|(skill, at_least)| SkillWish { skill, at_least }).collect(),
        tier,
        sticky: agent.map(|(agent, patience)| Sticky { agent, patience }),
        scores,
        ..Wishes::default()
    }
}

/// Whole minutes, at least one: nobody is told of seconds.
pub(crate) fn minutes(wait: Duration) -> u32 {
    u32::try_from(wait.as_secs().saturating_add(30) / 60).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_old_records_are_the_usual_wait() {
        let queued = Queued {
            queue: Some("support".into()),
            priority: 7,
            wishes: Wishes { tier: Some("vip".to_owned()), callback: true, ..Wishes::default() },
        };
        assert_eq!(Queued::read(&queued.written()), queued);
        let usual = Queued { queue: Some("support".into()), ..Queued::default() };
        assert_eq!(Queued::read(r#"{"queue":"support"}"#), usual);
        assert_eq!(usual.written(), r#"{"queue":"support"}"#);
        assert_eq!(Queued::read("nonsense"), Queued::default());
    }
}
