//! `/flows`: looked at, drawn, published, taken back. For supervisors and administrators.
//!
//! Promises: nothing here decides whether a flow is good: the compiler of `voxdesk flow check` does. Leaves to others:
//! putting a version into service (`Studio`), keeping versions and drafts (`store`).

mod draft;
mod history;
mod sounds;
mod test_call;
mod traffic;
mod trial;

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use desk::{FlowDraft, FlowVersion};
use ivr::Sketch;
use kernel::limits::FILE_BYTES;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::Supervisor;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Body, Segments, text_within};
use crate::state::{App, Shared};
use crate::studio::FlowNow;
use crate::view::ListView;
use crate::view::flow::{
    DraftView, FlowDetail, FlowEdit, FlowView, KindView, KindsView, SketchView, VersionView, layout,
};

/// Longest name of a flow, in characters.
const NAME_CHARS: usize = 40;
/// Longest title.
const TITLE_CHARS: usize = 100;
/// A flow's text in JSON, where a line break or quote takes two bytes, with its layout.
const BODY_BYTES: usize = 3 * FILE_BYTES;
/// Most changes in one request.
const EDITS: usize = 200;

/// Every route of flows.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(list, create))
        .routes(routes!(kinds))
        .routes(routes!(one))
        .routes(routes!(sketch))
        .routes(routes!(edits))
        .routes(routes!(draft::save, draft::discard))
        .routes(routes!(draft::publish))
        .routes(routes!(history::versions))
        .routes(routes!(history::version))
        .routes(routes!(history::restore))
        .routes(routes!(history::difference))
        .routes(routes!(trial::simulate))
        .routes(routes!(test_call::call))
        .routes(routes!(test_call::callers))
        .routes(routes!(traffic::here))
        .routes(routes!(traffic::day))
        .routes(routes!(sounds::prompt))
        .routes(routes!(sounds::say))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .merge(sounds::recordings())
}

/// Every flow: those in service, and those that so far are only drafts.
#[utoipa::path(get, path = "/api/v1/flows", tag = "flows", operation_id = "flows",
    responses((status = 200, body = ListView<FlowView>), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub(crate) async fn list(State(app): State<App>, _: Supervisor) -> Answer<Json<ListView<FlowView>>> {
    let published = app.store.flows_in_service().await?;
    let drafts = app.store.flow_drafts().await?;
    let mut items = Vec::new();
    for now in app.studio.flows() {
        let version = published.iter().find(|version| version.flow == now.name);
        let draft = drafts.iter().find(|draft| draft.flow == now.name);
        items.push(view(&app, &now.name, Some(&now), version, draft));
    }
    for draft in &drafts {
        if !items.iter().any(|flow| flow.name == draft.flow) {
            items.push(view(&app, &draft.flow, None, None, Some(draft)));
        }
    }
    items.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Json(ListView { items, next: None }))
}

fn view(
    app: &Shared,
    name: &str,
    now: Option<&FlowNow>,
    version: Option<&FlowVersion>,
    draft: Option<&FlowDraft>,
) -> FlowView {
    FlowView {
        name: name.to_owned(),
        file: file_of(now, name),
        title: now.map_or(name, |now| now.title.as_str()).to_owned(),
        published: version.map(VersionView::from),
        draft: draft.map(DraftView::from),
        numbers: now.map(|now| now.numbers.clone()).unwrap_or_default(),
        here: app.studio.here(name).values().sum(),
    }
}

fn file_of(now: Option<&FlowNow>, name: &str) -> String {
    now.map_or_else(|| format!("{name}.toml"), |now| now.file.clone())
}

/// The kinds of steps that there are, with their parameters and help; and what steps may name.
#[utoipa::path(get, path = "/api/v1/flow-kinds", tag = "flows", operation_id = "flow_kinds",
    responses((status = 200, body = KindsView), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub(crate) async fn kinds(State(app): State<App>, _: Supervisor) -> Json<KindsView> {
    let known = app.studio.known();
    Json(KindsView {
        kinds: ivr::schema().into_iter().map(KindView::from).collect(),
        queues: known.queues.iter().map(|queue| queue.as_str().to_owned()).collect(),
        agents: known.agents.iter().map(|agent| agent.as_str().to_owned()).collect(),
    })
}

/// A flow that is to be drawn.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFlow {
    /// 1 to 40 of `a` to `z`, `0` to `9`, `-` and `_`.
    name: String,
    /// What it is called; its name when left out.
    title: Option<String>,
}

