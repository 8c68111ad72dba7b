//! Calls that we place: one INVITE for each phone of the callee, of which the first 2xx wins
//! (RFC 3261 sections 9.1, 13.2, 16.7).

use std::collections::VecDeque;
use std::time::Duration;

use kernel::Fault;

use super::locating::{Located, Seeker};
use super::transactions::{Departure, Sent, Verdict};
use super::trunks::domain;
use super::{Endpoint, Owner, Turn, sending};
use crate::dialog::session::{self, Hop, Ours, Session};
use crate::dialog::timer::{self, Terms};
use crate::dialog::{Caller, Calling, Dialog, Early, State, Wish};
use crate::io::{DialTarget, DialogId, EndCause, Out, Parting, Path};
use crate::message::header::Name;
use crate::message::request::{ALLOW, lists};
use crate::message::response::Response;
use crate::message::write::{Draft, quoted};
use crate::message::{body, grammar};
use crate::transaction::invite_client::{Acknowledgement, Event};

/// More than the PRACKs of any fork.
const STRAY: u32 = 1 << 10;

/// How often a callee may ask for a longer session interval.
const RAISES: u8 = 2;

/// How long a server may be silent before the next one that its name gives is tried (RFC 3263 section 4.3).
const PATIENCE: Duration = Duration::from_secs(4);

/// What a call of ours is made of.
#[derive(Clone, Debug, Default)]
pub(super) struct Placing {
    pub(super) caller: Caller,
    pub(super) sdp: Vec<u8>,
    pub(super) headers: Vec<(String, String)>,
    /// The Request-URI, where it is looked up by name.
    pub(super) uri: Vec<u8>,
    pub(super) trunk: Option<String>,
}

/// An owner's call while nobody has answered.
#[derive(Debug)]
pub(super) struct Dialling {
    /// Dialogs to be.
    arms: Vec<u64>,
    /// The most telling refusal so far.
    best: Option<u16>,
}

impl Dialling {
    /// Dialogs to be.
    pub(super) fn arms(&self) -> impl Iterator<Item = u64> {
        self.arms.iter().copied()
    }
}

/// One phone to call.
struct Arm {
    uri: Vec<u8>,
    routes: Vec<Vec<u8>>,
    path: Path,
    rest: VecDeque<Hop>,
}

impl Endpoint {
    /// Calls somebody.
    pub(super) fn dial(
        &mut self,
        turn: &mut Turn<'_>,
        owner: DialogId,
        target: DialTarget,
        placing: Placing,
    ) {
        if self.owners.contains_key(&owner) {
            return;
        }
        match target {
            DialTarget::Account(user) => {
                let arms = self.phones(&user);
                self.call(turn, owner, arms, &placing, Some(480));
            }
            DialTarget::Uri(uri) => {
                let place = uri.clone().into_bytes();
                self.seek(turn, owner, &place, Placing { uri: uri.into_bytes(), ..placing });
            }
            DialTarget::Trunk { name, number } => {
                let Some(trunk) = self.lines.named(&name) else {
                    return self.call(turn, owner, Vec::new(), &placing, None);
                };
                let (place, home) = (trunk.uri.clone(), domain(&trunk.uri));
                let (scheme, host) = home.split_once(':').unwrap_or(("sip", &home));
                let uri = format!("{scheme}:{}@{host}", grammar::escape_user(number.reveal()));
                let caller = Caller { domain: Some(host.to_owned()), ..placing.caller };
                let placing = Placing { caller, uri: uri.into_bytes(), trunk: Some(name), ..placing };
                self.seek(turn, owner, place.as_bytes(), placing);
            }
        }
    }

    /// Looks for the server behind a URI, and calls there.
    fn seek(&mut self, turn: &mut Turn<'_>, owner: DialogId, place: &[u8], placing: Placing) {
        match self.locate(turn, place, Seeker::Call(owner)) {
            Located::Places(places) => self.call_at(turn, owner, places, &placing),
            Located::Later(search) => {
                self.owners.insert(owner, Owner::Locating { search, placing: Box::new(placing) });
            }
        }
    }

