//! What supervisors of processes ask: do you live, may calls come.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing};
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

/// What is served before the rest is there, while a model of some hundred megabytes is loaded: the process lives, and
/// nothing is ready.
pub fn starting() -> Router {
    Router::new().route("/healthz", routing::get(healthz)).fallback(not_yet)
}

async fn not_yet() -> Response {
    let seconds = [(header::RETRY_AFTER, "2")];
    (StatusCode::SERVICE_UNAVAILABLE, seconds, Json(json!({ "status": "starting" }))).into_response()
}
