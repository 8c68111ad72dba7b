//! One dialog (RFC 3261 section 12): what our requests in it are made of, and where it stands.
//!
//! Promises: one state at a time, each holding only what is meaningful in it; a CSeq is never used twice.
//! Leaves to others: transactions, and telling the owner (`endpoint`).

pub(crate) mod guard;
pub(crate) mod reliable;
pub(crate) mod session;
pub(crate) mod timer;

use std::collections::VecDeque;

use kernel::{Pii, Time};

use crate::io::{DialogId, Parting};
use crate::message::reply::ReplyHead;
use guard::Guard;
use reliable::Reliable;
use session::{Hop, Session};
use timer::{Terms, Timer};

/// A dialog, or one that may become one.
#[derive(Clone, Debug)]
pub(crate) struct Dialog {
    /// To whom its events belong. The owner may have taken leave already; then nothing is told.
    pub(crate) owner: DialogId,
    pub(crate) session: Session,
    pub(crate) state: State,
    /// A change of the session that the peer asked for.
    pub(crate) reoffer: Reoffer,
    /// A request of ours that changes or refreshes the session.
    pub(crate) own: Own,
    /// When it must be refreshed, if that was agreed.
    pub(crate) timer: Option<Timer>,
    /// For a caller that acknowledges provisional responses.
    pub(crate) reliable: Option<Box<Reliable>>,
    /// A transfer that the peer asked for.
    pub(crate) refer: Option<Box<Refer>>,
    /// It is not the first.
    pub(crate) referred_before: bool,
    /// How we described ourselves last.
    pub(crate) sdp: Vec<u8>,
    /// The peer takes UPDATE.
    pub(crate) updates: bool,
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
    Ringing { transaction: u64, reply: ReplyHead, cseq: u32, offer: Offer, terms: Option<Terms> },
    /// We answered; the ACK is missing. `leaving`: as soon as it comes, BYE (RFC 3261 section 15).
    Accepted { guard: Guard, offer: Offer, leaving: Option<Parting> },
    /// We call; no final answer yet.
    Calling { transaction: u64, wish: Wish, calling: Box<Calling> },
    /// Both sides agree that it stands.
    Confirmed,
}

/// What we want of a call that is not answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// An answer.
    Answer,
    /// To be rid of it: CANCEL as soon as that is allowed, BYE if it is answered nevertheless.
    Cancel(Parting),
}

/// What is remembered of a call of ours until it is answered.
#[derive(Clone, Debug)]
pub(crate) struct Calling {
    /// The owner's headers, for a second INVITE.
    pub(crate) headers: Vec<(String, String)>,
    /// The session interval that we ask for, in seconds; 0: none.
    pub(crate) interval: u32,
    /// How often they wanted it longer.
    pub(crate) raised: u8,
    /// Dialogs that reliable provisional responses made, one for each fork.
    pub(crate) early: Vec<Early>,
    /// Who calls, for another try elsewhere.
    pub(crate) caller: Caller,
    /// Where else the callee's server may be, in the order to try (RFC 3263 section 4.3).
    pub(crate) rest: VecDeque<Hop>,
    /// Nothing was heard until then: the next one is tried.
    pub(crate) patience: Option<Time>,
    /// How often it was sent again to prove who we are.
    pub(crate) proofs: u8,
}

/// Who calls, in our From.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caller {
    pub(crate) user: Pii<String>,
    pub(crate) name: Option<Pii<String>>,
    /// The host to say; without it: our address.
    pub(crate) domain: Option<String>,
}

/// A dialog before the answer (RFC 3262 section 4).
#[derive(Clone, Debug)]
pub(crate) struct Early {
    pub(crate) session: Session,
    /// RSeq of the last provisional response that was acknowledged.
    pub(crate) rseq: u32,
    /// Their answer; the 200 need not repeat it.
    pub(crate) sdp: Option<Vec<u8>>,
    /// Offer and answer were exchanged.
    pub(crate) settled: bool,
}

