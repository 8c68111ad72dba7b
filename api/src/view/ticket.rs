//! Tickets.

use desk::{Channel, Ticket, TicketState};
use serde::Serialize;
use utoipa::ToSchema;

use super::schema::{ChannelName, TicketStateName};
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
    /// The road of the conversation that opened it.
    #[schema(value_type = ChannelName)]
    pub channel: Channel,
    /// The queue it came through.
    pub queue: Option<String>,
    /// Who is on it.
    pub assignee: Option<String>,
    /// Opened.
    pub created_at: Stamp,
    /// Last change.
    pub updated_at: Stamp,
    /// Conversations that belong to it, oldest first.
    pub conversations: Vec<String>,
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
            assignee: ticket.assignee.map(|agent| agent.as_str().to_owned()),
            created_at: Stamp(ticket.created_at),
            updated_at: Stamp(ticket.updated_at),
            conversations: ticket.conversations.iter().map(ToString::to_string).collect(),
        }
    }
}

/// A ticket with its conversations.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TicketDetail {
    /// The ticket.
    #[serde(flatten)]
    pub ticket: TicketView,
    /// The newest 50 of its conversations, oldest first, without entries.
    pub history: Vec<ConversationView>,
}
