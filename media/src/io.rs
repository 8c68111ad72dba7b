//! The engine's contract: orders in, packets in, and a `Sink` for everything that comes out.
//!
//! The engine (built in `engine.rs`) has this shape; the driver in `gateway::media_loop` relies on it:
//! ```text
//! impl Engine {
//!     pub fn new(seed: u64) -> Self;
//!     pub fn order(&mut self, now: Time, order: Order, sink: &mut impl Sink);                 // may allocate
//!     pub fn rtp(&mut self, now: Time, leg: Slot, from: SocketAddr, bytes: &[u8], sink: &mut impl Sink);
//!     pub fn rtcp(&mut self, now: Time, leg: Slot, from: SocketAddr, bytes: &[u8], sink: &mut impl Sink);
//!     pub fn frame(&mut self, now: Time, leg: Slot, pt: u8, seq: u16, timestamp: u32, payload: &[u8], sink: &mut impl Sink);
//!     pub fn tick(&mut self, now: Time, sink: &mut impl Sink);                                // every 20 ms
//!     pub fn stats(&self, leg: Slot) -> Option<LegStats>;
//! }
//! ```

use std::net::SocketAddr;
use std::sync::Arc;

use kernel::Time;

/// A leg's place in the engine, chosen by the driver; reused only after `Order::Close`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u32);

/// A codec we speak. Frames are 20 ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Codec {
    /// G.711 µ-law, 8 kHz.
    Pcmu,
    /// G.711 A-law, 8 kHz.
    Pcma,
    /// G.722, 16 kHz audio, 8 kHz RTP clock (RFC 3551 section 4.5.2).
    G722,
    /// Opus, 48 kHz RTP clock (RFC 7587).
    Opus,
}

/// An RTP payload type number, 0 to 127.
pub type PayloadType = u8;

/// Who may send (RFC 3264), seen from us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Both.
    SendRecv,
    /// We send only (they hold us, or asked for recvonly).
    SendOnly,
    /// We receive only.
    RecvOnly,
    /// Nobody.
    Inactive,
}

/// How a leg's media travels and is coded, as negotiated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegSetup {
    /// What we send, and with which number.
    pub send: (Codec, PayloadType),
    /// What we may receive.
    pub receive: Vec<(Codec, PayloadType)>,
    /// telephone-event numbers with their clocks (RFC 4733); empty: in-band detection is on.
    pub dtmf: Vec<(PayloadType, u32)>,
    /// Who may send.
    pub direction: Direction,
    /// Where to send until a packet shows better (symmetric RTP). `None` for `frame` legs (WebRTC).
    pub remote: Option<SocketAddr>,
    /// RTCP goes to the RTP port (RFC 5761).
    pub rtcp_mux: bool,
}

/// What a leg hears when nothing else is ordered: audio as 16-bit mono at `rate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Stable name (for logs).
    pub name: String,
    /// Samples per second: 8000 or 16000.
    pub rate: u32,
    /// Mono samples.
    pub samples: Arc<[i16]>,
}

/// How often a list of sources is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Once; `Event::Played` follows.
    Once,
    /// Again and again, without gaps.
    Forever,
}

