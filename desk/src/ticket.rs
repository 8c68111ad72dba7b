//! Tickets: 新建 new → 处理中 in progress → 待确认 pending confirmation → 已完成 done, and the ways back.

use kernel::{AgentName, InteractionId, QueueName};
use serde::{Deserialize, Serialize};

use crate::{Channel, WallMillis};

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    /// 新建: nobody has worked on it.
    New,
    /// 处理中: somebody is on it.
    InProgress,
    /// 待确认: solved, the customer has yet to agree.
    PendingConfirmation,
    /// 已完成: closed.
    Done,
}

/// A wish to move a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketMove {
    /// From, as the mover saw it (a stale picture is refused).
    pub from: TicketState,
    /// To.
    pub to: TicketState,
}

/// Why a ticket was not moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TicketRefusal {
    /// Not a way that exists.
    #[error("a ticket cannot go from {from:?} to {to:?}")]
    NoSuchWay {
        /// From.
        from: TicketState,
        /// To.
        to: TicketState,
    },
    /// Somebody moved it meanwhile.
    #[error("the ticket is {actual:?} by now, not {seen:?}")]
    Stale {
        /// What it is.
        actual: TicketState,
        /// What the mover believed.
        seen: TicketState,
    },
}

/// A ticket, as the API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Number, from 1.
    pub id: i64,
    /// One line about it.
    pub subject: String,
    /// Where it stands.
    pub state: TicketState,
    /// The customer.
    pub person: Option<i64>,
    /// The road of the conversation that opened it.
    pub channel: Channel,
    /// The queue it came through.
    pub queue: Option<QueueName>,
    /// Who is on it.
    pub assignee: Option<AgentName>,
    /// Opened.
    pub created_at: WallMillis,
    /// Last change.
    pub updated_at: WallMillis,
    /// Conversations that belong to it, oldest first.
    pub conversations: Vec<InteractionId>,
}
