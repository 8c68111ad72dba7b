//! When a leg sends RTCP, where to, and what it learned from the other side's.
//!
//! Promises: a report about every 5 s, the first after 2 s at most (RFC 3550 section 6.2, with its spread).

use std::net::SocketAddr;
use std::time::Duration;

use kernel::{Rng, Time};

use crate::ear::Ear;
use crate::rtcp::{self, Block, NAME, REPORT_BYTES, Sent};

/// Mean time between reports, in milliseconds (RFC 3550 section 6.2: 5 s is the least).
const EVERY_MS: u64 = 5000;

/// The reports of a leg.
pub(crate) struct Reports {
    next: Time,
    name: [u8; NAME],
    mux: bool,
    learned: Option<SocketAddr>,
    sender: Option<(u32, Time)>,
    rtt_ms: f32,
}

impl Reports {
    pub(crate) fn new(now: Time, mux: bool, rng: &mut Rng) -> Self {
        let mut name = [0; NAME];
        for byte in &mut name {
            *byte = b"0123456789abcdefghijklmnopqrstuvwxyz"[rng.below(36) as usize];
        }
        let first = Duration::from_millis(500 + rng.below(1500));
        Self { next: now + first, name, mux, learned: None, sender: None, rtt_ms: 0.0 }
    }

    pub(crate) fn change(&mut self, mux: bool) {
        self.mux = mux;
        self.learned = None;
    }

    /// Round trip, 0 until known.
    pub(crate) fn rtt_ms(&self) -> f32 {
        self.rtt_ms
    }

    /// A report came in. Returns the loss that the far end sees, in per cent. `None`: it was no RTCP.
    pub(crate) fn receive(
        &mut self,
        now: Time,
        from: SocketAddr,
        bytes: &[u8],
        ssrc: u32,
    ) -> Option<Option<u8>> {
        let heard = rtcp::parse(bytes, ssrc)?;
        self.learned = Some(from);
        if let Some(time) = heard.sender_time {
            self.sender = Some((time, now));
        }
        if let Some(rtt) = heard.about_us.and_then(|about| rtcp::round_trip_ms(now, &about)) {
            self.rtt_ms = rtt;
        }
        Some(heard.about_us.map(|about| (u32::from(about.fraction) * 100 / 256) as u8))
    }

    /// Whether a report is due; then the next is 2.5 to 7.5 s away.
    pub(crate) fn is_due(&mut self, now: Time, rng: &mut Rng) -> bool {
        if now < self.next {
            return false;
        }
        self.next = now + Duration::from_millis(EVERY_MS / 2 + rng.below(EVERY_MS));
        true
    }

    /// Writes a report. Returns where it goes and its length.
    pub(crate) fn write(
        &self,
        now: Time,
        ssrc: u32,
        sent: Option<Sent>,
        ear: &mut Ear,
        bye: bool,
        out: &mut [u8; REPORT_BYTES],
    ) -> Option<(SocketAddr, usize)> {
        let to = ear.to()?;
        let to = match self.learned.filter(|learned| learned.ip() == to.ip()) {
            Some(learned) => learned,
            None if self.mux => to,
            None => SocketAddr::new(to.ip(), to.port().checked_add(1)?),
        };
        let block = ear.report().map(|(source, report)| {
            let (last_sr, delay) = match self.sender {
                Some((time, at)) => (time, (now.since(at).as_nanos() * 65_536 / 1_000_000_000) as u32),
                None => (0, 0),
            };
            Block { ssrc: source, report, last_sr, delay }
        });
        Some((to, rtcp::build(out, now, ssrc, &self.name, sent, block, bye)))
    }
}
