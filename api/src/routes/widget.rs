//! `/widget/chats`: the customer's side of a chat. No staff credential; a token per chat.
//!
//! Promises: a token opens its one chat and nothing else; only messages are shown, never notes, events or staff's names.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use desk::identity::Identified;
use kernel::{InteractionId, Lang};
use serde::{Deserialize, Serialize};
use store::{Credential, UserRole};
use utoipa::{IntoParams, ToSchema};

use super::files::{self, NamedFile};
use crate::ChatOpening;
use crate::auth::{PeerAddress, Presented, presented};
use crate::error::{Answer, ApiError, ErrorBody};
use crate::password::{chat_token_hash, new_token};
use crate::request::{Body, ConversationId, Params, dedupe, message, page_size, text_within};
use crate::state::{App, Shared};
use crate::view::{ChatStateName, LangCode, LineView, PostedView};

/// Longest name a customer may give, in characters.
const NAME_CHARS: usize = 80;
/// Entries read from the store at a time when looking for lines.
const ENTRIES_PAGE: u32 = 500;

/// A customer opens a chat.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenChat {
    /// Random text of 16 to 64 characters `A–Z a–z 0–9 _ -`, made once per browser.
    visitor: String,
    /// Name they give, at most 80 characters.
    name: Option<String>,
    /// Language of the page.
    #[schema(value_type = LangCode)]
    lang: Lang,
    /// Who the visitor is, signed by the company's own site (JSON Web Token, HS256: `sub`, `exp`, `name`).
    identity: Option<String>,
}

/// An open chat.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpenedChat {
    /// Its id.
    conversation: String,
    /// What opens it: keep it.
    token: String,
}

/// Open a chat, or come back to the open one of this visitor.
#[utoipa::path(post, path = "/api/v1/widget/chats", tag = "widget", operation_id = "open_chat", security(()), request_body = OpenChat,
    responses((status = 201, body = OpenedChat), (status = 400, body = ErrorBody), (status = 429, body = ErrorBody), (status = 503, body = ErrorBody)))]
pub(crate) async fn open(
    State(app): State<App>,
    PeerAddress(peer): PeerAddress,
    Body(wish): Body<OpenChat>,
) -> Answer<(StatusCode, Json<OpenedChat>)> {
    let visitor = visitor_address(&wish.visitor)?;
    let name = name_of(wish.name)?;
    app.chats_opened.take(&peer, app.clock.wall()).map_err(ApiError::throttled)?;
    let who = wish.identity.map(|token| identified(&app, &token)).transpose()?;
    let opening = ChatOpening {
        address: match &who {
            Some(who) => format!("user:{}", who.subject),
            None => visitor,
        },
        name: who.and_then(|who| who.name).or(name),
        lang: wish.lang.code().to_owned(),
        called: app.config.chat_entry.clone(),
    };
    let id = app.floor.open_chat(opening).await?;
    let token = issue_token(&app, id).await?;
    Ok((StatusCode::CREATED, Json(OpenedChat { conversation: id.to_string(), token })))
}

/// The address of a visitor, from what their browser made up.
pub(super) fn visitor_address(visitor: &str) -> Answer<String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !(16..=64).contains(&visitor.len()) || !visitor.chars().all(fits) {
        return Err(ApiError::field("visitor", "must be 16 to 64 of A–Z a–z 0–9 _ -"));
    }
    Ok(format!("chat:{visitor}"))
}

/// The name that a visitor gave, if they did.
pub(super) fn name_of(given: Option<String>) -> Answer<Option<String>> {
    let name = given.filter(|name| !name.trim().is_empty());
    name.map(|name| text_within("name", &name, NAME_CHARS)).transpose()
}

/// A new token that opens this conversation for its customer.
pub(crate) async fn issue_token(app: &Shared, id: InteractionId) -> Answer<String> {
    let now = app.clock.wall();
    let (token, _) = new_token();
    let lasts = i64::try_from(app.config.chat.as_millis()).unwrap_or(i64::MAX);
    let credential = Credential {
        token_hash: chat_token_hash(&token),
        subject: subject(id),
        role: UserRole::Agent, // The least there is; a `chat:` subject is refused wherever roles count.
        expires_at: Some(now.saturating_add(lasts)),
    };
    app.store.put_credential(credential).await?;
    Ok(token)
}

/// The customer, by the word of the company's own site.
fn identified(app: &Shared, token: &str) -> Answer<Identified> {
    let refused = |why: &str| ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", why).at("identity");
    match app.reception.identify(None, token) {
        Some(known) => known.map_err(refused),
        None => Err(refused("no `identity` secret is configured")),
    }
}

fn subject(id: InteractionId) -> String {
    format!("chat:{id}")
}

/// Whether the token opens this chat.
pub(crate) async fn admit_token(app: &Shared, id: InteractionId, token: &str) -> Answer<()> {
    let refused = || {
        let message = "send `Authorization: Bearer` with the token that opening this chat gave";
        ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
    };
    if token.len() > 256 {
        return Err(refused());
    }
    let credential = app.store.credential(&chat_token_hash(token), app.clock.wall()).await?;
    match credential {
        Some(credential) if credential.subject == subject(id) => Ok(()),
        _ => Err(refused()),
    }
}

