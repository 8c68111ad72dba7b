//! The adaptive jitter buffer of a leg: packets in as they come, one after the other out as they are due.
//!
//! Promises: bounded in time (200 ms, and a margin for a burst) and memory whatever arrives; no allocation after `new`;
//! starts at 40 ms and then follows what packets really do: it grows when they come late, and says when it may shrink.
//! The same rule absorbs clock drift. Leaves to others: samples (`ear`), statistics for reports (`ear::reception`).

use kernel::Time;

use super::transit::Window;
use crate::io::Codec;
use crate::rtp::{extend_seq, extend_timestamp};

/// One tick, in microseconds.
const TICK_US: i64 = 20_000;
/// Delay at the start, before anything is known of the path.
const START_US: i64 = 40_000;
/// Least and greatest delay.
const LEAST_US: i64 = 20_000;
const MOST_US: i64 = 200_000;
/// Depth above which old audio is dropped at once: a burst after a stall.
const FLOOD_US: i64 = 260_000;
/// The last packets should wait this long; what is above by more than a tick is delay for nothing.
const SPARE_US: i64 = 35_000;
/// A timestamp that moves this much against the clock is a new start of the sender.
const JUMP_US: i64 = 1_000_000;
/// Least time between two insertions on account of late packets.
const GROW_EVERY_US: i64 = 100_000;
/// Packets held: 200 ms of 5 ms packets and some.
const ENTRIES: usize = 64;
/// Bytes held: 250 ms at 500 kbit/s.
const ARENA: usize = 16_384;

/// A packet in the buffer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) seq: i64,
    ts: i64,
    /// In timestamp units; 0 for a DTMF event, which only holds its sequence number.
    pub(super) duration: i64,
    pub(super) codec: Codec,
    at: u64,
    len: usize,
}

/// What is due.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pull {
    /// Nothing is expected: no stream, or it is still filling up.
    Idle,
    /// This packet.
    Packet(Entry),
    /// 20 ms are lost; the packet after them, if it is the very next, may carry their redundancy.
    Lost(Option<Entry>),
    /// What is due has not come yet (or the buffer makes room for late ones): 20 ms are to be filled in.
    Missing,
    /// The sender made a pause.
    Pause,
}

/// What became of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pushed {
    /// It waits.
    Stored,
    /// Its time had passed.
    Late,
    /// It was there already.
    Duplicate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Idle,
    Filling { until: Time },
    Playing,
}

/// The buffer.
pub(super) struct Jitter {
    state: State,
    entries: Vec<Entry>,
    arena: Box<[u8]>,
    head: u64,
    clock: i64,
    base: i64,
    newest_seq: i64,
    // Which of the last 64 sequence numbers came; bit 0 is `newest_seq`.
    seen: u64,
    newest_ts: i64,
    newest_transit: i64,
    next_ts: i64,
    played_seq: i64,
    owed: i64,
    window: Window,
    start_us: i64,
    // When `next_ts` will be played.
    due_us: i64,
    ahead_us: i64,
    grown: Time,
}

fn micros(time: Time) -> i64 {
    (time.as_nanos() / 1000) as i64
}

impl Jitter {
    pub(super) fn new() -> Self {
        Self {
            state: State::Idle,
            entries: Vec::with_capacity(ENTRIES),
            arena: vec![0; ARENA].into_boxed_slice(),
            head: 0,
            clock: 8000,
            base: 0,
            newest_seq: 0,
            seen: 0,
            newest_ts: 0,
            newest_transit: 0,
            next_ts: 0,
            played_seq: 0,
            owed: 0,
            window: Window::default(),
            start_us: START_US,
            due_us: 0,
            ahead_us: 0,
            grown: Time::ZERO,
        }
    }

    /// Forgets the stream; the next packet begins another.
    pub(super) fn clear(&mut self) {
        if let Some(spread) = self.window.spread() {
            self.start_us = (spread + LEAST_US).clamp(LEAST_US, MOST_US);
        }
        self.window = Window::default();
        self.entries.clear();
        self.state = State::Idle;
        self.owed = 0;
    }