/// A change of a session, asked by the peer.
#[derive(Clone, Debug)]
pub(crate) enum Reoffer {
    /// None under way.
    None,
    /// A re-INVITE waits for the owner.
    Invite { transaction: u64, reply: ReplyHead, cseq: u32, offer: Offer, terms: Option<Terms> },
    /// An UPDATE (or a PRACK with an offer) waits for the owner.
    Update { transaction: u64, reply: ReplyHead, terms: Option<Terms> },
    /// The re-INVITE is accepted; its ACK is missing.
    Guarded { guard: Guard, offer: Offer },
}

/// Why we send a request that changes or refreshes the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A sign of life (RFC 4028 section 7.4).
    Refresh,
    /// The owner has a new offer and waits for the answer.
    Change,
}

/// A request of ours that changes or refreshes the session. `tries` counts those that were refused for the time being.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Own {
    /// None.
    None,
    /// To be sent (again) then.
    Later { at: Time, purpose: Purpose, tries: u8 },
    /// Not answered yet. `offers`: it is a re-INVITE.
    Sent { transaction: u64, purpose: Purpose, offers: bool, tries: u8 },
}

/// A transfer that the peer asked for (RFC 3515).
#[derive(Clone, Debug)]
pub(crate) struct Refer {
    /// The REFER, until the owner has answered it.
    pub(crate) pending: Option<(u64, ReplyHead)>,
    /// Its CSeq number names the subscription, unless it is the first (section 2.4.6).
    pub(crate) id: Option<u32>,
    /// `Refer-Sub: false` (RFC 4488): no NOTIFY.
    pub(crate) quiet: bool,
}

impl Dialog {
    /// A dialog in its first state.
    pub(crate) fn new(owner: DialogId, session: Session, state: State) -> Self {
        Self {
            owner,
            session,
            state,
            reoffer: Reoffer::None,
            own: Own::None,
            timer: None,
            reliable: None,
            refer: None,
            referred_before: false,
            sdp: Vec::new(),
            updates: false,
            at: None,
        }
    }

    /// When time must be told to it.
    pub(crate) fn next_timeout(&self) -> Option<Time> {
        let guard = self.guard().map(Guard::next_timeout);
        let own = match self.own {
            Own::Later { at, .. } => Some(at),
            Own::None | Own::Sent { .. } => None,
        };
        let patience = match &self.state {
            State::Calling { calling, .. } => calling.patience,
            State::Ringing { .. } | State::Accepted { .. } | State::Confirmed => None,
        };
        [guard, own, patience, self.timer.map(|timer| timer.due)].into_iter().flatten().min()
    }

    /// The response that waits for its confirmation.
    fn guard(&self) -> Option<&Guard> {
        match (&self.state, &self.reoffer) {
            (State::Accepted { guard, .. }, _) | (State::Confirmed, Reoffer::Guarded { guard, .. }) => {
                Some(guard)
            }
            (State::Ringing { .. }, _) => Some(&self.reliable.as_ref()?.unacked.as_ref()?.guard),
            (State::Confirmed | State::Calling { .. }, _) => None,
        }
    }

    /// The same, to be told the time.
    pub(crate) fn guard_mut(&mut self) -> Option<&mut Guard> {
        match (&mut self.state, &mut self.reoffer) {
            (State::Accepted { guard, .. }, _) | (State::Confirmed, Reoffer::Guarded { guard, .. }) => {
                Some(guard)
            }
            (State::Ringing { .. }, _) => Some(&mut self.reliable.as_mut()?.unacked.as_mut()?.guard),
            (State::Confirmed | State::Calling { .. }, _) => None,
        }
    }

    /// The session stands (again) from now on under these terms.
    pub(crate) fn stands(&mut self, now: Time, terms: Option<Terms>) {
        self.timer = terms.map(|terms| Timer::begin(now, terms));
    }

    /// A request of theirs refreshed the session. Before the call is answered nothing runs yet.
    pub(crate) fn refreshed(&mut self, now: Time, terms: Option<Terms>) {
        if matches!(self.state, State::Accepted { .. } | State::Confirmed) {
            self.stands(now, terms);
        }
    }

    /// An offer of ours that they have not answered.
    pub(crate) fn offers(&self) -> bool {
        matches!(self.own, Own::Sent { offers: true, .. })
    }
}
