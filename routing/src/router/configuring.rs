//! A new configuration: people and work that are there stay as they are; only the rules change.

use std::time::Duration;

use kernel::{Effects, QueueName, Time};

use super::Router;
use crate::agent::Agent;
use crate::queue::Queue;
use crate::{DEFAULT_STRATEGY, OfferEnd, Out, QueueSetup, Setup, SkillWish};

/// How long an offer rings for work of a queue that the configuration does not have (any more).
const STRAY_RING: Duration = Duration::from_secs(20);

impl Router {
    pub(super) fn configure(&mut self, setup: Setup, now: Time, out: &mut impl Effects<Out>) {
        self.adopt(setup, now);
        for at in 0..self.agents.len() {
            let agent = &self.agents[at];
            if agent.offer.as_ref().is_some_and(|offer| !agent.is_reachable(offer.medium)) {
                self.lapse(at, OfferEnd::Unreachable, now, out);
            }
        }
        for at in 0..self.agents.len() {
            self.try_agent(at, now, out);
        }
    }

    /// Takes over a configuration; what left it is marked and goes when nothing is left in it.
    pub(super) fn adopt(&mut self, setup: Setup, now: Time) {
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
                    self.agents.push(Agent { idle_since: now, ..Agent::new(setup) });
                }
            }
        }
        for setup in setup.queues {
            match self.queue_at.get(&setup.name) {
                Some(at) => {
                    let queue = &mut self.queues[*at];
                    (queue.setup, queue.listed) = (setup, true);
                }
                None => self.add_queue(setup, true),
            }
        }
        self.match_skills();
        self.changed_agents.extend(0..self.agents.len());
        self.changed_queues.extend(0..self.queues.len());
    }

    /// The position of a queue. One that the configuration lacks (a flow older than a reload names it) is served as long as
    /// work waits there, by whoever has the skill of its name: nobody is lost in a queue that nobody sees.
    pub(super) fn queue_of(&mut self, name: &QueueName) -> usize {
        if let Some(at) = self.queue_at.get(name) {
            return *at;
        }
        let skills = vec![SkillWish { skill: name.as_str().to_owned(), at_least: 1 }];
        let strategy = DEFAULT_STRATEGY.to_owned();
        let setup =
            QueueSetup { name: name.clone(), skills, ring: STRAY_RING, wrapup: Duration::ZERO, strategy };
        self.add_queue(setup, false);
        self.match_skills();
        self.queues.len() - 1
    }

    fn add_queue(&mut self, setup: QueueSetup, listed: bool) {
        self.queue_at.insert(setup.name.clone(), self.queues.len());
        self.queues.push(Queue::new(setup, listed));
    }

    /// Works out anew who has the skills of which queue.
    fn match_skills(&mut self) {
        self.agents.iter_mut().for_each(|agent| agent.queues.clear());
        for (queue_at, queue) in self.queues.iter_mut().enumerate() {
            queue.members.clear();
            for at in self.agent_at.values() {
                let agent = &mut self.agents[*at];
                if let Some(level) = queue.level_of(&agent.setup).filter(|_| agent.listed) {
                    queue.members.push((*at, level));
                    agent.queues.push(queue_at);
                }
            }
        }
    }
}