/// Orders to the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// A leg begins. It sends from the first tick on (silence until told otherwise).
    Open {
        /// Where.
        leg: Slot,
        /// How.
        setup: LegSetup,
    },
    /// A re-offer (hold, resume, other codec or address) or a new browser connection on the same leg.
    Change {
        /// Which.
        leg: Slot,
        /// How, from now on.
        setup: LegSetup,
    },
    /// A leg ends.
    Close {
        /// Which.
        leg: Slot,
    },
    /// Play to this leg; replaces what played.
    Play {
        /// Which.
        leg: Slot,
        /// What, in order, gapless.
        sources: Vec<Arc<Source>>,
        /// How often.
        repeat: Repeat,
        /// Echoed in `Event::Played`.
        token: u64,
    },
    /// Stop playing (barge-in). No `Event::Played`.
    StopPlay {
        /// Which.
        leg: Slot,
    },
    /// The leg hears itself.
    Echo {
        /// Which.
        leg: Slot,
        /// On or off.
        on: bool,
    },
    /// These legs hear each other and nobody else (two or more). A leg is in one bridge at most; joining leaves the former.
    /// A playing prompt has precedence over the bridge for the leg it plays to.
    Bridge {
        /// Who.
        legs: Vec<Slot>,
    },
    /// The leg leaves its bridge.
    Unbridge {
        /// Which.
        leg: Slot,
    },
    /// The leg hears what these legs say as well, beside whatever its bridge gives it; they do not hear it. A leg that is in no
    /// bridge and hears others thus cannot be heard by anybody: that is a listening supervisor. Replaces the former list.
    Hear {
        /// Who hears.
        leg: Slot,
        /// Whom.
        also: Vec<Slot>,
    },
    /// What the leg says is not passed on (mute), but still received.
    Mute {
        /// Which.
        leg: Slot,
        /// On or off.
        on: bool,
    },
    /// Hand over what the leg says, 16 kHz mono, 20 ms at a time.
    Tap {
        /// Which.
        leg: Slot,
        /// On or off.
        on: bool,
    },
    /// Send digits to the leg (RFC 4733 where negotiated, else in-band tones).
    SendDigits {
        /// Which.
        leg: Slot,
        /// `0`–`9`, `*`, `#`, `A`–`D`.
        digits: String,
    },
    /// Watch for silence of the line (no packets): on for a leg that should send.
    Watch {
        /// Which.
        leg: Slot,
        /// On or off.
        on: bool,
    },
}

/// What the engine reports. Digits and ends are never dropped by the driver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The list of an `Order::Play` ended.
    Played {
        /// As ordered.
        token: u64,
    },
    /// A key was pressed (once per press, whatever the method).
    Digit(char),
    /// First packet arrived.
    AudioBegan,
    /// No packet for 3 s although watched.
    AudioMissing,
    /// Packets again.
    AudioBack,
}

/// 20 ms of what a leg says.
#[derive(Clone, Copy, Debug)]
pub struct TapFrame<'a> {
    /// When it was heard (tick time).
    pub at: Time,
    /// 320 samples, 16 kHz mono. Concealed or missing audio comes as silence, so time never slips.
    pub samples: &'a [i16; 320],
    /// Whether packets back it (false: silence filled in).
    pub live: bool,
}

/// Where the engine's output goes. Called inside the tick: implementations must not block or allocate.
pub trait Sink {
    /// An RTP packet to be sent.
    fn rtp(&mut self, leg: Slot, to: SocketAddr, bytes: &[u8]);
    /// An RTCP packet to be sent.
    fn rtcp(&mut self, leg: Slot, to: SocketAddr, bytes: &[u8]);
    /// A coded frame for a leg without RTP of its own (WebRTC).
    fn frame(&mut self, leg: Slot, pt: PayloadType, timestamp: u32, payload: &[u8]);
    /// A report.
    fn event(&mut self, leg: Slot, event: Event);
    /// What a tapped leg says.
    fn tap(&mut self, leg: Slot, frame: TapFrame<'_>);
}

/// A leg's counters.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LegStats {
    /// Packets received.
    pub received: u64,
    /// Packets lost (RFC 3550 A.3).
    pub lost: u64,
    /// Packets too late to play.
    pub late: u64,
    /// Frames concealed.
    pub concealed: u64,
    /// Packets sent.
    pub sent: u64,
    /// Interarrival jitter, in milliseconds (RFC 3550 A.8).
    pub jitter_ms: f32,
    /// Present depth of the jitter buffer, in milliseconds.
    pub buffer_ms: u32,
    /// Packets refused (wrong version, unknown payload type, stranger's address).
    pub refused: u64,
    /// Round trip, in milliseconds, from RTCP; 0 until known.
    pub rtt_ms: f32,
    /// Mean opinion score (ITU-T G.107), 1 to 4.5; 0 before the first packet.
    pub mos: f32,
}