    /// The servers of a callee are known.
    pub(super) fn call_located(&mut self, turn: &mut Turn<'_>, owner: DialogId, places: Vec<Hop>) {
        if let Some(Owner::Locating { placing, .. }) = self.owners.remove(&owner) {
            self.call_at(turn, owner, places, &placing);
        }
    }

    fn call_at(&mut self, turn: &mut Turn<'_>, owner: DialogId, places: Vec<Hop>, placing: &Placing) {
        let mut rest: VecDeque<Hop> = places.into();
        let path = std::iter::from_fn(|| rest.pop_front()).find_map(|hop| self.path_to(hop));
        let arm = path.map(|path| Arm { uri: placing.uri.clone(), routes: Vec::new(), path, rest });
        self.call(turn, owner, arm.into_iter().collect(), placing, None);
    }

    /// Calls all of these; nobody there ends it with this status.
    fn call(
        &mut self,
        turn: &mut Turn<'_>,
        owner: DialogId,
        arms: Vec<Arm>,
        placing: &Placing,
        nobody: Option<u16>,
    ) {
        let numbers: Vec<u64> = arms.iter().map(|_| self.fresh()).collect();
        self.owners.insert(owner, Owner::Dialling(Dialling { arms: numbers.clone(), best: None }));
        if arms.is_empty() {
            return self.end(turn, owner, EndCause::of(Fault::Peer, nobody, "unreachable"));
        }
        for (arm, number) in arms.into_iter().zip(numbers) {
            self.invite(turn, owner, number, arm, placing);
        }
    }

    fn phones(&self, user: &str) -> Vec<Arm> {
        let flows = self.registrar.flows(user);
        flows
            .map(|flow| Arm {
                uri: flow.contact.to_vec(),
                routes: flow.routes.to_vec(),
                path: flow.path,
                rest: VecDeque::new(),
            })
            .collect()
    }

    fn invite(&mut self, turn: &mut Turn<'_>, owner: DialogId, number: u64, mut arm: Arm, placing: &Placing) {
        let rest = std::mem::take(&mut arm.rest);
        let tag = sending::tag(number, turn.rng);
        let mut session = caller_session(arm, &placing.caller, tag, &turn.rng.token(24));
        session.trunk.clone_from(&placing.trunk);
        turn.out.emit(Out::Dialled { dialog: owner, call_id: session.call_id.clone() });
        let calling = Box::new(Calling {
            headers: placing.headers.clone(),
            interval: self.setup.session_expires,
            raised: 0,
            early: Vec::new(),
            caller: placing.caller.clone(),
            patience: (!rest.is_empty()).then(|| turn.now + PATIENCE),
            rest,
            proofs: 0,
        });
        let mut dialog =
            Dialog::new(owner, session, State::Calling { transaction: 0, wish: Wish::Answer, calling });
        dialog.sdp.clone_from(&placing.sdp);
        self.dialogs.insert(number, dialog);
        self.send_invite(turn, number);
        self.reschedule(number);
    }

    /// A server was silent for too long: the next one is called, and this one as soon as it says anything is cancelled.
    pub(super) fn out_of_patience(&mut self, turn: &mut Turn<'_>, number: u64) {
        if self.elsewhere(turn, number, None) {
            self.give_up(turn, number, Parting::Plain);
        }
        self.reschedule(number);
    }

