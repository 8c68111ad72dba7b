//! `/conversations`: the record of what customers and staff said, and orders on the live ones.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use desk::delivery::DeliveryStep;
use desk::export::Format;
use desk::files::{FILES, Particulars};
use desk::mention;
use desk::{Change, Entry, EntryKind, NewEntry, Speaker};
use kernel::{AgentName, InteractionId};
use serde::{Deserialize, Serialize};
use store::{ConversationFilter, Store, UserRole};
use utoipa::{IntoParams, ToSchema};

use super::customers;
use super::files::{self, NamedFile};
use super::mentions;
use super::people::People;
use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Body, ConversationId, Params, Segments, dedupe, message, page_size, text_within};
use crate::state::{App, Shared};
use crate::view::{
    ConversationDetail, ConversationView, DeliveryView, EntryView, ListView, PostedView, Stamp, WritingView,
};
use crate::{AgentCommand, AgentMessage, Posted, WatchMode};

/// Entries in one answer at most: two hours of brisk talk.
const ENTRIES: u32 = 10_000;
/// Entries in a file at most: a day of brisk talk.
const EXPORTED: u32 = 100_000;
/// Entries read from the store at a time.
const ENTRIES_PAGE: u32 = 1_000;
/// Longest subject, in characters: what mail programs show.
const SUBJECT_CHARS: usize = 200;
/// Digits in one order: a card number with room to spare.
const DIGITS: usize = 32;

/// Which conversations.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// `true`: only those not ended; `false`: only ended ones.
    open: Option<bool>,
    /// Only with this agent.
    agent: Option<String>,
    /// Only of this person.
    person: Option<i64>,
    /// 1 to 200; 50 unless said.
    limit: Option<u32>,
    /// Cursor: `next` of the page before.
    after: Option<String>,
}

