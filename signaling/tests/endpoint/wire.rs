//! What the tests share: an endpoint under test, and a peer that writes exactly what it is told.

use std::net::SocketAddr;
use std::time::Duration;

use kernel::{Context, Rng, Time};
use signaling::{Account, Algorithm, Command, DialogId, EndCause, Endpoint, In, Out, Path, Setup, Transport};

pub const LOCAL: &str = "127.0.0.1:5060";
pub const PEER: &str = "192.0.2.9:4000";
pub const SDP: &str =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4002 RTP/AVP 0\r\n";

pub fn address(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

pub fn udp(remote: &str) -> Path {
    Path { transport: Transport::Udp, local: address(LOCAL), remote: address(remote), connection: None }
}

pub fn setup() -> Setup {
    let account = |user: &str, algorithms| Account {
        user: user.into(),
        password: String::from("secret").into(),
        algorithms,
    };
    Setup {
        realm: "voxdesk".into(),
        product: "Voxdesk".into(),
        accounts: vec![
            account("alice", vec![Algorithm::Sha256, Algorithm::Md5]),
            account("bob", vec![Algorithm::Md5]),
            account("carol", vec![Algorithm::Sha512Trunc256]),
        ],
        listening: vec![(Transport::Udp, address(LOCAL)), (Transport::Tcp, address(LOCAL))],
        min_expires: 60,
        max_expires: 3600,
        max_dialogs: 100,
        session_expires: 1800,
        trusted: vec!["192.0.2.50".parse().expect("a network")],
        trunks: Vec::new(),
        guard: None,
        banned: Vec::new(),
    }
}

/// The endpoint under test, with its clock.
pub struct Ours {
    pub endpoint: Endpoint,
    pub now: Time,
    rng: Rng,
}

impl Ours {
    pub fn new() -> Self {
        Self::with(setup())
    }

    pub fn with(setup: Setup) -> Self {
        Self { endpoint: Endpoint::new(setup), now: Time::ZERO, rng: Rng::seeded(1) }
    }

    pub fn feed(&mut self, input: In<'_>) -> Outs {
        let mut out = Vec::new();
        self.endpoint.handle(&mut Context { now: self.now, rng: &mut self.rng }, input, &mut out);
        Outs(out)
    }

    pub fn hear(&mut self, text: &str) -> Outs {
        self.hear_from(PEER, text)
    }

    pub fn hear_from(&mut self, remote: &str, text: &str) -> Outs {
        self.feed(In::Datagram { path: udp(remote), bytes: text.as_bytes() })
    }

    pub fn order(&mut self, command: Command) -> Outs {
        self.feed(In::Command(command))
    }

    /// Lets time pass, stopping at every deadline.
    pub fn wait(&mut self, span: Duration) -> Outs {
        let until = self.now + span;
        let mut all = Outs(Vec::new());
        while let Some(due) = self.endpoint.next_timeout().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            all.0.extend(self.feed(In::Elapsed).0);
        }
        self.now = until;
        all
    }

    /// Lets a time pass, and then everything come to its end; checks that nothing is left.
    pub fn settle_after(&mut self, span: Duration) -> Outs {
        let mut all = self.wait(span);
        all.0.extend(self.settle().0);
        all
    }

    /// Lets everything come to its end, and checks that nothing is left.
    pub fn settle(&mut self) -> Outs {
        let outs = self.wait(Duration::from_secs(100));
        assert!(self.endpoint.is_idle(), "something is left: {:?}", self.endpoint);
        outs
    }
}

/// What the endpoint ordered and reported.
#[derive(Debug)]
pub struct Outs(pub Vec<Out>);

impl Outs {
    /// Everything that is sent, with where to.
    pub fn sent(&self) -> Vec<(Path, String)> {
        let sent = self.0.iter().filter_map(|out| match out {
            Out::Send { path, bytes } => Some((*path, String::from_utf8_lossy(bytes).into_owned())),
            _ => None,
        });
        sent.collect()
    }

    /// First lines of everything that is sent.
    pub fn lines(&self) -> Vec<String> {
        self.sent().into_iter().map(|(_, text)| text.lines().next().unwrap_or_default().to_owned()).collect()
    }

    /// The one message that is sent.
    pub fn only(&self) -> String {
        let mut sent = self.sent();
        assert_eq!(sent.len(), 1, "one message is expected: {:?}", self.lines());
        sent.remove(0).1
    }

    /// The last message that is sent.
    pub fn last(&self) -> String {
        self.sent().pop().expect("a message").1
    }

    /// Statuses of all responses that are sent.
    pub fn statuses(&self) -> Vec<u16> {
        let lines = self.lines();
        let words = lines.iter().filter_map(|l| l.strip_prefix("SIP/2.0 ")).filter_map(|l| l.get(..3));
        words.map(|status| status.parse().expect("a status")).collect()
    }

