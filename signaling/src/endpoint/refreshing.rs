//! Requests of ours that refresh or change a session that stands: UPDATE and re-INVITE (RFC 3311, RFC 4028,
//! RFC 3261 section 14.1).
//!
//! Promises: one at a time; two that meet are sent again after a pause by chance; a session that nobody refreshes ends.

use std::time::Duration;

use kernel::{Fault, Rng, Time};

use super::transactions::{Departure, For, Sent};
use super::{Endpoint, Turn, sending};
use crate::dialog::session::Ours;
use crate::dialog::timer::{self, Terms};
use crate::dialog::{Dialog, Own, Purpose, Reoffer, State};
use crate::io::{DialogId, EndCause, Out, Parting};
use crate::message::header::Name;
use crate::message::request::ALLOW;
use crate::message::response::Response;
use crate::message::{body, grammar};

/// Tries after which a change that meets theirs again and again is given up.
const TRIES: u8 = 8;

/// How long a change of ours waits while one of theirs is under way.
const TURN: Duration = Duration::from_secs(1);

/// The longest Retry-After that is worth waiting for.
const PATIENCE: u64 = 10;

impl Endpoint {
    /// The owner has a new offer.
    pub(super) fn reoffer(&mut self, turn: &mut Turn<'_>, owner: DialogId, sdp: Vec<u8>) {
        let Some(number) = self.only(owner) else { return };
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        if !matches!(dialog.state, State::Confirmed | State::Accepted { .. }) || dialog.offers() {
            return self.tell(turn, owner, Out::ReofferFailed { dialog: owner, status: None });
        }
        dialog.sdp = sdp;
        self.send_own(turn, number, Purpose::Change, 0);
    }

    /// Time for what is ours in a dialog.
    pub(super) fn own_elapsed(&mut self, turn: &mut Turn<'_>, number: u64) {
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        if let Own::Later { at, purpose, tries } = dialog.own
            && at <= turn.now
        {
            return self.send_own(turn, number, purpose, tries);
        }
        let Some(timer) = dialog.timer.as_mut().filter(|timer| timer.due <= turn.now) else { return };
        if timer.is_over(turn.now) {
            return self.expire(turn, number, None);
        }
        timer.tried();
        match dialog.own {
            Own::None => self.send_own(turn, number, Purpose::Refresh, 0),
            // It is a sign of life as well.
            Own::Later { .. } | Own::Sent { .. } => self.reschedule(number),
        }
    }

    /// The session is dead: BYE, and the owner is told.
    fn expire(&mut self, turn: &mut Turn<'_>, number: u64, status: Option<u16>) {
        let Some(owner) = self.dialogs.get(&number).map(|dialog| dialog.owner) else { return };
        self.leave(turn, number, Parting::Expired);
        self.end(turn, owner, EndCause::of(Fault::Peer, status, "session_expired"));
    }

    fn send_own(&mut self, turn: &mut Turn<'_>, number: u64, purpose: Purpose, tries: u8) {
        let transaction = self.fresh();
        let branch = sending::branch(transaction, turn.rng);
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        if !matches!((&dialog.state, &dialog.reoffer), (State::Confirmed, Reoffer::None)) {
            dialog.own = Own::Later { at: turn.now + TURN, purpose, tries };
            return self.reschedule(number);
        }
        let offers = purpose == Purpose::Change || !dialog.updates;
        dialog.own = Own::Sent { transaction, purpose, offers, tries };
        let cseq = dialog.session.next_seq();
        self.reschedule(number);
        let method = if offers { "INVITE" } else { "UPDATE" };
        let Some(dialog) = self.dialogs.get(&number) else { return };
        let (session, sdp) = (dialog.session.clone(), dialog.sdp.clone());
        let proof = self.proof(turn, &session, method, if offers { &sdp } else { b"" });
        let Some(dialog) = self.dialogs.get(&number) else { return };
        let path = self.destination(&dialog.session);
        let via = Self::via(&path, &branch);
        let mut draft = dialog.session.draft(method, cseq, Ours { via: &via, product: &self.setup.product });
        draft.header("Contact", Self::contact(&path));
        draft.header("Allow", ALLOW);
        draft.header("Supported", super::serving::SUPPORTED);
        if let Some(timer) = &dialog.timer {
            draft.header("Session-Expires", timer.terms.as_client());
            if tries > 0 {
                draft.header("Min-SE", timer.terms.interval.to_string());
            }
        }
        if let Some((name, value)) = &proof {
            draft.header(name, value);
        }
        let departure = Departure { number: transaction, branch, path };
        match offers {
            true => {
                let sent = Sent { proof, ..Sent::of(&dialog.session, cseq) };
                let request = draft.body("application/sdp", &dialog.sdp);
                self.begin_invite_client(turn, departure, number, sent, request);
            }
            false => self.begin_client_for(turn, departure, draft.end(), For::Dialog(number)),
        }
    }

    /// A final answer to an UPDATE of ours.
    pub(super) fn own_settled(
        &mut self,
        turn: &mut Turn<'_>,
        transaction: u64,
        number: u64,
        response: &Response<'_>,
    ) {
        match response.status {
            200..300 => self.own_granted(turn, transaction, number, response),
            _ => self.own_refused(turn, transaction, number, Some(response)),
        }
    }

