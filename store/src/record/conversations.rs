//! Conversations, their legs and entries. The rules are those of `desk::Conversation::apply`, said in SQL.

use desk::{Change, ConversationState, Leg, NewEntry, WallMillis, address};
use kernel::{AgentName, Fault, InteractionId, QueueName};

use super::ledger::Ledger;
use super::people;
use super::pictures::Picture;
use crate::StoreError;
use crate::codes::{code, maybe_code};
use crate::session::{Dialect, Session, Value};

/// Writes down a new conversation and who it is with.
pub async fn open<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    change: &Change,
) -> Result<(), StoreError> {
    let Change::ConversationOpened { id, channel, address, name, called, lang, at } = change else {
        return Ok(());
    };
    let person = people::find_or_make(session, ledger, address, name.as_deref(), *at).await?;
    let Value::Text(Some(road)) = code(channel) else { return Ok(()) };
    let fixed = [
        id.to_string().as_str().into(),
        road.as_str().into(),
        person.into(),
        called.as_str().into(),
        address::shown(address).as_str().into(),
        (*at).into(),
    ];
    let picture = Picture::new(fixed, code(&ConversationState::Flow), lang.as_str().into());
    match ledger.opened(*id, &road, picture) {
        true => Ok(()),
        false => Err(StoreError::Bad(format!("conversation {id} exists already"))),
    }
}

/// Moves a conversation on; one that has ended stays as it is.
pub async fn advance<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    change: &Change,
) -> Result<(), StoreError> {
    let Change::ConversationMoved { id, state, queue, queued_at, agent, lang } = change else {
        return Ok(());
    };
    const SQL: &str = "UPDATE conversations SET state = $1, queue = COALESCE($2, queue), \
        queued_at = COALESCE($3, queued_at), agent = COALESCE($4, agent), lang = COALESCE($5, lang) \
        WHERE id = $6 AND ended_at IS NULL";
    let state = code(state);
    let news = [
        queue.as_ref().map(QueueName::as_str).into(),
        (*queued_at).into(),
        agent.as_ref().map(AgentName::as_str).into(),
        lang.as_deref().into(),
    ];
    if let Some(picture) = ledger.picture(*id) {
        picture.advance(state, news);
        return Ok(());
    }
    let args = core::iter::once(state).chain(news).chain([id.to_string().as_str().into()]).collect();
    match session.exec(SQL, args).await? {
        0 => ledger.must_know(session, *id).await.map(drop),
        _ => Ok(()),
    }
}

/// Ends a conversation; the first ending stands.
pub async fn end<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    id: InteractionId,
    at: WallMillis,
    fault: Fault,
    reason: &str,
) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE conversations SET state = $1, ended_at = $2, fault = $3, reason = $4 \
        WHERE id = $5 AND ended_at IS NULL";
    let state = code(&ConversationState::Ended);
    let news = [at.into(), code(&fault), reason.into()];
    if let Some(picture) = ledger.picture(id) {
        picture.end(state, news);
        return Ok(());
    }
    let args = core::iter::once(state).chain(news).chain([id.to_string().as_str().into()]).collect();
    match session.exec(SQL, args).await? {
        0 => ledger.must_know(session, id).await.map(drop),
        _ => Ok(()),
    }
}

/// Writes down a leg as it now is.
pub async fn put_leg<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    id: InteractionId,
    leg: &Leg,
) -> Result<(), StoreError> {
    ledger.must_know(session, id).await?;
    let row = vec![
        code(&leg.speaker),
        leg.agent.as_ref().map(AgentName::as_str).into(),
        leg.device.as_str().into(),
        leg.codec.as_str().into(),
        leg.started_at.into(),
        leg.answered_at.into(),
        leg.ended_at.into(),
        maybe_code(leg.fault.as_ref()),
        leg.reason.as_deref().into(),
    ];
    ledger.put_leg(id, leg.n, row);
    Ok(())
}

/// The event that recorded an entry with the same `dedupe` before, if any.
pub async fn repeated<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    id: InteractionId,
    entry: &NewEntry,
) -> Result<Option<i64>, StoreError> {
    const SQL: &str = "SELECT event FROM entries WHERE conversation = $1 AND dedupe = $2";
    let Some(dedupe) = &entry.dedupe else { return Ok(None) };
    // The first of the two may be in this transaction.
    ledger.flush(session).await?;
    let row = session.row(SQL, vec![id.to_string().as_str().into(), dedupe.as_str().into()]).await?;
    row.map(|row| row.int(0)).transpose()
}

/// Adds an entry, recorded by the next event; its position in the conversation, from 1.
pub async fn add_entry<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    id: InteractionId,
    entry: &NewEntry,
) -> Result<i64, StoreError> {
    let row = vec![
        ledger.next().into(),
        entry.at.into(),
        entry.leg.map(i64::from).into(),
        code(&entry.speaker),
        entry.author.as_ref().map(AgentName::as_str).into(),
        code(&entry.kind),
        entry.text.as_str().into(),
        entry.detail.as_deref().into(),
        millis(entry.start_ms),
        millis(entry.end_ms),
        entry.dedupe.as_deref().into(),
    ];
    ledger.add_entry(session, id, row).await
}

fn millis(span: Option<u64>) -> Value {
    span.map(|span| i64::try_from(span).unwrap_or(i64::MAX)).into()
}
