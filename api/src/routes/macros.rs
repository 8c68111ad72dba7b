//! Macros: what agents do to many tickets alike, and the reply that goes with it.

use axum::Json;
use axum::extract::State;
use desk::{Change, Priority, TicketEdit, TicketMove, TicketState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::tickets::{allowed, detail};
use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Body, TicketId, parse, text_within};
use crate::state::{App, Shared};
use crate::view::TicketDetail;

/// Most macros, and longest reply in characters.
const MACROS: usize = 200;
const REPLY_CHARS: usize = 5_000;

/// A macro, as the setting `macros` lists them.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Macro {
    /// Its name.
    name: String,
    /// What to write; `{customer}`, `{ticket}` and `{agent}` are filled in.
    #[serde(default)]
    reply: Option<String>,
    /// Kind to give.
    #[serde(default)]
    kind: Option<String>,
    /// Priority to give.
    #[serde(default)]
    priority: Option<Priority>,
    /// Team to give it to.
    #[serde(default)]
    team: Option<String>,
    /// State to move to.
    #[serde(default)]
    to: Option<TicketState>,
}

/// Whether a value of the setting can be used.
pub(crate) fn check(json: &[u8]) -> Answer<()> {
    let all: Vec<Macro> = parse(json)?;
    if all.len() > MACROS {
        return Err(ApiError::field("value", format!("has {} macros; at most {MACROS}", all.len())));
    }
    for (n, one) in all.iter().enumerate() {
        text_within("value", &one.name, 100)?;
        if let Some(reply) = &one.reply {
            text_within("value", reply, REPLY_CHARS)?;
        }
        if all.iter().take(n).any(|other| other.name == one.name) {
            return Err(ApiError::field(format!("value[{n}].name"), "another macro has this name"));
        }
    }
    Ok(())
}

async fn known(app: &Shared) -> Answer<Vec<Macro>> {
    let text = app.store.setting("macros").await?;
    text.map_or(Ok(Vec::new()), |text| serde_json::from_str(&text).map_err(|error| ApiError::ours(&error)))
}

/// Which macro.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// Its name.
    name: String,
}

/// What a macro did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MacroDone {
    /// The ticket as it is since.
    pub ticket: TicketDetail,
    /// What to write to the customer; nothing was sent.
    pub reply: Option<String>,
}

/// Apply a macro to a ticket. Its reply comes back for the agent to send.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/macros", tag = "tickets", operation_id = "apply_macro",
    params(("id" = i64, Path)), request_body = Which,
    responses((status = 200, body = MacroDone), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub(crate) async fn apply(
    State(app): State<App>,
    identity: Identity,
    TicketId(id): TicketId,
    Body(Which { name }): Body<Which>,
) -> Answer<Json<MacroDone>> {
    let one = known(&app).await?.into_iter().find(|one| one.name == name);
    let one = one.ok_or_else(|| ApiError::not_found("macro"))?;
    let ticket = app.store.ticket(id).await?;
    let (by, at) = (identity.subject.clone(), app.clock.wall());
    let edit = TicketEdit { kind: one.kind, priority: one.priority, team: one.team, ..TicketEdit::default() };
    let mut changes = Vec::new();
    if !edit.is_empty() {
        changes.push(Change::TicketEdited { ticket: id, edit, by: by.clone(), at });
    }
    if let Some(to) = one.to.filter(|to| *to != ticket.state) {
        allowed(&ticket, &identity)?;
        changes.push(Change::TicketMoved { ticket: id, step: TicketMove { from: ticket.state, to }, by, at });
    }
    if !changes.is_empty() {
        app.floor.record(changes).await?;
    }
    let ticket = detail(&app, &identity, app.store.ticket(id).await?).await?;
    let customer = ticket.ticket.person.as_ref().map(|person| person.name.clone()).unwrap_or_default();
    let filled = |reply: String| {
        reply
            .replace("{customer}", &customer)
            .replace("{ticket}", &id.to_string())
            .replace("{agent}", &identity.subject)
    };
    Ok(Json(MacroDone { reply: one.reply.map(filled), ticket }))
}
