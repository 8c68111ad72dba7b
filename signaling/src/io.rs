//! What the SIP endpoint is told (`In`, `Command`) and what it answers (`Out`).

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use kernel::{Fault, Pii, Secret};

use crate::guard::{Ban, Rules, Source};

use crate::events::Extension;
pub use crate::network::Network;

/// A transport of RFC 3261 section 18 or RFC 7118.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// Datagrams.
    Udp,
    /// A stream.
    Tcp,
    /// A stream inside TLS.
    Tls,
    /// A WebSocket (RFC 7118); opened by the peer only.
    Ws,
    /// A WebSocket inside TLS.
    Wss,
}

impl Transport {
    /// Whether it is a connection: reliable, and answers go back over it (RFC 3261 section 18.2.2).
    #[must_use]
    pub const fn is_stream(self) -> bool {
        !matches!(self, Transport::Udp)
    }

    /// Whether nobody between the two ends can read it.
    #[must_use]
    pub const fn is_secure(self) -> bool {
        matches!(self, Transport::Tls | Transport::Wss)
    }

    /// Whether it is a WebSocket: it cuts messages itself, and only the peer can open one.
    #[must_use]
    pub const fn is_web(self) -> bool {
        matches!(self, Transport::Ws | Transport::Wss)
    }

    /// Its name in Via.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Transport::Udp => "UDP",
            Transport::Tcp => "TCP",
            Transport::Tls => "TLS",
            Transport::Ws => "WS",
            Transport::Wss => "WSS",
        }
    }
}

/// A stream connection, numbered by the driver; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Connection(pub u64);

/// Where bytes came from, or go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    /// How.
    pub transport: Transport,
    /// Our listening address (which of several sockets).
    pub local: SocketAddr,
    /// Theirs.
    pub remote: SocketAddr,
    /// The stream; `None` on UDP, and elsewhere when the driver is to open one.
    pub connection: Option<Connection>,
}

/// A dialog (or dialog to be). Incoming ones are minted by the endpoint, outgoing ones by whoever dials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DialogId(u64);

impl DialogId {
    const OUTGOING: u64 = 1 << 63;

    /// The `n`th incoming dialog of this endpoint.
    #[must_use]
    pub const fn incoming(n: u64) -> Self {
        Self(n & !Self::OUTGOING)
    }

    /// The `n`th dialog that the owner dials; `n` is never reused.
    #[must_use]
    pub const fn outgoing(n: u64) -> Self {
        Self(n | Self::OUTGOING)
    }

    /// Whether we called.
    #[must_use]
    pub const fn is_outgoing(self) -> bool {
        self.0 & Self::OUTGOING != 0
    }
}

/// A digest algorithm (RFC 8760).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// For old phones.
    Md5,
    /// The present one.
    Sha256,
    /// SHA-512/256: the strongest that phones know.
    Sha512Trunc256,
}

/// A phone's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// User part of its address and digest username.
    pub user: String,
    /// Password.
    pub password: Secret<String>,
    /// Challenges to offer, in this order. Old phones fail on two.
    pub algorithms: Vec<Algorithm>,
}

/// How we prove who we are to a peer that asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// Digest username.
    pub user: String,
    /// Password.
    pub password: Secret<String>,
}

/// Where a trunk is to send the calls that come for us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// User part of the address of record.
    pub user: String,
    /// How long a registration is to last, in seconds.
    pub expires: u32,
}

/// A carrier: a peer through which calls leave and come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trunk {
    /// Its name, as settings and pages have it.
    pub name: String,
    /// Where it is: `sip:HOST[:PORT][;transport=…]`; a name is looked up as RFC 3263 says.
    pub uri: String,
    /// What answers its challenges.
    pub login: Option<Login>,
    /// Registered with it; without it the trunk knows us by our address.
    pub register: Option<Registration>,
    /// How often it is asked whether it lives (OPTIONS).
    pub probe: Option<Duration>,
    /// Whence its calls come, besides where we reach it.
    pub networks: Vec<Network>,
}

/// How a trunk stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrunkState {
    /// It answers; with what it granted if we register.
    Up {
        /// Where it was reached.
        remote: SocketAddr,
        /// The registration, in seconds.
        registered: Option<u32>,
    },
    /// It does not, or refuses us.
    Down {
        /// What it said; `None`: nothing, or no server was found.
        status: Option<u16>,
        /// When it is tried again.
        retry: Duration,
    },
}