    /// A packet of `duration` timestamp units; 0 for a DTMF event.
    pub(super) fn push(
        &mut self,
        now: Time,
        seq: u16,
        timestamp: u32,
        codec: Codec,
        duration: u32,
        payload: &[u8],
    ) -> Pushed {
        let clock = i64::from(codec.clock());
        if payload.len() > ARENA || (duration == 0 && self.state == State::Idle) {
            return Pushed::Late;
        }
        if self.state == State::Idle || (clock != self.clock && duration > 0) {
            self.restart(now, seq, timestamp, clock);
        }
        let mut seq_full = extend_seq(self.newest_seq, seq);
        if self.has_seen(self.newest_seq - seq_full) {
            return Pushed::Duplicate;
        }
        let mut ts = extend_timestamp(self.newest_ts, timestamp);
        if duration > 0 {
            let transit = micros(now) - self.to_us(ts - self.base);
            if seq_full > self.newest_seq && (transit - self.newest_transit).abs() > JUMP_US {
                self.restart(now, seq, timestamp, clock);
                seq_full = i64::from(seq);
                ts = i64::from(timestamp);
            }
            self.measure(now, seq_full, ts);
        }
        self.mark(seq_full);
        let duration = i64::from(duration);
        if self.state == State::Playing && duration > 0 && ts + duration <= self.next_ts {
            return Pushed::Late;
        }
        self.store(Entry { seq: seq_full, ts, duration, codec, at: 0, len: payload.len() }, payload);
        Pushed::Stored
    }

    fn measure(&mut self, now: Time, seq: i64, ts: i64) {
        let transit = micros(now) - self.to_us(ts - self.base);
        self.window.add(now, transit);
        if seq >= self.newest_seq {
            self.newest_ts = ts;
            self.newest_transit = transit;
        }
    }

    fn has_seen(&self, behind: i64) -> bool {
        (0..64).contains(&behind) && self.seen >> behind & 1 == 1
    }

    /// Notes a sequence number as received.
    fn mark(&mut self, seq: i64) {
        let ahead = seq - self.newest_seq;
        if ahead > 0 {
            self.seen = if ahead < 64 { self.seen << ahead } else { 0 };
            self.newest_seq = seq;
        }
        let behind = self.newest_seq - seq;
        if behind < 64 {
            self.seen |= 1 << behind;
        }
    }

    fn restart(&mut self, now: Time, seq: u16, timestamp: u32, clock: i64) {
        self.clear();
        self.clock = clock;
        self.base = i64::from(timestamp);
        self.newest_seq = i64::from(seq);
        self.seen = 0;
        self.newest_ts = i64::from(timestamp);
        self.newest_transit = micros(now);
        self.played_seq = i64::from(seq) - 1;
        // Ticks fall up to 20 ms after `until`: half of it keeps the mean at the wanted delay.
        let wait = std::time::Duration::from_micros((self.start_us - TICK_US / 2) as u64);
        self.state = State::Filling { until: now + wait };
    }

    fn store(&mut self, mut entry: Entry, payload: &[u8]) {
        let room = ARENA - (self.head % ARENA as u64) as usize;
        if payload.len() > room {
            self.head += room as u64;
        }
        let start = (self.head % ARENA as u64) as usize;
        if let Some(place) = self.arena.get_mut(start..start + payload.len()) {
            place.copy_from_slice(payload);
        }
        entry.at = self.head;
        self.head += payload.len() as u64;
        let oldest = self.head.saturating_sub(ARENA as u64);
        self.entries.retain(|entry| entry.at >= oldest);
        if self.entries.len() == ENTRIES {
            self.entries.remove(0);
        }
        let place = self.entries.partition_point(|other| (other.ts, other.seq) < (entry.ts, entry.seq));
        self.entries.insert(place, entry);
        if self.state == State::Playing {
            self.relieve();
        }
    }

    /// The bytes of a packet that was pulled; good until the next `push`.
    pub(super) fn payload(&self, entry: &Entry) -> &[u8] {
        let start = (entry.at % ARENA as u64) as usize;
        self.arena.get(start..start + entry.len).unwrap_or_default()
    }

