//! Deadlines: rings, wrap-ups, pauses, and whatever waiting work comes to.

use kernel::Effects;

use super::Router;
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
    /// Waiting work is to be looked at again.
    Work(u32),
    /// Nobody is left for a queue's work.
    NoAgent(usize),
}

impl Router {
    /// Does what is due, all of it: whoever comes free in the same instant is chosen from together afterwards.
    pub(super) fn expire(&mut self, out: &mut impl Effects<Out>) {
        while let Some((_, due)) = self.deadlines.first().copied().filter(|(at, _)| *at <= self.now) {
            self.deadlines.pop_first();
            match due {
                Due::Ring(agent) => self.lapse(agent, OfferEnd::TimedOut, out),
                Due::Wrapup(agent) => {
                    self.end_wrapup(agent);
                    self.touch(agent);
                }
                Due::Pause(agent) => {
                    self.agents[agent].pause_until = None;
                    self.touch(agent);
                }
                Due::Work(number) => self.revisit(number, out),
                Due::NoAgent(queue) => self.left_alone(queue, out),
            }
        }
    }
}
