//! The same router written a second time, in the plainest way: no index, no deadline list, everything looked at every time.
//!
//! It is the oracle of the histories: it must decide what the real one decides, step by step. Nothing of the real one's
//! structures is used, only its vocabulary. It leaves out what it cannot contradict: explanations, pictures, estimates.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kernel::{AgentName, InteractionId, QueueName, Time};
use routing::{
    AgentSetup, In, Medium, OfferEnd, OverflowWhen, QueueSetup, Setup, SkillWish, Target, Wants, Wishes,
};

const JUST_MISSED: Duration = Duration::from_secs(10);

/// A decision, without its reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    Offer(InteractionId, AgentName),
    Over(InteractionId, AgentName, String),
    Unavailable(InteractionId, String),
    Moved(InteractionId, QueueName, String),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wish {
    Work,
    Break,
    SetAside,
}

#[derive(Clone, Debug)]
struct Ring {
    work: InteractionId,
    medium: Medium,
    queue: Option<QueueName>,
    until: Time,
}

#[derive(Clone, Debug)]
struct Agent {
    setup: AgentSetup,
    listed: bool,
    desk: bool,
    phone: bool,
    wish: Wish,
    held: Vec<(InteractionId, Medium, Option<QueueName>, Time)>,
    ring: Option<Ring>,
    lapsed: Option<(Ring, bool)>,
    wrapup: Option<(Time, Time)>,
    pause: Option<Time>,
    misses: u8,
    idle: Time,
    worked: Duration,
    turn: u64,
}

#[derive(Clone, Debug)]
struct Work {
    id: InteractionId,
    medium: Medium,
    since: Time,
    rank: i128,
    queue: QueueName,
    wishes: Wishes,
    missed: BTreeMap<AgentName, Time>,
    left: Vec<QueueName>,
}

pub struct Naive {
    now: Time,
    setup: Setup,
    agents: BTreeMap<AgentName, Agent>,
    queues: BTreeMap<QueueName, (QueueSetup, bool)>,
    works: Vec<Work>,
    direct: BTreeMap<InteractionId, AgentName>,
    last: BTreeMap<QueueName, AgentName>,
    turn: u64,
    orders: Vec<Order>,
}

impl Naive {
    pub fn new(setup: Setup) -> Self {
        let mut this = Self {
            now: Time::ZERO,
            setup: Setup::default(),
            agents: BTreeMap::new(),
            queues: BTreeMap::new(),
            works: Vec::new(),
            direct: BTreeMap::new(),
            last: BTreeMap::new(),
            turn: 0,
            orders: Vec::new(),
        };
        this.configure(setup);
        this
    }

    fn configure(&mut self, setup: Setup) {
        self.agents.values_mut().for_each(|agent| agent.listed = false);
        for one in &setup.agents {
            let agent = self.agents.entry(one.name.clone()).or_insert_with(|| Agent {
                setup: one.clone(),
                listed: true,
                desk: false,
                phone: false,
                wish: Wish::Break,
                held: Vec::new(),
                ring: None,
                lapsed: None,
                wrapup: None,
                pause: None,
                misses: 0,
                idle: self.now,
                worked: Duration::ZERO,
                turn: 0,
            });
            (agent.setup, agent.listed) = (one.clone(), true);
        }
        for one in &setup.queues {
            let open = self.queues.get(&one.name).is_none_or(|known| known.1);
            self.queues.insert(one.name.clone(), (one.clone(), open));
        }
        self.setup = setup;
    }

    pub fn handle(&mut self, now: Time, input: &In) -> Vec<Order> {
        self.now = now;
        self.take_in(input);
        loop {
            self.let_time_pass();
            self.bring_together();
            if !self.agents.values().any(|agent| agent.ring.as_ref().is_some_and(|ring| ring.until <= now)) {
                break;
            }
        }
        let mut orders = std::mem::take(&mut self.orders);
        orders.sort();
        orders
    }

