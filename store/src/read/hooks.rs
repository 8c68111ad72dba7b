//! Event hooks: who is told, with which secret, and how each telling went.

use desk::event_hooks::{EventDelivery, EventHook, HookDraft, Outcome, Place};
use kernel::Secret;

use super::lists::page_size;
use crate::StoreError;
use crate::codes::{decode, maybe_decode};
use crate::session::{Dialect, Row, Session};

/// Deliveries that somebody asked for, handed out at once.
const ASKED: i64 = 100;

/// Url, kinds and state from column `at` on.
pub fn hook_draft(row: &Row, at: usize) -> Result<HookDraft, StoreError> {
    let unreadable =
        |error| StoreError::Database(format!("the kinds of an event hook cannot be read: {error}"));
    Ok(HookDraft {
        url: row.text(at)?,
        kinds: serde_json::from_str(&row.text(at + 1)?).map_err(unreadable)?,
        state: decode(&row.text(at + 2)?)?,
    })
}

/// Every hook, the oldest first.
pub async fn event_hooks<D: Dialect>(session: &mut Session<'_, D>) -> Result<Vec<EventHook>, StoreError> {
    const SQL: &str = "SELECT id, url, kinds, state, revision, sequence, failures, due_at, why, created_at, \
        created_by, (SELECT COUNT(*) FROM event_deliveries WHERE hook = id AND asked = 1) FROM event_hooks \
        ORDER BY created_at, id";
    let hook_of = |row: &Row| {
        Ok(EventHook {
            id: row.text(0)?,
            draft: hook_draft(row, 1)?,
            place: Place { revision: row.int(4)?, sequence: row.int(5)? },
            failures: row.int(6)?,
            due_at: row.int(7)?,
            why: row.maybe_text(8)?,
            created_at: row.int(9)?,
            created_by: row.text(10)?,
            asked: row.int(11)? > 0,
        })
    };
    session.rows(SQL, vec![]).await?.iter().map(hook_of).collect()
}

/// What a hook's requests are signed with.
pub async fn hook_secret<D: Dialect>(
    session: &mut Session<'_, D>,
    hook: &str,
) -> Result<Option<Secret<String>>, StoreError> {
    const SQL: &str = "SELECT secret FROM event_hook_secrets WHERE hook = $1";
    session.row(SQL, vec![hook.into()]).await?.map(|row| row.text(0).map(Secret::new)).transpose()
}

/// Events and trials that somebody asked for, in order.
pub async fn hook_asked<D: Dialect>(
    session: &mut Session<'_, D>,
    hook: &str,
) -> Result<Vec<i64>, StoreError> {
    const SQL: &str = "SELECT seq FROM event_deliveries WHERE hook = $1 AND asked = 1 ORDER BY seq LIMIT $2";
    session.rows(SQL, vec![hook.into(), ASKED.into()]).await?.iter().map(|row| row.int(0)).collect()
}

/// Deliveries before `before` (`None`: the newest), newest first.
pub async fn hook_deliveries<D: Dialect>(
    session: &mut Session<'_, D>,
    hook: &str,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<EventDelivery>, StoreError> {
    const SQL: &str = "SELECT seq, kind, state, tries, status, why, answer, took_ms, at FROM event_deliveries \
        WHERE hook = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3";
    let size = i64::try_from(page_size(limit)?).unwrap_or(i64::MAX);
    let args = vec![hook.into(), before.unwrap_or(i64::MAX).into(), size.into()];
    let delivery_of = |row: &Row| {
        Ok(EventDelivery {
            sequence: row.int(0)?,
            kind: maybe_decode(row.maybe_text(1)?.as_deref())?,
            state: decode(&row.text(2)?)?,
            tries: row.int(3)?,
            outcome: Outcome {
                status: row.maybe_int(4)?,
                why: row.maybe_text(5)?,
                answer: row.maybe_text(6)?,
                took_ms: row.int(7)?,
            },
            at: row.int(8)?,
        })
    };
    session.rows(SQL, args).await?.iter().map(delivery_of).collect()
}
