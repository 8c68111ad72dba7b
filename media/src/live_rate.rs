//! Linear samples of any rate that comes in live, to the 16 kHz of a tap.
//!
//! Promises: from 8 kHz by the filter of calls (2.5 ms late), from other rates in pieces of 40 ms; nothing is kept beyond a piece.
//! Leaves to others: codecs (`codecs`), time (who feeds it).

use crate::codecs::{NARROW, WIDE};
use crate::files::Changer;
use crate::resample::Upsampler;

/// Pieces per second of a rate that is none of ours.
const PIECES: u32 = 25;

/// One stream on its way to 16 kHz mono.
pub struct LiveRate(Way);

enum Way {
    Same,
    Double { filter: Box<Upsampler>, waiting: Vec<i16> },
    Other { changer: Box<Changer>, floats: Vec<f32> },
}

impl LiveRate {
    /// `None` for rates that no telephone or program has.
    #[must_use]
    pub fn new(from: u32) -> Option<Self> {
        Some(Self(match from {
            16_000 => Way::Same,
            8_000 => Way::Double { filter: Box::new(Upsampler::new()), waiting: Vec::new() },
            other => {
                let piece = usize::try_from(other / PIECES).ok()?;
                Way::Other {
                    changer: Box::new(Changer::in_pieces(other, 16_000, piece)?),
                    floats: Vec::new(),
                }
            }
        }))
    }

    /// More samples in; what is ready goes to `out`.
    pub fn push(&mut self, samples: &[i16], out: &mut Vec<i16>) {
        match &mut self.0 {
            Way::Same => out.extend_from_slice(samples),
            Way::Double { filter, waiting } => {
                waiting.extend_from_slice(samples);
                let (frames, rest) = waiting.as_chunks::<NARROW>();
                let mut wide = [0; WIDE];
                for frame in frames {
                    filter.process(frame, &mut wide);
                    out.extend_from_slice(&wide);
                }
                let done = waiting.len() - rest.len();
                waiting.drain(..done);
            }
            Way::Other { changer, floats } => {
                floats.clear();
                floats.extend(samples.iter().map(|sample| f32::from(*sample) / 32_768.0));
                changer.push(floats, out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(rate: u32, f: f64, seconds: f64) -> Vec<i16> {
        let n = (f64::from(rate) * seconds) as usize;
        (0..n)
            .map(|k| (10_000.0 * (std::f64::consts::TAU * f * k as f64 / f64::from(rate)).sin()) as i16)
            .collect()
    }

    /// Level of `f` at 16 kHz, in decibels against a sine of 10 000.
    fn level(samples: &[i16], f: f64) -> f64 {
        let (mut re, mut im) = (0.0, 0.0);
        for (k, s) in samples.iter().enumerate() {
            let angle = std::f64::consts::TAU * f * k as f64 / 16_000.0;
            re += f64::from(*s) * angle.cos();
            im += f64::from(*s) * angle.sin();
        }
        20.0 * (2.0 * (re * re + im * im).sqrt() / samples.len() as f64 / 10_000.0).max(1e-9).log10()
    }

    #[test]
    fn speech_of_every_rate_comes_through_whole_and_at_most_a_tenth_of_a_second_late() {
        for rate in [8_000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000] {
            let mut way = LiveRate::new(rate).expect("a rate of sound");
            let mut out = Vec::new();
            for chunk in tone(rate, 1_000.0, 2.0).chunks(rate as usize / 50) {
                way.push(chunk, &mut out);
            }
            assert!((28_800..=32_000).contains(&out.len()), "{rate}: {} samples", out.len());
            let passed = level(&out[8_000..24_000], 1_000.0);
            assert!(passed.abs() < 1.0, "{rate}: {passed} dB");
        }
    }

    #[test]
    fn what_cannot_be_heard_at_our_rate_does_not_fold_back() {
        let mut way = LiveRate::new(48_000).expect("a rate of sound");
        let mut out = Vec::new();
        way.push(&tone(48_000, 12_000.0, 2.0), &mut out);
        let alias = level(&out[8_000..24_000], 4_000.0);
        assert!(alias < -50.0, "{alias} dB");
    }

    #[test]
    fn a_rate_that_nothing_has_is_refused() {
        for rate in [0, 1, 3_999, 400_000, u32::MAX] {
            assert!(LiveRate::new(rate).is_none());
        }
    }
}
