//! `/search`: what was said, written and noted, tickets and articles, with these words.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use desk::Channel;
use desk::search::{Part, SearchKind, question, snippet};
use kernel::{AgentName, QueueName};
use serde::{Deserialize, Serialize};
use store::{SearchFilter, SearchHit};
use utoipa::{IntoParams, ToSchema};

use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Params, page_size, text_within};
use crate::state::App;
use crate::view::{ChannelName, ListView, SearchKindName, SpeakerName, Stamp};

/// Longest question, in characters.
const QUESTION_CHARS: usize = 500;
/// Characters of a hit that are shown.
const SHOWN_CHARS: usize = 220;

/// What is looked for, and where.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Words in English or Chinese; all of them must be there. 1 to 500 characters.
    q: String,
    /// Only of these kinds, with commas between: `speech`, `message`, `note`, `ticket`, `article`.
    kind: Option<String>,
    /// Only on this road.
    #[param(value_type = Option<ChannelName>)]
    channel: Option<Channel>,
    /// Only of this queue.
    queue: Option<String>,
    /// Only of conversations and tickets of this agent, and what they wrote.
    agent: Option<String>,
    /// Only of this person.
    person: Option<i64>,
    /// Not before (RFC 3339).
    from: Option<String>,
    /// Only before (RFC 3339).
    until: Option<String>,
    /// 1 to 200; 50 unless said.
    limit: Option<u32>,
    /// Cursor: `next` of the page before.
    after: Option<String>,
}

/// A piece of a text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchPart {
    /// The text.
    pub text: String,
    /// Whether it is what was looked for.
    pub hit: bool,
}

/// Something found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SearchHit)]
pub(crate) struct SearchHitView {
    /// What it is.
    #[schema(value_type = SearchKindName)]
    pub kind: SearchKind,
    /// When it was said, written or last changed.
    pub at: Stamp,
    /// The text around the first word that was found.
    pub parts: Vec<SearchPart>,
    /// The conversation, of what was said, written and noted.
    pub conversation: Option<String>,
    /// The entry's position there.
    pub entry_seq: Option<i64>,
    /// The ticket, of tickets.
    pub ticket: Option<i64>,
    /// The article's key, of articles.
    pub article: Option<String>,
    /// The article's title.
    pub title: Option<String>,
    /// Who said it.
    #[schema(value_type = Option<SpeakerName>)]
    pub speaker: Option<desk::Speaker>,
    /// The agent who said or wrote it.
    pub author: Option<String>,
    /// The road.
    #[schema(value_type = Option<ChannelName>)]
    pub channel: Option<Channel>,
    /// The queue.
    pub queue: Option<String>,
    /// The agent it is or was last with.
    pub agent: Option<String>,
    /// The number or address the customer came from.
    pub caller: Option<String>,
    /// The customer's name.
    pub person: Option<String>,
    /// The customer.
    pub person_id: Option<i64>,
}

impl SearchHitView {
    fn new(hit: SearchHit, words: &[String]) -> Self {
        let part = |Part { text, hit }| SearchPart { text, hit };
        Self {
            kind: hit.kind,
            at: Stamp(hit.at),
            parts: snippet(&hit.text, words, SHOWN_CHARS).into_iter().map(part).collect(),
            conversation: hit.conversation.map(|id| id.to_string()),
            entry_seq: hit.entry_seq,
            ticket: hit.ticket,
            article: hit.article,
            title: hit.title,
            speaker: hit.speaker,
            author: hit.author.map(|name| name.as_str().to_owned()),
            channel: hit.channel,
            queue: hit.queue.map(|name| name.as_str().to_owned()),
            agent: hit.agent.map(|name| name.as_str().to_owned()),
            caller: hit.caller,
            person: hit.person,
            person_id: hit.person_id,
        }
    }
}

/// Reads a moment of a query.
pub(super) fn moment(field: &'static str, text: Option<&str>) -> Answer<Option<i64>> {
    let Some(text) = text else { return Ok(None) };
    let read = text.parse::<DateTime<Utc>>().map(|at| Some(at.timestamp_millis()));
    read.map_err(|_| ApiError::field(field, "is no moment; expected RFC 3339 like 2026-11-30T09:00:00Z"))
}

fn kinds(text: Option<&str>) -> Answer<Vec<SearchKind>> {
    let names = text.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
    names
        .map(|name| {
            SearchKind::from_name(name).ok_or_else(|| {
                let known: Vec<_> = SearchKind::ALL.iter().map(|kind| kind.name()).collect();
                let found: String = name.escape_default().take(40).collect();
                ApiError::field("kind", format!("has \"{found}\"; must be of {}", known.join(", ")))
            })
        })
        .collect()
}

/// What was said, written, noted, asked and explained with all of these words, newest first. A page may have fewer rows than
/// `limit`, even none, although `next` is there: go on with it.
#[utoipa::path(get, path = "/api/v1/search", tag = "search", operation_id = "search", params(Wanted),
    responses((status = 200, body = ListView<SearchHitView>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn search(
    State(app): State<App>,
    identity: Identity,
    Params(wanted): Params<Wanted>,
) -> Answer<Json<ListView<SearchHitView>>> {
    let asked = text_within("q", &wanted.q, QUESTION_CHARS)?;
    let filter = SearchFilter {
        kinds: kinds(wanted.kind.as_deref())?,
        channel: wanted.channel,
        queue: wanted.queue.map(QueueName::new),
        agent: wanted.agent.map(AgentName::new),
        person: wanted.person,
        from: moment("from", wanted.from.as_deref())?,
        until: moment("until", wanted.until.as_deref())?,
        now: app.clock.wall(),
        supervises: identity.supervises(),
        after: wanted.after,
        limit: page_size(wanted.limit)?,
        words: Vec::new(),
    };
    // The first question may have to wait for the dictionary.
    let words = tokio::task::spawn_blocking(move || question(&asked)).await;
    let words = words.map_err(|error| ApiError::ours(&error))?;
    if words.is_empty() {
        return Err(ApiError::field(
            "q",
            "has no word to look for; letters, digits or Chinese characters make words",
        ));
    }
    let page = app.store.search(SearchFilter { words: words.clone(), ..filter }).await?;
    let items = page.items.into_iter().map(|hit| SearchHitView::new(hit, &words)).collect();
    Ok(Json(ListView { items, next: page.next }))
}
