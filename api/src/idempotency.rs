//! `Idempotency-Key` on POST: a request that is repeated under its key is answered as the first time, and done once.
//!
//! Promises: of two at once one is worked on; the answer is kept a day; the same key with another request is refused. Was the
//! process killed while it worked, the repetition is told so (`outcome_unknown`) instead of being done a second time.
//! Leaves to others: messages, which are recorded once by their `dedupe` for ever.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use desk::WallMillis;
use kernel::limits::JSON_BYTES;
use store::Kept;

use crate::auth::Identity;
use crate::error::{Answer, ApiError};
use crate::password::{new_token, token_hash};
use crate::state::{App, Shared};

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// On an answer that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Longest key, in characters: a UUID has 36.
const KEY_CHARS: usize = 100;
/// How long an answer is kept, in milliseconds.
const KEPT_MS: WallMillis = 24 * 3_600_000;
/// After this long without an answer nobody works on it any more: no handler takes so long.
const WORK_MS: WallMillis = 60_000;
/// Largest answer kept, in bytes.
const ANSWER_BYTES: usize = 256 << 10;

/// The layer behind the guard.
pub(crate) async fn once(State(app): State<App>, request: Request, next: Next) -> Answer<Response> {
    if *request.method() != Method::POST || !request.headers().contains_key(HEADER) {
        return Ok(next.run(request).await);
    }
    let key = key_of(request.headers())?;
    let subject = request.extensions().get::<Identity>().map(|identity| identity.subject.clone());
    let subject = subject.ok_or_else(ApiError::unauthorized)?;
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, JSON_BYTES).await.map_err(|_| {
        let message = format!("a request with an idempotency key has at most {JSON_BYTES} bytes");
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
    })?;
    let mut whole = format!("{} {}\n", parts.method, parts.uri).into_bytes();
    whole.extend_from_slice(&body);
    let hash = token_hash(&String::from_utf8_lossy(&whole));
    let now = app.clock.wall();
    if let Some(kept) = fresh(&app, &subject, &key, now).await? {
        return again(kept, &hash, now);
    }
    // Unique, so that of two that begin at once each knows who was first.
    let mark = format!("{hash}.{}", new_token().0);
    if !app.store.begin_kept((&subject, &key), &mark, now, now.saturating_sub(KEPT_MS)).await? {
        return match fresh(&app, &subject, &key, now).await? {
            Some(kept) => again(kept, &hash, now),
            None => Err(in_progress()),
        };
    }
    // On a task of its own: who hangs up before the answer must not leave a mark without one.
    let request = Request::from_parts(parts, Body::from(body));
    let work = tokio::spawn(async move { answered(&app, (&subject, &key), next.run(request).await).await });
    work.await.unwrap_or_else(|error| Err(ApiError::ours(&error)))
}

fn key_of(headers: &HeaderMap) -> Answer<String> {
    let key = headers.get(HEADER).and_then(|key| key.to_str().ok()).map(str::trim).unwrap_or_default();
    if key.is_empty() || key.len() > KEY_CHARS {
        let right = format!("1 to {KEY_CHARS} printable characters, such as a UUID");
        return Err(ApiError::field("Idempotency-Key", right));
    }
    Ok(key.to_owned())
}

/// What is kept, unless it is too old.
async fn fresh(app: &Shared, subject: &str, key: &str, now: WallMillis) -> Answer<Option<Kept>> {
    let kept = app.store.kept(subject, key).await?;
    Ok(kept.filter(|kept| kept.at >= now.saturating_sub(KEPT_MS)))
}

/// The answer to a repetition.
fn again(kept: Kept, hash: &str, now: WallMillis) -> Answer<Response> {
    let same = kept.request.split('.').next() == Some(hash);
    match kept.answer {
        _ if !same => {
            let message = "this idempotency key was used for another request";
            Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "key_reused", message).at("Idempotency-Key"))
        }
        Some((status, body)) => {
            let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok());
            let mut response = (status.unwrap_or(StatusCode::OK), body).into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
            Ok(response)
        }
        None if now.saturating_sub(kept.at) < WORK_MS => Err(in_progress()),
        None => {
            let message = "the process ended while it worked on this request: look whether it was done, then use a new key";
            Err(ApiError::new(StatusCode::CONFLICT, "outcome_unknown", message).at("Idempotency-Key"))
        }
    }
}

fn in_progress() -> ApiError {
    let message = "this request is being worked on";
    ApiError::new(StatusCode::CONFLICT, "in_progress", message).at("Idempotency-Key").retry(1)
}

/// Keeps what was answered and passes it on. What may go otherwise the next time (too many requests, a fault of ours) is not kept.
async fn answered(app: &Shared, (subject, key): (&str, &str), response: Response) -> Answer<Response> {
    let (parts, body) = response.into_parts();
    let json = parts
        .headers
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"application/json"));
    let passing = parts.status.is_server_error() || parts.status == StatusCode::TOO_MANY_REQUESTS;
    if passing || !json {
        app.store.end_kept(subject, key, None).await?;
        return Ok(Response::from_parts(parts, body));
    }
    let bytes = to_bytes(body, ANSWER_BYTES).await.map_err(|error| ApiError::ours(&error))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    app.store.end_kept(subject, key, Some((i64::from(parts.status.as_u16()), text))).await?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}
