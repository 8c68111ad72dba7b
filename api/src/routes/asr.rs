//! `/asr`: how transcription keeps up, for administrators.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use store::UserRole;
use utoipa::ToSchema;

use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::floor::Transcription;
use crate::state::App;

/// Whether calls are transcribed, and how it goes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TranscriptionState)]
pub(crate) struct TranscriptionStateView {
    /// Off: the configuration says so.
    enabled: bool,
    /// The figures; null when it is off.
    now: Option<Transcription>,
}

/// How transcription keeps up: model, streams that are live and behind, delays of the last five minutes, drops.
#[utoipa::path(get, path = "/api/v1/asr", tag = "floor", operation_id = "transcription",
    responses((status = 200, body = TranscriptionStateView), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub(crate) async fn transcription(
    State(app): State<App>,
    identity: Identity,
) -> Answer<Json<TranscriptionStateView>> {
    if identity.role < UserRole::Admin {
        return Err(ApiError::forbidden("the figures of transcription: only for administrators"));
    }
    let now = app.floor.transcription();
    Ok(Json(TranscriptionStateView { enabled: now.is_some(), now }))
}
