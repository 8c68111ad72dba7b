//! Keys sent to a leg, one after the other: as RFC 4733 events where negotiated, else as tones.
//!
//! Promises: 100 ms a key and 100 ms between keys; the end of an event is sent three times (RFC 4733 section 2.5.1.4).

use std::collections::VecDeque;

use super::{event_of, tones_of};

/// Ticks that a key is held, and ticks until the next.
const HELD: u32 = 5;
const GAP: u32 = 5;
/// Packets that tell the end.
const ENDS: u32 = 3;
/// Keys that may wait: more is a mistake or an attack.
const WAITING: usize = 128;
/// Level of an event, in −dBm0.
const VOLUME: u8 = 10;
/// Amplitude of each tone: −9 dBm0.
const AMPLITUDE: f32 = 8000.0;

/// What the present tick sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keying {
    /// Nothing of ours: the usual audio.
    Off,
    /// An event packet.
    Event {
        /// The payload.
        payload: [u8; 4],
        /// Ticks since the event's first packet: its timestamp is that of the first.
        age: u32,
    },
    /// A tone (see `KeySender::tone`).
    Tone,
}

/// The keys that wait, and the one under way.
#[derive(Debug, Default)]
pub(crate) struct KeySender {
    waiting: VecDeque<char>,
    key: Option<char>,
    ticks: u32,
    phase: [f32; 2],
}

impl KeySender {
    /// Adds keys; characters that are no keys are left out.
    pub(crate) fn add(&mut self, digits: &str) {
        for key in digits.chars().filter(|key| event_of(*key).is_some()) {
            if self.waiting.len() < WAITING {
                self.waiting.push_back(key);
            }
        }
    }

    /// Whether there is nothing to send.
    pub(crate) fn is_idle(&self) -> bool {
        self.key.is_none() && self.waiting.is_empty()
    }

    /// Goes one tick on. `clock`: of the events, `None` to send tones.
    pub(crate) fn tick(&mut self, clock: Option<u32>) -> Keying {
        if self.key.is_none() || self.ticks == HELD + GAP {
            self.key = self.waiting.pop_front();
            self.ticks = 0;
            self.phase = [0.0; 2];
        }
        let Some(key) = self.key else { return Keying::Off };
        let age = self.ticks;
        self.ticks += 1;
        match clock {
            None if age < HELD => Keying::Tone,
            Some(clock) if age < HELD + ENDS - 1 => {
                let Some(event) = event_of(key) else { return Keying::Off };
                let ended = age + 1 >= HELD;
                let units = u16::try_from((age + 1).min(HELD) * (clock / 50)).unwrap_or(u16::MAX);
                let [high, low] = units.to_be_bytes();
                Keying::Event { payload: [event, (u8::from(ended) << 7) | VOLUME, high, low], age }
            }
            _ => Keying::Off,
        }
    }

    /// 20 ms of the present key's tone.
    pub(crate) fn tone(&mut self, rate: u32, out: &mut [i16]) {
        let Some((low, high)) = self.key.and_then(tones_of) else { return out.fill(0) };
        let steps = [low, high].map(|f| std::f32::consts::TAU * f / rate as f32);
        for sample in out {
            *sample = (AMPLITUDE * (self.phase[0].sin() + self.phase[1].sin())) as i16;
            for (phase, step) in self.phase.iter_mut().zip(steps) {
                *phase = (*phase + step) % std::f32::consts::TAU;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_grows_ends_three_times_and_leaves_a_gap() {
        let mut sender = KeySender::default();
        sender.add("5x#");
        let mut packets = Vec::new();
        for tick in 0..24 {
            if let Keying::Event { payload, age } = sender.tick(Some(8000)) {
                packets.push((tick, age, payload));
            }
        }
        let first: Vec<_> = packets.iter().filter(|(_, _, p)| p[0] == 5).collect();
        assert_eq!(first.len(), 7);
        assert_eq!(first.iter().filter(|(_, _, p)| p[1] & 0x80 != 0).count(), 3);
        let durations: Vec<u16> = first.iter().map(|(_, _, p)| u16::from_be_bytes([p[2], p[3]])).collect();
        assert_eq!(durations, [160, 320, 480, 640, 800, 800, 800]);
        assert_eq!(packets[7].0, 10, "the second key starts 200 ms after the first");
        assert_eq!(packets[7].2[0], 11);
    }
}
