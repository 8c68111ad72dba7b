//! Who is chosen, and why: the choice and its explanation are made together, so that they cannot disagree.

use std::borrow::Cow;
use std::cmp::Reverse;

use kernel::AgentName;

use super::Router;
use crate::agent::Agent;
use crate::class::{File, Standing};
use crate::queue::Place;
use crate::reason::Code;
use crate::strategies::Order;
use crate::work::{Stand, Work};
use crate::{Medium, OfferReason};

/// Runners-up that an explanation names.
const OTHERS: usize = 5;
/// Agents who could not that an explanation names.
pub(super) const PASSED_OVER: usize = 12;
/// Agents rung at once by a strategy that rings all.
const AT_ONCE: usize = 10;
/// Up to this many signed-in agents, those without the skill are named too.
const SMALL_FLOOR: usize = 64;

/// An agent who could take the work, found in a file.
#[derive(Clone, Copy)]
struct Found {
    ring: u8,
    standing: Standing,
}

impl Found {
    const fn agent(&self) -> usize {
        self.standing.agent as usize
    }
}

impl Router {
    pub(super) fn idle_ms(&self, agent: &Agent) -> u64 {
        u64::try_from(self.now.since(agent.idle_since).as_millis()).unwrap_or(u64::MAX)
    }

    /// The agents for waiting work (one, or several with a strategy that rings all) and why; none when nobody can take it.
    pub(super) fn choose(&self, number: u32) -> Option<(Vec<usize>, OfferReason)> {
        let work = self.works.get(number)?;
        match work.stand {
            Stand::Open(ring) => self.choose_among(work, ring),
            Stand::Sticky(agent) => {
                let able = self.agents[agent].free_for(&self.rules) & work.medium.bit() != 0;
                let able = able && !self.agents[agent].holds(work.id);
                able.then(|| (vec![agent], self.reason(work, agent, Cow::Borrowed("sticky"), 1)))
            }
            Stand::Later | Stand::Ringing | Stand::Nowhere => None,
        }
    }

    fn choose_among(&self, work: &Work, ring: u8) -> Option<(Vec<usize>, OfferReason)> {
        let class = &self.classes[work.class];
        let order = class.strategy.order;
        let scored = if order == Order::Scored { self.best_score(work, ring) } else { None };
        let most = if order == Order::All { AT_ONCE + OTHERS } else { OTHERS + 1 };
        let mut found: Vec<usize> = self.in_order(work, ring, most).iter().map(Found::agent).collect();
        if let Some((agent, _)) = scored {
            found.retain(|one| *one != agent);
            found.insert(0, agent);
        }
        let winner = *found.first()?;
        let rung = if order == Order::All { found.len().min(AT_ONCE) } else { 1 };
        let mut why =
            self.reason(work, winner, Cow::Borrowed(class.strategy.name), self.candidates(work, ring));
        why.score = scored.map(|(_, score)| score);
        why.others = found.iter().skip(rung).take(OTHERS).map(|at| self.runner_up(work, *at)).collect();
        found.truncate(rung);
        Some((found, why))
    }

    fn runner_up(&self, work: &Work, at: usize) -> (AgentName, u8, u64) {
        let level = self.agents[at].member(work.class).map_or(0, |member| member.level);
        (self.name_of(at), level, self.idle_ms(&self.agents[at]))
    }

    fn reason(&self, work: &Work, at: usize, strategy: Cow<'static, str>, candidates: u32) -> OfferReason {
        let agent = &self.agents[at];
        let member = agent.member(work.class);
        OfferReason {
            strategy,
            level: member.map_or(0, |member| member.level),
            idle_ms: self.idle_ms(agent),
            waited_ms: u64::try_from(self.now.since(work.since).as_millis()).unwrap_or(u64::MAX),
            candidates,
            others: Vec::new(),
            passed_over: self.passed_over(work),
            ring: work.ring,
            preferred: member.map_or(0, |member| member.preferred),
            score: None,
            agents: self.agents_by_code(work),
            waited: Vec::new(),
        }
    }

