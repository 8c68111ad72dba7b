//! `/what-if`: other staffing, skills or rules on a made-up day or a day of the record. For supervisors and administrators.
//!
//! Promises: nothing that runs is touched; a question is bounded in size, and one is worked on at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use kernel::QueueName;
use routing::what_if::{BEST, Days, Question, Row, try_out};
use routing::{AgentSetup, QueueSetup, Setup, strategy_names};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::Supervisor;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::record_day::{Guess, RecordedDay, day_begin, recorded_day};
use crate::request::Body;
use crate::state::{App, Shared};

/// Most staffings in one question.
const ROWS: u32 = 60;
/// Most agents of one.
const AGENTS: u32 = 500;
/// Most customers of all days and staffings together: some ten seconds of work.
const CUSTOMERS: f64 = 1_000_000.0;
/// Most days in a row.
const DAYS: u32 = 30;
/// Most teams.
const TEAMS: usize = 20;

/// Agents who are alike.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Team {
    /// How many.
    count: u32,
    /// Skills with levels 1 to 10.
    skills: BTreeMap<String, u8>,
}

/// Who works: exactly one of the three.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Staffing {
    /// From so many to so many agents who do everything, one answer each.
    range: Option<[u32; 2]>,
    /// These teams.
    teams: Option<Vec<Team>>,
    /// All agents of the configuration, as they are.
    #[serde(default)]
    configured: bool,
}

/// Days that are made up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MadeDays {
    /// Customers an hour, of each queue.
    hourly: f64,
    /// Spread of the time that a customer is talked to, as part of its mean; 1 is exponential.
    spread: f64,
    /// Length of a day.
    hours: f64,
    /// How many in a row.
    count: u32,
    /// The chance of the first.
    seed: u64,
}

/// What is asked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhatIf {
    /// Who works.
    staffing: Staffing,
    /// The queues that customers come to, by name, with the rules of the configuration; empty: one queue with the usual rules.
    #[serde(default)]
    queues: Vec<String>,
    /// Another strategy for all of them.
    strategy: Option<String>,
    /// Days that are made up; or `record`.
    made: Option<MadeDays>,
    /// A day of the record, as in `2025-11-22` (UTC); its customers come to the queues that they came to.
    record: Option<String>,
    /// Mean seconds that a customer is talked to (of the record: those whom nobody answered).
    handling: f64,
    /// Mean seconds until a customer gives up; 0: never.
    patience: f64,
    /// Seconds that an agent takes to answer.
    answer: f64,
    /// Answered within so many seconds is well served.
    target: f64,
}

/// What a formula expects.
#[derive(Serialize, ToSchema)]
pub(crate) struct Formula {
    /// Part answered within the target; `None`: the formula does not say.
    service_level: Option<f64>,
    /// Mean seconds.
    wait: f64,
    /// Part that gives up.
    gave_up: f64,
    /// Part of the agents' time that is work.
    occupancy: f64,
}

/// One staffing and what came of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct WhatIfRow {
    /// How many agents.
    agents: u32,
    /// How many customers came.
    came: u32,
    /// How many were answered.
    answered: u32,
    /// Part answered within the target.
    service_level: f64,
    /// Mean seconds of all who came.
    wait: f64,
    /// What nine of ten who were answered did not exceed, in seconds.
    wait_p90: f64,
    /// Part that gave up.
    gave_up: f64,
    /// Part of the agents' time that was work.
    occupancy: f64,
    /// Erlang C; `None` where its line grows for ever.
    erlang_c: Option<Formula>,
    /// Erlang A.
    erlang_a: Option<Formula>,
    /// Median error of what waiting customers were told, as part of the true wait; `None`: nobody was told.
    estimate_error: Option<f64>,
}

/// What a day of the record told.
#[derive(Serialize, ToSchema)]
pub(crate) struct WhatIfRecord {
    /// Customers who came to a queue.
    customers: u32,
    /// Those of them who asked for more than their queue does: priority, tier, skills, an agent, to be called back.
    special: u32,
    /// Those of whom the record does not tell that: they count as usual.
    unknown: u32,
    /// Test calls, which are left out.
    tests: u32,
}

/// The answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct WhatIfAnswer {
    /// What the day of the record told; nothing for days that are made up.
    record: Option<WhatIfRecord>,
    /// One for each staffing.
    rows: Vec<WhatIfRow>,
}

