//! Deadlines: rings, wrap-ups, pauses.

use kernel::{Effects, InteractionId, Time};

use super::{Router, Spot};
use crate::{OfferEnd, Out};

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    /// An agent's offer has rung long enough.
    Ring(usize),
    /// An agent's time to write up is over.
    Wrapup(usize),
    /// An agent may be offered queued work again.
    Pause(usize),
    /// Work may be offered again to an agent who missed it.
    Missed(InteractionId, usize),
}

impl Router {
    pub(super) fn expire(&mut self, now: Time, out: &mut impl Effects<Out>) {
        while let Some((_, due)) = self.deadlines.first().copied().filter(|(at, _)| *at <= now) {
            self.deadlines.pop_first();
            match due {
                Due::Ring(agent) => self.lapse(agent, OfferEnd::TimedOut, now, out),
                Due::Wrapup(agent) => self.end_wrapup(agent, now, out),
                Due::Pause(agent) => {
                    self.agents[agent].pause_until = None;
                    self.touch(agent);
                    self.try_agent(agent, now, out);
                }
                Due::Missed(work, agent) => self.forgive(work, agent, now, out),
            }
        }
    }

    fn forgive(&mut self, work: InteractionId, agent: usize, now: Time, out: &mut impl Effects<Out>) {
        let Some(Spot::Queued(at, place)) = self.works.get(&work).copied() else { return };
        if let Some(waiting) = self.queues[at].waiting.get_mut(&place) {
            waiting.missed.remove(&agent);
            if waiting.offered.is_none() {
                self.try_work(at, place, now, out);
            }
        }
    }
}
