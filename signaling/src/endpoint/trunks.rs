//! Trunks: keeping registered with carriers (RFC 3261 section 10.2), asking whether they live (OPTIONS), and proving who we
//! are where they ask.
//!
//! Promises: one errand at a time to each; a server that does not answer is left for the next one that its name gives; a
//! refusal is answered by a growing pause, never by a storm; what changed is told once. Leaves to others: which trunk a call
//! takes (the owner), timing of what is asked of a name (`locating`).

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use kernel::{Rng, Time};

use super::locating::{Located, Seeker};
use super::transactions::{Departure, For};
use super::{Endpoint, Turn, sending};
use crate::dialog::session::Hop;
use crate::io::{Out, Path, Registration, Setup, Transport, Trunk, TrunkState};
use crate::login::{Challenge, TRIES};
use crate::message::address::Address;
use crate::message::grammar;
use crate::message::header::Name;
use crate::message::response::Response;
use crate::message::uri::{Scheme, Uri};
use crate::message::write::Draft;

/// How long a server may be silent before the next one is tried.
const PATIENCE: Duration = Duration::from_secs(8);
/// The first pause after a failure; it doubles.
const PAUSE: Duration = Duration::from_secs(5);
/// The longest pause (also the one after a refusal of what we know: a wrong password is not repeated in a hurry).
const LONGEST_PAUSE: Duration = Duration::from_secs(600);
/// A registration is refreshed so long before its end, or at half of it.
const AHEAD: u32 = 60;

/// All trunks.
#[derive(Debug, Default)]
pub(super) struct Lines {
    all: BTreeMap<u64, Line>,
    names: BTreeMap<String, u64>,
}

/// One trunk.
#[derive(Debug)]
struct Line {
    trunk: Trunk,
    /// What it wanted to be proven last.
    challenge: Option<Challenge>,
    /// Where it was found last, the one in use first.
    hops: Vec<Hop>,
    call_id: String,
    tag: String,
    cseq: u32,
    task: Task,
    told: Option<TrunkState>,
    /// Failures in a row.
    failures: u32,
    /// What the registrar wants it to be at least.
    expires: u32,
    register_at: Option<Time>,
    probe_at: Option<Time>,
    /// No more registration: we stop.
    leaving: bool,
}