/// What would come of other staffing, skills or rules. The router in it is the real one.
#[utoipa::path(post, path = "/api/v1/what-if", tag = "floor", operation_id = "what_if", request_body = WhatIf,
    responses((status = 200, body = WhatIfAnswer), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 503, body = ErrorBody)))]
pub(crate) async fn what_if(
    State(app): State<App>,
    _: Supervisor,
    Body(wish): Body<WhatIf>,
) -> Answer<Json<WhatIfAnswer>> {
    for (field, value, least) in [
        ("handling", wish.handling, 1.0),
        ("patience", wish.patience, 0.0),
        ("answer", wish.answer, 0.0),
        ("target", wish.target, 0.0),
    ] {
        within(field, value, least, 86_400.0)?;
    }
    let full = || ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "full", "another question is worked on");
    let permit = app.what_ifs.clone().try_acquire_owned().map_err(|_| full())?;
    let (question, record) = question(&app, &wish).await?;
    let setups = setups(&app, &wish, &question)?;
    let each = match &question.days {
        Days::Was(customers) => customers.len() as f64,
        Days::Made { hourly, length, count, .. } => {
            let queues = setups.first().map_or(1, |setup| setup.queues.len());
            hourly * length.as_secs_f64() / 3600.0 * f64::from(*count) * queues as f64
        }
    };
    if each * setups.len() as f64 > CUSTOMERS {
        let found = each * setups.len() as f64;
        let message = format!("{found:.0} customers in all; at most {CUSTOMERS}: fewer days or staffings");
        return Err(ApiError::field("made", message));
    }
    let target = wish.target;
    let work = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        setups.iter().map(|setup| row(&try_out(setup, &question), target)).collect()
    });
    let rows = work.await.map_err(|error| ApiError::ours(&error))?;
    Ok(Json(WhatIfAnswer { record, rows }))
}

fn within(field: &'static str, value: f64, least: f64, most: f64) -> Answer<()> {
    if value.is_finite() && (least..=most).contains(&value) {
        return Ok(());
    }
    Err(ApiError::field(field, format!("a number from {least} to {most}")))
}

async fn question(app: &Shared, wish: &WhatIf) -> Answer<(Question, Option<WhatIfRecord>)> {
    let mut told = None;
    let days = match (&wish.made, &wish.record) {
        (Some(made), None) => {
            within("made.hourly", made.hourly, 0.1, 100_000.0)?;
            within("made.spread", made.spread, 0.01, 10.0)?;
            within("made.hours", made.hours, 0.1, 24.0)?;
            within("made.count", f64::from(made.count), 1.0, f64::from(DAYS))?;
            Days::Made {
                hourly: made.hourly,
                handling: Duration::from_secs_f64(wish.handling),
                spread: made.spread,
                length: Duration::from_secs_f64(made.hours * 3600.0),
                count: made.count,
                seed: made.seed,
            }
        }
        (None, Some(day)) => {
            let begin = day_begin(day).map_err(|error| ApiError::field("record", error))?;
            let guess = Guess { handling: wish.handling, patience: wish.patience, seed: 1 };
            let RecordedDay { customers, special, unknown, tests } =
                recorded_day(&*app.store, begin, guess).await?;
            let count = u32::try_from(customers.len()).unwrap_or(u32::MAX);
            told = Some(WhatIfRecord { customers: count, special, unknown, tests });
            if customers.is_empty() {
                return Err(ApiError::field("record", "nobody came to a queue on that day"));
            }
            Days::Was(customers)
        }
        _ => return Err(ApiError::field("made", "give one of `made` and `record`")),
    };
    let question = Question {
        days,
        patience: (wish.patience > 0.0).then(|| Duration::from_secs_f64(wish.patience)),
        answer: Duration::from_secs_f64(wish.answer),
    };
    Ok((question, told))
}

