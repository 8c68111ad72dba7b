//! States of a ticket, the ways between them, and who may take them.

use kernel::AgentName;
use serde::{Deserialize, Serialize};

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
    /// 重新打开: closed once, and not solved after all.
    Reopened,
}

/// How much it presses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// Can wait.
    Low,
    /// As most.
    #[default]
    Normal,
    /// Before most.
    High,
    /// Now.
    Urgent,
}

/// A wish to move a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketMove {
    /// From, as the mover saw it (a stale picture is refused).
    pub from: TicketState,
    /// To.
    pub to: TicketState,
}

/// Who wants to move a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mover {
    /// An agent.
    Agent(AgentName),
    /// Somebody who watches over agents, or a program with their rights.
    Supervisor,
}

/// Why a ticket was not changed.
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
    /// It lives on in another one.
    #[error("the ticket was merged into ticket {into}")]
    Merged {
        /// That one.
        into: i64,
    },
    /// A ticket and itself.
    #[error("a ticket cannot be merged into or related to itself")]
    Itself,
    /// Merging would mix what two customers said.
    #[error("the tickets belong to different customers; merge the customers first")]
    OtherCustomer,
}

impl TicketState {
    /// Every state, in the order of a ticket's life.
    pub const ALL: &'static [TicketState] =
        &[Self::New, Self::InProgress, Self::PendingConfirmation, Self::Done, Self::Reopened];

    /// Where a ticket in this state may go. Done is reached through confirmation only, so that "closed" always means that
    /// somebody asked the customer; a closed ticket comes back as reopened, so that it can be counted as such.
    #[must_use]
    pub const fn ways(self) -> &'static [TicketState] {
        match self {
            Self::New => &[Self::InProgress],
            Self::InProgress => &[Self::PendingConfirmation, Self::New],
            Self::PendingConfirmation => &[Self::Done, Self::InProgress],
            Self::Done => &[Self::Reopened],
            Self::Reopened => &[Self::InProgress, Self::PendingConfirmation],
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

#[cfg(test)]
mod tests {
    use super::*;
    use TicketState::{Done, InProgress, New, PendingConfirmation, Reopened};

    #[test]
    fn a_ticket_goes_its_way_and_each_step_has_a_way_back() {
        let allowed = [
            (New, InProgress),
            (InProgress, PendingConfirmation),
            (PendingConfirmation, Done),
            (InProgress, New),
            (PendingConfirmation, InProgress),
            (Done, Reopened),
            (Reopened, InProgress),
            (Reopened, PendingConfirmation),
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
