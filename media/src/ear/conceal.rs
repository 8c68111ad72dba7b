//! Filling in for lost frames of codecs without concealment of their own (after ITU-T G.711 Appendix I): the last pitch
//! period again and again, fading out; and joining two frames where one between them is left out.
//!
//! Promises: nothing is heard of a seam at either end; silent after 60 ms; no allocation.

use crate::codecs::WIDE;

/// Samples of the past: 30 ms at 16 kHz.
const PAST: usize = 480;
/// Longest period: 15 ms at 16 kHz.
const PERIOD: usize = 240;
/// Milliseconds at full level, then until silence.
const HOLD_MS: usize = 10;
const FADE_MS: usize = 50;
/// Milliseconds over which the fill blends into what comes after it.
const BLEND_MS: usize = 4;

/// The recent past of one stream, and the fill under way.
pub(super) struct Concealer {
    past: [i16; PAST],
    cycle: [i16; PERIOD],
    period: usize,
    at: usize,
    filled: usize,
    // Step between the last true sample and the first repeated one, spread over the first samples.
    step: f32,
}

impl Concealer {
    pub(super) fn new() -> Self {
        Self { past: [0; PAST], cycle: [0; PERIOD], period: 1, at: 0, filled: 0, step: 0.0 }
    }

    /// Forgets the past.
    pub(super) fn reset(&mut self) {
        self.past = [0; PAST];
        self.filled = 0;
    }

    /// Whether the frame before was a fill.
    pub(super) fn is_filling(&self) -> bool {
        self.filled > 0
    }

    /// A frame that arrived; after a fill its beginning is blended with it.
    pub(super) fn arrived(&mut self, frame: &mut [i16], rate: u32) {
        if self.filled > 0 {
            let blend = (BLEND_MS * rate as usize / 1000).min(frame.len());
            for (n, sample) in frame.iter_mut().take(blend).enumerate() {
                let weight = (n + 1) as f32 / (blend + 1) as f32;
                let old = self.next_sample(rate);
                *sample = (f32::from(*sample) * weight + old * (1.0 - weight)) as i16;
            }
            self.filled = 0;
        }
        self.remember(frame);
    }

    /// Fills a frame that did not arrive.
    pub(super) fn fill(&mut self, frame: &mut [i16], rate: u32) {
        if self.filled == 0 {
            self.begin(rate);
        }
        for sample in frame.iter_mut() {
            *sample = self.next_sample(rate) as i16;
        }
        self.remember(frame);
    }

    fn begin(&mut self, rate: u32) {
        self.period = pitch(&self.past, rate);
        let start = PAST - self.period;
        self.cycle[..self.period].copy_from_slice(&self.past[start..]);
        // The end of the cycle leads into its beginning: its last quarter fades into what came before the beginning.
        let quarter = self.period / 4;
        for n in 0..quarter {
            let weight = (n + 1) as f32 / (quarter + 1) as f32;
            let before = f32::from(self.past[start - quarter + n]);
            let own = f32::from(self.cycle[self.period - quarter + n]);
            self.cycle[self.period - quarter + n] = (own * (1.0 - weight) + before * weight) as i16;
        }
        self.step = f32::from(self.past[PAST - 1]) - f32::from(self.past[start - 1]);
        self.at = 0;
    }

    fn next_sample(&mut self, rate: u32) -> f32 {
        let per_ms = rate as usize / 1000;
        let (hold, fade) = (HOLD_MS * per_ms, FADE_MS * per_ms);
        let level =
            if self.filled < hold { 1.0 } else { 1.0 - ((self.filled - hold) as f32 / fade as f32).min(1.0) };
        let ease = (self.period / 4).max(1);
        let mut value = f32::from(self.cycle[self.at]);
        if self.filled < ease {
            value += self.step * (1.0 - (self.filled + 1) as f32 / (ease + 1) as f32);
        }
        self.filled += 1;
        self.at = (self.at + 1) % self.period;
        value * level
    }

    fn remember(&mut self, frame: &[i16]) {
        let n = frame.len().min(PAST);
        self.past.copy_within(n.., 0);
        self.past[PAST - n..].copy_from_slice(&frame[frame.len() - n..]);
    }
}

