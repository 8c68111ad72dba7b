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

impl TicketState {
    /// Every state, in the order of a ticket's life.
    pub const ALL: &'static [TicketState] =
        &[Self::New, Self::InProgress, Self::PendingConfirmation, Self::Done];

    /// Where a ticket in this state may go. Done is reached through confirmation only, so that "closed" always means that
    /// somebody asked the customer; each step has one way back (put down again, not solved after all, reopened).
    #[must_use]
    pub const fn ways(self) -> &'static [TicketState] {
        match self {
            Self::New => &[Self::InProgress],
            Self::InProgress => &[Self::PendingConfirmation, Self::New],
            Self::PendingConfirmation => &[Self::Done, Self::InProgress],
            Self::Done => &[Self::InProgress],
        }
    }

    /// Whether a ticket in this state may make `step`.
    ///
    /// # Errors
    /// `Stale` when the mover saw another state than this one, `NoSuchWay` when no way leads there.
    pub fn check(self, step: TicketMove) -> Result<(), TicketRefusal> {
        if step.from != self {
            return Err(TicketRefusal::Stale { actual: self, seen: step.from });
        }
        if !self.ways().contains(&step.to) {
            return Err(TicketRefusal::NoSuchWay { from: step.from, to: step.to });
        }
        Ok(())
    }
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
    /// Conversations that belong to it, oldest first; of very many the newest 200.
    pub conversations: Vec<InteractionId>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use TicketState::{Done, InProgress, New, PendingConfirmation};

    #[test]
    fn a_ticket_goes_its_way_and_each_step_has_a_way_back() {
        let allowed = [
            (New, InProgress),
            (InProgress, PendingConfirmation),
            (PendingConfirmation, Done),
            (InProgress, New),
            (PendingConfirmation, InProgress),
            (Done, InProgress),
        ];
        for from in TicketState::ALL.iter().copied() {
            for to in TicketState::ALL.iter().copied() {
                let verdict = from.check(TicketMove { from, to });
                assert_eq!(verdict.is_ok(), allowed.contains(&(from, to)), "{from:?} to {to:?}");
            }
        }
    }

    #[test]
    fn a_stale_picture_is_refused_even_where_the_way_exists() {
        let step = TicketMove { from: New, to: InProgress };
        assert_eq!(Done.check(step), Err(TicketRefusal::Stale { actual: Done, seen: New }));
    }
}
