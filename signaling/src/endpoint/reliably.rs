//! Provisional responses that are acknowledged (RFC 3262): ours to callers, and those of whom we call.

use kernel::Fault;

use super::incoming::{accepted, status_of};
use super::transactions::Departure;
use super::{Endpoint, Turn, sending};
use crate::dialog::reliable::Waiting;
use crate::dialog::session::Ours;
use crate::dialog::{Early, Reoffer, State};
use crate::io::{EndCause, Out, Path};
use crate::message::header::Name;
use crate::message::reply::{HEAD_BYTES, ReplyHead};
use crate::message::request::{ALLOW, Request, lists};
use crate::message::response::Response;
use crate::message::{body, grammar};
use crate::transaction::invite_server;

/// Forks of one call of ours whose early dialogs are remembered.
const FORKS: usize = 8;

impl Endpoint {
    /// Sends a provisional response that is repeated until its PRACK comes.
    pub(super) fn progress_reliably(&mut self, turn: &mut Turn<'_>, number: u64, sdp: Option<&[u8]>) {
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        let (State::Ringing { transaction, reply, .. }, Some(reliable)) =
            (&dialog.state, &mut dialog.reliable)
        else {
            return;
        };
        // Answered once is answered (RFC 6337 section 3.1.1).
        let sdp = sdp.filter(|_| !reliable.settled);
        let contact = Self::contact(&dialog.session.path);
        let mut draft = reply.dialog_draft(status_of(sdp), &self.setup.product, &contact);
        draft.header("Allow", ALLOW);
        draft.header("Require", "100rel");
        draft.header("RSeq", reliable.next_seq().to_string());
        let (transaction, path, bytes) = (*transaction, reply.path, draft.sdp(sdp));
        reliable.sent(turn.now, bytes.clone(), path, sdp.is_some());
        self.invite_server(turn, transaction, invite_server::Event::Progress(bytes));
        self.reschedule(number);
    }

    /// PRACK: what waited for it goes on. One with an offer is answered by the owner (RFC 3262 section 5).
    pub(super) fn pracked(&mut self, turn: &mut Turn<'_>, path: Path, request: &Request<'_>, number: u64) {
        let Ok(sdp) = body::session(request.message) else {
            return self.refuse_body(turn, path, request);
        };
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        let Some(reliable) = dialog.reliable.as_mut().filter(|r| r.is_about(request)) else {
            return self.refuse_with(turn, path, request, 481);
        };
        // An offer needs a complete exchange before it.
        if sdp.is_some() && !(reliable.settled || reliable.holds_the_answer()) {
            return self.refuse_with(turn, path, request, 488);
        }
        let Some(reply) = ReplyHead::of(request.message, path, "").filter(|r| r.size() <= HEAD_BYTES) else {
            return self.refuse_with(turn, path, request, 513);
        };
        let waiting = reliable.acknowledged();
        let (owner, idle) = (dialog.owner, matches!(dialog.reoffer, Reoffer::None));
        self.reschedule(number);
        match sdp.filter(|_| idle) {
            Some(sdp) => {
                let transaction = self.begin_server(request, &reply, Some(number));
                if let Some(dialog) = self.dialogs.get_mut(&number) {
                    dialog.reoffer = Reoffer::Update { transaction, reply, terms: None };
                }
                self.tell(turn, owner, Out::Reoffered { dialog: owner, sdp: Some(sdp.to_vec()) });
            }
            None => {
                let bytes = reply.draft(200, &self.setup.product).end();
                self.answer(turn, request, &reply, bytes);
            }
        }
        match waiting {
            Some(Waiting::Progress(sdp)) => self.progress(turn, owner, sdp),
            Some(Waiting::Accept(sdp)) => self.accept(turn, owner, sdp),
            None => {}
        }
    }

    /// No PRACK came in time (RFC 3262 section 3).
    pub(super) fn not_pracked(&mut self, turn: &mut Turn<'_>, number: u64) {
        let Some(owner) = self.dialogs.get(&number).map(|dialog| dialog.owner) else { return };
        let cause = EndCause::of(Fault::Peer, Some(504), "no_prack");
        self.refuse_ringing(turn, owner, 504, None, "", cause);
    }

