//! The router's machine: what it is told, and which part answers.
//!
//! Between inputs no waiting work and free agent fit each other: every input that frees one of the two tries to bring it
//! together with the other, so that nothing has to be searched from scratch. `handle` decides; `show` tells what changed of
//! pictures and places, as often as the owner likes.

mod choosing;
mod configuring;
mod entering;
mod estimating;
mod expiring;
mod explaining;
mod holding;
mod moving;
mod offering;
mod reporting;

use std::collections::{BTreeMap, BTreeSet};

use kernel::{AgentName, Context, Effects, InteractionId, QueueName, Time};

use crate::agent::{Agent, Wish};
use crate::class::Class;
use crate::queue::Queue;
use crate::work::Works;
use crate::{AgentStatus, In, Interrupts, Out, QueueStatus, Setup, SkillWish, Wants};
use expiring::Due;

/// Queues, agents, and what is between them.
#[derive(Clone, Debug)]
pub struct Router {
    now: Time,
    /// Never shortened, so that positions stay valid: those that the configuration dropped are marked.
    agents: Vec<Agent>,
    agent_at: BTreeMap<AgentName, usize>,
    queues: Vec<Queue>,
    queue_at: BTreeMap<QueueName, usize>,
    classes: Vec<Class>,
    class_at: BTreeMap<(usize, Vec<SkillWish>), usize>,
    works: Works,
    /// Work that rings at the one agent it is for.
    direct: BTreeMap<InteractionId, usize>,
    rules: Interrupts,
    tiers: BTreeMap<String, std::time::Duration>,
    deadlines: BTreeSet<(Time, Due)>,
    /// Agents who are signed in somewhere.
    present: BTreeSet<usize>,
    /// How far along the one chosen last was with their share.
    turn: u64,
    /// To be brought together with somebody before this input is done.
    loose_works: Vec<u32>,
    loose_agents: BTreeSet<usize>,
    changed_agents: BTreeSet<usize>,
    changed_queues: Vec<usize>,
    /// Where the next showing of agents begins.
    show_from: usize,
}

