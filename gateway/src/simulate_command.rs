//! `voxdesk simulate`: a synthetic day or a day of the record, with these agents and rules, beside Erlang C and Erlang A.
//!
//! Promises: the router is the real one, on a virtual clock; the same arguments print the same figures. Leaves to others: the
//! simulation (`routing::simulation`), the formulas (`routing::erlang`).

mod plot;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use desk::{Conversation, Speaker};
use routing::erlang::Theory;
use routing::simulation::{Customer, Outcome, Outcomes, Synthetic, simulate};
use routing::{AgentSetup, Medium, QueueSetup, Setup, Wishes};
use store::ConversationFilter;

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
    #[arg(long, value_name = "DATE", value_parser = day)]
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

/// Wall milliseconds of the beginning of a day (Hinnant, "chrono-compatible low-level date algorithms").
fn day(text: &str) -> Result<i64, String> {
    let wrong = || "expected a day as in 2025-11-22".to_owned();
    let parts: Vec<i64> = text.split('-').map(str::parse).collect::<Result<_, _>>().map_err(|_| wrong())?;
    let [year, month, day] = parts[..] else { return Err(wrong()) };
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return Err(wrong());
    }
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let era_day = (year % 400) * 365 + (year % 400) / 4 - (year % 400) / 100 + day_of_year;
    Ok(((year / 400) * 146_097 + era_day - 719_468) * 86_400_000)
}