    /// They agree.
    pub(super) fn own_granted(
        &mut self,
        turn: &mut Turn<'_>,
        transaction: u64,
        number: u64,
        response: &Response<'_>,
    ) {
        let Some((dialog, purpose, _)) = self.own_of(transaction, number) else { return };
        dialog.own = Own::None;
        dialog.session.retarget(response.message);
        // Without a word on it the old terms go on.
        let terms = Terms::granted(response.message).or(dialog.timer.map(|timer| timer.terms));
        dialog.stands(turn.now, terms);
        let owner = dialog.owner;
        self.reschedule(number);
        let sdp = body::session(response.message).ok().flatten().map(<[u8]>::to_vec);
        if purpose == Purpose::Change || sdp.is_some() {
            self.tell(turn, owner, Out::Reanswered { dialog: owner, sdp });
        }
    }

    /// They refuse, or do not answer (`None`).
    pub(super) fn own_refused(
        &mut self,
        turn: &mut Turn<'_>,
        transaction: u64,
        number: u64,
        response: Option<&Response<'_>>,
    ) {
        let status = response.map(|r| r.status);
        let Some((dialog, purpose, tries)) = self.own_of(transaction, number) else { return };
        if let (Some(401 | 407), Some(response)) = (status, response) {
            let trunk = dialog.session.trunk.clone();
            if self.lines.challenged(trunk.as_deref(), response, tries) {
                return self.send_own(turn, number, purpose, tries + 1);
            }
            return self.own_unproven(turn, number, purpose, status);
        }
        let offers = dialog.offers();
        let later = |at: Time| Own::Later { at, purpose, tries: tries + 1 };
        dialog.own = Own::None;
        match (status, response) {
            // The whole dialog is gone (RFC 3261 section 12.2.1.2, RFC 4028 section 10).
            (None | Some(408 | 481), _) => return self.expire(turn, number, status),
            (Some(491), _) if tries < TRIES => dialog.own = later(turn.now + glare(dialog.owner, turn.rng)),
            (Some(500 | 503), Some(response)) if tries < TRIES && retry_after(response).is_some() => {
                dialog.own = later(turn.now + retry_after(response).unwrap_or(TURN));
            }
            (Some(422), Some(response)) if tries < TRIES && lengthen(dialog, response) => {
                return self.send_own(turn, number, purpose, tries + 1);
            }
            (Some(405 | 501), _) if !offers => {
                dialog.updates = false;
                return self.send_own(turn, number, purpose, tries);
            }
            _ => self.own_failed(turn, number, purpose, status),
        }
        self.reschedule(number);
    }

    fn own_unproven(&mut self, turn: &mut Turn<'_>, number: u64, purpose: Purpose, status: Option<u16>) {
        if let Some(dialog) = self.dialogs.get_mut(&number) {
            dialog.own = Own::None;
        }
        self.own_failed(turn, number, purpose, status);
        self.reschedule(number);
    }

    fn own_failed(&mut self, turn: &mut Turn<'_>, number: u64, purpose: Purpose, status: Option<u16>) {
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        let owner = dialog.owner;
        match (purpose, &mut dialog.timer) {
            (Purpose::Refresh, Some(timer)) => timer.again(turn.now),
            (Purpose::Refresh, None) => {}
            (Purpose::Change, _) => {
                self.tell(turn, owner, Out::ReofferFailed { dialog: owner, status });
            }
        }
    }

    /// The dialog whose request this transaction carries.
    fn own_of(&mut self, carried: u64, number: u64) -> Option<(&mut Dialog, Purpose, u8)> {
        let dialog = self.dialogs.get_mut(&number)?;
        match dialog.own {
            Own::Sent { transaction, purpose, tries, .. } if transaction == carried => {
                Some((dialog, purpose, tries))
            }
            Own::Sent { .. } | Own::Later { .. } | Own::None => None,
        }
    }

    /// The session ends: an offer of ours that waits for its answer is taken back.
    pub(super) fn drop_own(&mut self, turn: &mut Turn<'_>, number: u64) {
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        if let Own::Sent { transaction, offers: true, .. } = std::mem::replace(&mut dialog.own, Own::None) {
            self.send_cancel(turn, transaction, Parting::Plain);
        }
    }
}

/// The pause after a glare: longer for the one who made the Call-ID (RFC 3261 section 14.1).
fn glare(owner: DialogId, rng: &mut Rng) -> Duration {
    let (least, steps) = if owner.is_outgoing() { (2100, 190) } else { (0, 200) };
    Duration::from_millis(least + 10 * rng.below(steps + 1))
}

fn retry_after(response: &Response<'_>) -> Option<Duration> {
    let value = response.message.first(Name::RetryAfter)?;
    let end = value.iter().position(|b| !b.is_ascii_digit()).unwrap_or(value.len());
    let seconds = grammar::number(value.get(..end)?)?;
    (seconds <= PATIENCE).then(|| Duration::from_secs(seconds))
}

/// Takes the longer interval that a 422 asks for; `false` when it does not.
fn lengthen(dialog: &mut Dialog, response: &Response<'_>) -> bool {
    let (Some(least), Some(timer)) = (timer::least(response.message), &mut dialog.timer) else {
        return false;
    };
    if least <= timer.terms.interval {
        return false;
    }
    timer.terms.interval = least;
    true
}