/// Begin a new flow: an empty draft.
#[utoipa::path(post, path = "/api/v1/flows", tag = "flows", operation_id = "create_flow", request_body = NewFlow,
    responses((status = 201, body = FlowDetail), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub(crate) async fn create(
    State(app): State<App>,
    Supervisor(who): Supervisor,
    Body(new): Body<NewFlow>,
) -> Answer<(StatusCode, Json<FlowDetail>)> {
    let name = flow_name(&new.name)?;
    let title = match &new.title {
        Some(title) => text_within("title", title, TITLE_CHARS)?,
        None => name.clone(),
    };
    let exists = app.store.flow_history(&name, None, 1).await?;
    if !exists.is_empty() || app.store.flow_draft(&name).await?.is_some() {
        let message = format!("there is a flow `{name}` already");
        return Err(ApiError::new(StatusCode::CONFLICT, "taken", message).at("name"));
    }
    let edit = ivr::Edit::About { field: "name".to_owned(), value: Some(ivr::Written::Text(title)) };
    let source = ivr::edit("", &[edit]).map_err(|error| ApiError::field("title", error.to_string()))?;
    let draft = FlowDraft {
        flow: name.clone(),
        revision: 1,
        base: 0,
        source,
        layout: "{}".to_owned(),
        author: who.subject,
        at: app.clock.wall(),
    };
    app.store.put_flow_draft(draft).await?;
    Ok((StatusCode::CREATED, Json(detail(&app, &name).await?)))
}

fn flow_name(text: &str) -> Answer<String> {
    let name = text_within("name", text, NAME_CHARS)?;
    let is_good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    if !name.chars().all(is_good) {
        return Err(ApiError::field("name", "may have `a` to `z`, `0` to `9`, `-` and `_`"));
    }
    Ok(name)
}

/// A flow with its draft, or with the version in service.
#[utoipa::path(get, path = "/api/v1/flows/{flow}", tag = "flows", operation_id = "flow", params(("flow" = String, Path)),
    responses((status = 200, body = FlowDetail), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub(crate) async fn one(
    State(app): State<App>,
    _: Supervisor,
    Segments(name): Segments<String>,
) -> Answer<Json<FlowDetail>> {
    detail(&app, &name).await.map(Json)
}

/// A flow as its page shows it.
async fn detail(app: &Shared, name: &str) -> Answer<FlowDetail> {
    let now = app.studio.flows().into_iter().find(|flow| flow.name == name);
    let draft = app.store.flow_draft(name).await?;
    let version = app.store.flow_history(name, None, 1).await?.into_iter().next();
    let version = version.filter(|_| now.is_some());
    let (source, places) = match (&draft, &version) {
        (Some(draft), _) => (draft.source.clone(), layout(&draft.layout)),
        (None, Some(version)) => (version.source.clone(), layout(&version.layout)),
        (None, None) => return Err(ApiError::not_found("flow")),
    };
    let sketch = drawn(app, file_of(now.as_ref(), name), source.clone()).await?;
    let flow = view(app, name, now.as_ref(), version.as_ref(), draft.as_ref());
    Ok(FlowDetail { flow, source, layout: places, sketch })
}

/// Draws a text: off the threads that serve requests, since a long hostile text may take a while.
async fn drawn(app: &Shared, file: String, source: String) -> Answer<SketchView> {
    let known = app.studio.known();
    let sketch = tokio::task::spawn_blocking(move || Sketch::of(&file, &source, &known)).await;
    sketch.map(SketchView::from).map_err(|error| ApiError::ours(&error))
}

/// What the flow's file is called in problems; 404 when there is no such flow.
async fn file(app: &Shared, name: &str) -> Answer<String> {
    let now = app.studio.flows().into_iter().find(|flow| flow.name == name);
    if now.is_none() && app.store.flow_draft(name).await?.is_none() {
        return Err(ApiError::not_found("flow"));
    }
    Ok(file_of(now.as_ref(), name))
}

/// A text of a flow.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlowSource {
    /// TOML.
    source: String,
}

/// Draw and check a text, without keeping it.
#[utoipa::path(post, path = "/api/v1/flows/{flow}/sketch", tag = "flows", operation_id = "sketch_flow",
    params(("flow" = String, Path)), request_body = FlowSource,
    responses((status = 200, body = SketchView), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub(crate) async fn sketch(
    State(app): State<App>,
    _: Supervisor,
    Segments(name): Segments<String>,
    Body(FlowSource { source }): Body<FlowSource>,
) -> Answer<Json<SketchView>> {
    let file = file(&app, &name).await?;
    drawn(&app, file, source).await.map(Json)
}

/// A text and changes to it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlowEdits {
    /// TOML.
    source: String,
    /// In order; 200 at most.
    #[schema(value_type = Vec<FlowEdit>)]
    edits: Vec<ivr::Edit>,
}

/// A changed text.
#[derive(Serialize, ToSchema)]
pub(crate) struct FlowEdited {
    /// TOML; what the changes do not name is as it was, comments too.
    source: String,
    /// The same, drawn.
    sketch: SketchView,
}

/// Change a text, without keeping it.
#[utoipa::path(post, path = "/api/v1/flows/{flow}/edits", tag = "flows", operation_id = "edit_flow",
    params(("flow" = String, Path)), request_body = FlowEdits,
    responses((status = 200, body = FlowEdited), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn edits(
    State(app): State<App>,
    _: Supervisor,
    Segments(name): Segments<String>,
    Body(FlowEdits { source, edits }): Body<FlowEdits>,
) -> Answer<Json<FlowEdited>> {
    let file = file(&app, &name).await?;
    if edits.len() > EDITS {
        return Err(ApiError::field("edits", format!("has {}; at most {EDITS}", edits.len())));
    }
    if source.len() > FILE_BYTES {
        return Err(ApiError::field("source", format!("has {} bytes; at most {FILE_BYTES}", source.len())));
    }
    let edited = tokio::task::spawn_blocking(move || ivr::edit(&source, &edits)).await;
    let edited = edited.map_err(|error| ApiError::ours(&error))?;
    let source = edited.map_err(|error| ApiError::field("edits", error.to_string()))?;
    let sketch = drawn(&app, file, source.clone()).await?;
    Ok(Json(FlowEdited { source, sketch }))
}
