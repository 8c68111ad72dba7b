//! Reports as they are read: sums by group, and the conversations that a figure is made of.
//!
//! Promises: sums come from the sums by quarter of an hour, rows from the numbers of each conversation, which are written
//! together. Leaves to others: what the figures mean (`desk::reports`), days and hours of a place (`api`).

use desk::Conversation;
use desk::knowledge::Vote;
use desk::reports::{COLUMNS, Source, Stretch};
use kernel::{AgentName, InteractionId};

use super::conversations::conversation;
use super::lists::{bad_cursor, page, page_size};
use super::{Conditions, id_of};
use crate::session::{Dialect, Session};
use crate::{Page, ReportFilter, ReportGroup, ReportQuery, ReportSums, StoreError};

/// Thumbs that one report looks at.
const VOTES: i64 = 100_000;
/// Stretches of agents' time that one answer has.
const STRETCHES: i64 = 10_000;

/// Sums by group.
pub async fn report<D: Dialect>(
    session: &mut Session<'_, D>,
    query: &ReportQuery,
) -> Result<Vec<ReportSums>, StoreError> {
    let table = match query.source {
        Source::Conversations => "report_quarters",
        Source::Agents => "report_agents",
    };
    let key = match (query.group, query.source) {
        (ReportGroup::Quarter, _) => "CAST(r.quarter AS TEXT)",
        (ReportGroup::Channel, Source::Conversations) => "r.channel",
        (ReportGroup::Queue, Source::Conversations) => "r.queue",
        (ReportGroup::Flow, Source::Conversations) => "r.flow || ' ' || CAST(r.version AS TEXT)",
        (ReportGroup::Agent, Source::Agents) => "r.agent",
        (ReportGroup::Agent, Source::Conversations)
        | (ReportGroup::Channel | ReportGroup::Queue | ReportGroup::Flow, Source::Agents) => {
            return Err(StoreError::Bad("this report has no rows of that kind".into()));
        }
    };
    let mut which = Conditions::default();
    which.and("r.quarter >= ?", [query.which.from.into()]);
    which.and("r.quarter < ?", [query.which.until.into()]);
    match query.source {
        Source::Conversations => narrow(&mut which, &query.which),
        Source::Agents => {
            if let Some(agent) = &query.which.agent {
                which.and("r.agent = ?", [agent.as_str().into()]);
            }
        }
    }
    let sums: Vec<String> =
        query.columns.iter().map(|name| format!("CAST(SUM(r.{name}) AS BIGINT)")).collect();
    let sql = format!("SELECT {key}, {} FROM {table} r{} GROUP BY 1 ORDER BY 1", sums.join(", "), which.sql);
    let rows = session.rows_of(sql, which.args).await?;
    rows.iter()
        .map(|row| {
            let sums = (1..=query.columns.len()).map(|at| row.int(at)).collect::<Result<_, _>>()?;
            Ok(ReportSums { key: row.text(0)?, sums })
        })
        .collect()
}

fn narrow(which: &mut Conditions, filter: &ReportFilter) {
    if let Some(channel) = &filter.channel {
        which.and("r.channel = ?", [channel.as_str().into()]);
    }
    if let Some(queue) = &filter.queue {
        which.and("r.queue = ?", [queue.as_str().into()]);
    }
    if let Some(flow) = &filter.flow {
        which.and("r.flow = ?", [flow.as_str().into()]);
    }
    if let Some(version) = filter.version {
        which.and("r.version = ?", [version.into()]);
    }
}

/// The conversations whose `column` counts, newest first.
pub async fn report_rows<D: Dialect>(
    session: &mut Session<'_, D>,
    filter: &ReportFilter,
    column: &'static str,
    after: Option<&str>,
    limit: u32,
) -> Result<Page<Conversation>, StoreError> {
    let size = page_size(limit)?;
    if !COLUMNS.iter().any(|(name, _)| *name == column) {
        return Err(StoreError::Bad("this figure does not open to conversations".into()));
    }
    let mut which = Conditions::default();
    which.and("r.started_at >= ?", [(filter.from * desk::reports::QUARTER).into()]);
    which.and("r.started_at < ?", [(filter.until * desk::reports::QUARTER).into()]);
    narrow(&mut which, filter);
    if let Some(agent) = &filter.agent {
        which.and("r.agent = ?", [agent.as_str().into()]);
    }
    if let Some(after) = after {
        let (started_at, id) = after.split_once('.').ok_or_else(bad_cursor)?;
        let started_at: i64 = started_at.parse().map_err(|_| bad_cursor())?;
        let id: InteractionId = id.parse().map_err(|_| bad_cursor())?;
        which.and(
            "(r.started_at, r.conversation) < (?, ?)",
            [started_at.into(), id.to_string().as_str().into()],
        );
    }
    // Numbers of ours, thousands at most: too many to bind.
    let quarters = filter.quarters.as_ref().map_or(String::new(), |quarters| {
        let list: Vec<String> = quarters.iter().map(i64::to_string).collect();
        format!(" AND r.quarter IN ({})", if list.is_empty() { "-1".to_owned() } else { list.join(", ") })
    });
    let limit = which.limit(size + 1);
    let sql = format!(
        "SELECT r.started_at, r.conversation FROM report_facts r{}{quarters} AND r.{column} <> 0 \
         ORDER BY r.started_at DESC, r.conversation DESC{limit}",
        which.sql
    );
    let rows = session.rows_of(sql, which.args).await?;
    let mut ids = Vec::with_capacity(rows.len());
    for row in &rows {
        ids.push((row.int(0)?, id_of(&row.text(1)?)?));
    }
    let Page { items, next } = page(ids, size, |(at, id)| format!("{at}.{id}"));
    let mut found = Vec::with_capacity(items.len());
    for (_, id) in items {
        found.push(conversation(session, id).await?);
    }
    Ok(Page { items: found, next })
}

/// What agents did in a period.
pub async fn agent_stretches<D: Dialect>(
    session: &mut Session<'_, D>,
    from: i64,
    until: i64,
    open_only: bool,
) -> Result<Vec<(AgentName, Stretch)>, StoreError> {
    let mut which = Conditions::default();
    which.and("s.since < ?", [until.into()]);
    if open_only {
        which.and("s.until IS NULL", []);
    } else {
        which.and("(s.until IS NULL OR s.until > ?)", [from.into()]);
    }
    let limit = which.limit(STRETCHES as usize);
    let sql = format!(
        "SELECT s.agent, s.state, s.since, s.until FROM agent_states s{} ORDER BY s.since{limit}",
        which.sql
    );
    let rows = session.rows_of(sql, which.args).await?;
    rows.iter()
        .map(|row| {
            let end = row.maybe_int(3)?.unwrap_or(until).min(until);
            let stretch = Stretch { state: row.text(1)?, from: row.int(2)?.max(from), until: end };
            Ok((AgentName::new(row.text(0)?), stretch))
        })
        .collect()
}

/// Thumbs given in a period.
pub async fn votes_between<D: Dialect>(
    session: &mut Session<'_, D>,
    from: i64,
    until: i64,
) -> Result<Vec<Vote>, StoreError> {
    const SQL: &str = "SELECT vote FROM knowledge_votes WHERE at >= $1 AND at < $2 ORDER BY event LIMIT $3";
    let unreadable = |error| StoreError::Database(format!("a thumb that cannot be read: {error}"));
    let rows = session.rows(SQL, vec![from.into(), until.into(), VOTES.into()]).await?;
    rows.iter().map(|row| serde_json::from_str(&row.text(0)?).map_err(unreadable)).collect()
}
