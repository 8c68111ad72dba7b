//! `/event-hooks`: programs that are told what happens, and how each telling went. Administrators only.
//!
//! Promises: a hook's secret is shown once, when it is made; its server is one that the configuration allows; each change
//! is in the audit trail. Leaves to others: telling (`gateway`).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use desk::alerts::origin_and_path;
use desk::event_hooks::{EventDelivery, EventHook, EventKind, HookDraft, HookState, HookStep, TRIAL};
use desk::{Change, WallMillis};
use kernel::Secret;
use serde::{Deserialize, Serialize};
use store::{Event, StoreError};
use utoipa::{IntoParams, ToSchema};

use crate::auth::Administrator;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::password::{new_token, token_hash};
use crate::request::{Body, Params, Segments, page_size, text_within};
use crate::state::{App, Shared};
use crate::view::{DeliveryStateName, EventKindName, EventView, HookStateName, ListView, Stamp};

/// Most hooks: each reads along.
const HOOKS: usize = 50;
/// Longest URL.
const URL_CHARS: usize = 2000;

/// A program that is told what happens.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventHook)]
pub(crate) struct EventHookView {
    /// Its name.
    pub id: String,
    /// Where it is told.
    pub url: String,
    /// Of what.
    #[schema(value_type = Vec<EventKindName>)]
    pub kinds: Vec<EventKind>,
    /// Whether it is told.
    #[schema(value_type = HookStateName)]
    pub state: HookState,
    /// Every event up to this one is dealt with.
    pub sequence: i64,
    /// How many events it has not looked at yet.
    pub behind: i64,
    /// Failures in a row.
    pub failures: i64,
    /// When it is tried again, where something failed.
    pub next_try_at: Option<Stamp>,
    /// Why it failed last.
    pub why: Option<String>,
    /// Since when there is it.
    pub created_at: Stamp,
    /// Who made it.
    pub created_by: String,
}

impl EventHookView {
    fn of(hook: EventHook, last: i64) -> Self {
        let waits = hook.failures > 0 && hook.draft.state == HookState::Active;
        Self {
            id: hook.id,
            url: hook.draft.url,
            kinds: hook.draft.kinds,
            state: hook.draft.state,
            sequence: hook.place.sequence,
            behind: (last - hook.place.sequence).max(0),
            failures: hook.failures,
            next_try_at: waits.then_some(Stamp(hook.due_at)),
            why: hook.why,
            created_at: Stamp(hook.created_at),
            created_by: hook.created_by,
        }
    }
}

/// A hook and what signs its requests. The secret is shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct HookMade {
    /// The hook.
    pub hook: EventHookView,
    /// The key of the HMAC.
    pub secret: String,
}

/// How an event was told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventDelivery)]
pub(crate) struct EventDeliveryView {
    /// The name by which the receiver knows a second try from a second event.
    pub id: String,
    /// The event's `seq`; 0: a test.
    pub sequence: i64,
    /// Its kind; null: a test.
    #[schema(value_type = Option<EventKindName>)]
    pub kind: Option<EventKind>,
    /// Whether it arrived.
    #[schema(value_type = DeliveryStateName)]
    pub state: desk::delivery::DeliveryState,
    /// How often it was tried.
    pub tries: i64,
    /// Status of the last answer; null: none came.
    pub status: Option<i64>,
    /// Why the last try failed.
    pub why: Option<String>,
    /// How the last answer began.
    pub answer: Option<String>,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
    /// When that was.
    pub at: Stamp,
}

impl EventDeliveryView {
    fn of(hook: &str, one: EventDelivery) -> Self {
        Self {
            id: format!("{hook}.{}", one.sequence),
            sequence: one.sequence,
            kind: one.kind,
            state: one.state,
            tries: one.tries,
            status: one.outcome.status,
            why: one.outcome.why,
            answer: one.outcome.answer,
            took_ms: one.outcome.took_ms,
            at: Stamp(one.at),
        }
    }
}

/// What is POSTed to a hook.
#[derive(Serialize)]
struct Told<'a> {
    id: &'a str,
    hook: &'a str,
    kind: EventKind,
    #[serde(flatten)]
    event: EventView,
}

/// The body that tells a hook of an event.
#[must_use]
pub fn event_body(id: &str, hook: &str, kind: EventKind, event: Event) -> String {
    let told = Told { id, hook, kind, event: event.into() };
    serde_json::to_string(&told).unwrap_or_default()
}

/// The body of a test.
#[must_use]
pub fn trial_body(id: &str, hook: &str, at: WallMillis) -> String {
    serde_json::json!({ "id": id, "hook": hook, "kind": "test", "seq": TRIAL, "at": Stamp(at) }).to_string()
}

async fn hooks(app: &Shared) -> Answer<Vec<EventHook>> {
    Ok(app.store.event_hooks().await?)
}

async fn known(app: &Shared, id: &str) -> Answer<EventHook> {
    let found = hooks(app).await?.into_iter().find(|hook| hook.id == id);
    found.ok_or_else(|| ApiError::not_found("event hook"))
}