    fn take_in(&mut self, input: &In) {
        match input.clone() {
            In::Configured(setup) => self.configure(setup),
            In::Reachable { agent, desk, phone } => {
                let turn = self.turn;
                if let Some(agent) = self.agents.get_mut(&agent) {
                    if !anywhere(agent) {
                        (agent.idle, agent.turn) = (self.now, agent.turn.max(turn));
                    }
                    (agent.desk, agent.phone) = (desk, phone);
                }
            }
            In::Ready { agent, wants } => {
                let turn = self.turn;
                let Some(agent) = self.agents.get_mut(&agent) else { return };
                if wants == Wants::Work {
                    if !wants_work(agent) {
                        (agent.idle, agent.turn) = (self.now, agent.turn.max(turn));
                    }
                    (agent.wish, agent.misses, agent.pause) = (Wish::Work, 0, None);
                } else {
                    agent.wish = Wish::Break;
                }
            }
            In::WasSetAside { agent } => {
                if let Some(agent) = self.agents.get_mut(&agent) {
                    agent.wish = Wish::SetAside;
                }
            }
            In::Opened { queue, open } => {
                if let Some(known) = self.queues.get_mut(&queue) {
                    known.1 = open;
                }
            }
            In::Enqueued { work, target, medium, priority, since, wishes } => {
                self.forget(work);
                match target {
                    Target::Agent(agent) => self.dial(work, medium, agent),
                    Target::Queue(queue) => self.enter(work, medium, priority, since, *wishes, queue),
                }
            }
            In::Withdrawn { work } => self.forget(work),
            In::Accepted { work, agent } => self.accept(work, &agent),
            In::Declined { work, agent } => {
                if self.agents.get(&agent).is_some_and(|a| a.ring.as_ref().is_some_and(|r| r.work == work)) {
                    self.lapse(&agent, "Declined");
                }
            }
            In::Released { work, agent } => self.release(work, &agent),
            In::WrappedUp { agent } => self.end_wrapup(&agent),
            In::Holding { work, agent, medium, queue } => {
                if !self.agents.contains_key(&agent) {
                    return;
                }
                self.forget(work);
                let Some(agent) = self.agents.get_mut(&agent) else { return };
                if agent.held.iter().all(|held| held.0 != work) {
                    agent.held.push((work, medium, queue, self.now));
                    (agent.idle, agent.lapsed, agent.misses) = (self.now, None, 0);
                }
            }
            In::Reset { agent: name, live } => {
                self.end_wrapup(&name);
                let Some(agent) = self.agents.get_mut(&name) else { return };
                agent.held.retain(|held| live.contains(&held.0));
                if agent.wish == Wish::SetAside {
                    agent.wish = Wish::Work;
                }
                (agent.misses, agent.pause) = (0, None);
                if agent.ring.as_ref().is_some_and(|ring| !live.contains(&ring.work)) {
                    self.lapse(&name, "Unreachable");
                }
            }
            In::Elapsed => {}
        }
        let lost = |agent: &Agent| agent.ring.as_ref().is_some_and(|ring| !reachable(agent, ring.medium));
        let lost: Vec<_> =
            self.agents.iter().filter(|(_, agent)| lost(agent)).map(|(name, _)| name.clone()).collect();
        lost.iter().for_each(|agent| self.lapse(agent, "Unreachable"));
    }

    fn forget(&mut self, work: InteractionId) {
        for (name, agent) in &mut self.agents {
            if agent.ring.as_ref().is_some_and(|ring| ring.work == work) {
                agent.ring = None;
                self.orders.push(Order::Over(work, name.clone(), "Withdrawn".into()));
            }
        }
        self.direct.remove(&work);
        self.works.retain(|known| known.id != work);
    }

