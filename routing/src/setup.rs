//! The router's configuration: agents, queues, rules. A reload hands it a new one.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kernel::{AgentName, QueueName};
use serde::{Deserialize, Serialize};

use crate::{Capacity, Interrupts};

/// Rings of a queue beyond the first: more widen nothing that anybody could follow.
pub const MOST_RINGS: usize = 7;

/// An agent as configured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentSetup {
    /// Sign-in name.
    pub name: AgentName,
    /// Skill → level 1 to 10. A queue's skill has the queue's name unless configured otherwise.
    pub skills: BTreeMap<String, u8>,
    /// Groups (teams, sites) they belong to.
    pub groups: BTreeSet<String>,
    /// How many of each kind at once.
    pub capacity: Capacity,
    /// Share of the work under the strategy `weighted`; 1 is usual.
    pub weight: u8,
    /// A device outside our desk that is always there (benchmarks, unattended phones): counts as ready without sign-in.
    pub always_ready: bool,
}

impl AgentSetup {
    /// An agent with the usual capacity and nothing else.
    #[must_use]
    pub fn named(name: impl Into<AgentName>) -> Self {
        Self {
            name: name.into(),
            skills: BTreeMap::new(),
            groups: BTreeSet::new(),
            capacity: Capacity::default(),
            weight: 1,
            always_ready: false,
        }
    }
}

/// A skill that work wants.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SkillWish {
    /// Its name.
    pub skill: String,
    /// Least level.
    pub at_least: u8,
}

/// Whom a queue asks for from some moment on: it widens as a customer waits, and never costs them the place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ring {
    /// After how long a wait, counted from the first arrival.
    pub after: Duration,
    /// Skills an agent must have.
    pub skills: Vec<SkillWish>,
    /// Groups of which they must be in one; empty: any.
    pub groups: Vec<String>,
}

/// When work leaves a queue for another or for the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverflowWhen {
    /// It has waited this long.
    Waited(Duration),
    /// On entering: this many wait already.
    Length(u32),
    /// The queue is closed (`In::Opened`).
    Closed,
    /// Nobody who could ever take it is signed in.
    NoAgent,
}

/// A rule that moves work on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overflow {
    /// When.
    pub when: OverflowWhen,
    /// To which queue, with its place; `None`: back to the flow, which goes on at its exit.
    pub to: Option<QueueName>,
}

/// A queue as configured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueSetup {
    /// Its name.
    pub name: QueueName,
    /// Skills an agent must have.
    pub skills: Vec<SkillWish>,
    /// Skills that put an agent before others who could take the work too.
    pub prefer: Vec<SkillWish>,
    /// Groups of which an agent must be in one; empty: any.
    pub groups: Vec<String>,
    /// Whom it asks later, in order of time.
    pub rings: Vec<Ring>,
    /// How long one offer rings.
    pub ring: Duration,
    /// How long the agent may write up.
    pub wrapup: Duration,
    /// Strategy name; `best_skill_longest_idle` is the default.
    pub strategy: String,
    /// How much waiting one point of priority is worth. It is what keeps priority from starving anybody.
    pub point: Duration,
    /// Offers missed in a row after which an agent at a page is set aside.
    pub misses: u8,
    /// Longest wait; then the flow goes on.
    pub max_wait: Option<Duration>,
    /// Rules that move work on, first that fits.
    pub overflow: Vec<Overflow>,
}

impl QueueSetup {
    /// A queue that asks for the skill of its name.
    #[must_use]
    pub fn named(name: impl Into<QueueName>) -> Self {
        let name = name.into();
        let skills = vec![SkillWish { skill: name.as_str().to_owned(), at_least: 1 }];
        Self {
            name,
            skills,
            prefer: Vec::new(),
            groups: Vec::new(),
            rings: Vec::new(),
            ring: Duration::from_secs(20),
            wrapup: Duration::from_secs(30),
            strategy: crate::DEFAULT_STRATEGY.to_owned(),
            point: Duration::from_secs(60),
            misses: 1,
            max_wait: None,
            overflow: Vec::new(),
        }
    }
}

/// The whole configuration of the router.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// Agents.
    pub agents: Vec<AgentSetup>,
    /// Queues.
    pub queues: Vec<QueueSetup>,
    /// What may come on top of what.
    pub interrupts: Interrupts,
    /// Customer tiers: how much earlier than they came such customers count as come.
    pub tiers: BTreeMap<String, Duration>,
}