    /// Calls the next server that the callee's name gives. `false`: there is none, or this refusal is the callee's own.
    fn elsewhere(&mut self, turn: &mut Turn<'_>, number: u64, status: Option<u16>) -> bool {
        if !matches!(status, None | Some(408 | 503)) {
            return false;
        }
        let Some(dialog) = self.dialogs.get_mut(&number) else { return false };
        let State::Calling { wish: Wish::Answer, calling, .. } = &mut dialog.state else { return false };
        let mut rest = std::mem::take(&mut calling.rest);
        let placing = Placing {
            caller: calling.caller.clone(),
            sdp: dialog.sdp.clone(),
            headers: calling.headers.clone(),
            uri: dialog.session.target.clone(),
            trunk: dialog.session.trunk.clone(),
        };
        let (owner, routes) = (dialog.owner, dialog.session.routes.clone());
        let path = std::iter::from_fn(|| rest.pop_front()).find_map(|hop| self.path_to(hop));
        let Some(path) = path else { return false };
        let next = self.fresh();
        match self.owners.get_mut(&owner) {
            Some(Owner::Dialling(dialling)) => {
                dialling.arms.retain(|arm| *arm != number);
                dialling.arms.push(next);
            }
            Some(Owner::One(_) | Owner::Locating { .. }) | None => return false,
        }
        let arm = Arm { uri: placing.uri.clone(), routes, path, rest };
        self.invite(turn, owner, next, arm, &placing);
        true
    }

    /// They want to know who we are: once more, with the proof. `false` when that is no way.
    fn proven(&mut self, turn: &mut Turn<'_>, number: u64, response: &Response<'_>) -> bool {
        let Some(dialog) = self.dialogs.get_mut(&number) else { return false };
        let State::Calling { wish: Wish::Answer, calling, .. } = &mut dialog.state else { return false };
        if !matches!(response.status, 401 | 407)
            || !self.lines.challenged(dialog.session.trunk.as_deref(), response, calling.proofs)
        {
            return false;
        }
        calling.proofs += 1;
        calling.early.clear();
        dialog.session.next_seq();
        self.send_invite(turn, number);
        true
    }

    /// Sends the INVITE of a call of ours, for the first time or under another session interval.
    fn send_invite(&mut self, turn: &mut Turn<'_>, number: u64) {
        let next = self.fresh();
        let branch = sending::branch(next, turn.rng);
        let Some(dialog) = self.dialogs.get(&number) else { return };
        let (session, sdp) = (dialog.session.clone(), dialog.sdp.clone());
        let proof = self.proof(turn, &session, "INVITE", &sdp);
        let Some(dialog) = self.dialogs.get(&number) else { return };
        let State::Calling { calling, .. } = &dialog.state else { return };
        let path = match session.first_hop().and_then(|hop| self.path_to(hop)) {
            Some(first) => first,
            None => self.streams.resolve(session.path),
        };
        let via = Self::via(&path, &branch);
        let mut draft =
            session.draft("INVITE", session.local_seq, Ours { via: &via, product: &self.setup.product });
        draft.header("Contact", Self::contact(&path));
        draft.header("Allow", ALLOW);
        draft.header("Supported", super::serving::SUPPORTED);
        if calling.interval > 0 {
            draft.header("Session-Expires", calling.interval.to_string());
        }
        if calling.interval > self.setup.session_expires {
            draft.header("Min-SE", calling.interval.to_string());
        }
        if let Some((name, value)) = &proof {
            draft.header(name, value);
        }
        add_headers(&mut draft, &calling.headers);
        let request = draft.body("application/sdp", &sdp);
        let sent = Sent { proof, ..Sent::of(&session, session.local_seq) };
        if let Some(State::Calling { transaction, .. }) = self.dialogs.get_mut(&number).map(|d| &mut d.state)
        {
            *transaction = next;
        }
        self.begin_invite_client(turn, Departure { number: next, branch, path }, number, sent, request);
    }

    /// Their sessions must live longer than we asked (RFC 4028 section 7.3): once more. `false` when that is no way.
    fn longer(&mut self, turn: &mut Turn<'_>, number: u64, response: &Response<'_>) -> bool {
        let Some(least) = timer::least(response.message) else { return false };
        let Some(dialog) = self.dialogs.get_mut(&number) else { return false };
        let State::Calling { wish: Wish::Answer, calling, .. } = &mut dialog.state else { return false };
        if response.status != 422
            || calling.interval == 0
            || least <= calling.interval
            || calling.raised >= RAISES
        {
            return false;
        }
        calling.interval = least;
        calling.raised += 1;
        calling.early.clear();
        dialog.session.next_seq();
        self.send_invite(turn, number);
        true
    }

