//! Session descriptions (RFC 8866) and the offer/answer model (RFC 3264) for audio.
//!
//! Promises: no input panics; limits from `kernel::limits`; an error names the line, what was found and what would be
//! right; an answer has a line for every line of its offer, in the same order.
//! Leaves to others: codecs themselves, ciphers and sockets (`media`), ICE and DTLS (`gateway::webrtc` answers such offers).

mod negotiate;
mod parse;
mod srtp;
mod write;

use std::net::{IpAddr, SocketAddr};

pub use negotiate::{NegotiateError, accept_answer, negotiate};
pub use parse::SdpError;
pub use srtp::{SRTP_CHANCE, Srtp, SrtpKey, SrtpKeys, SrtpSuite, SrtpUse};
pub use write::make_offer;

/// A codec as SDP names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Codec {
    /// Encoding name, compared in any case.
    pub name: &'static str,
    /// RTP clock in Hz.
    pub clock: u32,
    /// Channels of the rtpmap.
    pub channels: u8,
}

impl Codec {
    /// G.711 µ-law.
    pub const PCMU: Codec = Codec { name: "PCMU", clock: 8_000, channels: 1 };
    /// G.711 A-law.
    pub const PCMA: Codec = Codec { name: "PCMA", clock: 8_000, channels: 1 };
    /// G.722; its clock says 8000 by an old mistake (RFC 3551 section 4.5.2).
    pub const G722: Codec = Codec { name: "G722", clock: 8_000, channels: 1 };
    /// Opus; always two channels in SDP (RFC 7587 section 7).
    pub const OPUS: Codec = Codec { name: "opus", clock: 48_000, channels: 2 };
}

/// What we can code, in the order in which we offer it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The codecs.
    pub codecs: Vec<Codec>,
}

/// Who says so, in `o=`: one id for the session, and a version that grows with every description that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The session's id.
    pub session_id: u64,
    /// The description's version.
    pub version: u64,
}

impl Origin {
    /// For the next description of the same session.
    #[must_use]
    pub const fn next(self) -> Self {
        Self { session_id: self.session_id, version: self.version.wrapping_add(1) }
    }
}

/// Our end of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    /// Where we receive RTP.
    pub address: SocketAddr,
    /// Who we are in `o=`.
    pub origin: Origin,
    /// Whether the call is protected.
    pub srtp: SrtpUse,
    /// Our keys, if it is.
    pub keys: SrtpKeys,
}

impl Local {
    /// Without keys: only plain calls can be agreed.
    #[must_use]
    pub fn plain(address: SocketAddr, origin: Origin) -> Self {
        let keys = SrtpKeys { current: None, fresh: Vec::new().into() };
        Self { address, origin, srtp: SrtpUse::Accept, keys }
    }
}

/// Who may send, seen from us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Both.
    SendRecv,
    /// We only: they hold us with a=recvonly, or listen in.
    SendOnly,
    /// They only: they hold us with a=sendonly.
    RecvOnly,
    /// Nobody.
    Inactive,
}

impl Direction {
    /// The same seen from the other side.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Direction::SendRecv => Direction::SendRecv,
            Direction::SendOnly => Direction::RecvOnly,
            Direction::RecvOnly => Direction::SendOnly,
            Direction::Inactive => Direction::Inactive,
        }
    }

    /// The attribute.
    #[must_use]
    pub const fn attribute(self) -> &'static str {
        match self {
            Direction::SendRecv => "sendrecv",
            Direction::SendOnly => "sendonly",
            Direction::RecvOnly => "recvonly",
            Direction::Inactive => "inactive",
        }
    }
}

/// What was agreed for a call's audio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaDescription {
    /// Where their RTP is expected. Unspecified (`0.0.0.0`) while they hold in the manner of RFC 2543.
    pub remote: SocketAddr,
    /// RTCP shares the port (RFC 5761).
    pub rtcp_mux: bool,
    /// What we send, and its payload type.
    pub send: (Codec, u8),
    /// What we may receive.
    pub receive: Vec<(Codec, u8)>,
    /// telephone-event payload types with their clocks, the one of the sent codec's clock first.
    pub dtmf: Vec<(u8, u32)>,
    /// Who may send.
    pub direction: Direction,
    /// Keys, when it is protected.
    pub srtp: Option<Srtp>,
}

/// An answer, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Negotiated {
    /// The whole answer.
    pub answer: Vec<u8>,
    /// What it agrees to.
    pub media: MediaDescription,
}

/// A parsed session description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionDescription {
    /// Value of `o=`, as it came.
    pub origin: String,
    /// Value of the first `t=`, as it came.
    pub time: String,
    /// `c=` of the session.
    pub address: Option<Address>,
    /// `a=` of the session, in order.
    pub attributes: Vec<Attribute>,
    /// The media sections, in order.
    pub media: Vec<Media>,
}

/// One `m=` and what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// `audio`, `video`, …
    pub kind: String,
    /// 0: refused or not wanted.
    pub port: u16,
    /// `RTP/AVP`, …
    pub protocol: String,
    /// Payload types, or what the protocol calls formats.
    pub formats: Vec<String>,
    /// `c=` of this section.
    pub address: Option<Address>,
    /// `a=` of this section, in order.
    pub attributes: Vec<Attribute>,
}

/// Where somebody is, in `c=`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// By number.
    Ip(IpAddr),
    /// By name; we do not look names up.
    Name(String),
}

/// `a=name` or `a=name:value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Before the colon.
    pub name: String,
    /// After it.
    pub value: Option<String>,
}

impl SessionDescription {
    /// Reads a description.
    pub fn parse(bytes: &[u8]) -> Result<Self, SdpError> {
        parse::parse(bytes)
    }

    /// Where a section's media goes: its own `c=`, else the session's.
    #[must_use]
    pub fn address_of<'a>(&'a self, media: &'a Media) -> Option<&'a Address> {
        media.address.as_ref().or(self.address.as_ref())
    }

    /// Who may send, seen from the one who wrote it.
    #[must_use]
    pub fn direction_of(&self, media: &Media) -> Direction {
        let find = |attributes: &[Attribute]| attributes.iter().rev().find_map(|a| direction(&a.name));
        find(&media.attributes).or_else(|| find(&self.attributes)).unwrap_or(Direction::SendRecv)
    }
}

impl SessionDescription {
    /// Whether its first audio is that of a browser: DTLS-SRTP with ICE (RFC 8827), which is not negotiated here.
    #[must_use]
    pub fn is_webrtc(&self) -> bool {
        let has =
            |media: &Media, name: &str| media.has(name) || self.attributes.iter().any(|a| a.name == name);
        let audio = self.media.iter().find(|media| media.kind == "audio" && media.port != 0);
        audio.is_some_and(|audio| {
            matches!(audio.protocol.as_str(), "UDP/TLS/RTP/SAVPF" | "UDP/TLS/RTP/SAVP" | "RTP/SAVPF")
                && has(audio, "fingerprint")
                && has(audio, "ice-ufrag")
        })
    }
}

impl Media {
    /// Whether it has an attribute of that name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|a| a.name == name)
    }

    /// Values of the attributes of that name.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.attributes.iter().filter(move |a| a.name == name).filter_map(|a| a.value.as_deref())
    }
}

fn direction(name: &str) -> Option<Direction> {
    [Direction::SendRecv, Direction::SendOnly, Direction::RecvOnly, Direction::Inactive]
        .into_iter()
        .find(|d| d.attribute() == name)
}
