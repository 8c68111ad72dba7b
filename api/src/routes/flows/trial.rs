//! A flow tried out by a person who plays the customer. Nothing is kept between two requests: each carries all moves.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ivr::{Flow, Sketch, Start};
use kernel::Lang;
use kernel::limits::MESSAGE_CHARS;
use serde::Deserialize;
use utoipa::ToSchema;

use super::file;
use crate::auth::Supervisor;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Body, Segments};
use crate::state::App;
use crate::view::LangCode;
use crate::view::flow::{FlowMove, ProblemView};
use crate::view::trial::TrialView;

/// Most moves: more than anybody makes by hand.
const MOVES: usize = 500;

/// A customer of somebody's invention.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Simulation {
    /// The text of the flow, TOML.
    source: String,
    /// Where they come in.
    entry: String,
    /// The language that they begin with.
    #[schema(value_type = LangCode)]
    lang: Lang,
    /// Whether they write instead of speak.
    text: bool,
    /// What they do and what happens to them, in order; 500 at most.
    #[schema(value_type = Vec<FlowMove>)]
    moves: Vec<ivr::Move>,
}

/// Try a text: the real interpreter, on a clock of its own. The same moves always go the same way.
#[utoipa::path(post, path = "/api/v1/flows/{flow}/simulations", tag = "flows", operation_id = "simulate_flow",
    params(("flow" = String, Path)), request_body = Simulation,
    responses((status = 200, body = TrialView), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn simulate(
    State(app): State<App>,
    _: Supervisor,
    Segments(name): Segments<String>,
    Body(wish): Body<Simulation>,
) -> Answer<Json<TrialView>> {
    let file = file(&app, &name).await?;
    if wish.moves.len() > MOVES {
        return Err(ApiError::field("moves", format!("has {}; at most {MOVES}", wish.moves.len())));
    }
    let words = |one: &ivr::Move| match one {
        ivr::Move::Say { text } | ivr::Move::Replied { body: text, .. } => text.chars().count(),
        ivr::Move::Failed { code: text } | ivr::Move::Found { name: Some(text) } => text.chars().count(),
        _ => 0,
    };
    if wish.moves.iter().any(|one| words(one) > MESSAGE_CHARS) {
        return Err(ApiError::field("moves", format!("says more than {MESSAGE_CHARS} characters at once")));
    }
    let known = app.studio.known();
    let tried = tokio::task::spawn_blocking(move || {
        let Simulation { source, entry, lang, text, moves } = wish;
        let flow = match Flow::parse(&file, &source, &known) {
            Ok(flow) => Arc::new(flow),
            Err(_) => return Err(wrong(Sketch::of(&file, &source, &known))),
        };
        let start = Start { entry, lang, text, caller: "anonymous".to_owned(), called: name };
        ivr::try_out(&flow, start, &moves).map_err(|error| ApiError::field("entry", error.to_string()))
    });
    let trial = tried.await.map_err(|error| ApiError::ours(&error))??;
    Ok(Json(TrialView::from(trial)))
}

fn wrong(sketch: Sketch) -> ApiError {
    let message = "a flow with problems cannot be tried";
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_flow", message)
        .because(sketch.problems.into_iter().map(ProblemView::from).collect())
}