/// What is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    Idle,
    Locating { search: u64, errand: Errand },
    Waiting { transaction: u64, errand: Errand, until: Time, proofs: u8 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Errand {
    Register,
    Probe,
}

impl Line {
    fn new(trunk: Trunk) -> Self {
        let registers = trunk.register.is_some();
        let probes = trunk.probe.is_some();
        Self {
            expires: trunk.register.as_ref().map_or(0, |r| r.expires),
            register_at: registers.then_some(Time::ZERO),
            probe_at: (probes && !registers).then_some(Time::ZERO),
            trunk,
            challenge: None,
            hops: Vec::new(),
            call_id: String::new(),
            tag: String::new(),
            cseq: 0,
            task: Task::Idle,
            told: None,
            failures: 0,
            leaving: false,
        }
    }

    fn next_timeout(&self) -> Option<Time> {
        match self.task {
            Task::Idle => [self.register_at, self.probe_at].into_iter().flatten().min(),
            Task::Locating { .. } => None,
            Task::Waiting { until, .. } => Some(until),
        }
    }

    fn is_registered(&self) -> bool {
        matches!(self.told, Some(TrunkState::Up { registered: Some(_), .. }))
    }

    /// Whether requests from there are its.
    fn is_at(&self, ip: IpAddr) -> bool {
        self.hops.iter().any(|hop| hop.remote.ip() == ip)
            || self.trunk.networks.iter().any(|n| n.contains(ip))
    }
}

impl Lines {
    /// When the next errand is due.
    pub(super) fn next_timeout(&self) -> Option<Time> {
        self.all.values().filter_map(Line::next_timeout).min()
    }

    /// The trunk from which a request comes, by where it comes from.
    pub(super) fn at(&self, ip: IpAddr) -> Option<&Trunk> {
        self.all.values().find(|line| line.is_at(ip)).map(|line| &line.trunk)
    }

    /// A trunk by name.
    pub(super) fn named(&self, name: &str) -> Option<&Trunk> {
        self.names.get(name).and_then(|number| self.all.get(number)).map(|line| &line.trunk)
    }

    /// The header that proves who we are to a trunk that asked before; `request` is the Request-URI and the body.
    pub(super) fn prove(
        &mut self,
        rng: &mut Rng,
        name: Option<&str>,
        method: &str,
        request: (&[u8], &[u8]),
    ) -> Option<(&'static str, Vec<u8>)> {
        let line = self.names.get(name?).and_then(|number| self.all.get_mut(number))?;
        let login = line.trunk.login.as_ref()?;
        Some(line.challenge.as_mut()?.prove(login, method, request, rng))
    }

    /// A trunk refuses a request until we prove who we are: whether it is worth sending it again. `proofs` counts those that
    /// this request carried before.
    pub(super) fn challenged(&mut self, name: Option<&str>, response: &Response<'_>, proofs: u8) -> bool {
        let line = name.and_then(|name| self.names.get(name)).and_then(|number| self.all.get_mut(number));
        let Some(line) = line.filter(|line| line.trunk.login.is_some() && proofs < TRIES) else {
            return false;
        };
        let Some(challenge) = Challenge::of(response) else { return false };
        // The first time what we knew may simply have been of another day.
        if proofs > 0 && line.challenge.as_ref().is_some_and(|former| challenge.repeats(former)) {
            return false;
        }
        let worth = proofs == 0 || challenge.stale || line.challenge.is_none();
        line.challenge = Some(challenge);
        worth
    }
}

impl Endpoint {
    /// Takes new trunks; those that stay as they are keep their state.
    pub(super) fn trunks_configured(&mut self, turn: &mut Turn<'_>, setup: &Setup) {
        let gone: Vec<_> = self
            .lines
            .all
            .iter()
            .filter(|(_, line)| !setup.trunks.contains(&line.trunk))
            .map(|(number, _)| *number)
            .collect();
        for number in gone {
            self.unregister(turn, number);
            if let Some(line) = self.lines.all.remove(&number) {
                self.lines.names.remove(&line.trunk.name);
                if let Task::Locating { search, .. } = line.task {
                    self.searches.forget(search);
                }
            }
        }
        self.add_trunks(setup);
    }

    /// Begins with the trunks that are not known yet.
    pub(super) fn add_trunks(&mut self, setup: &Setup) {
        for trunk in &setup.trunks {
            if !self.lines.names.contains_key(&trunk.name) {
                let number = self.fresh();
                self.lines.names.insert(trunk.name.clone(), number);
                self.lines.all.insert(number, Line::new(trunk.clone()));
            }
        }
    }

    /// Carriers are to send us nothing more (or again).
    pub(super) fn trunks_drained(&mut self, turn: &mut Turn<'_>, draining: bool) {
        let numbers: Vec<u64> = self.lines.all.keys().copied().collect();
        for number in numbers {
            if draining {
                self.unregister(turn, number);
            } else if let Some(line) = self.lines.all.get_mut(&number).filter(|line| line.leaving) {
                line.leaving = false;
                line.register_at = line.trunk.register.is_some().then_some(turn.now);
            }
        }
    }

    /// A carrier is being told that we go, and has not agreed yet.
    #[must_use]
    pub fn is_leaving(&self) -> bool {
        self.lines.all.values().any(|line| line.leaving && !matches!(line.task, Task::Idle))
    }

    fn unregister(&mut self, turn: &mut Turn<'_>, number: u64) {
        let Some(line) = self.lines.all.get_mut(&number) else { return };
        line.register_at = None;
        line.leaving = true;
        if line.is_registered() && !line.hops.is_empty() {
            self.set_out(turn, number, Errand::Register, 0);
        }
    }

    /// Time for trunks.
    pub(super) fn trunks_elapsed(&mut self, turn: &mut Turn<'_>) {
        let due: Vec<u64> = self
            .lines
            .all
            .iter()
            .filter(|(_, line)| line.next_timeout().is_some_and(|at| at <= turn.now))
            .map(|(number, _)| *number)
            .collect();
        for number in due {
            let Some(line) = self.lines.all.get_mut(&number) else { continue };
            match line.task {
                Task::Idle => {
                    let registers = line.register_at.is_some_and(|at| at <= turn.now);
                    self.begin_errand(turn, number, if registers { Errand::Register } else { Errand::Probe });
                }
                Task::Waiting { transaction, errand, .. } => {
                    self.forget_client(transaction);
                    self.next_server(turn, number, errand, None);
                }
                Task::Locating { .. } => {}
            }
        }
    }

    fn begin_errand(&mut self, turn: &mut Turn<'_>, number: u64, errand: Errand) {
        let Some(uri) = self.lines.all.get(&number).map(|line| line.trunk.uri.clone()) else { return };
        match self.locate(turn, uri.as_bytes(), Seeker::Line(number)) {
            Located::Places(places) => self.begin_at(turn, number, errand, places),
            Located::Later(search) => {
                if let Some(line) = self.lines.all.get_mut(&number) {
                    line.task = Task::Locating { search, errand };
                }
            }
        }
    }

    /// The name of a trunk was looked up.
    pub(super) fn line_located(&mut self, turn: &mut Turn<'_>, number: u64, places: Vec<Hop>) {
        let Some(Line { task: Task::Locating { errand, .. }, .. }) = self.lines.all.get(&number) else {
            return;
        };
        let errand = *errand;
        self.begin_at(turn, number, errand, places);
    }

    fn begin_at(&mut self, turn: &mut Turn<'_>, number: u64, errand: Errand, mut places: Vec<Hop>) {
        let Some(line) = self.lines.all.get_mut(&number) else { return };
        // The server that knows us goes first while it is among those that the name gives.
        if let Some(at) = line.hops.first().and_then(|used| places.iter().position(|place| place == used))
            && line.failures == 0
        {
            places.swap(0, at);
        }
        if places.is_empty() {
            return self.line_failed(turn, number, errand, None);
        }
        line.hops = places;
        self.set_out(turn, number, errand, 0);
    }

    /// Sends the errand's request to the first place.
    fn set_out(&mut self, turn: &mut Turn<'_>, number: u64, errand: Errand, proofs: u8) {
        let Some(hop) = self.lines.all.get(&number).and_then(|line| line.hops.first().copied()) else {
            return self.line_failed(turn, number, errand, None);
        };
        let Some(path) = self.path_to(hop) else { return self.next_server(turn, number, errand, None) };
        let transaction = self.fresh();
        let branch = sending::branch(transaction, turn.rng);
        let via = Self::via(&path, &branch);
        let product = self.setup.product.clone();
        let Some(line) = self.lines.all.get_mut(&number) else { return };
        if line.call_id.is_empty() {
            line.call_id = format!("{}@{}", turn.rng.token(24), Self::host(&path));
            line.tag = sending::tag(number, turn.rng);
        }
        line.cseq = line.cseq.wrapping_add(1) & 0x7fff_ffff;
        line.task = Task::Waiting { transaction, errand, until: turn.now + PATIENCE, proofs };
        let (method, uri) = match errand {
            Errand::Register => ("REGISTER", domain(&line.trunk.uri)),
            Errand::Probe => ("OPTIONS", domain(&line.trunk.uri)),
        };
        let host = uri.split_once(':').map_or("", |(_, host)| host).to_owned();
        let user = match (&line.trunk.register, &line.trunk.login) {
            (Some(register), _) => grammar::escape_user(&register.user),
            (None, Some(login)) => grammar::escape_user(&login.user),
            (None, None) => "voxdesk".to_owned(),
        };
        let mut draft = Draft::request(method, uri.as_bytes());
        draft.header("Via", &via);
        draft.header("Max-Forwards", "70");
        draft.header("From", format!("<sip:{user}@{host}>;tag={}", line.tag));
        draft.header(
            "To",
            match errand {
                Errand::Register => format!("<sip:{user}@{host}>"),
                Errand::Probe => format!("<{uri}>"),
            },
        );
        draft.header("Call-ID", &line.call_id);
        draft.header("CSeq", format!("{} {method}", line.cseq));
        draft.header("Contact", our_contact(&path, &user));
        draft.header("User-Agent", product);
        match errand {
            Errand::Register => {
                let expires = if line.leaving { 0 } else { line.expires };
                draft.header("Expires", expires.to_string());
                draft.header("Supported", "path");
            }
            Errand::Probe => draft.header("Accept", "application/sdp"),
        }
        let name = line.trunk.name.clone();
        if let Some((header, proof)) = self.lines.prove(turn.rng, Some(&name), method, (uri.as_bytes(), b""))
        {
            draft.header(header, proof);
        }
        let departure = Departure { number: transaction, branch, path };
        self.begin_client_for(turn, departure, draft.end(), For::Line(number));
    }

    /// A final answer to a trunk's errand; `None`: nobody answered, or the stream broke.
    pub(super) fn line_answered(
        &mut self,
        turn: &mut Turn<'_>,
        transaction: u64,
        number: u64,
        response: Option<&Response<'_>>,
    ) {
        let Some(line) = self.lines.all.get_mut(&number) else { return };
        let Task::Waiting { transaction: waits, errand, proofs, .. } = line.task else { return };
        if waits != transaction {
            return;
        }
        let Some(response) = response else { return self.next_server(turn, number, errand, None) };
        let status = response.status;
        match (errand, status) {
            (Errand::Register, 200..300) => self.registered(turn, number, response),
            (_, 401 | 407) => {
                let name = line.trunk.name.clone();
                if self.lines.challenged(Some(&name), response, proofs) {
                    return self.set_out(turn, number, errand, proofs + 1);
                }
                match errand {
                    Errand::Register => self.line_failed(turn, number, errand, Some(status)),
                    Errand::Probe => self.alive(turn, number),
                }
            }
            (Errand::Register, 423) => {
                let least = response.message.first(Name::MinExpires).and_then(grammar::number);
                let least = least.and_then(|n| u32::try_from(n).ok()).filter(|least| *least > line.expires);
                match least {
                    Some(least) => {
                        line.expires = least;
                        self.set_out(turn, number, errand, proofs);
                    }
                    None => self.line_failed(turn, number, errand, Some(status)),
                }
            }
            (_, 408 | 500..=599) => self.next_server(turn, number, errand, Some(status)),
            (Errand::Register, _) => self.line_failed(turn, number, errand, Some(status)),
            (Errand::Probe, _) => self.alive(turn, number),
        }
    }

    /// The next place that the name gives, or a failure.
    fn next_server(&mut self, turn: &mut Turn<'_>, number: u64, errand: Errand, status: Option<u16>) {
        let Some(line) = self.lines.all.get_mut(&number) else { return };
        if line.hops.len() > 1 {
            line.hops.remove(0);
            return self.set_out(turn, number, errand, 0);
        }
        self.line_failed(turn, number, errand, status);
    }

    fn registered(&mut self, turn: &mut Turn<'_>, number: u64, response: &Response<'_>) {
        let Some(line) = self.lines.all.get_mut(&number) else { return };
        line.task = Task::Idle;
        line.failures = 0;
        if line.leaving {
            line.told = None;
            return;
        }
        let granted = granted(response, line.trunk.register.as_ref()).unwrap_or(line.expires).max(1);
        let refresh = granted - AHEAD.min(granted / 2);
        line.register_at = Some(turn.now + Duration::from_secs(u64::from(refresh)));
        line.probe_at = line.trunk.probe.map(|every| turn.now + every);
        self.up(turn, number, Some(granted));
    }

    fn alive(&mut self, turn: &mut Turn<'_>, number: u64) {
        let Some(line) = self.lines.all.get_mut(&number) else { return };
        line.task = Task::Idle;
        line.failures = 0;
        line.probe_at = line.trunk.probe.map(|every| turn.now + every);
        let registered = match line.told {
            Some(TrunkState::Up { registered, .. }) => registered,
            Some(TrunkState::Down { .. }) | None => None,
        };
        if line.trunk.register.is_none() || registered.is_some() {
            self.up(turn, number, registered);
        }
    }

    fn up(&mut self, turn: &mut Turn<'_>, number: u64, registered: Option<u32>) {
        let Some(line) = self.lines.all.get_mut(&number) else { return };
        let Some(hop) = line.hops.first() else { return };
        let state = TrunkState::Up { remote: hop.remote, registered };
        self.tell_trunk(turn, number, state);
    }

    fn line_failed(&mut self, turn: &mut Turn<'_>, number: u64, errand: Errand, status: Option<u16>) {
        let Some(line) = self.lines.all.get_mut(&number) else { return };
        line.task = Task::Idle;
        if line.leaving {
            return;
        }
        let refused = status.is_some_and(|status| (400..500).contains(&status) && status != 408);
        let doubled = PAUSE.saturating_mul(1 << line.failures.min(8)).min(LONGEST_PAUSE);
        let pause = if refused { LONGEST_PAUSE } else { doubled };
        // Half of it by chance, so that a carrier that comes back is not greeted by everybody at once.
        let half = u64::try_from(pause.as_millis() / 2).unwrap_or(0);
        let pause = Duration::from_millis(half + turn.rng.below(half + 1));
        line.failures = line.failures.saturating_add(1);
        line.probe_at = line.trunk.probe.map(|_| turn.now + pause);
        line.register_at = match (errand, &line.trunk.register) {
            (_, None) => None,
            (Errand::Register, Some(_)) => Some(turn.now + pause),
            // It lost us, perhaps: another server may have to be told.
            (Errand::Probe, Some(_)) => Some(turn.now),
        };
        if line.trunk.register.is_some() {
            line.probe_at = None;
        }
        self.tell_trunk(turn, number, TrunkState::Down { status, retry: pause });
    }

    fn tell_trunk(&mut self, turn: &mut Turn<'_>, number: u64, state: TrunkState) {
        let Some(line) = self.lines.all.get_mut(&number) else { return };
        if line.told.as_ref() != Some(&state) {
            line.told = Some(state.clone());
            turn.out.emit(Out::Trunk { name: line.trunk.name.clone(), state });
        }
    }
}

/// Scheme, host and port of a trunk's URI: what is registered with.
pub(super) fn domain(uri: &str) -> String {
    let Some(parsed) = Uri::parse(uri.as_bytes()) else { return uri.to_owned() };
    let scheme = if parsed.scheme == Scheme::Sips { "sips" } else { "sip" };
    let host = grammar::shown(parsed.host);
    parsed.port.map_or_else(|| format!("{scheme}:{host}"), |port| format!("{scheme}:{host}:{port}"))
}

fn our_contact(path: &Path, user: &str) -> String {
    let address = path.local;
    match path.transport {
        Transport::Udp => format!("<sip:{user}@{address}>"),
        Transport::Tcp => format!("<sip:{user}@{address};transport=tcp>"),
        Transport::Tls => format!("<sip:{user}@{address};transport=tls>"),
        Transport::Ws | Transport::Wss => format!("<sip:{user}@{address};transport=ws>"),
    }
}

/// How long a registrar keeps us: what it says of our Contact, else of all (RFC 3261 section 10.2.4).
fn granted(response: &Response<'_>, register: Option<&Registration>) -> Option<u32> {
    let seconds = |text: &[u8]| grammar::number(text).and_then(|n| u32::try_from(n).ok());
    let ours = |address: &Address<'_>| {
        let user = address.parsed().map(|uri| uri.user_shown());
        register.is_some_and(|register| user.as_deref() == Some(register.user.as_str()))
    };
    let mut contacts = response.message.list(Name::Contact).filter_map(Address::parse);
    let of_contact = contacts.find(ours).and_then(|address| address.param("expires").and_then(seconds));
    of_contact.or_else(|| response.message.first(Name::Expires).and_then(seconds))
}
