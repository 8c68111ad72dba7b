//! Channels: threads, arrivals and the outbox.
//!
//! Promises: a message to a customer who is answered by a channel is in the outbox with the same commit as in the record;
//! what arrived under a name is taken once, in whichever conversation.

use desk::delivery::{Arrival, DeliveryState, DeliveryStep, Sends, Thread};
use desk::{EntryKind, NewEntry, Speaker, WallMillis};
use kernel::InteractionId;

use super::ledger::Ledger;
use crate::StoreError;
use crate::codes::{code, decode};
use crate::session::{Dialect, Session};

/// Writes down how the customer is answered.
pub async fn open_thread<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    id: InteractionId,
    thread: &Thread,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO threads (conversation, channel, peer, address, sends, state, heard_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (conversation) DO UPDATE SET channel = excluded.channel, \
        peer = excluded.peer, address = excluded.address, sends = excluded.sends, \
        state = excluded.state, heard_at = excluded.heard_at";
    ledger.must_know(session, id).await?;
    let args = vec![
        id.to_string().as_str().into(),
        thread.channel.as_str().into(),
        thread.peer.as_str().into(),
        thread.address.as_str().into(),
        code(&thread.sends),
        thread.state.as_str().into(),
        thread.heard_at.into(),
    ];
    session.exec(SQL, args).await.map(drop)
}

/// Writes down that a message came; the event that did so before, if one did.
pub async fn arrive<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &mut Ledger,
    id: InteractionId,
    arrival: &Arrival,
) -> Result<Option<i64>, StoreError> {
    const KNOWN: &str = "SELECT event FROM arrivals WHERE channel = $1 AND external = $2";
    const SQL: &str = "INSERT INTO arrivals (channel, external, conversation, entry_seq, event, digest, at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    const HEARD: &str =
        "UPDATE threads SET heard_at = $1, state = COALESCE($2, state) WHERE conversation = $3";
    let seq = ledger.must_know(session, id).await? + 1;
    let name = [arrival.channel.as_str().into(), arrival.external.as_str().into()];
    if let Some(row) = session.row(KNOWN, name.to_vec()).await? {
        return row.int(0).map(Some);
    }
    let rest = [
        id.to_string().as_str().into(),
        seq.into(),
        ledger.next().into(),
        arrival.digest.as_str().into(),
        arrival.at.into(),
    ];
    session.exec(SQL, name.into_iter().chain(rest).collect()).await?;
    let heard = vec![arrival.at.into(), arrival.state.as_deref().into(), id.to_string().as_str().into()];
    session.exec(HEARD, heard).await?;
    Ok(None)
}

/// Puts a message to a customer who is answered by a channel into the outbox.
pub async fn send<D: Dialect>(
    session: &mut Session<'_, D>,
    id: InteractionId,
    seq: i64,
    entry: &NewEntry,
) -> Result<(), StoreError> {
    const THREAD: &str = "SELECT channel, sends FROM threads WHERE conversation = $1";
    const SQL: &str = "INSERT INTO outbox (conversation, entry_seq, channel, state, tries, since, due_at) \
        VALUES ($1, $2, $3, $4, 0, $5, $5)";
    if entry.kind != EntryKind::Message || entry.speaker == Speaker::Customer {
        return Ok(());
    }
    let Some(row) = session.row(THREAD, vec![id.to_string().as_str().into()]).await? else { return Ok(()) };
    match (decode(&row.text(1)?)?, entry.speaker) {
        (Sends::Nothing, _) | (Sends::People, Speaker::System) => return Ok(()),
        (Sends::People | Sends::Everything, _) => {}
    }
    let args = vec![
        id.to_string().as_str().into(),
        seq.into(),
        row.text(0)?.as_str().into(),
        code(&DeliveryState::Waiting),
        entry.at.into(),
    ];
    session.exec(SQL, args).await.map(drop)
}

/// Moves a delivery on. What was sent stays sent.
pub async fn step<D: Dialect>(
    session: &mut Session<'_, D>,
    id: InteractionId,
    seq: i64,
    step: &DeliveryStep,
    at: WallMillis,
) -> Result<(), StoreError> {
    const SENT: &str = "UPDATE outbox SET state = 'sent', tries = tries + 1, external = $3, why = NULL \
        WHERE conversation = $1 AND entry_seq = $2";
    const POSTPONED: &str = "UPDATE outbox SET tries = tries + 1, due_at = $3, why = $4 \
        WHERE conversation = $1 AND entry_seq = $2 AND state = 'waiting'";
    const FAILED: &str = "UPDATE outbox SET state = 'failed', tries = tries + 1, why = $3 \
        WHERE conversation = $1 AND entry_seq = $2";
    const AGAIN: &str = "UPDATE outbox SET state = 'waiting', tries = 0, since = $3, due_at = $3 \
        WHERE conversation = $1 AND entry_seq = $2 AND state = 'failed'";
    let (sql, rest) = match step {
        DeliveryStep::Sent { external } => (SENT, vec![external.as_deref().into()]),
        DeliveryStep::Postponed { why, due_at } => (POSTPONED, vec![(*due_at).into(), why.as_str().into()]),
        DeliveryStep::Failed { why } => (FAILED, vec![why.as_str().into()]),
        DeliveryStep::Again { .. } => (AGAIN, vec![at.into()]),
    };
    let key = [id.to_string().as_str().into(), seq.into()];
    match session.exec(sql, key.into_iter().chain(rest).collect()).await? {
        0 => Err(StoreError::NotFound("message on its way")),
        _ => Ok(()),
    }
}
