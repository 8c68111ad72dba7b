//! What prompts sound like: those in service, a text that is being written, and recordings that people bring.

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use kernel::Lang;
use kernel::limits::MESSAGE_CHARS;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::Supervisor;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Body, Segments, text_within};
use crate::state::App;
use crate::view::LangCode;

/// Largest recording, in bytes: ten minutes of a phone's voice memo, or six of uncompressed 16 kHz.
const RECORDING_BYTES: usize = 12 << 20;

/// Routes whose bodies are sound.
pub(super) fn recordings() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(keep))
        .routes(routes!(recording))
        .layer(DefaultBodyLimit::max(RECORDING_BYTES))
}

fn wav(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "audio/wav")], bytes).into_response()
}

fn lang(code: &str) -> Answer<Lang> {
    Lang::from_code(code).ok_or_else(|| ApiError::field("lang", "one of `en` and `zh`"))
}

/// A prompt of the version in service, as callers hear it.
#[utoipa::path(get, path = "/api/v1/flows/{flow}/prompts/{prompt}/{lang}", tag = "flows", operation_id = "flow_prompt",
    params(("flow" = String, Path), ("prompt" = String, Path), ("lang" = LangCode, Path)),
    responses((status = 200, content_type = "audio/wav", body = Vec<u8>), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn prompt(
    State(app): State<App>,
    _: Supervisor,
    Segments((flow, prompt, code)): Segments<(String, String, String)>,
) -> Answer<Response> {
    let sound = app.studio.prompt(&flow, &prompt, lang(&code)?).await;
    sound.map(wav).ok_or_else(|| ApiError::not_found("prompt in service"))
}

/// A text to hear.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Say {
    /// 1 to 10 000 characters.
    text: String,
    /// In this language.
    #[schema(value_type = LangCode)]
    lang: Lang,
}

/// Hear a text in the voice of prompts.
#[utoipa::path(post, path = "/api/v1/voice", tag = "flows", operation_id = "say", request_body = Say,
    responses((status = 200, content_type = "audio/wav", body = Vec<u8>), (status = 400, body = ErrorBody),
        (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 503, body = ErrorBody)))]
pub(crate) async fn say(State(app): State<App>, _: Supervisor, Body(say): Body<Say>) -> Answer<Response> {
    let text = text_within("text", &say.text, MESSAGE_CHARS)?;
    Ok(wav(app.studio.say(text, say.lang).await?))
}

/// A recording that flows may name.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecordingKept {
    /// What to write after `file_en =` or `file_zh =`.
    file: String,
    /// How long it is.
    millis: u64,
}

/// Bring a recording, in any format that we read (wav, mp3, m4a, flac, ogg); it is kept as a wav file of the usual loudness.
#[utoipa::path(post, path = "/api/v1/recordings", tag = "flows", operation_id = "keep_recording",
    request_body(content_type = "application/octet-stream", content = Vec<u8>),
    responses((status = 201, body = RecordingKept), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 413, body = ErrorBody)))]
pub(crate) async fn keep(
    State(app): State<App>,
    _: Supervisor,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Answer<(StatusCode, Json<RecordingKept>)> {
    let bytes = body.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let message = format!("the recording is larger than {RECORDING_BYTES} bytes");
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
        }
        _ => ApiError::new(StatusCode::BAD_REQUEST, "bad_request", error.body_text()),
    })?;
    let kept = app.studio.keep_recording(bytes.to_vec()).await?;
    Ok((StatusCode::CREATED, Json(RecordingKept { file: kept.file, millis: kept.millis })))
}

/// A recording that was kept.
#[utoipa::path(get, path = "/api/v1/recordings/{file}", tag = "flows", operation_id = "recording",
    params(("file" = String, Path, description = "the part after `recordings/`")),
    responses((status = 200, content_type = "audio/wav", body = Vec<u8>), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn recording(
    State(app): State<App>,
    _: Supervisor,
    Segments(file): Segments<String>,
) -> Answer<Response> {
    let sound = app.studio.recording(&file).await;
    sound.map(wav).ok_or_else(|| ApiError::not_found("recording"))
}