    /// A response to an INVITE of ours.
    pub(super) fn invite_answered(
        &mut self,
        turn: &mut Turn<'_>,
        path: Path,
        number: u64,
        response: &Response<'_>,
    ) {
        let Some((inviting, client)) = self.inviting(number) else { return };
        let dialog = inviting.dialog;
        match response.status {
            ..200 => {
                if self.invite_client(turn, number, Event::Provisional) == Verdict::Deliver {
                    self.rings(turn, path, number, dialog, response);
                }
            }
            200..300 => {
                let tag = response.to.tag().unwrap_or_default();
                if let Some(ack) = inviting.repeated(tag) {
                    let (path, bytes) = (ack.path, ack.bytes.clone());
                    return self.send(turn, path, bytes);
                }
                let again = inviting.again;
                if self.invite_client(turn, number, Event::Success { tag }) == Verdict::Deliver {
                    match again {
                        true => self.own_answered(turn, number, dialog, response),
                        false => self.answered(turn, path, number, dialog, response),
                    }
                }
            }
            _ => {
                let via = Self::via(&client.path, client.branch());
                let ack =
                    hop_by_hop("ACK", &inviting.sent, &via, response.to_text, &self.setup.product, None);
                if self.invite_client(turn, number, Event::Failure { ack }) == Verdict::Deliver {
                    self.refused(turn, number, dialog, response);
                }
            }
        }
    }

    fn refused(&mut self, turn: &mut Turn<'_>, transaction: u64, number: u64, response: &Response<'_>) {
        let calling = self.dialogs.get(&number).is_some_and(|d| matches!(d.state, State::Calling { .. }));
        if !calling {
            return self.own_refused(turn, transaction, number, Some(response));
        }
        if !self.longer(turn, number, response) && !self.proven(turn, number, response) {
            self.not_answered(turn, number, Some(response.status));
        }
    }

    fn rings(
        &mut self,
        turn: &mut Turn<'_>,
        path: Path,
        transaction: u64,
        number: u64,
        response: &Response<'_>,
    ) {
        let (wish, owner) = match self.dialogs.get(&number) {
            Some(dialog) => match &dialog.state {
                State::Calling { wish, .. } => (*wish, dialog.owner),
                // A re-INVITE of ours.
                _ => return,
            },
            // Nobody wants it any more: the session of a re-INVITE ended.
            None => return self.send_cancel(turn, transaction, Parting::Plain),
        };
        if let Wish::Cancel(why) = wish {
            return self.send_cancel(turn, transaction, why);
        }
        self.alive_there(number);
        if response.status > 100 && self.acknowledge_progress(turn, path, transaction, number, response) {
            let sdp = body::session(response.message).ok().flatten().map(<[u8]>::to_vec);
            self.tell(turn, owner, Out::Progress { dialog: owner, status: response.status, sdp });
        }
    }

    /// Somebody is there: this is the server that is called.
    fn alive_there(&mut self, number: u64) {
        if let Some(State::Calling { calling, .. }) = self.dialogs.get_mut(&number).map(|d| &mut d.state)
            && calling.patience.take().is_some()
        {
            self.reschedule(number);
        }
    }

