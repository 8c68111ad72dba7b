//! Beside the record: API keys, answers to requests with an idempotency key, what was imported.

use desk::WallMillis;

use crate::session::{Dialect, Row, Session};
use crate::{FoundKey, Kept, StoreError};

/// The key of a token, with what it may do; `None`: nobody's, or revoked.
pub async fn api_key<D: Dialect>(
    session: &mut Session<'_, D>,
    token_hash: &str,
) -> Result<Option<FoundKey>, StoreError> {
    const SQL: &str = "SELECT s.value, k.key, k.used_at FROM api_keys k \
        JOIN settings s ON s.key = 'api_key.' || k.key WHERE k.token_hash = $1";
    let Some(row) = session.row(SQL, vec![token_hash.into()]).await? else { return Ok(None) };
    let unreadable = |error| StoreError::Database(format!("an API key cannot be read: {error}"));
    let key = serde_json::from_str(&row.text(0)?).map_err(unreadable)?;
    Ok(Some(FoundKey { key, id: row.text(1)?, used_at: row.maybe_int(2)? }))
}

/// When each key was used last, where it was.
pub async fn api_key_uses<D: Dialect>(
    session: &mut Session<'_, D>,
) -> Result<Vec<(String, WallMillis)>, StoreError> {
    const SQL: &str = "SELECT key, used_at FROM api_keys WHERE used_at IS NOT NULL";
    let use_of = |row: &Row| Ok((row.text(0)?, row.int(1)?));
    session.rows(SQL, vec![]).await?.iter().map(use_of).collect()
}

/// What is kept under an idempotency key.
pub async fn kept<D: Dialect>(
    session: &mut Session<'_, D>,
    subject: &str,
    key: &str,
) -> Result<Option<Kept>, StoreError> {
    const SQL: &str =
        "SELECT request, status, body, at FROM idempotent_answers WHERE subject = $1 AND key = $2";
    let Some(row) = session.row(SQL, vec![subject.into(), key.into()]).await? else { return Ok(None) };
    let answer = match (row.maybe_int(1)?, row.maybe_text(2)?) {
        (Some(status), Some(body)) => Some((status, body)),
        _ => None,
    };
    Ok(Some(Kept { request: row.text(0)?, answer, at: row.int(3)? }))
}

/// Which of these records of another system were imported before.
pub async fn imported<D: Dialect>(
    session: &mut Session<'_, D>,
    (source, kind): (&str, &str),
    externals: &[String],
) -> Result<Vec<String>, StoreError> {
    const SQL: &str = "SELECT external FROM imported WHERE source = $1 AND kind = $2 AND external = $3";
    let mut found = Vec::new();
    for external in externals {
        if session.row(SQL, vec![source.into(), kind.into(), external.as_str().into()]).await?.is_some() {
            found.push(external.clone());
        }
    }
    Ok(found)
}
