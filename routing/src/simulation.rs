//! A day on a virtual clock: customers who come, wait, give up; agents who answer and talk. The router is the real one.
//!
//! Promises: the same day and setup give the same outcome; nothing is assumed of the router but its orders. It is the what-if of
//! `voxdesk simulate`, and how estimates and strategies are measured. Leaves to others: where days come from, printing.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::time::Duration;

use kernel::{AgentName, Context, InteractionId, QueueName, Rng, Time};

use crate::{In, Medium, Out, Router, Setup, Target, Wants, Wishes};

/// A customer of the day.
#[derive(Clone, Debug)]
pub struct Customer {
    /// When they come, from the beginning of the day.
    pub at: Duration,
    /// Where to.
    pub queue: QueueName,
    /// What kind.
    pub medium: Medium,
    /// Higher goes first.
    pub priority: i32,
    /// What else they want.
    pub wishes: Wishes,
    /// How long they are talked to.
    pub handling: Duration,
    /// How long they wait before they give up.
    pub patience: Duration,
}

/// A day that is made up.
#[derive(Clone, Debug)]
pub struct Synthetic {
    /// Where customers come, and how many an hour.
    pub queues: Vec<(QueueName, f64)>,
    /// How long it is.
    pub length: Duration,
    /// Mean time that a customer is talked to.
    pub handling: Duration,
    /// Its spread as part of the mean; 1: exponential, else log-normal.
    pub spread: f64,
    /// Mean patience, exponential; `None`: endless.
    pub patience: Option<Duration>,
}

