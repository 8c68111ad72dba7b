//! What a shard tells about itself: numbers that its thread writes without a lock and anybody may read.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Written by the shard's thread.
#[derive(Debug, Default)]
pub(super) struct Gauges {
    pub(super) legs: AtomicU64,
    ticks: AtomicU64,
    skipped: AtomicU64,
    late_nanos: AtomicU64,
    work_nanos: AtomicU64,
    longest_nanos: AtomicU64,
    pub(super) received: AtomicU64,
    pub(super) sent: AtomicU64,
    pub(super) unsent: AtomicU64,
    pub(super) strangers: AtomicU64,
    pub(super) forged: AtomicU64,
    pub(super) pictures: AtomicU64,
    pub(super) pictures_held: AtomicU64,
    pub(super) video_stops: AtomicU64,
}

/// A reading of one shard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShardHealth {
    /// Legs open.
    pub legs: u64,
    /// Ticks done.
    pub ticks: u64,
    /// Ticks given up because the thread was kept from running for too long.
    pub skipped: u64,
    /// The latest beginning of a tick since the last reading.
    pub latest: Duration,
    /// The longest tick since the last reading.
    pub longest: Duration,
    /// Time spent in ticks since the start.
    pub work: Duration,
    /// Datagrams received.
    pub received: u64,
    /// Datagrams sent.
    pub sent: u64,
    /// Datagrams that the system refused to send.
    pub unsent: u64,
    /// Datagrams to a browser socket that belong to nobody.
    pub strangers: u64,
    /// Datagrams to protected phones' sockets that were not genuine, or came twice.
    pub forged: u64,
    /// Packets of pictures passed from page to page.
    pub pictures: u64,
    /// Packets of pictures not passed on: before the first whole one, late, or too much for the way to the page.
    pub pictures_held: u64,
    /// How often pictures to a page stopped because the way to it became too narrow.
    pub video_stops: u64,
}

impl Gauges {
    pub(super) fn ticked(&self, late: Duration, took: Duration) {
        let nanos = |span: Duration| u64::try_from(span.as_nanos()).unwrap_or(u64::MAX);
        self.ticks.fetch_add(1, Relaxed);
        self.late_nanos.fetch_max(nanos(late), Relaxed);
        self.longest_nanos.fetch_max(nanos(took), Relaxed);
        self.work_nanos.fetch_add(nanos(took), Relaxed);
    }

    pub(super) fn skipped(&self, ticks: u64) {
        self.skipped.fetch_add(ticks, Relaxed);
    }

    /// Reads; the maxima begin anew.
    pub(super) fn read(&self) -> ShardHealth {
        ShardHealth {
            legs: self.legs.load(Relaxed),
            ticks: self.ticks.load(Relaxed),
            skipped: self.skipped.load(Relaxed),
            latest: Duration::from_nanos(self.late_nanos.swap(0, Relaxed)),
            longest: Duration::from_nanos(self.longest_nanos.swap(0, Relaxed)),
            work: Duration::from_nanos(self.work_nanos.load(Relaxed)),
            received: self.received.load(Relaxed),
            sent: self.sent.load(Relaxed),
            unsent: self.unsent.load(Relaxed),
            strangers: self.strangers.load(Relaxed),
            forged: self.forged.load(Relaxed),
            pictures: self.pictures.load(Relaxed),
            pictures_held: self.pictures_held.load(Relaxed),
            video_stops: self.video_stops.load(Relaxed),
        }
    }
}
