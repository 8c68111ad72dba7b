//! `voxdesk simulate`: a synthetic day or a day of the record, with these agents and rules, beside Erlang C and Erlang A.
//!
//! Promises: the router is the real one, on a virtual clock; the same arguments print the same figures. Leaves to others: the
//! simulation (`routing::simulation`), the formulas (`routing::erlang`).

mod plot;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use kernel::QueueName;
use routing::simulation::Customer;
use routing::what_if::{Days, Question, Row, alike, try_out};

use crate::command_line::{say, say_problems};
use crate::config::{Config, Files, Flags};

/// Arguments of `voxdesk simulate`.
#[derive(Clone, Debug, Args)]
pub struct SimulateArgs {
    /// Agents: a number, or a range as in 6-14, one line each. Without --config they are alike and serve every queue.
    #[arg(long, value_name = "N|N-M", default_value = "8", value_parser = range)]
    agents: (u32, u32),
    /// Agents, skills, queues and rules of this configuration instead.
    #[arg(long, value_name = "FILE", conflicts_with = "agents")]
    config: Option<PathBuf>,
    /// Customers an hour, of each queue.
    #[arg(long, value_name = "N", default_value_t = 100.0)]
    calls: f64,
    /// Mean time that a customer is talked to, in seconds.
    #[arg(long, value_name = "S", default_value_t = 240.0)]
    handling: f64,
    /// Spread of it as part of the mean; 1 is exponential.
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    spread: f64,
    /// Mean time until a customer gives up, in seconds; 0: never.
    #[arg(long, value_name = "S", default_value_t = 180.0)]
    patience: f64,
    /// Length of the day in hours.
    #[arg(long, value_name = "H", default_value_t = 10.0)]
    hours: f64,
    /// Seconds that an agent takes to answer.
    #[arg(long, value_name = "S", default_value_t = 3.0)]
    answer: f64,
    /// The chance of the day.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Days in a row, of as many seeds.
    #[arg(long, default_value_t = 1)]
    days: u32,
    /// The customers of this day (UTC, as in 2025-11-22) of the record instead of made-up ones.
    #[arg(long, value_name = "DATE", value_parser = api::day_begin)]
    record: Option<i64>,
    /// Where the record is kept.
    #[arg(long, value_name = "DIR", default_value = ".voxdesk")]
    data_dir: PathBuf,
    /// Answered within so many seconds is well served.
    #[arg(long, value_name = "S", default_value_t = 20.0)]
    target: f64,
    /// Draws service level and wait by number of agents.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

fn range(text: &str) -> Result<(u32, u32), String> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let parsed = from.parse().ok().zip(to.parse().ok());
    parsed.filter(|(from, to)| 1 <= *from && from <= to && *to <= 2_000).ok_or_else(|| {
        "expected a number of agents from 1 to 2000, or a range of such, as in 6-14".to_owned()
    })
}

