//! Offers: bringing work and agents together, and what ends an offer before it is taken.

use std::collections::BTreeSet;
use std::time::Duration;

use kernel::{AgentName, Effects, InteractionId};

use super::Router;
use super::expiring::Due;
use crate::agent::{Lapsed, Offer, Wish};
use crate::queue::Place;
use crate::work::Stand;
use crate::{Medium, OfferEnd, OfferReason, Out};

/// How long work is not offered again to an agent who missed or refused it, while others may have it.
const JUST_MISSED: Duration = Duration::from_secs(10);
/// How long an agent whose phone rang unanswered gets no queued work, where there is no page to set them aside on.
const UNANSWERED_PAUSE: Duration = Duration::from_secs(10);
/// How long an agent who refused gets no queued work: a phone that refuses everything must not turn the queue into a storm.
const REFUSED_PAUSE: Duration = Duration::from_secs(2);
/// How long direct work rings: no queue says it.
const DIRECT_RING: Duration = Duration::from_secs(30);
/// What an offer adds to the turn of an agent of weight 1.
const STRIDE: u64 = 1 << 20;

impl Router {
    /// Brings together what came loose, the earliest in line first. Afterwards nothing that waits and nobody free fit.
    pub(super) fn settle(&mut self, out: &mut impl Effects<Out>) {
        let works = std::mem::take(&mut self.loose_works);
        let mut next: BTreeSet<(Place, Option<usize>)> =
            works.iter().filter_map(|number| Some((self.works.get(*number)?.place, None))).collect();
        for agent in std::mem::take(&mut self.loose_agents) {
            next.extend(self.first_for(agent).map(|place| (place, Some(agent))));
        }
        // An offer only takes away from what others could have: whoever was first for an agent is never later than what is.
        while let Some((place, agent)) = next.pop_first() {
            let taken = self.try_work(place.at, out);
            if let Some(agent) = agent {
                let first = self.first_for(agent).filter(|first| taken || *first != place);
                next.extend(first.map(|place| (place, Some(agent))));
            }
        }
    }

    /// Offers waiting work to the best of those who can take it; whether there was one.
    fn try_work(&mut self, number: u32, out: &mut impl Effects<Out>) -> bool {
        let Some((chosen, mut why)) = self.choose(number) else { return false };
        self.stand(number, Stand::Ringing);
        let Some(work) = self.works.get_mut(number) else { return false };
        work.offered.clone_from(&chosen);
        why.waited = std::mem::take(&mut work.spans);
        let (id, medium, at) = (work.id, work.medium, work.queue);
        if let Some(wake) = work.wake.take() {
            self.deadlines.remove(&(wake, Due::Work(number)));
        }
        let queue = &mut self.queues[at];
        queue.last = chosen.first().copied();
        let (name, until) = (queue.setup.name.clone(), self.now + queue.setup.ring);
        self.queue_changed(at);
        for agent in chosen {
            let mut why = why.clone();
            if let Some(member) =
                self.agents[agent].member(self.works.get(number).map_or(0, |work| work.class))
            {
                (why.level, why.preferred) = (member.level, member.preferred);
            }
            why.idle_ms = self.idle_ms(&self.agents[agent]);
            self.ring(agent, Offer { work: id, medium, queue: Some(name.clone()), until }, why, out);
        }
        true
    }

    /// Rings the one agent that direct work is for, ready or not, or says why not.
    pub(super) fn offer_directly(
        &mut self,
        name: &AgentName,
        work: InteractionId,
        medium: Medium,
        out: &mut impl Effects<Out>,
    ) {
        let known = self.agent_at.get(name).copied().filter(|at| self.agents[*at].listed);
        let refusal = match known.map(|at| &self.agents[at]) {
            None => Some("unknown"),
            Some(agent) if !agent.is_reachable(medium) => Some("unreachable"),
            Some(agent) if !agent.has_room(medium, &self.rules) => Some("busy"),
            Some(_) => None,
        };
        match (known, refusal) {
            (Some(at), None) => {
                let why = self.direct_reason(at);
                self.direct.insert(work, at);
                self.ring(at, Offer { work, medium, queue: None, until: self.now + DIRECT_RING }, why, out);
            }
            (_, why) => out.emit(Out::Unavailable { work, why: why.unwrap_or("unknown").to_owned() }),
        }
    }

