//! Tickets: loaded, changed by the desk's rules (`desk::Ticket`), kept.
//!
//! Promises: every rule is the desk's; here is only where the rows are.

use desk::sla::{ClockName, SlaPolicy};
use desk::{Relation, RelationStep, Ticket, TicketEdit, TicketMove, TicketRefusal, TicketState, WallMillis};
use kernel::{AgentName, InteractionId, QueueName};
use serde::Serialize;

use crate::StoreError;
use crate::codes::{code, maybe_code, maybe_decode};
use crate::read;
use crate::session::{Dialect, Session, Value};

/// Tickets whose due times are worked out anew in one go.
const AIMED_AT_ONCE: i64 = 500;

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
    let policy = read::sla_policy(session).await?;
    let mut ticket = match known {
        Some(known) => read::ticket_row(session, known).await?,
        None => {
            let channel = maybe_decode(row.maybe_text(1)?.as_deref())?;
            let mut ticket = Ticket::opened(subject.to_owned(), person, channel, at);
            ticket.queue = row.maybe_text(2)?.map(QueueName::new);
            ticket
        }
    };
    if let Some(agent) = assignee {
        ticket.taken_up(agent, at, &policy);
    } else {
        ticket.aim(&policy);
        ticket.updated_at = at;
    }
    let number = keep(session, &ticket).await?;
    const LINK: &str = "UPDATE conversations SET ticket = $1 WHERE id = $2";
    session.exec(LINK, vec![number.into(), id.as_str().into()]).await?;
    Ok(number)
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

/// Opens a ticket without a conversation.
pub async fn open<D: Dialect>(
    session: &mut Session<'_, D>,
    person: Option<i64>,
    edit: &TicketEdit,
    at: WallMillis,
) -> Result<i64, StoreError> {
    let subject = edit.subject.clone().unwrap_or_default();
    if subject.trim().is_empty() {
        return Err(StoreError::Bad("a ticket needs a subject".into()));
    }
    if let Some(person) = person {
        read::person(session, person).await?;
    }
    let policy = read::sla_policy(session).await?;
    let mut ticket = Ticket::opened(subject, person, None, at);
    ticket.edit(edit, at, &policy)?;
    keep(session, &ticket).await
}

/// An agent wrote to the customer of conversation `id`: the first answer of its ticket, if that was still to come.
pub async fn answered<D: Dialect>(
    session: &mut Session<'_, D>,
    id: InteractionId,
    at: WallMillis,
) -> Result<(), StoreError> {
    const SQL: &str = "SELECT t.id FROM tickets t JOIN conversations c ON c.ticket = t.id \
        WHERE c.id = $1 AND t.answered_at IS NULL";
    let Some(row) = session.row(SQL, vec![id.to_string().as_str().into()]).await? else { return Ok(()) };
    let mut ticket = read::ticket_row(session, row.int(0)?).await?;
    let policy = read::sla_policy(session).await?;
    ticket.answered(at, &policy);
    keep(session, &ticket).await.map(drop)
}

/// Moves a ticket if the desk allows it.
pub async fn step<D: Dialect>(
    session: &mut Session<'_, D>,
    ticket: i64,
    step: TicketMove,
    at: WallMillis,
) -> Result<(), StoreError> {
    change(session, ticket, |ticket, policy| ticket.step(step, at, policy)).await
}

/// Edits what is given.
pub async fn edit<D: Dialect>(
    session: &mut Session<'_, D>,
    ticket: i64,
    edit: &TicketEdit,
    at: WallMillis,
) -> Result<(), StoreError> {
    change(session, ticket, |ticket, policy| ticket.edit(edit, at, policy)).await
}

/// Notes that somebody was told.
pub async fn escalate<D: Dialect>(
    session: &mut Session<'_, D>,
    ticket: i64,
    clock: ClockName,
    at: WallMillis,
) -> Result<(), StoreError> {
    change(session, ticket, |ticket, _| {
        ticket.escalate(clock, at);
        Ok(())
    })
    .await
}

/// Lets one ticket live on in another, with its conversations.
pub async fn merge<D: Dialect>(
    session: &mut Session<'_, D>,
    ticket: i64,
    into: i64,
    at: WallMillis,
) -> Result<(), StoreError> {
    let policy = read::sla_policy(session).await?;
    let mut one = read::ticket_row(session, ticket).await?;
    let mut other = read::ticket_row(session, into).await?;
    one.merge_into(&mut other, at, &policy)?;
    keep(session, &one).await?;
    keep(session, &other).await?;
    const CONVERSATIONS: &str = "UPDATE conversations SET ticket = $1 WHERE ticket = $2";
    session.exec(CONVERSATIONS, vec![into.into(), ticket.into()]).await.map(drop)
}

