//! Keeping transactions: beginning them, feeding them, carrying out their steps, forgetting them.

use std::mem;
use std::net::SocketAddr;

use kernel::Time;

use super::agenda::Due;
use super::leaving::Farewell;
use super::{Endpoint, Turn, sending};
use crate::dialog::State;
use crate::dialog::session::Session;
use crate::io::Path;
use crate::message::reply::ReplyHead;
use crate::message::request::Request;
use crate::transaction::Step;
use crate::transaction::invite_client::{self, InviteClient};
use crate::transaction::invite_server::{self, InviteServer};
use crate::transaction::key::{self, Key};
use crate::transaction::non_invite_client::{self, NonInviteClient};
use crate::transaction::non_invite_server::{self, NonInviteServer};

/// Server transactions of calls, at most: 5,000 calls a second leave 320,000 of them for their 32 seconds.
pub(super) const SERVERS: usize = 500_000;

/// Beyond so many, what needs no call is answered without state (RFC 3261 section 8.2.7), so that a flood costs time
/// but not memory.
const STRANGERS: usize = 100_000;

/// A server transaction.
#[derive(Debug)]
pub(super) struct Server {
    key: Key,
    merge: Option<Key>,
    path: Path,
    machine: ServerMachine,
    /// The dialog that it belongs to, for CANCEL.
    pub(super) dialog: Option<u64>,
    at: Option<Time>,
}

#[derive(Debug)]
enum ServerMachine {
    Invite(InviteServer),
    Other(NonInviteServer),
}

/// A client transaction.
#[derive(Debug)]
pub(super) struct Client {
    branch: String,
    pub(super) path: Path,
    machine: ClientMachine,
    at: Option<Time>,
}

/// A request that is about to leave: its transaction's number, the branch that tells it, and the way.
#[derive(Debug)]
pub(super) struct Departure {
    pub(super) number: u64,
    pub(super) branch: String,
    pub(super) path: Path,
}

#[derive(Debug)]
enum ClientMachine {
    Invite(Box<Inviting>),
    /// With whom the answer is for.
    Other(NonInviteClient, For),
}

/// For whom the answer to a request that is not INVITE is.
#[derive(Clone, Debug)]
pub(super) enum For {
    /// Nobody needs to know.
    Nobody,
    /// A dialog waits for it.
    Dialog(u64),
    /// A trunk's errand.
    Line(u64),
    /// A subscription whose NOTIFY it is.
    Watch(u64),
    /// The last word of a session with a trunk.
    Farewell(Box<Farewell>),
}

/// An INVITE of ours.
#[derive(Debug)]
pub(super) struct Inviting {
    state: InviteClient,
    /// The dialog that it is to make, or to change.
    pub(super) dialog: u64,
    /// It changes one.
    pub(super) again: bool,
    /// What its ACK and CANCEL repeat of it.
    pub(super) sent: Sent,
    /// The CANCEL, which has the same branch.
    cancel: Option<u64>,
}

/// The lines of an INVITE that the ACK to a refusal and a CANCEL repeat (RFC 3261 sections 9.1 and 17.1.1.3).
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) uri: Vec<u8>,
    pub(super) routes: Vec<Vec<u8>>,
    pub(super) from: Vec<u8>,
    pub(super) to: Vec<u8>,
    pub(super) call_id: Vec<u8>,
    pub(super) cseq: u32,
    pub(super) trunk: Option<String>,
    /// What proved who we are: the ACK to a 2xx repeats it (RFC 3261 section 22.1).
    pub(super) proof: Option<(&'static str, Vec<u8>)>,
}

impl Sent {
    /// The lines that a session gives its INVITE with this CSeq number.
    pub(super) fn of(session: &Session, cseq: u32) -> Self {
        let (uri, routes) = session.way();
        Self {
            uri,
            routes,
            from: session.local.clone(),
            to: session.remote.clone(),
            call_id: session.call_id.clone(),
            cseq,
            trunk: session.trunk.clone(),
            proof: None,
        }
    }
}

/// What a client transaction made of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing for its user.
    Nothing,
    /// The response is for its user.
    Deliver,
    /// It timed out.
    TimedOut,
}

impl Endpoint {
    /// Begins an INVITE server transaction; `first` is sent at once.
    pub(super) fn begin_invite_server(
        &mut self,
        turn: &mut Turn<'_>,
        request: &Request<'_>,
        reply: &ReplyHead,
        dialog: Option<u64>,
    ) -> u64 {
        let mut steps = Vec::new();
        let machine = InviteServer::begin(reply.trying(), &mut steps);
        let merge = dialog.map(|_| key::merged(request));
        let number =
            self.add_server(key::of(request), merge, reply.path, ServerMachine::Invite(machine), dialog);
        self.carry_out(turn, reply.path, steps);
        number
    }

