//! A router with a clock that the test moves.

use std::collections::BTreeMap;
use std::time::Duration;

use kernel::{AgentName, Context, InteractionId, Rng, Time};
use routing::{
    AgentSetup, AgentStatus, In, Medium, OfferEnd, OfferReason, Out, QueueSetup, QueueStatus, Router, Setup,
    Target, Wants, Wishes,
};

pub const RING: u64 = 15;
pub const WRAPUP: u64 = 30;

pub fn work(n: u64) -> InteractionId {
    InteractionId { node: 1, serial: n }
}

pub fn agent(name: &str, skills: &[(&str, u8)]) -> AgentSetup {
    let skills = skills.iter().map(|(skill, level)| ((*skill).to_owned(), *level)).collect();
    AgentSetup { skills, ..AgentSetup::named(name) }
}

pub fn queue(name: &str) -> QueueSetup {
    QueueSetup {
        ring: Duration::from_secs(RING),
        wrapup: Duration::from_secs(WRAPUP),
        ..QueueSetup::named(name)
    }
}

pub fn setup(agents: Vec<AgentSetup>, queues: Vec<QueueSetup>) -> Setup {
    Setup { agents, queues, ..Setup::default() }
}

pub struct Stage {
    pub router: Router,
    pub now: Time,
    rng: Rng,
}

impl Stage {
    pub fn new(agents: Vec<AgentSetup>, queues: Vec<QueueSetup>) -> Self {
        Self::of(setup(agents, queues))
    }

    pub fn of(setup: Setup) -> Self {
        Self { router: Router::new(setup), now: Time::from_millis(1_000_000), rng: Rng::seeded(1) }
    }

    /// The process is killed; nothing of the router is left.
    pub fn restart(&mut self, setup: Setup) {
        self.router = Router::new(setup);
    }

    /// The usual floor: alice is better at support, bob at sales; both at their pages and ready.
    pub fn usual() -> Self {
        let mut stage = Self::bare();
        for name in ["alice", "bob"] {
            stage.comes(name);
            stage.readies(name, true);
        }
        stage
    }

    /// The same with nobody there.
    pub fn bare() -> Self {
        let alice = agent("alice", &[("support", 5), ("sales", 2)]);
        let bob = agent("bob", &[("sales", 5), ("support", 2)]);
        Self::new(vec![alice, bob], vec![queue("sales"), queue("support")])
    }

    pub fn tell(&mut self, input: In) -> Vec<Out> {
        let mut out = Vec::new();
        let mut cx = Context { now: self.now, rng: &mut self.rng };
        self.router.handle(&mut cx, input, &mut out);
        while self.router.show(&cx, &mut out) {}
        out
    }

    pub fn reach(&mut self, name: &str, desk: bool, phone: bool) -> Vec<Out> {
        self.tell(In::Reachable { agent: name.into(), desk, phone })
    }

    pub fn comes(&mut self, name: &str) -> Vec<Out> {
        self.reach(name, true, false)
    }

    pub fn readies(&mut self, name: &str, ready: bool) -> Vec<Out> {
        let wants = if ready { Wants::Work } else { Wants::Break(String::new()) };
        self.tell(In::Ready { agent: name.into(), wants })
    }

    pub fn calls(&mut self, n: u64, queue: &str) -> Vec<Out> {
        self.enqueue(n, queue, Medium::Voice, 0)
    }

    pub fn chats(&mut self, n: u64, queue: &str) -> Vec<Out> {
        self.enqueue(n, queue, Medium::Chat, 0)
    }

    pub fn enqueue(&mut self, n: u64, queue: &str, medium: Medium, priority: i32) -> Vec<Out> {
        let target = Target::Queue(queue.into());
        let (since, wishes) = (self.now, Box::default());
        self.tell(In::Enqueued { work: work(n), target, medium, priority, since, wishes })
    }

    /// A call that wants something besides.
    pub fn wishes(&mut self, n: u64, queue: &str, wishes: Wishes) -> Vec<Out> {
        let (target, medium, since) = (Target::Queue(queue.into()), Medium::Voice, self.now);
        let wishes = Box::new(wishes);
        self.tell(In::Enqueued { work: work(n), target, medium, priority: 0, since, wishes })
    }

    pub fn dials(&mut self, n: u64, name: &str) -> Vec<Out> {
        let since = self.now;
        let target = Target::Agent(name.into());
        let (medium, wishes) = (Medium::Voice, Box::default());
        self.tell(In::Enqueued { work: work(n), target, medium, priority: 0, since, wishes })
    }

    pub fn accepts(&mut self, n: u64, name: &str) -> Vec<Out> {
        self.tell(In::Accepted { work: work(n), agent: name.into() })
    }

    pub fn declines(&mut self, n: u64, name: &str) -> Vec<Out> {
        self.tell(In::Declined { work: work(n), agent: name.into() })
    }

    pub fn releases(&mut self, n: u64, name: &str) -> Vec<Out> {
        self.tell(In::Released { work: work(n), agent: name.into() })
    }

    pub fn withdraws(&mut self, n: u64) -> Vec<Out> {
        self.tell(In::Withdrawn { work: work(n) })
    }

    /// Lets time pass, stopping at each deadline.
    pub fn passes(&mut self, seconds: u64) -> Vec<Out> {
        let end = self.now + Duration::from_secs(seconds);
        let mut out = Vec::new();
        while let Some(due) = self.router.next_timeout().filter(|due| *due <= end) {
            assert!(due >= self.now, "a deadline that is over was left standing");
            self.now = due;
            out.extend(self.tell(In::Elapsed));
        }
        self.now = end;
        out
    }

    pub fn agent(&self, name: &str) -> AgentStatus {
        self.router.agent(&name.into()).expect("a known agent")
    }

    pub fn queue(&self, name: &str) -> QueueStatus {
        self.router.queues().find(|queue| queue.name.as_str() == name).expect("a known queue")
    }
}

/// Offers among orders: work and agent.
pub fn offers(out: &[Out]) -> Vec<(u64, String)> {
    let offer = |order: &Out| match order {
        Out::Offer { work, agent, .. } => Some((work.serial, agent.to_string())),
        _ => None,
    };
    out.iter().filter_map(offer).collect()
}

/// Ends of offers among orders.
pub fn ends(out: &[Out]) -> Vec<(u64, String, OfferEnd)> {
    let end = |order: &Out| match order {
        Out::OfferOver { work, agent, end } => Some((work.serial, agent.to_string(), *end)),
        _ => None,
    };
    out.iter().filter_map(end).collect()
}

/// The reason of the one offer among orders.
pub fn reason(out: &[Out]) -> OfferReason {
    let why = |order: &Out| match order {
        Out::Offer { why, .. } => Some(why.clone()),
        _ => None,
    };
    out.iter().find_map(why).expect("an offer")
}

/// Places told: work → (position, of).
pub fn told(out: &[Out]) -> BTreeMap<u64, (u32, u32)> {
    let place = |order: &Out| match order {
        Out::Position { work, position, of, .. } => Some((work.serial, (*position, *of))),
        _ => None,
    };
    out.iter().filter_map(place).collect()
}

pub fn offer(n: u64, name: &str) -> Vec<(u64, String)> {
    vec![(n, name.to_owned())]
}

pub fn over(n: u64, name: &str, end: OfferEnd) -> Vec<(u64, String, OfferEnd)> {
    vec![(n, name.to_owned(), end)]
}

/// The name of `a1`, `a2` …
pub fn numbered(n: usize) -> AgentName {
    AgentName::new(format!("a{n}"))
}