async fn shown(app: &Shared, id: &str) -> Answer<EventHookView> {
    let last = app.store.last_event().await?;
    Ok(EventHookView::of(known(app, id).await?, last))
}

/// A URL of a server that may be told.
fn checked_url(app: &Shared, url: &str) -> Answer<String> {
    let url = text_within("url", url, URL_CHARS)?;
    let right = "must read https://HOST/PATH, or http:// of a server of yours";
    let (origin, _) = origin_and_path(&url).ok_or_else(|| ApiError::field("url", right))?;
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    if app.config.outside_hosts.iter().any(|allowed| allowed == host) {
        return Ok(url);
    }
    let message = format!("the server `{host}` is not among `[http] hosts` of the configuration");
    Err(ApiError::new(StatusCode::BAD_REQUEST, "host_not_allowed", message).at("url"))
}

fn checked_kinds(mut kinds: Vec<EventKind>) -> Answer<Vec<EventKind>> {
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() { Err(ApiError::field("kinds", "must name one at least")) } else { Ok(kinds) }
}

async fn save(app: &Shared, id: &str, draft: Option<HookDraft>, by: String) -> Answer<()> {
    let change = Change::HookChanged { hook: id.to_owned(), draft, by, at: app.clock.wall() };
    app.floor.record(vec![change]).await?;
    Ok(())
}

/// Programs that are told what happens, the oldest first.
#[utoipa::path(get, path = "/api/v1/event-hooks", tag = "event hooks", operation_id = "event_hooks",
    responses((status = 200, body = ListView<EventHookView>), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub(crate) async fn list(State(app): State<App>, _: Administrator) -> Answer<Json<ListView<EventHookView>>> {
    let last = app.store.last_event().await?;
    let items = hooks(&app).await?.into_iter().map(|hook| EventHookView::of(hook, last)).collect();
    Ok(Json(ListView { items, next: None }))
}

/// Whom to tell of what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewHook {
    /// Where to POST; its host must be among `[http] hosts` of the configuration.
    url: String,
    /// Of what.
    #[schema(value_type = Vec<EventKindName>)]
    kinds: Vec<EventKind>,
}

/// Tell a program what happens from now on. The secret in the answer is shown this once.
#[utoipa::path(post, path = "/api/v1/event-hooks", tag = "event hooks", operation_id = "make_event_hook",
    request_body = NewHook,
    responses((status = 201, body = HookMade), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody)))]
pub(crate) async fn make(
    State(app): State<App>,
    Administrator(identity): Administrator,
    Body(NewHook { url, kinds }): Body<NewHook>,
) -> Answer<(StatusCode, Json<HookMade>)> {
    if hooks(&app).await?.len() >= HOOKS {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            "too_many",
            format!("there are {HOOKS} event hooks already"),
        ));
    }
    let draft =
        HookDraft { url: checked_url(&app, &url)?, kinds: checked_kinds(kinds)?, state: HookState::Active };
    let id: String = token_hash(&new_token().0).chars().take(12).collect();
    // First: a hook without a secret could not be told.
    let secret = fresh_secret(&app, &id).await?;
    save(&app, &id, Some(draft), identity.subject).await?;
    Ok((StatusCode::CREATED, Json(HookMade { hook: shown(&app, &id).await?, secret })))
}

async fn fresh_secret(app: &Shared, id: &str) -> Answer<String> {
    let secret = format!("whsec_{}", new_token().0);
    app.store.put_hook_secret(id, &Secret::new(secret.clone())).await?;
    Ok(secret)
}

/// What is to be different; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HookEdit {
    /// Where to POST.
    url: Option<String>,
    /// Of what.
    #[schema(value_type = Option<Vec<EventKindName>>)]
    kinds: Option<Vec<EventKind>>,
    /// Whether it is told. What happened while it was stopped is told when it goes on.
    running: Option<bool>,
}

