//! `/files/{key}/{n}`: files that came with letters, and those that agents send.
//!
//! Promises: a browser keeps them and opens none: whatever a stranger sent is not run as a page of ours (pictures, known by
//! what is in them, may be shown within a page); what is uploaded belongs to one conversation, and a customer fetches those
//! of their own alone.

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use bytes::Bytes;
use desk::files::{FILE_BYTES, FILES, SentFile, Unfit, belongs, fitting, key, picture, url};
use rand::TryRngCore as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::conversations::writer;
use super::widget::admit;
use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{ConversationId, Params, Segments};
use crate::state::App;

/// Routes whose bodies are files.
pub(crate) fn uploads() -> OpenApiRouter<App> {
    // One byte more, so that our own words say what is too large.
    OpenApiRouter::default().routes(routes!(upload)).layer(DefaultBodyLimit::max(FILE_BYTES + 1))
}

/// A file as it is served.
type Served = ([(HeaderName, &'static str); 3], Vec<u8>);

fn served(bytes: Vec<u8>) -> Served {
    let headers = [
        (header::CONTENT_TYPE, picture(&bytes).unwrap_or("application/octet-stream")),
        (header::CONTENT_DISPOSITION, "attachment"),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
    ];
    (headers, bytes)
}

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
    Segments(FilePath { key, n }): Segments<FilePath>,
) -> Answer<Served> {
    let bytes = app.reception.file(&key, n).await.ok_or_else(|| ApiError::not_found("file"))?;
    Ok(served(bytes))
}

/// A file of a chat.
#[derive(Deserialize)]
pub(crate) struct ChatFilePath {
    id: String,
    key: String,
    n: u16,
}

/// A file that came with a line of one's own chat, as the line's `files` name it.
#[utoipa::path(get, path = "/api/v1/widget/chats/{id}/files/{key}/{n}", tag = "widget", operation_id = "chat_file",
    security(("chat" = [])), params(("id" = String, Path), ("key" = String, Path), ("n" = u16, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn of_chat(
    State(app): State<App>,
    Segments(ChatFilePath { id, key, n }): Segments<ChatFilePath>,
    headers: HeaderMap,
) -> Answer<Served> {
    let id = id.parse().map_err(|_| ApiError::not_found("file"))?;
    admit(&app, id, &headers).await?;
    let found = if belongs(&key, id) { app.reception.file(&key, n).await } else { None };
    found.map(served).ok_or_else(|| ApiError::not_found("file"))
}

/// What it is.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChatUpload {
    /// The file's name, 1 to 150 characters.
    name: String,
}

/// Keep a file for a message of one's own chat: the body is the file, 10 MiB at most. Name its `url` in `files` of a message.
#[utoipa::path(post, path = "/api/v1/widget/chats/{id}/files", tag = "widget", operation_id = "chat_upload",
    security(("chat" = [])), params(("id" = String, Path), ChatUpload),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Uploaded), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 410, body = ErrorBody), (status = 413, body = ErrorBody), (status = 429, body = ErrorBody)))]
pub(crate) async fn upload_to_chat(
    State(app): State<App>,
    ConversationId(id): ConversationId,
    wanted: Answer<Params<ChatUpload>>,
    headers: HeaderMap,
    body: axum::body::Body,
) -> Answer<(StatusCode, Json<Uploaded>)> {
    // Nothing of what a stranger wants or sends is looked at before they showed their token.
    admit(&app, id, &headers).await?;
    let Params(ChatUpload { name }) = wanted?;
    if app.store.conversation(id).await?.ended_at.is_some() {
        return Err(ApiError::new(StatusCode::GONE, "gone", "this chat is over"));
    }
    app.chat_files.take(&id.to_string(), app.clock.wall()).map_err(ApiError::throttled)?;
    let bytes = axum::body::to_bytes(body, FILE_BYTES).await.map_err(|_| unfit(Unfit::TooLarge))?;
    keep(&app, id, &name, bytes).await
}

