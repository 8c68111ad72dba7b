//! The handing over of one piece of work, looked at in every order: two agents, two calls, and every message between router,
//! interaction and page in flight at the same time. `stateright` visits every state of it up to a number of steps (`VOXDESK_MODEL`),
//! and the real router answers in each.
//!
//! What is proven for these small numbers: no work is with two agents, nobody holds two calls, no offer is without its owner,
//! and nobody who is free and willing stands beside somebody who waits. That a calm floor can be reached from everywhere is
//! not asked.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use kernel::{AgentName, Context, InteractionId, Rng, Time};
use routing::{AgentSetup, AgentState, In, Medium, Out, QueueSetup, Router, Setup, Target, Wants};
use stateright::{Checker, Model, Property};

const AGENTS: [&str; 2] = ["a", "b"];
const WORKS: u64 = 2;

/// What can happen next.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Step {
    Comes(u64),
    Leaves(u64),
    Answers(usize),
    Declines(usize),
    Ends(usize),
    Signs(usize, bool),
    Page(usize, bool),
    Time,
    Crash,
}

/// The router, and what the others know.
#[derive(Clone, Debug)]
struct Floor {
    router: Router,
    now: Time,
    /// Customers who wait or are talked to, with their first arrival.
    there: Vec<(u64, Time)>,
    held: BTreeSet<(usize, u64)>,
    ringing: BTreeSet<(usize, u64)>,
    wants: [bool; 2],
    page: [bool; 2],
    steps: u8,
    broken: Option<&'static str>,
}

/// Two floors are the same when everything in them is, the router's insides too.
impl Floor {
    fn picture(&self) -> String {
        format!(
            "{:?}{:?}{:?}{:?}{:?}{:?}{}{:?}",
            self.router, self.there, self.held, self.ringing, self.wants, self.page, self.steps, self.broken
        )
    }
}

impl PartialEq for Floor {
    fn eq(&self, other: &Self) -> bool {
        self.picture() == other.picture()
    }
}

impl Hash for Floor {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.picture().hash(hasher);
    }
}

fn setup() -> Setup {
    let agent = |name: &str| {
        let skills = [("q".to_owned(), 1)].into();
        AgentSetup { skills, ..AgentSetup::named(name) }
    };
    let queue = QueueSetup { wrapup: Duration::ZERO, ..QueueSetup::named("q") };
    Setup { agents: AGENTS.iter().map(|name| agent(name)).collect(), queues: vec![queue], ..Setup::default() }
}

fn work(n: u64) -> InteractionId {
    InteractionId { node: 1, serial: n }
}

fn name(agent: usize) -> AgentName {
    AGENTS[agent].into()
}

impl Floor {
    fn new() -> Self {
        Self {
            router: Router::new(setup()),
            now: Time::from_millis(1),
            there: Vec::new(),
            held: BTreeSet::new(),
            ringing: BTreeSet::new(),
            wants: [false; 2],
            page: [false; 2],
            steps: 0,
            broken: None,
        }
    }

    fn tell(&mut self, input: In) {
        let mut out = Vec::new();
        let mut rng = Rng::seeded(1);
        self.router.handle(&mut Context { now: self.now, rng: &mut rng }, input, &mut out);
        for order in out {
            match order {
                Out::Offer { work, agent, .. } => {
                    let agent = AGENTS.iter().position(|name| *name == agent.as_str()).expect("one of ours");
                    if self.ringing.iter().any(|(_, other)| *other == work.serial) {
                        self.broken = Some("rings twice");
                    }
                    if self.ringing.iter().chain(&self.held).any(|(other, _)| *other == agent) {
                        self.broken = Some("an agent has two");
                    }
                    if self.there.iter().all(|(n, _)| *n != work.serial) {
                        self.broken = Some("an offer of nobody");
                    }
                    self.ringing.insert((agent, work.serial));
                }
                Out::OfferOver { work, agent, .. } => {
                    let agent = AGENTS.iter().position(|name| *name == agent.as_str()).expect("one of ours");
                    if !self.ringing.remove(&(agent, work.serial)) {
                        self.broken = Some("the end of no offer");
                    }
                }
                _ => {}
            }
        }
    }

    fn take(&mut self, step: &Step) {
        self.steps += 1;
        match *step {
            Step::Comes(n) => {
                self.there.push((n, self.now));
                self.enqueue(n, self.now);
            }
            Step::Leaves(n) => {
                self.there.retain(|(known, _)| *known != n);
                self.tell(In::Withdrawn { work: work(n) });
            }
            Step::Answers(agent) => {
                if let Some(&(_, n)) = self.ringing.iter().find(|(at, _)| *at == agent) {
                    self.ringing.remove(&(agent, n));
                    self.held.insert((agent, n));
                    self.tell(In::Accepted { work: work(n), agent: name(agent) });
                }
            }
            Step::Declines(agent) => {
                if let Some(&(_, n)) = self.ringing.iter().find(|(at, _)| *at == agent) {
                    self.tell(In::Declined { work: work(n), agent: name(agent) });
                }
            }
            Step::Ends(agent) => {
                if let Some(&(_, n)) = self.held.iter().find(|(at, _)| *at == agent) {
                    self.held.remove(&(agent, n));
                    self.there.retain(|(known, _)| *known != n);
                    self.tell(In::Released { work: work(n), agent: name(agent) });
                }
            }
            Step::Signs(agent, wants) => {
                self.wants[agent] = wants;
                self.sign(agent);
            }
            Step::Page(agent, there) => {
                self.page[agent] = there;
                self.reach(agent);
            }
            Step::Time => {
                if let Some(due) = self.router.next_timeout() {
                    self.now = due;
                    self.tell(In::Elapsed);
                }
            }
            Step::Crash => self.crash(),
        }
        self.agree();
    }

