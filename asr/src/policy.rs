//! The numbers that steer a stream. Chosen by measurement (docs/asr.md); a driver may set others.

/// How a stream cuts and when it asks. Times are milliseconds of audio.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Voice score (0 to 1) from which 16 ms count as voice.
    pub voice_score: f32,
    /// Frames quieter than this never count as voice, in dB below full scale (µ-law's idle noise is near -70).
    pub floor_db: f32,
    /// Voice in a row before an utterance opens.
    pub onset_ms: u64,
    /// What is kept from before the onset, so that the first consonant is heard.
    pub pre_roll_ms: u64,
    /// Silence that ends a short utterance.
    pub hangover_ms: u64,
    /// Silence that ends an utterance as long as `window_ms`; in between it shrinks, so that long talk is cut at breaths.
    pub short_hangover_ms: u64,
    /// Length up to which the full hangover holds.
    pub patience_ms: u64,
    /// Silence kept at the end of a window.
    pub tail_ms: u64,
    /// Longest window; then it is cut at the quietest place.
    pub window_ms: u64,
    /// Audio on both sides of a cut that has no pause, so that no word is lost.
    pub overlap_ms: u64,
    /// When interim text is asked for.
    pub interims: Interims,
    /// Least voice in an utterance; less is a click.
    pub least_voice_ms: u64,
    /// Probability of no speech from which a window has no text.
    pub no_speech: f32,
}

/// When interim text is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interims {
    /// Never: finals only (recordings).
    Never,
    /// While someone speaks.
    Every {
        /// Audio between two requests.
        period_ms: u64,
        /// The period grows by one n-th of the window's length, as the cost of a decoding does.
        growth: u64,
        /// A silence this long asks at once: if nothing follows, that text becomes the final and costs nothing more.
        pause_ms: u64,
        /// How long after the utterance's end such an answer is waited for before a final is asked for.
        grace_ms: u64,
    },
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            voice_score: 0.5,
            floor_db: -58.0,
            onset_ms: 48,
            pre_roll_ms: 300,
            hangover_ms: 500,
            short_hangover_ms: 200,
            patience_ms: 5_000,
            tail_ms: 200,
            window_ms: 12_000,
            overlap_ms: 160,
            interims: Interims::Every { period_ms: 700, growth: 5, pause_ms: 200, grace_ms: 600 },
            least_voice_ms: 96,
            no_speech: 0.5,
        }
    }
}

impl Policy {
    /// For recordings: every utterance is decoded once.
    #[must_use]
    pub fn finals_only() -> Self {
        Self { interims: Interims::Never, ..Self::default() }
    }

    /// The silence that ends an utterance whose window is `window_ms` long.
    #[must_use]
    pub fn hangover_at(&self, window_ms: u64) -> u64 {
        let span = self.window_ms.saturating_sub(self.patience_ms).max(1);
        let over = window_ms.saturating_sub(self.patience_ms).min(span);
        let give = self.hangover_ms.saturating_sub(self.short_hangover_ms);
        self.hangover_ms - give * over / span
    }
}
