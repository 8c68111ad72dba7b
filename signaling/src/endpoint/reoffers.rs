//! Changes of a session that stands: re-INVITE and UPDATE by the peer (RFC 3261 section 14.2, RFC 3311).

use super::incoming::accepted;
use super::{Endpoint, Owner, Turn};
use crate::dialog::guard::Guard;
use crate::dialog::timer::Terms;
use crate::dialog::{Offer, Reoffer, State};
use crate::io::{DialogId, Out, Path};
use crate::message::body;
use crate::message::reply::{HEAD_BYTES, ReplyHead};
use crate::message::request::Request;
use crate::transaction::{invite_server, non_invite_server};

/// Whether a new offer may come now.
enum Room {
    Free,
    /// They wait for an answer of ours: 500 (RFC 3261 section 14.2).
    TheirTurn,
    /// We wait for an answer of theirs: 491.
    OurTurn,
}

impl Endpoint {
    fn room(&self, number: u64) -> Room {
        let Some(dialog) = self.dialogs.get(&number) else { return Room::TheirTurn };
        // Glare: both sides offer at once (RFC 3261 section 14.2, RFC 3311 section 5.2).
        if dialog.offers() {
            return Room::OurTurn;
        }
        match (&dialog.state, &dialog.reoffer) {
            (State::Confirmed, Reoffer::None) => Room::Free,
            // Before the answer only after a complete exchange (RFC 3311 section 5.2).
            (State::Ringing { .. }, Reoffer::None) if dialog.reliable.as_ref().is_some_and(|r| r.settled) => {
                Room::Free
            }
            (State::Accepted { offer: Offer::Ours, .. }, _)
            | (State::Confirmed, Reoffer::Guarded { offer: Offer::Ours, .. }) => Room::OurTurn,
            _ => Room::TheirTurn,
        }
    }

    /// Refuses an offer for which there is no room. `true` when it did.
    fn no_room(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>, number: u64) -> bool {
        match self.room(number) {
            Room::Free => return false,
            Room::TheirTurn => self.refuse_order(turn, path, request),
            Room::OurTurn => self.refuse_with(turn, path, request, 491),
        }
        true
    }

    /// A re-INVITE.
    pub(super) fn reinvited(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>, number: u64) {
        if self.no_room(turn, path, request, number) {
            return;
        }
        let Ok(sdp) = body::session(request.message) else {
            return self.refuse_body(turn, path, request);
        };
        let Ok(terms) = Terms::asked(request.message, self.setup.session_expires) else {
            return self.refuse_interval(turn, path, request);
        };
        let Some(reply) = ReplyHead::of(request.message, path, "").filter(|r| r.size() <= HEAD_BYTES) else {
            return self.refuse_with(turn, path, request, 513);
        };
        let transaction = self.begin_invite_server(turn, request, &reply, Some(number));
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        dialog.session.retarget(request.message);
        let offer = if sdp.is_some() { Offer::Theirs } else { Offer::Ours };
        dialog.reoffer = Reoffer::Invite { transaction, reply, cseq: request.cseq, offer, terms };
        let owner = dialog.owner;
        self.tell(turn, owner, Out::Reoffered { dialog: owner, sdp: sdp.map(<[u8]>::to_vec) });
    }

    /// An UPDATE: a new offer, or without one a sign of life and a new Contact.
    pub(super) fn updated(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>, number: u64) {
        let Ok(sdp) = body::session(request.message) else {
            return self.refuse_body(turn, path, request);
        };
        let Ok(terms) = Terms::asked(request.message, self.setup.session_expires) else {
            return self.refuse_interval(turn, path, request);
        };
        let Some(reply) = ReplyHead::of(request.message, path, "").filter(|r| r.size() <= HEAD_BYTES) else {
            return self.refuse_with(turn, path, request, 513);
        };
        let Some(sdp) = sdp else {
            let contact = Self::contact(&path);
            let bytes = accepted(&reply, &self.setup.product, &contact, None, terms);
            if let Some(dialog) = self.dialogs.get_mut(&number) {
                dialog.session.retarget(request.message);
                dialog.refreshed(turn.now, terms);
                self.reschedule(number);
            }
            return self.answer(turn, request, &reply, bytes);
        };
        if self.no_room(turn, path, request, number) {
            return;
        }
        let transaction = self.begin_server(request, &reply, Some(number));
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        dialog.session.retarget(request.message);
        dialog.reoffer = Reoffer::Update { transaction, reply, terms };
        let owner = dialog.owner;
        self.tell(turn, owner, Out::Reoffered { dialog: owner, sdp: Some(sdp.to_vec()) });
    }

