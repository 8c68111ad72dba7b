//! Pictures and places: told once per input, and only what changed.

use kernel::{Effects, Time};

use super::Router;
use crate::Out;

/// How many at the head of a line are told whenever their place changes. Those behind are told on entering, and again when
/// they come this near: telling ten thousand callers of every step would be a storm.
const NEAR: usize = 100;

impl Router {
    pub(super) fn report(&mut self, now: Time, out: &mut impl Effects<Out>) {
        for at in std::mem::take(&mut self.changed_agents) {
            let status = self.agents[at].status(now);
            if status != self.agents[at].shown {
                self.agents[at].shown = status.clone();
                out.emit(Out::AgentChanged(status));
            }
        }
        for at in std::mem::take(&mut self.changed_queues) {
            self.tell_places(at, out);
            let status = self.queues[at].status(&self.agents);
            if status != self.queues[at].shown {
                self.queues[at].shown = status.clone();
                out.emit(Out::QueueChanged(status));
            }
        }
    }

    /// Makes the pictures without telling anybody: the first ones, which are asked for.
    pub(super) fn settle_pictures(&mut self) {
        for at in std::mem::take(&mut self.changed_agents) {
            self.agents[at].shown = self.agents[at].status(Time::ZERO);
        }
        for at in std::mem::take(&mut self.changed_queues) {
            self.queues[at].shown = self.queues[at].status(&self.agents);
        }
    }

    fn tell_places(&mut self, at: usize, out: &mut impl Effects<Out>) {
        let queue = &mut self.queues[at];
        let of = u32::try_from(queue.waiting.len()).unwrap_or(u32::MAX);
        for (position, ((_, _, work), waiting)) in (1..).zip(queue.waiting.iter_mut().take(NEAR)) {
            if waiting.told != Some(position) {
                waiting.told = Some(position);
                out.emit(Out::Position { work: *work, position, of });
            }
        }
        for place in std::mem::take(&mut queue.entered) {
            if queue.waiting.get(&place).is_none_or(|waiting| waiting.told.is_some()) {
                continue;
            }
            let position = queue.position(&place);
            if let Some(waiting) = queue.waiting.get_mut(&place) {
                waiting.told = Some(position);
                out.emit(Out::Position { work: place.2, position, of });
            }
        }
    }
}
