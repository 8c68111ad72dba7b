//! All contact with the WebRTC library: one browser's connection (ICE-lite, DTLS passive, SRTP) as plain data in and out.
//!
//! Promises: no socket and no thread of its own; hostile offers and packets end that connection at worst; the
//! library's own types stop here. Leaves to others: sockets, demultiplexing and the 20 ms clock (`media_loop`),
//! the codec (`media`), whose call it is (`interaction`).

mod identity;
mod offer;
mod session;
mod video;

use kernel::Fault;
use media::LegSetup;

pub use identity::Identity;
pub(crate) use offer::offered_video;
pub(crate) use session::{Datagram, Happened, Offering, Outbox, Reoffer, Session, stun_user, unconnected};

/// Why an offer of a browser was not answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebrtcError {
    /// More bytes, lines or sections than a browser sends.
    #[error("the offer is too large")]
    TooLarge,
    /// Not SDP, or SDP without what WebRTC needs.
    #[error("the offer is not a browser's SDP")]
    NotSdp,
    /// No audio section that could be accepted.
    #[error("the offer has no audio")]
    NoAudio,
    /// Audio, but neither Opus at 48 kHz nor G.711.
    #[error("the offer has neither Opus nor G.711")]
    NoCodec,
    /// The WebRTC library refused it; the text is for a developer.
    #[error("the offer was refused: {0}")]
    Refused(String),
    /// The leg is closed, or the process stops.
    #[error("the leg is gone")]
    Gone,
}

impl WebrtcError {
    /// Whose fault it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Gone => Fault::Ours,
            Self::TooLarge | Self::NotSdp | Self::NoAudio | Self::NoCodec | Self::Refused(_) => Fault::Peer,
        }
    }
}

/// An offer answered: the connection to be driven, the answer to be sent, and what the engine must know.
pub(crate) struct Accepted {
    pub(crate) session: Session,
    pub(crate) answer: String,
    pub(crate) setup: LegSetup,
}