    fn ring(&mut self, at: usize, offer: Offer, why: OfferReason, out: &mut impl Effects<Out>) {
        let agent = &mut self.agents[at];
        self.deadlines.insert((offer.until, Due::Ring(at)));
        out.emit(Out::Offer { work: offer.work, agent: agent.setup.name.clone(), until: offer.until, why });
        if offer.queue.is_some() {
            self.turn = agent.turn;
            agent.turn += STRIDE / u64::from(agent.setup.weight.max(1));
        }
        agent.offer = Some(offer);
        self.touch(at);
    }

    pub(super) fn declined(&mut self, work: InteractionId, name: &AgentName, out: &mut impl Effects<Out>) {
        let Some(&at) = self.agent_at.get(name) else { return };
        if self.agents[at].offer.as_ref().is_some_and(|offer| offer.work == work) {
            self.lapse(at, OfferEnd::Declined, out);
        }
    }

    /// An offer ends unanswered or refused: the work goes on to others, the agent is spared for a while.
    pub(super) fn lapse(&mut self, at: usize, end: OfferEnd, out: &mut impl Effects<Out>) {
        let Some(offer) = self.end_offer(at, end, out) else { return };
        let wanted = self.agents[at].wish == Wish::Work;
        self.set_aside(at, &offer, end);
        let number = self.works.find(offer.work);
        self.direct.remove(&offer.work);
        self.agents[at].lapsed = Some(Lapsed { offer, wanted });
        // Direct work has nowhere else to go: its interaction decides.
        let Some(work) = number.and_then(|number| self.works.get_mut(number)) else { return };
        if end != OfferEnd::Unreachable {
            work.missed.push((at, self.now + JUST_MISSED));
        }
        let (number, queue) = (number.unwrap_or_default(), work.queue);
        self.queue_changed(queue);
        self.revisit(number, out);
    }

    fn set_aside(&mut self, at: usize, offer: &Offer, end: OfferEnd) {
        let misses = offer.queue.as_ref().and_then(|queue| self.queue_at.get(queue));
        let misses = misses.map_or(1, |queue| self.queues[*queue].setup.misses.max(1));
        let agent = &mut self.agents[at];
        let pause = match end {
            OfferEnd::TimedOut => {
                agent.misses = agent.misses.saturating_add(1);
                if agent.desk && !agent.setup.always_ready && agent.misses >= misses {
                    // A call that was dialled to them while on a break changes nothing about the break.
                    if agent.wish == Wish::Work {
                        agent.wish = Wish::SetAside;
                    }
                    self.touch(at);
                    return;
                }
                UNANSWERED_PAUSE
            }
            OfferEnd::Declined => REFUSED_PAUSE,
            OfferEnd::Withdrawn | OfferEnd::Unreachable => return,
        };
        let until = self.now + pause;
        if let Some(earlier) = agent.pause_until.replace(until) {
            self.deadlines.remove(&(earlier, Due::Pause(at)));
        }
        self.deadlines.insert((until, Due::Pause(at)));
        self.touch(at);
    }

    /// Stops an agent's offer ringing and says so.
    pub(super) fn end_offer(
        &mut self,
        at: usize,
        end: OfferEnd,
        out: &mut impl Effects<Out>,
    ) -> Option<Offer> {
        let offer = self.agents[at].offer.take()?;
        self.deadlines.remove(&(offer.until, Due::Ring(at)));
        out.emit(Out::OfferOver { work: offer.work, agent: self.name_of(at), end });
        if let Some(work) = self.works.find(offer.work).and_then(|number| self.works.get_mut(number)) {
            work.offered.retain(|one| *one != at);
        }
        self.touch(at);
        Some(offer)
    }
}
