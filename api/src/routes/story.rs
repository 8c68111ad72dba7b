//! `/conversations/{id}/routing`: why it waited, who was asked, and why.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::conversations::entries;
use crate::auth::Identity;
use crate::error::{Answer, ErrorBody};
use crate::request::ConversationId;
use crate::state::App;
use crate::story::StoryLine;
use crate::view::{ListView, Stamp};

/// Entries looked through for it.
const ENTRIES: u32 = 10_000;

/// One line of the story of a conversation's routing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoutingLine)]
pub(crate) struct LineView {
    /// When.
    at: Stamp,
    /// Stable code: `queued`, `waited`, `offered`, `offer_over`, `queue_moved`, `unavailable`, `accepted`, `waiting`.
    what: String,
    /// In English.
    en: String,
    /// 简体中文。
    zh: String,
}

impl From<StoryLine> for LineView {
    fn from(line: StoryLine) -> Self {
        Self { at: Stamp(line.at), what: line.what, en: line.en, zh: line.zh }
    }
}

/// Why a conversation waited, who was asked for it, and why; while it waits, up to this moment.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/routing", tag = "conversations", operation_id = "routing",
    params(("id" = String, Path)),
    responses((status = 200, body = ListView<LineView>), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn story(
    State(app): State<App>,
    _: Identity,
    ConversationId(id): ConversationId,
) -> Answer<Json<ListView<LineView>>> {
    // Unknown ones are refused before anything else is asked.
    app.store.conversation(id).await?;
    let (entries, _) = entries(&*app.store, id, 0, ENTRIES).await?;
    let waiting = app.floor.waiting(id).await;
    let lines = crate::story::story(&entries, waiting.as_ref(), app.clock.wall());
    Ok(Json(ListView { items: lines.into_iter().map(LineView::from).collect(), next: None }))
}
