//! Tickets with the conversations that belong to them.

use std::collections::BTreeMap;

use desk::Ticket;
use kernel::{AgentName, InteractionId, QueueName};

use super::lists::{bad_cursor, page, page_size};
use super::{Conditions, id_of};
use crate::codes::{code, decode};
use crate::session::{Dialect, Row, Session};
use crate::{Page, StoreError, TicketFilter};

const COLUMNS: &str =
    "t.id, t.subject, t.state, t.person, t.channel, t.queue, t.assignee, t.created_at, t.updated_at";

/// Conversations that a ticket names, the newest: somebody may have called a thousand times about one thing.
const MEMBERS: usize = 200;

/// A ticket.
pub async fn ticket<D: Dialect>(session: &mut Session<'_, D>, id: i64) -> Result<Ticket, StoreError> {
    let mut which = Conditions::default();
    which.and("t.id = ?", [id.into()]);
    fetch(session, which, 1).await?.pop().ok_or(StoreError::NotFound("ticket"))
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
    Ok(Ticket {
        id: row.int(0)?,
        subject: row.text(1)?,
        state: decode(&row.text(2)?)?,
        person: row.maybe_int(3)?,
        channel: decode(&row.text(4)?)?,
        queue: row.maybe_text(5)?.map(QueueName::new),
        assignee: row.maybe_text(6)?.map(AgentName::new),
        created_at: row.int(7)?,
        updated_at: row.int(8)?,
        conversations,
    })
}