    fn enqueue(&mut self, n: u64, since: Time) {
        let (target, medium, wishes) = (Target::Queue("q".into()), Medium::Voice, Box::default());
        self.tell(In::Enqueued { work: work(n), target, medium, priority: 0, since, wishes });
    }

    fn sign(&mut self, agent: usize) {
        let wants = if self.wants[agent] { Wants::Work } else { Wants::Break(String::new()) };
        self.tell(In::Ready { agent: name(agent), wants });
    }

    fn reach(&mut self, agent: usize) {
        self.tell(In::Reachable { agent: name(agent), desk: self.page[agent], phone: false });
    }

    /// The router is new; those who live tell it of themselves.
    fn crash(&mut self) {
        self.router = Router::new(setup());
        self.ringing.clear();
        for (agent, n) in self.held.clone() {
            let (medium, queue) = (Medium::Voice, Some("q".into()));
            self.tell(In::Holding { work: work(n), agent: name(agent), medium, queue });
        }
        for (n, since) in self.there.clone() {
            if self.held.iter().all(|(_, held)| *held != n) {
                self.enqueue(n, since);
            }
        }
        (0..AGENTS.len()).for_each(|agent| {
            self.sign(agent);
            self.reach(agent);
        });
    }

    /// What the router knows is what is.
    fn agree(&mut self) {
        let free = |agent: &AgentName| self.router.is_free(agent, Medium::Voice);
        let statuses: Vec<_> = self.router.agents().collect();
        for (at, status) in statuses.iter().enumerate() {
            let held: Vec<_> =
                self.held.iter().filter(|(agent, _)| *agent == at).map(|(_, n)| work(*n)).collect();
            let ring = self.ringing.iter().find(|(agent, _)| *agent == at).map(|(_, n)| work(*n));
            if status.held.iter().map(|held| held.work).collect::<Vec<_>>() != held || status.offer != ring {
                self.broken = Some("the router thinks otherwise");
                return;
            }
        }
        let rings = |n: u64| self.ringing.iter().any(|(_, other)| *other == n);
        let held = |n: u64| self.held.iter().any(|(_, other)| *other == n);
        let waits = self.there.iter().any(|(n, _)| !rings(*n) && !held(*n));
        // Whoever has just missed or refused this one is spared for some seconds; a state with a deadline is not calm yet.
        let calm = self.router.next_timeout().is_none();
        if waits && calm && statuses.iter().any(|one| free(&one.name)) {
            self.broken = Some("somebody waits beside somebody free");
        }
    }
}

struct Small {
    /// Steps from the beginning: with it the model is finite.
    depth: u8,
}

impl Model for Small {
    type State = Floor;
    type Action = Step;

    fn init_states(&self) -> Vec<Floor> {
        let mut floor = Floor::new();
        for agent in 0..AGENTS.len() {
            floor.page[agent] = true;
            floor.reach(agent);
        }
        vec![floor]
    }

    fn actions(&self, floor: &Floor, actions: &mut Vec<Step>) {
        if floor.steps >= self.depth {
            return;
        }
        for n in 1..=WORKS {
            let known = floor.there.iter().any(|(known, _)| *known == n);
            let held = floor.held.iter().any(|(_, held)| *held == n);
            match (known, held) {
                (false, _) => actions.push(Step::Comes(n)),
                (true, false) => actions.push(Step::Leaves(n)),
                (true, true) => {}
            }
        }
        for agent in 0..AGENTS.len() {
            if floor.ringing.iter().any(|(at, _)| *at == agent) {
                actions.extend([Step::Answers(agent), Step::Declines(agent)]);
            }
            if floor.held.iter().any(|(at, _)| *at == agent) {
                actions.push(Step::Ends(agent));
            }
            actions.push(Step::Signs(agent, !floor.wants[agent]));
            actions.push(Step::Page(agent, !floor.page[agent]));
        }
        if floor.router.next_timeout().is_some() {
            actions.push(Step::Time);
        }
        actions.push(Step::Crash);
    }

    fn next_state(&self, before: &Floor, step: Step) -> Option<Floor> {
        let mut floor = before.clone();
        floor.take(&step);
        Some(floor)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("nothing is broken", |_, floor: &Floor| floor.broken.is_none()),
            Property::sometimes("both agents talk", |_, floor: &Floor| floor.held.len() == 2),
            Property::sometimes("somebody is set aside", |_, floor: &Floor| {
                floor.router.agents().any(|one| one.pause.is_some())
            }),
            Property::sometimes("an offer moves on", |_, floor: &Floor| {
                let ringing = |at: usize| floor.ringing.iter().any(|(agent, _)| *agent == at);
                ringing(1) && floor.router.agents().any(|one| one.state == AgentState::NotReady)
            }),
        ]
    }
}

#[test]
fn every_order_of_events_keeps_the_promises() {
    let depth = depth();
    let checker = Small { depth }.checker().spawn_bfs().join();
    checker.assert_properties();
    assert!(checker.unique_state_count() > 10_000, "only {} states", checker.unique_state_count());
}

/// How far the checker goes: the default takes seconds; `VOXDESK_MODEL=11` some minutes.
#[expect(clippy::disallowed_methods, reason = "a person who checks deeper says so by the environment")]
fn depth() -> u8 {
    std::env::var("VOXDESK_MODEL").ok().and_then(|text| text.parse().ok()).unwrap_or(8)
}
