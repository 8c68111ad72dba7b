//! The SIP endpoint: owner of all transactions, dialogs, streams and registrations.
//!
//! Promises: one input, its effects, nothing else; every dialog that was told to the owner gets exactly one `Ended`
//! and nothing after it; finding anything is a lookup, never a walk over all there is.
//! Leaves to others: sockets and clocks (the driver), what a call is for (the owner).

mod agenda;
mod answers;
mod describing;
mod dialling;
mod guarding;
mod incoming;
mod leaving;
mod locating;
mod receive;
mod referring;
mod refreshing;
mod registering;
mod reliably;
mod reoffers;
mod replacing;
mod sending;
mod serving;
mod streams;
mod subscribing;
mod transactions;
mod trunks;
mod within;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::{IpAddr, SocketAddr};

use kernel::{Context, Effects, Rng, Time};

use crate::dialog::Dialog;
use crate::guard::Guard;
use crate::io::{Binding, Command, DialogId, EndCause, In, Out, Setup};
use crate::registrar::Registrar;
use crate::transaction::key::Key;
use agenda::{Agenda, Due};
use dialling::{Dialling, Placing};
use locating::Searches;
use streams::Streams;
use subscribing::Watches;
use transactions::{Client, Server};
use trunks::Lines;

/// A SIP user agent server, client and registrar over any number of sockets.
pub struct Endpoint {
    setup: Setup,
    draining: bool,
    /// The last number given to a dialog or transaction.
    last: u64,
    servers: BTreeMap<u64, Server>,
    server_keys: BTreeMap<Key, u64>,
    /// INVITE transactions by what merged copies have in common.
    merges: BTreeMap<Key, u64>,
    clients: BTreeMap<u64, Client>,
    dialogs: BTreeMap<u64, Dialog>,
    /// Who still waits for `Ended`.
    owners: BTreeMap<DialogId, Owner>,
    streams: Streams,
    agenda: Agenda,
    registrar: Registrar,
    seen: Seen,
    searches: Searches,
    lines: Lines,
    guard: Option<Guard>,
    /// Who watches extensions.
    watches: Watches,
    /// Requests of ours under way over UDP, by where they went.
    sent_to: BTreeSet<(SocketAddr, u64)>,
}

/// The addresses of ours that peers reached last, by family: what to tell others where we listen on all.
#[derive(Debug, Default)]
struct Seen {
    v4: Option<IpAddr>,
    v6: Option<IpAddr>,
}

/// What belongs to one `DialogId` of the owner.
#[derive(Debug)]
enum Owner {
    /// One dialog.
    One(u64),
    /// A call whose callee's server is being looked for.
    Locating { search: u64, placing: Box<Placing> },
    /// Several calls of which one may be answered.
    Dialling(Dialling),
}

/// One call of `handle`: the time, the chance, and where effects go.
struct Turn<'a> {
    now: Time,
    rng: &'a mut Rng,
    out: &'a mut dyn Effects<Out>,
}