    /// Whether somebody found free may be offered this work: not whom it rang at just now, nor who hands it back.
    fn may_have(&self, work: &Work, at: usize) -> bool {
        !work.has_missed(at) && !self.agents[at].holds(work.id)
    }

    /// The best free agents, in order.
    fn in_order(&self, work: &Work, ring: u8, most: usize) -> Vec<Found> {
        let class = &self.classes[work.class];
        let in_turn = class.strategy.order == Order::InTurn;
        let last = self.queues[work.queue].last.filter(|_| in_turn).map(|at| self.agents[at].by_name);
        let mut found: Vec<Found> = Vec::with_capacity(most * 2);
        for file in class.free_files(work.medium, ring) {
            let some = match last {
                Some(last) => in_turn_after(file, last, most),
                None => {
                    let able = file.agents.iter().filter(|one| self.may_have(work, one.agent as usize));
                    able.take(most).copied().collect()
                }
            };
            let able = some.into_iter().filter(|one| self.may_have(work, one.agent as usize));
            found.extend(able.map(|standing| Found { ring: file.ring, standing }));
        }
        let key = |one: &Found| {
            let had_turn = last.is_some_and(|last| one.standing.by_name <= last);
            (one.ring, one.standing.preferred, had_turn, one.standing)
        };
        found.sort_unstable_by_key(key);
        found.truncate(most);
        found
    }

    /// The free agent with the highest score of the lookup; among equals whom the strategy would choose without scores.
    fn best_score(&self, work: &Work, ring: u8) -> Option<(usize, i64)> {
        let able = |at: usize| {
            let agent = &self.agents[at];
            let asked = agent.member(work.class).is_some_and(|member| member.ring <= ring);
            let free = agent.indexed.is_some_and(|indexed| indexed.free & work.medium.bit() != 0);
            asked && free && self.may_have(work, at)
        };
        let known = work.wishes.scores.iter().filter_map(|(name, score)| {
            let at = *self.agent_at.get(name)?;
            able(at).then_some((at, *score))
        });
        let class = &self.classes[work.class];
        known.max_by_key(|(at, score)| {
            let agent = &self.agents[*at];
            let standing = agent
                .member(work.class)
                .zip(agent.indexed)
                .map(|(member, indexed)| (member.ring, class.standing(*at, agent, member, &indexed)));
            (*score, Reverse(standing))
        })
    }

    /// How many could have taken it.
    fn candidates(&self, work: &Work, ring: u8) -> u32 {
        let class = &self.classes[work.class];
        let free: usize = class.free_files(work.medium, ring).map(|file| file.agents.len()).sum();
        let counted = |at: usize| {
            let agent = &self.agents[at];
            agent.indexed.is_some_and(|indexed| indexed.free & work.medium.bit() != 0)
                && agent.member(work.class).is_some_and(|member| member.ring <= ring)
        };
        let spared = work.missed.iter().filter(|(at, _)| counted(*at)).count();
        u32::try_from(free.saturating_sub(spared)).unwrap_or(u32::MAX)
    }

    /// Everybody who fits, by what keeps them.
    pub(super) fn agents_by_code(&self, work: &Work) -> Vec<(Cow<'static, str>, u32)> {
        let class = &self.classes[work.class];
        let free = class.free_for[work.medium as usize];
        let other = class.counts[Code::Free as usize].saturating_sub(free);
        let of = |code: Code| match code {
            Code::Free => free,
            Code::Busy => class.counts[code as usize] + other,
            code => class.counts[code as usize],
        };
        let there = Code::ALL.into_iter().map(|code| (code, of(code))).filter(|(_, count)| *count > 0);
        there.map(|(code, count)| (Cow::Borrowed(code.name()), count)).collect()
    }

