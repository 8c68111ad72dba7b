//! Work comes, and leaves without having been taken.

use std::time::Duration;

use kernel::{AgentName, Effects, InteractionId, QueueName, Time};

use super::Router;
use crate::queue::Place;
use crate::work::{Stand, Work};
use crate::{Medium, OfferEnd, Out, Target, Wishes};

/// Scores of a lookup that count.
const SCORES: usize = 64;

/// Work that comes.
pub(super) struct Arrival {
    pub work: InteractionId,
    pub medium: Medium,
    pub priority: i32,
    pub since: Time,
    pub wishes: Box<Wishes>,
}

impl Router {
    pub(super) fn enqueued(&mut self, target: Target, arrival: Arrival, out: &mut impl Effects<Out>) {
        // Whoever comes again is not given up: nothing is told of their leaving.
        self.take_out(arrival.work, OfferEnd::Withdrawn, out);
        match target {
            Target::Queue(queue) => self.enter(&queue, arrival, out),
            Target::Agent(agent) => self.offer_directly(&agent, arrival.work, arrival.medium, out),
        }
    }

    fn enter(&mut self, name: &QueueName, mut arrival: Arrival, out: &mut impl Effects<Out>) {
        let mut at = self.queue_of(name);
        let mut left = Vec::new();
        while let Some((to, why)) = self.overflows_on_entry(at, &left) {
            left.push(at);
            match to {
                Some(to) => {
                    at = self.queue_of(&to);
                    out.emit(Out::Moved { work: arrival.work, queue: to, why: why.to_owned() });
                }
                None => {
                    out.emit(Out::Unavailable { work: arrival.work, why: why.to_owned() });
                    return;
                }
            }
        }
        let scores = &mut arrival.wishes.scores;
        while scores.len() > SCORES {
            scores.pop_last();
        }
        let class = self.class_of(at, &arrival.wishes.skills);
        let place = self.place(at, &arrival);
        let sticky = self.sticky_of(&arrival.wishes, arrival.since);
        let work = Work {
            id: arrival.work,
            medium: arrival.medium,
            since: arrival.since,
            place,
            queue: at,
            class,
            ring: 0,
            stand: Stand::Nowhere,
            offered: Vec::new(),
            missed: Vec::new(),
            sticky,
            wishes: arrival.wishes,
            left,
            wake: None,
            told: None,
            spans: Vec::new(),
            unexplained: self.now,
        };
        let number = self.works.add(work);
        self.settle_in(number);
        self.revisit(number, out);
    }

    /// The agent whom work should wait for, and until when; nobody while there is no such agent.
    pub(super) fn sticky_of(&self, wishes: &Wishes, since: Time) -> Option<(usize, Time)> {
        let sticky = wishes.sticky.as_ref()?;
        Some((*self.agent_at.get(&sticky.agent)?, since + sticky.patience))
    }

    fn place(&self, queue: usize, arrival: &Arrival) -> Place {
        let tier = arrival.wishes.tier.as_ref().and_then(|tier| self.tiers.get(tier));
        let tier = tier.copied().unwrap_or(Duration::ZERO);
        let point = self.queues[queue].setup.point;
        let rank = Place::rank_of(arrival.since, arrival.priority, point, tier);
        Place { rank, id: arrival.work, at: self.works.next() }
    }

    /// Puts work in the line of its queue and class, open to nobody yet.
    pub(super) fn settle_in(&mut self, number: u32) {
        let Some(work) = self.works.get(number) else { return };
        let (at, place, class) = (work.queue, work.place, work.class);
        let queue = &mut self.queues[at];
        queue.line.insert(place, crate::ranks::mix(place.id.serial));
        queue.entered.push(number);
        let class = &mut self.classes[class];
        class.waiting += 1;
        if class.waiting == 1 {
            class.history.clear();
            class.history.note(self.now, class.counts, class.free_for);
        }
        self.queue_changed(at);
    }

    /// Takes work out of the line of its queue and class.
    pub(super) fn settle_out(&mut self, number: u32) {
        self.stand(number, Stand::Nowhere);
        let Some(work) = self.works.get_mut(number) else { return };
        if let Some(wake) = work.wake.take() {
            self.deadlines.remove(&(wake, super::expiring::Due::Work(number)));
        }
        let (at, place, class) = (work.queue, work.place, work.class);
        self.queues[at].line.remove(&place);
        self.classes[class].waiting -= 1;
        self.queue_changed(at);
    }

    pub(super) fn withdrawn(&mut self, id: InteractionId, out: &mut impl Effects<Out>) {
        self.explain(id);
        let Some(work) = self.take_out(id, OfferEnd::Withdrawn, out) else { return };
        let waited = self.now.since(work.since);
        self.queues[work.queue].stats.left(waited, 1.0);
        out.emit(Out::Left { work: id, waited: work.spans });
    }

    /// Takes work out of wherever it waits or rings. Whoever it rang at is free for other work.
    pub(super) fn take_out(
        &mut self,
        id: InteractionId,
        end: OfferEnd,
        out: &mut impl Effects<Out>,
    ) -> Option<Work> {
        if let Some(agent) = self.direct.remove(&id) {
            self.end_offer(agent, end, out);
            return None;
        }
        let number = self.works.find(id)?;
        let ringing = self.works.get(number).map(|work| work.offered.clone()).unwrap_or_default();
        for agent in ringing {
            self.end_offer(agent, end, out);
        }
        self.settle_out(number);
        self.works.take(number)
    }

    pub(super) fn name_of(&self, at: usize) -> AgentName {
        self.agents[at].setup.name.clone()
    }
}
