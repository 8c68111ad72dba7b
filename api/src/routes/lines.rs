//! `/conversations/{id}/entries/{seq}`: correcting a line of a transcript, and what it said before.
//!
//! Promises: what was recognised is kept, with who changed it and when; what must not be read is hidden before it is recorded;
//! nobody overwrites what they have not seen; the same correction twice is one. Leaves to others: when which word of the new
//! text is heard (`desk::correction`), what is hidden (`gateway`).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use desk::correction::{Particulars, correction};
use desk::{Change, Entry, EntryKind};
use kernel::InteractionId;
use serde::Deserialize;
use store::StoreError;
use utoipa::ToSchema;

use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Body, Segments, text_within};
use crate::state::{App, Shared};
use crate::view::{EntryView, LineVersionView, ListView};

/// Longest line, in characters: an utterance has 12 s.
const LINE_CHARS: usize = 2_000;
/// Entries before and after a line that may tell what is talked about.
const NEAR: (i64, u32) = (60, 90);

/// A line of a conversation.
#[derive(Deserialize)]
pub(crate) struct LinePath {
    id: String,
    seq: i64,
}

/// What a line should say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CorrectLine)]
pub(crate) struct Wish {
    /// What was said, 1 to 2000 characters.
    text: String,
    /// The revision that was read: `corrected.revision` of the line, 0 of one that was never corrected.
    revision: i64,
}

/// Correct what a line of the transcript says: agents who took part, supervisors, administrators.
#[utoipa::path(patch, path = "/api/v1/conversations/{id}/entries/{seq}", tag = "conversations", operation_id = "correct_line",
    params(("id" = String, Path), ("seq" = i64, Path)), request_body = Wish,
    responses((status = 200, body = EntryView), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody, description = "`stale`: corrected meanwhile; `error.line` says what stands there now")))]
pub(crate) async fn correct(
    State(app): State<App>,
    identity: Identity,
    Segments(path): Segments<LinePath>,
    Body(Wish { text, revision }): Body<Wish>,
) -> Answer<Json<EntryView>> {
    let (id, seq) = place(&path)?;
    let conversation = app.store.conversation(id).await?;
    let me = identity.agent();
    let took_part = conversation.agent.as_ref() == Some(&me)
        || conversation.legs.iter().any(|leg| leg.agent.as_ref() == Some(&me));
    if !identity.supervises() && !took_part {
        return Err(ApiError::forbidden(
            "only those who took part, supervisors and administrators correct it",
        ));
    }
    let wanted = text_within("text", &text, LINE_CHARS)?;
    let wanted = wanted.split_whitespace().collect::<Vec<_>>().join(" ");
    let near = app.store.entries(id, (seq - NEAR.0).max(0), NEAR.1).await?;
    let line = line_of(&near, seq)?;
    let (text, hidden) = app.floor.hide(line, &wanted, &near);
    if text == line.entry.text {
        return Ok(Json(line.clone().into()));
    }
    if Particulars::of(line.entry.detail.as_deref()).revision() != revision {
        return Err(stale(line.clone()));
    }
    let correction = correction(&line.entry, &text, &hidden, (me.as_str(), app.clock.wall()));
    let (detail, change) = (correction.detail.clone(), Change::EntryCorrected { id, seq, correction });
    match app.floor.record(vec![change]).await {
        Ok(_) => {}
        Err(StoreError::Stale { .. }) => {
            let now = the_line(&app, id, seq).await?;
            return if now.entry.text == text { Ok(Json(now.into())) } else { Err(stale(now)) };
        }
        Err(error) => return Err(error.into()),
    }
    if !hidden.is_empty() && conversation.ended_at.is_some() {
        // What was typed is in the recording as well. Is the call only just over, that is done when it is silenced anyway; what
        // fails is logged where it fails, and the line is corrected all the same.
        let _silenced = app.floor.silence(id).await;
    }
    let mut line = line.clone();
    (line.entry.text, line.entry.detail) = (text, Some(detail));
    Ok(Json(line.into()))
}

/// What a line said, from what was recognised to what stands there now.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/entries/{seq}/history", tag = "conversations", operation_id = "line_history",
    params(("id" = String, Path), ("seq" = i64, Path)),
    responses((status = 200, body = ListView<LineVersionView>), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn history(
    State(app): State<App>,
    _: Identity,
    Segments(path): Segments<LinePath>,
) -> Answer<Json<ListView<LineVersionView>>> {
    let (id, seq) = place(&path)?;
    app.store.conversation(id).await?;
    // In this order: a correction in between is in what was replaced, or in neither.
    let line = the_line(&app, id, seq).await?;
    let mut replaced = app.store.corrections(id, seq).await?;
    let revision = Particulars::of(line.entry.detail.as_deref()).revision();
    replaced.retain(|was| was.revision <= revision);
    Ok(Json(ListView { items: LineVersionView::all(&line, replaced), next: None }))
}

fn place(path: &LinePath) -> Answer<(InteractionId, i64)> {
    let id = path.id.parse().map_err(|_| ApiError::not_found("conversation"))?;
    Ok((id, path.seq))
}

async fn the_line(app: &Shared, id: InteractionId, seq: i64) -> Answer<Entry> {
    let found = app.store.entries(id, seq.saturating_sub(1), 1).await?;
    line_of(&found, seq).cloned()
}

fn line_of(entries: &[Entry], seq: i64) -> Answer<&Entry> {
    let line = entries.iter().find(|entry| entry.seq == seq);
    let line = line.ok_or_else(|| ApiError::not_found("line of this conversation"))?;
    if line.entry.kind == EntryKind::Speech {
        return Ok(line);
    }
    let message = "only what was recognised is corrected: messages, notes and events stay as they were";
    Err(ApiError::new(StatusCode::CONFLICT, "not_a_line", message).at("seq"))
}

fn stale(now: Entry) -> ApiError {
    let message = "somebody corrected this line meanwhile; what it says now is in `line`";
    ApiError::new(StatusCode::CONFLICT, "stale", message).at("revision").now(now.into())
}