    /// The dialog in which the owner was asked for a change: also one of several that are being called.
    fn asked(&self, owner: DialogId) -> Option<u64> {
        match self.owners.get(&owner)? {
            Owner::One(number) => Some(*number),
            Owner::Locating { .. } => None,
            Owner::Dialling(dialling) => dialling.arms().find(|number| {
                self.dialogs.get(number).is_some_and(|d| matches!(d.reoffer, Reoffer::Update { .. }))
            }),
        }
    }

    /// The owner agrees to the change.
    pub(super) fn accept_reoffer(&mut self, turn: &mut Turn<'_>, owner: DialogId, sdp: Vec<u8>) {
        let Some(number) = self.asked(owner) else { return };
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        let contact = Self::contact(&dialog.session.path);
        match &dialog.reoffer {
            Reoffer::Invite { transaction, reply, cseq, offer, terms } => {
                let bytes = accepted(reply, &self.setup.product, &contact, Some(&sdp), *terms);
                let (transaction, offer, terms) = (*transaction, *offer, *terms);
                let guard = Guard::begin(turn.now, bytes.clone(), reply.path, *cseq);
                dialog.reoffer = Reoffer::Guarded { guard, offer };
                dialog.refreshed(turn.now, terms);
                dialog.sdp = sdp;
                self.invite_server(turn, transaction, invite_server::Event::Accept(bytes));
                self.reschedule(number);
            }
            Reoffer::Update { transaction, reply, terms } => {
                let bytes = accepted(reply, &self.setup.product, &contact, Some(&sdp), *terms);
                let (transaction, terms) = (*transaction, *terms);
                dialog.reoffer = Reoffer::None;
                dialog.refreshed(turn.now, terms);
                dialog.sdp = sdp;
                self.other_server(turn, transaction, non_invite_server::Event::Answer(bytes));
                self.reschedule(number);
            }
            Reoffer::None | Reoffer::Guarded { .. } => {}
        }
    }

    /// The owner does not; the session goes on as it was.
    pub(super) fn refuse_reoffer(&mut self, turn: &mut Turn<'_>, owner: DialogId, status: u16) {
        if let Some(number) = self.asked(owner) {
            self.answer_pending(turn, number, status.clamp(300, 699));
        }
    }

    /// The dialog ends: what still waits for an answer gets 487; what waits for an answer of theirs is taken back.
    pub(super) fn drop_pending(&mut self, turn: &mut Turn<'_>, number: u64) {
        self.answer_pending(turn, number, 487);
        self.drop_own(turn, number);
        self.drop_refer(turn, number);
        let Some(dialog) = self.dialogs.get(&number) else { return };
        // A BYE may come before the INVITE that it ends is answered (RFC 3261 section 15.1.2).
        if let State::Ringing { transaction, reply, .. } = &dialog.state {
            let (transaction, bytes) = (*transaction, reply.draft(487, &self.setup.product).end());
            self.invite_server(turn, transaction, invite_server::Event::Refuse(bytes));
        }
    }

    /// The call ends before it was answered: an UPDATE in it is answered too.
    pub(super) fn drop_update(&mut self, turn: &mut Turn<'_>, number: u64) {
        self.answer_pending(turn, number, 487);
        self.drop_refer(turn, number);
    }

    fn answer_pending(&mut self, turn: &mut Turn<'_>, number: u64, status: u16) {
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        match &dialog.reoffer {
            Reoffer::Invite { transaction, reply, .. } => {
                let (transaction, bytes) = (*transaction, reply.draft(status, &self.setup.product).end());
                dialog.reoffer = Reoffer::None;
                self.invite_server(turn, transaction, invite_server::Event::Refuse(bytes));
            }
            Reoffer::Update { transaction, reply, .. } => {
                let (transaction, bytes) = (*transaction, reply.draft(status, &self.setup.product).end());
                dialog.reoffer = Reoffer::None;
                self.other_server(turn, transaction, non_invite_server::Event::Answer(bytes));
            }
            Reoffer::None | Reoffer::Guarded { .. } => {}
        }
    }
}
