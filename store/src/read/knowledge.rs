//! Knowledge as it is read: current articles, versions, thumbs, gaps; and the audit trail of settings.

use desk::knowledge::{Article, Vote};

use super::lists::page_size;
use crate::session::{Dialect, Row, Session};
use crate::{Audited, Gap, StoreError};

/// Articles or thumbs that one call hands out.
const MOST: i64 = 1_000;

/// Versions of articles saved by events after `event`, oldest first, with the event of each.
pub async fn articles_after<D: Dialect>(
    session: &mut Session<'_, D>,
    event: i64,
) -> Result<Vec<(i64, Article)>, StoreError> {
    const SQL: &str = "SELECT event, key, version, draft, subject, at FROM articles WHERE event > $1 ORDER BY event LIMIT $2";
    let rows = session.rows(SQL, vec![event.into(), MOST.into()]).await?;
    rows.iter().map(|row| Ok((row.int(0)?, article_of(row)?))).collect()
}

/// Every version of an article, newest first.
pub async fn article<D: Dialect>(
    session: &mut Session<'_, D>,
    key: &str,
) -> Result<Vec<Article>, StoreError> {
    const SQL: &str = "SELECT event, key, version, draft, subject, at FROM articles WHERE key = $1 ORDER BY version DESC LIMIT $2";
    let rows = session.rows(SQL, vec![key.into(), MOST.into()]).await?;
    if rows.is_empty() {
        return Err(StoreError::NotFound("article"));
    }
    rows.iter().map(article_of).collect()
}

fn article_of(row: &Row) -> Result<Article, StoreError> {
    let draft = serde_json::from_str(&row.text(3)?)
        .map_err(|error| StoreError::Database(format!("an article that cannot be read: {error}")))?;
    Ok(Article { key: row.text(1)?, version: row.int(2)?, draft, by: row.text(4)?, at: row.int(5)? })
}

/// Thumbs after `event`, oldest first, with the event of each.
pub async fn votes_after<D: Dialect>(
    session: &mut Session<'_, D>,
    event: i64,
) -> Result<Vec<(i64, Vote)>, StoreError> {
    const SQL: &str = "SELECT event, vote FROM knowledge_votes WHERE event > $1 ORDER BY event LIMIT $2";
    let unreadable = |error| StoreError::Database(format!("a thumb that cannot be read: {error}"));
    let rows = session.rows(SQL, vec![event.into(), MOST.into()]).await?;
    rows.iter()
        .map(|row| Ok((row.int(0)?, serde_json::from_str(&row.text(1)?).map_err(unreadable)?)))
        .collect()
}

/// Gaps, the most frequent first.
pub async fn gaps<D: Dialect>(session: &mut Session<'_, D>, limit: u32) -> Result<Vec<Gap>, StoreError> {
    const SQL: &str = "SELECT question, conversation, times, last_at FROM knowledge_gaps \
        ORDER BY times DESC, last_at DESC LIMIT $1";
    let size = page_size(limit)? as i64;
    let rows = session.rows(SQL, vec![size.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Gap {
                question: row.text(0)?,
                conversation: super::id_of(&row.text(1)?)?,
                times: row.int(2)?,
                last_at: row.int(3)?,
            })
        })
        .collect()
}

/// Changes of settings, newest first, of one key or of all.
pub async fn audit<D: Dialect>(
    session: &mut Session<'_, D>,
    key: Option<&str>,
    limit: u32,
) -> Result<Vec<Audited>, StoreError> {
    const ALL: &str = "SELECT event, at, subject, key, before, after FROM audit ORDER BY event DESC LIMIT $1";
    const OF_KEY: &str = "SELECT event, at, subject, key, before, after FROM audit WHERE key = $2 ORDER BY event DESC LIMIT $1";
    let size = page_size(limit)? as i64;
    let rows = match key {
        None => session.rows(ALL, vec![size.into()]).await?,
        Some(key) => session.rows(OF_KEY, vec![size.into(), key.into()]).await?,
    };
    rows.iter()
        .map(|row| {
            Ok(Audited {
                event: row.int(0)?,
                at: row.int(1)?,
                by: row.text(2)?,
                key: row.text(3)?,
                before: row.maybe_text(4)?,
                after: row.maybe_text(5)?,
            })
        })
        .collect()
}
