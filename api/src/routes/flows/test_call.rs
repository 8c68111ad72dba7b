//! A text called before it is published: a number for it, and where its callers are.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use kernel::Lang;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::draft::unpublished;
use super::file;
use crate::auth::Supervisor;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Body, Segments};
use crate::state::App;
use crate::studio::TestWish;
use crate::view::{LangCode, Stamp};

/// A text to be called.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestCall {
    /// The text of the flow, TOML.
    source: String,
    /// Where the caller comes in.
    entry: String,
    /// The language that they begin with.
    #[schema(value_type = LangCode)]
    lang: Lang,
}

/// Where to call.
#[derive(Serialize, ToSchema)]
pub(crate) struct TestCallNumber {
    /// To be dialled by a SIP phone, in the browser over the WebSocket `/sip`.
    number: String,
    /// Nobody can call it after this.
    until: Stamp,
}

/// A number by which a text can be called for some minutes, with its real prompts, without being in service. Who calls it is in the
/// record like everybody, but in no report and no what-if.
#[utoipa::path(post, path = "/api/v1/flows/{flow}/test-calls", tag = "flows", operation_id = "test_call_flow",
    params(("flow" = String, Path)), request_body = TestCall,
    responses((status = 201, body = TestCallNumber), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn call(
    State(app): State<App>,
    _: Supervisor,
    Segments(name): Segments<String>,
    Body(wish): Body<TestCall>,
) -> Answer<(StatusCode, Json<TestCallNumber>)> {
    file(&app, &name).await?;
    let TestCall { source, entry, lang } = wish;
    let number = app.studio.test_number(TestWish { flow: name, source, entry, lang }).await;
    let number = number.map_err(unpublished)?;
    let until = Stamp(number.until);
    Ok((StatusCode::CREATED, Json(TestCallNumber { number: number.number, until })))
}

/// Where callers of a test number are.
#[derive(Serialize, ToSchema)]
pub(crate) struct TestCallers {
    /// Steps with the number of callers there.
    here: BTreeMap<String, usize>,
}

/// Where the callers of a test number are now.
#[utoipa::path(get, path = "/api/v1/flows/{flow}/test-calls/{number}", tag = "flows", operation_id = "test_callers",
    params(("flow" = String, Path), ("number" = String, Path)),
    responses((status = 200, body = TestCallers), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub(crate) async fn callers(
    State(app): State<App>,
    _: Supervisor,
    Segments((_flow, number)): Segments<(String, String)>,
) -> Answer<Json<TestCallers>> {
    let here = app.studio.tested(&number).ok_or_else(|| ApiError::not_found("test number"))?;
    Ok(Json(TestCallers { here }))
}
