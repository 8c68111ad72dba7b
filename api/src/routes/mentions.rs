//! `/mentions`: where one was called by name in notes.
//!
//! Promises: one's own alone; they name conversation and note, never what either says: whoever opens it meets the rules of the
//! conversation itself. Leaves to others: whom a note calls (`desk::mention`).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use desk::mention;
use kernel::AgentName;
use serde::{Deserialize, Serialize};
use store::Mention;
use utoipa::{IntoParams, ToSchema};

use crate::auth::Identity;
use crate::error::{Answer, ErrorBody};
use crate::request::{Body, Params, page_size};
use crate::state::{App, Shared};
use crate::view::Stamp;

/// Whom a note calls: agents, and other people who may sign in.
pub(super) async fn called(app: &Shared, text: &str) -> Answer<Vec<AgentName>> {
    let wanted = mention::called(text);
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut known: Vec<AgentName> = app.floor.agents().await.into_iter().map(|agent| agent.name).collect();
    for name in wanted {
        if !known.iter().any(|known| known.as_str() == name) && app.store.user(name).await?.is_some() {
            known.push(name.into());
        }
    }
    Ok(mention::mentioned(text, &known))
}

/// Which of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// 1 to 200; 50 unless said.
    limit: Option<u32>,
    /// Cursor: `next` of the page before.
    after: Option<String>,
}

/// A note that calls one by name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Mention)]
pub(crate) struct MentionView {
    /// Grows with time; `PUT /mentions/seen` takes it.
    id: i64,
    /// The conversation.
    conversation: String,
    /// The note in it.
    seq: i64,
    /// When.
    at: Stamp,
    /// By whom.
    by: String,
    /// Whether it was seen.
    seen: bool,
}

impl From<Mention> for MentionView {
    fn from(mention: Mention) -> Self {
        let Mention { event, conversation, seq, at, by, seen } = mention;
        Self {
            id: event,
            conversation: conversation.to_string(),
            seq,
            at: Stamp(at),
            by: by.to_string(),
            seen,
        }
    }
}

/// Mentions of oneself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Mentions)]
pub(crate) struct MentionsView {
    /// Newest first.
    items: Vec<MentionView>,
    /// Ask on with `after=` this; null at the end.
    next: Option<String>,
    /// How many of all were not seen.
    unseen: i64,
}

/// Notes that call oneself by name, newest first.
#[utoipa::path(get, path = "/api/v1/mentions", tag = "conversations", operation_id = "mentions", params(Wanted),
    responses((status = 200, body = MentionsView), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn list(
    State(app): State<App>,
    identity: Identity,
    Params(wanted): Params<Wanted>,
) -> Answer<Json<MentionsView>> {
    let me = identity.agent();
    let page = app.store.mentions(&me, wanted.after, page_size(wanted.limit)?).await?;
    let unseen = app.store.mentions_unseen(&me).await?;
    Ok(Json(MentionsView {
        items: page.items.into_iter().map(MentionView::from).collect(),
        next: page.next,
        unseen,
    }))
}

/// Up to where.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MentionsSeen)]
pub(crate) struct Seen {
    /// The `id` of the newest that was seen.
    until: i64,
}

/// One has seen all mentions up to this one.
#[utoipa::path(put, path = "/api/v1/mentions/seen", tag = "conversations", operation_id = "mentions_seen", request_body = Seen,
    responses((status = 204), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn seen(
    State(app): State<App>,
    identity: Identity,
    Body(Seen { until }): Body<Seen>,
) -> Answer<StatusCode> {
    app.store.mentions_seen(&identity.agent(), until, app.clock.wall()).await?;
    Ok(StatusCode::NO_CONTENT)
}
