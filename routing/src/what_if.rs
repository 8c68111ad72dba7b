//! Other staffing, skills or rules, tried on a day: what would have come of it, beside what the formulas say.
//!
//! Promises: pure; the same question has the same answer. Leaves to others: where days of the record come from (`api`),
//! printing (`gateway`) and drawing (`web`).

use std::collections::BTreeSet;
use std::time::Duration;

use kernel::QueueName;

use crate::erlang::Theory;
use crate::simulation::{Customer, Outcome, Outcomes, Synthetic, simulate};
use crate::{AgentSetup, QueueSetup, Setup};

/// The highest level of a skill.
pub const BEST: u8 = 10;

/// The days that are tried.
#[derive(Clone, Debug)]
pub enum Days {
    /// Made up, for each queue alike.
    Made {
        /// Customers an hour, of each queue.
        hourly: f64,
        /// Mean time that a customer is talked to.
        handling: Duration,
        /// Its spread as part of the mean; 1: exponential.
        spread: f64,
        /// How long one is.
        length: Duration,
        /// How many in a row, of as many seeds.
        count: u32,
        /// The chance of the first.
        seed: u64,
    },
    /// One that was.
    Was(Vec<Customer>),
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// Which days.
    pub days: Days,
    /// Mean patience; `None`: endless.
    pub patience: Option<Duration>,
    /// How long an agent takes to answer.
    pub answer: Duration,
}

/// One staffing and what came of it.
#[derive(Clone, Debug)]
pub struct Row {
    /// How many agents.
    pub agents: u32,
    /// Customers of all queues and days together.
    pub outcome: Outcome,
    /// Part of the agents' time that was work.
    pub occupancy: f64,
    /// The formulas' view of the same.
    pub theory: Theory,
}

impl Row {
    /// The wait that nine of ten who were answered did not exceed, in seconds.
    #[must_use]
    pub fn p90(&self) -> f64 {
        let mut waits = self.outcome.waits.clone();
        waits.sort_by(f64::total_cmp);
        waits.get(waits.len() * 9 / 10).copied().unwrap_or(0.0)
    }

    /// Part of all who came that gave up.
    #[must_use]
    pub fn gave_up(&self) -> f64 {
        f64::from(self.outcome.gave_up) / f64::from(self.outcome.came.max(1))
    }
}

impl Days {
    /// The skills that customers ask for besides their queues: who does everything has them.
    #[must_use]
    pub fn further_skills(&self) -> BTreeSet<String> {
        match self {
            Days::Made { .. } => BTreeSet::new(),
            Days::Was(customers) => {
                let wishes = customers.iter().flat_map(|one| &one.wishes.skills);
                wishes.map(|wish| wish.skill.clone()).collect()
            }
        }
    }
}

/// So many agents who are alike and do the work of all these queues, for customers who ask for these skills besides.
#[must_use]
pub fn alike(agents: u32, queues: &[QueueName], further: &BTreeSet<String>) -> Setup {
    let one = |n: u32| {
        let of_queues = queues.iter().map(|queue| (queue.as_str().to_owned(), 5));
        let skills = of_queues.chain(further.iter().map(|skill| (skill.clone(), BEST))).collect();
        AgentSetup { skills, ..AgentSetup::named(format!("agent{n:04}").as_str()) }
    };
    let queue = |name: &QueueName| QueueSetup { wrapup: Duration::ZERO, ..QueueSetup::named(name.clone()) };
    Setup {
        agents: (0..agents).map(one).collect(),
        queues: queues.iter().map(queue).collect(),
        ..Setup::default()
    }
}

/// What comes of the days with these agents and rules.
#[must_use]
pub fn try_out(setup: &Setup, question: &Question) -> Row {
    let mut sum = Outcomes::default();
    let (mut count, mut seconds, mut handled, mut days) = (0_usize, 0.0, 0.0, 0_u32);
    let mut go = |customers: &[Customer]| {
        let day = simulate(setup, customers, question.answer);
        sum.occupancy += day.occupancy;
        sum.queues.insert(format!("{days}").as_str().into(), day.all());
        count += customers.len();
        seconds += customers.last().map_or(0.0, |last| last.at.as_secs_f64());
        handled += customers.iter().map(|one| one.handling.as_secs_f64()).sum::<f64>();
        days += 1;
    };
    match &question.days {
        Days::Was(customers) => go(customers),
        Days::Made { hourly, handling, spread, length, count, seed } => {
            let synthetic = Synthetic {
                queues: setup.queues.iter().map(|queue| (queue.name.clone(), *hourly)).collect(),
                length: *length,
                handling: *handling,
                spread: *spread,
                patience: question.patience,
            };
            for n in 0..u64::from(*count) {
                go(&synthetic.customers(seed.wrapping_add(n)));
            }
        }
    }
    let agents = u32::try_from(setup.agents.len()).unwrap_or(u32::MAX);
    let theory = Theory {
        arrivals: count as f64 / f64::max(seconds, 1.0),
        handling: handled / (count.max(1)) as f64 + question.answer.as_secs_f64(),
        agents,
        patience: question.patience.map(|patience| patience.as_secs_f64()),
    };
    Row { agents, outcome: sum.all(), occupancy: sum.occupancy / f64::from(days.max(1)), theory }
}
