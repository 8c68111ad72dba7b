//! How somebody waits in a queue: read from the record, written to it, and taken from the flow.
//!
//! Promises: what is written is read again; nonsense is the usual wait. Leaves to others: what is kept (`routing::Queued`).

use std::time::Duration;

use routing::{SkillWish, Sticky, Wishes};

pub use routing::{QUEUED, Queued};

/// Reads the particulars of an entry `queued`.
#[must_use]
pub fn read_queued(detail: &str) -> Queued {
    serde_json::from_str(detail).unwrap_or_default()
}

pub(crate) fn written(queued: &Queued) -> String {
    serde_json::json!(queued).to_string()
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
        assert_eq!(read_queued(&written(&queued)), queued);
        let usual = Queued { queue: Some("support".into()), ..Queued::default() };
        assert_eq!(read_queued(r#"{"queue":"support"}"#), usual);
        assert_eq!(written(&usual), r#"{"queue":"support"}"#);
        assert_eq!(read_queued("nonsense"), Queued::default());
    }
}
