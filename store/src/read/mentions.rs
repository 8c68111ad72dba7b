//! Where somebody was called by name, newest first.

use kernel::AgentName;

use super::lists::{bad_cursor, page, page_size};
use crate::session::{Dialect, Session};
use crate::{Mention, Page, StoreError};

/// Mentions of one person, in pages.
pub async fn mentions<D: Dialect>(
    session: &mut Session<'_, D>,
    agent: &AgentName,
    after: Option<&str>,
    limit: u32,
) -> Result<Page<Mention>, StoreError> {
    const SQL: &str = "SELECT event, conversation, seq, at, author, seen_at FROM mentions \
        WHERE agent = $1 AND event < $2 ORDER BY event DESC LIMIT $3";
    let size = page_size(limit)?;
    let before = match after {
        None => i64::MAX,
        Some(cursor) => cursor.parse().map_err(|_| bad_cursor())?,
    };
    let rows =
        session.rows(SQL, vec![agent.as_str().into(), before.into(), (size as i64 + 1).into()]).await?;
    let mentions = rows.iter().map(|row| {
        Ok(Mention {
            event: row.int(0)?,
            conversation: super::id_of(&row.text(1)?)?,
            seq: row.int(2)?,
            at: row.int(3)?,
            by: row.text(4)?.as_str().into(),
            seen: row.maybe_int(5)?.is_some(),
        })
    });
    let mentions = mentions.collect::<Result<Vec<_>, StoreError>>()?;
    Ok(page(mentions, size, |last| last.event.to_string()))
}

/// How many of them the person has not seen.
pub async fn unseen<D: Dialect>(session: &mut Session<'_, D>, agent: &AgentName) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COUNT(*) FROM mentions WHERE agent = $1 AND seen_at IS NULL";
    let row = session.row(SQL, vec![agent.as_str().into()]).await?;
    row.map_or(Ok(0), |row| row.int(0))
}