/// The lag (2.5 to 15 ms) at which the past repeats itself best.
fn pitch(past: &[i16; PAST], rate: u32) -> usize {
    let per_ms = rate as usize / 1000;
    let (shortest, longest, window) = (5 * per_ms / 2, 15 * per_ms, 10 * per_ms);
    let stride = per_ms / 8;
    let recent = &past[PAST - window..];
    let mut best = (longest, f32::MIN);
    for lag in (shortest..=longest).step_by(stride) {
        let earlier = &past[PAST - window - lag..PAST - lag];
        let (mut dot, mut power) = (0f32, 1f32);
        for (a, b) in recent.iter().zip(earlier).step_by(stride) {
            dot += f32::from(*a) * f32::from(*b);
            power += f32::from(*b) * f32::from(*b);
        }
        let likeness = dot / power.sqrt();
        if likeness > best.1 {
            best = (lag, likeness);
        }
    }
    best.0
}

/// Makes one frame of two successive ones: begins as `first`, ends as `second`, and changes over where they differ least.
pub(super) fn join(first: &mut [i16], second: &[i16]) {
    let n = first.len().min(second.len()).min(WIDE);
    let width = n / 4;
    let cost = |start: usize| -> i64 {
        first[start..start + width]
            .iter()
            .zip(&second[start..start + width])
            .map(|(a, b)| (i64::from(*a) - i64::from(*b)).abs())
            .sum()
    };
    let best = (0..=n - width).step_by(4).min_by_key(|start| cost(*start)).unwrap_or(0);
    for k in best..n {
        let weight = ((k - best + 1) as f32 / (width + 1) as f32).min(1.0);
        first[k] = (f32::from(first[k]) * (1.0 - weight) + f32::from(second[k]) * weight) as i16;
    }
}

/// Whether a frame holds nothing worth keeping (below about −45 dBm0).
pub(super) fn is_quiet(frame: &[i16]) -> bool {
    let sum: u64 = frame.iter().map(|s| u64::from(s.unsigned_abs())).sum();
    sum < 100 * frame.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voiced(from: usize, n: usize, rate: u32) -> Vec<i16> {
        (from..from + n)
            .map(|k| {
                let t = k as f64 / f64::from(rate);
                let w = std::f64::consts::TAU * 120.0 * t;
                (5000.0 * w.sin() + 2500.0 * (2.0 * w).sin() + 1200.0 * (5.0 * w).sin()) as i16
            })
            .collect()
    }

    #[test]
    fn a_lost_frame_of_a_voice_is_filled_with_the_voice_and_no_click() {
        for rate in [8000u32, 16_000] {
            let frame = rate as usize / 50;
            let mut concealer = Concealer::new();
            let mut heard = Vec::new();
            for n in 0..8 {
                let mut samples = voiced(n * frame, frame, rate);
                if n == 5 {
                    concealer.fill(&mut samples, rate);
                } else {
                    concealer.arrived(&mut samples, rate);
                }
                heard.extend(samples);
            }
            let truth = voiced(0, heard.len(), rate);
            let steepest = truth.windows(2).map(|w| (w[1] - w[0]).abs()).max().expect("some");
            let worst = heard.windows(2).map(|w| (w[1] - w[0]).abs()).max().expect("some");
            assert!(worst < steepest + steepest / 2, "{rate}: step of {worst}, the voice has {steepest}");
            let (lost, was) = (&heard[5 * frame..6 * frame], &truth[5 * frame..6 * frame]);
            let error: f64 = lost.iter().zip(was).map(|(a, b)| f64::from(a - b).powi(2)).sum();
            let power: f64 = was.iter().map(|a| f64::from(*a).powi(2)).sum();
            assert!(error < power / 4.0, "{rate}: error {:.2} of the power", error / power);
        }
    }

    #[test]
    fn a_long_gap_fades_to_silence() {
        let mut concealer = Concealer::new();
        concealer.arrived(&mut voiced(0, 480, 8000), 8000);
        let mut frame = [0i16; 160];
        for _ in 0..4 {
            concealer.fill(&mut frame, 8000);
        }
        assert!(frame.iter().all(|s| *s == 0), "still sounds after 80 ms");
    }

    #[test]
    fn joining_frames_leaves_no_click() {
        let mut first = voiced(0, 160, 8000);
        let second = voiced(160, 160, 8000);
        join(&mut first, &second);
        let steepest = voiced(0, 8000, 8000).windows(2).map(|w| (w[1] - w[0]).abs()).max().expect("some");
        let worst = first.windows(2).map(|w| (w[1] - w[0]).abs()).max().expect("some");
        assert!(worst < 2 * steepest, "{worst} against {steepest}");
        assert_eq!(first[159], second[159]);
    }
}