/// Change a hook. A parked one goes on from where it stopped.
#[utoipa::path(patch, path = "/api/v1/event-hooks/{id}", tag = "event hooks", operation_id = "change_event_hook",
    params(("id" = String, Path)), request_body = HookEdit,
    responses((status = 200, body = EventHookView), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn change(
    State(app): State<App>,
    Administrator(identity): Administrator,
    Segments(id): Segments<String>,
    Body(edit): Body<HookEdit>,
) -> Answer<Json<EventHookView>> {
    let HookDraft { url, kinds, state } = known(&app, &id).await?.draft;
    let url = edit.url.map_or(Ok(url), |url| checked_url(&app, &url))?;
    let kinds = edit.kinds.map_or(Ok(kinds), checked_kinds)?;
    let state = match (edit.running, state) {
        (Some(false), _) | (None, HookState::Stopped) => HookState::Stopped,
        (Some(true), _) | (None, HookState::Active | HookState::Parked) => HookState::Active,
    };
    save(&app, &id, Some(HookDraft { url, kinds, state }), identity.subject).await?;
    Ok(Json(shown(&app, &id).await?))
}

/// Remove a hook.
#[utoipa::path(delete, path = "/api/v1/event-hooks/{id}", tag = "event hooks", operation_id = "remove_event_hook",
    params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn remove(
    State(app): State<App>,
    Administrator(identity): Administrator,
    Segments(id): Segments<String>,
) -> Answer<StatusCode> {
    known(&app, &id).await?;
    save(&app, &id, None, identity.subject).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a hook a new secret; the old one signs no more. It is shown this once.
#[utoipa::path(post, path = "/api/v1/event-hooks/{id}/secret", tag = "event hooks", operation_id = "new_event_hook_secret",
    params(("id" = String, Path)),
    responses((status = 200, body = HookMade), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub(crate) async fn new_secret(
    State(app): State<App>,
    Administrator(identity): Administrator,
    Segments(id): Segments<String>,
) -> Answer<Json<HookMade>> {
    let draft = known(&app, &id).await?.draft;
    let secret = fresh_secret(&app, &id).await?;
    // In the audit trail, too, and a parked hook goes on.
    let state = if draft.state == HookState::Parked { HookState::Active } else { draft.state };
    save(&app, &id, Some(HookDraft { state, ..draft }), identity.subject).await?;
    Ok(Json(HookMade { hook: shown(&app, &id).await?, secret }))
}

/// Which deliveries.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Only before this event (`next` of an earlier page).
    before: Option<i64>,
    /// 1 to 200; 50 unless said.
    limit: Option<u32>,
}

/// How the telling of a hook went, newest first; kept three days.
#[utoipa::path(get, path = "/api/v1/event-hooks/{id}/deliveries", tag = "event hooks", operation_id = "event_deliveries",
    params(("id" = String, Path), Wanted),
    responses((status = 200, body = ListView<EventDeliveryView>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn deliveries(
    State(app): State<App>,
    _: Administrator,
    Segments(id): Segments<String>,
    Params(Wanted { before, limit }): Params<Wanted>,
) -> Answer<Json<ListView<EventDeliveryView>>> {
    known(&app, &id).await?;
    let limit = page_size(limit)?;
    let rows = app.store.hook_deliveries(&id, before, limit).await?;
    let full = rows.len() >= limit as usize;
    let next = rows.last().filter(|_| full).map(|one| one.sequence.to_string());
    let items = rows.into_iter().map(|one| EventDeliveryView::of(&id, one)).collect();
    Ok(Json(ListView { items, next }))
}

/// What is to be sent once more.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Replay {
    /// One event, once, under the same id.
    Event {
        /// Its `seq`.
        sequence: i64,
    },
    /// Every event after one, under the same ids, in order.
    After {
        /// Its `seq`.
        sequence: i64,
    },
}

/// Send an event, or everything after one, once more. Events keep their ids.
#[utoipa::path(post, path = "/api/v1/event-hooks/{id}/replay", tag = "event hooks", operation_id = "replay_events",
    params(("id" = String, Path)), request_body = Replay,
    responses((status = 202), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub(crate) async fn replay(
    State(app): State<App>,
    _: Administrator,
    Segments(id): Segments<String>,
    Body(replay): Body<Replay>,
) -> Answer<StatusCode> {
    let hook = known(&app, &id).await?;
    let step = match replay {
        Replay::Event { sequence } => {
            let event = match sequence {
                1.. => app.store.events_after(sequence - 1, 1).await?.pop(),
                _ => None,
            };
            let kind = event.and_then(|event| EventKind::of(&event.change));
            if kind.is_none_or(|kind| !hook.draft.kinds.contains(&kind)) {
                return Err(ApiError::not_found("event of the kinds of this hook").at("sequence"));
            }
            HookStep::Asked { sequence, kind }
        }
        Replay::After { sequence } => {
            let last = app.store.last_event().await?;
            if !(0..=last).contains(&sequence) {
                return Err(ApiError::field("sequence", format!("is {sequence}; must be 0 to {last}")));
            }
            HookStep::Rewound { sequence }
        }
    };
    taken(&app, &id, step).await
}

/// Send a test, also to a hook that is stopped or parked. How it went stands among its deliveries.
#[utoipa::path(post, path = "/api/v1/event-hooks/{id}/test", tag = "event hooks", operation_id = "test_event_hook",
    params(("id" = String, Path)),
    responses((status = 202), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn test(
    State(app): State<App>,
    _: Administrator,
    Segments(id): Segments<String>,
) -> Answer<StatusCode> {
    taken(&app, &id, HookStep::Asked { sequence: TRIAL, kind: None }).await
}

async fn taken(app: &Shared, id: &str, step: HookStep) -> Answer<StatusCode> {
    match app.store.hook_step(id, step, app.clock.wall()).await {
        Ok(()) => Ok(StatusCode::ACCEPTED),
        Err(StoreError::NotFound(_)) => Err(ApiError::not_found("event hook")),
        Err(error) => Err(error.into()),
    }
}