impl Endpoint {
    /// An endpoint at rest.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let mut this = Self {
            registrar: Registrar::new(&setup),
            setup: setup.clone(),
            draining: false,
            last: 0,
            servers: BTreeMap::new(),
            server_keys: BTreeMap::new(),
            merges: BTreeMap::new(),
            clients: BTreeMap::new(),
            dialogs: BTreeMap::new(),
            owners: BTreeMap::new(),
            streams: Streams::default(),
            agenda: Agenda::default(),
            seen: Seen::default(),
            searches: Searches::default(),
            lines: Lines::default(),
            guard: setup.guard.clone().map(|rules| Guard::new(rules, &setup.banned)),
            watches: Watches::default(),
            sent_to: BTreeSet::new(),
        };
        this.add_trunks(&setup);
        this
    }

    /// Takes one input; its effects go to `out` in order.
    pub fn handle(&mut self, cx: &mut Context<'_>, input: In<'_>, out: &mut impl Effects<Out>) {
        let turn = &mut Turn { now: cx.now, rng: cx.rng, out };
        match input {
            In::Datagram { path, bytes } => {
                self.saw(&path);
                self.datagram(turn, path, bytes);
            }
            In::Stream { path, bytes } => {
                self.saw(&path);
                self.stream(turn, path, bytes);
            }
            In::Framed { path, bytes } => {
                self.saw(&path);
                self.framed(turn, path, bytes);
            }
            In::StreamClosed(connection) => self.stream_closed(turn, connection),
            In::StreamOpened(path) => self.streams.opened(path),
            In::Command(command) => self.command(turn, command),
            In::Configured(setup) => self.configured(turn, setup),
            In::Ban(ban) => self.ban_by_hand(turn, ban),
            In::Lift(source) => self.lift(source),
            In::Draining(draining) => {
                self.draining = draining;
                self.trunks_drained(turn, draining);
            }
            In::Named { search, question, records } => self.named(turn, search, &question, records),
            In::Unreachable(remote) => self.unreachable(turn, remote),
            In::Elapsed => self.elapsed(turn),
        }
        self.tell_bans(turn);
    }

    /// When `In::Elapsed` is due.
    #[must_use]
    pub fn next_timeout(&self) -> Option<Time> {
        let guard = self.guard.as_ref().and_then(Guard::next_timeout);
        [self.agenda.next(), self.registrar.next_timeout(), self.lines.next_timeout(), guard]
            .into_iter()
            .flatten()
            .min()
    }

    /// The phones registered as `user`.
    #[must_use]
    pub fn bindings(&self, user: &str) -> Vec<Binding> {
        self.registrar.bindings(user)
    }

    /// Whether any phone is registered as `user`.
    #[must_use]
    pub fn is_registered(&self, user: &str) -> bool {
        self.registrar.is_registered(user)
    }

    /// How many dialogs there are, those that are being called or ended included.
    #[must_use]
    pub fn dialogs(&self) -> usize {
        self.dialogs.len()
    }

    /// Whether nothing is left of any call or subscription: no dialog, no transaction, no timer of theirs. Registrations stay.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.dialogs.is_empty()
            && self.owners.is_empty()
            && self.servers.is_empty()
            && self.server_keys.is_empty()
            && self.merges.is_empty()
            && self.clients.is_empty()
            && self.streams.is_quiet()
            && self.watches.is_quiet()
            && self.searches.is_quiet()
            && self.agenda.is_empty()
    }

    fn command(&mut self, turn: &mut Turn<'_>, command: Command) {
        match command {
            Command::Progress { dialog, sdp } => self.progress(turn, dialog, sdp),
            Command::Accept { dialog, sdp } => self.accept(turn, dialog, sdp),
            Command::Refuse { dialog, status, retry_after, reason } => {
                self.refuse(turn, dialog, status, retry_after, &reason)
            }
            Command::Hangup { dialog, why } => self.hang_up(turn, dialog, why),
            Command::Dial { dialog, target, from_user, from_name, sdp, headers } => {
                let caller = crate::dialog::Caller { user: from_user, name: from_name, domain: None };
                self.dial(turn, dialog, target, Placing { caller, sdp, headers, ..Placing::default() });
            }
            Command::Reoffer { dialog, sdp } => self.reoffer(turn, dialog, sdp),
            Command::AnswerRefer { dialog, status } => self.answer_refer(turn, dialog, status),
            Command::NotifyRefer { dialog, status } => self.notify_refer(turn, dialog, status),
            Command::AcceptReoffer { dialog, sdp } => self.accept_reoffer(turn, dialog, sdp),
            Command::RefuseReoffer { dialog, status } => self.refuse_reoffer(turn, dialog, status),
            Command::Publish { user, extension } => self.publish(turn, user, extension),
        }
    }

    fn configured(&mut self, turn: &mut Turn<'_>, setup: Setup) {
        for user in self.registrar.configured(&setup) {
            turn.out.emit(Out::Unregistered { user });
        }
        self.trunks_configured(turn, &setup);
        self.guard_configured(&setup);
        self.setup = setup;
        self.watches_configured(turn);
    }

    fn elapsed(&mut self, turn: &mut Turn<'_>) {
        while let Some(due) = self.agenda.pop(turn.now) {
            match due {
                Due::Server(number) => self.server_elapsed(turn, number),
                Due::Client(number) => self.client_elapsed(turn, number),
                Due::Dialog(number) => self.dialog_elapsed(turn, number),
                Due::Stream(connection) => self.stream_stalled(turn, connection),
                Due::Watch(number) => self.watch_elapsed(turn, number),
            }
        }
        self.trunks_elapsed(turn);
        for user in self.registrar.elapsed(turn.now) {
            turn.out.emit(Out::Unregistered { user });
        }
    }

    /// A number that no dialog or transaction had before.
    fn fresh(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// Tells the owner that it is over, once; takes its entry, so that nothing can follow.
    fn end(&mut self, turn: &mut Turn<'_>, owner: DialogId, cause: EndCause) {
        if self.owners.remove(&owner).is_some() {
            turn.out.emit(Out::Ended { dialog: owner, cause });
        }
    }

    /// Tells the owner something, unless it was told the end.
    fn tell(&self, turn: &mut Turn<'_>, owner: DialogId, news: Out) {
        if self.owners.contains_key(&owner) {
            turn.out.emit(news);
        }
    }

    /// The one dialog of an owner.
    fn only(&self, owner: DialogId) -> Option<u64> {
        match self.owners.get(&owner)? {
            Owner::One(number) => Some(*number),
            Owner::Dialling(_) | Owner::Locating { .. } => None,
        }
    }

    /// Forgets a dialog and its timer.
    fn forget(&mut self, number: u64) -> Option<Dialog> {
        let dialog = self.dialogs.remove(&number)?;
        self.agenda.clear(Due::Dialog(number), dialog.at);
        Some(dialog)
    }

    /// Puts a dialog's timer where its state wants it.
    fn reschedule(&mut self, number: u64) {
        if let Some(dialog) = self.dialogs.get_mut(&number) {
            let at = dialog.next_timeout();
            self.agenda.set(Due::Dialog(number), &mut dialog.at, at);
        }
    }
}

/// Counts only: what is in the tables is personal.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("dialogs", &self.dialogs.len())
            .field("owners", &self.owners.len())
            .field("servers", &self.servers.len())
            .field("clients", &self.clients.len())
            .field("next_timeout", &self.next_timeout())
            .finish_non_exhaustive()
    }
}
