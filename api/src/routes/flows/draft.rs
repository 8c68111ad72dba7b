//! The draft of a flow: kept, thrown away, published.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use desk::{FlowDraft, FlowOrigin, NOTE_CHARS};
use kernel::limits::FILE_BYTES;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{detail, file};
use crate::auth::Supervisor;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Body, Segments, text_within};
use crate::state::{App, Shared};
use crate::studio::{Publication, Unpublished};
use crate::view::flow::{FlowDetail, ProblemView};

/// A draft to keep.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDraft {
    /// TOML.
    source: String,
    /// Places of steps on the canvas: step to `[x, y]`.
    layout: BTreeMap<String, [f64; 2]>,
    /// The revision that this replaces, as its author saw it; 0: there was none.
    seen: i64,
}

/// Keep a draft. It may be wrong: only publishing asks for a good one. `stale`: somebody else saved meanwhile.
#[utoipa::path(put, path = "/api/v1/flows/{flow}/draft", tag = "flows", operation_id = "save_flow_draft",
    params(("flow" = String, Path)), request_body = NewDraft,
    responses((status = 200, body = FlowDetail), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub(crate) async fn save(
    State(app): State<App>,
    Supervisor(who): Supervisor,
    Segments(name): Segments<String>,
    Body(new): Body<NewDraft>,
) -> Answer<Json<FlowDetail>> {
    file(&app, &name).await?;
    if new.source.len() > FILE_BYTES {
        let message = format!("has {} bytes; at most {FILE_BYTES}", new.source.len());
        return Err(ApiError::field("source", message));
    }
    if new.layout.values().flatten().any(|place| !place.is_finite()) {
        return Err(ApiError::field("layout", "places are two numbers each"));
    }
    let base = match app.store.flow_draft(&name).await? {
        Some(draft) => draft.base,
        None => app.store.flow_history(&name, None, 1).await?.first().map_or(0, |version| version.version),
    };
    let layout = serde_json::to_string(&new.layout).map_err(|error| ApiError::ours(&error))?;
    let draft = FlowDraft {
        flow: name.clone(),
        revision: new.seen.saturating_add(1),
        base,
        source: new.source,
        layout,
        author: who.subject,
        at: app.clock.wall(),
    };
    app.store.put_flow_draft(draft).await?;
    detail(&app, &name).await.map(Json)
}

/// Throw the draft away.
#[utoipa::path(delete, path = "/api/v1/flows/{flow}/draft", tag = "flows", operation_id = "discard_flow_draft",
    params(("flow" = String, Path)),
    responses((status = 204), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn discard(
    State(app): State<App>,
    _: Supervisor,
    Segments(name): Segments<String>,
) -> Answer<StatusCode> {
    file(&app, &name).await?;
    app.store.drop_flow_draft(&name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which draft, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Publish {
    /// The revision of the draft, as its publisher saw it.
    revision: i64,
    /// The newest version that the publisher has seen; 0: none.
    seen: i64,
    /// Why; up to 500 characters.
    note: Option<String>,
}

/// Put the draft into service. Refused with `invalid_flow` and all its problems when it is wrong: what was in service stays.
#[utoipa::path(post, path = "/api/v1/flows/{flow}/publish", tag = "flows", operation_id = "publish_flow",
    params(("flow" = String, Path)), request_body = Publish,
    responses((status = 200, body = FlowDetail), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn publish(
    State(app): State<App>,
    Supervisor(who): Supervisor,
    Segments(name): Segments<String>,
    Body(publish): Body<Publish>,
) -> Answer<Json<FlowDetail>> {
    file(&app, &name).await?;
    let note = note(publish.note.as_deref())?;
    let draft = app.store.flow_draft(&name).await?;
    let Some(draft) = draft.filter(|draft| draft.revision == publish.revision) else {
        let message = "the draft is another one now; look at it before you publish it";
        return Err(ApiError::new(StatusCode::CONFLICT, "stale", message).at("revision"));
    };
    let wish = Publication {
        flow: name.clone(),
        follows: publish.seen,
        origin: FlowOrigin::Draft,
        restores: None,
        source: draft.source,
        layout: draft.layout,
        author: who.subject,
        note,
    };
    put_into_service(&app, wish).await?;
    detail(&app, &name).await.map(Json)
}

/// A note that may be left out.
pub(super) fn note(text: Option<&str>) -> Answer<String> {
    match text.map(str::trim) {
        None | Some("") => Ok(String::new()),
        Some(text) => text_within("note", text, NOTE_CHARS),
    }
}

/// Publishes, with the reasons when that is refused.
pub(super) async fn put_into_service(app: &Shared, wish: Publication) -> Answer<()> {
    app.studio.publish(wish).await.map(drop).map_err(unpublished)
}

/// Why a version is not in service, for whoever asked.
pub(super) fn unpublished(why: Unpublished) -> ApiError {
    match why {
        Unpublished::Refused(refusal) => refusal.into(),
        Unpublished::Wrong(problems) => {
            let message = format!("the flow has {} problems; what was in service still is", problems.len());
            let error = ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_flow", message);
            error.because(problems.into_iter().map(ProblemView::from).collect())
        }
    }
}