    /// What is due now. `ahead`: microseconds of decoded audio that will be played before it.
    pub(super) fn pull(&mut self, now: Time, ahead_us: i64) -> Pull {
        self.ahead_us = ahead_us;
        self.due_us = micros(now) + ahead_us;
        match self.state {
            State::Idle => return Pull::Idle,
            State::Filling { until } => {
                let Some(first) = self.entries.iter().find(|entry| entry.duration > 0) else {
                    return Pull::Idle;
                };
                if now < until {
                    return Pull::Idle;
                }
                self.next_ts = first.ts;
                self.played_seq = first.seq - 1;
                self.owed = 0;
                self.state = State::Playing;
            }
            State::Playing => {}
        }
        self.relieve();
        if self.must_grow(now) {
            self.grown = now;
            self.due_us += TICK_US;
            return Pull::Missing;
        }
        let pull = self.next();
        self.due_us += match &pull {
            Pull::Packet(entry) => self.to_us(entry.duration),
            _ => TICK_US,
        };
        pull
    }

    fn next(&mut self) -> Pull {
        let tick = self.clock / 50;
        loop {
            let Some(first) = self.entries.first().copied() else {
                self.owed += tick;
                if self.to_us(self.owed) > MOST_US {
                    self.clear();
                }
                return Pull::Missing;
            };
            if first.duration == 0 && first.ts <= self.next_ts {
                self.entries.remove(0);
                self.played_seq = self.played_seq.max(first.seq);
                continue;
            }
            if first.ts + first.duration <= self.next_ts {
                self.entries.remove(0); // Overtaken by a packet that overlaps it.
                continue;
            }
            let gap = first.ts - self.next_ts;
            if gap <= 0 {
                self.entries.remove(0);
                self.next_ts = first.ts + first.duration;
                self.played_seq = self.played_seq.max(first.seq);
                self.owed = 0;
                return Pull::Packet(first);
            }
            if self.owed > 0 {
                // What was filled in while nothing had come stands for what never came.
                let skip = gap.min(self.owed);
                self.owed -= skip;
                self.next_ts += skip;
                continue;
            }
            if self.to_us(gap) > JUMP_US {
                self.next_ts = first.ts; // More than a second is missing: nothing to wait for.
                return Pull::Pause;
            }
            self.next_ts += gap.min(tick);
            if first.seq == self.played_seq + 1 {
                return Pull::Pause;
            }
            return Pull::Lost((gap <= tick && first.duration > 0).then_some(first));
        }
    }

    /// Drops what a burst left behind.
    fn relieve(&mut self) {
        let Some(last) = self.entries.last() else { return };
        let end = last.ts + last.duration;
        if self.to_us(end - self.next_ts) > FLOOD_US {
            let keep = self.start_us.max(START_US) * self.clock / 1_000_000;
            let from = self.entries.iter().find(|e| e.duration > 0 && e.ts >= end - keep);
            self.next_ts = from.map_or(end, |entry| entry.ts);
            let next_ts = self.next_ts;
            self.entries.retain(|entry| entry.ts >= next_ts);
            self.played_seq = self.entries.first().map_or(self.newest_seq, |entry| entry.seq - 1);
            self.owed = 0;
        }
    }

    /// How long the next packet in turn will have waited if it came with transit zero.
    fn offset_us(&self) -> i64 {
        self.due_us - self.to_us(self.next_ts - self.base)
    }

    fn must_grow(&self, now: Time) -> bool {
        let Some(bounds) = self.window.bounds() else { return false };
        let offset = self.offset_us();
        offset < bounds.slow
            && offset - bounds.fast < MOST_US - TICK_US
            && micros(now) - micros(self.grown) >= GROW_EVERY_US
    }

    /// Whether 20 ms could be dropped: even the slowest of the last seconds waited for nothing.
    pub(super) fn may_shrink(&self) -> bool {
        self.state == State::Playing
            && self.owed == 0
            && self.window.is_full()
            && self.window.bounds().is_some_and(|bounds| self.offset_us() - bounds.slow > SPARE_US)
    }

    /// Whether the packet that is due next is here and lasts one tick.
    pub(super) fn next_is_here(&self) -> bool {
        self.entries.first().is_some_and(|e| e.ts == self.next_ts && e.duration == self.clock / 50)
    }

    /// Present depth, in milliseconds.
    pub(super) fn depth_ms(&self) -> u32 {
        if self.state != State::Playing {
            return 0;
        }
        let end = self.entries.last().map_or(self.next_ts, |entry| entry.ts + entry.duration);
        ((self.to_us(end - self.next_ts) + self.ahead_us).max(0) / 1000) as u32
    }

    fn to_us(&self, units: i64) -> i64 {
        units * 1_000_000 / self.clock
    }
}
