//! What the owner of a leg hears from a media shard, and what a tap is.

use kernel::Fault;
use media::TapFrame;

/// What happened on a leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LegEvent {
    /// From the engine.
    Media(media::Event),
    /// The browser's page is connected (ICE and DTLS): audio can flow.
    BrowserUp,
    /// The browser's page is gone. The leg lives on; a new page may attach.
    BrowserLost(LostReason),
}

/// Why a browser was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LostReason {
    /// Neither ICE checks nor audio came for some seconds.
    Silent,
    /// ICE or DTLS was never completed.
    NoConnection,
    /// The page closed the connection.
    Closed,
    /// DTLS or the library failed.
    Failed,
}

impl LostReason {
    /// The stable code, for records and labels.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Silent => "browser_silent",
            Self::NoConnection => "browser_no_connection",
            Self::Closed => "browser_closed",
            Self::Failed => "browser_failed",
        }
    }

    /// Whose fault it is.
    #[must_use]
    pub const fn fault(self) -> Fault {
        match self {
            Self::Closed => Fault::None,
            Self::Silent | Self::NoConnection | Self::Failed => Fault::Peer,
        }
    }
}

/// Takes what a leg says. Called on the shard's thread inside the tick: it must not block, lock, log or allocate.
pub trait TapSink: Send {
    /// 20 ms.
    fn frame(&mut self, frame: TapFrame<'_>);
}
