//! Conversations with their legs.

use std::collections::BTreeMap;

use desk::{Conversation, Leg};
use kernel::{AgentName, InteractionId, QueueName};

use super::lists::{bad_cursor, page, page_size};
use super::{Conditions, id_of};
use crate::codes::{decode, maybe_decode};
use crate::session::{Dialect, Row, Session, Value};
use crate::{ConversationFilter, Happened, Page, StoreError};

const COLUMNS: &str = "c.id, c.channel, c.state, c.person, c.called, c.caller, c.lang, c.queue, c.queued_at, c.agent, \
    c.started_at, c.ended_at, c.reason, c.ticket";
const NEWEST: &str = " ORDER BY c.started_at DESC, c.id DESC";
const OLDEST: &str = " ORDER BY c.started_at, c.id";

/// A conversation.
pub async fn conversation<D: Dialect>(
    session: &mut Session<'_, D>,
    id: InteractionId,
) -> Result<Conversation, StoreError> {
    let mut which = Conditions::default();
    which.and("c.id = ?", [Value::Text(Some(id.to_string()))]);
    fetch(session, which, NEWEST, Some(1)).await?.pop().ok_or(StoreError::NotFound("conversation"))
}

/// Those that have not ended, oldest first.
pub async fn open_conversations<D: Dialect>(
    session: &mut Session<'_, D>,
) -> Result<Vec<Conversation>, StoreError> {
    let mut which = Conditions::default();
    which.and("c.ended_at IS NULL", []);
    fetch(session, which, OLDEST, None).await
}

/// A page, newest first.
pub async fn conversations<D: Dialect>(
    session: &mut Session<'_, D>,
    filter: &ConversationFilter,
) -> Result<Page<Conversation>, StoreError> {
    let size = page_size(filter.limit)?;
    let mut which = Conditions::default();
    match filter.open {
        Some(true) => which.and("c.ended_at IS NULL", []),
        Some(false) => which.and("c.ended_at IS NOT NULL", []),
        None => {}
    }
    if let Some(agent) = &filter.agent {
        which.and("c.agent = ?", [agent.as_str().into()]);
    }
    if let Some(person) = filter.person {
        which.and("c.person = ?", [person.into()]);
    }
    if let Some(before) = filter.before {
        which.and("c.started_at < ?", [before.into()]);
    }
    if let Some(after) = &filter.after {
        let (started_at, id) = after.split_once('.').ok_or_else(bad_cursor)?;
        let started_at: i64 = started_at.parse().map_err(|_| bad_cursor())?;
        let id: InteractionId = id.parse().map_err(|_| bad_cursor())?;
        which.and("(c.started_at, c.id) < (?, ?)", [started_at.into(), Value::Text(Some(id.to_string()))]);
    }
    let found = fetch(session, which, NEWEST, Some(size + 1)).await?;
    Ok(page(found, size, |last| format!("{}.{}", last.started_at, last.id)))
}

/// Events of one kind in conversations that began within a period.
pub async fn happened<D: Dialect>(
    session: &mut Session<'_, D>,
    code: &str,
    from: i64,
    until: i64,
) -> Result<Vec<Happened>, StoreError> {
    const SQL: &str = "SELECT e.conversation, e.at, e.detail FROM conversations c JOIN entries e ON e.conversation = c.id \
        WHERE c.started_at >= $1 AND c.started_at < $2 AND e.kind = 'event' AND e.text = $3 \
        ORDER BY c.started_at, c.id, e.seq";
    let rows = session.rows(SQL, vec![from.into(), until.into(), code.into()]).await?;
    let one = |row: &Row| {
        Ok(Happened { conversation: id_of(&row.text(0)?)?, at: row.int(1)?, detail: row.maybe_text(2)? })
    };
    rows.iter().map(one).collect()
}

async fn fetch<D: Dialect>(
    session: &mut Session<'_, D>,
    mut which: Conditions,
    order: &str,
    limit: Option<usize>,
) -> Result<Vec<Conversation>, StoreError> {
    let limit = limit.map_or(String::new(), |rows| which.limit(rows));
    let Conditions { sql: which, args } = which;
    let rows = session
        .rows_of(format!("SELECT {COLUMNS} FROM conversations c{which}{order}{limit}"), args.clone())
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let legs = format!(
        "SELECT l.conversation, l.n, l.speaker, l.agent, l.device, l.codec, l.started_at, l.answered_at, l.ended_at, \
         l.fault, l.reason FROM legs l JOIN (SELECT c.id FROM conversations c{which}{order}{limit}) p \
         ON p.id = l.conversation ORDER BY l.conversation, l.n"
    );
    let mut legs_of: BTreeMap<String, Vec<Leg>> = BTreeMap::new();
    for row in session.rows_of(legs, args).await? {
        legs_of.entry(row.text(0)?).or_default().push(leg_of(&row)?);
    }
    rows.iter().map(|row| conversation_of(row, legs_of.remove(&row.text(0)?).unwrap_or_default())).collect()
}

fn conversation_of(row: &Row, legs: Vec<Leg>) -> Result<Conversation, StoreError> {
    Ok(Conversation {
        id: id_of(&row.text(0)?)?,
        channel: decode(&row.text(1)?)?,
        state: decode(&row.text(2)?)?,
        person: row.maybe_int(3)?,
        called: row.text(4)?,
        caller: row.text(5)?,
        lang: row.text(6)?,
        queue: row.maybe_text(7)?.map(QueueName::new),
        queued_at: row.maybe_int(8)?,
        agent: row.maybe_text(9)?.map(AgentName::new),
        started_at: row.int(10)?,
        ended_at: row.maybe_int(11)?,
        reason: row.maybe_text(12)?,
        ticket_id: row.maybe_int(13)?,
        legs,
    })
}

fn leg_of(row: &Row) -> Result<Leg, StoreError> {
    Ok(Leg {
        n: u16::try_from(row.int(1)?)
            .map_err(|_| StoreError::Database("a leg's number is out of range".into()))?,
        speaker: decode(&row.text(2)?)?,
        agent: row.maybe_text(3)?.map(AgentName::new),
        device: row.text(4)?,
        codec: row.text(5)?,
        started_at: row.int(6)?,
        answered_at: row.maybe_int(7)?,
        ended_at: row.maybe_int(8)?,
        fault: maybe_decode(row.maybe_text(9)?.as_deref())?,
        reason: row.maybe_text(10)?,
    })
}
