//! Where waiting work stands as time goes on: rings, sticky agents, put-off callbacks, overflow, the longest wait.

use kernel::{Effects, QueueName, Time};

use super::Router;
use super::expiring::Due;
use crate::work::{Stand, Work};
use crate::{OfferEnd, Out, Overflow, OverflowWhen};

/// Works that leave a queue for want of agents in one go: others get their turn between.
const AT_ONCE: usize = 64;

pub(super) fn is_for_want_of_agents(rule: &Overflow) -> bool {
    rule.when == OverflowWhen::NoAgent
}

/// Why work leaves a queue; the codes of `Out::Moved`.
const fn code(when: OverflowWhen) -> &'static str {
    match when {
        OverflowWhen::Waited(_) => "waited",
        OverflowWhen::Length(_) => "length",
        OverflowWhen::Closed => "closed",
        OverflowWhen::NoAgent => "no_agent",
    }
}

/// Where work goes, and why.
type Leaving = (Option<QueueName>, &'static str);

impl Router {
    /// Looks at waiting work again: what time has changed for it is done, and the next look is set.
    pub(super) fn revisit(&mut self, number: u32, out: &mut impl Effects<Out>) {
        let now = self.now;
        let Some(work) = self.works.get_mut(number) else { return };
        if let Some(wake) = work.wake.take() {
            self.deadlines.remove(&(wake, Due::Work(number)));
        }
        if !work.offered.is_empty() {
            // What was due meanwhile is done when it rings no more.
            return;
        }
        let missed = work.missed.len();
        work.missed.retain(|(_, until)| *until > now);
        let forgiven = work.missed.len() < missed;
        let rings = self.classes[work.class].rings();
        let asked = rings.partition_point(|ring| work.since + ring.after <= now).saturating_sub(1);
        work.ring = asked as u8;
        if let Some(leaving) = self.leaving(number) {
            self.move_on(number, leaving, out);
            return;
        }
        let stand = self.where_to(number);
        let Some(work) = self.works.get_mut(number) else { return };
        if matches!(stand, Stand::Open(_)) {
            // Whoever was waited for in vain once is not waited for again.
            work.sticky = None;
        }
        if stand != work.stand || forgiven {
            self.stand(number, stand);
            self.loose_works.push(number);
        }
        self.set_wake(number);
    }

    /// Where work that does not ring belongs now.
    fn where_to(&self, number: u32) -> Stand {
        let Some(work) = self.works.get(number) else { return Stand::Nowhere };
        if work.wishes.not_before.is_some_and(|at| at > self.now) {
            return Stand::Later;
        }
        match work.sticky {
            Some((agent, until)) if until > self.now && self.may_stick(work, agent) => Stand::Sticky(agent),
            _ => Stand::Open(work.ring),
        }
    }

    /// Whether waiting for this agent makes sense: they fit, are there and take work.
    fn may_stick(&self, work: &Work, agent: usize) -> bool {
        let one = &self.agents[agent];
        one.is_anywhere()
            && one.wants_work()
            && one.is_reachable(work.medium)
            && one.member(work.class).is_some()
            && !work.has_missed(agent)
    }

    /// Moves work between the lines of its class, and notes for the explanation what it was waiting for until now.
    pub(super) fn stand(&mut self, number: u32, stand: Stand) {
        self.explain_until_now(number);
        let Some(work) = self.works.get_mut(number) else { return };
        let before = std::mem::replace(&mut work.stand, stand);
        let (class, medium, place) = (work.class, work.medium, work.place);
        match before {
            Stand::Open(ring) => drop(self.classes[class].line_mut(medium, ring).remove(&place)),
            Stand::Sticky(agent) => drop(self.agents[agent].sticky.remove(&place)),
            Stand::Later | Stand::Ringing | Stand::Nowhere => {}
        }
        match stand {
            Stand::Open(ring) => drop(self.classes[class].line_mut(medium, ring).insert(place)),
            Stand::Sticky(agent) => drop(self.agents[agent].sticky.insert(place)),
            Stand::Later | Stand::Ringing | Stand::Nowhere => {}
        }
    }

    /// Work that waits for an agent who went away waits for others now.
    pub(super) fn unstick(&mut self, agent: usize) {
        if self.agents[agent].sticky.is_empty() {
            return;
        }
        for place in self.agents[agent].sticky.clone() {
            if self.works.get(place.at).is_some_and(|work| !self.may_stick(work, agent)) {
                if let Some(work) = self.works.get_mut(place.at) {
                    work.sticky = None;
                }
                let stand = self.where_to(place.at);
                self.stand(place.at, stand);
                self.loose_works.push(place.at);
                self.set_wake(place.at);
            }
        }
    }

    fn set_wake(&mut self, number: u32) {
        let Some(work) = self.works.get(number) else { return };
        let setup = &self.queues[work.queue].setup;
        let ring = self.classes[work.class].rings().get(usize::from(work.ring) + 1);
        let overflow = setup.overflow.iter().filter_map(|rule| match rule.when {
            OverflowWhen::Waited(span) => Some(work.since + span),
            OverflowWhen::Length(_) | OverflowWhen::Closed | OverflowWhen::NoAgent => None,
        });
        let due = overflow
            .chain(work.missed.iter().map(|(_, until)| *until))
            .chain(work.wishes.not_before)
            .chain(work.sticky.map(|(_, until)| until))
            .chain(ring.map(|ring| work.since + ring.after))
            .chain(setup.max_wait.map(|span| work.since + span));
        let wake = due.filter(|at| *at > self.now).min();
        if let Some(work) = self.works.get_mut(number) {
            if let Some(earlier) = work.wake {
                self.deadlines.remove(&(earlier, Due::Work(number)));
            }
            work.wake = wake;
        }
        self.deadlines.extend(wake.map(|at| (at, Due::Work(number))));
    }

    /// Whether waiting work must leave its queue now.
    fn leaving(&self, number: u32) -> Option<Leaving> {
        let work = self.works.get(number)?;
        let setup = &self.queues[work.queue].setup;
        let over = |span| work.since + span <= self.now;
        if setup.max_wait.is_some_and(over) {
            return Some((None, "max_wait"));
        }
        let rule = setup.overflow.iter().find(|rule| {
            let due = match rule.when {
                OverflowWhen::Waited(span) => over(span),
                OverflowWhen::Closed => !self.queues[work.queue].open,
                OverflowWhen::NoAgent => self.classes[self.queues[work.queue].classes[0]].staffed() == 0,
                OverflowWhen::Length(_) => false,
            };
            due && self.may_go(rule.to.as_ref(), work.queue, &work.left)
        })?;
        Some((rule.to.clone(), code(rule.when)))
    }

    /// Whether work that has left `left` may go to `to` from `queue`: never in a circle.
    fn may_go(&self, to: Option<&QueueName>, queue: usize, left: &[usize]) -> bool {
        let Some(to) = to else { return true };
        match self.queue_at.get(to) {
            Some(to) => *to != queue && !left.contains(to),
            None => left.len() < crate::MOST_RINGS,
        }
    }

    /// The first rule by which work that comes now does not stay.
    pub(super) fn overflows_on_entry(&self, at: usize, left: &[usize]) -> Option<Leaving> {
        let queue = &self.queues[at];
        let class = &self.classes[queue.classes[0]];
        let rule = queue.setup.overflow.iter().find(|rule| {
            let due = match rule.when {
                OverflowWhen::Waited(_) => false,
                OverflowWhen::Length(most) => queue.line.len() >= most as usize,
                OverflowWhen::Closed => !queue.open,
                OverflowWhen::NoAgent => class.staffed() == 0,
            };
            due && self.may_go(rule.to.as_ref(), at, left)
        })?;
        Some((rule.to.clone(), code(rule.when)))
    }

    fn move_on(&mut self, number: u32, (to, why): Leaving, out: &mut impl Effects<Out>) {
        let Some(id) = self.works.get(number).map(|work| work.id) else { return };
        let Some(to) = to else {
            self.explain(id);
            let Some(work) = self.take_out(id, OfferEnd::Withdrawn, out) else { return };
            self.queues[work.queue].stats.left(self.now.since(work.since), 0.0);
            out.emit(Out::Left { work: id, waited: work.spans });
            out.emit(Out::Unavailable { work: id, why: why.to_owned() });
            return;
        };
        let at = self.queue_of(&to);
        let Some(extra) = self.works.get(number).map(|work| work.wishes.skills.clone()) else { return };
        let class = self.class_of(at, &extra);
        self.settle_out(number);
        let Some(work) = self.works.get_mut(number) else { return };
        work.left.push(work.queue);
        (work.queue, work.class, work.ring, work.told) = (at, class, 0, None);
        self.settle_in(number);
        out.emit(Out::Moved { work: id, queue: to, why: why.to_owned() });
        self.revisit(number, out);
    }

    pub(super) fn opened(&mut self, name: &QueueName, open: bool, out: &mut impl Effects<Out>) {
        let Some(&at) = self.queue_at.get(name) else { return };
        self.queues[at].open = open;
        self.queue_changed(at);
        if !open {
            self.empty(at, OverflowWhen::Closed, usize::MAX, out);
        }
    }

    /// Nobody is left who could ever take this work: it goes where the rule says, some at a time.
    pub(super) fn left_alone(&mut self, at: usize, out: &mut impl Effects<Out>) {
        let staffed = self.classes[self.queues[at].classes[0]].staffed();
        if staffed == 0 && self.empty(at, OverflowWhen::NoAgent, AT_ONCE, out) == AT_ONCE {
            let soon = self.now + std::time::Duration::from_millis(1);
            self.deadlines.insert((soon, Due::NoAgent(at)));
        }
    }

    /// Moves waiting work on by the first rule of a kind; how many went.
    fn empty(&mut self, at: usize, when: OverflowWhen, most: usize, out: &mut impl Effects<Out>) -> usize {
        let rules: Vec<_> =
            self.queues[at].setup.overflow.iter().filter(|rule| rule.when == when).cloned().collect();
        let mut gone = 0;
        for place in self.queues[at].line.first(most) {
            let Some(work) = self.works.get(place.at).filter(|work| work.offered.is_empty()) else {
                continue;
            };
            let rule = rules.iter().find(|rule| self.may_go(rule.to.as_ref(), at, &work.left));
            let Some(rule) = rule else { continue };
            self.move_on(place.at, (rule.to.clone(), code(when)), out);
            gone += 1;
        }
        gone
    }

    /// When work first came, for the place of whatever replaces it.
    #[must_use]
    pub fn since(&self, work: kernel::InteractionId) -> Option<Time> {
        self.works.get(self.works.find(work)?).map(|work| work.since)
    }
}
