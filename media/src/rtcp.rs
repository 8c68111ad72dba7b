//! RTCP (RFC 3550 section 6): sender and receiver reports with a name, and what the other side's reports tell.
//!
//! Promises: any bytes are safe to parse; building needs no allocation.

use kernel::Time;

use crate::ear::Report;

/// The longest packet built here.
pub(crate) const REPORT_BYTES: usize = 128;
/// Length of a canonical name.
pub(crate) const NAME: usize = 16;

/// What a leg sent, for a sender report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent {
    pub(crate) packets: u32,
    pub(crate) octets: u32,
    pub(crate) timestamp: u32,
}

/// What a reception report block is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    /// The source reported on.
    pub(crate) ssrc: u32,
    pub(crate) report: Report,
    /// Middle of the last sender report's NTP time; 0 without one.
    pub(crate) last_sr: u32,
    /// Since then, in 1/65536 s.
    pub(crate) delay: u32,
}

/// What came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    /// Middle of the sender's NTP time, if it was a sender report.
    pub(crate) sender_time: Option<u32>,
    /// The block about us.
    pub(crate) about_us: Option<About>,
}

/// How the other side receives us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct About {
    /// Lost since its report before, in 1/256.
    pub(crate) fraction: u8,
    pub(crate) last_sr: u32,
    pub(crate) delay: u32,
}

/// NTP-like time (RFC 3550 section 4): any origin will do, ours is the process's beginning.
pub(crate) fn ntp(now: Time) -> u64 {
    let nanos = now.as_nanos();
    let (seconds, rest) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    ((seconds + 1) << 32) | ((rest << 32) / 1_000_000_000)
}

/// The middle 32 bits of an NTP time.
pub(crate) fn middle(ntp: u64) -> u32 {
    (ntp >> 16) as u32
}

struct Writer<'a> {
    out: &'a mut [u8; REPORT_BYTES],
    len: usize,
}

impl Writer<'_> {
    fn bytes(&mut self, bytes: &[u8]) {
        self.out[self.len..self.len + bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
    }

    fn word(&mut self, word: u32) {
        self.bytes(&word.to_be_bytes());
    }

    fn head(&mut self, count: u8, kind: u8, words: u16) {
        self.bytes(&[0x80 | count, kind]);
        self.bytes(&words.to_be_bytes());
    }
}

/// Writes a report (SR when something was sent, else RR), the name, and BYE when the leg ends. Returns its length.
pub(crate) fn build(
    out: &mut [u8; REPORT_BYTES],
    now: Time,
    ssrc: u32,
    name: &[u8; NAME],
    sent: Option<Sent>,
    block: Option<Block>,
    bye: bool,
) -> usize {
    let mut w = Writer { out, len: 0 };
    let blocks = u8::from(block.is_some());
    let block_words = 6 * u16::from(blocks);
    match sent {
        Some(sent) => {
            w.head(blocks, 200, 6 + block_words);
            w.word(ssrc);
            w.bytes(&ntp(now).to_be_bytes());
            w.word(sent.timestamp);
            w.word(sent.packets);
            w.word(sent.octets);
        }
        None => {
            w.head(blocks, 201, 1 + block_words);
            w.word(ssrc);
        }
    }
    if let Some(block) = block {
        w.word(block.ssrc);
        w.word((u32::from(block.report.fraction) << 24) | block.report.lost);
        w.word(block.report.highest);
        w.word(block.report.jitter);
        w.word(block.last_sr);
        w.word(block.delay);
    }
    // SDES with CNAME (RFC 3550 section 6.5.1): 4 + 2 + 16 bytes and the end, filled up to words.
    w.head(1, 202, 6);
    w.word(ssrc);
    w.bytes(&[1, NAME as u8]);
    w.bytes(name);
    w.bytes(&[0, 0]);
    if bye {
        w.head(1, 203, 1);
        w.word(ssrc);
    }
    w.len
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk::<4>()?))
}

/// Reads a compound packet. `None` when it is not RTCP; what is broken behind a good beginning is ignored.
pub(crate) fn parse(bytes: &[u8], our_ssrc: u32) -> Option<Heard> {
    let mut heard = Heard::default();
    let mut rest = bytes;
    let mut any = false;
    while let Some(([first, kind, high, low], _)) = rest.split_first_chunk::<4>() {
        let length = 4 + 4 * usize::from(u16::from_be_bytes([*high, *low]));
        if first >> 6 != 2 || !(192..=223).contains(kind) {
            break;
        }
        let Some(packet) = rest.get(..length) else { break };
        any = true;
        let blocks_at = match kind {
            200 => {
                heard.sender_time = word(packet, 8)
                    .zip(word(packet, 12))
                    .map(|(seconds, fraction)| (seconds << 16) | (fraction >> 16));
                Some(28)
            }
            201 => Some(8),
            _ => None,
        };
        if let Some(at) = blocks_at {
            for n in 0..usize::from(first & 0x1F) {
                let Some(block) = packet.get(at + 24 * n..at + 24 * (n + 1)) else { break };
                if word(block, 0) == Some(our_ssrc) {
                    heard.about_us = word(block, 16).zip(word(block, 20)).map(|(last_sr, delay)| About {
                        fraction: block[4],
                        last_sr,
                        delay,
                    });
                }
            }
        }
        rest = &rest[length..];
    }
    any.then_some(heard)
}

/// Round trip in milliseconds from a block about us; `None` when it cannot be right.
pub(crate) fn round_trip_ms(now: Time, about: &About) -> Option<f32> {
    if about.last_sr == 0 {
        return None;
    }
    let units = middle(ntp(now)).wrapping_sub(about.last_sr).wrapping_sub(about.delay);
    // More than a minute: clocks or claims are wrong.
    (units < 60 << 16).then(|| units as f32 * 1000.0 / 65_536.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMED: &[u8; NAME] = b"0123456789abcdef";

    #[test]
    fn a_report_is_read_back_and_gives_the_round_trip() {
        let report = Report { fraction: 64, lost: 7, highest: 0x1_0002, jitter: 12 };
        let sent = Time::from_millis(1000);
        let last_sr = middle(ntp(sent));
        let block = Block { ssrc: 42, report, last_sr, delay: 65_536 / 2 };
        let mut out = [0; REPORT_BYTES];
        let sender = Sent { packets: 1, octets: 160, timestamp: 5 };
        let length = build(&mut out, Time::from_millis(1500), 7, NAMED, Some(sender), Some(block), true);
        assert_eq!(length % 4, 0);
        let heard = parse(&out[..length], 42).expect("valid");
        assert_eq!(heard.sender_time, Some(middle(ntp(Time::from_millis(1500)))));
        let about = heard.about_us.expect("a block about 42");
        assert_eq!(about.fraction, 64);
        let rtt = round_trip_ms(Time::from_millis(1600), &about).expect("possible");
        assert!((rtt - 100.0).abs() < 0.1, "{rtt}");
    }

    #[test]
    fn broken_reports_are_refused_or_read_as_far_as_they_go() {
        assert_eq!(parse(&[], 1), None);
        assert_eq!(parse(&[0x80, 200], 1), None);
        assert_eq!(parse(&[0x80, 200, 0xFF, 0xFF, 0, 0, 0, 0], 1), None);
        assert_eq!(parse(&[0x9F, 201, 0, 1, 0, 0, 0, 0], 1), Some(Heard::default()));
        assert_eq!(parse(&[0x81, 200, 0, 1, 0, 0, 0, 9], 1), Some(Heard::default()));
    }
}