    fn dial(&mut self, work: InteractionId, medium: Medium, name: AgentName) {
        let setup = self.setup.clone();
        let why = match self.agents.get_mut(&name).filter(|agent| agent.listed) {
            None => "unknown",
            Some(agent) if !reachable(agent, medium) => "unreachable",
            Some(agent) if !has_room(agent, medium, &setup) => "busy",
            Some(agent) => {
                let until = self.now + Duration::from_secs(30);
                agent.ring = Some(Ring { work, medium, queue: None, until });
                self.orders.push(Order::Offer(work, name.clone()));
                self.direct.insert(work, name);
                return;
            }
        };
        self.orders.push(Order::Unavailable(work, why.into()));
    }

    fn enter(
        &mut self,
        id: InteractionId,
        medium: Medium,
        priority: i32,
        since: Time,
        wishes: Wishes,
        to: QueueName,
    ) {
        let (mut queue, mut left) = (to, Vec::new());
        loop {
            self.queues.entry(queue.clone()).or_insert_with(|| {
                (QueueSetup { wrapup: Duration::ZERO, ..QueueSetup::named(queue.clone()) }, true)
            });
            let length = self.works.iter().filter(|work| work.queue == queue).count();
            let due = |when: &OverflowWhen| match when {
                OverflowWhen::Waited(_) => false,
                OverflowWhen::Length(most) => length >= *most as usize,
                OverflowWhen::Closed => !self.queues[&queue].1,
                OverflowWhen::NoAgent => !self.is_staffed(&queue),
            };
            let rules = &self.queues[&queue].0.overflow;
            let rule = rules.iter().find(|rule| {
                due(&rule.when) && rule.to.as_ref().is_none_or(|to| *to != queue && !left.contains(to))
            });
            let Some(rule) = rule.cloned() else { break };
            left.push(queue.clone());
            match rule.to {
                Some(to) => {
                    self.orders.push(Order::Moved(id, to.clone(), code(rule.when)));
                    queue = to;
                }
                None => {
                    self.orders.push(Order::Unavailable(id, code(rule.when)));
                    return;
                }
            }
        }
        let tier = wishes.tier.as_ref().and_then(|tier| self.setup.tiers.get(tier));
        let worth = self.queues[&queue].0.point.as_nanos() as i128 * i128::from(priority);
        let rank = i128::from(since.as_nanos()) - worth - tier.map_or(0, |tier| tier.as_nanos() as i128);
        self.works.push(Work { id, medium, since, rank, queue, wishes, missed: BTreeMap::new(), left });
    }

    fn is_staffed(&self, queue: &QueueName) -> bool {
        self.agents.values().any(|agent| anywhere(agent) && self.ring_of(queue, &[], agent).is_some())
    }

    /// From which ring on an agent is asked, with their level.
    fn ring_of(&self, queue: &QueueName, extra: &[SkillWish], agent: &Agent) -> Option<(usize, u8)> {
        let setup = &self.queues[queue].0;
        let has = |wish: &SkillWish| agent.setup.skills.get(&wish.skill).is_some_and(|l| *l >= wish.at_least);
        if !agent.listed || !extra.iter().all(has) {
            return None;
        }
        let rings = std::iter::once((&setup.skills, &setup.groups))
            .chain(setup.rings.iter().map(|ring| (&ring.skills, &ring.groups)));
        for (n, (skills, groups)) in rings.enumerate() {
            let in_group = groups.is_empty() || groups.iter().any(|group| agent.setup.groups.contains(group));
            if in_group && skills.iter().all(has) {
                let levels = skills.iter().map(|wish| agent.setup.skills[&wish.skill]);
                return Some((n, levels.min().unwrap_or(0)));
            }
        }
        None
    }

    fn accept(&mut self, work: InteractionId, name: &AgentName) {
        let setup = self.setup.clone();
        let Some(agent) = self.agents.get_mut(name) else { return };
        let ring = match agent.ring.take() {
            Some(ring) if ring.work == work => ring,
            other => {
                agent.ring = other;
                let Some((ring, wanted)) = agent.lapsed.clone().filter(|lapsed| lapsed.0.work == work) else {
                    return;
                };
                if !has_room(agent, ring.medium, &setup) {
                    return;
                }
                if wanted && agent.wish == Wish::SetAside {
                    agent.wish = Wish::Work;
                }
                ring
            }
        };
        self.forget(work);
        let Some(agent) = self.agents.get_mut(name) else { return };
        agent.held.retain(|held| held.0 != work);
        agent.held.push((work, ring.medium, ring.queue, self.now));
        (agent.idle, agent.lapsed, agent.misses) = (self.now, None, 0);
    }

