//! A new configuration: people and work that are there stay as they are; only the rules change.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kernel::{Effects, QueueName};

use super::Router;
use crate::agent::Agent;
use crate::class::Class;
use crate::queue::Queue;
use crate::work::Stand;
use crate::{OfferEnd, Out, QueueSetup, Setup, SkillWish};

impl Router {
    pub(super) fn configure(&mut self, setup: Setup, out: &mut impl Effects<Out>) {
        self.adopt(setup);
        for at in 0..self.agents.len() {
            let agent = &self.agents[at];
            if agent.offer.as_ref().is_some_and(|offer| !agent.is_reachable(offer.medium)) {
                self.lapse(at, OfferEnd::Unreachable, out);
            }
        }
        for at in self.works.all() {
            self.know_sticky_agent(at);
            self.revisit(at, out);
        }
    }

    /// Work that was put off may be for an agent whom only this configuration has.
    fn know_sticky_agent(&mut self, number: u32) {
        let put_off = self.works.get(number).filter(|work| work.stand == Stand::Later);
        let Some(sticky) = put_off.and_then(|work| self.sticky_of(&work.wishes, work.since)) else { return };
        if let Some(work) = self.works.get_mut(number) {
            work.sticky.get_or_insert(sticky);
        }
    }

    /// Takes over a configuration; what left it is marked and goes when nothing is left in it.
    pub(super) fn adopt(&mut self, setup: Setup) {
        (self.rules, self.tiers) = (setup.interrupts, setup.tiers);
        self.agents.iter_mut().for_each(|agent| agent.listed = false);
        self.queues.iter_mut().for_each(|queue| queue.listed = false);
        for setup in setup.agents {
            match self.agent_at.get(&setup.name) {
                Some(at) => {
                    let agent = &mut self.agents[*at];
                    (agent.setup, agent.listed) = (setup, true);
                }
                None => {
                    self.agent_at.insert(setup.name.clone(), self.agents.len());
                    self.agents.push(Agent::new(setup, self.now));
                }
            }
        }
        for (by_name, at) in self.agent_at.values().enumerate() {
            self.agents[*at].by_name = by_name as u32;
        }
        for setup in setup.queues {
            match self.queue_at.get(&setup.name) {
                Some(at) => {
                    let queue = &mut self.queues[*at];
                    (queue.setup, queue.listed) = (setup, true);
                }
                None => drop(self.add_queue(setup, true)),
            }
        }
        self.match_skills();
        for at in 0..self.queues.len() {
            self.queue_changed(at);
        }
    }

    /// The position of a queue. One that the configuration lacks (a flow older than a reload names it) is served as long as
    /// work waits there, by whoever has the skill of its name: nobody is lost in a queue that nobody sees.
    pub(super) fn queue_of(&mut self, name: &QueueName) -> usize {
        if let Some(at) = self.queue_at.get(name) {
            return *at;
        }
        let setup = QueueSetup { wrapup: Duration::ZERO, ..QueueSetup::named(name.clone()) };
        let at = self.add_queue(setup, false);
        self.fill(self.queues[at].classes[0]);
        at
    }

    fn add_queue(&mut self, setup: QueueSetup, listed: bool) -> usize {
        let at = self.queues.len();
        self.queue_at.insert(setup.name.clone(), at);
        self.queues.push(Queue::new(setup, listed));
        self.add_class(at, Vec::new());
        at
    }

    fn add_class(&mut self, queue: usize, extra: Vec<SkillWish>) -> usize {
        let at = self.classes.len();
        self.class_at.insert((queue, extra.clone()), at);
        self.classes.push(Class::new(queue, &self.queues[queue].setup, extra));
        self.queues[queue].classes.push(at);
        at
    }

    /// The class of work in a queue that asks for these further skills.
    pub(super) fn class_of(&mut self, queue: usize, extra: &[SkillWish]) -> usize {
        if extra.is_empty() {
            return self.queues[queue].classes[0];
        }
        let mut extra = extra.to_vec();
        extra.sort();
        extra.dedup();
        if let Some(at) = self.class_at.get(&(queue, extra.clone())) {
            return *at;
        }
        let at = self.add_class(queue, extra);
        self.fill(at);
        at
    }

    /// Works out who fits a class that is new.
    fn fill(&mut self, class: usize) {
        let listed = self.agents.iter().enumerate().filter(|(_, agent)| agent.listed);
        let fit = listed.filter_map(|(at, agent)| {
            Some((at, agent.by_name, self.classes[class].member(class, &agent.setup)?))
        });
        let found = fit.collect();
        for (at, member) in self.classes[class].enrol(found) {
            self.agents[at].classes.push(member);
            let agent = &self.agents[at];
            let indexed = agent.index(&self.rules);
            self.classes[class].file(at, agent, &member, &indexed);
            self.agents[at].indexed = Some(indexed);
        }
    }

    /// Works out anew who fits where, and files everybody.
    fn match_skills(&mut self) {
        let mut skilled: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, agent) in self.agents.iter().enumerate().filter(|(_, agent)| agent.listed) {
            agent.setup.skills.keys().for_each(|skill| skilled.entry(skill).or_default().push(at));
        }
        let mut found: Vec<Vec<_>> = vec![Vec::new(); self.agents.len()];
        for (at, class) in self.classes.iter_mut().enumerate() {
            class.adopt(&self.queues[class.queue].setup);
            let mut able = BTreeSet::new();
            for ring in class.rings() {
                let rarest = ring
                    .skills
                    .iter()
                    .chain(&class.extra)
                    .map(|wish| skilled.get(wish.skill.as_str()).map_or(&[][..], Vec::as_slice));
                match rarest.min_by_key(|agents| agents.len()) {
                    Some(agents) => able.extend(agents.iter().copied()),
                    None => able.extend(0..self.agents.len()),
                }
            }
            let fit = able.into_iter().filter_map(|at_agent| {
                let agent = &self.agents[at_agent];
                let member = class.member(at, &agent.setup).filter(|_| agent.listed)?;
                Some((at_agent, agent.by_name, member))
            });
            let fit = fit.collect();
            class.enrol(fit).for_each(|(agent, member)| found[agent].push(member));
        }
        for (at, classes) in found.into_iter().enumerate() {
            let agent = &mut self.agents[at];
            (agent.classes, agent.indexed) = (classes, None);
            let indexed = agent.index(&self.rules);
            let agent = &self.agents[at];
            for member in &agent.classes {
                self.classes[member.class].file(at, agent, member, &indexed);
            }
            self.agents[at].indexed = Some(indexed);
            if indexed.free != 0 {
                self.loose_agents.insert(at);
            }
            self.touch(at);
        }
    }
}
