//! `/calls` and `/trunks`: calls to customers, and the carriers that they leave by.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use kernel::{AgentName, Pii};
use serde::{Deserialize, Serialize};
use store::UserRole;
use utoipa::ToSchema;

use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::Body;
use crate::state::App;
use crate::{CallOrder, TollNow, TrunkNow};

/// Longest number or address that is called.
const TARGET_CHARS: usize = 200;

/// Who is called first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Side {
    /// The agent; the customer when the agent is on the line.
    #[default]
    Agent,
    /// The customer, who meets the flow of the number when they answer.
    Customer,
}

/// A call to a customer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCall {
    /// Number, or `sip:` address of a host that the configuration allows.
    to: String,
    /// Who is called first; the agent unless said.
    #[serde(default)]
    first: Side,
    /// The agent who talks; oneself unless said. Another agent: only for supervisors, administrators and keys of theirs.
    #[serde(default)]
    agent: Option<String>,
    /// The number of ours that the call is placed for: its language and flow hold.
    #[serde(default)]
    number: Option<String>,
}

/// A call that was begun.
#[derive(Serialize, ToSchema)]
pub(crate) struct CallBegun {
    /// Its conversation.
    conversation: String,
}

/// Call a customer. The answer comes before the call does: how it goes is seen in the conversation.
#[utoipa::path(post, path = "/api/v1/calls", tag = "conversations", operation_id = "place_call",
    request_body = NewCall,
    responses((status = 201, body = CallBegun), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody), (status = 503, body = ErrorBody)))]
pub(crate) async fn place(
    State(app): State<App>,
    identity: Identity,
    Body(call): Body<NewCall>,
) -> Answer<(StatusCode, Json<CallBegun>)> {
    let to: String = call.to.trim().to_owned();
    let good = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"');
    let to: String = if to.starts_with("sip:") || to.starts_with("sips:") {
        to
    } else {
        // As people write numbers.
        to.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '/' | '.')).collect()
    };
    if to.is_empty() || to.len() > TARGET_CHARS || !to.chars().all(good) {
        return Err(ApiError::field("to", "is no number or sip: address of 1 to 200 characters"));
    }
    let named = call.agent.filter(|name| *name != "me");
    let other = named.as_ref().is_some_and(|name| *name != identity.subject);
    if (other || call.first == Side::Customer) && !identity.supervises() {
        return Err(
            ApiError::forbidden("calls for others: only for supervisors and administrators").at("agent")
        );
    }
    let agent = match call.first {
        Side::Customer => None,
        Side::Agent => Some(named.map_or_else(|| identity.agent(), AgentName::new)),
    };
    let order = CallOrder { by: identity.agent(), to: Pii::new(to), number: call.number, agent };
    let conversation = app.floor.call(order).await?;
    Ok((StatusCode::CREATED, Json(CallBegun { conversation: conversation.to_string() })))
}

/// Carriers and what today cost.
#[derive(Serialize, ToSchema)]
pub(crate) struct TrunkList {
    /// Every trunk of the configuration.
    items: Vec<TrunkNow>,
    /// What was used today (UTC).
    used: Vec<TollNow>,
    /// Minutes that a day may see; null: no limit.
    minutes_per_day: Option<u64>,
    /// What a day may cost; null: no limit.
    spend_per_day: Option<f64>,
}

/// Carriers, how they stand, and what today's calls cost. Administrators only.
#[utoipa::path(get, path = "/api/v1/trunks", tag = "settings", operation_id = "trunks",
    responses((status = 200, body = TrunkList), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody)))]
pub(crate) async fn trunks(State(app): State<App>, identity: Identity) -> Answer<Json<TrunkList>> {
    if identity.role < UserRole::Admin {
        return Err(ApiError::forbidden("only administrators see the trunks"));
    }
    let board = app.floor.trunks().await;
    Ok(Json(TrunkList {
        items: board.trunks,
        used: board.used,
        minutes_per_day: board.minutes_per_day,
        spend_per_day: board.spend_per_day,
    }))
}
