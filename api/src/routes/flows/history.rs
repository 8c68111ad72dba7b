//! Versions of a flow: who published what, when and why; what changed; and the way back.

use axum::Json;
use axum::extract::State;
use desk::FlowOrigin;
use kernel::limits::FILE_BYTES;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::draft::{note, put_into_service};
use super::{detail, file};
use crate::auth::Supervisor;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Body, Params, Segments, page_size};
use crate::state::App;
use crate::studio::Publication;
use crate::view::ListView;
use crate::view::flow::{DifferenceLine, FlowDetail, FlowVersionDetail, VersionView, layout};

/// Which versions.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// 1 to 200; 50 unless said.
    limit: Option<u32>,
    /// Cursor: `next` of the page before.
    after: Option<i64>,
}

/// Versions that were in service, newest first.
#[utoipa::path(get, path = "/api/v1/flows/{flow}/versions", tag = "flows", operation_id = "flow_versions",
    params(("flow" = String, Path), Wanted),
    responses((status = 200, body = ListView<VersionView>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody)))]
pub(crate) async fn versions(
    State(app): State<App>,
    _: Supervisor,
    Segments(name): Segments<String>,
    Params(wanted): Params<Wanted>,
) -> Answer<Json<ListView<VersionView>>> {
    let limit = page_size(wanted.limit)?;
    let found = app.store.flow_history(&name, wanted.after, limit).await?;
    // Versions have no gaps: before the first there is none.
    let next = found.last().map(|last| last.version).filter(|last| *last > 1);
    let items = found.iter().map(VersionView::from).collect();
    Ok(Json(ListView { items, next: next.map(|last| last.to_string()) }))
}

/// A version with its text.
#[utoipa::path(get, path = "/api/v1/flows/{flow}/versions/{version}", tag = "flows", operation_id = "flow_version",
    params(("flow" = String, Path), ("version" = i64, Path)),
    responses((status = 200, body = FlowVersionDetail), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub(crate) async fn version(
    State(app): State<App>,
    _: Supervisor,
    Segments((name, number)): Segments<(String, String)>,
) -> Answer<Json<FlowVersionDetail>> {
    let number = number.parse().map_err(|_| ApiError::field("version", "a version is a number from 1"))?;
    let found = app.store.flow_version(&name, number).await?;
    let version = VersionView::from(&found);
    Ok(Json(FlowVersionDetail { version, layout: layout(&found.layout), source: found.source }))
}

/// Which version, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Restore {
    /// The version whose text is to serve again.
    version: i64,
    /// The newest version that whoever asks has seen.
    seen: i64,
    /// Why; up to 500 characters.
    note: Option<String>,
}

/// Go back: the text of an earlier version becomes the newest version. A draft stays as it is.
#[utoipa::path(post, path = "/api/v1/flows/{flow}/restore", tag = "flows", operation_id = "restore_flow",
    params(("flow" = String, Path)), request_body = Restore,
    responses((status = 200, body = FlowDetail), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn restore(
    State(app): State<App>,
    Supervisor(who): Supervisor,
    Segments(name): Segments<String>,
    Body(wish): Body<Restore>,
) -> Answer<Json<FlowDetail>> {
    file(&app, &name).await?;
    let found = app.store.flow_version(&name, wish.version).await?;
    let publication = Publication {
        flow: name.clone(),
        follows: wish.seen,
        origin: FlowOrigin::Restored,
        restores: Some(found.version),
        source: found.source,
        layout: found.layout,
        author: who.subject,
        note: note(wish.note.as_deref())?,
    };
    put_into_service(&app, publication).await?;
    detail(&app, &name).await.map(Json)
}

/// A version, and what to compare it with: one of `to` and `source`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Compare {
    /// The old version; 0: an empty text.
    from: i64,
    /// The new version.
    to: Option<i64>,
    /// The new text.
    source: Option<String>,
}

/// What changed from a version to another one or to a text, line by line.
#[utoipa::path(post, path = "/api/v1/flows/{flow}/difference", tag = "flows", operation_id = "flow_difference",
    params(("flow" = String, Path)), request_body = Compare,
    responses((status = 200, body = ListView<DifferenceLine>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn difference(
    State(app): State<App>,
    _: Supervisor,
    Segments(name): Segments<String>,
    Body(compare): Body<Compare>,
) -> Answer<Json<ListView<DifferenceLine>>> {
    file(&app, &name).await?;
    let old = match compare.from {
        0 => String::new(),
        version => app.store.flow_version(&name, version).await?.source,
    };
    let new = match (compare.to, compare.source) {
        (Some(version), None) => app.store.flow_version(&name, version).await?.source,
        (None, Some(source)) if source.len() <= FILE_BYTES => source,
        (None, Some(_)) => return Err(ApiError::field("source", format!("at most {FILE_BYTES} bytes"))),
        _ => return Err(ApiError::field("to", "give one of `to` and `source`")),
    };
    let lines = tokio::task::spawn_blocking(move || desk::difference(&old, &new)).await;
    let lines = lines.map_err(|error| ApiError::ours(&error))?;
    Ok(Json(ListView { items: lines.into_iter().map(DifferenceLine::from).collect(), next: None }))
}
