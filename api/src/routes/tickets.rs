//! `/tickets`: what became of it.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use desk::{Change, Mover, Priority, Relation, RelationStep, Ticket, TicketEdit, TicketMove, TicketState};
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
use crate::view::{
    ListView, PriorityName, RelationName, RelationView, TicketDetail, TicketStateName, TicketView,
};

/// Longest subject, in characters: one line.
const SUBJECT_CHARS: usize = 200;
/// Longest kind, team and name of a custom field, in characters.
const WORD_CHARS: usize = 60;
/// Longest value of a custom field, in characters.
const VALUE_CHARS: usize = 2_000;
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
    /// `true`: only those of which a promise is broken now.
    #[serde(default)]
    overdue: bool,
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
        overdue_at: wanted.overdue.then(|| app.clock.wall()),
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
    identity: Identity,
    TicketId(id): TicketId,
) -> Answer<Json<TicketDetail>> {
    let ticket = app.store.ticket(id).await?;
    detail(&app, &identity, ticket).await.map(Json)
}

/// Who wants to move a ticket, as the desk's rule knows them.
fn mover(identity: &Identity) -> Mover {
    if identity.supervises() { Mover::Supervisor } else { Mover::Agent(identity.agent()) }
}

/// Refuses who may not move this ticket; the way itself is the store's to check, which has the ticket in hand.
pub(crate) fn allowed(ticket: &Ticket, identity: &Identity) -> Answer<()> {
    if ticket.merged_into.is_none() && ticket.ways_for(&mover(identity)).is_empty() {
        let message = "this ticket is another agent's; take it over or follow it first";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "not_yours", message).at("state"));
    }
    Ok(())
}

pub(crate) async fn detail(app: &Shared, identity: &Identity, ticket: Ticket) -> Answer<TicketDetail> {
    let ways = ticket.ways_for(&mover(identity)).to_vec();
    let relations = app.store.ticket_relations(ticket.id).await?;
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
    let relations = relations.into_iter().map(RelationView::from).collect();
    Ok(TicketDetail { ticket: people.ticket(ticket).await?, ways, relations, history })
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
    /// What kind of matter, at most 60 characters; empty takes it away.
    kind: Option<String>,
    /// How much it presses.
    #[schema(value_type = Option<PriorityName>)]
    priority: Option<Priority>,
    /// Team, at most 60 characters; empty takes it away.
    team: Option<String>,
    /// Everybody who follows it from now on.
    followers: Option<Vec<String>>,
    /// Custom fields to set; an empty value takes the field away.
    fields: Option<BTreeMap<String, String>>,
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
    detail(&app, &identity, ticket).await.map(Json)
}

async fn changes(
    app: &Shared,
    identity: &Identity,
    ticket: i64,
    mut change: TicketChange,
) -> Answer<Vec<Change>> {
    let by = identity.subject.clone();
    let at = app.clock.wall();
    let step = change.state.take();
    let edit = edit(app, change).await?;
    let mut changes = Vec::new();
    if let Some(Step { from, to }) = step {
        allowed(&app.store.ticket(ticket).await?, identity)?;
        changes.push(Change::TicketMoved { ticket, step: TicketMove { from, to }, by: by.clone(), at });
    }
    if !edit.is_empty() {
        changes.push(Change::TicketEdited { ticket, edit, by, at });
    }
    if changes.is_empty() {
        let message = "nothing to change: give `state`, `subject`, `assignee` or another field";
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "bad_request", message));
    }
    Ok(changes)
}

/// A short word that may be empty, which takes it away.
fn word(field: &'static str, text: Option<String>) -> Answer<Option<String>> {
    let checked = |text: String| {
        if text.trim().is_empty() { Ok(String::new()) } else { text_within(field, &text, WORD_CHARS) }
    };
    text.map(checked).transpose()
}