    /// A 2xx: acknowledged at once. The first is the call; what comes too late or from another fork is ended.
    fn answered(
        &mut self,
        turn: &mut Turn<'_>,
        path: Path,
        transaction: u64,
        number: u64,
        response: &Response<'_>,
    ) {
        let Some(mut session) = self.session_of(transaction, number, path, response) else { return };
        self.acknowledge(turn, transaction, &session, response);
        let early = self.early(number, response.to.tag().unwrap_or_default());
        if let Some(early) = &early {
            (session.local_seq, session.remote_seq) = (early.session.local_seq, early.session.remote_seq);
        }
        let wish = match self.dialogs.get(&number).map(|d| &d.state) {
            Some(State::Calling { wish, .. }) => Some(*wish),
            _ => None,
        };
        if wish != Some(Wish::Answer) {
            if wish.is_some() {
                self.forget_calling(turn, number);
            }
            // What PRACKs counted in a stray fork is forgotten: a step beyond all of them.
            session.local_seq = session.local_seq.saturating_add(STRAY);
            return self.send_bye(turn, &mut session, Parting::Plain);
        }
        let by =
            grammar::shown(&self.inviting(transaction).map(|(i, _)| i.sent.uri.clone()).unwrap_or_default());
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        dialog.session = session;
        dialog.state = State::Confirmed;
        dialog.updates = lists(response.message, Name::Allow, "UPDATE");
        dialog.stands(turn.now, Terms::granted(response.message));
        let owner = dialog.owner;
        self.reschedule(number);
        let Some(entry) = self.owners.get_mut(&owner) else { return };
        if let Owner::Dialling(dialling) = std::mem::replace(entry, Owner::One(number)) {
            for other in dialling.arms.into_iter().filter(|arm| *arm != number) {
                self.give_up(turn, other, Parting::Elsewhere);
            }
        }
        let said = body::session(response.message).ok().flatten().map(<[u8]>::to_vec);
        // The answer may have come before, with a response that was acknowledged (RFC 3262 section 5).
        let sdp = match early {
            Some(early) if early.settled => early.sdp,
            _ => said,
        };
        self.tell(turn, owner, Out::Answered { dialog: owner, sdp, by });
    }

    /// The early dialog of the one who answers.
    fn early(&mut self, number: u64, tag: &[u8]) -> Option<Early> {
        let State::Calling { calling, .. } = &mut self.dialogs.get_mut(&number)?.state else { return None };
        let at = calling.early.iter().position(|early| early.session.remote_tag == tag)?;
        Some(calling.early.swap_remove(at))
    }

    /// Forgets a call that nobody answered in time; an UPDATE that waits in it is answered.
    fn forget_calling(&mut self, turn: &mut Turn<'_>, number: u64) -> Option<Dialog> {
        self.drop_update(turn, number);
        self.forget(number)
    }

    /// The dialog that a 2xx makes. The dialog to be may be gone; its INVITE remembers enough.
    pub(super) fn session_of(
        &self,
        transaction: u64,
        number: u64,
        path: Path,
        response: &Response<'_>,
    ) -> Option<Session> {
        let (inviting, _) = self.inviting(transaction)?;
        let sent = &inviting.sent;
        let mut routes = session::record_routes(response.message);
        routes.reverse();
        let mut session = Session {
            call_id: sent.call_id.clone(),
            local: sent.from.clone(),
            local_tag: self.dialogs.get(&number).map(|d| d.session.local_tag.clone()).unwrap_or_default(),
            remote: response.to_text.to_vec(),
            remote_tag: response.to.tag().unwrap_or_default().to_vec(),
            local_seq: sent.cseq,
            remote_seq: 0,
            routes,
            target: session::contact(response.message).unwrap_or_else(|| sent.uri.clone()),
            path,
            trunk: sent.trunk.clone(),
        };
        // A proxy that stays out of the dialog: the Contact is elsewhere and can be reached.
        if let Some(hop) =
            session.target_hop().filter(|hop| hop.is_public() && hop.remote.ip() != path.remote.ip())
            && let Some(direct) = self.path_to(hop)
        {
            session.path = direct;
        }
        Some(session)
    }

