//! Calls that arrive: INVITE, its CANCEL, and what the owner answers (RFC 3261 sections 9.2 and 13.3).

use std::time::Duration;

use kernel::{Fault, Pii};

use super::{Endpoint, Owner, Turn, answers, sending};
use crate::dialog::guard::Guard;
use crate::dialog::reliable::{Reliable, Waiting};
use crate::dialog::session::{self, Session};
use crate::dialog::timer::{Refresher, Terms};
use crate::dialog::{Dialog, Offer, Reoffer, State};
use crate::guard::Offence;
use crate::io::{DialogId, EndCause, Incoming, Out, Path};
use crate::message::header::Name;
use crate::message::parse::Message;
use crate::message::reply::{HEAD_BYTES, ReplyHead};
use crate::message::request::{ALLOW, Request, lists};
use crate::message::{body, grammar};
use crate::transaction::{invite_server, key};

/// Characters of a Reason header that are passed on.
const TOLD: usize = 120;

impl Endpoint {
    /// A call arrives.
    pub(super) fn invited(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) {
        if self.merges.contains_key(&key::merged(request)) {
            return self.refuse_with(turn, path, request, 482);
        }
        if let Err(wait) = self.admits_call(turn, path) {
            let wait = answers::seconds(wait);
            return self.refuse_saying(turn, path, request, 503, |draft| draft.header("Retry-After", wait));
        }
        if self.draining
            || self.dialogs.len() >= self.setup.max_dialogs
            || self.servers.len() >= super::transactions::SERVERS
        {
            return self.refuse_load(turn, path, request);
        }
        let Ok(sdp) = body::session(request.message) else {
            return self.refuse_body(turn, path, request);
        };
        let Ok(terms) = Terms::asked(request.message, self.setup.session_expires) else {
            return self.refuse_interval(turn, path, request);
        };
        let Some(replaces) = self.replaced(turn, path, request) else { return };
        let number = self.fresh();
        let tag = sending::tag(number, turn.rng);
        let Some(reply) = ReplyHead::of(request.message, path, &tag) else { return };
        if reply.size() > HEAD_BYTES {
            return self.refuse_with(turn, path, request, 513);
        }
        let Some(target) = remote_target(request, &path) else {
            return self.refuse_saying(turn, path, request, 400, |d| {
                d.header("Warning", "399 sip \"Contact is malformed\"")
            });
        };
        let transaction = self.begin_invite_server(turn, request, &reply, Some(number));
        let session = callee_session(request, path, tag, target);
        let owner = DialogId::incoming(number);
        let offer = if sdp.is_some() { Offer::Theirs } else { Offer::Ours };
        let mut dialog = Dialog::new(
            owner,
            session,
            State::Ringing { transaction, reply, cseq: request.cseq, offer, terms },
        );
        dialog.reliable = Reliable::of(request, turn.rng);
        dialog.updates = lists(request.message, Name::Allow, "UPDATE");
        self.dialogs.insert(number, dialog);
        self.owners.insert(owner, Owner::One(number));
        turn.out.emit(Out::Invited(Incoming { replaces, ..self.describe(request, path, owner, sdp) }));
    }

    /// CANCEL: 200 to itself, 487 to an INVITE that is not answered yet; 481 when there is none.
    pub(super) fn cancel(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) {
        let Some(number) = self.server_keys.get(&key::cancelled(request)).copied() else {
            return self.refuse_with(turn, path, request, 481);
        };
        let dialog = self.servers.get(&number).and_then(|s| s.dialog);
        let tag = match dialog.and_then(|d| self.dialogs.get(&d)) {
            Some(dialog) => grammar::shown(&dialog.session.local_tag),
            None => sending::tag(self.fresh(), turn.rng),
        };
        let Some(reply) = ReplyHead::of(request.message, path, &tag) else { return };
        let bytes = reply.draft(200, &self.setup.product).end();
        self.answer(turn, request, &reply, bytes);
        if let Some(dialog) = dialog {
            self.cancelled_by_peer(turn, dialog, number, request);
        }
    }