    /// Refuses an INVITE that makes no dialog, and repeats that until it is acknowledged.
    pub(super) fn refuse_invite(
        &mut self,
        turn: &mut Turn<'_>,
        request: &Request<'_>,
        reply: &ReplyHead,
        bytes: Vec<u8>,
    ) {
        if self.servers.len() >= STRANGERS {
            return self.send(turn, reply.path, bytes);
        }
        let machine = ServerMachine::Invite(InviteServer::Proceeding { reply: Vec::new() });
        let number = self.add_server(key::of(request), None, reply.path, machine, None);
        self.invite_server(turn, number, invite_server::Event::Refuse(bytes));
    }

    /// Begins a server transaction for anything else; the answer comes later.
    pub(super) fn begin_server(
        &mut self,
        request: &Request<'_>,
        reply: &ReplyHead,
        dialog: Option<u64>,
    ) -> u64 {
        self.add_server(
            key::of(request),
            None,
            reply.path,
            ServerMachine::Other(NonInviteServer::Trying),
            dialog,
        )
    }

    /// Answers a request that is not INVITE, at once.
    pub(super) fn answer(
        &mut self,
        turn: &mut Turn<'_>,
        request: &Request<'_>,
        reply: &ReplyHead,
        bytes: Vec<u8>,
    ) {
        if self.servers.len() >= SERVERS {
            return self.send(turn, reply.path, bytes);
        }
        let number = self.begin_server(request, reply, None);
        self.other_server(turn, number, non_invite_server::Event::Answer(bytes));
    }

    /// The same for what belongs to no call.
    pub(super) fn answer_stranger(
        &mut self,
        turn: &mut Turn<'_>,
        request: &Request<'_>,
        reply: &ReplyHead,
        bytes: Vec<u8>,
    ) {
        if self.servers.len() >= STRANGERS {
            return self.send(turn, reply.path, bytes);
        }
        self.answer(turn, request, reply, bytes);
    }

    fn add_server(
        &mut self,
        key: Key,
        merge: Option<Key>,
        path: Path,
        machine: ServerMachine,
        dialog: Option<u64>,
    ) -> u64 {
        let number = self.fresh();
        self.server_keys.insert(key.clone(), number);
        if let Some(merge) = &merge {
            self.merges.insert(merge.clone(), number);
        }
        self.servers.insert(number, Server { key, merge, path, machine, dialog, at: None });
        number
    }

    /// A request came again.
    pub(super) fn server_again(&mut self, turn: &mut Turn<'_>, number: u64) {
        self.invite_server(turn, number, invite_server::Event::Again);
        self.other_server(turn, number, non_invite_server::Event::Again);
    }

    /// Feeds an INVITE server transaction.
    pub(super) fn invite_server(&mut self, turn: &mut Turn<'_>, number: u64, event: invite_server::Event) {
        let Some(server) = self.servers.get_mut(&number) else { return };
        let ServerMachine::Invite(machine) = &mut server.machine else { return };
        let mut steps = Vec::new();
        let state = mem::replace(machine, InviteServer::Terminated);
        *machine = state.handle(turn.now, server.path.transport, event, &mut steps);
        self.server_stepped(turn, number, steps);
    }

    /// Feeds another server transaction.
    pub(super) fn other_server(&mut self, turn: &mut Turn<'_>, number: u64, event: non_invite_server::Event) {
        let Some(server) = self.servers.get_mut(&number) else { return };
        let ServerMachine::Other(machine) = &mut server.machine else { return };
        let mut steps = Vec::new();
        let state = mem::replace(machine, NonInviteServer::Terminated);
        *machine = state.handle(turn.now, server.path.transport, event, &mut steps);
        self.server_stepped(turn, number, steps);
    }

    fn server_stepped(&mut self, turn: &mut Turn<'_>, number: u64, steps: Vec<Step>) {
        let Some(server) = self.servers.get_mut(&number) else { return };
        let path = server.path;
        let (at, over) = match &server.machine {
            ServerMachine::Invite(m) => (m.next_timeout(), *m == InviteServer::Terminated),
            ServerMachine::Other(m) => (m.next_timeout(), *m == NonInviteServer::Terminated),
        };
        self.agenda.set(Due::Server(number), &mut server.at, at);
        if over {
            self.forget_server(number);
        }
        self.carry_out(turn, path, steps);
    }

    fn forget_server(&mut self, number: u64) {
        let Some(server) = self.servers.remove(&number) else { return };
        self.agenda.clear(Due::Server(number), server.at);
        self.server_keys.remove(&server.key);
        if let Some(merge) = server.merge {
            self.merges.remove(&merge);
        }
    }

