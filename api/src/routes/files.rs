//! `/files/{key}/{n}`: files that came with letters.
//!
//! Promises: a browser keeps them and opens none: whatever a stranger sent is not run as a page of ours.

use axum::extract::{Path, State};
use axum::http::{HeaderName, header};
use serde::Deserialize;

use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::state::App;

/// Which file.
#[derive(Deserialize)]
pub(crate) struct FilePath {
    key: String,
    n: u16,
}

/// A file that came with a message, as its entry's `detail.files` names it.
#[utoipa::path(get, path = "/api/v1/files/{key}/{n}", tag = "conversations", operation_id = "file",
    params(("key" = String, Path), ("n" = u16, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn file(
    State(app): State<App>,
    _: Identity,
    Path(FilePath { key, n }): Path<FilePath>,
) -> Answer<([(HeaderName, &'static str); 3], Vec<u8>)> {
    let bytes = app.reception.file(&key, n).await.ok_or_else(|| ApiError::not_found("file"))?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment"),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
    ];
    Ok((headers, bytes))
}
