//! The router's machine: what it is told, and which part answers.
//!
//! Between inputs no waiting work and free agent fit each other: every input that frees one of the two tries to bring it
//! together with the other, so that nothing has to be searched from scratch.

mod configuring;
mod expiring;
mod holding;
mod offering;
mod reason;
mod reporting;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kernel::{AgentName, Context, Effects, InteractionId, QueueName, Time};

use crate::agent::Agent;
use crate::queue::{Place, Queue};
use crate::{AgentStatus, In, Medium, Out, QueueStatus, Setup, Target};
use expiring::Due;

/// Where a piece of work is.
#[derive(Clone, Copy, Debug)]
enum Spot {
    /// In the line of a queue.
    Queued(usize, Place),
    /// Ringing at the one agent it is for.
    Direct(usize),
}

/// Queues, agents, and what is between them.
#[derive(Clone, Debug)]
pub struct Router {
    /// Never shortened, so that positions stay valid: those that the configuration dropped are marked.
    agents: Vec<Agent>,
    agent_at: BTreeMap<AgentName, usize>,
    queues: Vec<Queue>,
    queue_at: BTreeMap<QueueName, usize>,
    works: BTreeMap<InteractionId, Spot>,
    deadlines: BTreeSet<(Time, Due)>,
    changed_agents: BTreeSet<usize>,
    changed_queues: BTreeSet<usize>,
}

impl Router {
    /// A router without work.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let mut router = Self {
            agents: Vec::new(),
            agent_at: BTreeMap::new(),
            queues: Vec::new(),
            queue_at: BTreeMap::new(),
            works: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            changed_agents: BTreeSet::new(),
            changed_queues: BTreeSet::new(),
        };
        router.adopt(setup, Time::ZERO);
        router.settle_pictures();
        router
    }

    /// Takes in what happened and orders what is to be done.
    pub fn handle(&mut self, cx: &mut Context<'_>, input: In, out: &mut impl Effects<Out>) {
        let now = cx.now;
        match input {
            In::Configured(setup) => self.configure(setup, now, out),
            In::Reachable { agent, desk, phone } => self.reached(&agent, desk, phone, now, out),
            In::Ready { agent, ready } => self.readied(&agent, ready, now, out),
            In::Enqueued { work, target, medium, priority, since } => {
                self.leave(work, now, out);
                match target {
                    Target::Queue(queue) => {
                        let place = (Reverse(priority), since, work);
                        self.enqueue(&queue, place, medium, now, out);
                    }
                    Target::Agent(agent) => self.offer_directly(&agent, work, medium, now, out),
                }
            }
            In::Withdrawn { work } => self.leave(work, now, out),
            In::Accepted { work, agent } => self.accepted(work, &agent, now, out),
            In::Declined { work, agent } => self.declined(work, &agent, now, out),
            In::Released { work, agent } => self.released(work, &agent, now, out),
            In::WrappedUp { agent } => self.wrapped_up(&agent, now, out),
            In::Holding { work, agent, medium, queue } => self.holding(work, &agent, medium, queue, now, out),
            In::Elapsed => {}
        }
        // After the input: an answer that arrives in the same instant as the deadline still counts.
        self.expire(now, out);
        self.report(now, out);
    }

    /// When `In::Elapsed` is due.
    #[must_use]
    pub fn next_timeout(&self) -> Option<Time> {
        self.deadlines.first().map(|(at, _)| *at)
    }

    /// All agents, by name.
    pub fn agents(&self) -> impl Iterator<Item = AgentStatus> {
        self.agent_at
            .values()
            .filter_map(|at| self.agents.get(*at))
            .filter(|a| a.is_shown())
            .map(|a| a.shown.clone())
    }

    /// All queues, by name.
    pub fn queues(&self) -> impl Iterator<Item = QueueStatus> {
        let known = self.queue_at.values().filter_map(|at| self.queues.get(*at));
        known.filter(|queue| queue.listed || !queue.waiting.is_empty()).map(|queue| queue.shown.clone())
    }

    /// One agent.
    #[must_use]
    pub fn agent(&self, name: &AgentName) -> Option<AgentStatus> {
        let agent = self.agents.get(*self.agent_at.get(name)?)?;
        agent.is_shown().then(|| agent.shown.clone())
    }

    fn reached(&mut self, name: &AgentName, desk: bool, phone: bool, now: Time, out: &mut impl Effects<Out>) {
        let Some(&at) = self.agent_at.get(name) else { return };
        let agent = &mut self.agents[at];
        if !agent.is_anywhere() {
            agent.idle_since = now;
        }
        (agent.desk, agent.phone) = (desk, phone);
        let lost = agent.offer.as_ref().is_some_and(|offer| !agent.is_reachable(offer.medium));
        self.touch(at);
        if lost {
            self.lapse(at, crate::OfferEnd::Unreachable, now, out);
        }
        self.try_agent(at, now, out);
    }

    fn readied(&mut self, name: &AgentName, ready: bool, now: Time, out: &mut impl Effects<Out>) {
        let Some(&at) = self.agent_at.get(name) else { return };
        let agent = &mut self.agents[at];
        if ready && !agent.wants_work() {
            agent.idle_since = now;
        }
        agent.ready = ready;
        // Who says "ready" wants work now, whatever they missed.
        if ready && let Some(until) = agent.pause_until.take() {
            self.deadlines.remove(&(until, Due::Pause(at)));
        }
        self.touch(at);
        self.try_agent(at, now, out);
    }

    fn enqueue(
        &mut self,
        name: &QueueName,
        place: Place,
        medium: Medium,
        now: Time,
        out: &mut impl Effects<Out>,
    ) {
        let at = self.queue_of(name);
        self.queues[at].add(place, medium);
        self.works.insert(place.2, Spot::Queued(at, place));
        self.changed_queues.insert(at);
        self.try_work(at, place, now, out);
    }

    fn wrapup_of(&self, queue: Option<&QueueName>) -> Duration {
        let at = queue.and_then(|queue| self.queue_at.get(queue));
        at.map_or(Duration::ZERO, |at| self.queues[*at].setup.wrapup)
    }

    /// Notes that an agent's picture, and with it those of their queues, may have changed.
    fn touch(&mut self, at: usize) {
        self.changed_agents.insert(at);
        self.changed_queues.extend(self.agents[at].queues.iter().copied());
    }
}