    fn acknowledge(
        &mut self,
        turn: &mut Turn<'_>,
        transaction: u64,
        session: &Session,
        response: &Response<'_>,
    ) {
        let path = self.destination(session);
        let branch = sending::branch(self.fresh(), turn.rng);
        let via = Self::via(&path, &branch);
        let mut draft =
            session.draft("ACK", session.local_seq, Ours { via: &via, product: &self.setup.product });
        if let Some((name, value)) = self.inviting(transaction).and_then(|(i, _)| i.sent.proof.as_ref()) {
            draft.header(name, value);
        }
        let bytes = draft.end();
        self.send(turn, path, bytes.clone());
        let tag = response.to.tag().unwrap_or_default().to_vec();
        self.invite_client(turn, transaction, Event::Acknowledged(Acknowledgement { tag, path, bytes }));
    }

    /// A 2xx to a re-INVITE of ours, whether or not its session still stands.
    fn own_answered(&mut self, turn: &mut Turn<'_>, transaction: u64, number: u64, response: &Response<'_>) {
        let branch = sending::branch(self.fresh(), turn.rng);
        let Some((inviting, client)) = self.inviting(transaction) else { return };
        let path = match self.dialogs.get(&number) {
            Some(dialog) => self.destination(&dialog.session),
            None => client.path,
        };
        let via = Self::via(&path, &branch);
        let bytes = hop_by_hop("ACK", &inviting.sent, &via, response.to_text, &self.setup.product, None);
        self.send(turn, path, bytes.clone());
        let tag = response.to.tag().unwrap_or_default().to_vec();
        self.invite_client(turn, transaction, Event::Acknowledged(Acknowledgement { tag, path, bytes }));
        self.own_granted(turn, transaction, number, response);
    }

    /// An arm was refused, timed out or could not be reached.
    pub(super) fn not_answered(&mut self, turn: &mut Turn<'_>, number: u64, status: Option<u16>) {
        if !matches!(self.dialogs.get(&number).map(|d| &d.state), Some(State::Calling { .. })) {
            return;
        }
        let moved = self.elsewhere(turn, number, status);
        let Some(dialog) = self.forget_calling(turn, number) else { return };
        let owner = dialog.owner;
        let Some(Owner::Dialling(dialling)) = self.owners.get_mut(&owner).filter(|_| !moved) else { return };
        // One that was given up for another server has no say any more.
        if !dialling.arms.contains(&number) {
            return;
        }
        dialling.arms.retain(|arm| *arm != number);
        dialling.best = telling(dialling.best, status);
        // 6xx speaks for all of the callee's phones (RFC 3261 section 21.6).
        let arms =
            if status.is_some_and(|s| s >= 600) { std::mem::take(&mut dialling.arms) } else { Vec::new() };
        let best = dialling.best;
        let over = dialling.arms.is_empty();
        for arm in arms {
            self.give_up(turn, arm, Parting::Plain);
        }
        if over {
            self.end(turn, owner, refusal(best));
        }
    }

    /// The owner hangs up before anybody answered.
    pub(super) fn stop_dialling(&mut self, turn: &mut Turn<'_>, owner: DialogId, why: Parting) {
        match self.owners.get_mut(&owner) {
            Some(Owner::Dialling(dialling)) => {
                for arm in std::mem::take(&mut dialling.arms) {
                    self.give_up(turn, arm, why);
                }
            }
            Some(Owner::Locating { search, .. }) => {
                let search = *search;
                self.searches.forget(search);
            }
            Some(Owner::One(_)) | None => {}
        }
        self.end(turn, owner, EndCause::of(Fault::None, None, "cancelled"));
    }

    /// CANCEL now, or as soon as it is allowed.
    fn give_up(&mut self, turn: &mut Turn<'_>, number: u64, why: Parting) {
        self.drop_update(turn, number);
        let Some(dialog) = self.dialogs.get_mut(&number) else { return };
        if let State::Calling { transaction, wish, calling } = &mut dialog.state {
            *wish = Wish::Cancel(why);
            calling.patience = None;
            let transaction = *transaction;
            self.send_cancel(turn, transaction, why);
        }
    }

