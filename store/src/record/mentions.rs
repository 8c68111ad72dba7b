//! Who a note calls by name: one row for each, which is how they find it later.

use desk::{EntryKind, NewEntry, mention};
use kernel::{AgentName, InteractionId};

use super::ledger::Ledger;
use crate::StoreError;
use crate::session::{Dialect, Session};

/// Keeps whom an entry calls, recorded by the next event. Who calls themselves needs no telling.
pub async fn keep<D: Dialect>(
    session: &mut Session<'_, D>,
    ledger: &Ledger,
    id: InteractionId,
    seq: i64,
    entry: &NewEntry,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO mentions (agent, event, conversation, seq, at, author) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (agent, event) DO NOTHING";
    let (EntryKind::Note, Some(author)) = (entry.kind, &entry.author) else { return Ok(()) };
    for agent in mention::of(entry.detail.as_deref()) {
        if agent == *author {
            continue;
        }
        let row = vec![
            agent.as_str().into(),
            ledger.next().into(),
            id.to_string().as_str().into(),
            seq.into(),
            entry.at.into(),
            AgentName::as_str(author).into(),
        ];
        session.exec(SQL, row).await?;
    }
    Ok(())
}
