//! One piece of waiting work, and the list of all of them.

use std::collections::BTreeMap;

use kernel::{InteractionId, Time};

use crate::queue::Place;
use crate::reason::Span;
use crate::{Medium, Wishes};

/// Where waiting work is to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stand {
    /// In the line of its class that asks this ring.
    Open(u8),
    /// Waiting for this agent alone.
    Sticky(usize),
    /// Put off.
    Later,
    /// Ringing.
    Ringing,
    /// Nowhere yet.
    Nowhere,
}

impl Stand {
    pub const fn name(self) -> &'static str {
        match self {
            Stand::Open(_) | Stand::Nowhere => "in_line",
            Stand::Sticky(_) => "sticky",
            Stand::Later => "later",
            Stand::Ringing => "ringing",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Work {
    pub id: InteractionId,
    pub medium: Medium,
    pub since: Time,
    pub place: Place,
    pub queue: usize,
    pub class: usize,
    pub ring: u8,
    pub stand: Stand,
    /// Positions of the agents it rings at.
    pub offered: Vec<usize>,
    /// Agents who missed or refused it, and until when it is not offered to them again.
    pub missed: Vec<(usize, Time)>,
    /// The agent it waits for alone, and until when.
    pub sticky: Option<(usize, Time)>,
    pub wishes: Box<Wishes>,
    /// Queues that it left by their rules.
    pub left: Vec<usize>,
    /// When it is to be looked at again.
    pub wake: Option<Time>,
    /// The place that was last told, and the minutes.
    pub told: Option<(u32, Option<u64>)>,
    /// Its waiting as far as it is explained, and since when it is not.
    pub spans: Vec<Span>,
    pub unexplained: Time,
}

impl Work {
    pub fn has_missed(&self, agent: usize) -> bool {
        self.missed.iter().any(|(at, _)| *at == agent)
    }
}

/// All waiting work: by number, which is stable as long as it waits, and by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Works {
    slots: Vec<Option<Work>>,
    free: Vec<u32>,
    at: BTreeMap<InteractionId, u32>,
}

impl Works {
    /// The number that the next one will have.
    pub fn next(&self) -> u32 {
        self.free.last().copied().unwrap_or(self.slots.len() as u32)
    }

    pub fn add(&mut self, work: Work) -> u32 {
        let at = self.next();
        self.at.insert(work.id, at);
        match self.free.pop() {
            Some(free) => self.slots[free as usize] = Some(work),
            None => self.slots.push(Some(work)),
        }
        at
    }

    pub fn take(&mut self, at: u32) -> Option<Work> {
        let work = self.slots.get_mut(at as usize)?.take()?;
        self.at.remove(&work.id);
        self.free.push(at);
        Some(work)
    }

    pub fn find(&self, id: InteractionId) -> Option<u32> {
        self.at.get(&id).copied()
    }

    pub fn get(&self, at: u32) -> Option<&Work> {
        self.slots.get(at as usize)?.as_ref()
    }

    pub fn get_mut(&mut self, at: u32) -> Option<&mut Work> {
        self.slots.get_mut(at as usize)?.as_mut()
    }

    /// Numbers of all, by id.
    pub fn all(&self) -> Vec<u32> {
        self.at.values().copied().collect()
    }
}