/// One staffing and what came of it.
pub(super) struct Row {
    pub agents: u32,
    pub outcome: Outcome,
    pub occupancy: f64,
    pub theory: Theory,
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
    let recorded = args.record.map(|day| recorded(args, day)).transpose()?;
    let mut rows = Vec::new();
    let staffings: Vec<u32> = match &config {
        Some(setup) => vec![u32::try_from(setup.agents.len()).unwrap_or(u32::MAX)],
        None => (args.agents.0..=args.agents.1).collect(),
    };
    for agents in staffings {
        let setup = config.clone().unwrap_or_else(|| alike(agents, recorded.as_deref()));
        rows.push(row(args, agents, &setup, recorded.as_deref()));
    }
    print(args, &rows);
    if let Some(file) = &args.svg {
        std::fs::write(file, plot::draw(&rows, args.target)).with_context(|| file.display().to_string())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// So many agents who can do everything.
fn alike(agents: u32, recorded: Option<&[Customer]>) -> Setup {
    let mut queues: Vec<_> = recorded.unwrap_or_default().iter().map(|one| one.queue.clone()).collect();
    queues.sort();
    queues.dedup();
    if queues.is_empty() {
        queues.push("calls".into());
    }
    let one = |n: u32| {
        let skills = queues.iter().map(|queue| (queue.as_str().to_owned(), 5)).collect();
        AgentSetup { skills, ..AgentSetup::named(format!("agent{n:04}").as_str()) }
    };
    let queue =
        |name: &kernel::QueueName| QueueSetup { wrapup: Duration::ZERO, ..QueueSetup::named(name.clone()) };
    Setup {
        agents: (0..agents).map(one).collect(),
        queues: queues.iter().map(queue).collect(),
        ..Setup::default()
    }
}

fn row(args: &SimulateArgs, agents: u32, setup: &Setup, recorded: Option<&[Customer]>) -> Row {
    let synthetic = Synthetic {
        queues: setup.queues.iter().map(|queue| (queue.name.clone(), args.calls)).collect(),
        length: Duration::from_secs_f64(args.hours * 3600.0),
        handling: Duration::from_secs_f64(args.handling),
        spread: args.spread.clamp(0.01, 10.0),
        patience: (args.patience > 0.0).then(|| Duration::from_secs_f64(args.patience.min(1e6))),
    };
    let answer = Duration::from_secs_f64(args.answer.clamp(0.0, 3600.0));
    let days = if recorded.is_some() { 1 } else { args.days.clamp(1, 1_000) };
    let mut sum = Outcomes::default();
    let (mut count, mut seconds, mut handled) = (0_usize, 0.0, 0.0);
    for n in 0..days {
        let made;
        let customers = match recorded {
            Some(customers) => customers,
            None => {
                made = synthetic.customers(args.seed.wrapping_add(u64::from(n)));
                &made
            }
        };
        let day = simulate(setup, customers, answer);
        sum.occupancy += day.occupancy / f64::from(days);
        sum.queues.insert(format!("{n}").as_str().into(), day.all());
        count += customers.len();
        seconds += customers.last().map_or(0.0, |last| last.at.as_secs_f64());
        handled += customers.iter().map(|one| one.handling.as_secs_f64()).sum::<f64>();
    }
    let theory = Theory {
        arrivals: count as f64 / f64::max(seconds, 1.0),
        handling: handled / (count.max(1)) as f64 + answer.as_secs_f64(),
        agents,
        patience: (args.patience > 0.0).then_some(args.patience),
    };
    Row { agents, outcome: sum.all(), occupancy: sum.occupancy, theory }
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
        let mut waits = one.waits.clone();
        waits.sort_by(f64::total_cmp);
        let p90 = waits.get(waits.len() * 9 / 10).copied().unwrap_or(0.0);
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
            span(Some(p90)),
            part(Some(f64::from(one.gave_up) / f64::from(one.came.max(1)))),
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
    let conversations = runtime.block_on(async {
        let store = store::open(&url).await.context("cannot open the record")?;
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let filter =
                ConversationFilter { open: Some(false), agent: None, person: None, after, limit: 200 };
            let page = store.conversations(filter).await?;
            let older = page.items.last().is_none_or(|last| last.started_at < begin);
            all.extend(page.items);
            after = page.next;
            if older || after.is_none() {
                return anyhow::Ok(all);
            }
        }
    })?;
    let mut rng = kernel::Rng::seeded(args.seed);
    let mut patience = || {
        let chance = (rng.below(1 << 32) as f64 + 0.5) / (1_u64 << 32) as f64;
        if args.patience > 0.0 { -args.patience * chance.ln() } else { 1e7 }
    };
    let queued = conversations.iter().filter_map(|one| Some((one, one.queued_at?, one.queue.clone()?)));
    let day = queued.filter(|(_, at, _)| (begin..begin + 86_400_000).contains(at));
    let mut customers: Vec<_> = day
        .map(|(one, at, queue)| Customer {
            at: Duration::from_millis(u64::try_from(at - begin).unwrap_or(0)),
            queue,
            medium: if one.channel.is_spoken() { Medium::Voice } else { Medium::Chat },
            priority: 0,
            wishes: Wishes::default(),
            handling: Duration::from_secs_f64(talked(one).unwrap_or(args.handling)),
            patience: Duration::from_secs_f64(patience().min(1e7)),
        })
        .collect();
    if customers.is_empty() {
        bail!("nobody came to a queue on that day of the record");
    }
    customers.sort_by_key(|one| one.at);
    // The day begins with its first customer.
    let first = customers[0].at;
    customers.iter_mut().for_each(|one| one.at -= first);
    Ok(customers)
}

/// How long agents had it, in seconds; `None` when nobody took it.
fn talked(conversation: &Conversation) -> Option<f64> {
    let legs = conversation.legs.iter().filter(|leg| leg.speaker == Speaker::Agent);
    let spans = legs.filter_map(|leg| Some(leg.ended_at? - leg.answered_at?)).filter(|span| *span > 0);
    let sum: i64 = spans.sum();
    (sum > 0).then(|| sum as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_utc() {
        assert_eq!(day("1970-01-01"), Ok(0));
        assert_eq!(day("2025-11-22"), Ok(1_763_769_600_000));
        assert_eq!(day("2024-02-29"), Ok(1_709_164_800_000));
        assert!(day("22.11.2025").is_err() && day("2025-13-01").is_err());
    }

    #[test]
    fn staffings_are_a_number_or_a_range() {
        assert_eq!(range("8"), Ok((8, 8)));
        assert_eq!(range("6-14"), Ok((6, 14)));
        assert!(range("14-6").is_err() && range("0").is_err() && range("x").is_err());
    }
}
