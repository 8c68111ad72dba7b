//! Channels: what is known of a name, a thread, and what is on its way.

use desk::WallMillis;
use desk::delivery::{Delivery, DeliveryState, Thread};
use kernel::InteractionId;

use super::id_of;
use crate::codes::decode;
use crate::session::{Dialect, Row, Session};
use crate::{Arrived, StoreError};

/// What arrived under a name.
pub async fn arrived<D: Dialect>(
    session: &mut Session<'_, D>,
    channel: &str,
    external: &str,
) -> Result<Option<Arrived>, StoreError> {
    const SQL: &str =
        "SELECT conversation, entry_seq, digest, at FROM arrivals WHERE channel = $1 AND external = $2";
    let Some(row) = session.row(SQL, vec![channel.into(), external.into()]).await? else { return Ok(None) };
    Ok(Some(Arrived {
        conversation: id_of(&row.text(0)?)?,
        seq: row.int(1)?,
        digest: row.text(2)?,
        at: row.int(3)?,
    }))
}

/// How the customer of a conversation is answered.
pub async fn thread<D: Dialect>(
    session: &mut Session<'_, D>,
    id: InteractionId,
) -> Result<Option<Thread>, StoreError> {
    const SQL: &str =
        "SELECT channel, peer, address, sends, state, heard_at FROM threads WHERE conversation = $1";
    let Some(row) = session.row(SQL, vec![id.to_string().as_str().into()]).await? else { return Ok(None) };
    Ok(Some(Thread {
        channel: row.text(0)?,
        peer: row.text(1)?,
        address: row.text(2)?,
        sends: decode(&row.text(3)?)?,
        state: row.text(4)?,
        heard_at: row.int(5)?,
    }))
}

/// The newest conversation with somebody on a channel.
pub async fn latest_thread<D: Dialect>(
    session: &mut Session<'_, D>,
    channel: &str,
    peer: &str,
) -> Result<Option<InteractionId>, StoreError> {
    const SQL: &str = "SELECT t.conversation FROM threads t JOIN conversations c ON c.id = t.conversation \
        WHERE t.channel = $1 AND t.peer = $2 ORDER BY c.started_at DESC, c.id DESC LIMIT 1";
    let row = session.row(SQL, vec![channel.into(), peer.into()]).await?;
    row.map(|row| id_of(&row.text(0)?)).transpose()
}

/// What is to be sent by `now`: of each conversation the first that waits, so that nothing overtakes.
pub async fn due<D: Dialect>(
    session: &mut Session<'_, D>,
    now: WallMillis,
    limit: u32,
) -> Result<Vec<Delivery>, StoreError> {
    const SQL: &str = "SELECT conversation, entry_seq, channel, state, tries, since, why FROM outbox o \
        WHERE state = 'waiting' AND due_at <= $1 AND NOT EXISTS (SELECT 1 FROM outbox earlier \
        WHERE earlier.conversation = o.conversation AND earlier.entry_seq < o.entry_seq AND earlier.state = 'waiting') \
        ORDER BY due_at LIMIT $2";
    let rows = session.rows(SQL, vec![now.into(), i64::from(limit).into()]).await?;
    rows.iter().map(delivery).collect()
}

/// Every delivery of a conversation.
pub async fn deliveries<D: Dialect>(
    session: &mut Session<'_, D>,
    id: InteractionId,
) -> Result<Vec<Delivery>, StoreError> {
    const SQL: &str = "SELECT conversation, entry_seq, channel, state, tries, since, why FROM outbox \
        WHERE conversation = $1 ORDER BY entry_seq";
    let rows = session.rows(SQL, vec![id.to_string().as_str().into()]).await?;
    rows.iter().map(delivery).collect()
}

fn delivery(row: &Row) -> Result<Delivery, StoreError> {
    Ok(Delivery {
        conversation: id_of(&row.text(0)?)?,
        seq: row.int(1)?,
        channel: row.text(2)?,
        state: decode::<DeliveryState>(&row.text(3)?)?,
        tries: row.int(4)?,
        since: row.int(5)?,
        why: row.maybe_text(6)?,
    })
}