impl Router {
    /// A router without work.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let mut router = Self {
            now: Time::ZERO,
            agents: Vec::new(),
            agent_at: BTreeMap::new(),
            queues: Vec::new(),
            queue_at: BTreeMap::new(),
            classes: Vec::new(),
            class_at: BTreeMap::new(),
            works: Works::default(),
            direct: BTreeMap::new(),
            rules: Interrupts::default(),
            tiers: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            present: BTreeSet::new(),
            turn: 0,
            loose_works: Vec::new(),
            loose_agents: BTreeSet::new(),
            changed_agents: BTreeSet::new(),
            changed_queues: Vec::new(),
            show_from: 0,
        };
        router.adopt(setup);
        router.settle_pictures();
        router
    }

    /// Takes in what happened and orders what is to be done.
    pub fn handle(&mut self, cx: &mut Context<'_>, input: In, out: &mut impl Effects<Out>) {
        self.now = self.now.max(cx.now);
        match input {
            In::Configured(setup) => self.configure(setup, out),
            In::Reachable { agent, desk, phone } => self.reached(&agent, desk, phone, out),
            In::Ready { agent, wants } => self.readied(&agent, wants),
            In::WasSetAside { agent } => self.was_set_aside(&agent),
            In::Opened { queue, open } => self.opened(&queue, open, out),
            In::Enqueued { work, target, medium, priority, since, wishes } => {
                let arrival = entering::Arrival { work, medium, priority, since, wishes };
                self.enqueued(target, arrival, out);
            }
            In::Withdrawn { work } => self.withdrawn(work, out),
            In::Accepted { work, agent } => self.accepted(work, &agent, out),
            In::Declined { work, agent } => self.declined(work, &agent, out),
            In::Released { work, agent } => self.released(work, &agent),
            In::WrappedUp { agent } => self.wrapped_up(&agent),
            In::Holding { work, agent, medium, queue } => self.holding(work, &agent, medium, queue, out),
            In::Reset { agent, live } => self.reset(&agent, &live, out),
            In::Elapsed => {}
        }
        // After the input: an answer that arrives in the same instant as the deadline still counts.
        self.expire(out);
        self.settle(out);
        while self.next_timeout().is_some_and(|at| at <= self.now) {
            self.expire(out);
            self.settle(out);
        }
    }

    /// When `In::Elapsed` is due.
    #[must_use]
    pub fn next_timeout(&self) -> Option<Time> {
        self.deadlines.first().map(|(at, _)| *at)
    }

    /// All agents, by name.
    pub fn agents(&self) -> impl Iterator<Item = AgentStatus> {
        let known = self.agent_at.values().filter_map(|at| self.agents.get(*at));
        known.filter(|agent| agent.is_shown()).map(|agent| agent.status(self.now, &self.rules))
    }

    /// All queues, by name.
    pub fn queues(&self) -> impl Iterator<Item = QueueStatus> {
        let known = self
            .queue_at
            .values()
            .filter(|at| self.queues.get(**at).is_some_and(|queue| queue.listed || !queue.line.is_empty()));
        known.map(|at| self.picture(*at, self.outlook(*at).as_ref()))
    }

    /// One agent.
    #[must_use]
    pub fn agent(&self, name: &AgentName) -> Option<AgentStatus> {
        let agent = self.agents.get(*self.agent_at.get(name)?)?;
        agent.is_shown().then(|| agent.status(self.now, &self.rules))
    }

    /// Whether work waits or rings here.
    #[must_use]
    pub fn knows(&self, work: InteractionId) -> bool {
        self.direct.contains_key(&work) || self.works.find(work).is_some()
    }

    /// All work that waits or rings.
    pub fn waiting(&self) -> impl Iterator<Item = InteractionId> {
        let queued = self.works.all().into_iter().filter_map(|at| self.works.get(at)).map(|work| work.id);
        queued.chain(self.direct.keys().copied())
    }

    fn reached(&mut self, name: &AgentName, desk: bool, phone: bool, out: &mut impl Effects<Out>) {
        let Some(&at) = self.agent_at.get(name) else { return };
        let agent = &mut self.agents[at];
        if !agent.is_anywhere() {
            (agent.idle_since, agent.turn) = (self.now, agent.turn.max(self.turn));
        }
        (agent.desk, agent.phone) = (desk, phone);
        let lost = agent.offer.as_ref().is_some_and(|offer| !agent.is_reachable(offer.medium));
        self.touch(at);
        if lost {
            self.lapse(at, crate::OfferEnd::Unreachable, out);
        }
    }

    fn readied(&mut self, name: &AgentName, wants: Wants) {
        let Some(&at) = self.agent_at.get(name) else { return };
        let agent = &mut self.agents[at];
        let wish = match wants {
            Wants::Work => Wish::Work,
            Wants::Break(reason) => Wish::Break(reason),
        };
        if wish == Wish::Work {
            if !agent.wants_work() {
                (agent.idle_since, agent.turn) = (self.now, agent.turn.max(self.turn));
            }
            // Who says "ready" wants work now, whatever they missed.
            agent.misses = 0;
            if let Some(until) = agent.pause_until.take() {
                self.deadlines.remove(&(until, Due::Pause(at)));
            }
        }
        agent.wish = wish;
        self.touch(at);
    }

    fn was_set_aside(&mut self, name: &AgentName) {
        let Some(&at) = self.agent_at.get(name) else { return };
        self.agents[at].wish = Wish::SetAside;
        self.touch(at);
    }

    /// Files an agent anew after a change, and notes that their picture, and with it those of their queues, may be another.
    fn touch(&mut self, at: usize) {
        self.changed_agents.insert(at);
        let agent = &mut self.agents[at];
        if agent.is_anywhere() {
            self.present.insert(at);
        } else {
            self.present.remove(&at);
        }
        let new = agent.index(&self.rules);
        let old = agent.indexed.replace(new);
        // Not only when they are filed elsewhere: who takes a break while talking is not waited for either.
        self.unstick(at);
        let Some(old) = old.filter(|old| *old != new) else { return };
        let agent = &self.agents[at];
        let anything = new.free & !old.free != 0;
        for member in &agent.classes {
            let class = &mut self.classes[member.class];
            class.unfile(at, agent, member, &old);
            class.file(at, agent, member, &new);
            let queue = &mut self.queues[class.queue];
            if class.waiting > 0 {
                class.history.note(self.now, class.counts, class.free_for);
            }
            // Work that asks for further skills waits in another class of the same queue, and goes with the others.
            let was_last = old.code != crate::reason::Code::Offline && class.staffed() == 0;
            if was_last
                && !queue.line.is_empty()
                && queue.setup.overflow.iter().any(moving::is_for_want_of_agents)
            {
                self.deadlines.insert((self.now, Due::NoAgent(class.queue)));
            }
            if !std::mem::replace(&mut queue.changed, true) {
                self.changed_queues.push(class.queue);
            }
        }
        if anything {
            self.loose_agents.insert(at);
        }
    }

    fn queue_changed(&mut self, at: usize) {
        if !std::mem::replace(&mut self.queues[at].changed, true) {
            self.changed_queues.push(at);
        }
    }
}