    fn cancelled_by_peer(&mut self, turn: &mut Turn<'_>, number: u64, cancelled: u64, cancel: &Request<'_>) {
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        match (&dialog.state, &dialog.reoffer) {
            (State::Ringing { transaction, reply, .. }, _) if *transaction == cancelled => {
                let bytes = reply.draft(487, &self.setup.product).end();
                let owner = dialog.owner;
                self.drop_update(turn, number);
                self.forget(number);
                self.invite_server(turn, cancelled, invite_server::Event::Refuse(bytes));
                self.end(
                    turn,
                    owner,
                    EndCause {
                        told: told(cancel.message),
                        ..EndCause::of(Fault::Caller, Some(487), "cancelled")
                    },
                );
            }
            (_, Reoffer::Invite { transaction, reply, .. }) if *transaction == cancelled => {
                let bytes = reply.draft(487, &self.setup.product).end();
                dialog.reoffer = Reoffer::None;
                self.invite_server(turn, cancelled, invite_server::Event::Refuse(bytes));
            }
            // Answered already: the CANCEL came too late and changes nothing.
            _ => {}
        }
    }

    /// The owner lets it ring.
    pub(super) fn progress(&mut self, turn: &mut Turn<'_>, owner: DialogId, sdp: Option<Vec<u8>>) {
        let Some(number) = self.only(owner) else { return };
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        let State::Ringing { transaction, reply, offer, .. } = &dialog.state else { return };
        // An offer of ours comes with the 200: what is not acknowledged cannot carry it (RFC 3261 section 13.2.1).
        let sdp = sdp.filter(|_| *offer == Offer::Theirs);
        match &mut dialog.reliable {
            Some(reliable) if reliable.wants(sdp.is_some()) => match (&reliable.waiting, &reliable.unacked) {
                // The first reliable response would have to carry our offer (RFC 3262 section 5): 100 must do.
                _ if *offer == Offer::Ours => {}
                (Some(Waiting::Accept(_)), _) => {}
                (_, Some(_)) => reliable.waiting = Some(Waiting::Progress(sdp)),
                (_, None) => self.progress_reliably(turn, number, sdp.as_deref()),
            },
            _ => {
                let contact = Self::contact(&dialog.session.path);
                let mut draft = reply.dialog_draft(status_of(sdp.as_deref()), &self.setup.product, &contact);
                draft.header("Allow", ALLOW);
                let (transaction, bytes) = (*transaction, draft.sdp(sdp.as_deref()));
                self.invite_server(turn, transaction, invite_server::Event::Progress(bytes));
            }
        }
    }

    /// The owner answers.
    pub(super) fn accept(&mut self, turn: &mut Turn<'_>, owner: DialogId, sdp: Vec<u8>) {
        let Some(number) = self.only(owner) else { return };
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        let State::Ringing { transaction, reply, cseq, offer, terms } = &dialog.state else { return };
        if let Some(reliable) = dialog.reliable.as_mut().filter(|r| r.holds_the_answer()) {
            reliable.waiting = Some(Waiting::Accept(sdp));
            return;
        }
        let (transaction, cseq, offer, terms, path) = (*transaction, *cseq, *offer, *terms, reply.path);
        // An answer that was given and acknowledged is not given again (RFC 6337 section 3.1.1).
        let settled = dialog.reliable.as_ref().is_some_and(|r| r.settled);
        let described = (!settled).then_some(&*sdp);
        let contact = Self::contact(&dialog.session.path);
        let bytes = accepted(reply, &self.setup.product, &contact, described, terms);
        let guard = Guard::begin(turn.now, bytes.clone(), path, cseq);
        dialog.state = State::Accepted { guard, offer, leaving: None };
        dialog.sdp = sdp;
        dialog.stands(turn.now, terms);
        self.invite_server(turn, transaction, invite_server::Event::Accept(bytes));
        self.reschedule(number);
    }

    /// The owner refuses.
    pub(super) fn refuse(
        &mut self,
        turn: &mut Turn<'_>,
        owner: DialogId,
        status: u16,
        retry_after: Option<Duration>,
        reason: &str,
    ) {
        let status = status.clamp(300, 699);
        self.refuse_ringing(turn, owner, status, retry_after, reason, cause_of(status));
    }