    pub(super) fn send_cancel(&mut self, turn: &mut Turn<'_>, transaction: u64, why: Parting) {
        let Some((inviting, client)) = self.inviting(transaction).filter(|(i, _)| i.may_cancel()) else {
            return;
        };
        let via = Self::via(&client.path, client.branch());
        let (sent, reason) = (&inviting.sent, why.header());
        let request = hop_by_hop("CANCEL", sent, &via, &sent.to, &self.setup.product, reason);
        let (path, branch) = (client.path, client.branch().to_owned());
        let cancel = self.fresh();
        self.begin_client(turn, Departure { number: cancel, branch, path }, request);
        self.cancelled(turn, transaction, cancel);
    }
}

/// ACK to a refusal, or CANCEL: the same way and Via as the INVITE, and not counted.
fn hop_by_hop(
    method: &str,
    sent: &Sent,
    via: &str,
    to: &[u8],
    product: &str,
    reason: Option<&str>,
) -> Vec<u8> {
    let mut draft = Draft::request(method, &sent.uri);
    draft.header("Via", via);
    draft.header("Max-Forwards", "70");
    for route in &sent.routes {
        draft.header("Route", route);
    }
    draft.header("From", &sent.from);
    draft.header("To", to);
    draft.header("Call-ID", &sent.call_id);
    draft.header("CSeq", format!("{} {method}", sent.cseq));
    draft.header("User-Agent", product);
    if let Some(reason) = reason {
        draft.header("Reason", reason);
    }
    draft.end()
}

fn caller_session(arm: Arm, caller: &Caller, tag: String, token: &str) -> Session {
    let host = Endpoint::host(&arm.path);
    let name = caller.name.as_ref().map(|name| format!("{} ", quoted(name.reveal()))).unwrap_or_default();
    let user = grammar::escape_user(caller.user.reveal());
    let domain = caller.domain.as_deref().unwrap_or(&host);
    let at = if user.is_empty() { "" } else { "@" };
    Session {
        call_id: format!("{token}@{host}").into_bytes(),
        local: format!("{name}<sip:{user}{at}{domain}>;tag={tag}").into_bytes(),
        local_tag: tag.into_bytes(),
        remote: [b"<", without_headers(&arm.uri), b">"].concat(),
        remote_tag: Vec::new(),
        local_seq: 1,
        remote_seq: 0,
        routes: arm.routes,
        target: without_headers(&arm.uri).to_vec(),
        path: arm.path,
        trunk: None,
    }
}

/// A Contact may carry `?headers`, a Request-URI may not (RFC 3261 section 19.1.1).
fn without_headers(uri: &[u8]) -> &[u8] {
    let from = uri.iter().rposition(|b| *b == b'@').unwrap_or(0);
    let end = uri[from..].iter().position(|b| *b == b'?').map_or(uri.len(), |i| from + i);
    &uri[..end]
}

/// Headers of the owner: names must be tokens and none of those that make the message.
fn add_headers(draft: &mut Draft, headers: &[(String, String)]) {
    for (name, value) in headers {
        if grammar::is_token(name.as_bytes())
            && matches!(
                Name::of(name.as_bytes()),
                Name::Extra | Name::Other | Name::AssertedIdentity | Name::Privacy
            )
        {
            draft.header(name, value);
        }
    }
}

/// The more telling of two refusals: 6xx, then busy, then any answer, then none (after RFC 3261 section 16.7 step 6).
fn telling(one: Option<u16>, other: Option<u16>) -> Option<u16> {
    let rank = |status: Option<u16>| match status {
        Some(600..) => 5,
        Some(486) => 4,
        Some(403) => 3,
        Some(480 | 408) => 2,
        Some(_) => 1,
        None => 0,
    };
    if rank(other) > rank(one) { other } else { one }
}

/// What a refusal by the callee means.
fn refusal(status: Option<u16>) -> EndCause {
    let reason = match status {
        Some(486 | 600) => "busy",
        Some(408 | 480 | 487) => "no_answer",
        None | Some(404 | 410 | 484 | 604 | 500..=599) => "unreachable",
        Some(_) => "refused",
    };
    EndCause::of(Fault::Peer, status, reason)
}
