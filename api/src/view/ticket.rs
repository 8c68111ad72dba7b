//! Tickets.

use std::collections::BTreeMap;

use desk::sla::Clock;
use desk::{Channel, Priority, Relation, Ticket, TicketRelation, TicketState};
use kernel::AgentName;
use serde::Serialize;
use utoipa::ToSchema;

use super::schema::{ChannelName, PriorityName, RelationName, TicketStateName};
use super::{ConversationView, PersonView, Stamp};

/// A ticket as lists show it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ticket)]
pub(crate) struct TicketView {
    /// Number, from 1.
    pub id: i64,
    /// One line about it.
    pub subject: String,
    /// Where it stands.
    #[schema(value_type = TicketStateName)]
    pub state: TicketState,
    /// The customer.
    pub person: Option<PersonView>,
    /// The road of the conversation that opened it; null when a person or a program did.
    #[schema(value_type = Option<ChannelName>)]
    pub channel: Option<Channel>,
    /// The queue it came through.
    pub queue: Option<String>,
    /// Who is on it.
    pub assignee: Option<String>,
    /// What kind of matter.
    pub kind: Option<String>,
    /// How much it presses.
    #[schema(value_type = PriorityName)]
    pub priority: Priority,
    /// The team it belongs to.
    pub team: Option<String>,
    /// Who follows it.
    pub followers: Vec<String>,
    /// Custom fields.
    pub fields: BTreeMap<String, String>,
    /// Until an agent first answers.
    pub first_answer: ClockView,
    /// Until it is solved.
    pub resolution: ClockView,
    /// The ticket it lives on in.
    pub merged_into: Option<i64>,
    /// Opened.
    pub created_at: Stamp,
    /// Last change.
    pub updated_at: Stamp,
    /// Conversations that belong to it, oldest first.
    pub conversations: Vec<String>,
}

/// A promise about a ticket.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Clock)]
pub(crate) struct ClockView {
    /// What was promised, in milliseconds of business hours; null: nothing was.
    pub promised_ms: Option<i64>,
    /// Spent up to the last stop, in milliseconds of business hours.
    pub spent_ms: i64,
    /// When time is or was up; null while the clock stands.
    pub due: Option<Stamp>,
    /// When it was done.
    pub met: Option<Stamp>,
    /// When somebody was told that time is up.
    pub escalated: Option<Stamp>,
}

impl From<&Clock> for ClockView {
    fn from(clock: &Clock) -> Self {
        Self {
            promised_ms: clock.target,
            spent_ms: clock.spent,
            due: clock.due.map(Stamp),
            met: clock.met.map(Stamp),
            escalated: clock.escalated.map(Stamp),
        }
    }
}

fn text(name: AgentName) -> String {
    name.as_str().to_owned()
}

impl TicketView {
    /// The picture with the person beside it.
    pub fn new(ticket: Ticket, person: Option<PersonView>) -> Self {
        Self {
            id: ticket.id,
            subject: ticket.subject,
            state: ticket.state,
            person,
            channel: ticket.channel,
            queue: ticket.queue.map(|queue| queue.as_str().to_owned()),
            assignee: ticket.assignee.map(text),
            kind: ticket.kind,
            priority: ticket.priority,
            team: ticket.team,
            followers: ticket.followers.into_iter().map(text).collect(),
            fields: ticket.fields,
            first_answer: ClockView::from(&ticket.clocks.first_answer),
            resolution: ClockView::from(&ticket.clocks.resolution),
            merged_into: ticket.merged_into,
            created_at: Stamp(ticket.created_at),
            updated_at: Stamp(ticket.updated_at),
            conversations: ticket.conversations.iter().map(ToString::to_string).collect(),
        }
    }
}

/// A ticket that another is related to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RelationView {
    /// The other.
    pub ticket: i64,
    /// What this one is to the other.
    #[schema(value_type = RelationName)]
    pub relation: Relation,
}

impl From<TicketRelation> for RelationView {
    fn from(TicketRelation { ticket, relation }: TicketRelation) -> Self {
        Self { ticket, relation }
    }
}

/// A ticket with its conversations.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TicketDetail {
    /// The ticket.
    #[serde(flatten)]
    pub ticket: TicketView,
    /// The moves that are open to whoever asks.
    #[schema(value_type = Vec<TicketStateName>)]
    pub ways: Vec<TicketState>,
    /// Tickets that it is related to.
    pub relations: Vec<RelationView>,
    /// The newest 50 of its conversations, oldest first, without entries.
    pub history: Vec<ConversationView>,
}