    /// Time for a server transaction.
    pub(super) fn server_elapsed(&mut self, turn: &mut Turn<'_>, number: u64) {
        if let Some(server) = self.servers.get_mut(&number) {
            server.at = None;
        }
        self.invite_server(turn, number, invite_server::Event::Elapsed);
        self.other_server(turn, number, non_invite_server::Event::Elapsed);
    }

    fn carry_out(&self, turn: &mut Turn<'_>, path: Path, steps: Vec<Step>) -> Verdict {
        let mut verdict = Verdict::Nothing;
        for step in steps {
            match step {
                Step::Send(bytes) => self.send(turn, path, bytes),
                Step::Deliver => verdict = Verdict::Deliver,
                Step::TimedOut => verdict = Verdict::TimedOut,
            }
        }
        verdict
    }

    /// Begins an INVITE of ours.
    pub(super) fn begin_invite_client(
        &mut self,
        turn: &mut Turn<'_>,
        departure: Departure,
        dialog: u64,
        sent: Sent,
        request: Vec<u8>,
    ) {
        let mut steps = Vec::new();
        let state = InviteClient::begin(turn.now, departure.path.transport, request, &mut steps);
        let again = self.dialogs.get(&dialog).is_some_and(|d| matches!(d.state, State::Confirmed));
        let machine = ClientMachine::Invite(Box::new(Inviting { state, dialog, again, sent, cancel: None }));
        self.add_client(turn, departure, machine, steps);
    }

    /// Begins any other request of ours, of which nobody needs to know what becomes.
    pub(super) fn begin_client(&mut self, turn: &mut Turn<'_>, departure: Departure, request: Vec<u8>) {
        self.begin_client_for(turn, departure, request, For::Nobody);
    }

    /// Begins a request of ours whose answer somebody wants.
    pub(super) fn begin_client_for(
        &mut self,
        turn: &mut Turn<'_>,
        departure: Departure,
        request: Vec<u8>,
        whom: For,
    ) {
        let mut steps = Vec::new();
        let state = NonInviteClient::begin(turn.now, departure.path.transport, request, &mut steps);
        self.add_client(turn, departure, ClientMachine::Other(state, whom), steps);
    }

    /// For whom the answer to a request which is not INVITE is.
    pub(super) fn whom(&self, number: u64) -> For {
        match self.clients.get(&number).map(|client| &client.machine) {
            Some(ClientMachine::Other(_, whom)) => whom.clone(),
            Some(ClientMachine::Invite(_)) | None => For::Nobody,
        }
    }

    fn add_client(
        &mut self,
        turn: &mut Turn<'_>,
        departure: Departure,
        machine: ClientMachine,
        steps: Vec<Step>,
    ) {
        let Departure { number, branch, path } = departure;
        let path = self.streams.resolve(path);
        self.streams.attach(path, number);
        if !path.transport.is_stream() {
            self.sent_to.insert((path.remote, number));
        }
        self.clients.insert(number, Client { branch, path, machine, at: None });
        self.client_stepped(turn, number, steps);
    }

    /// The client transaction that a branch of ours names.
    pub(super) fn client_of(&self, branch: &[u8]) -> Option<u64> {
        let number = sending::number_in_branch(branch)?;
        self.clients.get(&number).filter(|c| c.branch.as_bytes() == branch).map(|_| number)
    }

    /// The INVITE behind a client transaction.
    pub(super) fn inviting(&self, number: u64) -> Option<(&Inviting, &Client)> {
        let client = self.clients.get(&number)?;
        match &client.machine {
            ClientMachine::Invite(inviting) => Some((inviting, client)),
            ClientMachine::Other(..) => None,
        }
    }

    /// Feeds an INVITE client transaction.
    pub(super) fn invite_client(
        &mut self,
        turn: &mut Turn<'_>,
        number: u64,
        event: invite_client::Event<'_>,
    ) -> Verdict {
        let Some(client) = self.clients.get_mut(&number) else { return Verdict::Nothing };
        let ClientMachine::Invite(inviting) = &mut client.machine else { return Verdict::Nothing };
        let mut steps = Vec::new();
        let state = mem::replace(&mut inviting.state, InviteClient::Terminated);
        inviting.state = state.handle(turn.now, client.path.transport, event, &mut steps);
        self.client_stepped(turn, number, steps)
    }

    /// Feeds another client transaction.
    pub(super) fn other_client(
        &mut self,
        turn: &mut Turn<'_>,
        number: u64,
        event: non_invite_client::Event,
    ) -> Verdict {
        let Some(client) = self.clients.get_mut(&number) else { return Verdict::Nothing };
        let ClientMachine::Other(machine, _) = &mut client.machine else { return Verdict::Nothing };
        let mut steps = Vec::new();
        let state = mem::replace(machine, NonInviteClient::Terminated);
        *machine = state.handle(turn.now, client.path.transport, event, &mut steps);
        self.client_stepped(turn, number, steps)
    }

