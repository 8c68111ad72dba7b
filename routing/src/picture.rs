//! Agents and queues as pages and the API show them.

use std::collections::BTreeMap;
use std::time::Duration;

use kernel::{AgentName, InteractionId, QueueName, Time};
use serde::{Deserialize, Serialize};

use crate::Medium;

/// What an agent is doing, derived from what they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// Not reachable by page or phone.
    Offline,
    /// Reachable, wants no work.
    NotReady,
    /// Wants work and holds no call.
    Ready,
    /// An offer rings.
    Ringing,
    /// Holds a call.
    Talking,
    /// Writing up.
    Wrapup,
}

/// Work that an agent has in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldWork {
    /// Which.
    pub work: InteractionId,
    /// Kind.
    pub medium: Medium,
    /// Since.
    pub since: Time,
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
    /// Everything they hold.
    pub held: Vec<HeldWork>,
    /// The offer that rings.
    pub offer: Option<InteractionId>,
    /// Skills with levels.
    pub skills: BTreeMap<String, u8>,
    /// In this state since.
    pub since: Time,
    /// Wrap-up ends then at the latest.
    pub wrapup_until: Option<Time>,
    /// The reason of their break, as they gave it.
    pub pause: Option<String>,
    /// What keeps queued calls from them now; a stable code (`hindrance`), `None`: nothing.
    pub hindrance: Option<String>,
    /// They get no queued work until then: they have just missed or refused some.
    pub pause_until: Option<Time>,
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
    /// Nobody is on the line: they are called back.
    pub callback: bool,
}

/// A queue, as pages and the API show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueStatus {
    /// Which.
    pub name: QueueName,
    /// Who waits, first in line first; at most 200.
    pub waiting: Vec<WaitingWork>,
    /// How many wait.
    pub length: u32,
    /// Agents who could take its work now.
    pub ready_agents: u32,
    /// Agents who have the skill and are signed in.
    pub staffed_agents: u32,
    /// How long somebody who came now would wait; only when that can be said with some right.
    pub estimate: Option<Duration>,
    /// Whether it is open.
    pub open: bool,
}