/// Keeps a file, if it is one that is taken.
async fn keep(
    app: &App,
    id: kernel::InteractionId,
    name: &str,
    bytes: Bytes,
) -> Answer<(StatusCode, Json<Uploaded>)> {
    let name = fitting(name, bytes.len()).map_err(unfit)?;
    let random = rand::rngs::OsRng.try_next_u64().map_err(|error| ApiError::ours(&error))?;
    let key = key(id, random);
    let size = bytes.len() as u64;
    app.reception.keep(&key, bytes.to_vec()).await?;
    Ok((StatusCode::CREATED, Json(Uploaded { name, url: url(&key, 0), size })))
}

/// What it is.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Upload {
    /// The file's name, 1 to 150 characters.
    name: String,
    /// Administrators: the agent to act as.
    agent: Option<String>,
}

/// A file that is kept, to be named by a message.
#[derive(Serialize, ToSchema)]
pub(crate) struct Uploaded {
    /// Its name.
    name: String,
    /// What a message names it by.
    url: String,
    /// Bytes.
    size: u64,
}

/// Keep a file for a message to the customer: the body is the file, 10 MiB at most. Name its `url` in `files` of a message.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/files", tag = "conversations", operation_id = "upload_file",
    params(("id" = String, Path), Upload), request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Uploaded), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody), (status = 413, body = ErrorBody)))]
pub(crate) async fn upload(
    State(app): State<App>,
    identity: Identity,
    ConversationId(id): ConversationId,
    Params(Upload { name, agent }): Params<Upload>,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Answer<(StatusCode, Json<Uploaded>)> {
    let bytes = body.map_err(|_| unfit(Unfit::TooLarge))?;
    let conversation = app.store.conversation(id).await?;
    if !desk::channels::abilities(conversation.channel).is_some_and(|abilities| abilities.files) {
        return Err(no_files());
    }
    let agent = writer(&app, &identity, id, agent).await?;
    if conversation.agent.as_ref() != Some(&agent) {
        return Err(ApiError::new(StatusCode::FORBIDDEN, "not_yours", "another agent has this conversation"));
    }
    keep(&app, id, &name, bytes).await
}

fn unfit(why: Unfit) -> ApiError {
    let (status, code, field) = match why {
        Unfit::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", "body"),
        Unfit::Empty => (StatusCode::BAD_REQUEST, "empty_file", "body"),
        Unfit::Runs => (StatusCode::BAD_REQUEST, "is_program", "name"),
        Unfit::Name => (StatusCode::BAD_REQUEST, "bad_request", "name"),
    };
    ApiError::new(status, code, why.to_string()).at(field)
}

/// Files do not go by this channel.
pub(super) fn no_files() -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "no_files", "no files go by this conversation's channel")
        .at("files")
}

/// The files that a message names, if each was uploaded for this conversation.
pub(super) async fn named(
    app: &App,
    id: kernel::InteractionId,
    wanted: Vec<NamedFile>,
) -> Answer<Vec<SentFile>> {
    if wanted.len() > FILES {
        return Err(ApiError::field("files", format!("are {}; at most {FILES}", wanted.len())));
    }
    let mut files = Vec::new();
    for NamedFile { name, url } in wanted {
        let file = SentFile { name, url, size: 0 };
        let found = match file.place() {
            Some((key, n)) if belongs(key, id) => app.reception.file(key, n).await,
            _ => None,
        };
        let missing = || ApiError::field("files", "must name files that were uploaded for this conversation");
        let size = found.ok_or_else(missing)?.len();
        let name = fitting(&file.name, size).map_err(unfit)?;
        files.push(SentFile { name, size: size as u64, ..file });
    }
    Ok(files)
}

/// A file that was uploaded for this conversation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NamedFile {
    /// How the customer sees it called.
    name: String,
    /// As the upload answered.
    url: String,
}
