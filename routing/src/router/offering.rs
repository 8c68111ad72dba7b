//! Offers: bringing work and agents together, and what ends an offer before it is taken.

use std::time::Duration;

use kernel::{AgentName, Effects, InteractionId, Time};

use super::expiring::Due;
use super::{Router, Spot};
use crate::agent::{Lapsed, Offer};
use crate::queue::Place;
use crate::{Medium, OfferEnd, OfferReason, Out};

/// How long work is not offered again to an agent who missed or refused it, while others may have it.
const JUST_MISSED: Duration = Duration::from_secs(10);
/// How long an agent whose phone rang unanswered gets no queued work, where there is no page to set them not ready on.
const UNANSWERED_PAUSE: Duration = Duration::from_secs(10);
/// How long an agent who refused gets no queued work: a phone that refuses everything must not turn the queue into a storm.
const REFUSED_PAUSE: Duration = Duration::from_secs(2);
/// How long direct work rings: no queue says it.
const DIRECT_RING: Duration = Duration::from_secs(30);

impl Router {
    /// Offers waiting work to the best of those who can take it, if any can.
    pub(super) fn try_work(&mut self, at: usize, place: Place, now: Time, out: &mut impl Effects<Out>) {
        let Some((chosen, why)) = self.choose(at, &place, now) else { return };
        let queue = &mut self.queues[at];
        let Some(medium) = queue.waiting.get(&place).map(|waiting| waiting.medium) else { return };
        queue.mark(&place, Some(chosen));
        queue.last = Some(self.agents[chosen].setup.name.clone());
        let (name, until) = (queue.setup.name.clone(), now + queue.setup.ring);
        self.changed_queues.insert(at);
        self.ring(chosen, Offer { work: place.2, medium, queue: Some(name), until }, why, out);
    }

    /// Offers an agent who may have become free the first in line, over all their queues.
    pub(super) fn try_agent(&mut self, at: usize, now: Time, out: &mut impl Effects<Out>) {
        loop {
            let agent = &self.agents[at];
            if !agent.is_free(Medium::Call) && !agent.is_free(Medium::Chat) {
                return;
            }
            let lines = agent.queues.iter();
            let first =
                lines.filter_map(|queue| Some((self.queues[*queue].first_for(at, agent)?, *queue))).min();
            let Some((place, queue)) = first else { return };
            self.try_work(queue, place, now, out);
        }
    }

    /// Rings the one agent that direct work is for, ready or not, or says why not.
    pub(super) fn offer_directly(
        &mut self,
        name: &AgentName,
        work: InteractionId,
        medium: Medium,
        now: Time,
        out: &mut impl Effects<Out>,
    ) {
        let known = self.agent_at.get(name).copied().filter(|at| self.agents[*at].listed);
        let refusal = match known.map(|at| &self.agents[at]) {
            None => Some("unknown"),
            Some(agent) if !agent.is_reachable(medium) => Some("unreachable"),
            Some(agent) if !agent.has_room(medium) => Some("busy"),
            Some(_) => None,
        };
        match (known, refusal) {
            (Some(at), None) => {
                let why = Self::direct_reason(&self.agents[at], now);
                self.works.insert(work, Spot::Direct(at));
                self.ring(at, Offer { work, medium, queue: None, until: now + DIRECT_RING }, why, out);
            }
            (_, why) => {
                let why = why.unwrap_or("unknown").to_owned();
                out.emit(Out::Unavailable { work, agent: name.clone(), why });
            }
        }
    }

    fn ring(&mut self, at: usize, offer: Offer, why: OfferReason, out: &mut impl Effects<Out>) {
        let agent = &mut self.agents[at];
        self.deadlines.insert((offer.until, Due::Ring(at)));
        out.emit(Out::Offer { work: offer.work, agent: agent.setup.name.clone(), until: offer.until, why });
        agent.offer = Some(offer);
        self.touch(at);
    }

