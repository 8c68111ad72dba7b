//! `/tickets`: what became of it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use desk::{Change, Ticket, TicketMove, TicketState};
use kernel::AgentName;
use serde::Deserialize;
use store::{StoreError, TicketFilter};
use utoipa::{IntoParams, ToSchema};

use super::conversations::{NotePosted, add_note};
use super::people::People;
use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Body, Params, TicketId, dedupe, message, page_size, text_within};
use crate::state::{App, Shared};
use crate::view::{ListView, TicketDetail, TicketStateName, TicketView};

/// Longest subject, in characters: one line.
const SUBJECT_CHARS: usize = 200;
/// Conversations shown with a ticket.
const HISTORY: usize = 50;

/// Which tickets.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Only in this state.
    #[param(value_type = Option<TicketStateName>)]
    state: Option<TicketState>,
    /// Only of this assignee.
    assignee: Option<String>,
    /// Only of this person.
    person: Option<i64>,
    /// 1 to 200; 50 unless said.
    limit: Option<u32>,
    /// Cursor: `next` of the page before.
    after: Option<String>,
}

/// Tickets, newest first.
#[utoipa::path(get, path = "/api/v1/tickets", tag = "tickets", operation_id = "tickets", params(Wanted),
    responses((status = 200, body = ListView<TicketView>), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody)))]
pub(crate) async fn list(
    State(app): State<App>,
    _: Identity,
    Params(wanted): Params<Wanted>,
) -> Answer<Json<ListView<TicketView>>> {
    let filter = TicketFilter {
        state: wanted.state,
        assignee: wanted.assignee.map(AgentName::new),
        person: wanted.person,
        after: wanted.after,
        limit: page_size(wanted.limit)?,
    };
    let page = app.store.tickets(filter).await?;
    let mut people = People::new(&*app.store);
    let mut items = Vec::with_capacity(page.items.len());
    for ticket in page.items {
        items.push(people.ticket(ticket).await?);
    }
    Ok(Json(ListView { items, next: page.next }))
}

/// A ticket with its conversations.
#[utoipa::path(get, path = "/api/v1/tickets/{id}", tag = "tickets", operation_id = "ticket", params(("id" = i64, Path)),
    responses((status = 200, body = TicketDetail), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn one(
    State(app): State<App>,
    _: Identity,
    TicketId(id): TicketId,
) -> Answer<Json<TicketDetail>> {
    let ticket = app.store.ticket(id).await?;
    detail(&app, ticket).await.map(Json)
}

async fn detail(app: &Shared, ticket: Ticket) -> Answer<TicketDetail> {
    let mut people = People::new(&*app.store);
    let newest = ticket.conversations.len().saturating_sub(HISTORY);
    let mut history = Vec::new();
    for id in ticket.conversations.iter().skip(newest) {
        match app.store.conversation(*id).await {
            Ok(conversation) => history.push(people.conversation(conversation).await?),
            Err(StoreError::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(TicketDetail { ticket: people.ticket(ticket).await?, history })
}

/// From and to, as the mover saw it; a stale picture is refused with `stale`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// From.
    #[schema(value_type = TicketStateName)]
    from: TicketState,
    /// To.
    #[schema(value_type = TicketStateName)]
    to: TicketState,
}

/// A change of a ticket; one field at least.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TicketChange {
    /// Move it.
    state: Option<Step>,
    /// New subject, 1 to 200 characters.
    subject: Option<String>,
    /// Give it to this agent.
    assignee: Option<String>,
}

/// Move or edit a ticket.
#[utoipa::path(patch, path = "/api/v1/tickets/{id}", tag = "tickets", operation_id = "change_ticket",
    params(("id" = i64, Path)), request_body = TicketChange,
    responses((status = 200, body = TicketDetail), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub(crate) async fn change(
    State(app): State<App>,
    identity: Identity,
    TicketId(id): TicketId,
    Body(change): Body<TicketChange>,
) -> Answer<Json<TicketDetail>> {
    let changes = changes(&app, &identity, id, change).await?;
    app.store.ticket(id).await?;
    app.floor.record(changes).await?;
    let ticket = app.store.ticket(id).await?;
    detail(&app, ticket).await.map(Json)
}

async fn changes(
    app: &Shared,
    identity: &Identity,
    ticket: i64,
    change: TicketChange,
) -> Answer<Vec<Change>> {
    let by = identity.subject.clone();
    let at = app.clock.wall();
    let subject =
        change.subject.map(|subject| text_within("subject", &subject, SUBJECT_CHARS)).transpose()?;
    let assignee = change.assignee.map(AgentName::new);
    if let Some(agent) = &assignee
        && !app.floor.agents().await.iter().any(|known| known.name == *agent)
    {
        return Err(ApiError::field("assignee", "no agent has this name"));
    }
    let mut changes = Vec::new();
    if let Some(Step { from, to }) = change.state {
        changes.push(Change::TicketMoved { ticket, step: TicketMove { from, to }, by: by.clone(), at });
    }
    if subject.is_some() || assignee.is_some() {
        changes.push(Change::TicketEdited { ticket, subject, assignee, by, at });
    }
    if changes.is_empty() {
        let message = "nothing to change: give `state`, `subject` or `assignee`";
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "bad_request", message));
    }
    Ok(changes)
}

/// A note.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewNote {
    /// 1 to 10 000 characters.
    text: String,
    /// Chosen by the sender: the same one is recorded once.
    dedupe: Option<String>,
}

/// Add a note, in the ticket's latest conversation.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/notes", tag = "tickets", operation_id = "add_note",
    params(("id" = i64, Path)), request_body = NewNote,
    responses((status = 201, body = NotePosted), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub(crate) async fn note(
    State(app): State<App>,
    identity: Identity,
    TicketId(id): TicketId,
    Body(new): Body<NewNote>,
) -> Answer<(StatusCode, Json<NotePosted>)> {
    let text = message(&new.text)?;
    let dedupe = dedupe(new.dedupe)?;
    let ticket = app.store.ticket(id).await?;
    let Some(conversation) = ticket.conversations.last().copied() else {
        let message = "this ticket has no conversation that could carry a note";
        return Err(ApiError::new(StatusCode::CONFLICT, "wrong_state", message));
    };
    let posted = add_note(&app, identity.agent(), conversation, text, dedupe).await?;
    let posted = NotePosted { conversation: conversation.to_string(), seq: posted.seq, at: posted.at };
    Ok((StatusCode::CREATED, Json(posted)))
}