/// What a name may be asked for (DNS).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordKind {
    /// Which services a domain has (RFC 3403).
    Naptr,
    /// Which servers a service has (RFC 2782).
    Srv,
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    Aaaa,
}

/// A question to the name system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// What for.
    pub kind: RecordKind,
    /// Whose.
    pub name: String,
}

/// An answer of the name system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A service that a domain has.
    Naptr {
        /// Lower first.
        order: u16,
        /// Lower first, within one order.
        preference: u16,
        /// `s`: the replacement is asked for SRV.
        flags: String,
        /// `SIP+D2U`, `SIP+D2T`, `SIPS+D2T`.
        service: String,
        /// The name to ask next, without its last dot.
        replacement: String,
    },
    /// A server.
    Srv {
        /// Lower first.
        priority: u16,
        /// Its share among equals.
        weight: u16,
        /// Its port.
        port: u16,
        /// Its name, without its last dot.
        target: String,
    },
    /// An address.
    Address(IpAddr),
}

/// Configuration of the endpoint; a reload hands it a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Digest realm.
    pub realm: String,
    /// `Server` and `User-Agent`.
    pub product: String,
    /// Accounts by user.
    pub accounts: Vec<Account>,
    /// Addresses we listen on, first of each transport is preferred for dialling.
    pub listening: Vec<(Transport, SocketAddr)>,
    /// Registrations shorter than this are refused with 423, in seconds.
    pub min_expires: u32,
    /// Registrations are cut to this, in seconds.
    pub max_expires: u32,
    /// Live dialogs beyond which a new INVITE gets 503 with Retry-After.
    pub max_dialogs: usize,
    /// Session interval that we like best (RFC 4028), in seconds; 0: none unless asked.
    pub session_expires: u32,
    /// Peers whose P-Asserted-Identity is believed (RFC 3325).
    pub trusted: Vec<Network>,
    /// Carriers.
    pub trunks: Vec<Trunk>,
    /// Against scanners and floods; `None`: everybody is served.
    pub guard: Option<Rules>,
    /// Bans that stand from before; taken at the start only.
    pub banned: Vec<Ban>,
}

/// A call that arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// The dialog.
    pub dialog: DialogId,
    /// Whence.
    pub path: Path,
    /// User part of the Request-URI, unescaped: the number dialled.
    pub called: String,
    /// Scheme and user@host of From.
    pub caller: Pii<String>,
    /// User part of From, unescaped.
    pub caller_user: Pii<String>,
    /// Display name of From, unescaped.
    pub caller_name: Option<Pii<String>>,
    /// Call-ID.
    pub call_id: String,
    /// The offer; `None` asks us for one (late offer).
    pub sdp: Option<Vec<u8>>,
    /// The caller asks that nobody is shown who they are (RFC 3323); the fields above say nothing then.
    pub hidden: bool,
    /// A dialog of ours whose place this call takes (RFC 3891); the caller proved an account.
    pub replaces: Option<DialogId>,
    /// Headers beginning with `X-` and `User-to-User`, as received; their number and size are bounded.
    pub extra: Vec<(String, Pii<String>)>,
    /// The trunk that it comes from, told by its address.
    pub trunk: Option<String>,
}

/// What a REFER asks (RFC 3515, 3891, 3892).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referral {
    /// User part of Refer-To, unescaped: the number to transfer to.
    pub to: Pii<String>,
    /// A dialog of ours whose other side is meant (attended transfer).
    pub replaces: Option<DialogId>,
    /// Referred-By, without parameters.
    pub by: Option<Pii<String>>,
}

/// A phone's registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Account user.
    pub user: String,
    /// Contact URI as registered.
    pub contact: String,
    /// The path its REGISTER came by (RFC 5626 flow; used for NAT).
    pub path: Path,
}

/// Whom to dial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DialTarget {
    /// Every phone registered as this user (forked; the first 2xx wins, the others are cancelled).
    Account(String),
    /// A SIP URI (`sip:user@127.0.0.1:7000;transport=udp`); a name in it is looked up (RFC 3263).
    Uri(String),
    /// A number at a trunk.
    Trunk {
        /// Its name.
        name: String,
        /// User part of the Request-URI.
        number: Pii<String>,
    },
}

