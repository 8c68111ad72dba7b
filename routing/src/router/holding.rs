//! Work in hand: taking it, giving it up, writing it up.

use kernel::{AgentName, Effects, InteractionId, QueueName, Time};

use super::expiring::Due;
use super::{Router, Spot};
use crate::agent::{Held, Offer};
use crate::{Medium, Out};

impl Router {
    pub(super) fn accepted(
        &mut self,
        work: InteractionId,
        name: &AgentName,
        now: Time,
        out: &mut impl Effects<Out>,
    ) {
        let Some(&at) = self.agent_at.get(name) else { return };
        let agent = &mut self.agents[at];
        match agent.offer.take() {
            Some(offer) if offer.work == work => {
                self.deadlines.remove(&(offer.until, Due::Ring(at)));
                if let Some(Spot::Queued(queue, place)) = self.take_out(work) {
                    self.remove_waiting(queue, &place);
                }
                self.take_in_hand(at, offer, now);
                self.try_agent(at, now, out);
            }
            other => {
                agent.offer = other;
                self.accepted_late(at, work, now, out);
            }
        }
    }

    /// The answer crossed the end of the offer on the way. The interaction has connected the two: that is how it is now.
    fn accepted_late(&mut self, at: usize, work: InteractionId, now: Time, out: &mut impl Effects<Out>) {
        let agent = &self.agents[at];
        let Some(lapsed) = agent.lapsed.clone().filter(|lapsed| lapsed.offer.work == work) else { return };
        if !agent.has_room(lapsed.offer.medium) {
            return;
        }
        self.agents[at].ready = lapsed.ready;
        self.leave(work, now, out);
        // It may have been offered to the same agent for something else meanwhile.
        if self.agents[at].has_room(lapsed.offer.medium) {
            self.take_in_hand(at, lapsed.offer, now);
            self.try_agent(at, now, out);
        }
    }

    fn take_in_hand(&mut self, at: usize, offer: Offer, now: Time) {
        let agent = &mut self.agents[at];
        let held = Held { work: offer.work, queue: offer.queue };
        // Work that comes back to whoever has it is held once.
        agent.call.take_if(|known| known.work == held.work);
        agent.chats.retain(|known| known.work != held.work);
        match offer.medium {
            Medium::Call => agent.call = Some(held),
            Medium::Chat => agent.chats.push(held),
        }
        agent.idle_since = now;
        agent.lapsed = None;
        self.touch(at);
    }

    /// After a restart: what an agent holds is told, not decided.
    pub(super) fn holding(
        &mut self,
        work: InteractionId,
        name: &AgentName,
        medium: Medium,
        queue: Option<QueueName>,
        now: Time,
        out: &mut impl Effects<Out>,
    ) {
        let Some(&at) = self.agent_at.get(name) else { return };
        self.leave(work, now, out);
        if !self.agents[at].holds(work) {
            self.take_in_hand(at, Offer { work, medium, queue, until: now }, now);
            self.try_agent(at, now, out);
        }
    }

    pub(super) fn released(
        &mut self,
        work: InteractionId,
        name: &AgentName,
        now: Time,
        out: &mut impl Effects<Out>,
    ) {
        let Some(&at) = self.agent_at.get(name) else { return };
        let agent = &mut self.agents[at];
        if let Some(call) = agent.call.take_if(|held| held.work == work) {
            agent.idle_since = now;
            self.begin_wrapup(at, call.queue.as_ref(), now);
        } else if let Some(chat) = agent.chats.iter().position(|held| held.work == work) {
            // Chats have no wrap-up: the others go on meanwhile.
            agent.chats.remove(chat);
            agent.idle_since = now;
        } else {
            return;
        }
        self.touch(at);
        self.try_agent(at, now, out);
    }

    fn begin_wrapup(&mut self, at: usize, queue: Option<&QueueName>, now: Time) {
        let limit = self.wrapup_of(queue);
        if limit.is_zero() {
            return;
        }
        let until = now + limit;
        if let Some(earlier) = self.agents[at].wrapup_until.replace(until) {
            self.deadlines.remove(&(earlier, Due::Wrapup(at)));
        }
        self.deadlines.insert((until, Due::Wrapup(at)));
    }

    pub(super) fn wrapped_up(&mut self, name: &AgentName, now: Time, out: &mut impl Effects<Out>) {
        let Some(&at) = self.agent_at.get(name) else { return };
        if let Some(until) = self.agents[at].wrapup_until {
            self.deadlines.remove(&(until, Due::Wrapup(at)));
            self.end_wrapup(at, now, out);
        }
    }

    pub(super) fn end_wrapup(&mut self, at: usize, now: Time, out: &mut impl Effects<Out>) {
        let agent = &mut self.agents[at];
        agent.wrapup_until = None;
        agent.idle_since = now;
        self.touch(at);
        self.try_agent(at, now, out);
    }
}
