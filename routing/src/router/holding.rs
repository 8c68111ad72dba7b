//! Work in hand: taking it, giving it up, writing it up.

use kernel::{AgentName, Effects, InteractionId, QueueName};

use super::Router;
use super::expiring::Due;
use crate::agent::{Held, Offer, Wish};
use crate::{Medium, OfferEnd, Out};

impl Router {
    pub(super) fn accepted(&mut self, work: InteractionId, name: &AgentName, out: &mut impl Effects<Out>) {
        let Some(&at) = self.agent_at.get(name) else { return };
        if self.agents[at].offer.as_ref().is_none_or(|offer| offer.work != work) {
            self.accepted_late(at, work, out);
            return;
        }
        let Some(offer) = self.agents[at].offer.take() else { return };
        self.deadlines.remove(&(offer.until, Due::Ring(at)));
        self.direct.remove(&work);
        if let Some(number) = self.works.find(work)
            && let Some(waiting) = self.works.get_mut(number)
        {
            waiting.offered.retain(|one| *one != at);
            let (queue, waited) = (waiting.queue, self.now.since(waiting.since));
            self.queues[queue].stats.left(waited, 0.0);
        }
        // Whoever else it rang at was not as fast.
        self.take_out(work, OfferEnd::Withdrawn, out);
        self.take_in_hand(at, offer);
    }

    /// The answer crossed the end of the offer on the way. The interaction has connected the two: that is how it is now.
    fn accepted_late(&mut self, at: usize, work: InteractionId, out: &mut impl Effects<Out>) {
        let agent = &self.agents[at];
        let Some(lapsed) = agent.lapsed.clone().filter(|lapsed| lapsed.offer.work == work) else { return };
        if !agent.has_room(lapsed.offer.medium, &self.rules) {
            return;
        }
        if lapsed.wanted && self.agents[at].wish == Wish::SetAside {
            self.agents[at].wish = Wish::Work;
        }
        self.take_out(work, OfferEnd::Withdrawn, out);
        self.take_in_hand(at, lapsed.offer);
    }

    fn take_in_hand(&mut self, at: usize, offer: Offer) {
        let now = self.now;
        let agent = &mut self.agents[at];
        // Work that comes back to whoever has it is held once.
        agent.held.retain(|known| known.work != offer.work);
        agent.held.push(Held { work: offer.work, medium: offer.medium, queue: offer.queue, since: now });
        agent.idle_since = now;
        (agent.lapsed, agent.misses) = (None, 0);
        self.touch(at);
    }

    /// After a restart: what an agent holds is told, not decided.
    pub(super) fn holding(
        &mut self,
        work: InteractionId,
        name: &AgentName,
        medium: Medium,
        queue: Option<QueueName>,
        out: &mut impl Effects<Out>,
    ) {
        let Some(&at) = self.agent_at.get(name) else { return };
        self.take_out(work, OfferEnd::Withdrawn, out);
        if !self.agents[at].holds(work) {
            self.take_in_hand(at, Offer { work, medium, queue, until: self.now });
        }
    }

    pub(super) fn released(&mut self, work: InteractionId, name: &AgentName) {
        let Some(&at) = self.agent_at.get(name) else { return };
        let agent = &mut self.agents[at];
        let Some(which) = agent.held.iter().position(|held| held.work == work) else { return };
        let held = agent.held.remove(which);
        let spent = self.now.since(held.since);
        agent.worked += spent;
        agent.idle_since = self.now;
        let at_once = f64::from(agent.setup.capacity.of(held.medium).max(1));
        if let Some(queue) = held.queue.as_ref().and_then(|queue| self.queue_at.get(queue)).copied() {
            let stats = &mut self.queues[queue].stats;
            if held.medium.is_live() {
                // Written up later: what that takes is added when it is over.
                self.begin_wrapup(at, queue, spent.as_secs_f64());
            } else {
                // Several at once: each takes its part of the agent. Chats have no wrap-up: the others go on meanwhile.
                stats.handling.add(spent.as_secs_f64() / at_once);
            }
        }
        self.touch(at);
        // What they handed back may be theirs again, though they were free for its kind before.
        self.loose_agents.insert(at);
    }

    fn begin_wrapup(&mut self, at: usize, queue: usize, spent: f64) {
        let setup = &self.queues[queue].setup;
        let (limit, name) = (setup.wrapup, setup.name.clone());
        self.end_wrapup(at);
        if limit.is_zero() {
            self.queues[queue].stats.handling.add(spent);
            return;
        }
        let until = self.now + limit;
        let agent = &mut self.agents[at];
        (agent.wrapup_until, agent.wrapup_of) = (Some(until), Some((self.now, name)));
        agent.spent = spent;
        self.deadlines.insert((until, Due::Wrapup(at)));
    }

    pub(super) fn wrapped_up(&mut self, name: &AgentName) {
        let Some(&at) = self.agent_at.get(name) else { return };
        if self.agents[at].wrapup_until.is_some() {
            self.end_wrapup(at);
            self.touch(at);
        }
    }

    pub(super) fn end_wrapup(&mut self, at: usize) {
        let agent = &mut self.agents[at];
        let Some(until) = agent.wrapup_until.take() else { return };
        self.deadlines.remove(&(until, Due::Wrapup(at)));
        agent.idle_since = self.now;
        let Some((since, queue)) = agent.wrapup_of.take() else { return };
        let written = self.now.since(since);
        agent.worked += written;
        let spent = agent.spent + written.as_secs_f64();
        if let Some(queue) = self.queue_at.get(&queue) {
            self.queues[*queue].stats.handling.add(spent);
        }
    }

    /// A supervisor takes an agent out of whatever keeps them.
    pub(super) fn reset(&mut self, name: &AgentName, live: &[InteractionId], out: &mut impl Effects<Out>) {
        let Some(&at) = self.agent_at.get(name) else { return };
        self.end_wrapup(at);
        let agent = &mut self.agents[at];
        agent.held.retain(|held| live.contains(&held.work));
        if agent.wish == Wish::SetAside {
            agent.wish = Wish::Work;
        }
        agent.misses = 0;
        if let Some(until) = agent.pause_until.take() {
            self.deadlines.remove(&(until, Due::Pause(at)));
        }
        let dead = agent.offer.as_ref().is_some_and(|offer| !live.contains(&offer.work));
        self.touch(at);
        // As after a release: what they seemed to hold may be theirs again.
        self.loose_agents.insert(at);
        if dead {
            self.lapse(at, OfferEnd::Unreachable, out);
        }
    }
}