/// Orders from the owner of a dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// 180, or 183 with SDP (early media).
    Progress {
        /// Which.
        dialog: DialogId,
        /// Our answer (or offer) for early media.
        sdp: Option<Vec<u8>>,
    },
    /// 200 to the INVITE, guarded until ACK.
    Accept {
        /// Which.
        dialog: DialogId,
        /// Our answer, or our offer when the INVITE had none.
        sdp: Vec<u8>,
    },
    /// A final refusal of an INVITE.
    Refuse {
        /// Which.
        dialog: DialogId,
        /// 300 to 699.
        status: u16,
        /// Added as Retry-After.
        retry_after: Option<Duration>,
        /// Added as a Warning/Reason text, ASCII.
        reason: String,
    },
    /// End it whatever its state: CANCEL, BYE, or a 487/480 refusal.
    Hangup {
        /// Which.
        dialog: DialogId,
        /// Said in the Reason header.
        why: Parting,
    },
    /// Call somebody.
    Dial {
        /// Minted by the owner with `DialogId::outgoing`.
        dialog: DialogId,
        /// Whom.
        target: DialTarget,
        /// User part of our From.
        from_user: Pii<String>,
        /// Display name of our From.
        from_name: Option<Pii<String>>,
        /// Our offer.
        sdp: Vec<u8>,
        /// Extra headers, validated (no CR, LF).
        headers: Vec<(String, String)>,
    },
    /// A new offer of ours in a dialog that stands (re-INVITE); answered by `Reanswered` or `ReofferFailed`.
    Reoffer {
        /// Which.
        dialog: DialogId,
        /// The offer.
        sdp: Vec<u8>,
    },
    /// Our answer to a REFER: 202, or a refusal.
    AnswerRefer {
        /// Which.
        dialog: DialogId,
        /// 202, or 400 to 699.
        status: u16,
    },
    /// How the transfer goes: told by NOTIFY (RFC 3515 section 2.4.4); from 200 on it is the last word.
    NotifyRefer {
        /// Which.
        dialog: DialogId,
        /// 100 to 699.
        status: u16,
    },
    /// Our answer to a re-INVITE or UPDATE.
    AcceptReoffer {
        /// Which.
        dialog: DialogId,
        /// The answer (or offer when the re-INVITE had none).
        sdp: Vec<u8>,
    },
    /// How an extension stands now, for those who watch it (RFC 6665).
    Publish {
        /// Account user.
        user: String,
        /// All of it.
        extension: Extension,
    },
    /// The re-INVITE cannot be served; the session goes on as it was.
    RefuseReoffer {
        /// Which.
        dialog: DialogId,
        /// 488 usually.
        status: u16,
    },
}

/// What happened.
#[derive(Clone, Debug)]
pub enum In<'a> {
    /// One datagram.
    Datagram {
        /// Whence.
        path: Path,
        /// All of it.
        bytes: &'a [u8],
    },
    /// Bytes of a stream, as they came.
    Stream {
        /// Whence; `connection` is set.
        path: Path,
        /// Some of it.
        bytes: &'a [u8],
    },
    /// One whole message of a connection that cuts messages itself (WebSocket, RFC 7118 section 5).
    Framed {
        /// Whence; `connection` is set.
        path: Path,
        /// All of it.
        bytes: &'a [u8],
    },
    /// A stream closed or could not be opened.
    StreamClosed(Connection),
    /// The driver opened a stream for a path whose `connection` was `None`.
    StreamOpened(Path),
    /// An order.
    Command(Command),
    /// What the name system answers; each question of `Out::Ask` is answered once, with nothing when it has no answer.
    Named {
        /// As asked.
        search: u64,
        /// As asked.
        question: Question,
        /// What there is.
        records: Vec<Record>,
    },
    /// Nobody listens where a datagram of ours went (ICMP).
    Unreachable(SocketAddr),
    /// New configuration.
    Configured(Setup),
    /// Somebody bans a source.
    Ban(Ban),
    /// Somebody lifts the ban of a source, and all that speaks against it is forgotten.
    Lift(Source),
    /// The process drains (`true`: new INVITEs get 503, OPTIONS get 503).
    Draining(bool),
    /// Time has passed.
    Elapsed,
}

