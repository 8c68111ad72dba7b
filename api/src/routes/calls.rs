//! `/widget/calls`: a customer calls from a web page, with pictures or without. No staff credential; a token per call.
//!
//! The rest is as for a chat: the same token opens `/widget/chats/{id}/events`, and `DELETE /widget/chats/{id}` hangs up.
//! Promises: a token opens its one call and nothing else; where the page reaches us from behind a firewall is told once.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use kernel::Lang;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::conversations::Sdp;
use super::ice::{IceServer, servers_for};
use super::widget::{admit, issue_token, name_of, visitor_address};
use crate::CallOpening;
use crate::auth::PeerAddress;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Body, ConversationId};
use crate::state::App;
use crate::view::LangCode;

/// A customer calls.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenCall {
    /// Random text of 16 to 64 characters `A–Z a–z 0–9 _ -`, made once per browser.
    visitor: String,
    /// Name they give, at most 80 characters.
    name: Option<String>,
    /// Language of the page.
    #[schema(value_type = LangCode)]
    lang: Lang,
    /// Whether pictures belong to it; else it is a voice call.
    #[serde(default)]
    #[schema(required = false)]
    video: bool,
}

/// A call that waits for the page's media.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpenedCall {
    /// Its id.
    conversation: String,
    /// What opens it: keep it, a page that is reloaded goes on with it.
    token: String,
    /// STUN and TURN servers for `RTCPeerConnection`.
    ice_servers: Vec<IceServer>,
}

/// Begin a call. It enters the flow when the page's media is connected.
#[utoipa::path(post, path = "/api/v1/widget/calls", tag = "widget", operation_id = "open_call", security(()), request_body = OpenCall,
    responses((status = 201, body = OpenedCall), (status = 400, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 429, body = ErrorBody), (status = 503, body = ErrorBody)))]
pub(crate) async fn open(
    State(app): State<App>,
    PeerAddress(peer): PeerAddress,
    Body(wish): Body<OpenCall>,
) -> Answer<(StatusCode, Json<OpenedCall>)> {
    let address = visitor_address(&wish.visitor)?;
    let name = name_of(wish.name)?;
    app.chats_opened.take(&peer, app.clock.wall()).map_err(ApiError::throttled)?;
    let opening = CallOpening { address, name, lang: wish.lang.code().to_owned(), video: wish.video };
    let id = app.floor.open_call(opening).await?;
    let token = issue_token(&app, id).await?;
    let ice_servers = servers_for(&app);
    Ok((StatusCode::CREATED, Json(OpenedCall { conversation: id.to_string(), token, ice_servers })))
}

/// Bring the page's media: at first, after every reload, and when the call's socket asks for it.
#[utoipa::path(post, path = "/api/v1/widget/calls/{id}/media", tag = "widget", operation_id = "attach_call",
    security(("chat" = [])), params(("id" = String, Path)), request_body = Sdp,
    responses((status = 200, body = Sdp), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 410, body = ErrorBody), (status = 429, body = ErrorBody)))]
pub(crate) async fn media(
    State(app): State<App>,
    ConversationId(id): ConversationId,
    headers: HeaderMap,
    Body(offer): Body<Sdp>,
) -> Answer<Json<Sdp>> {
    admit(&app, id, &headers).await?;
    app.chat_posts.take(&format!("{id} media"), app.clock.wall()).map_err(ApiError::throttled)?;
    let answer = app.floor.customer_attaches(id, offer.checked()?).await?;
    Ok(Json(Sdp::from(answer)))
}
