//! One queue: who waits, in what order, and whose skills fit.
//!
//! Promises: higher priority first, then whoever entered first; work being offered keeps its place.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use kernel::{AgentName, InteractionId, Time};

use crate::agent::Agent;
use crate::{AgentSetup, Medium, QueueSetup, QueueStatus, WaitingWork};

/// How many of those who wait a queue's picture shows.
const SHOWN: usize = 200;

/// A place in the line. The interaction's id decides between equals, so that the order is the same on every run.
pub(crate) type Place = (Reverse<i32>, Time, InteractionId);

#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub medium: Medium,
    /// Position of the agent it rings at.
    pub offered: Option<usize>,
    /// Agents who missed or refused it, and until when it is not offered to them again.
    pub missed: BTreeMap<usize, Time>,
    /// The place that was last told.
    pub told: Option<u32>,
}

#[derive(Clone, Debug)]
pub(crate) struct Queue {
    pub setup: QueueSetup,
    /// Whether the configuration (still) has it.
    pub listed: bool,
    /// Agents with the skills, by name: position and level.
    pub members: Vec<(usize, u8)>,
    pub waiting: BTreeMap<Place, Waiting>,
    /// Those that ring nowhere.
    calls: BTreeSet<Place>,
    chats: BTreeSet<Place>,
    /// Those who came since places were last told.
    pub entered: Vec<Place>,
    /// Who was chosen last.
    pub last: Option<AgentName>,
    /// The picture as last shown.
    pub shown: QueueStatus,
}

impl Queue {
    pub fn new(setup: QueueSetup, listed: bool) -> Self {
        let shown =
            QueueStatus { name: setup.name.clone(), waiting: Vec::new(), ready_agents: 0, staffed_agents: 0 };
        Self {
            setup,
            listed,
            members: Vec::new(),
            waiting: BTreeMap::new(),
            calls: BTreeSet::new(),
            chats: BTreeSet::new(),
            entered: Vec::new(),
            last: None,
            shown,
        }
    }

    /// The level that `agent` has here: the lowest in the skills it wishes for; `None` when one is missing or too low.
    pub fn level_of(&self, agent: &AgentSetup) -> Option<u8> {
        let mut lowest: Option<u8> = None;
        for wish in &self.setup.skills {
            let level = agent.skills.get(&wish.skill).copied().filter(|level| *level >= wish.at_least)?;
            lowest = Some(lowest.map_or(level, |lowest| lowest.min(level)));
        }
        Some(lowest.unwrap_or(0))
    }

    pub fn open(&self, medium: Medium) -> &BTreeSet<Place> {
        match medium {
            Medium::Call => &self.calls,
            Medium::Chat => &self.chats,
        }
    }

    fn open_mut(&mut self, medium: Medium) -> &mut BTreeSet<Place> {
        match medium {
            Medium::Call => &mut self.calls,
            Medium::Chat => &mut self.chats,
        }
    }

    pub fn add(&mut self, place: Place, medium: Medium) {
        self.waiting.insert(place, Waiting { medium, offered: None, missed: BTreeMap::new(), told: None });
        self.open_mut(medium).insert(place);
        self.entered.push(place);
    }

    pub fn remove(&mut self, place: &Place) -> Option<Waiting> {
        let waiting = self.waiting.remove(place)?;
        self.open_mut(waiting.medium).remove(place);
        Some(waiting)
    }

    /// Marks work as ringing at `agent`, or nowhere.
    pub fn mark(&mut self, place: &Place, agent: Option<usize>) {
        let Some(waiting) = self.waiting.get_mut(place) else { return };
        waiting.offered = agent;
        let medium = waiting.medium;
        if agent.is_some() {
            self.open_mut(medium).remove(place);
        } else {
            self.open_mut(medium).insert(*place);
        }
    }

    /// The first in line that may be offered to the agent at `at`.
    pub fn first_for(&self, at: usize, agent: &Agent) -> Option<Place> {
        let missed =
            |place: &Place| self.waiting.get(place).is_some_and(|waiting| waiting.missed.contains_key(&at));
        let first = |medium| {
            let able = |place: &&Place| !missed(place) && !agent.holds(place.2);
            if agent.is_free(medium) { self.open(medium).iter().find(able).copied() } else { None }
        };
        [first(Medium::Call), first(Medium::Chat)].into_iter().flatten().min()
    }

    /// The place in line, from 1. Counts from the nearer end.
    pub fn position(&self, place: &Place) -> u32 {
        let mut before = self.waiting.range(..place);
        let mut after = self.waiting.range(place..).skip(1);
        let mut steps = 0;
        loop {
            if before.next().is_none() {
                return steps + 1;
            }
            if after.next().is_none() {
                return u32::try_from(self.waiting.len()).unwrap_or(u32::MAX).saturating_sub(steps);
            }
            steps += 1;
        }
    }

    /// The picture now.
    pub fn status(&self, agents: &[Agent]) -> QueueStatus {
        let name_of = |at: usize| agents.get(at).map(|agent| agent.setup.name.clone());
        let waiting = self.waiting.iter().take(SHOWN).map(|((_, since, work), waiting)| WaitingWork {
            work: *work,
            medium: waiting.medium,
            since: *since,
            offered_to: waiting.offered.and_then(name_of),
        });
        let members = || self.members.iter().filter_map(|(at, _)| agents.get(*at));
        let is_free = |agent: &&Agent| agent.is_free(Medium::Call) || agent.is_free(Medium::Chat);
        QueueStatus {
            name: self.setup.name.clone(),
            waiting: waiting.collect(),
            ready_agents: members().filter(is_free).count() as u32,
            staffed_agents: members().filter(|agent| agent.is_anywhere()).count() as u32,
        }
    }
}
