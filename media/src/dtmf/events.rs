//! Keys received as RFC 4733 telephone events.
//!
//! Promises: a press is reported once, at its first packet that arrives, whichever of its packets that is.

use std::time::Duration;

use kernel::Time;

use super::KEYS;

/// Packets of one press come every 20 to 50 ms; a longer gap ends the press even without an end packet.
const PRESS_GAP: Duration = Duration::from_millis(150);
/// An event whose timestamp lies this much before the last one is a late copy (in timestamp units, 5 s at 48 kHz).
const LATE: i32 = 240_000;

/// The event being received.
#[derive(Clone, Copy, Debug)]
struct Press {
    event: u8,
    timestamp: u32,
    duration: u16,
    ended: bool,
    last: Time,
}

/// The receiver of a leg.
#[derive(Debug, Default)]
pub(crate) struct KeyEvents {
    press: Option<Press>,
}

impl KeyEvents {
    /// The sender began anew; its timestamps say nothing about the former ones.
    pub(crate) fn reset(&mut self) {
        self.press = None;
    }

    /// Whether a key is down: no audio is missing then.
    pub(crate) fn is_pressed(&self, now: Time) -> bool {
        self.press.is_some_and(|press| now.since(press.last) < PRESS_GAP)
    }

    /// A packet. Returns the key when a press begins with it.
    pub(crate) fn receive(
        &mut self,
        now: Time,
        marker: bool,
        timestamp: u32,
        payload: &[u8],
    ) -> Option<char> {
        let ([event, flags, high, low], _) = payload.split_first_chunk::<4>()?;
        let duration = u16::from_be_bytes([*high, *low]);
        let ended = flags & 0x80 != 0;
        let key = *KEYS.get(usize::from(*event))?;
        if let Some(press) = &mut self.press {
            let ahead = timestamp.wrapping_sub(press.timestamp) as i32;
            if ahead == 0 && press.event == *event {
                press.duration = press.duration.max(duration);
                press.ended |= ended;
                press.last = now;
                return None;
            }
            if ahead < 0 && ahead > -LATE {
                return None;
            }
            if press.event == *event && continues(press, ahead, marker, duration, now) {
                *press = Press { event: *event, timestamp, duration, ended, last: now };
                return None;
            }
        }
        self.press = Some(Press { event: *event, timestamp, duration, ended, last: now });
        Some(key)
    }
}

/// Whether a packet with another timestamp belongs to the same press: a further segment of a long one
/// (RFC 4733 section 2.5.1.3), or a phone that counts its timestamp up within the press.
fn continues(press: &Press, ahead: i32, marker: bool, duration: u16, now: Time) -> bool {
    if press.ended || marker || now.since(press.last) > PRESS_GAP {
        return false;
    }
    let segment = ahead == i32::from(press.duration) || (ahead == 0xFFFF && press.duration > 0x8000);
    let counts_up = duration > press.duration && ahead <= 2 * i32::from(duration - press.duration);
    segment || counts_up
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(event: u8, ended: bool, duration: u16) -> [u8; 4] {
        let [high, low] = duration.to_be_bytes();
        [event, if ended { 0x8A } else { 0x0A }, high, low]
    }

    /// Feeds (ms, marker, timestamp, event, end, duration) and collects the keys.
    fn keys(packets: &[(u64, bool, u32, u8, bool, u16)]) -> String {
        let mut events = KeyEvents::default();
        packets
            .iter()
            .filter_map(|(at, marker, ts, event, end, duration)| {
                events.receive(Time::from_millis(*at), *marker, *ts, &packet(*event, *end, *duration))
            })
            .collect()
    }

    #[test]
    fn one_press_with_repeated_ends_is_one_digit() {
        let mut packets: Vec<_> =
            (1..=5u16).map(|n| (u64::from(n) * 20, n == 1, 1000, 5, false, 160 * n)).collect();
        packets.extend([(120, false, 1000, 5, true, 800); 3]);
        assert_eq!(keys(&packets), "5");
    }

    #[test]
    fn lost_starts_and_lost_ends_lose_no_digit() {
        assert_eq!(keys(&[(20, false, 1000, 1, true, 800), (20, false, 1000, 1, true, 800)]), "1");
        let no_end = [(20, true, 1000, 1, false, 160), (40, false, 1000, 1, false, 320)];
        let again = [(200, true, 3000, 1, false, 160), (400, false, 4600, 1, false, 160)];
        assert_eq!(keys(&[no_end, again].concat()), "111");
    }

    #[test]
    fn a_long_press_in_segments_is_one_digit() {
        let mut packets = Vec::new();
        for n in 1..=500u32 {
            let units = n * 160;
            let (segment, within) = (units / 0xFFFF, units % 0xFFFF);
            packets.push((u64::from(n) * 20, n == 1, segment * 0xFFFF, 9, false, within as u16));
        }
        assert_eq!(keys(&packets), "9");
    }

    #[test]
    fn a_phone_that_counts_its_timestamp_up_presses_once() {
        let packets: Vec<_> = (1..=8u32)
            .map(|n| (u64::from(n) * 20, n == 1, 1000 + 160 * n, 2, n == 8, (160 * n) as u16))
            .collect();
        assert_eq!(keys(&packets), "2");
    }

    #[test]
    fn the_same_key_pressed_twice_quickly_is_two_digits_even_without_marker() {
        let press = |at: u64, ts: u32| {
            [
                (at, false, ts, 7, false, 160),
                (at + 20, false, ts, 7, false, 320),
                (at + 40, false, ts, 7, true, 480),
            ]
        };
        assert_eq!(keys(&[press(0, 1000), press(100, 1800)].concat()), "77");
    }

    #[test]
    fn late_copies_of_an_earlier_press_and_other_events_are_ignored() {
        let packets = [
            (0, true, 1000, 3, true, 400),
            (20, true, 2000, 4, true, 400),
            (40, false, 1000, 3, true, 400),
            (60, true, 3000, 16, false, 160),
        ];
        assert_eq!(keys(&packets), "34");
        assert_eq!(KeyEvents::default().receive(Time::ZERO, true, 0, &[1, 2]), None);
    }
}
