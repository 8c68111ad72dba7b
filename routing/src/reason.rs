//! Why: what is kept of a decision, as data. In words: `words`.

use std::borrow::Cow;

use kernel::{AgentName, Time};
use serde::{Deserialize, Serialize};

/// What kept agents from work: one stable code each, counted per class of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Code {
    Free,
    Offered,
    Busy,
    Wrapup,
    NotReady,
    JustMissed,
    SetAside,
    Offline,
}

impl Code {
    pub const COUNT: usize = 8;
    pub const ALL: [Code; Self::COUNT] = [
        Code::Free,
        Code::Offered,
        Code::Busy,
        Code::Wrapup,
        Code::NotReady,
        Code::JustMissed,
        Code::SetAside,
        Code::Offline,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Code::Free => "free",
            Code::Offered => "offered",
            Code::Busy => "busy",
            Code::Wrapup => "wrapup",
            Code::NotReady => "not_ready",
            Code::JustMissed => "just_missed",
            Code::SetAside => "set_aside",
            Code::Offline => "offline",
        }
    }
}

/// A stretch of waiting during which the reasons stayed the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// From.
    pub from: Time,
    /// To.
    pub to: Time,
    /// What it was waiting for: `in_line` (nobody free, or those ahead came first), `sticky`, `later` (a callback that was put
    /// off), `ringing`.
    pub state: Cow<'static, str>,
    /// Whom it asked: 0 is the queue's own wish.
    pub ring: u8,
    /// Agents who fitted, by what kept them: code and the most of them at once during the stretch.
    pub agents: Vec<(Cow<'static, str>, u32)>,
}

/// Why this agent: kept with the offer, shown to agent and supervisor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferReason {
    /// Strategy that chose; `direct` for work that was for this agent only, `sticky` for work that waited for them.
    pub strategy: Cow<'static, str>,
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
    /// Agents who could not and why, stable codes (`not_ready`, `busy`, `no_skill`, `wrapup`, `offered`, `just_missed`, `set_aside`, `offline`), at most 20.
    pub passed_over: Vec<(AgentName, Cow<'static, str>)>,
    /// Whom the queue asked by then: 0 is its own wish.
    #[serde(default)]
    pub ring: u8,
    /// Points in preferred skills.
    #[serde(default)]
    pub preferred: u16,
    /// The score from the lookup, where that decided.
    #[serde(default)]
    pub score: Option<i64>,
    /// All agents who fitted, by what kept them.
    #[serde(default)]
    pub agents: Vec<(Cow<'static, str>, u32)>,
    /// The waiting since it came or was last offered, oldest first.
    #[serde(default)]
    pub waited: Vec<Span>,
}

/// Why work that waits now still waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Which queue.
    pub queue: kernel::QueueName,
    /// Since.
    pub since: Time,
    /// Place in line.
    pub position: u32,
    /// How many wait there.
    pub of: u32,
    /// Its waiting since it came or was last offered, oldest first; the last stretch is now.
    pub waited: Vec<Span>,
    /// Agents who cannot take it now, and why, at most 20.
    pub passed_over: Vec<(AgentName, Cow<'static, str>)>,
    /// How much longer; only when that can be said with some right.
    pub wait: Option<std::time::Duration>,
}
