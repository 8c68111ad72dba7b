//! The open utterance: its audio, its interim text, and where it may be cut.
//!
//! Promises: never longer than `Policy::window_ms` plus one frame.

use std::sync::Arc;

use crate::agreement::{Agreement, Shown};
use crate::voice::level;
use crate::{Hypothesis, Policy};

/// Samples in a millisecond.
pub(super) const PER_MS: u64 = crate::SAMPLE_RATE as u64 / 1_000;
/// Samples in one step of the search for a cut (20 ms).
const STEP: usize = 320;
/// Steps over which the level is averaged when a cut is searched.
const SMOOTH: usize = 7;

/// Someone speaks.
pub(super) struct Utterance {
    /// Tells a late interim of an earlier utterance from one of this.
    pub serial: u64,
    /// First sample, on the conversation's clock.
    pub window_start_ms: u64,
    /// Begin of the voice; names the utterance outside.
    pub start_ms: u64,
    /// Last voice.
    pub voice_ms: u64,
    /// How much voice.
    pub voiced_ms: u64,
    /// End of the audio, and of the voice, when interim text was last asked for.
    pub asked_ms: u64,
    pub asked_voice_ms: u64,
    /// Interims in a row without speech (music): ask less often.
    pub silent: u32,
    /// Begins inside talk: its first words may repeat the last ones of the utterance before.
    pub seam: bool,
    /// What was heard when the voice paused at `.0`.
    pub pause: Option<(u64, Hypothesis)>,
    pub agreement: Agreement,
    pub shown: Shown,
    samples: Vec<i16>,
}

impl Utterance {
    pub(super) fn new(serial: u64, samples: Vec<i16>, end_ms: u64, start_ms: u64, seam: bool) -> Self {
        let window_start_ms = end_ms.saturating_sub(samples.len() as u64 / PER_MS);
        Self {
            serial,
            window_start_ms,
            start_ms: start_ms.max(window_start_ms),
            voice_ms: end_ms,
            voiced_ms: end_ms.saturating_sub(start_ms),
            asked_ms: start_ms,
            asked_voice_ms: 0,
            silent: 0,
            seam,
            pause: None,
            agreement: Agreement::default(),
            shown: Shown::default(),
            samples,
        }
    }

    pub(super) fn push(&mut self, samples: &[i16]) {
        self.samples.extend_from_slice(samples);
    }

    /// Length of the window.
    pub(super) fn length_ms(&self) -> u64 {
        self.samples.len() as u64 / PER_MS
    }

    /// The window up to `until_ms`, as the recogniser wants it.
    pub(super) fn window(&self, until_ms: u64) -> Arc<[f32]> {
        let count = self.index(until_ms);
        self.samples[..count].iter().map(|&s| f32::from(s) / 32_768.0).collect()
    }

    /// The audio after `from_ms`.
    pub(super) fn after(&self, from_ms: u64) -> &[i16] {
        &self.samples[self.index(from_ms)..]
    }

    /// The quietest place in the second half of the window, and whether it is a real pause.
    pub(super) fn quietest(&self, policy: &Policy) -> (u64, bool) {
        let levels: Vec<f32> = self.samples.chunks(STEP).map(level).collect();
        let from = levels.len() / 2;
        let until = levels.len().saturating_sub(20).max(from + 1);
        let smooth = |at: usize| {
            let part = &levels[at.saturating_sub(SMOOTH / 2)..(at + SMOOTH / 2 + 1).min(levels.len())];
            part.iter().sum::<f32>() / part.len().max(1) as f32
        };
        let at = (from..until).min_by(|a, b| smooth(*a).total_cmp(&smooth(*b))).unwrap_or(from);
        let mut sorted = levels.clone();
        sorted.sort_by(f32::total_cmp);
        let loud = sorted.get(sorted.len() * 8 / 10).copied().unwrap_or(0.0);
        let quiet = smooth(at) < policy.floor_db.max(loud - 30.0);
        (self.window_start_ms + at as u64 * 20 + 10, quiet)
    }

    fn index(&self, at_ms: u64) -> usize {
        let samples = at_ms.saturating_sub(self.window_start_ms).saturating_mul(PER_MS);
        usize::try_from(samples).unwrap_or(usize::MAX).min(self.samples.len())
    }
}
