//! Extractors that answer bad input in our one error shape: which field, what was found, what would be right.

use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use bytes::Bytes;
use kernel::InteractionId;
use kernel::limits::MESSAGE_CHARS;
use serde::de::DeserializeOwned;

use crate::error::{Answer, ApiError};

/// Longest `dedupe`, in characters: a UUID has 36.
const DEDUPE_CHARS: usize = 100;

/// Rows in a page of a list at most: an answer stays readable, and quick to make.
const MOST_ROWS: u32 = 200;

/// A JSON body.
pub(crate) struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Answer<Self> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(is_json) {
            let message = "the body must be JSON: send `Content-Type: application/json`";
            return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|error| unreadable(&error))?;
        parse(&bytes).map(Self)
    }
}

fn is_json(kind: &str) -> bool {
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn unreadable(error: &BytesRejection) -> ApiError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let message = format!("the body is larger than {} bytes", kernel::limits::JSON_BYTES);
        return ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message);
    }
    ApiError::new(StatusCode::BAD_REQUEST, "bad_request", error.body_text())
}

/// Parses a body or socket message.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Answer<T> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() {
            let error = ApiError::new(StatusCode::BAD_REQUEST, "bad_request", inner.to_string());
            if path == "." { error } else { error.at(path) }
        } else {
            not_json(&inner)
        }
    })?;
    json.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "bad_json", format!("not JSON: {error}"))
}

/// Query parameters.
pub(crate) struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Answer<Self> {
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(params)) => Ok(Self(params)),
            Err(error) => {
                // axum's text: "Failed to deserialize query string: FIELD: what was wrong".
                let text = error.body_text();
                let rest = text.split_once(": ").map_or(text.as_str(), |(_, rest)| rest);
                Err(match rest.split_once(": ") {
                    Some((field, what)) if !field.contains(' ') => {
                        ApiError::field(field, expected(field, what))
                    }
                    _ => ApiError::new(StatusCode::BAD_REQUEST, "bad_request", rest),
                })
            }
        }
    }
}

/// What would be right, where the parser of numbers only says what was wrong with the digits.
fn expected(field: &str, what: &str) -> String {
    match what {
        "invalid digit found in string" | "cannot parse integer from empty string" if field == "limit" => {
            format!("must be a whole number, 1 to {MOST_ROWS}")
        }
        "invalid digit found in string" | "cannot parse integer from empty string" => {
            "must be a whole number".to_owned()
        }
        "number too large to fit in target type" if field == "limit" => format!("must be 1 to {MOST_ROWS}"),
        _ => what.to_owned(),
    }
}

/// What the path names, whatever its shape.
pub(crate) struct Segments<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Segments<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let found = Path::<T>::from_request_parts(parts, state).await;
        found.map(|Path(found)| Self(found)).map_err(|error| {
            // axum's text: "Invalid URL: Cannot parse `FIELD` with value `…` to a `i64`".
            let text = error.body_text();
            let field = text.split('`').nth(1).unwrap_or("path").to_owned();
            ApiError::field(field, text)
        })
    }
}

/// The number of what one has already: 0 or more.
pub(crate) fn resumed(after: Option<i64>) -> Answer<Option<i64>> {
    match after {
        Some(n) if n < 0 => Err(ApiError::field("after", format!("is {n}; must be 0 or more"))),
        after => Ok(after),
    }
}

/// The `{id}` of a conversation in the path.
pub(crate) struct ConversationId(pub InteractionId);

impl<S: Send + Sync> FromRequestParts<S> for ConversationId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|error| ApiError::field("id", error.body_text()))?;
        text.parse().map(Self).map_err(|_| {
            ApiError::field("id", "not a conversation id; expected two hex numbers with a dash between them")
        })
    }
}

/// The `{id}` of a ticket in the path.
pub(crate) struct TicketId(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for TicketId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        Path::<i64>::from_request_parts(parts, state)
            .await
            .map(|Path(id)| Self(id))
            .map_err(|_| ApiError::field("id", "a ticket id is a number from 1"))
    }
}

/// Text within bounds, after trimming what is invisible at its ends.
pub(crate) fn text_within(field: &'static str, text: &str, most: usize) -> Answer<String> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(ApiError::field(field, "must not be empty")),
        n if n > most => Err(ApiError::field(field, format!("has {n} characters; at most {most}"))),
        _ if text.contains('\0') => Err(ApiError::field(field, "must not contain a NUL character")),
        _ => Ok(text.to_owned()),
    }
}

/// A message of a person.
pub(crate) fn message(text: &str) -> Answer<String> {
    text_within("text", text, MESSAGE_CHARS)
}

/// A sender's key against double records.
pub(crate) fn dedupe(key: Option<String>) -> Answer<Option<String>> {
    key.map(|key| text_within("dedupe", &key, DEDUPE_CHARS)).transpose()
}

/// The size of a page of a list.
pub(crate) fn page_size(limit: Option<u32>) -> Answer<u32> {
    match limit {
        None => Ok(50),
        Some(n @ 1..=MOST_ROWS) => Ok(n),
        Some(n) => Err(ApiError::field("limit", format!("is {n}; must be 1 to {MOST_ROWS}"))),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only parsed")]
        inner: Inner,
    }

    #[derive(Debug, Deserialize)]
    struct Inner {
        #[expect(dead_code, reason = "only parsed")]
        n: u8,
    }

    fn wrong(text: &str) -> (String, String, Option<String>) {
        let detail = parse::<Outer>(text.as_bytes()).expect_err("is wrong").into_detail();
        (detail.code.to_owned(), detail.message, detail.field)
    }

    #[test]
    fn a_wrong_body_is_told_where_it_is_wrong() {
        let (code, message, field) = wrong(r#"{"inner": {"n": 300}}"#);
        assert_eq!((code.as_str(), field.as_deref()), ("bad_request", Some("inner.n")));
        assert!(message.contains("expected u8"), "{message}");
        let (code, message, _) = wrong(r#"{"inner": {"n": 3}"#);
        assert_eq!(code, "bad_json");
        assert!(message.contains("line 1 column"), "{message}");
        let (_, message, _) = wrong(r#"{"outer": 1}"#);
        assert!(message.contains("unknown field `outer`, expected `inner`"), "{message}");
        assert_eq!(wrong(r#"{"inner": {"n": 3}} more"#).0, "bad_json");
    }

    #[test]
    fn text_is_trimmed_and_bounded() {
        assert_eq!(text_within("text", "  hi\n", 2).expect("fits"), "hi");
        assert!(text_within("text", " \n ", 2).is_err());
        assert!(text_within("text", "abc", 2).is_err());
        assert!(text_within("text", "喂喂", 2).is_ok());
    }
}