/// Runs `voxdesk simulate`.
///
/// # Errors
/// When the record or a file cannot be read.
pub fn run(args: &SimulateArgs) -> Result<ExitCode> {
    for (name, value) in [("--calls", args.calls), ("--handling", args.handling), ("--hours", args.hours)] {
        if !(value > 0.0 && value < 1e6) {
            bail!("{name} is {value}; it must be more than 0 and less than a million");
        }
    }
    let config = match &args.config {
        Some(file) => match Config::read(&Files::Disk(file.clone()), &Flags::default()) {
            Ok(config) => Some(config.routing()),
            Err(problems) => return Ok(say_problems(&problems)),
        },
        None => None,
    };
    let days = match args.record {
        Some(day) => Days::Was(recorded(args, day)?),
        None => Days::Made {
            hourly: args.calls,
            handling: Duration::from_secs_f64(args.handling),
            spread: args.spread.clamp(0.01, 10.0),
            length: Duration::from_secs_f64(args.hours * 3600.0),
            count: args.days.clamp(1, 1_000),
            seed: args.seed,
        },
    };
    let question = Question {
        days,
        patience: (args.patience > 0.0).then(|| Duration::from_secs_f64(args.patience.min(1e6))),
        answer: Duration::from_secs_f64(args.answer.clamp(0.0, 3600.0)),
    };
    let rows: Vec<Row> = match config {
        Some(setup) => vec![try_out(&setup, &question)],
        None => {
            let queues = queues_of(&question.days);
            let further = question.days.further_skills();
            (args.agents.0..=args.agents.1)
                .map(|agents| try_out(&alike(agents, &queues, &further), &question))
                .collect()
        }
    };
    print(args, &rows);
    if let Some(file) = &args.svg {
        std::fs::write(file, plot::draw(&rows, args.target)).with_context(|| file.display().to_string())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Where the customers of these days come to.
fn queues_of(days: &Days) -> Vec<QueueName> {
    match days {
        Days::Made { .. } => vec!["calls".into()],
        Days::Was(customers) => {
            let all: BTreeSet<_> = customers.iter().map(|one| one.queue.clone()).collect();
            all.into_iter().collect()
        }
    }
}

fn print(args: &SimulateArgs, rows: &[Row]) {
    say(&format!(
        "{:>7} {:>7} {:>9} {:>9} {:>9} {:>9} {:>8} | {:>9} {:>9} {:>9} | {:>9} {:>9} {:>9} | {:>9}",
        "agents",
        "came",
        format!("in {} s", args.target),
        "mean wait",
        "p90 wait",
        "gave up",
        "occup.",
        "C level",
        "C wait",
        "C occup.",
        "A wait",
        "A gave up",
        "A occup.",
        "estimate"
    ));
    for row in rows {
        let one = &row.outcome;
        let c = row.theory.erlang_c();
        let a = row.theory.erlang_a();
        let part = |value: Option<f64>| {
            value.map_or_else(|| "-".to_owned(), |value| format!("{:.1} %", value * 100.0))
        };
        let span = |value: Option<f64>| value.map_or_else(|| "∞".to_owned(), |value| format!("{value:.1} s"));
        say(&format!(
            "{:>7} {:>7} {:>9} {:>9} {:>9} {:>9} {:>8} | {:>9} {:>9} {:>9} | {:>9} {:>9} {:>9} | {:>9}",
            row.agents,
            one.came,
            part(Some(one.service_level(args.target))),
            span(Some(one.mean_wait())),
            span(Some(row.p90())),
            part(Some(row.gave_up())),
            part(Some(row.occupancy)),
            part(row.theory.service_level(args.target)),
            span(c.map(|c| c.wait)),
            part(c.map(|c| c.occupancy)),
            span(a.map(|a| a.wait)),
            part(a.map(|a| a.giving_up)),
            part(a.map(|a| a.occupancy)),
            part(one.estimate_error().map(|(error, _)| error)),
        ));
    }
}

/// The customers of a day of the record, as they came; how long they would have waited is drawn from `--patience`.
fn recorded(args: &SimulateArgs, begin: i64) -> Result<Vec<Customer>> {
    let url = crate::route_command::database(&args.data_dir, None)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let day = runtime.block_on(async {
        let store = store::open(&url).await.context("cannot open the record")?;
        let guess = api::Guess { handling: args.handling, patience: args.patience, seed: args.seed };
        anyhow::Ok(api::recorded_day(&*store, begin, guess).await?)
    })?;
    let api::RecordedDay { customers, special, unknown, tests } = day;
    if customers.is_empty() {
        bail!("nobody came to a queue on that day of the record");
    }
    say(&format!(
        "{} customers of the record; {special} of them asked for more than their queue does (priority, tier, skills, an agent)",
        customers.len()
    ));
    if unknown > 0 {
        say(&format!("what {unknown} of them asked for is not in the record: they count as usual"));
    }
    if tests > 0 {
        say(&format!("{tests} test calls are left out"));
    }
    Ok(customers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staffings_are_a_number_or_a_range() {
        assert_eq!(range("8"), Ok((8, 8)));
        assert_eq!(range("6-14"), Ok((6, 14)));
        assert!(range("14-6").is_err() && range("0").is_err() && range("x").is_err());
    }
}
