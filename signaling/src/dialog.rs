//! One dialog (RFC 3261 section 12): what our requests in it are made of, and where it stands.
//!
//! Promises: one state at a time, each holding only what is meaningful in it; a CSeq is never used twice.
//! Leaves to others: transactions, and telling the owner (`endpoint`).

pub(crate) mod guard;
pub(crate) mod session;

use kernel::Time;

use crate::io::DialogId;
use crate::message::reply::ReplyHead;
use guard::Guard;
use session::Session;

/// A dialog, or one that may become one.
#[derive(Clone, Debug)]
pub(crate) struct Dialog {
    /// To whom its events belong. The owner may have taken leave already; then nothing is told.
    pub(crate) owner: DialogId,
    pub(crate) session: Session,
    pub(crate) state: State,
    /// Its entry in the agenda.
    pub(crate) at: Option<Time>,
}

/// Who sent the offer in an exchange that ends with an ACK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offer {
    /// In the INVITE: the ACK carries nothing.
    Theirs,
    /// In our 200: the ACK carries the answer.
    Ours,
}

/// Where a dialog stands.
#[derive(Clone, Debug)]
pub(crate) enum State {
    /// They called; no final answer yet.
    Ringing { transaction: u64, reply: ReplyHead, offer: Offer },
    /// We answered; the ACK is missing. `leaving`: as soon as it comes, BYE (RFC 3261 section 15).
    Accepted { guard: Guard, offer: Offer, leaving: bool },
    /// We call; no final answer yet.
    Calling { transaction: u64, wish: Wish },
    /// Both sides agree that it stands.
    Confirmed { reoffer: Reoffer },
}

/// What we want of a call that is not answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// An answer.
    Answer,
    /// To be rid of it: CANCEL as soon as that is allowed, BYE if it is answered nevertheless.
    Cancel,
}

/// A change of a session that stands, asked by the peer.
#[derive(Clone, Debug)]
pub(crate) enum Reoffer {
    /// None under way.
    None,
    /// A re-INVITE waits for the owner.
    Invite { transaction: u64, reply: ReplyHead, cseq: u32, offer: Offer },
    /// An UPDATE waits for the owner.
    Update { transaction: u64, reply: ReplyHead },
    /// The re-INVITE is accepted; its ACK is missing.
    Guarded { guard: Guard, offer: Offer },
}

impl Dialog {
    /// When time must be told to it.
    pub(crate) fn next_timeout(&self) -> Option<Time> {
        match &self.state {
            State::Accepted { guard, .. } | State::Confirmed { reoffer: Reoffer::Guarded { guard, .. } } => {
                Some(guard.next_timeout())
            }
            State::Ringing { .. } | State::Calling { .. } | State::Confirmed { .. } => None,
        }
    }
}