/// Why a dialog ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndCause {
    /// Whose fault.
    pub fault: Fault,
    /// Final SIP status when one was sent or received.
    pub status: Option<u16>,
    /// Stable reason code: `hangup`, `cancelled`, `refused`, `busy`, `no_answer`, `unreachable`, `no_ack`, `no_prack`,
    /// `session_expired`, `replaced`.
    pub reason: &'static str,
    /// What their Reason header says, for people (RFC 3326); at most `TOLD` characters.
    pub told: Option<Pii<String>>,
}

impl EndCause {
    /// An end about which the peer said nothing.
    #[must_use]
    pub const fn of(fault: Fault, status: Option<u16>, reason: &'static str) -> Self {
        Self { fault, status, reason, told: None }
    }
}

/// Why we hang up, as far as the peer can use it (RFC 3326).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parting {
    /// No particular reason.
    Plain,
    /// Somebody else took the call: the phone need not note it as missed.
    Elsewhere,
    /// Nobody refreshed the session in time.
    Expired,
    /// Another phone took its place (RFC 3891).
    Replaced,
}

impl Parting {
    /// The value of Reason.
    pub(crate) const fn header(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Elsewhere => Some("SIP;cause=200;text=\"Call completed elsewhere\""),
            Self::Expired => Some("SIP;cause=408;text=\"Session expired\""),
            Self::Replaced => Some("SIP;cause=200;text=\"Replaced\""),
        }
    }
}

/// What the endpoint wants done, and what it reports.
#[derive(Clone, Debug)]
pub enum Out {
    /// Send these bytes.
    Send {
        /// Where.
        path: Path,
        /// What.
        bytes: Vec<u8>,
    },
    /// Close this stream (framing lost, or idle).
    Close(Connection),
    /// Ask the name system; answered by `In::Named`.
    Ask {
        /// Echoed.
        search: u64,
        /// What.
        question: Question,
    },
    /// A source is banned from now on.
    Banned(Ban),
    /// A trunk stands otherwise than before.
    Trunk {
        /// Its name.
        name: String,
        /// How.
        state: TrunkState,
    },
    /// A call of ours goes out under this Call-ID; one that rings several phones has several.
    Dialled {
        /// Which.
        dialog: DialogId,
        /// Call-ID.
        call_id: Vec<u8>,
    },
    /// A new call. `100 Trying` is sent already.
    Invited(Incoming),
    /// A dialled party rings or sends early media.
    Progress {
        /// Which.
        dialog: DialogId,
        /// 180, 183, …
        status: u16,
        /// Their answer for early media.
        sdp: Option<Vec<u8>>,
    },
    /// A dialled party answered; the ACK is sent already.
    Answered {
        /// Which.
        dialog: DialogId,
        /// Their answer.
        sdp: Option<Vec<u8>>,
        /// The contact or account that answered.
        by: String,
    },
    /// The ACK to our 200 came.
    Confirmed {
        /// Which.
        dialog: DialogId,
        /// Their answer when our 200 carried the offer.
        sdp: Option<Vec<u8>>,
    },
    /// A re-INVITE or UPDATE came; answer with `AcceptReoffer` or `RefuseReoffer`.
    Reoffered {
        /// Which.
        dialog: DialogId,
        /// Their offer; `None` asks for ours.
        sdp: Option<Vec<u8>>,
    },
    /// Our own offer was answered.
    Reanswered {
        /// Which.
        dialog: DialogId,
        /// Their answer.
        sdp: Option<Vec<u8>>,
    },
    /// Our own offer was refused; the session goes on as it was.
    ReofferFailed {
        /// Which.
        dialog: DialogId,
        /// Their status; `None`: we gave up.
        status: Option<u16>,
    },
    /// The peer asks us to connect the other side with somebody else; answer with `AnswerRefer`.
    Referred {
        /// Which.
        dialog: DialogId,
        /// What it asks.
        refer: Referral,
    },
    /// A digit by INFO (application/dtmf-relay or application/dtmf); it is answered already.
    Digit {
        /// Which.
        dialog: DialogId,
        /// `0`–`9`, `*`, `#`, `A`–`D`.
        digit: char,
    },
    /// It is over. The last word on this dialog.
    Ended {
        /// Which.
        dialog: DialogId,
        /// Why.
        cause: EndCause,
    },
    /// A phone registered (or refreshed).
    Registered(Binding),
    /// A user's last binding is gone (removed, expired, or its connection closed).
    Unregistered {
        /// Account user.
        user: String,
    },
}