    /// A provisional response of whom we call. `false`: it came before, or out of order, and says nothing new.
    pub(super) fn acknowledge_progress(
        &mut self,
        turn: &mut Turn<'_>,
        path: Path,
        transaction: u64,
        number: u64,
        response: &Response<'_>,
    ) -> bool {
        let rseq = response.message.first(Name::RSeq).and_then(grammar::number);
        let rseq = rseq.and_then(|n| u32::try_from(n).ok());
        let Some(rseq) = rseq.filter(|_| lists(response.message, Name::Require, "100rel")) else {
            return true;
        };
        let Some(tag) = response.to.tag() else { return true };
        let Some(at) = self.early_of(transaction, number, path, tag, rseq, response) else { return false };
        self.prack(turn, number, at, rseq);
        true
    }

    /// The early dialog that this response makes or belongs to, by its place; `None` when it is not the next in order.
    fn early_of(
        &mut self,
        transaction: u64,
        number: u64,
        path: Path,
        tag: &[u8],
        rseq: u32,
        response: &Response<'_>,
    ) -> Option<usize> {
        let sdp = body::session(response.message).ok().flatten().map(<[u8]>::to_vec);
        let State::Calling { calling, .. } = &mut self.dialogs.get_mut(&number)?.state else { return None };
        if let Some(at) = calling.early.iter().position(|early| early.session.remote_tag == tag) {
            let early = &mut calling.early[at];
            if early.rseq.checked_add(1) != Some(rseq) {
                return None;
            }
            early.rseq = rseq;
            early.settled |= sdp.is_some();
            early.sdp = early.sdp.take().or(sdp);
            return Some(at);
        }
        if calling.early.len() >= FORKS {
            return None;
        }
        let session = self.session_of(transaction, number, path, response)?;
        let State::Calling { calling, .. } = &mut self.dialogs.get_mut(&number)?.state else { return None };
        calling.early.push(Early { session, rseq, settled: sdp.is_some(), sdp });
        Some(calling.early.len() - 1)
    }

    fn prack(&mut self, turn: &mut Turn<'_>, number: u64, at: usize, rseq: u32) {
        let transaction = self.fresh();
        let branch = sending::branch(transaction, turn.rng);
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        let invite = dialog.session.local_seq;
        let State::Calling { calling, .. } = &mut dialog.state else { return };
        let Some(early) = calling.early.get_mut(at) else { return };
        let cseq = early.session.next_seq();
        let session = early.session.clone();
        let path = self.destination(&session);
        let via = Self::via(&path, &branch);
        let proof = self.proof(turn, &session, "PRACK", b"");
        let mut draft = session.draft("PRACK", cseq, Ours { via: &via, product: &self.setup.product });
        draft.header("RAck", format!("{rseq} {invite} INVITE"));
        if let Some((name, value)) = proof {
            draft.header(name, value);
        }
        self.begin_client(turn, Departure { number: transaction, branch, path }, draft.end());
    }

    /// A request in a dialog that is not answered yet: nothing but an UPDATE makes sense there (RFC 3311 section 5.2).
    pub(super) fn update_early(
        &mut self,
        turn: &mut Turn<'_>,
        path: Path,
        request: &Request<'_>,
        number: u64,
    ) {
        let Ok(sdp) = body::session(request.message) else {
            return self.refuse_body(turn, path, request);
        };
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        let idle = matches!(dialog.reoffer, Reoffer::None);
        let owner = dialog.owner;
        let State::Calling { calling, .. } = &mut dialog.state else { return };
        let tag = request.from.tag().unwrap_or_default();
        let Some(early) = calling.early.iter_mut().find(|e| e.session.remote_tag == tag) else { return };
        if request.cseq < early.session.remote_seq {
            return self.refuse_order(turn, path, request);
        }
        early.session.remote_seq = request.cseq;
        early.session.retarget(request.message);
        if sdp.is_some() && !early.settled {
            // Our offer in the INVITE is not answered (RFC 3311 section 5.2).
            return self.refuse_with(turn, path, request, 491);
        }
        if sdp.is_some() && !idle {
            return self.refuse_order(turn, path, request);
        }
        let Some(reply) = ReplyHead::of(request.message, path, "").filter(|r| r.size() <= HEAD_BYTES) else {
            return self.refuse_with(turn, path, request, 513);
        };
        let Some(sdp) = sdp else {
            let contact = Self::contact(&path);
            let bytes = accepted(&reply, &self.setup.product, &contact, None, None);
            return self.answer(turn, request, &reply, bytes);
        };
        // What was said before is no longer true; the 200 need not say it again.
        early.sdp = None;
        let transaction = self.begin_server(request, &reply, Some(number));
        if let Some(dialog) = self.dialogs.get_mut(&number) {
            dialog.reoffer = Reoffer::Update { transaction, reply, terms: None };
        }
        self.tell(turn, owner, Out::Reoffered { dialog: owner, sdp: Some(sdp.to_vec()) });
    }
}
