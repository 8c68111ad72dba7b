//! What the router is told (`In`) and what it orders (`Out`).

use std::collections::BTreeMap;
use std::time::Duration;

use kernel::{AgentName, InteractionId, QueueName, Time};
use serde::{Deserialize, Serialize};

use crate::reason::{OfferReason, Span};
use crate::{AgentStatus, Medium, QueueStatus, Setup, SkillWish};

/// Whom work is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// Whoever the queue's rules pick.
    Queue(QueueName),
    /// One agent, directly (a dialled extension), ready or not; refused at once (`Out::Unavailable`) when they cannot be
    /// rung. It rings 30 s; when that ends unanswered (`Out::OfferOver`) the router knows the work no more.
    Agent(AgentName),
}

/// The agent who should have it, for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sticky {
    /// Who.
    pub agent: AgentName,
    /// How long it waits for them alone, counted from the first arrival; less when they are not there.
    pub patience: Duration,
}

/// What this piece of work wants besides its queue's rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wishes {
    /// Further skills that an agent must have, whatever the ring (the customer's language).
    pub skills: Vec<SkillWish>,
    /// The customer's tier, as configured.
    pub tier: Option<String>,
    /// The agent who should have it.
    pub sticky: Option<Sticky>,
    /// Agents' scores from a lookup, for the strategy `by_value`; at most 64 count.
    pub scores: BTreeMap<AgentName, i64>,
    /// Not to be offered before. Its place is kept and counts.
    pub not_before: Option<Time>,
    /// Nobody is on the line: the customer is called when an agent has taken it. It waits in the same line.
    pub callback: bool,
}

/// Whether an agent wants work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wants {
    /// Work.
    Work,
    /// A break; the reason as they gave it, or empty.
    Break(String),
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum In {
    /// New configuration.
    Configured(Setup),
    /// The agent's reachability changed: a live desk page and/or a registered phone.
    Reachable {
        /// Who.
        agent: AgentName,
        /// Has at least one live desk page.
        desk: bool,
        /// Has a registered (or fixed) phone.
        phone: bool,
    },
    /// The agent wants work, or a break.
    Ready {
        /// Who.
        agent: AgentName,
        /// What.
        wants: Wants,
    },
    /// As kept from before a restart: they were set aside for missing offers.
    WasSetAside {
        /// Who.
        agent: AgentName,
    },
    /// A queue opens or closes.
    Opened {
        /// Which.
        queue: QueueName,
        /// Whether it is open.
        open: bool,
    },
    /// Work arrives (or comes back after a restart: `since` keeps its place).
    Enqueued {
        /// Which interaction.
        work: InteractionId,
        /// Where to.
        target: Target,
        /// Kind of attention.
        medium: Medium,
        /// Higher goes first; 0 is usual.
        priority: i32,
        /// When it first entered a queue.
        since: Time,
        /// What else it wants.
        wishes: Box<Wishes>,
    },
    /// The customer left, or the work goes elsewhere.
    Withdrawn {
        /// Which.
        work: InteractionId,
    },
    /// The agent took the offer.
    Accepted {
        /// Which.
        work: InteractionId,
        /// Who.
        agent: AgentName,
    },
    /// The agent said no (or the device failed).
    Declined {
        /// Which.
        work: InteractionId,
        /// Who.
        agent: AgentName,
    },
    /// The agent no longer holds the work: wrap-up begins.
    Released {
        /// Which.
        work: InteractionId,
        /// Who.
        agent: AgentName,
    },
    /// The agent finished writing up before the limit.
    WrappedUp {
        /// Who.
        agent: AgentName,
    },
    /// An agent already holds this work (the process restarted and rebuilt it from the record).
    Holding {
        /// Which.
        work: InteractionId,
        /// Who.
        agent: AgentName,
        /// Kind of attention.
        medium: Medium,
        /// The queue that served, if any (its wrap-up applies).
        queue: Option<QueueName>,
    },
    /// A supervisor takes an agent out of whatever keeps them: wrap-up, pause, being set aside, and what they seem to hold
    /// although it is over.
    Reset {
        /// Who.
        agent: AgentName,
        /// What of theirs is not over.
        live: Vec<InteractionId>,
    },
    /// Time has passed.
    Elapsed,
}

/// Why an offer is over before this agent accepted it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferEnd {
    /// Nobody answered in the ring time.
    TimedOut,
    /// The agent declined.
    Declined,
    /// The customer left, or another agent was faster.
    Withdrawn,
    /// The agent's page or phone went away.
    Unreachable,
}

/// What the router wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Out {
    /// Ring this agent for this work.
    Offer {
        /// Which.
        work: InteractionId,
        /// Who.
        agent: AgentName,
        /// Until when.
        until: Time,
        /// Why them.
        why: OfferReason,
    },
    /// Stop ringing.
    OfferOver {
        /// Which.
        work: InteractionId,
        /// Who.
        agent: AgentName,
        /// Why.
        end: OfferEnd,
    },
    /// Direct work cannot be taken (busy, not there), or queued work has waited its time: the router knows it no more and
    /// the interaction decides what next.
    Unavailable {
        /// Which.
        work: InteractionId,
        /// Stable code: `busy`, `unreachable`, `unknown`; `max_wait`, `waited`, `length`, `closed`, `no_agent`.
        why: String,
    },
    /// Work went to another queue, with its place.
    Moved {
        /// Which.
        work: InteractionId,
        /// Where it waits now.
        queue: QueueName,
        /// Stable code as in `Unavailable`.
        why: String,
    },
    /// Work left the router without being taken: what its waiting was made of, for the record.
    Left {
        /// Which.
        work: InteractionId,
        /// Its waiting since the last offer, oldest first.
        waited: Vec<Span>,
    },
    /// The place in the queue changed (1 = next). The first hundred are told of every change, those behind on entering and
    /// again when they come that near.
    Position {
        /// Which.
        work: InteractionId,
        /// Place.
        position: u32,
        /// How many wait in that queue.
        of: u32,
        /// How much longer it will take; only when that can be said with some right.
        wait: Option<Duration>,
    },
    /// An agent's picture changed.
    AgentChanged(AgentStatus),
    /// A queue's picture changed.
    QueueChanged(QueueStatus),
}
