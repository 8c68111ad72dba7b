//! Who is chosen, and why: the choice and its explanation are made together, so that they cannot disagree.

use kernel::Time;

use super::Router;
use crate::agent::Agent;
use crate::queue::Place;
use crate::strategies::{Candidate, strategy};
use crate::{Medium, OfferReason};

/// Runners-up that an explanation names.
const OTHERS: usize = 5;
/// Agents who could not that an explanation names.
const PASSED_OVER: usize = 20;

fn idle_ms(agent: &Agent, now: Time) -> u64 {
    u64::try_from(now.since(agent.idle_since).as_millis()).unwrap_or(u64::MAX)
}

impl Router {
    /// The agent for waiting work and why; `None` when nobody can take it.
    pub(super) fn choose(&self, at: usize, place: &Place, now: Time) -> Option<(usize, OfferReason)> {
        let queue = self.queues.get(at)?;
        let waiting = queue.waiting.get(place).filter(|waiting| waiting.offered.is_none())?;
        let able = |at: &usize| {
            let agent = &self.agents[*at];
            // Whoever hands work back to a queue is not offered it while still holding it.
            agent.is_free(waiting.medium) && !waiting.missed.contains_key(at) && !agent.holds(place.2)
        };
        let mut candidates: Vec<Candidate<'_>> = queue
            .members
            .iter()
            .filter(|(at, _)| able(at))
            .map(|(at, level)| {
                let agent = &self.agents[*at];
                Candidate { name: &agent.setup.name, level: *level, idle_ms: idle_ms(agent, now) }
            })
            .collect();
        let count = candidates.len();
        let strategy = strategy(&queue.setup.strategy);
        let mut best = || {
            let at = (strategy.pick)(&candidates, queue.last.as_ref())?;
            (at < candidates.len()).then(|| candidates.swap_remove(at))
        };
        let winner = best()?;
        let others = std::iter::from_fn(best).take(OTHERS);
        let why = OfferReason {
            strategy: strategy.name.to_owned(),
            level: winner.level,
            idle_ms: winner.idle_ms,
            waited_ms: u64::try_from(now.since(place.1).as_millis()).unwrap_or(u64::MAX),
            candidates: u32::try_from(count).unwrap_or(u32::MAX),
            others: others.map(|one| (one.name.clone(), one.level, one.idle_ms)).collect(),
            passed_over: self.passed_over(at, place, waiting.medium),
        };
        Some((*self.agent_at.get(winner.name)?, why))
    }

    /// Those who could not, those nearest to it first: with the skill and there, without the skill, with the skill and away.
    fn passed_over(&self, at: usize, place: &Place, medium: Medium) -> Vec<(kernel::AgentName, String)> {
        let queue = &self.queues[at];
        let missed = queue.waiting.get(place).map(|waiting| &waiting.missed);
        let member = |(at, _): &(usize, u8)| {
            let agent = &self.agents[*at];
            let missed = missed.is_some_and(|missed| missed.contains_key(at));
            let code = agent.hindrance(medium).or(missed.then_some("just_missed"))?;
            Some((agent, code))
        };
        let away = |found: &(&Agent, &str)| found.1 == "offline";
        let there = queue.members.iter().filter_map(member).filter(|found| !away(found));
        let gone = queue.members.iter().filter_map(member).filter(away);
        let unskilled = self.agents.iter().filter(|agent| agent.is_anywhere() && !agent.queues.contains(&at));
        let all = there.chain(unskilled.map(|agent| (agent, "no_skill"))).chain(gone);
        all.take(PASSED_OVER).map(|(agent, code)| (agent.setup.name.clone(), code.to_owned())).collect()
    }

    /// The reason of an offer that is for one agent only.
    pub(super) fn direct_reason(agent: &Agent, now: Time) -> OfferReason {
        OfferReason {
            strategy: "direct".to_owned(),
            level: 0,
            idle_ms: idle_ms(agent, now),
            waited_ms: 0,
            candidates: 1,
            others: Vec::new(),
            passed_over: Vec::new(),
        }
    }
}
