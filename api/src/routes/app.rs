//! `/app/{name}`: a company's own app. Its customers show a token that the company's own server signed (HS256).
//!
//! Promises: a message is recorded once per `Idempotency-Key`, and the answer to a repeat is the first one; a token opens
//! its own customer's conversations and no other. Leaves to others: pushing answers (the channel's outbox).

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use desk::identity::Identified;
use kernel::InteractionId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::widget::{Lines, WantedLines, issue_token, read_lines};
use crate::auth::{Presented, presented};
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Body, Params, message, page_size, text_within};
use crate::state::App;
use crate::view::{ChatStateName, Stamp};

/// Longest `Idempotency-Key`, in characters: a UUID has 36.
const KEY_CHARS: usize = 100;

/// A customer of an app, by the word of the app's server.
pub(crate) struct Customer {
    channel: String,
    who: Identified,
}

impl FromRequestParts<App> for Customer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        let refused = |why: &str| ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", why);
        let Path(channel) = Path::<String>::from_request_parts(parts, app)
            .await
            .map_err(|error| ApiError::field("name", error.body_text()))?;
        let Presented::Bearer(token) = presented(&parts.headers)? else {
            return Err(refused("send `Authorization: Bearer` with the token that the app's server signed"));
        };
        match app.reception.identify(Some(&channel), &token) {
            Some(Ok(who)) => Ok(Self { channel, who }),
            Some(Err(why)) => Err(refused(why)),
            // Whether there is such an app is nobody's business who cannot sign for it.
            None => Err(refused("no such app, or not signed for it")),
        }
    }
}

/// What the customer writes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppMessage {
    /// 1 to 10 000 characters.
    text: String,
}

/// A message is in the record.
#[derive(Serialize, ToSchema)]
pub(crate) struct AppPosted {
    /// The conversation it is in.
    conversation: String,
    /// Its position there.
    seq: i64,
    /// When it was recorded first.
    at: Stamp,
}

/// Write; a conversation begins if none is open. The header `Idempotency-Key` names the message: a repeat gets the first answer.
#[utoipa::path(post, path = "/api/v1/app/{name}/messages", tag = "app", operation_id = "app_write", security(("customer" = [])),
    params(("name" = String, Path), ("Idempotency-Key" = String, Header)), request_body = AppMessage,
    responses((status = 201, body = AppPosted), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 409, body = ErrorBody), (status = 429, body = ErrorBody), (status = 503, body = ErrorBody)))]
pub(crate) async fn write(
    State(app): State<App>,
    customer: Customer,
    headers: HeaderMap,
    Body(new): Body<AppMessage>,
) -> Answer<(StatusCode, Json<AppPosted>)> {
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
    let key = text_within("Idempotency-Key", key, KEY_CHARS)?;
    let text = message(&new.text)?;
    let Customer { channel, who } = customer;
    app.chat_posts
        .take(&format!("{channel}/{}", who.subject), app.clock.wall())
        .map_err(ApiError::throttled)?;
    let taken = app.reception.app_writes(&channel, who, text, key).await?;
    if !taken.same {
        let message = "another message was sent under this key";
        return Err(ApiError::new(StatusCode::CONFLICT, "key_reused", message).at("Idempotency-Key"));
    }
    let posted =
        AppPosted { conversation: taken.conversation.to_string(), seq: taken.seq, at: Stamp(taken.at) };
    Ok((StatusCode::CREATED, Json(posted)))
}

async fn newest(app: &App, customer: &Customer) -> Answer<Option<InteractionId>> {
    Ok(app.store.latest_thread(&customer.channel, &customer.who.subject).await?)
}

/// The customer's newest conversation.
#[derive(Serialize, ToSchema)]
pub(crate) struct AppLines {
    /// Its id; null when there never was one.
    conversation: Option<String>,
    #[serde(flatten)]
    lines: Lines,
}

/// Lines of the newest conversation, oldest first.
#[utoipa::path(get, path = "/api/v1/app/{name}/messages", tag = "app", operation_id = "app_lines", security(("customer" = [])),
    params(("name" = String, Path), WantedLines),
    responses((status = 200, body = AppLines), (status = 401, body = ErrorBody)))]
pub(crate) async fn lines(
    State(app): State<App>,
    customer: Customer,
    Params(wanted): Params<WantedLines>,
) -> Answer<Json<AppLines>> {
    let most = page_size(wanted.limit)? as usize;
    let Some(id) = newest(&app, &customer).await? else {
        let lines = Lines { items: Vec::new(), next: None, state: ChatStateName::Ended };
        return Ok(Json(AppLines { conversation: None, lines }));
    };
    let state = app.store.conversation(id).await?.state.into();
    let (items, next) = read_lines(&app, id, wanted.after.unwrap_or(0).max(0), most).await?;
    Ok(Json(AppLines { conversation: Some(id.to_string()), lines: Lines { items, next, state } }))
}

/// What opens the live socket of the open conversation.
#[derive(Serialize, ToSchema)]
pub(crate) struct AppSession {
    /// The conversation; use it with `/api/v1/widget/chats/{id}/events`.
    conversation: String,
    /// The token for it.
    token: String,
}

/// A token for the live socket of the customer's open conversation.
#[utoipa::path(post, path = "/api/v1/app/{name}/session", tag = "app", operation_id = "app_session", security(("customer" = [])),
    params(("name" = String, Path)),
    responses((status = 201, body = AppSession), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn session(
    State(app): State<App>,
    customer: Customer,
) -> Answer<(StatusCode, Json<AppSession>)> {
    let open = app.reception.open_with(&customer.channel, &customer.who);
    let id = open.ok_or_else(|| ApiError::not_found("open conversation; write first"))?;
    let token = issue_token(&app, id).await?;
    Ok((StatusCode::CREATED, Json(AppSession { conversation: id.to_string(), token })))
}
