//! Is anyone speaking? End-pointing only: tones and music may pass here, the recogniser's gate stops them.
//!
//! Promises: constant memory; a verdict per frame, 16 ms late at most.

use earshot::Detector;

use crate::Policy;

/// Samples in one step of the detector (16 ms).
const STEP: usize = 256;

/// What a frame sounded like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Verdict {
    /// Voice was heard in it.
    pub voiced: bool,
    /// Voice has gone on for `onset_ms`.
    pub onset: bool,
    /// Mean power in dB below full scale.
    pub level_db: f32,
}

/// The detector of one stream.
pub(crate) struct Voice {
    detector: Box<Detector>,
    held: [i16; STEP],
    filled: usize,
    run_ms: u64,
}

impl Voice {
    pub(crate) fn new() -> Self {
        Self { detector: Detector::default_boxed(), held: [0; STEP], filled: 0, run_ms: 0 }
    }

    /// Forgets what was heard; for a stream that comes back.
    pub(crate) fn reset(&mut self) {
        self.detector.reset();
        self.filled = 0;
        self.run_ms = 0;
    }

    /// Judges one frame.
    pub(crate) fn frame(&mut self, samples: &[i16], policy: &Policy) -> Verdict {
        let level_db = level(samples);
        let loud = level_db >= policy.floor_db;
        let mut voiced = false;
        let mut stepped = false;
        for &sample in samples {
            self.held[self.filled] = sample;
            self.filled += 1;
            if self.filled == STEP {
                self.filled = 0;
                stepped = true;
                let voice = self.detector.predict_i16(&self.held) >= policy.voice_score && loud;
                voiced |= voice;
                self.run_ms = if voice { self.run_ms + 16 } else { 0 };
            }
        }
        if !stepped {
            voiced = self.run_ms > 0;
        }
        Verdict { voiced, onset: self.run_ms >= policy.onset_ms, level_db }
    }
}

/// Mean power in dB below full scale; -120 for digital silence.
pub(crate) fn level(samples: &[i16]) -> f32 {
    if samples.is_empty() {
        return -120.0;
    }
    let sum: f64 = samples.iter().map(|&s| f64::from(s) * f64::from(s)).sum();
    let mean = sum / samples.len() as f64 / (32_768.0 * 32_768.0);
    if mean <= 1e-12 { -120.0 } else { (10.0 * mean.log10()) as f32 }
}
