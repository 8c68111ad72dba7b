//! Event hooks: who is told, and how far they have come.
//!
//! Promises: a hook begins at the event that made it; a step is taken only from the place it started at, so what was changed or
//! sent back meanwhile is never overwritten.

use desk::WallMillis;
use desk::delivery::DeliveryState;
use desk::event_hooks::{EventKind, HookDraft, HookState, HookStep, Outcome, Place};

use super::settings;
use crate::StoreError;
use crate::codes::{code, maybe_code};
use crate::session::{Dialect, Session, Value};

/// The hook as the audit trail calls it.
fn key(hook: &str) -> String {
    format!("event_hook {hook}")
}

fn text(draft: &HookDraft) -> Result<String, StoreError> {
    serde_json::to_string(draft).map_err(|error| StoreError::Bad(format!("an event hook: {error}")))
}

/// Makes, changes or removes a hook; `event` is the one that says so.
pub async fn change<D: Dialect>(
    session: &mut Session<'_, D>,
    event: i64,
    hook: &str,
    draft: Option<&HookDraft>,
    (by, at): (&str, WallMillis),
) -> Result<(), StoreError> {
    const BEFORE: &str = "SELECT url, kinds, state FROM event_hooks WHERE id = $1";
    const GONE: [&str; 3] = [
        "DELETE FROM event_hooks WHERE id = $1",
        "DELETE FROM event_hook_secrets WHERE hook = $1",
        "DELETE FROM event_deliveries WHERE hook = $1",
    ];
    const NEW: &str = "INSERT INTO event_hooks \
        (id, url, kinds, state, revision, sequence, failures, due_at, created_at, created_by) \
        VALUES ($1, $2, $3, $4, $5, $5, 0, $6, $6, $7)";
    // Whoever saves a hook has looked at it: a parked one begins anew where it stopped.
    const EDIT: &str = "UPDATE event_hooks SET url = $2, kinds = $3, state = $4, revision = $5, failures = 0, \
        due_at = $6, why = NULL WHERE id = $1";
    let before = match session.row(BEFORE, vec![hook.into()]).await? {
        Some(row) => Some(text(&crate::read::hook_draft(&row, 0)?)?),
        None => None,
    };
    let after = draft.map(text).transpose()?;
    match draft {
        Some(draft) => {
            let kinds = serde_json::to_string(&draft.kinds).unwrap_or_default();
            let mut args = vec![
                hook.into(),
                draft.url.as_str().into(),
                kinds.as_str().into(),
                code(&draft.state),
                event.into(),
                at.into(),
            ];
            if before.is_none() {
                args.push(by.into());
            }
            session.exec(if before.is_none() { NEW } else { EDIT }, args).await?;
        }
        None if before.is_none() => return Err(StoreError::NotFound("event hook")),
        None => {
            for sql in GONE {
                session.exec(sql, vec![hook.into()]).await?;
            }
        }
    }
    settings::write_down(session, event, &key(hook), before.as_deref(), after.as_deref(), (by, at)).await
}

