//! Settings that people change while the program runs, each change with who, when and what it was before.

use desk::WallMillis;
use kernel::InteractionId;

use super::tickets;
use crate::StoreError;
use crate::read::SLA_KEY;
use crate::session::{Dialect, Session};

const AUDIT: &str =
    "INSERT INTO audit (event, at, subject, key, before, after) VALUES ($1, $2, $3, $4, $5, $6)";

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
    let args = vec![event.into(), at.into(), by.into(), key.into(), before.as_deref().into(), value.into()];
    session.exec(AUDIT, args).await?;
    if key == SLA_KEY {
        tickets::aim_anew(session).await?;
    }
    Ok(())
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
    let none: Option<&str> = None;
    let args =
        vec![event.into(), at.into(), by.into(), key.as_str().into(), none.into(), after.as_str().into()];
    session.exec(AUDIT, args).await.map(drop)
}
