//! What the SIP endpoint is told (`In`, `Command`) and what it answers (`Out`).

use std::net::SocketAddr;
use std::time::Duration;

use kernel::{Fault, Pii, Secret};

pub use crate::network::Network;

/// A transport of RFC 3261 section 18.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// Datagrams.
    Udp,
    /// A stream.
    Tcp,
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
    /// The stream; `None` on UDP, and on TCP when the driver is to open one.
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
    /// A SIP URI with an address (`sip:user@127.0.0.1:7000;transport=udp`).
    Uri(String),
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
    /// A stream closed or could not be opened.
    StreamClosed(Connection),
    /// The driver opened a stream for a path whose `connection` was `None`.
    StreamOpened(Path),
    /// An order.
    Command(Command),
    /// New configuration.
    Configured(Setup),
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
