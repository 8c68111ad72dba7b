//! How wrong the waits are that callers are told: made-up days of several kinds, the real router, each estimate beside what it
//! was. `cargo run --release -p routing --example estimates`; the figures of docs/routing.md.
#![expect(clippy::print_stdout, reason = "an example prints what it measured")]

use std::time::Duration;

use kernel::AgentName;
use routing::simulation::{Outcome, Synthetic, simulate};
use routing::{AgentSetup, QueueSetup, Setup};

/// Days of each kind.
const DAYS: u64 = 6;

struct Kind {
    name: &'static str,
    /// Agents, with the queues they serve.
    teams: &'static [(usize, &'static [&'static str])],
    queues: &'static [(&'static str, f64)],
    handling: u64,
    spread: f64,
    patience: Option<u64>,
    wrapup: u64,
}

const KINDS: &[Kind] = &[
    Kind {
        name: "small, busy",
        teams: &[(8, &["q"])],
        queues: &[("q", 118.0)],
        handling: 240,
        spread: 1.0,
        patience: None,
        wrapup: 0,
    },
    Kind {
        name: "small, too few",
        teams: &[(6, &["q"])],
        queues: &[("q", 130.0)],
        handling: 240,
        spread: 0.8,
        patience: Some(300),
        wrapup: 0,
    },
    Kind {
        name: "middle, busy",
        teams: &[(20, &["q"])],
        queues: &[("q", 298.0)],
        handling: 220,
        spread: 0.8,
        patience: Some(900),
        wrapup: 20,
    },
    Kind {
        name: "middle, too few",
        teams: &[(20, &["q"])],
        queues: &[("q", 420.0)],
        handling: 240,
        spread: 0.8,
        patience: Some(600),
        wrapup: 0,
    },
    Kind {
        name: "middle, impatient",
        teams: &[(20, &["q"])],
        queues: &[("q", 500.0)],
        handling: 240,
        spread: 1.2,
        patience: Some(180),
        wrapup: 30,
    },
    Kind {
        name: "large, busy",
        teams: &[(100, &["q"])],
        queues: &[("q", 1_520.0)],
        handling: 240,
        spread: 0.8,
        patience: Some(600),
        wrapup: 0,
    },
    Kind {
        name: "shared agents",
        teams: &[(8, &["p"]), (8, &["q"]), (8, &["p", "q"])],
        queues: &[("p", 260.0), ("q", 260.0)],
        handling: 240,
        spread: 0.8,
        patience: Some(600),
        wrapup: 0,
    },
    Kind {
        name: "unlike queues",
        teams: &[(6, &["p"]), (12, &["p", "q"])],
        queues: &[("p", 220.0), ("q", 90.0)],
        handling: 200,
        spread: 1.0,
        patience: Some(500),
        wrapup: 15,
    },
];

fn main() {
    println!("{:<20} {:>9} {:>10} {:>8} {:>8} {:>8}", "day", "mean wait", "estimates", "p50", "p90", "bias");
    for kind in KINDS {
        let mut all: Vec<(f64, f64)> = Vec::new();
        let (mut waited, mut came) = (0.0, 0);
        for seed in 0..DAYS {
            let Outcome { estimates, waited: day, came: some, .. } = happens(kind, seed);
            all.extend(estimates);
            (waited, came) = (waited + day, came + some);
        }
        all.retain(|(_, real)| *real > 1.0);
        let mut errors: Vec<f64> = all.iter().map(|(said, real)| (said - real).abs() / real).collect();
        errors.sort_by(f64::total_cmp);
        let mut bias: Vec<f64> = all.iter().map(|(said, real)| said / real - 1.0).collect();
        bias.sort_by(f64::total_cmp);
        let of = |sorted: &[f64], part: f64| {
            sorted.get((sorted.len() as f64 * part) as usize).copied().unwrap_or(0.0) * 100.0
        };
        println!(
            "{:<20} {:>7.0} s {:>10} {:>6.1} % {:>6.1} % {:>6.1} %",
            kind.name,
            waited / f64::from(came.max(1)),
            errors.len(),
            of(&errors, 0.5),
            of(&errors, 0.9),
            of(&bias, 0.5)
        );
    }
}

fn happens(kind: &Kind, seed: u64) -> Outcome {
    let mut agents = Vec::new();
    for (team, (count, skills)) in kind.teams.iter().enumerate() {
        let skills =
            skills.iter().map(|skill| ((*skill).to_owned(), 5)).collect::<std::collections::BTreeMap<_, _>>();
        agents.extend((0..*count).map(|n| AgentSetup {
            skills: skills.clone(),
            ..AgentSetup::named(AgentName::new(format!("{team}-{n:03}")))
        }));
    }
    let queue = |(name, _): &(&str, f64)| QueueSetup {
        wrapup: Duration::from_secs(kind.wrapup),
        ..QueueSetup::named(*name)
    };
    let setup = Setup { agents, queues: kind.queues.iter().map(queue).collect(), ..Setup::default() };
    let day = Synthetic {
        queues: kind.queues.iter().map(|(name, hourly)| ((*name).into(), *hourly)).collect(),
        length: Duration::from_secs(10 * 3600),
        handling: Duration::from_secs(kind.handling),
        spread: kind.spread,
        patience: kind.patience.map(Duration::from_secs),
    };
    simulate(&setup, &day.customers(seed), Duration::from_secs(4)).all()
}
