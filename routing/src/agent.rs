//! One agent: what they hold, and what follows from it.
//!
//! Promises: state is never stored, only derived; one offer and one call at a time; a call keeps chats away, chats do not
//! keep a call away. Leaves to others: who is chosen (`router::offering`).

use kernel::{InteractionId, QueueName, Time};

use crate::{AgentSetup, AgentState, AgentStatus, Medium};

/// Work that rings.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    pub work: InteractionId,
    pub medium: Medium,
    /// The queue it came from; `None` for direct work.
    pub queue: Option<QueueName>,
    pub until: Time,
}

/// Work in hand.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub work: InteractionId,
    /// The queue that served it: its wrap-up applies.
    pub queue: Option<QueueName>,
}

/// The last offer that ended without an answer, in case the answer is on its way.
#[derive(Clone, Debug)]
pub(crate) struct Lapsed {
    pub offer: Offer,
    /// Whether the agent wanted work before the offer lapsed.
    pub ready: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Agent {
    pub setup: AgentSetup,
    /// Whether the configuration (still) has them.
    pub listed: bool,
    pub desk: bool,
    pub phone: bool,
    pub ready: bool,
    pub call: Option<Held>,
    pub chats: Vec<Held>,
    pub offer: Option<Offer>,
    pub lapsed: Option<Lapsed>,
    pub wrapup_until: Option<Time>,
    /// No queued work until then: they have just missed or refused some.
    pub pause_until: Option<Time>,
    /// Since when they neither took nor finished work.
    pub idle_since: Time,
    /// Positions of the queues whose skills they have.
    pub queues: Vec<usize>,
    /// The picture as last shown.
    pub shown: AgentStatus,
}

impl Agent {
    pub fn new(setup: AgentSetup) -> Self {
        let shown = AgentStatus {
            name: setup.name.clone(),
            state: AgentState::Offline,
            ready: false,
            desk: false,
            phone: false,
            call: None,
            chats: Vec::new(),
            offer: None,
            skills: setup.skills.clone(),
            since: Time::ZERO,
            wrapup_until: None,
        };
        let mut agent = Self {
            setup,
            listed: true,
            desk: false,
            phone: false,
            ready: false,
            call: None,
            chats: Vec::new(),
            offer: None,
            lapsed: None,
            wrapup_until: None,
            pause_until: None,
            idle_since: Time::ZERO,
            queues: Vec::new(),
            shown,
        };
        agent.shown = agent.status(Time::ZERO);
        agent
    }

    /// Has a phone that can ring now.
    pub fn has_phone(&self) -> bool {
        self.phone || self.setup.always_ready
    }

    /// Can be rung for `medium` at all: a phone cannot chat.
    pub fn is_reachable(&self, medium: Medium) -> bool {
        self.listed && (self.desk || (medium == Medium::Call && self.has_phone()))
    }

    pub fn is_anywhere(&self) -> bool {
        self.listed && (self.desk || self.has_phone())
    }

    pub fn wants_work(&self) -> bool {
        self.ready || self.setup.always_ready
    }

    /// Whether what they hold leaves room for `medium`.
    pub fn has_room(&self, medium: Medium) -> bool {
        let room = medium == Medium::Call || self.chats.len() < usize::from(self.setup.chats);
        self.call.is_none() && self.offer.is_none() && room
    }

    /// Whether queued work of `medium` may be offered now.
    pub fn is_free(&self, medium: Medium) -> bool {
        self.has_room(medium)
            && self.wants_work()
            && self.is_reachable(medium)
            && self.wrapup_until.is_none()
            && self.pause_until.is_none()
    }

    /// Why queued work of `medium` may not be offered now; the codes of `OfferReason::passed_over`.
    pub fn hindrance(&self, medium: Medium) -> Option<&'static str> {
        if !self.is_reachable(medium) {
            Some("offline")
        } else if self.offer.is_some() {
            Some("offered")
        } else if !self.has_room(medium) {
            Some("busy")
        } else if self.wrapup_until.is_some() {
            Some("wrapup")
        } else if !self.wants_work() {
            Some("not_ready")
        } else if self.pause_until.is_some() {
            Some("just_missed")
        } else {
            None
        }
    }

    pub fn state(&self) -> AgentState {
        if self.call.is_some() {
            AgentState::Talking
        } else if self.offer.is_some() {
            AgentState::Ringing
        } else if self.wrapup_until.is_some() {
            AgentState::Wrapup
        } else if !self.is_anywhere() {
            AgentState::Offline
        } else if self.wants_work() {
            AgentState::Ready
        } else {
            AgentState::NotReady
        }
    }

    /// The picture now; `since` moves on only when the state is another than last shown.
    pub fn status(&self, now: Time) -> AgentStatus {
        let state = self.state();
        AgentStatus {
            name: self.setup.name.clone(),
            state,
            ready: self.wants_work(),
            desk: self.desk,
            phone: self.has_phone(),
            call: self.call.as_ref().map(|held| held.work),
            chats: self.chats.iter().map(|held| held.work).collect(),
            offer: self.offer.as_ref().map(|offer| offer.work),
            skills: self.setup.skills.clone(),
            since: if state == self.shown.state { self.shown.since } else { now },
            wrapup_until: self.wrapup_until,
        }
    }

    pub fn holds(&self, work: InteractionId) -> bool {
        self.call.iter().chain(&self.chats).any(|held| held.work == work)
    }

    /// Whether they are still to be shown: configured, or holding something.
    pub fn is_shown(&self) -> bool {
        self.listed || self.call.is_some() || !self.chats.is_empty()
    }
}
