//! What supervisors of processes ask: do you live, may calls come.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::state::App;

/// The process lives.
pub(crate) async fn healthz() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

/// Calls can be taken: models loaded, not draining, database there.
pub(crate) async fn readyz(State(app): State<App>) -> Response {
    let answer = |status, word| (status, Json(json!({ "status": word }))).into_response();
    if !app.floor.is_ready() {
        return answer(StatusCode::SERVICE_UNAVAILABLE, "starting");
    }
    match app.store.ping().await {
        Ok(()) => answer(StatusCode::OK, "ready"),
        Err(error) => {
            tracing::error!(%error, "api: the database does not answer");
            answer(StatusCode::SERVICE_UNAVAILABLE, "no database")
        }
    }
}
