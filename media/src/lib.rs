//! Media as a pure engine: RTP, RTCP, jitter, codecs, DTMF, prompts, bridges, taps.
//!
//! Promises: no sockets, no clock; in `tick` and `packet` no allocation, lock, log or panic; SSRC, sequence and
//! timestamps of a leg are continuous from its first packet to its last, whatever feeds it.
//! Leaves to others: sockets and the 20 ms clock (`gateway::media_loop`), SDP (`signaling`), WebRTC transport (`gateway`).

mod codecs;
mod dtmf;
mod ear;
mod engine;
pub mod files;
mod io;
mod live_rate;
mod mouth;
mod opinion;
mod prompts;
mod reports;
mod resample;
mod rtcp;
mod rtp;
pub mod srtp;
pub mod tones;
pub mod video;

pub use codecs::{CODECS, CodecInfo, through_mu_law};
pub use engine::Engine;
pub use io::{
    Codec, Direction, Event, LegSetup, LegStats, Order, PayloadType, Repeat, Sink, Slot, Source, TapFrame,
};
pub use live_rate::LiveRate;
pub use opinion::{lost_percent, mean_opinion};