/// The same in `(0, 1)`.
fn uniform(rng: &mut Rng) -> f64 {
    ((rng.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

fn exponential(rng: &mut Rng, mean: f64) -> f64 {
    -mean * uniform(rng).ln()
}

/// By Box and Muller.
fn log_normal(rng: &mut Rng, mean: f64, spread: f64) -> f64 {
    let variance = spread.mul_add(spread, 1.0).ln();
    let normal = (-2.0 * uniform(rng).ln()).sqrt() * (std::f64::consts::TAU * uniform(rng)).cos();
    (mean.ln() - variance / 2.0 + variance.sqrt() * normal).exp()
}

impl Synthetic {
    /// The customers: Poisson arrivals, with handling times and patience drawn for each.
    #[must_use]
    pub fn customers(&self, seed: u64) -> Vec<Customer> {
        let mut customers = Vec::new();
        for (n, (queue, hourly)) in self.queues.iter().enumerate() {
            let mut rng = Rng::seeded(seed.wrapping_add(n as u64 * 0x9E37_79B9));
            let mut at = exponential(&mut rng, 3600.0 / hourly.max(1e-6));
            while at < self.length.as_secs_f64() {
                let mean = self.handling.as_secs_f64();
                let handling = if (self.spread - 1.0).abs() < 1e-9 {
                    exponential(&mut rng, mean)
                } else {
                    log_normal(&mut rng, mean, self.spread)
                };
                let patience = self.patience.map_or(1e7, |mean| exponential(&mut rng, mean.as_secs_f64()));
                customers.push(Customer {
                    at: Duration::from_secs_f64(at),
                    queue: queue.clone(),
                    medium: Medium::Voice,
                    priority: 0,
                    wishes: Wishes::default(),
                    handling: Duration::from_secs_f64(handling.min(1e6)),
                    patience: Duration::from_secs_f64(patience.min(1e7)),
                });
                at += exponential(&mut rng, 3600.0 / hourly);
            }
        }
        customers.sort_by_key(|customer| customer.at);
        customers
    }
}

/// What became of the customers of one queue.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// How many came.
    pub came: u32,
    /// How many were answered.
    pub answered: u32,
    /// How many gave up.
    pub gave_up: u32,
    /// How many the queue's rules sent away.
    pub sent_away: u32,
    /// Seconds waited by each who was answered.
    pub waits: Vec<f64>,
    /// Seconds waited by all.
    pub waited: f64,
    /// Estimates that were given, beside what it was: seconds.
    pub estimates: Vec<(f64, f64)>,
}

impl Outcome {
    /// Part of all who came that was answered within `seconds`.
    #[must_use]
    pub fn service_level(&self, seconds: f64) -> f64 {
        let within = self.waits.iter().filter(|wait| **wait <= seconds).count();
        within as f64 / f64::from(self.came.max(1))
    }

    /// Mean wait of all who came.
    #[must_use]
    pub fn mean_wait(&self) -> f64 {
        self.waited / f64::from(self.came.max(1))
    }

    /// Median of what the estimates were wrong by, as parts of the true wait, and how many there were.
    #[must_use]
    pub fn estimate_error(&self) -> Option<(f64, usize)> {
        let mut errors: Vec<f64> = self
            .estimates
            .iter()
            .filter(|(_, real)| *real > 1.0)
            .map(|(said, real)| (said - real).abs() / real)
            .collect();
        errors.sort_by(f64::total_cmp);
        errors.get(errors.len() / 2).map(|median| (*median, errors.len()))
    }

    fn add(&mut self, other: &Outcome) {
        self.came += other.came;
        self.answered += other.answered;
        self.gave_up += other.gave_up;
        self.sent_away += other.sent_away;
        self.waited += other.waited;
        self.waits.extend(&other.waits);
        self.estimates.extend(&other.estimates);
    }
}

/// A day's outcome.
#[derive(Clone, Debug, Default)]
pub struct Outcomes {
    /// By queue that they came to.
    pub queues: BTreeMap<QueueName, Outcome>,
    /// Part of the agents' time, from the first arrival to the last, that was work.
    pub occupancy: f64,
}

impl Outcomes {
    /// All queues together.
    #[must_use]
    pub fn all(&self) -> Outcome {
        let mut all = Outcome::default();
        self.queues.values().for_each(|one| all.add(one));
        all
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Comes(usize),
    GivesUp(usize),
    Answers(usize, AgentName),
    Ends(usize, AgentName),
    Looks,
}

struct Run<'a> {
    customers: &'a [Customer],
    answer: Duration,
    router: Router,
    rng: Rng,
    now: Time,
    events: BinaryHeap<Reverse<(Time, u64, Event)>>,
    made: u64,
    /// When each customer was answered or left.
    done: Vec<bool>,
    said: BTreeMap<usize, Vec<(Time, f64)>>,
    worked: f64,
    outcomes: Outcomes,
}

/// How often estimates are looked at.
const LOOKS: Duration = Duration::from_secs(5);

/// Lets the day happen with these agents and rules; `answer` is how long an agent takes to answer.
#[must_use]
pub fn simulate(setup: &Setup, customers: &[Customer], answer: Duration) -> Outcomes {
    let mut run = Run {
        customers,
        answer,
        router: Router::new(setup.clone()),
        rng: Rng::seeded(1),
        now: START,
        events: BinaryHeap::new(),
        made: 0,
        done: vec![false; customers.len()],
        said: BTreeMap::new(),
        worked: 0.0,
        outcomes: Outcomes::default(),
    };
    for agent in &setup.agents {
        run.tell(In::Reachable { agent: agent.name.clone(), desk: true, phone: false });
        run.tell(In::Ready { agent: agent.name.clone(), wants: Wants::Work });
    }
    for (n, customer) in customers.iter().enumerate() {
        run.plan(START + customer.at, Event::Comes(n));
    }
    run.plan(START + LOOKS, Event::Looks);
    run.go();
    let length = customers.last().map_or(1.0, |last| last.at.as_secs_f64()).max(1.0);
    run.outcomes.occupancy = run.worked / (length * setup.agents.len().max(1) as f64);
    run.outcomes
}

/// When a simulated day begins: any moment but the first, for places reach before it.
pub const START: Time = Time::from_millis(1_000_000_000);

const fn id(n: usize) -> InteractionId {
    InteractionId { node: 0, serial: n as u64 }
}

impl Run<'_> {
    fn plan(&mut self, at: Time, event: Event) {
        self.made += 1;
        self.events.push(Reverse((at, self.made, event)));
    }

    fn go(&mut self) {
        loop {
            let event = self.events.peek().map(|Reverse((at, ..))| *at);
            let due = self.router.next_timeout();
            match (event, due) {
                (None, None) => return,
                (event, Some(due)) if event.is_none_or(|event| due <= event) => {
                    self.now = self.now.max(due);
                    self.tell(In::Elapsed);
                }
                _ => {
                    let Some(Reverse((at, _, event))) = self.events.pop() else { return };
                    self.now = self.now.max(at);
                    self.happens(event);
                }
            }
        }
    }

    fn outcome(&mut self, n: usize) -> &mut Outcome {
        self.outcomes.queues.entry(self.customers[n].queue.clone()).or_default()
    }

    fn waited(&self, n: usize) -> f64 {
        self.now.since(START + self.customers[n].at).as_secs_f64()
    }

    fn happens(&mut self, event: Event) {
        match event {
            Event::Comes(n) => {
                let customer = &self.customers[n];
                self.plan(self.now + customer.patience, Event::GivesUp(n));
                self.outcome(n).came += 1;
                let (target, wishes) =
                    (Target::Queue(customer.queue.clone()), Box::new(customer.wishes.clone()));
                let (medium, priority, since) = (customer.medium, customer.priority, self.now);
                self.tell(In::Enqueued { work: id(n), target, medium, priority, since, wishes });
            }
            Event::GivesUp(n) if !self.done[n] => {
                self.leaves(n).gave_up += 1;
                self.tell(In::Withdrawn { work: id(n) });
            }
            Event::Answers(n, agent) if !self.done[n] => self.answers(n, agent),
            Event::GivesUp(_) | Event::Answers(..) => {}
            Event::Ends(n, agent) => {
                self.worked += self.customers[n].handling.as_secs_f64();
                self.tell(In::Released { work: id(n), agent });
            }
            Event::Looks => {
                self.look();
                if self.done.iter().any(|done| !done) {
                    self.plan(self.now + LOOKS, Event::Looks);
                }
            }
        }
    }

    fn leaves(&mut self, n: usize) -> &mut Outcome {
        self.done[n] = true;
        self.said.remove(&n);
        let waited = self.waited(n);
        let outcome = self.outcome(n);
        outcome.waited += waited;
        outcome
    }

    fn answers(&mut self, n: usize, agent: AgentName) {
        let waited = self.waited(n);
        let said = self.said.remove(&n).unwrap_or_default();
        let (now, handling) = (self.now, self.customers[n].handling);
        let outcome = self.leaves(n);
        outcome.answered += 1;
        outcome.waits.push(waited);
        outcome.estimates.extend(said.iter().map(|(at, said)| (*said, now.since(*at).as_secs_f64())));
        self.plan(self.now + handling, Event::Ends(n, agent.clone()));
        self.tell(In::Accepted { work: id(n), agent });
    }

    fn look(&mut self) {
        let mut out = Vec::new();
        while self.router.show(&Context { now: self.now, rng: &mut self.rng }, &mut out) {}
        for order in out {
            if let Out::Position { work, wait: Some(wait), .. } = order {
                self.said.entry(work.serial as usize).or_default().push((self.now, wait.as_secs_f64()));
            }
        }
    }

    fn tell(&mut self, input: In) {
        let mut out = Vec::new();
        self.router.handle(&mut Context { now: self.now, rng: &mut self.rng }, input, &mut out);
        for order in out {
            match order {
                Out::Offer { work, agent, .. } => {
                    self.plan(self.now + self.answer, Event::Answers(work.serial as usize, agent));
                }
                Out::Unavailable { work, .. } if !self.done[work.serial as usize] => {
                    self.leaves(work.serial as usize).sent_away += 1;
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::erlang::Theory;
    use crate::{AgentSetup, QueueSetup};

    fn agents(count: usize, skills: &[&str]) -> Vec<AgentSetup> {
        let one = |n| {
            let skills = skills.iter().map(|skill| ((*skill).to_owned(), 5)).collect();
            AgentSetup { skills, ..AgentSetup::named(format!("a{n:03}").as_str()) }
        };
        (0..count).map(one).collect()
    }

    fn setup(agents: Vec<AgentSetup>, queues: &[&str]) -> Setup {
        let one = |name: &&str| QueueSetup { wrapup: Duration::ZERO, ..QueueSetup::named(*name) };
        Setup { agents, queues: queues.iter().map(one).collect(), ..Setup::default() }
    }

    fn day(hourly: f64, hours: u64, patience: Option<u64>) -> Synthetic {
        Synthetic {
            queues: vec![("q".into(), hourly)],
            length: Duration::from_secs(hours * 3600),
            handling: Duration::from_secs(240),
            spread: 1.0,
            patience: patience.map(Duration::from_secs),
        }
    }

    #[test]
    fn a_long_day_is_what_erlang_says() {
        for (hourly, patience) in [(100.0, None), (130.0, Some(180))] {
            let customers = day(hourly, 600, patience).customers(1);
            let outcome = simulate(&setup(agents(8, &["q"]), &["q"]), &customers, Duration::ZERO);
            let theory = Theory {
                arrivals: hourly / 3600.0,
                handling: 240.0,
                agents: 8,
                patience: patience.map(|s| s as f64),
            };
            let (all, expected) = (outcome.all(), theory.erlang_a().expect("a steady line"));
            let near = |found: f64, right: f64| (found - right).abs() <= right * 0.12 + 0.002;
            assert!(near(all.mean_wait(), expected.wait), "{} {expected:?}", all.mean_wait());
            assert!(near(outcome.occupancy, expected.occupancy), "{} {expected:?}", outcome.occupancy);
            let gave_up = f64::from(all.gave_up) / f64::from(all.came);
            assert!(near(gave_up, expected.giving_up), "{gave_up} {expected:?}");
        }
    }

    #[test]
    fn what_a_waiting_customer_is_told_is_about_right() {
        // Overload with impatience, on shared agents too: what a busy morning is like.
        for (queues, agents_of, hourly) in [
            (vec!["q"], vec![(20, vec!["q"])], 420.0),
            (vec!["p", "q"], vec![(8, vec!["p"]), (8, vec!["q"]), (8, vec!["p", "q"])], 260.0),
        ] {
            let mut all = Vec::new();
            for (n, (count, skills)) in agents_of.into_iter().enumerate() {
                all.extend(agents(count, &skills).into_iter().map(|mut one| {
                    one.name = AgentName::new(format!("{n}{}", one.name));
                    one
                }));
            }
            let day = Synthetic {
                queues: queues.iter().map(|queue| ((*queue).into(), hourly)).collect(),
                length: Duration::from_secs(12 * 3600),
                handling: Duration::from_secs(240),
                spread: 0.8,
                patience: Some(Duration::from_secs(600)),
            };
            let outcome = simulate(&setup(all, &queues), &day.customers(3), Duration::from_secs(4)).all();
            let (error, count) = outcome.estimate_error().expect("estimates were given");
            eprintln!(
                "{queues:?}: {count} estimates, median error {:.1} %, mean wait {:.0} s",
                error * 100.0,
                outcome.mean_wait()
            );
            assert!(count > 1_000 && error < 0.25, "{count} estimates, {error}");
        }
    }

    #[test]
    fn an_idle_floor_promises_nothing() {
        let customers = day(20.0, 10, None).customers(5);
        let outcome = simulate(&setup(agents(20, &["q"]), &["q"]), &customers, Duration::from_secs(2)).all();
        assert!(outcome.estimates.is_empty() && outcome.answered == outcome.came);
    }
}
