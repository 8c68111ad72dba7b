//! What leaves by a channel: where each message stands, and when it is tried again.
//!
//! Promises: the spans between two tries double up to an hour; after a day of them it is given up, which people see.
//! Leaves to others: sending (the gateway), keeping (`store`), the words of each channel (`channels`).

use serde::{Deserialize, Serialize};

use crate::WallMillis;

/// The first span before another try: a restart of the other side takes some seconds.
const FIRST_MS: i64 = 2_000;
/// The longest.
const LONGEST_MS: i64 = 3_600_000;
/// Tried no more after this: whoever is unreachable for a day needs a person to look.
const GIVE_UP_MS: i64 = 24 * 3_600_000;

/// How a customer is answered by a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// The channel's name in the configuration.
    pub channel: String,
    /// Who is at the other end, as the channel spells it (a number, an open id, the first letter of an exchange of letters).
    pub peer: String,
    /// The same as an address of a person.
    pub address: String,
    /// What is sent to them.
    pub sends: Sends,
    /// What the channel keeps of this exchange (JSON object text).
    pub state: String,
    /// When the customer was last heard of.
    pub heard_at: WallMillis,
}

/// What is sent to a customer who is answered by a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sends {
    /// Nothing: they read by themselves.
    Nothing,
    /// What people write: nobody wants letters of a machine, and two machines would go on for ever.
    People,
    /// What the flow says, too.
    Everything,
}

/// A message that came by a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// The channel's name in the configuration.
    pub channel: String,
    /// What the sender calls it: the same one is taken once.
    pub external: String,
    /// Of what it said, so that the same name with other words is noticed.
    pub digest: String,
    /// What the channel keeps from now on, if that changed.
    pub state: Option<String>,
    /// When.
    pub at: WallMillis,
}

/// Where a message to a customer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// To be sent, or sent again.
    Waiting,
    /// The other side has it.
    Sent,
    /// Given up.
    Failed,
}

/// A step of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum DeliveryStep {
    /// The other side has it, under this name of its own.
    Sent {
        /// As the other side calls it.
        external: Option<String>,
    },
    /// It did not go; tried again then.
    Postponed {
        /// Stable code or the other side's words.
        why: String,
        /// When.
        due_at: WallMillis,
    },
    /// Given up; an agent may try again.
    Failed {
        /// Stable code or the other side's words.
        why: String,
    },
    /// An agent tries again.
    Again {
        /// Who.
        by: String,
    },
}

/// A message on its way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The conversation.
    pub conversation: kernel::InteractionId,
    /// The entry there.
    pub seq: i64,
    /// The channel's name in the configuration.
    pub channel: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub tries: i64,
    /// Since when it is to be sent.
    pub since: WallMillis,
    /// Why it waits or failed.
    pub why: Option<String>,
}

/// How long to wait after a try that failed when `before` failed before it.
pub(crate) fn span_after(before: i64) -> i64 {
    let doublings = u32::try_from(before.clamp(0, 16)).unwrap_or(16);
    FIRST_MS.saturating_mul(1 << doublings).min(LONGEST_MS)
}

impl Delivery {
    /// The name by which the other side knows a second try from a second message.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}.{}", self.conversation, self.seq)
    }

    /// What follows from a try that failed at `now` for a reason that may pass. `at_least` is what the other side asked for.
    #[must_use]
    pub fn postponed(&self, why: String, now: WallMillis, at_least: Option<i64>) -> DeliveryStep {
        if now.saturating_sub(self.since) >= GIVE_UP_MS {
            return DeliveryStep::Failed { why };
        }
        let span = span_after(self.tries).max(at_least.unwrap_or(0)).min(LONGEST_MS);
        DeliveryStep::Postponed { why, due_at: now.saturating_add(span) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(tries: i64) -> Delivery {
        Delivery {
            conversation: kernel::InteractionId { node: 1, serial: 7 },
            seq: 3,
            channel: "sms".into(),
            state: DeliveryState::Waiting,
            tries,
            since: 1_000,
            why: None,
        }
    }

    #[test]
    fn spans_double_up_to_an_hour_and_end_after_a_day() {
        let mut now = 1_000;
        let mut spans = Vec::new();
        for tries in 0.. {
            match delivery(tries).postponed("x".into(), now, None) {
                DeliveryStep::Postponed { due_at, .. } => {
                    spans.push(due_at - now);
                    now = due_at;
                }
                other => {
                    assert_eq!(other, DeliveryStep::Failed { why: "x".into() });
                    break;
                }
            }
        }
        assert_eq!(spans[..4], [2_000, 4_000, 8_000, 16_000]);
        assert!(spans.iter().all(|span| *span <= LONGEST_MS));
        assert!((24..=48).contains(&spans.len()), "{} tries", spans.len());
    }

    #[test]
    fn who_asks_for_more_time_gets_it() {
        let step = delivery(0).postponed("busy".into(), 1_000, Some(60_000));
        assert_eq!(step, DeliveryStep::Postponed { why: "busy".into(), due_at: 61_000 });
        assert_eq!(delivery(0).id(), "1-7.3");
    }
}
