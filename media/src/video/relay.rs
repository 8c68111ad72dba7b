//! `Relay`: the one stream that a page is shown, made of the packets of whomever it sees.
//!
//! Promises: who is seen anew begins with a whole picture; sequence numbers and time go on without a jump when the one
//! seen changes; gaps and late packets stay what they were, so that retransmission works end to end. Leaves to others:
//! asking for whole pictures (the driver does when told [`Verdict::Wait`]).

use kernel::Time;

use super::{CLOCK, VideoCodec};

/// A packet as it came.
#[derive(Clone, Copy, Debug)]
pub struct Arrived<'a> {
    /// Names the stream that it belongs to; another stream has another one.
    pub source: u64,
    /// Its extended sequence number.
    pub sequence: u64,
    /// RTP time.
    pub timestamp: u32,
    /// Payload.
    pub payload: &'a [u8],
}

/// Numbers under which a packet is passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Extended sequence number.
    pub sequence: u64,
    /// RTP time.
    pub timestamp: u32,
}

/// What becomes of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Passed on under these numbers.
    Pass(Passed),
    /// Not passed on: a whole picture must come first, and should be asked for.
    Wait,
    /// Not passed on: it belongs before the picture that was begun with.
    Late,
}

/// The stream that one page is shown.
#[derive(Clone, Debug)]
pub struct Relay {
    codec: VideoCodec,
    /// The number after the highest one used.
    next: u64,
    /// The newest time shown, and when that was.
    newest: Option<(u32, Time)>,
    seen: Option<Seen>,
}

/// Whom the stream shows now.
#[derive(Clone, Copy, Debug)]
struct Seen {
    source: u64,
    /// Its number where we began, and ours.
    from: u64,
    to: u64,
    /// Added to its time.
    shift: u32,
}

impl Relay {
    /// A stream whose first packet has the number `first`.
    #[must_use]
    pub const fn new(codec: VideoCodec, first: u64) -> Self {
        Self { codec, next: first, newest: None, seen: None }
    }

    /// Whatever is seen next begins with a whole picture.
    pub const fn begin_anew(&mut self) {
        self.seen = None;
    }

    /// Judges a packet.
    pub fn pass(&mut self, now: Time, packet: &Arrived<'_>) -> Verdict {
        let seen = match self.seen.filter(|seen| seen.source == packet.source) {
            Some(seen) => seen,
            None if self.codec.begins_whole_picture(packet.payload) => self.turn_to(now, packet),
            None => {
                self.seen = None;
                return Verdict::Wait;
            }
        };
        let Some(after) = packet.sequence.checked_sub(seen.from) else { return Verdict::Late };
        let sequence = seen.to + after;
        let timestamp = packet.timestamp.wrapping_add(seen.shift);
        self.next = self.next.max(sequence + 1);
        // Newer, counted modulo 2^32.
        if self.newest.is_none_or(|(newest, _)| timestamp.wrapping_sub(newest) < 1 << 31) {
            self.newest = Some((timestamp, now));
        }
        Verdict::Pass(Passed { sequence, timestamp })
    }

    fn turn_to(&mut self, now: Time, packet: &Arrived<'_>) -> Seen {
        let shift = self.newest.map_or(0, |(newest, at)| {
            let ms = u32::try_from(now.since(at).as_millis()).unwrap_or(u32::MAX);
            let gone_by = ms.saturating_mul(CLOCK / 1_000).max(1);
            newest.wrapping_add(gone_by).wrapping_sub(packet.timestamp)
        });
        let seen = Seen { source: packet.source, from: packet.sequence, to: self.next, shift };
        self.seen = Some(seen);
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &[u8] = &[0x10, 0x50, 0x01];
    const PART: &[u8] = &[0x10, 0x51, 0x01];

    fn packet(source: u64, sequence: u64, timestamp: u32, payload: &[u8]) -> Arrived<'_> {
        Arrived { source, sequence, timestamp, payload }
    }

    fn passed(sequence: u64, timestamp: u32) -> Verdict {
        Verdict::Pass(Passed { sequence, timestamp })
    }

    #[test]
    fn whoever_joins_is_shown_nothing_until_a_whole_picture_begins() {
        let (mut relay, now) = (Relay::new(VideoCodec::Vp8, 100), Time::from_millis(1_000));
        assert_eq!(relay.pass(now, &packet(1, 7, 900, PART)), Verdict::Wait);
        assert_eq!(relay.pass(now, &packet(1, 8, 990, WHOLE)), passed(100, 990));
        assert_eq!(relay.pass(now, &packet(1, 9, 990, PART)), passed(101, 990));
    }

    #[test]
    fn gaps_stay_gaps_and_what_comes_late_keeps_its_place() {
        let (mut relay, now) = (Relay::new(VideoCodec::Vp8, 100), Time::from_millis(1_000));
        relay.pass(now, &packet(1, 8, 990, WHOLE));
        assert_eq!(relay.pass(now, &packet(1, 11, 1_080, PART)), passed(103, 1_080));
        assert_eq!(relay.pass(now, &packet(1, 10, 1_035, PART)), passed(102, 1_035));
        assert_eq!(relay.pass(now, &packet(1, 7, 900, PART)), Verdict::Late);
    }

    #[test]
    fn another_source_goes_on_with_the_next_number_and_the_time_that_went_by() {
        let (mut relay, now) = (Relay::new(VideoCodec::Vp8, 100), Time::from_millis(1_000));
        relay.pass(now, &packet(1, 8, 990, WHOLE));
        relay.pass(now, &packet(1, 20, 4_590, PART));
        let later = Time::from_millis(1_500);
        assert_eq!(relay.pass(later, &packet(2, 60_000, 7, PART)), Verdict::Wait);
        assert_eq!(relay.pass(later, &packet(2, 60_001, 3_000, WHOLE)), passed(113, 4_590 + 45_000));
        assert_eq!(relay.pass(later, &packet(2, 60_002, 6_000, PART)), passed(114, 4_590 + 48_000));
        // Back to the first: from a whole picture again.
        assert_eq!(relay.pass(later, &packet(1, 21, 9_000, PART)), Verdict::Wait);
        assert_eq!(relay.pass(later, &packet(1, 22, 9_000, WHOLE)), passed(115, 4_590 + 48_000 + 1));
    }

    #[test]
    fn time_that_wraps_around_goes_on() {
        let (mut relay, now) = (Relay::new(VideoCodec::Vp8, 0), Time::from_millis(1_000));
        relay.pass(now, &packet(1, 0, u32::MAX - 10, WHOLE));
        assert_eq!(relay.pass(now, &packet(1, 1, 100, PART)), passed(1, 100));
        let later = Time::from_millis(1_010);
        assert_eq!(relay.pass(later, &packet(2, 9, 5, WHOLE)), passed(2, 100 + 900));
    }
}
