//! How a leg sounds, as one number: the E-model (ITU-T G.107) with the impairments of packets (G.113), from what is measured.
//!
//! Promises: 1.0 to 4.5, falling with loss, with delay, and with nothing else; a leg without packets has no score. Leaves to
//! others: echo and noise of rooms, which nobody measures here.

use crate::io::{Codec, LegStats};

/// R of a connection without impairments, with G.107's default noise and loudness.
const BEST: f32 = 93.2;
/// Delay of coding, packets and the device's own buffer, in milliseconds, beside what is measured.
const DEVICES_MS: f32 = 40.0;

/// A codec's own impairment and its robustness against loss (G.113 appendix I; wide-band codecs heard on the narrow-band scale).
const fn impairment(codec: Codec) -> (f32, f32) {
    match codec {
        Codec::Pcmu | Codec::Pcma => (0.0, 25.1),
        Codec::G722 => (0.0, 20.0),
        Codec::Opus => (0.0, 30.0),
    }
}

/// The mean opinion score of a leg; `None` before the first packet.
#[must_use]
pub fn mean_opinion(codec: Codec, stats: &LegStats) -> Option<f32> {
    if stats.received == 0 {
        return None;
    }
    let (equipment, robustness) = impairment(codec);
    let loss = lost_percent(stats);
    let impaired = equipment + (95.0 - equipment) * loss / (loss + robustness);
    let delay = stats.rtt_ms / 2.0 + stats.buffer_ms as f32 + DEVICES_MS;
    Some(opinion(BEST - delayed(delay) - impaired))
}

/// Packets that did not come, or came too late, in per cent of those expected.
#[must_use]
pub fn lost_percent(stats: &LegStats) -> f32 {
    let missed = stats.lost + stats.late;
    let expected = stats.received + stats.lost;
    if expected == 0 { 0.0 } else { (missed as f32 * 100.0 / expected as f32).min(100.0) }
}

/// What delay costs (the usual simplification of G.107 Id): little up to 177 ms, much beyond.
fn delayed(ms: f32) -> f32 {
    0.024 * ms + if ms > 177.3 { 0.11 * (ms - 177.3) } else { 0.0 }
}

/// R as a mean opinion score (G.107 annex B).
fn opinion(r: f32) -> f32 {
    match r {
        r if r <= 0.0 => 1.0,
        r if r >= 100.0 => 4.5,
        r => (1.0 + 0.035 * r + r * (r - 60.0) * (100.0 - r) * 7.0e-6).clamp(1.0, 4.5),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stats(lost: u64, rtt_ms: f32) -> LegStats {
        LegStats { received: 1000 - lost, lost, rtt_ms, buffer_ms: 40, ..LegStats::default() }
    }

    #[test]
    fn a_clean_call_is_good_and_every_loss_and_delay_makes_it_worse() {
        let score = |lost, rtt| mean_opinion(Codec::Pcmu, &stats(lost, rtt)).expect("packets came");
        assert!(score(0, 20.0) > 4.3, "{}", score(0, 20.0));
        let mut last = 5.0;
        for lost in [0, 10, 30, 100, 200, 500] {
            let now = score(lost, 20.0);
            assert!(now < last, "{lost} lost: {now} after {last}");
            last = now;
        }
        assert!(score(0, 600.0) < score(0, 200.0) - 0.5);
        // The table of G.107 annex B.
        for (r, expected) in [(50.0, 2.58), (60.0, 3.10), (70.0, 3.60), (80.0, 4.03), (90.0, 4.34)] {
            assert!((opinion(r) - expected).abs() < 0.01, "R {r}: {}", opinion(r));
        }
        assert!(mean_opinion(Codec::Opus, &LegStats::default()).is_none());
    }
}