    /// What is reported to the owner.
    pub fn news(&self) -> Vec<&Out> {
        self.0
            .iter()
            .filter(|out| !matches!(out, Out::Send { .. } | Out::Close(_) | Out::Dialled { .. }))
            .collect()
    }

    /// Why a dialog ended, when that is all the news.
    pub fn ended(&self) -> EndCause {
        match self.news().as_slice() {
            [Out::Ended { cause, .. }] => cause.clone(),
            other => panic!("an end is expected: {other:?}"),
        }
    }

    /// The call that arrived.
    pub fn invited(&self) -> signaling::Incoming {
        match self.news().as_slice() {
            [Out::Invited(incoming)] => incoming.clone(),
            other => panic!("a call is expected: {other:?}"),
        }
    }
}

/// The value of a header in a message.
pub fn header<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    all(text, name).into_iter().next()
}

/// All values of a header.
pub fn all<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let head = text.split("\r\n\r\n").next().unwrap_or(text);
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    lines.filter(|(n, _)| n.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).collect()
}

/// The tag in a header.
pub fn tag(text: &str, name: &str) -> String {
    let value = header(text, name).unwrap_or_default();
    value.split(";tag=").nth(1).unwrap_or_default().split(';').next().unwrap_or_default().to_owned()
}

/// A caller that does nothing of its own accord.
pub struct Caller {
    pub call_id: String,
    pub to_tag: String,
    pub cseq: u32,
    pub extra: String,
    branches: u32,
}

impl Caller {
    pub fn new(call_id: &str) -> Self {
        Self { call_id: call_id.into(), to_tag: String::new(), cseq: 10, extra: String::new(), branches: 0 }
    }

    /// A request with a branch of its own.
    pub fn request(&mut self, method: &str, body: Option<(&str, &str)>) -> String {
        self.branches += 1;
        if !matches!(method, "ACK" | "CANCEL") {
            self.cseq += 1;
        }
        self.repeat(method, self.branches, self.cseq, body)
    }

    /// A request with this branch and CSeq.
    pub fn repeat(&self, method: &str, branch: u32, cseq: u32, body: Option<(&str, &str)>) -> String {
        let to = if self.to_tag.is_empty() { String::new() } else { format!(";tag={}", self.to_tag) };
        let (kind, body) =
            body.map_or((String::new(), ""), |(kind, body)| (format!("Content-Type: {kind}\r\n"), body));
        format!(
            "{method} sip:1000@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.7:5066;rport;branch=z9hG4bK{}{branch}\r\n\
             Max-Forwards: 70\r\nFrom: \"Ann\" <sip:ann@example.com>;tag=f1\r\nTo: <sip:1000@127.0.0.1>{to}\r\n\
             Call-ID: {}\r\nCSeq: {cseq} {method}\r\nContact: <sip:ann@10.0.0.7:5066>\r\n{}{kind}Content-Length: {}\r\n\r\n{body}",
            self.call_id,
            self.call_id,
            self.extra,
            body.len(),
        )
    }

    pub fn invite(&mut self) -> String {
        self.request("INVITE", Some(("application/sdp", SDP)))
    }

    /// Calls, is answered, and acknowledges.
    pub fn established(ours: &mut Ours, call_id: &str) -> (Self, DialogId) {
        let mut caller = Self::new(call_id);
        let dialog = ours.hear(&caller.invite()).invited().dialog;
        let ok = ours.order(Command::Accept { dialog, sdp: SDP.into() });
        caller.to_tag = tag(&ok.only(), "To");
        let confirmed = ours.hear(&caller.request("ACK", None));
        assert!(matches!(confirmed.news().as_slice(), [Out::Confirmed { sdp: None, .. }]), "{confirmed:?}");
        (caller, dialog)
    }
}

/// Answers a request that the endpoint sent.
pub fn reply(request: &str, status: u16, to_tag: &str, more: &str, body: Option<&str>) -> String {
    let mut text = format!("SIP/2.0 {status} Whatever\r\n");
    for via in all(request, "Via") {
        text.push_str(&format!("Via: {via}\r\n"));
    }
    let to = header(request, "To").unwrap_or_default();
    let tagged =
        if to_tag.is_empty() || to.contains(";tag=") { String::new() } else { format!(";tag={to_tag}") };
    for name in ["From", "Call-ID", "CSeq"] {
        text.push_str(&format!("{name}: {}\r\n", header(request, name).unwrap_or_default()));
    }
    text.push_str(&format!("To: {to}{tagged}\r\n{more}"));
    if let Some(body) = body {
        text.push_str(&format!(
            "Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ));
    } else {
        text.push_str("Content-Length: 0\r\n\r\n");
    }
    text
}