    /// Those who could not, those nearest to it first: with the skill and there, without the skill, with the skill and away.
    pub(super) fn passed_over(&self, work: &Work) -> Vec<(AgentName, Cow<'static, str>)> {
        let class = &self.classes[work.class];
        let mut found: Vec<(usize, &'static str)> = Vec::with_capacity(PASSED_OVER);
        for code in Code::ALL {
            if code == Code::Offline {
                found.extend(self.unskilled(work).take(PASSED_OVER - found.len().min(PASSED_OVER)));
            }
            let room = PASSED_OVER.saturating_sub(found.len());
            if code != Code::Free {
                let kept = class.kept.iter().filter(|kept| kept.code == code);
                let agents = kept.flat_map(|kept| class.agents_of(kept));
                found.extend(agents.take(room).map(|at| (at, self.what_keeps(at, code, work.medium))));
                continue;
            }
            // Free, but for other work only.
            let files = class.files.iter().filter(|file| file.free & work.medium.bit() == 0);
            let agents = files.flat_map(|file| &file.agents).map(|one| one.agent as usize);
            found.extend(agents.take(room).map(|at| (at, self.what_keeps(at, code, work.medium))));
            let missed = work.missed.iter().map(|(at, _)| *at);
            let free = |at: &usize| self.agents[*at].hindrance(work.medium, &self.rules) == Code::Free;
            found.extend(missed.filter(free).map(|at| (at, Code::JustMissed.name())));
        }
        found.truncate(PASSED_OVER);
        found.into_iter().map(|(at, code)| (self.name_of(at), Cow::Borrowed(code))).collect()
    }

    /// What keeps an agent who is filed under `code` from this kind of work.
    fn what_keeps(&self, at: usize, code: Code, medium: Medium) -> &'static str {
        // Agents are filed by what keeps calls from them: nothing has to be worked out again.
        let filed_so = code != Code::Free && medium == Medium::Voice;
        let code = if filed_so { code } else { self.agents[at].hindrance(medium, &self.rules) };
        debug_assert_eq!(code, self.agents[at].hindrance(medium, &self.rules), "filed as they are");
        code.name()
    }

    fn unskilled(&self, work: &Work) -> impl Iterator<Item = (usize, &'static str)> {
        let small = self.present.len() <= SMALL_FLOOR;
        let there = self.present.iter().copied().filter(move |_| small);
        there.filter(|at| self.agents[*at].member(work.class).is_none()).map(|at| (at, "no_skill"))
    }

    /// The reason of an offer that is for one agent only.
    pub(super) fn direct_reason(&self, at: usize) -> OfferReason {
        OfferReason {
            strategy: Cow::Borrowed("direct"),
            level: 0,
            idle_ms: self.idle_ms(&self.agents[at]),
            waited_ms: 0,
            candidates: 1,
            others: Vec::new(),
            passed_over: Vec::new(),
            ring: 0,
            preferred: 0,
            score: None,
            agents: Vec::new(),
            waited: Vec::new(),
        }
    }

    /// The first work in line that this agent may have, over all their classes.
    pub(super) fn first_for(&self, at: usize) -> Option<Place> {
        let agent = &self.agents[at];
        let free = agent.free_for(&self.rules);
        if free == 0 {
            return None;
        }
        let able = |number: u32| {
            let work = self.works.get(number)?;
            let fits = free & work.medium.bit() != 0 && self.may_have(work, at);
            fits.then_some(number)
        };
        let mut best = agent.sticky.iter().find(|place| able(place.at).is_some()).copied();
        for member in &agent.classes {
            for line in &self.classes[member.class].lines {
                if line.ring < member.ring || free & line.medium.bit() == 0 {
                    continue;
                }
                let sooner = line.works.iter().take_while(|place| best.is_none_or(|best| **place < best));
                best = sooner.copied().find(|place| able(place.at).is_some()).or(best);
            }
        }
        best
    }

    /// A medium's word in errors of tests and logs.
    #[must_use]
    pub fn is_free(&self, name: &AgentName, medium: Medium) -> bool {
        let at = self.agent_at.get(name);
        at.is_some_and(|at| self.agents[*at].free_for(&self.rules) & medium.bit() != 0)
    }
}

/// The next by name after `last` and, should there be too few, those from the beginning: within the most preferred.
fn in_turn_after(file: &File, last: u32, most: usize) -> Vec<Standing> {
    let Some(first) = file.agents.first() else { return Vec::new() };
    let after = Standing { by_name: last, agent: u32::MAX, ..*first };
    let next = file.agents.range(after..).take(most);
    next.chain(file.agents.iter().take(most))
        .copied()
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect()
}
