//! Knowledge: articles in versions, thumbs, gaps.

use desk::WallMillis;
use desk::knowledge::{ArticleDraft, Vote};
use kernel::InteractionId;
use serde::Serialize;

use crate::StoreError;
use crate::session::{Dialect, Session, Value};

/// The event that saved the current version, if `draft` says the same: a repeated import makes no new version.
pub async fn same<D: Dialect>(
    session: &mut Session<'_, D>,
    key: &str,
    draft: &ArticleDraft,
) -> Result<Option<i64>, StoreError> {
    const SQL: &str = "SELECT event, draft FROM articles WHERE key = $1 ORDER BY version DESC LIMIT 1";
    let Some(row) = session.row(SQL, vec![key.into()]).await? else { return Ok(None) };
    let known: Option<ArticleDraft> = serde_json::from_str(&row.text(1)?).ok();
    if known.as_ref() == Some(draft) { row.int(0).map(Some) } else { Ok(None) }
}

/// Saves the next version.
pub async fn save<D: Dialect>(
    session: &mut Session<'_, D>,
    event: i64,
    key: &str,
    draft: &ArticleDraft,
    by: &str,
    at: WallMillis,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO articles (event, key, version, draft, subject, at) \
        VALUES ($1, $2, (SELECT COALESCE(MAX(a.version), 0) + 1 FROM articles a WHERE a.key = $2), $3, $4, $5)";
    let args = vec![event.into(), key.into(), json(draft)?, by.into(), at.into()];
    session.exec(SQL, args).await.map(drop)
}

/// Keeps a thumb.
pub async fn vote<D: Dialect>(
    session: &mut Session<'_, D>,
    event: i64,
    vote: &Vote,
    by: &str,
    at: WallMillis,
) -> Result<(), StoreError> {
    const KNOWN: &str = "SELECT event FROM articles WHERE key = $1 LIMIT 1";
    const SQL: &str = "INSERT INTO knowledge_votes (event, vote, subject, at) VALUES ($1, $2, $3, $4)";
    session.row(KNOWN, vec![vote.key.as_str().into()]).await?.ok_or(StoreError::NotFound("article"))?;
    session.exec(SQL, vec![event.into(), json(vote)?, by.into(), at.into()]).await.map(drop)
}

/// Counts a question that found nothing; within one conversation it counts once.
pub async fn miss<D: Dialect>(
    session: &mut Session<'_, D>,
    id: InteractionId,
    question: &str,
    words: &[String],
    at: WallMillis,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO knowledge_gaps (words, question, conversation, times, last_at) \
        VALUES ($1, $2, $3, 1, $4) ON CONFLICT (words) DO UPDATE SET times = knowledge_gaps.times + 1, \
        question = excluded.question, conversation = excluded.conversation, last_at = excluded.last_at \
        WHERE knowledge_gaps.conversation <> excluded.conversation";
    let words = words.join(" ");
    let args = vec![words.as_str().into(), question.into(), id.to_string().as_str().into(), at.into()];
    session.exec(SQL, args).await.map(drop)
}

fn json<T: Serialize>(value: &T) -> Result<Value, StoreError> {
    let text = serde_json::to_string(value)
        .map_err(|error| StoreError::Bad(format!("a value that cannot be written down: {error}")))?;
    Ok(text.as_str().into())
}
