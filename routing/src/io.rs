//! What the router is told (`In`), what it orders (`Out`), and the pictures it shows.

use std::collections::BTreeMap;
use std::time::Duration;

use kernel::{AgentName, InteractionId, QueueName, Time};
use serde::{Deserialize, Serialize};

/// What kind of attention work needs: a call is exclusive, chats share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Medium {
    /// Voice or video: one at a time.
    Call,
    /// Text: several at a time.
    Chat,
}

/// An agent as configured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentSetup {
    /// Sign-in name.
    pub name: AgentName,
    /// Skill → level 1 to 10. A queue's skill has the queue's name unless configured otherwise.
    pub skills: BTreeMap<String, u8>,
    /// How many chats at once.
    pub chats: u8,
    /// A device outside our desk that is always there (benchmarks, unattended phones): counts as ready without sign-in.
    pub always_ready: bool,
}

/// A skill that work wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillWish {
    /// Its name.
    pub skill: String,
    /// Least level.
    pub at_least: u8,
}

/// A queue as configured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueSetup {
    /// Its name.
    pub name: QueueName,
    /// Skills an agent must have.
    pub skills: Vec<SkillWish>,
    /// How long one offer rings.
    pub ring: Duration,
    /// How long the agent may write up.
    pub wrapup: Duration,
    /// Strategy name; `best_skill_longest_idle` is the default.
    pub strategy: String,
}

/// The whole configuration of the router; a reload hands it a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// Agents.
    pub agents: Vec<AgentSetup>,
    /// Queues.
    pub queues: Vec<QueueSetup>,
}

/// Whom work is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// Whoever the queue's rules pick.
    Queue(QueueName),
    /// One agent, directly (a dialled extension), ready or not; refused at once (`Out::Unavailable`) when they cannot be
    /// rung. It rings 30 s; when that ends unanswered (`Out::OfferOver`) the router knows the work no more.
    Agent(AgentName),
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// The agent wants work, or a pause.
    Ready {
        /// Who.
        agent: AgentName,
        /// Wants work.
        ready: bool,
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
    /// Time has passed.
    Elapsed,
}

/// Why an offer is over before anybody accepted it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferEnd {
    /// Nobody answered in the ring time. The agent is set not ready.
    TimedOut,
    /// The agent declined.
    Declined,
    /// The customer left.
    Withdrawn,
    /// The agent's page or phone went away.
    Unreachable,
}

/// Why this agent: kept with the offer, shown to agent and supervisor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferReason {
    /// Strategy that chose; `direct` for work that was for this agent only.
    pub strategy: String,
    /// The winner's level in the skill that decided.
    pub level: u8,
    /// How long they had been idle, in milliseconds.
    pub idle_ms: u64,
    /// How long the work had waited, in milliseconds.
    pub waited_ms: u64,
    /// How many agents could have taken it.
    pub candidates: u32,
    /// The runners-up with level and idle time, best first, at most 5.
    pub others: Vec<(AgentName, u8, u64)>,
    /// Agents who could not and why, stable codes (`not_ready`, `busy`, `no_skill`, `wrapup`, `offered`, `just_missed`, `offline`), at most 20.
    pub passed_over: Vec<(AgentName, String)>,
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
    /// Direct work cannot be taken (busy, not there): the interaction decides what next.
    Unavailable {
        /// Which.
        work: InteractionId,
        /// Who was wanted.
        agent: AgentName,
        /// Stable code: `busy`, `unreachable`, `unknown`.
        why: String,
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
    },
    /// An agent's picture changed.
    AgentChanged(AgentStatus),
    /// A queue's picture changed.
    QueueChanged(QueueStatus),
}

/// What an agent is doing, derived from what they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// No live page and no phone.
    Offline,
    /// There, but on a pause.
    NotReady,
    /// There and wanting work.
    Ready,
    /// An offer is ringing.
    Ringing,
    /// On a call.
    Talking,
    /// Writing up.
    Wrapup,
}

/// An agent, as pages and the API show them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentStatus {
    /// Who.
    pub name: AgentName,
    /// Doing what.
    pub state: AgentState,
    /// Whether they want work.
    pub ready: bool,
    /// Live desk page.
    pub desk: bool,
    /// Registered phone.
    pub phone: bool,
    /// The call they hold.
    pub call: Option<InteractionId>,
    /// The chats they hold.
    pub chats: Vec<InteractionId>,
    /// The offer that rings.
    pub offer: Option<InteractionId>,
    /// Skills with levels.
    pub skills: BTreeMap<String, u8>,
    /// In this state since.
    pub since: Time,
    /// Wrap-up ends then at the latest.
    pub wrapup_until: Option<Time>,
}

/// One waiting piece of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingWork {
    /// Which.
    pub work: InteractionId,
    /// Kind.
    pub medium: Medium,
    /// Waiting since.
    pub since: Time,
    /// Being offered to.
    pub offered_to: Option<AgentName>,
}

/// A queue, as pages and the API show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueStatus {
    /// Which.
    pub name: QueueName,
    /// Who waits, first in line first; at most 200.
    pub waiting: Vec<WaitingWork>,
    /// Agents who could take its work now.
    pub ready_agents: u32,
    /// Agents who have the skill and are signed in.
    pub staffed_agents: u32,
}
