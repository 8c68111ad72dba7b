//! Thousands of random histories; after every step what must always hold is checked against a ledger that only reads the
//! router's orders. A failing seed is printed by the assertion and replays.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kernel::{AgentName, InteractionId, Rng};
use routing::{AgentSetup, AgentState, In, Medium, OfferEnd, Out, Setup, Target};

use crate::stage::{Stage, agent, numbered, queue, work};

const SEEDS: u64 = 1_000;
const STEPS: u32 = 120;
const AGENTS: usize = 5;
const QUEUES: [&str; 2] = ["p", "q"];

#[derive(Default)]
struct Ledger {
    /// Work that is in a queue, with where it is and how it is ordered.
    waiting: BTreeMap<InteractionId, (String, Medium, i32, kernel::Time)>,
    direct: BTreeSet<InteractionId>,
    ringing: BTreeMap<AgentName, InteractionId>,
    held: BTreeMap<AgentName, Vec<(InteractionId, Medium)>>,
    /// When an agent last missed or refused something.
    missed: BTreeMap<AgentName, kernel::Time>,
    mediums: BTreeMap<InteractionId, Medium>,
    next: u64,
}

struct History {
    seed: u64,
    rng: Rng,
    floor: Stage,
    agents: Vec<AgentSetup>,
    ledger: Ledger,
}

fn setup(rng: &mut Rng) -> Vec<AgentSetup> {
    let one = |n: usize, rng: &mut Rng| {
        let mut one = agent(numbered(n).as_str(), &[]);
        for name in QUEUES {
            if rng.below(3) > 0 {
                one.skills.insert(name.into(), 1 + rng.below(5) as u8);
            }
        }
        one.chats = rng.below(3) as u8;
        one.always_ready = rng.below(5) == 0;
        one
    };
    (0..AGENTS).map(|n| one(n, rng)).collect()
}

fn queues(rng: &mut Rng) -> Vec<routing::QueueSetup> {
    let strategies: Vec<_> = routing::strategy_names().collect();
    let mut one = |name: &&str| {
        let mut one = queue(name);
        one.strategy = strategies[rng.below(strategies.len() as u64) as usize].into();
        one.wrapup = Duration::from_secs(rng.below(2) * 10);
        one
    };
    QUEUES.iter().map(&mut one).collect()
}

