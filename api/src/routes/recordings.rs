//! `/conversations/{id}/recording`: the sound of a call, whole or a part of it (RFC 9110 section 14).
//!
//! Promises: only supervisors, administrators and the agents who took part hear it; nothing is held in memory but a chunk.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures::stream;

use crate::RecordingFile;
use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::ConversationId;
use crate::state::App;

/// The recording of a call: customer left, staff right.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/recording", tag = "conversations", operation_id = "call_recording",
    params(("id" = String, Path), ("Range" = Option<String>, Header, description = "One range of bytes, as in `bytes=0-999`")),
    responses((status = 200, content_type = "audio/ogg", body = Vec<u8>), (status = 206, content_type = "audio/ogg", body = Vec<u8>),
        (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 416, body = ErrorBody)))]
pub(crate) async fn recording(
    State(app): State<App>,
    identity: Identity,
    ConversationId(id): ConversationId,
    headers: HeaderMap,
) -> Answer<Response> {
    let conversation = app.store.conversation(id).await?;
    let me = identity.agent();
    if !identity.supervises() && !conversation.legs.iter().any(|leg| leg.agent.as_ref() == Some(&me)) {
        return Err(ApiError::forbidden("only those who took part, supervisors and administrators hear it"));
    }
    let open = || {
        let floor = std::sync::Arc::clone(&app.floor);
        let began = conversation.started_at;
        async move {
            let found = tokio::task::spawn_blocking(move || floor.recording(id, began)).await;
            let file = found.map_err(|error| ApiError::ours(&error))??;
            file.ok_or_else(|| ApiError::not_found("recording of this conversation"))
        }
    };
    let mut file = open().await?;
    if !file.is_silenced() && hides_sound(&app, id).await? {
        app.floor.silence(id).await?;
        file = open().await?;
    }
    let length = file.length();
    let range = match headers.get(header::RANGE).map(|range| range.to_str().unwrap_or_default()) {
        None => None,
        Some(text) => Some(part(text, length).ok_or_else(|| {
            let message = format!("the recording has {length} bytes; ask for one range in them");
            ApiError::new(StatusCode::RANGE_NOT_SATISFIABLE, "bad_range", message)
        })?),
    };
    Ok(answer(file, range))
}

/// Whether something was said that must not be heard.
async fn hides_sound(app: &App, id: kernel::InteractionId) -> Answer<bool> {
    let mut after = 0;
    loop {
        let entries = app.store.entries(id, after, 1_000).await?;
        let Some(last) = entries.last() else { return Ok(false) };
        after = last.seq;
        let details = entries.iter().filter_map(|entry| entry.entry.detail.as_deref());
        let mut details = details.filter_map(|text| serde_json::from_str::<serde_json::Value>(text).ok());
        if details.any(|detail| detail.pointer("/hidden/0/start_ms").is_some()) {
            return Ok(true);
        }
    }
}

fn answer(file: Box<dyn RecordingFile>, range: Option<(u64, u64)>) -> Response {
    let (length, kind) = (file.length(), file.content_type());
    let (first, last) = range.unwrap_or((0, length.saturating_sub(1)));
    let size = if length == 0 { 0 } else { last - first + 1 };
    let mut response = Response::new(Body::from_stream(chunks(file, first, size)));
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_LENGTH, size.to_string()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        // Ranges are of these bytes: nothing on the way may compress them.
        (header::CONTENT_ENCODING, "identity".to_owned()),
    ];
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    if range.is_some() {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        if let Ok(value) = format!("bytes {first}-{last}/{length}").parse() {
            response.headers_mut().insert(header::CONTENT_RANGE, value);
        }
    }
    response.into_response()
}

/// The bytes, read piece by piece on threads that may block.
fn chunks(
    file: Box<dyn RecordingFile>,
    first: u64,
    size: u64,
) -> impl futures::Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold((file, first, size), |(mut file, at, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let read = tokio::task::spawn_blocking(move || file.read(at).map(|bytes| (file, bytes))).await;
        let (file, mut bytes) = read.map_err(std::io::Error::other)??;
        if bytes.is_empty() {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        bytes.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        let got = bytes.len() as u64;
        Ok(Some((Bytes::from(bytes), (file, at + got, left - got))))
    })
}

/// First and last byte of `bytes=A-B`, `bytes=A-` or `bytes=-N`; one range only.
fn part(text: &str, length: u64) -> Option<(u64, u64)> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let end = length.checked_sub(1)?;
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last && first <= end => Some((first, last.min(end))),
        (Ok(first), Err(_)) if last.is_empty() && first <= end => Some((first, end)),
        (Err(_), Ok(most)) if first.is_empty() && most > 0 => Some((length.saturating_sub(most), end)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn ranges_are_read_as_rfc_9110_says_and_nonsense_is_refused() {
        for (text, expected) in [
            ("bytes=0-99", Some((0, 99))),
            ("bytes=900-", Some((900, 999))),
            ("bytes=-100", Some((900, 999))),
            ("bytes=-5000", Some((0, 999))),
            ("bytes=990-5000", Some((990, 999))),
            ("bytes=1000-", None),
            ("bytes=5-4", None),
            ("bytes=-0", None),
            ("bytes=-", None),
            ("bytes=0-1,3-4", None),
            ("bytes=99999999999999999999-", None),
            ("items=0-1", None),
        ] {
            assert_eq!(part(text, 1000), expected, "{text}");
        }
        assert_eq!(part("bytes=0-", 0), None);
    }
}
