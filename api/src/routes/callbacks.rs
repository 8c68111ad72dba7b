//! A callback that waits is withdrawn or moved, by whoever the customer told.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::DateTime;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::floor::CallbackOrder;
use crate::request::{Body, ConversationId};
use crate::state::App;

/// What is to become of it.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum ChangeCallback {
    /// The customer is not called.
    Withdraw,
    /// It waits elsewhere or is put off; the place stays.
    Move {
        /// To this queue; left out: where it is.
        queue: Option<String>,
        /// Not to be dialled before this moment (RFC 3339); left out: as soon as its turn comes.
        not_before: Option<String>,
    },
}

/// Withdraw a callback that waits, or move it to another queue or a later time. It keeps its place.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/callback", tag = "conversations", operation_id = "change_callback",
    params(("id" = String, Path)), request_body = ChangeCallback,
    responses((status = 204), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub(crate) async fn change(
    State(app): State<App>,
    _: Identity,
    ConversationId(id): ConversationId,
    Body(change): Body<ChangeCallback>,
) -> Answer<StatusCode> {
    let order = match change {
        ChangeCallback::Withdraw => CallbackOrder::Withdraw,
        ChangeCallback::Move { queue, not_before } => {
            if let Some(name) = &queue
                && !app.floor.setup().queues.iter().any(|queue| queue.name.as_str() == name)
            {
                return Err(ApiError::field("queue", format!("there is no queue `{name}`")));
            }
            let moment = |text: String| {
                let at = DateTime::parse_from_rfc3339(&text).map(|at| at.timestamp_millis());
                at.map_err(|_| ApiError::field("not_before", "a moment as in 2026-11-30T16:00:00Z"))
            };
            let not_before = not_before.map(moment).transpose()?;
            CallbackOrder::Move { queue: queue.map(|name| name.as_str().into()), not_before }
        }
    };
    app.floor.change_callback(id, order).await?;
    Ok(StatusCode::NO_CONTENT)
}
