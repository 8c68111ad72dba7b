//! One agent: what they hold, and what follows from it.
//!
//! Promises: state is never stored, only derived; one offer at a time; what they hold never exceeds their capacity by the
//! router's own doing. Leaves to others: who is chosen (`router::choosing`).

use std::collections::BTreeSet;
use std::time::Duration;

use kernel::{InteractionId, QueueName, Time};

use crate::queue::Place;
use crate::reason::Code;
use crate::strategies::Candidate;
use crate::{AgentSetup, AgentState, AgentStatus, HeldWork, Interrupts, Medium};

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
    pub medium: Medium,
    /// The queue that served it: its wrap-up applies.
    pub queue: Option<QueueName>,
    pub since: Time,
}

/// The last offer that ended without an answer, in case the answer is on its way.
#[derive(Clone, Debug)]
pub(crate) struct Lapsed {
    pub offer: Offer,
    /// Whether the agent wanted work before the offer lapsed.
    pub wanted: bool,
}

/// What an agent wants, and why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Work,
    Break(String),
    /// They missed offers and have not come back to say so.
    SetAside,
}

/// That an agent fits a class of work.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub class: usize,
    /// Their place by name among all who fit.
    pub slot: u32,
    /// From which ring on.
    pub ring: u8,
    pub level: u8,
    /// Points in preferred skills.
    pub preferred: u16,
}

/// Where an agent stands in the indices of their classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Indexed {
    /// Media they are free for.
    pub free: u8,
    pub code: Code,
    /// What strategies rank them by; of no account when they are not free.
    pub rank: Candidate,
}

#[derive(Clone, Debug)]
pub(crate) struct Agent {
    pub setup: AgentSetup,
    /// Whether the configuration (still) has them.
    pub listed: bool,
    pub desk: bool,
    pub phone: bool,
    pub wish: Wish,
    pub held: Vec<Held>,
    pub offer: Option<Offer>,
    pub lapsed: Option<Lapsed>,
    pub wrapup_until: Option<Time>,
    /// When the wrap-up began and the queue it belongs to.
    pub wrapup_of: Option<(Time, QueueName)>,
    /// Seconds that the work being written up took.
    pub spent: f64,
    /// No queued work until then: they have just missed or refused some.
    pub pause_until: Option<Time>,
    /// Offers missed in a row.
    pub misses: u8,
    /// Since when they neither took nor finished work.
    pub idle_since: Time,
    /// Time spent on work since they came.
    pub worked: Duration,
    /// Offers taken by weight, for `weighted`.
    pub turn: u64,
    /// Their place among all by name.
    pub by_name: u32,
    /// Classes they fit, in order.
    pub classes: Vec<Member>,
    pub indexed: Option<Indexed>,
    /// Work that waits for them alone.
    pub sticky: BTreeSet<Place>,
    /// The picture as last shown.
    pub shown: AgentStatus,
}

impl Agent {
    pub fn new(setup: AgentSetup, now: Time) -> Self {
        let shown = AgentStatus {
            name: setup.name.clone(),
            state: AgentState::Offline,
            ready: false,
            desk: false,
            phone: false,
            call: None,
            chats: Vec::new(),
            held: Vec::new(),
            offer: None,
            skills: setup.skills.clone(),
            since: Time::ZERO,
            wrapup_until: None,
            pause: None,
            hindrance: None,
            pause_until: None,
        };
        Self {
            setup,
            listed: true,
            desk: false,
            phone: false,
            wish: Wish::Break(String::new()),
            held: Vec::new(),
            offer: None,
            lapsed: None,
            wrapup_until: None,
            wrapup_of: None,
            spent: 0.0,
            pause_until: None,
            misses: 0,
            idle_since: now,
            worked: Duration::ZERO,
            turn: 0,
            by_name: 0,
            classes: Vec::new(),
            indexed: None,
            sticky: BTreeSet::new(),
            shown,
        }
    }

    /// Has a phone that can ring now.
    pub fn has_phone(&self) -> bool {
        self.phone || self.setup.always_ready
    }

    /// Can be rung for `medium` at all: a phone cannot chat.
    pub fn is_reachable(&self, medium: Medium) -> bool {
        self.listed && (self.desk || (medium.is_live() && self.has_phone()))
    }