impl History {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::seeded(seed);
        let agents = setup(&mut rng);
        let floor = Stage::new(agents.clone(), queues(&mut rng));
        Self { seed, rng, floor, agents, ledger: Ledger::default() }
    }

    fn any_agent(&mut self) -> AgentName {
        numbered(self.rng.below(AGENTS as u64) as usize)
    }

    /// Some work that was ever there, or was not.
    fn any_work(&mut self) -> InteractionId {
        work(1 + self.rng.below(self.ledger.next + 1))
    }

    fn step(&mut self) {
        let input = match self.rng.below(16) {
            0 | 1 => In::Reachable {
                agent: self.any_agent(),
                desk: self.rng.below(4) > 0,
                phone: self.rng.below(2) == 0,
            },
            2 | 3 => In::Ready { agent: self.any_agent(), ready: self.rng.below(4) > 0 },
            4..=6 => self.enqueued(),
            7 => In::Withdrawn { work: self.any_work() },
            8..=10 => self.answer(),
            11 => self.released(),
            12 => In::WrappedUp { agent: self.any_agent() },
            13 => In::Accepted { work: self.any_work(), agent: self.any_agent() },
            14 if self.rng.below(10) == 0 => {
                In::Configured(Setup { agents: setup(&mut self.rng), queues: queues(&mut self.rng) })
            }
            _ => {
                let seconds = self.rng.below(12);
                let end = self.floor.now + Duration::from_secs(seconds);
                while let Some(due) = self.floor.router.next_timeout().filter(|due| *due <= end) {
                    self.floor.now = due;
                    self.tell(In::Elapsed);
                }
                self.floor.now = end;
                In::Elapsed
            }
        };
        self.tell(input);
    }

    fn enqueued(&mut self) -> In {
        self.ledger.next += 1;
        let medium = if self.rng.below(3) == 0 { Medium::Chat } else { Medium::Call };
        let direct = self.rng.below(6) == 0;
        let target = if direct {
            Target::Agent(self.any_agent())
        } else {
            Target::Queue(QUEUES[self.rng.below(2) as usize].into())
        };
        let work = if self.rng.below(10) == 0 { self.any_work() } else { work(self.ledger.next) };
        let late = Duration::from_secs(self.rng.below(5));
        In::Enqueued {
            work,
            target,
            medium,
            priority: self.rng.below(3) as i32,
            since: self.floor.now - late,
        }
    }

    fn answer(&mut self) -> In {
        let ringing: Vec<_> = self.ledger.ringing.clone().into_iter().collect();
        if ringing.is_empty() {
            return In::Elapsed;
        }
        let (agent, work) = ringing[self.rng.below(ringing.len() as u64) as usize].clone();
        if self.rng.below(4) == 0 { In::Declined { work, agent } } else { In::Accepted { work, agent } }
    }

    fn released(&mut self) -> In {
        let agent = self.any_agent();
        let held = self.ledger.held.get(&agent).and_then(|held| held.first()).map(|(work, _)| *work);
        In::Released { work: held.unwrap_or(work(1)), agent }
    }

    fn tell(&mut self, input: In) {
        let out = self.floor.tell(input.clone());
        self.note_before(&input);
        self.follow(&out);
        self.note_after(&input);
        self.check();
    }

    /// What the input says by itself, before orders are read.
    fn note_before(&mut self, input: &In) {
        match input {
            In::Enqueued { work, target, medium, priority, since } => {
                self.ledger.mediums.insert(*work, *medium);
                self.ledger.waiting.remove(work);
                self.ledger.direct.remove(work);
                match target {
                    Target::Queue(queue) => {
                        let entry = (queue.to_string(), *medium, *priority, *since);
                        self.ledger.waiting.insert(*work, entry);
                    }
                    Target::Agent(_) => drop(self.ledger.direct.insert(*work)),
                }
            }
            In::Withdrawn { work } => {
                self.ledger.waiting.remove(work);
                self.ledger.direct.remove(work);
            }
            In::Accepted { work, agent } if self.ledger.ringing.get(agent) == Some(work) => {
                self.ledger.ringing.remove(agent);
                self.take(*work, agent);
            }
            In::Released { work, agent } => {
                self.ledger.held.entry(agent.clone()).or_default().retain(|(held, _)| held != work);
            }
            In::Configured(setup) => self.agents.clone_from(&setup.agents),
            _ => {}
        }
    }

    fn take(&mut self, work: InteractionId, agent: &AgentName) {
        let medium = self.ledger.waiting.remove(&work).map_or(Medium::Call, |entry| entry.1);
        let medium = self
            .ledger
            .direct
            .take(&work)
            .and_then(|_| self.ledger.mediums.get(&work).copied())
            .unwrap_or(medium);
        let held = self.ledger.held.entry(agent.clone()).or_default();
        held.retain(|(known, _)| *known != work);
        held.push((work, medium));
    }

    fn follow(&mut self, out: &[Out]) {
        let seed = self.seed;
        for order in out {
            match order {
                Out::Offer { work, agent, until, .. } => {
                    assert!(*until > self.floor.now, "seed {seed}: an offer that is over at once");
                    let known = self.ledger.waiting.contains_key(work) || self.ledger.direct.contains(work);
                    assert!(known, "seed {seed}: an offer of {work}, which nobody waits with");
                    assert!(
                        self.ledger.ringing.values().all(|other| other != work),
                        "seed {seed}: {work} rings twice"
                    );
                    let before = self.ledger.ringing.insert(agent.clone(), *work);
                    assert_eq!(before, None, "seed {seed}: {agent} has two offers");
                    let held = self.ledger.held.entry(agent.clone()).or_default();
                    assert!(
                        held.iter().all(|(_, medium)| *medium == Medium::Chat),
                        "seed {seed}: {agent} talks already"
                    );
                }
                Out::OfferOver { work, agent, end } => {
                    assert_eq!(
                        self.ledger.ringing.remove(agent),
                        Some(*work),
                        "seed {seed}: the end of no offer"
                    );
                    if *end != OfferEnd::Withdrawn {
                        self.ledger.direct.remove(work);
                        self.ledger.missed.insert(agent.clone(), self.floor.now);
                    }
                }
                Out::Unavailable { work, .. } => drop(self.ledger.direct.remove(work)),
                _ => {}
            }
        }
    }

    /// An answer that crossed the end of its offer: whether it counted is seen in the picture.
    fn note_after(&mut self, input: &In) {
        let In::Accepted { work, agent } = input else { return };
        let Some(status) = self.floor.router.agent(agent) else { return };
        let held = self.ledger.held.entry(agent.clone()).or_default();
        let took = status.call == Some(*work) || status.chats.contains(work);
        if took && held.iter().all(|(other, _)| other != work) {
            held.push((*work, if status.call == Some(*work) { Medium::Call } else { Medium::Chat }));
            self.ledger.waiting.remove(work);
            self.ledger.direct.remove(work);
        }
    }

    /// Nobody waits while somebody able is free, unless they have just missed something.
    fn nobody_waits_in_vain(&self) {
        let (seed, now) = (self.seed, self.floor.now);
        let unoffered = |queue: &routing::QueueStatus| {
            let name = queue.name.clone();
            let open = queue.waiting.clone().into_iter().filter(|waiting| waiting.offered_to.is_none());
            open.map(move |waiting| (name.clone(), waiting)).collect::<Vec<_>>()
        };
        for (queue, waiting) in self.floor.router.queues().flat_map(|queue| unoffered(&queue)) {
            for status in self.floor.router.agents().filter(|status| status.state == AgentState::Ready) {
                let Some(setup) = self.agents.iter().find(|setup| setup.name == status.name) else {
                    continue;
                };
                let able = setup.skills.contains_key(queue.as_str())
                    && !status.chats.contains(&waiting.work)
                    && (waiting.medium == Medium::Call
                        || (status.desk && status.chats.len() < usize::from(setup.chats)));
                let spared =
                    self.ledger.missed.get(&status.name).is_some_and(|at| now.since(*at).as_secs() < 10);
                assert!(!able || spared, "seed {seed}: {waiting:?} waits and {status:?} is free");
            }
        }
    }

    fn check(&mut self) {
        let seed = self.seed;
        let mut seen = BTreeSet::new();
        for queue in self.floor.router.queues() {
            let mut order = Vec::new();
            for waiting in &queue.waiting {
                assert!(seen.insert(waiting.work), "seed {seed}: {} waits in two places", waiting.work);
                let entry = self.ledger.waiting.get(&waiting.work);
                let (name, medium, priority, since) =
                    entry.unwrap_or_else(|| panic!("seed {seed}: {waiting:?} is over"));
                assert_eq!(
                    (name.as_str(), *medium, *since),
                    (queue.name.as_str(), waiting.medium, waiting.since)
                );
                order.push((std::cmp::Reverse(*priority), *since, waiting.work));
                if let Some(agent) = &waiting.offered_to {
                    assert_eq!(self.ledger.ringing.get(agent), Some(&waiting.work), "seed {seed}");
                }
            }
            assert!(order.is_sorted(), "seed {seed}: out of order");
        }
        assert_eq!(seen.len(), self.ledger.waiting.len(), "seed {seed}: work got lost");
        for status in self.floor.router.agents() {
            assert_eq!(status.offer, self.ledger.ringing.get(&status.name).copied(), "seed {seed}");
            let held = self.ledger.held.get(&status.name).cloned().unwrap_or_default();
            let calls: Vec<_> =
                held.iter().filter(|(_, medium)| *medium == Medium::Call).map(|(work, _)| *work).collect();
            assert!(calls.len() <= 1, "seed {seed}: {} has two calls", status.name);
            assert_eq!(status.call, calls.first().copied(), "seed {seed}");
            assert_eq!(status.chats.len(), held.len() - calls.len(), "seed {seed}");
        }
        let now = self.floor.now;
        assert!(
            self.floor.router.next_timeout().is_none_or(|due| due > now),
            "seed {seed}: an overdue deadline"
        );
        self.nobody_waits_in_vain();
    }

    /// Everybody becomes able and willing, and answers whatever rings: then everything that waits must be served.
    fn settle(&mut self) {
        let seed = self.seed;
        let mut agents = setup(&mut self.rng);
        for one in &mut agents {
            one.skills = QUEUES.iter().map(|name| ((*name).to_owned(), 1)).collect();
            one.chats = 1;
        }
        let queues = queues(&mut self.rng);
        self.tell(In::Configured(Setup { agents, queues }));
        for _ in 0..2_000 {
            for n in 0..AGENTS {
                let agent = numbered(n);
                self.tell(In::Reachable { agent: agent.clone(), desk: true, phone: false });
                self.tell(In::Ready { agent: agent.clone(), ready: true });
                self.tell(In::WrappedUp { agent: agent.clone() });
                for (work, _) in self.ledger.held.get(&agent).cloned().unwrap_or_default() {
                    self.tell(In::Released { work, agent: agent.clone() });
                }
            }
            for (agent, work) in self.ledger.ringing.clone() {
                self.tell(In::Accepted { work, agent });
            }
            let busy = self.ledger.held.values().any(|held| !held.is_empty());
            if self.ledger.waiting.is_empty() && self.ledger.ringing.is_empty() && !busy {
                break;
            }
            if let Some(due) = self.floor.router.next_timeout() {
                self.floor.now = due;
                self.tell(In::Elapsed);
            }
        }
        assert!(self.ledger.waiting.is_empty(), "seed {seed}: starved: {:?}", self.ledger.waiting);
        self.floor.passes(3600);
        assert_eq!(self.floor.router.next_timeout(), None, "seed {seed}: a deadline is left");
        assert!(self.floor.router.agents().all(|status| status.state == AgentState::Ready), "seed {seed}");
    }
}

#[test]
fn whatever_happens_nobody_is_lost_doubled_or_starved() {
    for seed in 0..SEEDS {
        let mut history = History::new(seed);
        for _ in 0..STEPS {
            history.step();
        }
        history.settle();
    }
}

#[test]
fn the_same_inputs_give_the_same_orders() {
    let run = |seed| {
        let mut history = History::new(seed);
        let mut orders = Vec::new();
        for n in 0..60 {
            let target = Target::Queue(QUEUES[n as usize % 2].into());
            let since = history.floor.now;
            let input = In::Enqueued { work: work(n), target, medium: Medium::Call, priority: 0, since };
            orders.extend(history.floor.tell(input));
            let agent = numbered(n as usize % AGENTS);
            orders.extend(history.floor.tell(In::Reachable {
                agent: agent.clone(),
                desk: true,
                phone: false,
            }));
            orders.extend(history.floor.tell(In::Ready { agent, ready: true }));
            orders.extend(history.floor.passes(3));
        }
        format!("{orders:?}")
    };
    assert_eq!(run(7), run(7));
}
