//! `/agents` and `/queues`: the running floor.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use kernel::AgentName;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Body, Segments};
use crate::state::App;
use crate::view::{AgentView, HoldingView, ListView, QueueView};

/// Every agent.
#[utoipa::path(get, path = "/api/v1/agents", tag = "floor", operation_id = "agents",
    responses((status = 200, body = ListView<AgentView>), (status = 401, body = ErrorBody)))]
pub(crate) async fn agents(State(app): State<App>, _: Identity) -> Json<ListView<AgentView>> {
    let agents = app.floor.agents().await.into_iter();
    let items = agents.map(|agent| AgentView::new(agent, &*app.clock)).collect();
    Json(ListView { items, next: None })
}

/// Every queue.
#[utoipa::path(get, path = "/api/v1/queues", tag = "floor", operation_id = "queues",
    responses((status = 200, body = ListView<QueueView>), (status = 401, body = ErrorBody)))]
pub(crate) async fn queues(State(app): State<App>, _: Identity) -> Json<ListView<QueueView>> {
    let queues = app.floor.queues().await.into_iter();
    let items = queues.map(|queue| QueueView::new(queue, &*app.clock)).collect();
    Json(ListView { items, next: None })
}

/// Something on the floor is out of its bounds.
#[derive(Debug, serde::Serialize, ToSchema)]
#[schema(as = Alert)]
pub(crate) struct AlertView {
    /// In which queue.
    pub queue: String,
    /// What: `waiting`, `longest_wait` (seconds), `service_level` (percent, of today) or `ready_agents`.
    pub what: &'static str,
    /// What it is now.
    pub value: i64,
    /// The bound.
    pub limit: u32,
}

/// What is out of the bounds of the setting `alerts` now.
#[utoipa::path(get, path = "/api/v1/alerts", tag = "floor", operation_id = "alerts",
    responses((status = 200, body = ListView<AlertView>), (status = 401, body = ErrorBody)))]
pub(crate) async fn alerts(State(app): State<App>, _: Identity) -> Answer<Json<ListView<AlertView>>> {
    let rules = crate::alert_rules(&*app.store).await?;
    let found = crate::alerts_now(&*app.store, &*app.floor, &*app.clock, &rules).await?;
    let view = |alert: desk::alerts::Alert| AlertView {
        queue: alert.queue,
        what: alert.what.name(),
        value: alert.value,
        limit: alert.limit,
    };
    Ok(Json(ListView { items: found.into_iter().map(view).collect(), next: None }))
}

/// Whom a path names: `me`, or an agent by name, which is for those who supervise.
fn named(identity: &Identity, name: String) -> Answer<AgentName> {
    if name == "me" || name == identity.subject {
        return Ok(identity.agent());
    }
    if identity.supervises() {
        return Ok(AgentName::new(name));
    }
    Err(ApiError::forbidden("another agent: only for supervisors and administrators").at("name"))
}

/// Whether the agent wants work.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Readiness {
    /// Wants work.
    ready: bool,
    /// Why not, in their own words; at most 64 characters.
    #[serde(default)]
    reason: Option<String>,
}

/// Longest reason of a break.
const REASON: usize = 64;

/// Ready, or a pause.
#[utoipa::path(put, path = "/api/v1/agents/{name}/ready", tag = "floor", operation_id = "set_ready",
    params(("name" = String, Path, description = "`me`, or an agent's name (supervisors and administrators)")),
    request_body = Readiness,
    responses((status = 204), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody)))]
pub(crate) async fn ready(
    State(app): State<App>,
    identity: Identity,
    Segments(name): Segments<String>,
    Body(Readiness { ready, reason }): Body<Readiness>,
) -> Answer<StatusCode> {
    let agent = named(&identity, name)?;
    let reason = reason.unwrap_or_default();
    if reason.chars().count() > REASON {
        return Err(ApiError::field("reason", format!("has more than {REASON} characters")));
    }
    let wants = if ready { routing::Wants::Work } else { routing::Wants::Break(reason) };
    app.floor.ready(&agent, wants).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes an agent out of whatever keeps them from work: wrap-up, a pause, being set aside, work that is over.
#[utoipa::path(post, path = "/api/v1/agents/{name}/reset", tag = "floor", operation_id = "reset_agent",
    params(("name" = String, Path, description = "an agent's name")),
    responses((status = 204), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody)))]
pub(crate) async fn reset(
    State(app): State<App>,
    identity: Identity,
    Segments(name): Segments<String>,
) -> Answer<StatusCode> {
    if !identity.supervises() {
        return Err(ApiError::forbidden("resetting an agent: only for supervisors and administrators"));
    }
    app.floor.reset(&AgentName::new(name)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Offers that ring for an agent and calls they hold.
#[utoipa::path(get, path = "/api/v1/agents/{name}/holding", tag = "floor", operation_id = "holding",
    params(("name" = String, Path, description = "`me`, or an agent's name (supervisors and administrators)")),
    responses((status = 200, body = HoldingView), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub(crate) async fn holding(
    State(app): State<App>,
    identity: Identity,
    Segments(name): Segments<String>,
) -> Answer<Json<HoldingView>> {
    let agent = named(&identity, name)?;
    Ok(Json(HoldingView::from(app.floor.holding(&agent).await)))
}