    fn client_stepped(&mut self, turn: &mut Turn<'_>, number: u64, steps: Vec<Step>) -> Verdict {
        let Some(client) = self.clients.get_mut(&number) else { return Verdict::Nothing };
        let path = client.path;
        let (at, over) = match &client.machine {
            ClientMachine::Invite(i) => (i.state.next_timeout(), i.state == InviteClient::Terminated),
            ClientMachine::Other(m, _) => (m.next_timeout(), *m == NonInviteClient::Terminated),
        };
        self.agenda.set(Due::Client(number), &mut client.at, at);
        if over {
            self.forget_client(number);
        }
        self.carry_out(turn, path, steps)
    }

    pub(super) fn forget_client(&mut self, number: u64) -> Option<Client> {
        let client = self.clients.remove(&number)?;
        self.agenda.clear(Due::Client(number), client.at);
        self.streams.detach(client.path, number);
        self.sent_to.remove(&(client.path.remote, number));
        Some(client)
    }

    /// Time for a client transaction.
    pub(super) fn client_elapsed(&mut self, turn: &mut Turn<'_>, number: u64) {
        let Some(client) = self.clients.get_mut(&number) else { return };
        client.at = None;
        let (whom, verdict) = match &client.machine {
            ClientMachine::Invite(inviting) => {
                let dialog = inviting.dialog;
                (For::Dialog(dialog), self.invite_client(turn, number, invite_client::Event::Elapsed))
            }
            ClientMachine::Other(_, whom) => {
                let whom = whom.clone();
                (whom, self.other_client(turn, number, non_invite_client::Event::Elapsed))
            }
        };
        if verdict == Verdict::TimedOut {
            self.nobody_answered(turn, number, whom);
        }
    }

    fn nobody_answered(&mut self, turn: &mut Turn<'_>, number: u64, whom: For) {
        match whom {
            For::Dialog(dialog) => self.unanswered(turn, number, dialog),
            For::Line(line) => self.line_answered(turn, number, line, None),
            For::Watch(watch) => self.notify_answered(turn, watch, None),
            For::Nobody | For::Farewell(_) => {}
        }
    }

    /// Nobody listens there (ICMP): what was sent there in vain has failed (RFC 3261 section 18.4).
    pub(super) fn unreachable(&mut self, turn: &mut Turn<'_>, remote: SocketAddr) {
        let there: Vec<u64> =
            self.sent_to.range((remote, 0)..=(remote, u64::MAX)).map(|(_, number)| *number).collect();
        for number in there {
            let silent = self.clients.get(&number).is_some_and(|client| match &client.machine {
                ClientMachine::Invite(inviting) => inviting.state.is_silent(),
                ClientMachine::Other(machine, _) => matches!(machine, NonInviteClient::Trying { .. }),
            });
            if silent {
                self.client_lost(turn, number);
            }
        }
    }

    /// Nobody answered a request of a dialog in time.
    fn unanswered(&mut self, turn: &mut Turn<'_>, number: u64, dialog: u64) {
        self.not_answered(turn, dialog, None);
        self.own_refused(turn, number, dialog, None);
    }

    /// The stream on which a client transaction waited is gone (RFC 3261 section 17.1.4).
    pub(super) fn client_lost(&mut self, turn: &mut Turn<'_>, number: u64) {
        let pending = self.inviting(number).map(|(i, _)| (i.dialog, i.state.is_pending()));
        let whom = match pending {
            // Answered: kept for the answer that may come again over another stream.
            Some((_, false)) => return,
            Some((dialog, true)) => For::Dialog(dialog),
            None => self.whom(number),
        };
        self.forget_client(number);
        self.nobody_answered(turn, number, whom);
    }

    /// Notes the CANCEL of an INVITE. Both have one branch.
    pub(super) fn cancelled(&mut self, turn: &mut Turn<'_>, number: u64, cancel: u64) {
        if let Some(Client { machine: ClientMachine::Invite(inviting), .. }) = self.clients.get_mut(&number) {
            inviting.cancel = Some(cancel);
        }
        self.invite_client(turn, number, invite_client::Event::Cancelled);
    }
}

impl Inviting {
    /// Whether a CANCEL may be sent now.
    pub(super) fn may_cancel(&self) -> bool {
        self.state.may_cancel()
    }

    /// The CANCEL's own transaction.
    pub(super) fn cancel(&self) -> Option<u64> {
        self.cancel
    }

    /// The ACK to repeat for a 2xx that came again.
    pub(super) fn repeated(&self, tag: &[u8]) -> Option<&invite_client::Acknowledgement> {
        self.state.repeated(tag)
    }
}

impl Client {
    /// The branch of its request.
    pub(super) fn branch(&self) -> &str {
        &self.branch
    }
}
