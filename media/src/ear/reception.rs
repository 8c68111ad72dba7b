//! What was received of a stream: RFC 3550 appendices A.1 (validity), A.3 (loss) and A.8 (jitter).

use kernel::Time;

/// Forward jump that is still the same stream (RFC 3550 A.1).
const MAX_DROPOUT: u16 = 3000;
/// Backward distance that is still reordering.
const MAX_MISORDER: u16 = 100;

/// What a sequence number means for the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// Part of it.
    Good,
    /// The sender began anew.
    Restarted,
    /// Far away, and alone so far: not to be played.
    Stray,
}

/// The counts of RFC 3550.
#[derive(Clone, Debug, Default)]
pub(super) struct Reception {
    begun: bool,
    base: u32,
    max_seq: u16,
    cycles: u32,
    bad_seq: Option<u16>,
    received: u64,
    lost_before: u64,
    expected_prior: u64,
    received_prior: u64,
    transit: Option<i64>,
    jitter: f64,
    clock: u32,
}

/// The reception part of an RTCP report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    /// Lost since the report before, in 1/256.
    pub(crate) fraction: u8,
    /// Lost in all.
    pub(crate) lost: u32,
    /// Highest sequence number with its cycles.
    pub(crate) highest: u32,
    /// In timestamp units.
    pub(crate) jitter: u32,
}

impl Reception {
    /// The next packet begins another stream (other source, other browser).
    pub(super) fn renew(&mut self) {
        self.lost_before = self.lost();
        self.begun = false;
    }

    fn begin(&mut self, seq: u16) {
        self.begun = true;
        self.base = u32::from(seq);
        self.max_seq = seq;
        self.cycles = 0;
        self.bad_seq = None;
        self.received = 0;
        self.expected_prior = 0;
        self.received_prior = 0;
        self.transit = None;
    }

    /// Counts a packet.
    pub(super) fn arrive(&mut self, seq: u16) -> Arrival {
        if !self.begun {
            self.begin(seq);
            self.received = 1;
            return Arrival::Restarted;
        }
        let delta = seq.wrapping_sub(self.max_seq);
        if delta < MAX_DROPOUT {
            if seq < self.max_seq {
                self.cycles = self.cycles.wrapping_add(1 << 16);
            }
            self.max_seq = seq;
        } else if delta <= u16::MAX - MAX_MISORDER {
            if self.bad_seq != Some(seq) {
                self.bad_seq = Some(seq.wrapping_add(1));
                return Arrival::Stray;
            }
            self.renew();
            self.begin(seq);
            self.received = 1;
            return Arrival::Restarted;
        }
        self.received += 1;
        Arrival::Good
    }

    /// Measures jitter by an audio packet.
    pub(super) fn measure(&mut self, now: Time, timestamp: u32, clock: u32) {
        if clock != self.clock {
            self.clock = clock;
            self.transit = None;
        }
        let arrival = u128::from(now.as_nanos()) * u128::from(clock) / 1_000_000_000;
        let transit = (arrival as u32).wrapping_sub(timestamp) as i32;
        if let Some(before) = self.transit.replace(i64::from(transit)) {
            let d = f64::from((transit.wrapping_sub(before as i32)).unsigned_abs());
            // A jump of seconds is a new start of the sender's clock, not jitter.
            if d < f64::from(clock) * 2.0 {
                self.jitter += (d - self.jitter) / 16.0;
            }
        }
    }

    fn expected(&self) -> u64 {
        if !self.begun {
            return 0;
        }
        u64::from((self.cycles.wrapping_add(u32::from(self.max_seq))).wrapping_sub(self.base)) + 1
    }

    /// Packets lost in all.
    pub(super) fn lost(&self) -> u64 {
        self.lost_before + if self.begun { self.expected().saturating_sub(self.received) } else { 0 }
    }

    /// Jitter in milliseconds.
    pub(super) fn jitter_ms(&self) -> f32 {
        if self.clock == 0 { 0.0 } else { (self.jitter * 1000.0 / f64::from(self.clock)) as f32 }
    }

    /// What the next RTCP report says; `None` when nothing was received.
    pub(super) fn report(&mut self) -> Option<Report> {
        if !self.begun {
            return None;
        }
        let expected = self.expected();
        let (due, got) = (expected - self.expected_prior, self.received.saturating_sub(self.received_prior));
        self.expected_prior = expected;
        self.received_prior = self.received;
        let missing = due.saturating_sub(got);
        let fraction = (missing * 256).checked_div(due).unwrap_or(0).min(255) as u8;
        Some(Report {
            fraction,
            lost: self.lost().min(0x7F_FFFF) as u32,
            highest: self.cycles.wrapping_add(u32::from(self.max_seq)),
            jitter: self.jitter as u32,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loss_is_counted_over_the_wrap() {
        let mut reception = Reception::default();
        assert_eq!(reception.arrive(65_530), Arrival::Restarted);
        for n in 1..20u16 {
            if n % 5 != 0 {
                assert_eq!(reception.arrive(65_530u16.wrapping_add(n)), Arrival::Good);
            }
        }
        assert_eq!(reception.lost(), 3);
        let report = reception.report().expect("received");
        assert_eq!((report.fraction, report.lost), ((3 * 256 / 20) as u8, 3));
        assert_eq!(report.highest, (1 << 16) + 13);
    }

    #[test]
    fn a_sender_that_starts_over_is_believed_at_the_second_packet() {
        let mut reception = Reception::default();
        reception.arrive(100);
        assert_eq!(reception.arrive(30_000), Arrival::Stray);
        assert_eq!(reception.arrive(101), Arrival::Good);
        assert_eq!(reception.arrive(40_000), Arrival::Stray);
        assert_eq!(reception.arrive(40_001), Arrival::Restarted);
        assert_eq!(reception.lost(), 0);
    }

    #[test]
    fn steady_packets_have_no_jitter_and_alternating_ones_do() {
        let mut reception = Reception::default();
        for n in 0..200u64 {
            reception.measure(Time::from_millis(20 * n), (160 * n) as u32, 8000);
        }
        assert!(reception.jitter_ms() < 0.01);
        for n in 200..800u64 {
            let late = if n % 2 == 0 { 0 } else { 10 };
            reception.measure(Time::from_millis(20 * n + late), (160 * n) as u32, 8000);
        }
        assert!((reception.jitter_ms() - 10.0).abs() < 0.5, "{}", reception.jitter_ms());
    }
}
