//! Calls that arrive: INVITE, its CANCEL, and what the owner answers (RFC 3261 sections 9.2 and 13.3).

use std::time::Duration;

use kernel::{Fault, Pii};

use super::{Endpoint, Owner, Turn, answers, sending};
use crate::dialog::guard::Guard;
use crate::dialog::session::{self, Session};
use crate::dialog::{Dialog, Offer, Reoffer, State};
use crate::io::{DialogId, EndCause, Incoming, Out, Path};
use crate::message::header::Name;
use crate::message::reply::{HEAD_BYTES, ReplyHead};
use crate::message::request::{ALLOW, Request};
use crate::message::uri::Scheme;
use crate::message::{body, grammar};
use crate::transaction::{invite_server, key};

/// Headers of the caller that are passed on, at most.
const EXTRA: usize = 32;

impl Endpoint {
    /// A call arrives.
    pub(super) fn invited(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>) {
        if self.merges.contains_key(&key::merged(request)) {
            return self.refuse_with(turn, path, request, 482);
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
        let state = State::Ringing { transaction, reply, offer };
        self.dialogs.insert(number, Dialog { owner, session, state, at: None });
        self.owners.insert(owner, Owner::One(number));
        turn.out.emit(Out::Invited(describe(request, path, owner, sdp)));
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
            self.cancelled_by_peer(turn, dialog, number);
        }
    }

    fn cancelled_by_peer(&mut self, turn: &mut Turn<'_>, number: u64, cancelled: u64) {
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        match &dialog.state {
            State::Ringing { transaction, reply, .. } if *transaction == cancelled => {
                let bytes = reply.draft(487, &self.setup.product).end();
                let owner = dialog.owner;
                self.forget(number);
                self.invite_server(turn, cancelled, invite_server::Event::Refuse(bytes));
                self.end(
                    turn,
                    owner,
                    EndCause { fault: Fault::Caller, status: Some(487), reason: "cancelled" },
                );
            }
            State::Confirmed { reoffer: Reoffer::Invite { transaction, reply, .. } }
                if *transaction == cancelled =>
            {
                let bytes = reply.draft(487, &self.setup.product).end();
                dialog.state = State::Confirmed { reoffer: Reoffer::None };
                self.invite_server(turn, cancelled, invite_server::Event::Refuse(bytes));
            }
            // Answered already: the CANCEL came too late and changes nothing.
            _ => {}
        }
    }

    /// The owner lets it ring.
    pub(super) fn progress(&mut self, turn: &mut Turn<'_>, owner: DialogId, sdp: Option<&[u8]>) {
        let Some(dialog) = self.only(owner).and_then(|n| self.dialogs.get(&n)) else { return };
        let State::Ringing { transaction, reply, .. } = &dialog.state else { return };
        let status = if sdp.is_some() { 183 } else { 180 };
        let mut draft = reply.dialog_draft(status, &self.setup.product, &Self::contact(&dialog.session.path));
        draft.header("Allow", ALLOW);
        let (transaction, bytes) = (*transaction, draft.sdp(sdp));
        self.invite_server(turn, transaction, invite_server::Event::Progress(bytes));
    }

    /// The owner answers.
    pub(super) fn accept(&mut self, turn: &mut Turn<'_>, owner: DialogId, sdp: &[u8]) {
        let Some(number) = self.only(owner) else { return };
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        let State::Ringing { transaction, reply, offer } = &dialog.state else { return };
        let (transaction, offer, path) = (*transaction, *offer, reply.path);
        let bytes = accepted(reply, &self.setup.product, &Self::contact(&dialog.session.path), sdp);
        let guard = Guard::begin(turn.now, bytes.clone(), path, dialog.session.remote_seq);
        dialog.state = State::Accepted { guard, offer, leaving: false };
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
        let transaction = *transaction;
        self.forget(number);
        self.invite_server(turn, transaction, invite_server::Event::Refuse(draft.end()));
        self.end(turn, owner, cause);
    }
}

/// A 200 to an INVITE.
pub(super) fn accepted(reply: &ReplyHead, product: &str, contact: &str, sdp: &[u8]) -> Vec<u8> {
    let mut draft = reply.dialog_draft(200, product, contact);
    draft.header("Allow", ALLOW);
    draft.header("Supported", super::serving::SUPPORTED);
    draft.body("application/sdp", sdp)
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
    EndCause { fault, status: Some(status), reason }
}

/// Their Contact; where there is none (RFC 2543), where the request came from. `None` when it is malformed.
fn remote_target(request: &Request<'_>, path: &Path) -> Option<Vec<u8>> {
    match request.message.first(Name::Contact) {
        Some(_) => session::contact(request.message),
        None => Some(format!("sip:{}", path.remote).into_bytes()),
    }
}

/// The dialog of one who is called.
fn callee_session(request: &Request<'_>, path: Path, tag: String, target: Vec<u8>) -> Session {
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
    }
}

/// What the owner is told of a call.
fn describe(request: &Request<'_>, path: Path, dialog: DialogId, sdp: Option<&[u8]>) -> Incoming {
    let from = request.from.parsed();
    let caller = match &from {
        Some(uri) if matches!(uri.scheme, Scheme::Sip | Scheme::Sips | Scheme::Tel) => {
            let scheme = match uri.scheme {
                Scheme::Tel => "tel",
                Scheme::Sips => "sips",
                Scheme::Sip | Scheme::Other => "sip",
            };
            let user = grammar::shown(uri.user.unwrap_or_default());
            let host = grammar::shown(uri.host);
            let at = if user.is_empty() || host.is_empty() { "" } else { "@" };
            format!("{scheme}:{user}{at}{host}")
        }
        _ => grammar::shown(request.from.uri),
    };
    let extra = request.message.headers.iter().filter(|h| h.name == Name::Extra).take(EXTRA);
    Incoming {
        dialog,
        path,
        called: request.uri.user_shown(),
        caller: Pii::new(caller),
        caller_user: Pii::new(from.map(|uri| uri.user_shown()).unwrap_or_default()),
        caller_name: request.from.display_shown().map(Pii::new),
        call_id: grammar::shown(request.call_id),
        sdp: sdp.map(<[u8]>::to_vec),
        extra: extra.map(|h| (grammar::shown(h.raw_name), Pii::new(grammar::shown(&h.value)))).collect(),
    }
}