/// Conversations, newest first.
#[utoipa::path(get, path = "/api/v1/conversations", tag = "conversations", operation_id = "conversations",
    params(Wanted),
    responses((status = 200, body = ListView<ConversationView>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn list(
    State(app): State<App>,
    _: Identity,
    Params(wanted): Params<Wanted>,
) -> Answer<Json<ListView<ConversationView>>> {
    let filter = ConversationFilter {
        open: wanted.open,
        agent: wanted.agent.map(AgentName::new),
        person: wanted.person,
        before: None,
        after: wanted.after,
        limit: page_size(wanted.limit)?,
    };
    let page = app.store.conversations(filter).await?;
    let mut people = People::new(&*app.store);
    let mut items = Vec::with_capacity(page.items.len());
    for conversation in page.items {
        items.push(people.conversation(conversation).await?);
    }
    Ok(Json(ListView { items, next: page.next }))
}

/// Which of its entries.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedEntries {
    /// Only after this position; 0 unless said.
    entries_after: Option<i64>,
    /// At most so many, 1 to 10000; 10000 unless said.
    entries_limit: Option<u32>,
}

/// A conversation with its entries.
#[utoipa::path(get, path = "/api/v1/conversations/{id}", tag = "conversations", operation_id = "conversation",
    params(("id" = String, Path), WantedEntries),
    responses((status = 200, body = ConversationDetail), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn one(
    State(app): State<App>,
    identity: Identity,
    ConversationId(id): ConversationId,
    Params(wanted): Params<WantedEntries>,
) -> Answer<Json<ConversationDetail>> {
    let most = match wanted.entries_limit {
        None => ENTRIES,
        Some(n @ 1..=ENTRIES) => n,
        Some(n) => {
            return Err(ApiError::field("entries_limit", format!("is {n}; must be 1 to {ENTRIES}")));
        }
    };
    let conversation = app.store.conversation(id).await?;
    let after = wanted.entries_after.unwrap_or(0).max(0);
    let (entries, entries_next) = entries(&*app.store, id, after, most).await?;
    let thread = app.store.thread(id).await?;
    let channel = conversation.channel;
    let conversation = People::new(&*app.store).conversation(conversation).await?;
    Ok(Json(ConversationDetail {
        writing: WritingView::of(channel, thread.as_ref()),
        deliveries: app.store.deliveries(id).await?.into_iter().map(DeliveryView::from).collect(),
        crm_url: app.config.crm.as_ref().map(|url| customers::elsewhere(url, &conversation, &identity)),
        conversation,
        entries: entries.into_iter().map(EntryView::from).collect(),
        entries_next,
    }))
}

/// As what.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedFormat {
    /// `text`, `json`, `srt`, `vtt` or `vcon`.
    format: String,
}

/// What was said and written in a conversation, as a file.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/transcript", tag = "conversations", operation_id = "transcript",
    params(("id" = String, Path), WantedFormat),
    responses((status = 200, body = String), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn transcript(
    State(app): State<App>,
    _: Identity,
    ConversationId(id): ConversationId,
    Params(wanted): Params<WantedFormat>,
) -> Answer<([(axum::http::HeaderName, &'static str); 1], String)> {
    let Some(format) = Format::from_name(&wanted.format) else {
        let known = Format::ALL.map(Format::name).join(", ");
        let found = wanted.format.escape_default().take(40).collect::<String>();
        return Err(ApiError::field("format", format!("is \"{found}\"; must be one of {known}")));
    };
    let conversation = app.store.conversation(id).await?;
    let (entries, _) = entries(&*app.store, id, 0, EXPORTED).await?;
    let text = desk::export::export(&conversation, &entries, format);
    Ok(([(axum::http::header::CONTENT_TYPE, format.media_type())], text))
}

/// Entries after a position, and the position to ask on after if there may be more.
pub(super) async fn entries(
    store: &dyn Store,
    id: InteractionId,
    mut after: i64,
    most: u32,
) -> Answer<(Vec<Entry>, Option<i64>)> {
    let mut all = Vec::new();
    let mut room = most;
    while room > 0 {
        let page = store.entries(id, after, room.min(ENTRIES_PAGE)).await?;
        let Some(last) = page.last() else { return Ok((all, None)) };
        after = last.seq;
        room = room.saturating_sub(u32::try_from(page.len()).unwrap_or(u32::MAX));
        all.extend(page);
    }
    let more = !store.entries(id, after, 1).await?.is_empty();
    Ok((all, more.then_some(after)))
}

/// A message to the customer, or a note.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMessage {
    /// 1 to 10 000 characters; may be empty where there are files.
    text: String,
    /// At most ten files that were uploaded for this conversation.
    #[serde(default)]
    #[schema(required = false)]
    files: Vec<NamedFile>,
    /// On channels that have subjects: another one than that of the customer's last letter; 1 to 200 characters.
    subject: Option<String>,
    /// Chosen by the sender (a UUID): the same one is recorded once.
    dedupe: Option<String>,
    /// Only for staff to read.
    #[serde(default)]
    #[schema(required = false)]
    note: bool,
    /// Administrators: the agent to write as.
    agent: Option<String>,
}

/// Write to the customer, or add a note.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/messages", tag = "conversations", operation_id = "write",
    params(("id" = String, Path)), request_body = NewMessage,
    responses((status = 201, body = PostedView), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub(crate) async fn write(
    State(app): State<App>,
    identity: Identity,
    ConversationId(id): ConversationId,
    Body(new): Body<NewMessage>,
) -> Answer<(StatusCode, Json<PostedView>)> {
    let NewMessage { text, files, subject, dedupe: key, note, agent } = new;
    let dedupe = dedupe(key)?;
    let posted = if note {
        if !files.is_empty() || subject.is_some() {
            return Err(ApiError::field("note", "a note is words alone, without files and subject"));
        }
        add_note(&app, identity.acting_as(agent)?, id, message(&text)?, dedupe).await?
    } else {
        let agent = writer(&app, &identity, id, agent).await?;
        let message = fitting(&app, id, text, files, subject).await?;
        PostedView::from(app.floor.agent_writes(&agent, id, message, dedupe).await?)
    };
    Ok((StatusCode::CREATED, Json(posted)))
}

/// The message, if it can go by the road that it takes.
async fn fitting(
    app: &App,
    id: InteractionId,
    text: String,
    files: Vec<NamedFile>,
    subject: Option<String>,
) -> Answer<AgentMessage> {
    let channel = app.store.conversation(id).await?.channel;
    let abilities = desk::channels::abilities(channel);
    let longest = abilities.map_or(usize::MAX, |abilities| abilities.longest);
    let text = if files.is_empty() || !text.trim().is_empty() { message(&text)? } else { String::new() };
    let count = text.chars().count();
    if count > longest {
        let message = format!("has {count} characters; at most {longest} go by this channel");
        return Err(ApiError::field("text", message));
    }
    if !files.is_empty() && !abilities.is_some_and(|abilities| abilities.files) {
        return Err(files::no_files());
    }
    if files.len() > FILES {
        return Err(ApiError::field("files", format!("are {}; at most {FILES}", files.len())));
    }
    if subject.is_some() && !abilities.is_some_and(|abilities| abilities.subject) {
        return Err(ApiError::field("subject", "messages of this channel have no subject"));
    }
    let subject = subject.map(|subject| text_within("subject", &subject, SUBJECT_CHARS)).transpose()?;
    let files = files::named(app, id, files).await?;
    Ok(AgentMessage { text, particulars: Particulars { files, subject } })
}

/// An entry of a conversation.
#[derive(Deserialize)]
pub(crate) struct EntryPath {
    id: String,
    seq: i64,
}

/// Send a message again that was given up.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/messages/{seq}/send-again", tag = "conversations", operation_id = "send_again",
    params(("id" = String, Path), ("seq" = i64, Path)),
    responses((status = 204), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn send_again(
    State(app): State<App>,
    identity: Identity,
    Segments(EntryPath { id, seq }): Segments<EntryPath>,
) -> Answer<StatusCode> {
    let id = id.parse().map_err(|_| ApiError::not_found("conversation"))?;
    let step = DeliveryStep::Again { by: identity.subject };
    app.floor.record(vec![Change::DeliveryMoved { id, seq, step, at: app.clock.wall() }]).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who writes: oneself, whom an administrator names, or, for an administrator's key, the agent who has the conversation.
pub(super) async fn writer(
    app: &Shared,
    identity: &Identity,
    id: InteractionId,
    wanted: Option<String>,
) -> Answer<AgentName> {
    if wanted.is_none() && identity.is_key() && identity.role == UserRole::Admin {
        let conversation = app.store.conversation(id).await?;
        return conversation.agent.ok_or_else(|| {
            let message = "no agent has this conversation yet; name one in `agent`";
            ApiError::new(StatusCode::CONFLICT, "wrong_state", message).at("agent")
        });
    }
    identity.acting_as(wanted)
}

/// Records a note: any staff, any conversation, also an ended one. Whom it calls by name stands in it as data.
pub(crate) async fn add_note(
    app: &Shared,
    author: AgentName,
    id: InteractionId,
    text: String,
    dedupe: Option<String>,
) -> Answer<PostedView> {
    let detail = mention::particulars(&mentions::called(app, &text).await?);
    let entry = NewEntry {
        at: app.clock.wall(),
        leg: None,
        speaker: Speaker::Agent,
        author: Some(author),
        kind: EntryKind::Note,
        text,
        detail,
        start_ms: None,
        end_ms: None,
        dedupe,
    };
    let events = app.floor.record(vec![Change::EntryAdded { id, entry }]).await?;
    let recorded = events.into_iter().find_map(|event| match event.change {
        Change::EntryAdded { entry, .. } => Some(Posted { seq: event.entry_seq?, at: entry.at }),
        _ => None,
    });
    recorded.map(PostedView::from).ok_or_else(|| ApiError::ours(&"a note was recorded without a position"))
}

/// On whose behalf.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ActingAs {
    /// Administrators: the agent to act as.
    agent: Option<String>,
}

/// An order on a conversation one holds or is offered.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/commands", tag = "conversations", operation_id = "command",
    params(("id" = String, Path), ActingAs), request_body = AgentCommand,
    responses((status = 204), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody), (status = 503, body = ErrorBody)))]
pub(crate) async fn command(
    State(app): State<App>,
    identity: Identity,
    ConversationId(id): ConversationId,
    Params(acting): Params<ActingAs>,
    Body(command): Body<AgentCommand>,
) -> Answer<StatusCode> {
    if let AgentCommand::Digits { digits } = &command {
        let keys = digits.chars().all(|key| key.is_ascii_digit() || key == '*' || key == '#');
        if digits.is_empty() || digits.len() > DIGITS || !keys {
            return Err(ApiError::field("digits", format!("must be 1 to {DIGITS} of 0–9, * and #")));
        }
    }
    let agent = identity.acting_as(acting.agent)?;
    app.floor.command(&agent, id, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How to take part.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Watching {
    /// `listen`, `whisper`, `barge` or `off`.
    mode: WatchMode,
}

/// Supervisors: listen to a call, whisper to its agent, barge in, or leave. The browser's media follows as for a call of one's own.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/watch", tag = "conversations", operation_id = "watch",
    params(("id" = String, Path)), request_body = Watching,
    responses((status = 204), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub(crate) async fn watch(
    State(app): State<App>,
    identity: Identity,
    ConversationId(id): ConversationId,
    Body(Watching { mode }): Body<Watching>,
) -> Answer<StatusCode> {
    if !identity.supervises() {
        return Err(ApiError::forbidden("only for supervisors and administrators"));
    }
    app.floor.watch(&identity.agent(), id, mode).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A session description (RFC 8866), as `RTCPeerConnection` makes and takes it.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sdp {
    /// The text.
    sdp: String,
}

impl Sdp {
    /// The text, if it can be an offer.
    pub(super) fn checked(self) -> Answer<String> {
        if self.sdp.starts_with("v=0") {
            return Ok(self.sdp);
        }
        let message = "must be the text of an SDP offer, which begins with `v=0`";
        Err(ApiError::new(StatusCode::BAD_REQUEST, "bad_sdp", message).at("sdp"))
    }
}

impl From<String> for Sdp {
    fn from(sdp: String) -> Self {
        Self { sdp }
    }
}

/// Bring the browser's media: at first and after every reload.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/media", tag = "conversations", operation_id = "attach_media",
    params(("id" = String, Path), ActingAs), request_body = Sdp,
    responses((status = 200, body = Sdp), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody), (status = 503, body = ErrorBody)))]
pub(crate) async fn media(
    State(app): State<App>,
    identity: Identity,
    ConversationId(id): ConversationId,
    Params(acting): Params<ActingAs>,
    Body(offer): Body<Sdp>,
) -> Answer<Json<Sdp>> {
    let sdp = offer.checked()?;
    let agent = identity.acting_as(acting.agent)?;
    let sdp = app.floor.attach(&agent, id, sdp).await?;
    Ok(Json(Sdp { sdp }))
}

/// A note's answer names the conversation it went to.
#[derive(Serialize, ToSchema)]
pub(crate) struct NotePosted {
    /// The ticket's latest conversation.
    pub conversation: String,
    /// Position there.
    pub seq: i64,
    /// When.
    pub at: Stamp,
}
