//! Media shards: OS threads with a 20 ms tick, each owning an engine, the sockets of its legs and its browsers.
//!
//! Promises: legs stay on the shard where they were opened; the tick is drift-free and makes up for short stalls;
//! nothing in the tick waits; digits and ends reach the leg's owner. Leaves to others: what legs hear (`media` by
//! orders), SDP of phones (`signaling`), whose call it is (`interaction`).
//!
//! A leg is opened with [`MediaHandle::open_phone`] or [`MediaHandle::open_browser`], ordered about with
//! [`MediaHandle::order`] and closed by dropping it. Legs that shall hear each other must share a shard.

mod handle;
mod health;
mod leg;
mod pictures;
mod poller;
mod ports;
mod reports;
mod shard;
mod wire;

pub use handle::{BrowserLeg, MediaConfig, MediaError, MediaHandle, PhoneLeg, ShardId, WebOffer};
pub use health::ShardHealth;
pub use leg::{LegEvent, LostReason, TapSink};
pub use ports::RtpRange;
pub use reports::LegEvents;

use std::time::Duration;

/// One tick: the frame of every codec we speak.
pub const TICK: Duration = Duration::from_millis(20);