    fn lapse(&mut self, name: &AgentName, end: &str) {
        let (now, queues) = (self.now, &self.queues);
        let Some(agent) = self.agents.get_mut(name) else { return };
        let Some(ring) = agent.ring.take() else { return };
        self.orders.push(Order::Over(ring.work, name.clone(), end.into()));
        let wanted = agent.wish == Wish::Work;
        let limit = ring.queue.as_ref().and_then(|queue| queues.get(queue)).map_or(1, |q| q.0.misses.max(1));
        match end {
            "TimedOut" => {
                agent.misses = agent.misses.saturating_add(1);
                if agent.desk && !agent.setup.always_ready && agent.misses >= limit {
                    if wanted {
                        agent.wish = Wish::SetAside;
                    }
                } else {
                    agent.pause = Some(now + Duration::from_secs(10));
                }
            }
            "Declined" => agent.pause = Some(now + Duration::from_secs(2)),
            _ => {}
        }
        self.direct.remove(&ring.work);
        if let Some(work) = self.works.iter_mut().find(|work| work.id == ring.work)
            && end != "Unreachable"
        {
            work.missed.insert(name.clone(), now + JUST_MISSED);
        }
        agent.lapsed = Some((ring, wanted));
    }

    fn release(&mut self, work: InteractionId, name: &AgentName) {
        let Some(agent) = self.agents.get_mut(name) else { return };
        let Some(at) = agent.held.iter().position(|held| held.0 == work) else { return };
        let (_, medium, queue, since) = agent.held.remove(at);
        agent.worked += self.now.since(since);
        agent.idle = self.now;
        let queue = queue.and_then(|queue| self.queues.get(&queue)).filter(|_| medium.is_live());
        if let Some((setup, _)) = queue {
            let until = self.now + setup.wrapup;
            let some = !setup.wrapup.is_zero();
            self.end_wrapup(name);
            if let Some(agent) = self.agents.get_mut(name).filter(|_| some) {
                agent.wrapup = Some((until, self.now));
            }
        }
    }

    fn end_wrapup(&mut self, name: &AgentName) {
        let Some(agent) = self.agents.get_mut(name) else { return };
        if let Some((_, since)) = agent.wrapup.take() {
            agent.worked += self.now.since(since);
            agent.idle = self.now;
        }
    }

    fn let_time_pass(&mut self) {
        let now = self.now;
        let names: Vec<_> = self.agents.keys().cloned().collect();
        for name in &names {
            if self.agents[name].ring.as_ref().is_some_and(|ring| ring.until <= now) {
                self.lapse(name, "TimedOut");
            }
            if self.agents[name].wrapup.is_some_and(|(until, _)| until <= now) {
                self.end_wrapup(name);
            }
            let Some(agent) = self.agents.get_mut(name) else { continue };
            agent.pause = agent.pause.filter(|until| *until > now);
        }
        self.works.iter_mut().for_each(|work| work.missed.retain(|_, until| *until > now));
        while self.one_moves_on() {}
        // Whoever was waited for in vain once is not waited for again.
        for at in 0..self.works.len() {
            let work = &self.works[at];
            let later = work.wishes.not_before.is_some_and(|at| at > now);
            if !later && !self.rings_at(work.id) && self.sticky(work).is_none() {
                self.works[at].wishes.sticky = None;
            }
        }
    }

    fn rings_at(&self, work: InteractionId) -> bool {
        self.agents.values().any(|agent| agent.ring.as_ref().is_some_and(|ring| ring.work == work))
    }