/// Relates two tickets, or no longer; both sides are kept.
pub async fn relate<D: Dialect>(
    session: &mut Session<'_, D>,
    ticket: i64,
    other: i64,
    relation: Relation,
    step: RelationStep,
    at: WallMillis,
) -> Result<(), StoreError> {
    const ADD: &str = "INSERT INTO ticket_relations (ticket, other, relation) VALUES ($1, $2, $3) \
        ON CONFLICT (ticket, other, relation) DO NOTHING";
    const REMOVE: &str = "DELETE FROM ticket_relations WHERE ticket = $1 AND other = $2 AND relation = $3";
    if ticket == other {
        return Err(TicketRefusal::Itself.into());
    }
    let sql = match step {
        RelationStep::Add => ADD,
        RelationStep::Remove => REMOVE,
    };
    for one in [ticket, other] {
        const TOUCH: &str = "UPDATE tickets SET updated_at = $1 WHERE id = $2";
        if session.exec(TOUCH, vec![at.into(), one.into()]).await? == 0 {
            return Err(StoreError::NotFound("ticket"));
        }
    }
    for (one, other, relation) in [(ticket, other, relation), (other, ticket, relation.reverse())] {
        session.exec(sql, vec![one.into(), other.into(), code(&relation)]).await?;
    }
    Ok(())
}

/// Works out the due times of all open tickets, after what was promised changed.
pub async fn aim_anew<D: Dialect>(session: &mut Session<'_, D>) -> Result<(), StoreError> {
    const OPEN: &str = "SELECT id FROM tickets WHERE state <> $1 AND id > $2 ORDER BY id LIMIT $3";
    let policy = read::sla_policy(session).await?;
    let mut after = 0;
    loop {
        let args = vec![code(&TicketState::Done), after.into(), AIMED_AT_ONCE.into()];
        let rows = session.rows(OPEN, args).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            after = row.int(0)?;
            let mut ticket = read::ticket_row(session, after).await?;
            ticket.aim(&policy);
            keep(session, &ticket).await?;
        }
    }
}

async fn change<D: Dialect>(
    session: &mut Session<'_, D>,
    ticket: i64,
    rule: impl FnOnce(&mut Ticket, &SlaPolicy) -> Result<(), TicketRefusal>,
) -> Result<(), StoreError> {
    let policy = read::sla_policy(session).await?;
    let mut ticket = read::ticket_row(session, ticket).await?;
    rule(&mut ticket, &policy)?;
    keep(session, &ticket).await.map(drop)
}

/// Writes a ticket down as it now is; one without a number gets the next.
async fn keep<D: Dialect>(session: &mut Session<'_, D>, ticket: &Ticket) -> Result<i64, StoreError> {
    const MAKE: &str = "INSERT INTO tickets (subject, state, person, channel, queue, assignee, created_at, updated_at, \
        kind, priority, team, followers, fields, clocks, merged_into, due_at, answered_at, \
        overdue_from) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) RETURNING id";
    const UPDATE: &str = "UPDATE tickets SET subject = $1, state = $2, person = $3, channel = $4, queue = $5, \
        assignee = $6, created_at = $7, updated_at = $8, kind = $9, priority = $10, team = $11, followers = $12, \
        fields = $13, clocks = $14, merged_into = $15, due_at = $16, answered_at = $17, \
        overdue_from = $18 WHERE id = $19 RETURNING id";
    // The column came before tickets without a conversation: theirs is empty.
    let channel = match maybe_code(ticket.channel.as_ref()) {
        Value::Text(None) => "".into(),
        known => known,
    };
    let mut args = vec![
        ticket.subject.as_str().into(),
        code(&ticket.state),
        ticket.person.into(),
        channel,
        ticket.queue.as_ref().map(QueueName::as_str).into(),
        ticket.assignee.as_ref().map(AgentName::as_str).into(),
        ticket.created_at.into(),
        ticket.updated_at.into(),
        ticket.kind.as_deref().into(),
        code(&ticket.priority),
        ticket.team.as_deref().into(),
        json(&ticket.followers)?,
        json(&ticket.fields)?,
        json(&ticket.clocks)?,
        ticket.merged_into.into(),
        ticket.clocks.next_due().into(),
        ticket.clocks.first_answer.met.into(),
        ticket.clocks.earliest_due().into(),
    ];
    let sql = if ticket.id == 0 {
        MAKE
    } else {
        args.push(ticket.id.into());
        UPDATE
    };
    session.row(sql, args).await?.ok_or(StoreError::NotFound("ticket"))?.int(0)
}

fn json<T: Serialize>(value: &T) -> Result<Value, StoreError> {
    let text = serde_json::to_string(value)
        .map_err(|error| StoreError::Bad(format!("a value that cannot be written down: {error}")))?;
    Ok(text.as_str().into())
}