/// One for each staffing, with the queues that are asked about.
fn setups(app: &Shared, wish: &WhatIf, question: &Question) -> Answer<Vec<Setup>> {
    let running = app.floor.setup();
    let mut names: Vec<QueueName> = wish.queues.iter().map(|name| name.as_str().into()).collect();
    if let Days::Was(customers) = &question.days {
        names.extend(customers.iter().map(|customer| customer.queue.clone()));
    }
    names.sort();
    names.dedup();
    let mut queues = Vec::new();
    for name in &names {
        match running.queues.iter().find(|queue| queue.name == *name) {
            Some(queue) => queues.push(queue.clone()),
            // One of the record that the configuration dropped has the usual rules.
            None if wish.record.is_some() => queues.push(QueueSetup::named(name.clone())),
            None => return Err(ApiError::field("queues", format!("there is no queue `{name}`"))),
        }
    }
    if queues.is_empty() {
        names.push("calls".into());
        queues.push(QueueSetup { wrapup: Duration::ZERO, ..QueueSetup::named("calls") });
    }
    if let Some(strategy) = &wish.strategy {
        if !strategy_names().any(|known| known == strategy) {
            let known = strategy_names().collect::<Vec<_>>().join(", ");
            return Err(ApiError::field("strategy", format!("one of {known}")));
        }
        queues.iter_mut().for_each(|queue| queue.strategy.clone_from(strategy));
    }
    let with = |agents| Setup { agents, queues: queues.clone(), ..running.clone() };
    match (&wish.staffing.range, &wish.staffing.teams, wish.staffing.configured) {
        (Some([from, to]), None, false) => {
            if *from < 1 || from > to || to - from >= ROWS || *to > AGENTS {
                let message = format!("from 1 to {AGENTS} agents, at most {ROWS} staffings");
                return Err(ApiError::field("staffing.range", message));
            }
            let further = question.days.further_skills();
            Ok((*from..=*to).map(|count| with(everybody(count, &queues, &further))).collect())
        }
        (None, Some(teams), false) => Ok(vec![with(agents_of(teams)?)]),
        (None, None, true) => Ok(vec![with(running.agents.clone())]),
        _ => Err(ApiError::field("staffing", "give one of `range`, `teams` and `configured`")),
    }
}

/// Agents who have every skill, and are in every group, that any of these queues or their customers may ask for.
fn everybody(count: u32, queues: &[QueueSetup], further: &BTreeSet<String>) -> Vec<AgentSetup> {
    let rings = queues.iter().flat_map(|queue| &queue.rings);
    let wishes = queues.iter().flat_map(|queue| &queue.skills).chain(rings.flat_map(|ring| &ring.skills));
    let names = wishes.map(|wish| &wish.skill).chain(further);
    let skills: BTreeMap<String, u8> = names.map(|skill| (skill.clone(), BEST)).collect();
    let groups: BTreeSet<String> = queues.iter().flat_map(|queue| queue.groups.iter().cloned()).collect();
    let one = |n| AgentSetup {
        skills: skills.clone(),
        groups: groups.clone(),
        ..AgentSetup::named(format!("agent{n:04}").as_str())
    };
    (0..count).map(one).collect()
}

fn agents_of(teams: &[Team]) -> Answer<Vec<AgentSetup>> {
    let count: u64 = teams.iter().map(|team| u64::from(team.count)).sum();
    if teams.is_empty() || teams.len() > TEAMS || !(1..=u64::from(AGENTS)).contains(&count) {
        let message = format!("1 to {TEAMS} teams with 1 to {AGENTS} agents in all");
        return Err(ApiError::field("staffing.teams", message));
    }
    let mut agents = Vec::new();
    for (n, team) in teams.iter().enumerate() {
        if team.skills.values().any(|level| !(1..=10).contains(level)) {
            return Err(ApiError::field("staffing.teams", "levels are from 1 to 10"));
        }
        agents.extend((0..team.count).map(|m| AgentSetup {
            skills: team.skills.clone(),
            ..AgentSetup::named(format!("team{n}-{m:04}").as_str())
        }));
    }
    Ok(agents)
}

fn row(row: &Row, target: f64) -> WhatIfRow {
    let formula = |expected: routing::erlang::Expected, service_level| Formula {
        service_level,
        wait: expected.wait,
        gave_up: expected.giving_up,
        occupancy: expected.occupancy,
    };
    WhatIfRow {
        agents: row.agents,
        came: row.outcome.came,
        answered: row.outcome.answered,
        service_level: row.outcome.service_level(target),
        wait: row.outcome.mean_wait(),
        wait_p90: row.p90(),
        gave_up: row.gave_up(),
        occupancy: row.occupancy,
        erlang_c: row.theory.erlang_c().map(|expected| formula(expected, row.theory.service_level(target))),
        erlang_a: row.theory.erlang_a().map(|expected| formula(expected, None)),
        estimate_error: row.outcome.estimate_error().map(|(error, _)| error),
    }
}