/// Takes a step.
pub async fn step<D: Dialect>(
    session: &mut Session<'_, D>,
    hook: &str,
    step: &HookStep,
    at: WallMillis,
) -> Result<(), StoreError> {
    const FROM: &str = "UPDATE event_hooks SET sequence = $4, failures = 0, due_at = 0, why = NULL \
        WHERE id = $1 AND revision = $2 AND sequence = $3";
    const FAILED: &str = "UPDATE event_hooks SET failures = failures + 1, due_at = $4, why = $5, state = $6 \
        WHERE id = $1 AND revision = $2 AND sequence = $3 AND state = 'active'";
    const ASKED: &str = "INSERT INTO event_deliveries (hook, seq, kind, state, asked, tries, took_ms, at) \
        SELECT id, $2, $3, 'waiting', 1, 0, 0, $4 FROM event_hooks WHERE id = $1 \
        ON CONFLICT (hook, seq) DO UPDATE SET asked = 1, state = 'waiting'";
    const ANSWERED: &str = "UPDATE event_deliveries SET asked = 0, tries = tries + 1, state = $3, status = $4, \
        why = $5, answer = $6, took_ms = $7, at = $8 WHERE hook = $1 AND seq = $2";
    const REWOUND: &str = "UPDATE event_hooks SET sequence = $2, revision = revision + 1, failures = 0, \
        due_at = 0, why = NULL, state = 'active' WHERE id = $1";
    const SWEPT: &str = "DELETE FROM event_deliveries WHERE hook = $1 AND at < $2 AND asked = 0";
    let place = |from: &Place| vec![hook.into(), from.revision.into(), from.sequence.into()];
    let took = match step {
        HookStep::Passed { from, sequence } => {
            let mut args: Vec<Value> = place(from);
            args.push((*sequence).into());
            session.exec(FROM, args).await?
        }
        HookStep::Told { from, sequence, kind, outcome } => {
            let mut args: Vec<Value> = place(from);
            args.push((*sequence).into());
            let took = session.exec(FROM, args).await?;
            if took > 0 {
                tell(session, hook, (*sequence, *kind), DeliveryState::Sent, outcome, at).await?;
            }
            took
        }
        HookStep::NotTold { from, sequence, kind, outcome, due_at } => {
            let (hook_state, state) = match due_at {
                Some(_) => (HookState::Active, DeliveryState::Waiting),
                None => (HookState::Parked, DeliveryState::Failed),
            };
            let mut args: Vec<Value> = place(from);
            args.extend([due_at.unwrap_or(0).into(), outcome.why.as_deref().into(), code(&hook_state)]);
            let took = session.exec(FAILED, args).await?;
            if took > 0 {
                tell(session, hook, (*sequence, *kind), state, outcome, at).await?;
            }
            took
        }
        HookStep::Asked { sequence, kind } => {
            let args = vec![hook.into(), (*sequence).into(), maybe_code(kind.as_ref()), at.into()];
            session.exec(ASKED, args).await?
        }
        HookStep::Answered { sequence, outcome } => {
            let state = if outcome.why.is_none() { DeliveryState::Sent } else { DeliveryState::Failed };
            let mut args = vec![hook.into(), (*sequence).into(), code(&state)];
            args.extend(columns(outcome, at));
            session.exec(ANSWERED, args).await?
        }
        HookStep::Rewound { sequence } => {
            session.exec(REWOUND, vec![hook.into(), (*sequence).into()]).await?
        }
        HookStep::Swept { before } => {
            session.exec(SWEPT, vec![hook.into(), (*before).into()]).await?;
            return Ok(());
        }
    };
    if took == 0 { Err(StoreError::NotFound("event hook at this place")) } else { Ok(()) }
}

async fn tell<D: Dialect>(
    session: &mut Session<'_, D>,
    hook: &str,
    (sequence, kind): (i64, EventKind),
    state: DeliveryState,
    outcome: &Outcome,
    at: WallMillis,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO event_deliveries \
        (hook, seq, kind, state, asked, tries, status, why, answer, took_ms, at) \
        VALUES ($1, $2, $3, $4, 0, 1, $5, $6, $7, $8, $9) \
        ON CONFLICT (hook, seq) DO UPDATE SET state = excluded.state, tries = event_deliveries.tries + 1, \
        status = excluded.status, why = excluded.why, answer = excluded.answer, took_ms = excluded.took_ms, \
        at = excluded.at";
    let mut args = vec![hook.into(), sequence.into(), code(&kind), code(&state)];
    args.extend(columns(outcome, at));
    session.exec(SQL, args).await.map(drop)
}

/// Status, why, answer, how long, when.
fn columns(outcome: &Outcome, at: WallMillis) -> [Value; 5] {
    [
        outcome.status.into(),
        outcome.why.as_deref().into(),
        outcome.answer.as_deref().into(),
        outcome.took_ms.into(),
        at.into(),
    ]
}