pub(super) async fn admit(app: &Shared, id: InteractionId, headers: &HeaderMap) -> Answer<()> {
    match presented(headers)? {
        Presented::Bearer(token) => admit_token(app, id, &token).await,
        // The staff's cookie says nothing about a chat.
        Presented::Cookie(_) | Presented::Nothing => admit_token(app, id, "").await,
    }
}

/// Which lines.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedLines {
    /// Only after this position; 0 unless said.
    pub after: Option<i64>,
    /// 1 to 200; 50 unless said.
    pub limit: Option<u32>,
}

/// Lines of a chat.
#[derive(Serialize, ToSchema)]
pub(crate) struct Lines {
    /// Oldest first.
    pub items: Vec<LineView>,
    /// Ask on with `after=` this; null at the end.
    pub next: Option<i64>,
    /// Where the chat stands.
    pub state: ChatStateName,
}

/// The lines of a chat, oldest first.
#[utoipa::path(get, path = "/api/v1/widget/chats/{id}/lines", tag = "widget", operation_id = "chat_lines",
    security(("chat" = [])), params(("id" = String, Path), WantedLines),
    responses((status = 200, body = Lines), (status = 401, body = ErrorBody)))]
pub(crate) async fn lines(
    State(app): State<App>,
    ConversationId(id): ConversationId,
    Params(wanted): Params<WantedLines>,
    headers: HeaderMap,
) -> Answer<Json<Lines>> {
    admit(&app, id, &headers).await?;
    let most = page_size(wanted.limit)? as usize;
    let state = app.store.conversation(id).await?.state.into();
    let (items, next) = read_lines(&app, id, wanted.after.unwrap_or(0).max(0), most).await?;
    Ok(Json(Lines { items, next, state }))
}

pub(crate) async fn read_lines(
    app: &Shared,
    id: InteractionId,
    mut after: i64,
    most: usize,
) -> Answer<(Vec<LineView>, Option<i64>)> {
    let mut items = Vec::new();
    loop {
        let page = app.store.entries(id, after, ENTRIES_PAGE).await?;
        let Some(last) = page.last() else { return Ok((items, None)) };
        after = last.seq;
        for line in page.iter().filter_map(LineView::of) {
            if items.len() == most {
                let next = items.last().map(|line: &LineView| line.seq);
                return Ok((items, next));
            }
            items.push(line);
        }
    }
}

/// What the customer writes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLine {
    /// 1 to 10 000 characters; may be empty where there are files.
    text: String,
    /// At most ten files that were uploaded for this chat.
    #[serde(default)]
    #[schema(required = false)]
    files: Vec<NamedFile>,
    /// Chosen by the page (a UUID): the same one is recorded once.
    dedupe: String,
}

/// The customer writes.
#[utoipa::path(post, path = "/api/v1/widget/chats/{id}/messages", tag = "widget", operation_id = "chat_write",
    security(("chat" = [])), params(("id" = String, Path)), request_body = NewLine,
    responses((status = 201, body = PostedView), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 410, body = ErrorBody), (status = 429, body = ErrorBody)))]
pub(crate) async fn write(
    State(app): State<App>,
    ConversationId(id): ConversationId,
    headers: HeaderMap,
    Body(new): Body<NewLine>,
) -> Answer<(StatusCode, Json<PostedView>)> {
    admit(&app, id, &headers).await?;
    app.chat_posts.take(&id.to_string(), app.clock.wall()).map_err(ApiError::throttled)?;
    let files = files::named(&app, id, new.files).await?;
    let text =
        if files.is_empty() || !new.text.trim().is_empty() { message(&new.text)? } else { String::new() };
    let posted = app.floor.customer_writes(id, text, files, dedupe(Some(new.dedupe))?).await?;
    Ok((StatusCode::CREATED, Json(posted.into())))
}

/// Whether the customer types.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TypingNow {
    /// On or off.
    on: bool,
}

/// The customer types, or stopped.
#[utoipa::path(post, path = "/api/v1/widget/chats/{id}/typing", tag = "widget", operation_id = "chat_typing",
    security(("chat" = [])), params(("id" = String, Path)), request_body = TypingNow,
    responses((status = 204), (status = 401, body = ErrorBody), (status = 429, body = ErrorBody)))]
pub(crate) async fn typing(
    State(app): State<App>,
    ConversationId(id): ConversationId,
    headers: HeaderMap,
    Body(TypingNow { on }): Body<TypingNow>,
) -> Answer<StatusCode> {
    admit(&app, id, &headers).await?;
    app.chat_posts.take(&format!("{id} typing"), app.clock.wall()).map_err(ApiError::throttled)?;
    app.floor.customer_typing(id, on);
    Ok(StatusCode::NO_CONTENT)
}

/// The customer leaves.
#[utoipa::path(delete, path = "/api/v1/widget/chats/{id}", tag = "widget", operation_id = "leave_chat",
    security(("chat" = [])), params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = ErrorBody)))]
pub(crate) async fn leave(
    State(app): State<App>,
    ConversationId(id): ConversationId,
    headers: HeaderMap,
) -> Answer<StatusCode> {
    admit(&app, id, &headers).await?;
    app.floor.customer_leaves(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