    pub(super) fn declined(
        &mut self,
        work: InteractionId,
        name: &AgentName,
        now: Time,
        out: &mut impl Effects<Out>,
    ) {
        let Some(&at) = self.agent_at.get(name) else { return };
        if self.agents[at].offer.as_ref().is_some_and(|offer| offer.work == work) {
            self.lapse(at, OfferEnd::Declined, now, out);
        }
    }

    /// An offer ends unanswered or refused: the work goes on to others, the agent is spared for a while.
    pub(super) fn lapse(&mut self, at: usize, end: OfferEnd, now: Time, out: &mut impl Effects<Out>) {
        let Some(offer) = self.end_offer(at, end, out) else { return };
        let ready = self.agents[at].ready;
        self.set_aside(at, end, now);
        match self.works.get(&offer.work).copied() {
            Some(Spot::Queued(queue, place)) => {
                self.queues[queue].mark(&place, None);
                if end != OfferEnd::Unreachable
                    && let Some(waiting) = self.queues[queue].waiting.get_mut(&place)
                {
                    waiting.missed.insert(at, now + JUST_MISSED);
                    self.deadlines.insert((now + JUST_MISSED, Due::Missed(offer.work, at)));
                }
                self.changed_queues.insert(queue);
                self.agents[at].lapsed = Some(Lapsed { offer, ready });
                self.try_work(queue, place, now, out);
            }
            // Direct work has nowhere else to go: its interaction decides.
            _ => {
                self.works.remove(&offer.work);
                self.agents[at].lapsed = Some(Lapsed { offer, ready });
            }
        }
        self.try_agent(at, now, out);
    }

    fn set_aside(&mut self, at: usize, end: OfferEnd, now: Time) {
        let agent = &mut self.agents[at];
        let pause = match end {
            OfferEnd::TimedOut if agent.desk && !agent.setup.always_ready => {
                agent.ready = false;
                return;
            }
            OfferEnd::TimedOut => UNANSWERED_PAUSE,
            OfferEnd::Declined => REFUSED_PAUSE,
            OfferEnd::Withdrawn | OfferEnd::Unreachable => return,
        };
        let until = now + pause;
        if let Some(earlier) = agent.pause_until.replace(until) {
            self.deadlines.remove(&(earlier, Due::Pause(at)));
        }
        self.deadlines.insert((until, Due::Pause(at)));
    }

    /// Stops an agent's offer ringing and says so.
    fn end_offer(&mut self, at: usize, end: OfferEnd, out: &mut impl Effects<Out>) -> Option<Offer> {
        let offer = self.agents[at].offer.take()?;
        self.deadlines.remove(&(offer.until, Due::Ring(at)));
        out.emit(Out::OfferOver { work: offer.work, agent: self.agents[at].setup.name.clone(), end });
        self.touch(at);
        Some(offer)
    }

    /// Takes work out of wherever it waits or rings. Whoever it rang at is free for other work.
    pub(super) fn leave(&mut self, work: InteractionId, now: Time, out: &mut impl Effects<Out>) {
        let rang = match self.take_out(work) {
            Some(Spot::Direct(agent)) => Some(agent),
            Some(Spot::Queued(queue, place)) => self.remove_waiting(queue, &place),
            None => None,
        };
        if let Some(agent) = rang {
            self.end_offer(agent, OfferEnd::Withdrawn, out);
            self.try_agent(agent, now, out);
        }
    }

    pub(super) fn take_out(&mut self, work: InteractionId) -> Option<Spot> {
        self.works.remove(&work)
    }

    /// Takes work out of the line; the agent it rang at, if any.
    pub(super) fn remove_waiting(&mut self, queue: usize, place: &Place) -> Option<usize> {
        self.changed_queues.insert(queue);
        let waiting = self.queues[queue].remove(place)?;
        for (agent, until) in waiting.missed {
            self.deadlines.remove(&(until, Due::Missed(place.2, agent)));
        }
        waiting.offered
    }
}