    /// Refuses a call that rings, and ends it for its owner.
    pub(super) fn refuse_ringing(
        &mut self,
        turn: &mut Turn<'_>,
        owner: DialogId,
        status: u16,
        retry_after: Option<Duration>,
        reason: &str,
        cause: EndCause,
    ) {
        let Some(number) = self.only(owner) else { return };
        let Some(Dialog { state: State::Ringing { transaction, reply, .. }, .. }) = self.dialogs.get(&number)
        else {
            return;
        };
        let mut draft = reply.draft(status, &self.setup.product);
        if let Some(span) = retry_after {
            draft.header("Retry-After", answers::seconds(span));
        }
        if !reason.is_empty() {
            draft.header("Warning", self.warning(reason));
        }
        let (transaction, path) = (*transaction, reply.path);
        self.drop_update(turn, number);
        self.forget(number);
        self.invite_server(turn, transaction, invite_server::Event::Refuse(draft.end()));
        self.end(turn, owner, cause);
        if status == 404 {
            self.offended(turn, path, Offence::Number);
        }
    }
}

/// The provisional response that says as much as there is to say.
pub(super) const fn status_of(sdp: Option<&[u8]>) -> u16 {
    if sdp.is_some() { 183 } else { 180 }
}

/// A 200 to an INVITE or UPDATE.
pub(super) fn accepted(
    reply: &ReplyHead,
    product: &str,
    contact: &str,
    sdp: Option<&[u8]>,
    terms: Option<Terms>,
) -> Vec<u8> {
    let mut draft = reply.dialog_draft(200, product, contact);
    draft.header("Allow", ALLOW);
    draft.header("Supported", super::serving::SUPPORTED);
    if let Some(terms) = terms {
        draft.header("Session-Expires", terms.as_server());
        // Who must refresh must know how (RFC 4028 section 9).
        if terms.refresher == Refresher::Them {
            draft.header("Require", "timer");
        }
    }
    draft.sdp(sdp)
}

/// What a Reason header says, for people (RFC 3326).
pub(super) fn told(message: &Message<'_>) -> Option<Pii<String>> {
    let text = grammar::shown(message.first(Name::Reason)?);
    Some(Pii::new(text.chars().take(TOLD).collect()))
}

/// What a refusal of ours means to its owner.
fn cause_of(status: u16) -> EndCause {
    let (fault, reason) = match status {
        486 | 600 => (Fault::None, "busy"),
        408 | 480 => (Fault::None, "no_answer"),
        404 | 410 | 484 | 604 => (Fault::Caller, "refused"),
        400 | 406 | 415 | 416 | 420 | 488 | 606 => (Fault::Peer, "refused"),
        503 => (Fault::Capacity, "refused"),
        500..=599 => (Fault::Ours, "refused"),
        _ => (Fault::None, "refused"),
    };
    EndCause::of(fault, Some(status), reason)
}

/// Their Contact; where there is none (RFC 2543), where the request came from. `None` when it is malformed.
fn remote_target(request: &Request<'_>, path: &Path) -> Option<Vec<u8>> {
    match request.message.first(Name::Contact) {
        Some(_) => session::contact(request.message),
        None => Some(format!("sip:{}", path.remote).into_bytes()),
    }
}

/// The dialog of one who is called.
pub(super) fn callee_session(request: &Request<'_>, path: Path, tag: String, target: Vec<u8>) -> Session {
    let mut local = request.message.first(Name::To).unwrap_or_default().to_vec();
    local.extend_from_slice(format!(";tag={tag}").as_bytes());
    Session {
        call_id: request.call_id.to_vec(),
        local,
        local_tag: tag.into_bytes(),
        remote: request.message.first(Name::From).unwrap_or_default().to_vec(),
        remote_tag: request.from.tag().unwrap_or_default().to_vec(),
        local_seq: 0,
        remote_seq: request.cseq,
        routes: session::record_routes(request.message),
        target,
        path,
        trunk: None,
    }
}