async fn edit(app: &Shared, change: TicketChange) -> Answer<TicketEdit> {
    let subject =
        change.subject.map(|subject| text_within("subject", &subject, SUBJECT_CHARS)).transpose()?;
    let assignee = change.assignee.map(AgentName::new);
    if let Some(agent) = &assignee
        && !app.floor.agents().await.iter().any(|known| known.name == *agent)
    {
        return Err(ApiError::field("assignee", "no agent has this name"));
    }
    let followers = change.followers.map(|names| names.into_iter().map(AgentName::new).collect::<Vec<_>>());
    for name in followers.iter().flatten() {
        if app.store.user(name.as_str()).await?.is_none() {
            return Err(ApiError::field("followers", format!("nobody is named {:?}", name.as_str())));
        }
    }
    let mut fields = BTreeMap::new();
    for (name, value) in change.fields.unwrap_or_default() {
        let value = if value.trim().is_empty() { value } else { text_within("fields", &value, VALUE_CHARS)? };
        fields.insert(text_within("fields", &name, WORD_CHARS)?, value.trim().to_owned());
    }
    Ok(TicketEdit {
        subject,
        assignee,
        kind: word("kind", change.kind)?,
        priority: change.priority,
        team: word("team", change.team)?,
        followers,
        fields,
    })
}

/// A ticket that begins without a conversation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTicket {
    /// One line, 1 to 200 characters.
    subject: String,
    /// The customer.
    person: Option<i64>,
    /// What kind of matter.
    kind: Option<String>,
    /// How much it presses; normal unless said.
    #[schema(value_type = Option<PriorityName>)]
    priority: Option<Priority>,
    /// Team.
    team: Option<String>,
    /// Custom fields.
    fields: Option<BTreeMap<String, String>>,
}

/// Open a ticket by hand or by a program.
#[utoipa::path(post, path = "/api/v1/tickets", tag = "tickets", operation_id = "open_ticket", request_body = NewTicket,
    responses((status = 201, body = TicketDetail), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(crate) async fn open(
    State(app): State<App>,
    identity: Identity,
    Body(new): Body<NewTicket>,
) -> Answer<(StatusCode, Json<TicketDetail>)> {
    let NewTicket { subject, person, kind, priority, team, fields } = new;
    let change = TicketChange {
        state: None,
        subject: Some(subject),
        assignee: None,
        kind,
        priority,
        team,
        followers: None,
        fields,
    };
    let edit = edit(&app, change).await?;
    let change = Change::TicketOpened { person, edit, by: identity.subject.clone(), at: app.clock.wall() };
    let events = app.floor.record(vec![change]).await?;
    let id = events.iter().find_map(|event| event.ticket);
    let id = id.ok_or_else(|| ApiError::ours(&"a ticket was opened without a number"))?;
    let ticket = app.store.ticket(id).await?;
    Ok((StatusCode::CREATED, Json(detail(&app, &identity, ticket).await?)))
}

/// Where it lives on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergeInto {
    /// Number of the other ticket.
    into: i64,
}

/// Merge a ticket into another of the same customer: its conversations, followers and fields go there.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/merge", tag = "tickets", operation_id = "merge_ticket",
    params(("id" = i64, Path)), request_body = MergeInto,
    responses((status = 200, body = TicketDetail), (status = 401, body = ErrorBody), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub(crate) async fn merge(
    State(app): State<App>,
    identity: Identity,
    TicketId(id): TicketId,
    Body(MergeInto { into }): Body<MergeInto>,
) -> Answer<Json<TicketDetail>> {
    for ticket in [id, into] {
        allowed(&app.store.ticket(ticket).await?, &identity)?;
    }
    let change =
        Change::TicketMerged { ticket: id, into, by: identity.subject.clone(), at: app.clock.wall() };
    app.floor.record(vec![change]).await?;
    let ticket = app.store.ticket(into).await?;
    detail(&app, &identity, ticket).await.map(Json)
}

/// A relation that comes or goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Relate {
    /// Number of the other ticket.
    other: i64,
    /// What this one is to the other.
    #[schema(value_type = RelationName)]
    relation: Relation,
    /// No longer.
    #[serde(default)]
    #[schema(required = false)]
    remove: bool,
}

/// Relate two tickets, or no longer.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/relations", tag = "tickets", operation_id = "relate_tickets",
    params(("id" = i64, Path)), request_body = Relate,
    responses((status = 200, body = TicketDetail), (status = 401, body = ErrorBody), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub(crate) async fn relate(
    State(app): State<App>,
    identity: Identity,
    TicketId(id): TicketId,
    Body(Relate { other, relation, remove }): Body<Relate>,
) -> Answer<Json<TicketDetail>> {
    let step = if remove { RelationStep::Remove } else { RelationStep::Add };
    let (by, at) = (identity.subject.clone(), app.clock.wall());
    app.floor.record(vec![Change::TicketRelated { ticket: id, other, relation, step, by, at }]).await?;
    let ticket = app.store.ticket(id).await?;
    detail(&app, &identity, ticket).await.map(Json)
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