    fn one_moves_on(&mut self) -> bool {
        for at in 0..self.works.len() {
            let work = &self.works[at];
            if self.rings_at(work.id) {
                continue;
            }
            let (setup, open) = &self.queues[&work.queue];
            let over = |span: Duration| work.since + span <= self.now;
            if setup.max_wait.is_some_and(over) {
                self.orders.push(Order::Unavailable(work.id, "max_wait".into()));
                self.works.remove(at);
                return true;
            }
            let rule = setup.overflow.iter().find(|rule| {
                let due = match rule.when {
                    OverflowWhen::Waited(span) => over(span),
                    OverflowWhen::Length(_) => false,
                    OverflowWhen::Closed => !open,
                    OverflowWhen::NoAgent => !self.is_staffed(&work.queue),
                };
                due && rule.to.as_ref().is_none_or(|to| *to != work.queue && !work.left.contains(to))
            });
            let Some(rule) = rule.cloned() else { continue };
            let Some(to) = rule.to else {
                self.orders.push(Order::Unavailable(work.id, code(rule.when)));
                self.works.remove(at);
                return true;
            };
            self.orders.push(Order::Moved(work.id, to.clone(), code(rule.when)));
            let work = &mut self.works[at];
            let from = std::mem::replace(&mut work.queue, to);
            work.left.push(from);
            return true;
        }
        false
    }

    /// The earliest work that anybody can take is offered to the best who can, again and again.
    fn bring_together(&mut self) {
        loop {
            let mut works: Vec<_> = self.works.iter().filter(|work| !self.rings_at(work.id)).collect();
            works.sort_by_key(|work| (work.rank, work.id));
            let found = works.iter().find_map(|work| {
                let able = self.able(work);
                (!able.is_empty()).then(|| ((*work).clone(), able))
            });
            let Some((work, able)) = found else { return };
            let all = self.queues[&work.queue].0.strategy == "ring_all" && self.sticky(&work).is_none();
            let chosen = able.into_iter().take(if all { 10 } else { 1 });
            let chosen: Vec<_> = chosen.collect();
            self.last.insert(work.queue.clone(), chosen[0].clone());
            for name in chosen {
                let until = self.now + self.queues[&work.queue].0.ring;
                let Some(agent) = self.agents.get_mut(&name) else { continue };
                self.turn = agent.turn;
                agent.turn += (1 << 20) / u64::from(agent.setup.weight.max(1));
                let ring =
                    Ring { work: work.id, medium: work.medium, queue: Some(work.queue.clone()), until };
                agent.ring = Some(ring);
                self.orders.push(Order::Offer(work.id, name));
            }
        }
    }

    fn sticky(&self, work: &Work) -> Option<AgentName> {
        let sticky = work.wishes.sticky.as_ref()?;
        let agent = self.agents.get(&sticky.agent)?;
        let sensible = work.since + sticky.patience > self.now
            && anywhere(agent)
            && wants_work(agent)
            && reachable(agent, work.medium)
            && self.ring_of(&work.queue, &work.wishes.skills, agent).is_some()
            && !work.missed.contains_key(&sticky.agent);
        sensible.then(|| sticky.agent.clone())
    }

    /// Agents who could take work now, best first.
    fn able(&self, work: &Work) -> Vec<AgentName> {
        if work.wishes.not_before.is_some_and(|at| at > self.now) {
            return Vec::new();
        }
        let sticky = self.sticky(work);
        let setup = &self.queues[&work.queue].0;
        let asked = setup.rings.iter().filter(|ring| work.since + ring.after <= self.now).count();
        let is_able = |name: &AgentName, agent: &Agent| {
            sticky.as_ref().is_none_or(|sticky| sticky == name)
                && is_free(agent, work.medium, &self.setup)
                && !work.missed.contains_key(name)
                && agent.held.iter().all(|held| held.0 != work.id)
                && self
                    .ring_of(&work.queue, &work.wishes.skills, agent)
                    .is_some_and(|(ring, _)| sticky.is_some() || ring <= asked)
        };
        let mut able: Vec<_> = self.agents.iter().filter(|(name, agent)| is_able(name, agent)).collect();
        able.sort_by_cached_key(|(name, agent)| self.rank(work, name, agent));
        able.into_iter().map(|(name, _)| name.clone()).collect()
    }

