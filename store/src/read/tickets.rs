//! Tickets with the conversations that belong to them, and what was promised about them.

use std::collections::BTreeMap;

use desk::sla::{SlaPolicy, SlaText};
use desk::{Channel, EntryKind, Ticket, TicketRelation, TicketState};
use kernel::{AgentName, InteractionId, QueueName};
use serde::de::DeserializeOwned;

use super::lists::{bad_cursor, page, page_size};
use super::{Conditions, id_of, setting};
use crate::codes::{code, decode};
use crate::session::{Dialect, Row, Session};
use crate::{OpenVoicemail, Page, StoreError, TicketFilter};

const COLUMNS: &str = "t.id, t.subject, t.state, t.person, t.channel, t.queue, t.assignee, t.created_at, t.updated_at, \
    t.kind, t.priority, t.team, t.followers, t.fields, t.clocks, t.merged_into";

/// Conversations that a ticket names, the newest: somebody may have called a thousand times about one thing.
const MEMBERS: usize = 200;
/// Overdue tickets that one look takes.
const OVERDUE: i64 = 200;
/// Voicemails that one look takes: a lamp needs no more.
const VOICEMAILS: i64 = 5000;
/// The setting under which promises are kept.
pub const SLA_KEY: &str = "sla";

/// What was promised; nothing was when nobody said so.
pub async fn sla_policy<D: Dialect>(session: &mut Session<'_, D>) -> Result<SlaPolicy, StoreError> {
    let Some(text) = setting(session, SLA_KEY).await? else { return Ok(SlaPolicy::default()) };
    let unreadable = |error: String| StoreError::Database(format!("the setting {SLA_KEY:?}: {error}"));
    let text: SlaText = serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))?;
    SlaPolicy::parse(&text).map_err(|error| unreadable(error.to_string()))
}

/// A ticket.
pub async fn ticket<D: Dialect>(session: &mut Session<'_, D>, id: i64) -> Result<Ticket, StoreError> {
    let mut which = Conditions::default();
    which.and("t.id = ?", [id.into()]);
    fetch(session, which, 1).await?.pop().ok_or(StoreError::NotFound("ticket"))
}

/// A ticket without its conversations: what the rules need.
pub async fn ticket_row<D: Dialect>(session: &mut Session<'_, D>, id: i64) -> Result<Ticket, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM tickets t WHERE t.id = $1");
    let rows = session.rows_of(sql, vec![id.into()]).await?;
    ticket_of(rows.first().ok_or(StoreError::NotFound("ticket"))?, Vec::new())
}

/// Tickets of which somebody must be told at `now`, the longest overdue first.
pub async fn overdue<D: Dialect>(session: &mut Session<'_, D>, now: i64) -> Result<Vec<Ticket>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM tickets t WHERE t.due_at <= $1 ORDER BY t.due_at, t.id LIMIT {OVERDUE}"
    );
    session.rows_of(sql, vec![now.into()]).await?.iter().map(|row| ticket_of(row, Vec::new())).collect()
}

/// Voicemails of open tickets, the newest of very many.
pub async fn open_voicemails<D: Dialect>(
    session: &mut Session<'_, D>,
) -> Result<Vec<OpenVoicemail>, StoreError> {
    let sql = format!(
        "SELECT t.state, t.queue, t.assignee FROM tickets t JOIN conversations c ON c.ticket = t.id \
         JOIN entries e ON e.conversation = c.id WHERE t.state IN ($1, $2, $3) AND e.kind = $4 AND e.text = 'voicemail' \
         ORDER BY t.id DESC LIMIT {VOICEMAILS}"
    );
    let open = [TicketState::New, TicketState::InProgress, TicketState::Reopened];
    let mut args: Vec<_> = open.iter().map(code).collect();
    args.push(code(&EntryKind::Event));
    let rows = session.rows_of(sql, args).await?;
    rows.iter()
        .map(|row| {
            Ok(OpenVoicemail {
                fresh: decode::<TicketState>(&row.text(0)?)? == TicketState::New,
                queue: row.maybe_text(1)?.map(QueueName::new),
                assignee: row.maybe_text(2)?.map(AgentName::new),
            })
        })
        .collect()
}