    pub fn is_anywhere(&self) -> bool {
        self.listed && (self.desk || self.has_phone())
    }

    pub fn wants_work(&self) -> bool {
        self.wish == Wish::Work || self.setup.always_ready
    }

    /// Whether what they hold leaves room for `medium`.
    pub fn has_room(&self, medium: Medium, rules: &Interrupts) -> bool {
        let same = self.held.iter().filter(|held| held.medium == medium).count();
        self.offer.is_none()
            && same < usize::from(self.setup.capacity.of(medium))
            && self.held.iter().all(|held| held.medium == medium || rules.allows(medium, held.medium))
    }

    /// The media for which queued work may be offered now.
    pub fn free_for(&self, rules: &Interrupts) -> u8 {
        if !self.wants_work() || self.wrapup_until.is_some() || self.pause_until.is_some() {
            return 0;
        }
        let free = |medium: &Medium| self.is_reachable(*medium) && self.has_room(*medium, rules);
        Medium::ALL.into_iter().filter(free).fold(0, |set, medium| set | medium.bit())
    }

    /// What keeps queued work of `medium` from them now.
    pub fn hindrance(&self, medium: Medium, rules: &Interrupts) -> Code {
        if !self.is_reachable(medium) {
            Code::Offline
        } else if self.offer.is_some() {
            Code::Offered
        } else if !self.has_room(medium, rules) {
            Code::Busy
        } else if self.wrapup_until.is_some() {
            Code::Wrapup
        } else if !self.wants_work() {
            if self.wish == Wish::SetAside { Code::SetAside } else { Code::NotReady }
        } else if self.pause_until.is_some() {
            Code::JustMissed
        } else {
            Code::Free
        }
    }

    /// How they are to be found now.
    pub fn index(&self, rules: &Interrupts) -> Indexed {
        let free = self.free_for(rules);
        if free == 0 {
            let call = self.hindrance(Medium::Voice, rules);
            // Free for calls but for nothing at all: their capacity for calls is none.
            let code = if call == Code::Free { Code::Busy } else { call };
            return Indexed { free, code, rank: Candidate::default() };
        }
        let rank = Candidate {
            level: 0,
            idle_since: self.idle_since,
            held: u16::try_from(self.held.len()).unwrap_or(u16::MAX),
            worked: self.worked,
            turn: self.turn,
        };
        Indexed { free, code: Code::Free, rank }
    }

    pub fn member(&self, class: usize) -> Option<&Member> {
        let at = self.classes.binary_search_by_key(&class, |member| member.class).ok()?;
        self.classes.get(at)
    }

    pub fn state(&self) -> AgentState {
        if self.held.iter().any(|held| held.medium.is_live()) {
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
    pub fn status(&self, now: Time, rules: &Interrupts) -> AgentStatus {
        let state = self.state();
        let hindrance = self.hindrance(Medium::Voice, rules);
        let live = |held: &&Held| held.medium.is_live();
        AgentStatus {
            name: self.setup.name.clone(),
            state,
            ready: self.wants_work(),
            desk: self.desk,
            phone: self.has_phone(),
            call: self.held.iter().find(live).map(|held| held.work),
            chats: self.held.iter().filter(|held| !live(held)).map(|held| held.work).collect(),
            held: self
                .held
                .iter()
                .map(|held| HeldWork { work: held.work, medium: held.medium, since: held.since })
                .collect(),
            offer: self.offer.as_ref().map(|offer| offer.work),
            skills: self.setup.skills.clone(),
            since: if state == self.shown.state { self.shown.since } else { now },
            wrapup_until: self.wrapup_until,
            pause: match &self.wish {
                Wish::Break(reason) if !reason.is_empty() => Some(reason.clone()),
                Wish::SetAside => Some(Code::SetAside.name().to_owned()),
                Wish::Work | Wish::Break(_) => None,
            },
            hindrance: (hindrance != Code::Free).then(|| hindrance.name().to_owned()),
            pause_until: self.pause_until,
        }
    }

    pub fn holds(&self, work: InteractionId) -> bool {
        self.held.iter().any(|held| held.work == work)
    }

    /// Whether they are still to be shown: configured, or holding something.
    pub fn is_shown(&self) -> bool {
        self.listed || !self.held.is_empty()
    }
}