    fn rank(&self, work: &Work, name: &AgentName, agent: &Agent) -> impl Ord + use<> {
        let setup = &self.queues[&work.queue].0;
        let (ring, level) = self.ring_of(&work.queue, &work.wishes.skills, agent).unwrap_or_default();
        let liked = |wish: &SkillWish| {
            let level = agent.setup.skills.get(&wish.skill).copied().unwrap_or(0);
            if level >= wish.at_least { u32::from(level) } else { 0 }
        };
        let preferred: u32 = setup.prefer.iter().map(liked).sum();
        let (idle, best) = (agent.idle.as_nanos(), u64::from(10 - level));
        let scored = work.wishes.scores.get(name).copied().filter(|_| setup.strategy == "by_value");
        let had_turn =
            setup.strategy == "round_robin" && self.last.get(&work.queue).is_some_and(|last| name <= last);
        let by_strategy = match setup.strategy.as_str() {
            "longest_idle" => (idle, 0),
            "round_robin" => (0, 0),
            "least_busy" => (agent.held.len() as u64, agent.worked.as_millis() as u64),
            "weighted" => (agent.turn, idle),
            _ => (best, idle),
        };
        (
            Reverse(scored.is_some()),
            Reverse(scored),
            ring,
            Reverse(preferred),
            had_turn,
            by_strategy,
            name.clone(),
        )
    }

    /// Work by queue, in line.
    pub fn lines(&self) -> BTreeMap<QueueName, Vec<InteractionId>> {
        let mut works: Vec<_> = self.works.iter().collect();
        works.sort_by_key(|work| (work.rank, work.id));
        let mut lines: BTreeMap<QueueName, Vec<InteractionId>> = BTreeMap::new();
        works.iter().for_each(|work| lines.entry(work.queue.clone()).or_default().push(work.id));
        lines
    }

    /// What agents ring with and hold.
    pub fn hands(&self) -> BTreeMap<AgentName, (Option<InteractionId>, BTreeSet<InteractionId>, bool)> {
        let hand = |agent: &Agent| {
            let held = agent.held.iter().map(|held| held.0).collect();
            (agent.ring.as_ref().map(|ring| ring.work), held, wants_work(agent))
        };
        self.agents.iter().map(|(name, agent)| (name.clone(), hand(agent))).collect()
    }
}

fn code(when: OverflowWhen) -> String {
    match when {
        OverflowWhen::Waited(_) => "waited",
        OverflowWhen::Length(_) => "length",
        OverflowWhen::Closed => "closed",
        OverflowWhen::NoAgent => "no_agent",
    }
    .to_owned()
}

fn anywhere(agent: &Agent) -> bool {
    agent.listed && (agent.desk || agent.phone || agent.setup.always_ready)
}

fn reachable(agent: &Agent, medium: Medium) -> bool {
    agent.listed && (agent.desk || (medium.is_live() && (agent.phone || agent.setup.always_ready)))
}

fn wants_work(agent: &Agent) -> bool {
    agent.wish == Wish::Work || agent.setup.always_ready
}

fn has_room(agent: &Agent, medium: Medium, setup: &Setup) -> bool {
    let same = agent.held.iter().filter(|held| held.1 == medium).count();
    let others = agent.held.iter().filter(|held| held.1 != medium);
    agent.ring.is_none()
        && same < usize::from(agent.setup.capacity.of(medium))
        && others.into_iter().all(|held| setup.interrupts.allows(medium, held.1))
}

fn is_free(agent: &Agent, medium: Medium, setup: &Setup) -> bool {
    wants_work(agent)
        && agent.wrapup.is_none()
        && agent.pause.is_none()
        && reachable(agent, medium)
        && has_room(agent, medium, setup)
}

/// The end of an offer, as the naive router spells it.
pub fn end(end: OfferEnd) -> String {
    format!("{end:?}")
}