/// What a ticket is related to.
pub async fn relations<D: Dialect>(
    session: &mut Session<'_, D>,
    id: i64,
) -> Result<Vec<TicketRelation>, StoreError> {
    const SQL: &str =
        "SELECT other, relation FROM ticket_relations WHERE ticket = $1 ORDER BY other, relation";
    let rows = session.rows(SQL, vec![id.into()]).await?;
    rows.iter()
        .map(|row| Ok(TicketRelation { ticket: row.int(0)?, relation: decode(&row.text(1)?)? }))
        .collect()
}

/// A page, newest first.
pub async fn tickets<D: Dialect>(
    session: &mut Session<'_, D>,
    filter: &TicketFilter,
) -> Result<Page<Ticket>, StoreError> {
    let size = page_size(filter.limit)?;
    let mut which = Conditions::default();
    if let Some(state) = &filter.state {
        which.and("t.state = ?", [code(state)]);
    }
    if let Some(assignee) = &filter.assignee {
        which.and("t.assignee = ?", [assignee.as_str().into()]);
    }
    if let Some(person) = filter.person {
        which.and("t.person = ?", [person.into()]);
    }
    if let Some(at) = filter.overdue_at {
        which.and("t.overdue_from <= ?", [at.into()]);
    }
    if let Some(after) = &filter.after {
        let after: i64 = after.parse().map_err(|_| bad_cursor())?;
        which.and("t.id < ?", [after.into()]);
    }
    let found = fetch(session, which, size + 1).await?;
    Ok(page(found, size, |last| last.id.to_string()))
}

async fn fetch<D: Dialect>(
    session: &mut Session<'_, D>,
    mut which: Conditions,
    limit: usize,
) -> Result<Vec<Ticket>, StoreError> {
    let limit = which.limit(limit);
    let Conditions { sql: which, args } = which;
    let chosen = format!("tickets t{which} ORDER BY t.id DESC{limit}");
    let rows = session.rows_of(format!("SELECT {COLUMNS} FROM {chosen}"), args.clone()).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let members = format!(
        "SELECT m.ticket, m.id FROM (SELECT c.ticket, c.id, c.started_at, ROW_NUMBER() OVER \
         (PARTITION BY c.ticket ORDER BY c.started_at DESC, c.id DESC) AS age FROM conversations c \
         JOIN (SELECT t.id FROM {chosen}) p ON p.id = c.ticket) m WHERE m.age <= {MEMBERS} ORDER BY m.started_at, m.id"
    );
    let mut members_of: BTreeMap<i64, Vec<InteractionId>> = BTreeMap::new();
    for row in session.rows_of(members, args).await? {
        members_of.entry(row.int(0)?).or_default().push(id_of(&row.text(1)?)?);
    }
    rows.iter().map(|row| ticket_of(row, members_of.remove(&row.int(0)?).unwrap_or_default())).collect()
}

fn ticket_of(row: &Row, conversations: Vec<InteractionId>) -> Result<Ticket, StoreError> {
    let channel = row.text(4)?;
    Ok(Ticket {
        id: row.int(0)?,
        subject: row.text(1)?,
        state: decode(&row.text(2)?)?,
        person: row.maybe_int(3)?,
        channel: if channel.is_empty() { None } else { Some(decode::<Channel>(&channel)?) },
        queue: row.maybe_text(5)?.map(QueueName::new),
        assignee: row.maybe_text(6)?.map(AgentName::new),
        created_at: row.int(7)?,
        updated_at: row.int(8)?,
        kind: row.maybe_text(9)?,
        priority: decode(&row.text(10)?)?,
        team: row.maybe_text(11)?,
        followers: json(&row.text(12)?)?,
        fields: json(&row.text(13)?)?,
        clocks: json(&row.text(14)?)?,
        merged_into: row.maybe_int(15)?,
        conversations,
    })
}

fn json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text)
        .map_err(|error| StoreError::Database(format!("a ticket that cannot be read: {error}")))
}
