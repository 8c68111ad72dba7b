//! `/hooks/{name}`: the web hooks of channels. Who may post is the channel's affair: each checks its own signature.
//!
//! Promises: the answer comes after the record; a body is limited before it is read.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use desk::channels::{BODY_BYTES, Request};

use crate::error::{Answer, ApiError};
use crate::state::App;

pub(crate) async fn hook(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
    method: Method,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Answer<Response> {
    let too_large = || {
        let message = format!("the body is larger than {BODY_BYTES} bytes");
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
    };
    let body = body.map_err(|_| too_large())?;
    if body.len() > BODY_BYTES {
        return Err(too_large());
    }
    let headers = headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect();
    let request = Request { method: method.as_str().to_owned(), query, headers, body: body.to_vec().into() };
    let (kind, text) = app.reception.hook(&name, request).await.map_err(|refused| {
        let status = StatusCode::from_u16(refused.status).unwrap_or(StatusCode::BAD_REQUEST);
        let error = ApiError::new(status, refused.code, refused.message);
        if status == StatusCode::SERVICE_UNAVAILABLE { error.retry(5) } else { error }
    })?;
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
