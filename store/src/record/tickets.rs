//! Tickets: found or made for a conversation, moved by the desk's rule, edited.

use desk::{TicketMove, TicketState, WallMillis};
use kernel::{AgentName, InteractionId};

use crate::StoreError;
use crate::codes::{code, decode};
use crate::session::{Dialect, Session, Value};

/// The ticket of conversation `id`: its own, else the person's newest open one, else a new one.
pub async fn find_or_make<D: Dialect>(
    session: &mut Session<'_, D>,
    id: InteractionId,
    subject: &str,
    assignee: Option<&AgentName>,
    at: WallMillis,
) -> Result<i64, StoreError> {
    const CONVERSATION: &str = "SELECT person, channel, queue, ticket FROM conversations WHERE id = $1";
    let id = id.to_string();
    let row = session.row(CONVERSATION, vec![id.as_str().into()]).await?;
    let row = row.ok_or(StoreError::NotFound("conversation"))?;
    let person = row.maybe_int(0)?;
    let known = match row.maybe_int(3)? {
        Some(own) => Some(own),
        None => open_of(session, person).await?,
    };
    // New means that nobody has worked on it: with somebody on it, it is in progress.
    let state = if assignee.is_some() { TicketState::InProgress } else { TicketState::New };
    let assignee = Value::from(assignee.map(AgentName::as_str));
    let ticket = match known {
        Some(ticket) => {
            // Whoever is on it already stays on it.
            const JOIN: &str =
                "UPDATE tickets SET assignee = COALESCE(assignee, $1), updated_at = $2 WHERE id = $3";
            const TAKE_UP: &str = "UPDATE tickets SET state = $1 WHERE id = $2 AND state = $3";
            session.exec(JOIN, vec![assignee, at.into(), ticket.into()]).await?;
            session.exec(TAKE_UP, vec![code(&state), ticket.into(), code(&TicketState::New)]).await?;
            ticket
        }
        None => {
            const MAKE: &str = "INSERT INTO tickets \
                (subject, state, person, channel, queue, assignee, created_at, updated_at) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id";
            let (channel, queue) = (row.text(1)?, row.maybe_text(2)?);
            let args = vec![
                subject.into(),
                code(&state),
                person.into(),
                channel.as_str().into(),
                queue.as_deref().into(),
                assignee,
                at.into(),
                at.into(),
            ];
            session.row(MAKE, args).await?.ok_or(StoreError::NotFound("ticket"))?.int(0)?
        }
    };
    const LINK: &str = "UPDATE conversations SET ticket = $1 WHERE id = $2";
    session.exec(LINK, vec![ticket.into(), id.as_str().into()]).await?;
    Ok(ticket)
}

async fn open_of<D: Dialect>(
    session: &mut Session<'_, D>,
    person: Option<i64>,
) -> Result<Option<i64>, StoreError> {
    const SQL: &str = "SELECT id FROM tickets WHERE person = $1 AND state <> $2 ORDER BY id DESC LIMIT 1";
    if person.is_none() {
        return Ok(None);
    }
    let row = session.row(SQL, vec![person.into(), code(&TicketState::Done)]).await?;
    row.map(|row| row.int(0)).transpose()
}

/// Moves a ticket if the desk allows it.
pub async fn step<D: Dialect>(
    session: &mut Session<'_, D>,
    ticket: i64,
    step: TicketMove,
    at: WallMillis,
) -> Result<(), StoreError> {
    let row = session.row("SELECT state FROM tickets WHERE id = $1", vec![ticket.into()]).await?;
    let actual: TicketState = decode(&row.ok_or(StoreError::NotFound("ticket"))?.text(0)?)?;
    actual.check(step)?;
    const SQL: &str = "UPDATE tickets SET state = $1, updated_at = $2 WHERE id = $3";
    session.exec(SQL, vec![code(&step.to), at.into(), ticket.into()]).await.map(drop)
}

/// Edits what is given.
pub async fn edit<D: Dialect>(
    session: &mut Session<'_, D>,
    ticket: i64,
    subject: Option<&str>,
    assignee: Option<&AgentName>,
    at: WallMillis,
) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE tickets SET subject = COALESCE($1, subject), assignee = COALESCE($2, assignee), \
        updated_at = $3 WHERE id = $4";
    let args = vec![subject.into(), assignee.map(AgentName::as_str).into(), at.into(), ticket.into()];
    match session.exec(SQL, args).await? {
        0 => Err(StoreError::NotFound("ticket")),
        _ => Ok(()),
    }
}
