//! Changes of a session that stands: re-INVITE and UPDATE by the peer (RFC 3261 section 14.2, RFC 3311).

use super::incoming::accepted;
use super::{Endpoint, Turn};
use crate::dialog::guard::Guard;
use crate::dialog::{Offer, Reoffer, State};
use crate::io::{DialogId, Out, Path};
use crate::message::body;
use crate::message::reply::{HEAD_BYTES, ReplyHead};
use crate::message::request::{ALLOW, Request};
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
        match self.dialogs.get(&number).map(|d| &d.state) {
            Some(State::Confirmed { reoffer: Reoffer::None }) => Room::Free,
            Some(
                State::Accepted { offer: Offer::Ours, .. }
                | State::Confirmed { reoffer: Reoffer::Guarded { offer: Offer::Ours, .. } },
            ) => Room::OurTurn,
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
        let Some(reply) = ReplyHead::of(request.message, path, "").filter(|r| r.size() <= HEAD_BYTES) else {
            return self.refuse_with(turn, path, request, 513);
        };
        let transaction = self.begin_invite_server(turn, request, &reply, Some(number));
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        dialog.session.retarget(request.message);
        let offer = if sdp.is_some() { Offer::Theirs } else { Offer::Ours };
        dialog.state =
            State::Confirmed { reoffer: Reoffer::Invite { transaction, reply, cseq: request.cseq, offer } };
        let owner = dialog.owner;
        self.tell(turn, owner, Out::Reoffered { dialog: owner, sdp: sdp.map(<[u8]>::to_vec) });
    }

    /// An UPDATE: a new offer, or without one a sign of life and a new Contact.
    pub(super) fn updated(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>, number: u64) {
        let Ok(sdp) = body::session(request.message) else {
            return self.refuse_body(turn, path, request);
        };
        let Some(reply) = ReplyHead::of(request.message, path, "").filter(|r| r.size() <= HEAD_BYTES) else {
            return self.refuse_with(turn, path, request, 513);
        };
        let Some(sdp) = sdp else {
            if let Some(dialog) = self.dialogs.get_mut(&number) {
                dialog.session.retarget(request.message);
            }
            let mut draft = reply.dialog_draft(200, &self.setup.product, &Self::contact(&path));
            draft.header("Allow", ALLOW);
            return self.answer(turn, request, &reply, draft.end());
        };
        if self.no_room(turn, path, request, number) {
            return;
        }
        let transaction = self.begin_server(request, &reply, Some(number));
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        dialog.session.retarget(request.message);
        dialog.state = State::Confirmed { reoffer: Reoffer::Update { transaction, reply } };
        let owner = dialog.owner;
        self.tell(turn, owner, Out::Reoffered { dialog: owner, sdp: Some(sdp.to_vec()) });
    }

    /// The owner agrees to the change.
    pub(super) fn accept_reoffer(&mut self, turn: &mut Turn<'_>, owner: DialogId, sdp: &[u8]) {
        let Some(number) = self.only(owner) else { return };
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        let State::Confirmed { reoffer } = &dialog.state else { return };
        let contact = Self::contact(&dialog.session.path);
        match reoffer {
            Reoffer::Invite { transaction, reply, cseq, offer } => {
                let bytes = accepted(reply, &self.setup.product, &contact, sdp);
                let (transaction, offer) = (*transaction, *offer);
                let guard = Guard::begin(turn.now, bytes.clone(), reply.path, *cseq);
                dialog.state = State::Confirmed { reoffer: Reoffer::Guarded { guard, offer } };
                self.invite_server(turn, transaction, invite_server::Event::Accept(bytes));
                self.reschedule(number);
            }
            Reoffer::Update { transaction, reply } => {
                let bytes = accepted(reply, &self.setup.product, &contact, sdp);
                let transaction = *transaction;
                dialog.state = State::Confirmed { reoffer: Reoffer::None };
                self.other_server(turn, transaction, non_invite_server::Event::Answer(bytes));
            }
            Reoffer::None | Reoffer::Guarded { .. } => {}
        }
    }

    /// The owner does not; the session goes on as it was.
    pub(super) fn refuse_reoffer(&mut self, turn: &mut Turn<'_>, owner: DialogId, status: u16) {
        if let Some(number) = self.only(owner) {
            self.answer_pending(turn, number, status.clamp(300, 699));
        }
    }

    /// The dialog ends: what still waits for an answer gets 487.
    pub(super) fn drop_pending(&mut self, turn: &mut Turn<'_>, number: u64) {
        self.answer_pending(turn, number, 487);
    }

    fn answer_pending(&mut self, turn: &mut Turn<'_>, number: u64, status: u16) {
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        match &dialog.state {
            State::Confirmed { reoffer: Reoffer::Invite { transaction, reply, .. } } => {
                let (transaction, bytes) = (*transaction, reply.draft(status, &self.setup.product).end());
                dialog.state = State::Confirmed { reoffer: Reoffer::None };
                self.invite_server(turn, transaction, invite_server::Event::Refuse(bytes));
            }
            State::Confirmed { reoffer: Reoffer::Update { transaction, reply } } => {
                let (transaction, bytes) = (*transaction, reply.draft(status, &self.setup.product).end());
                dialog.state = State::Confirmed { reoffer: Reoffer::None };
                self.other_server(turn, transaction, non_invite_server::Event::Answer(bytes));
            }
            // A BYE may come before the INVITE that it ends is answered (RFC 3261 section 15.1.2).
            State::Ringing { transaction, reply, .. } if status == 487 => {
                let (transaction, bytes) = (*transaction, reply.draft(status, &self.setup.product).end());
                self.invite_server(turn, transaction, invite_server::Event::Refuse(bytes));
            }
            _ => {}
        }
    }
}
