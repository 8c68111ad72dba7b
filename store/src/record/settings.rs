//! Settings that people change while the program runs, each change with who, when and what it was before.

use desk::WallMillis;
use kernel::InteractionId;

use super::tickets;
use crate::StoreError;
use crate::read::SLA_KEY;
use crate::session::{Dialect, Session};

/// Changes a setting and writes down what it was.
pub async fn change<D: Dialect>(
    session: &mut Session<'_, D>,
    event: i64,
    key: &str,
    value: Option<&str>,
    by: &str,
    at: WallMillis,
) -> Result<(), StoreError> {
    const BEFORE: &str = "SELECT value FROM settings WHERE key = $1";
    const PUT: &str = "INSERT INTO settings (key, value) VALUES ($1, $2) \
        ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    let before = session.row(BEFORE, vec![key.into()]).await?.map(|row| row.text(0)).transpose()?;
    match value {
        Some(value) => session.exec(PUT, vec![key.into(), value.into()]).await?,
        None => session.exec("DELETE FROM settings WHERE key = $1", vec![key.into()]).await?,
    };
    write_down(session, event, key, before.as_deref(), value, (by, at)).await?;
    if key == SLA_KEY {
        tickets::aim_anew(session).await?;
    }
    Ok(())
}

/// Writes into the audit trail what something was and is.
pub async fn write_down<D: Dialect>(
    session: &mut Session<'_, D>,
    event: i64,
    key: &str,
    before: Option<&str>,
    after: Option<&str>,
    (by, at): (&str, WallMillis),
) -> Result<(), StoreError> {
    const AUDIT: &str =
        "INSERT INTO audit (event, at, subject, key, before, after) VALUES ($1, $2, $3, $4, $5, $6)";
    let args = vec![event.into(), at.into(), by.into(), key.into(), before.into(), after.into()];
    session.exec(AUDIT, args).await.map(drop)
}

/// Writes down that somebody took a file of a conversation away.
pub async fn exported<D: Dialect>(
    session: &mut Session<'_, D>,
    event: i64,
    what: &str,
    id: InteractionId,
    by: &str,
    at: WallMillis,
) -> Result<(), StoreError> {
    let (key, after) = (format!("export.{what}"), format!("\"{id}\""));
    write_down(session, event, &key, None, Some(&after), (by, at)).await
}
