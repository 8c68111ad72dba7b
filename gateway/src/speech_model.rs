//! Which speech model is used: the one that the configuration names, or, for `auto`, the best that this machine carries live.
//!
//! Promises: `auto` measures once, at the first start, and says what it chose and why; the choice stays until its file is gone or
//! the file that remembers it (`speech-model.json` in the data directory) is removed. A model of one language is chosen only where
//! there is no other. Leaves to others: models (`asr_whisper`), fetching (`models_command`).

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use asr::{DecodeKind, Recognizer, Window};
use asr_whisper::{Options, WhisperModel};
use serde::{Deserialize, Serialize};

use crate::config::Speech;
use crate::models_command;

/// The name that asks for a measurement.
pub const AUTO: &str = "auto";
/// A machine that carries so many conversations with a model live is good enough for it.
const CONVERSATIONS: f64 = 4.0;
/// Seconds of audio that are measured.
const SECONDS: usize = 4;
/// Text costs as much again as the encoding that is measured (docs/asr.md), and interims three times a final.
const WHOLE: f64 = 2.0 * 3.0;
/// Both sides of a conversation speak 40 % of the time.
const SPEECH: f64 = 0.8;

/// A model that is used.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// Its name.
    pub name: String,
    /// Where it lies.
    pub file: PathBuf,
    /// It was chosen by a measurement.
    pub measured: bool,
}

/// What was measured.
#[derive(Debug, Serialize, Deserialize)]
struct Measured {
    model: String,
    conversations: f64,
}

/// The model to use with so many decoding threads. Blocks; the measurement takes some seconds.
///
/// # Errors
/// When it is not there, or broken.
pub fn choose(speech: &Speech, models: Option<&Path>, data: &Path, threads: usize) -> Result<Chosen> {
    if speech.model != AUTO {
        let file = models_command::find(speech, models)?;
        return Ok(Chosen { name: speech.model.clone(), file, measured: false });
    }
    let here = models_command::present_models(speech, models)?;
    let memory = data.join("speech-model.json");
    let known: Option<Measured> =
        std::fs::read_to_string(&memory).ok().and_then(|text| serde_json::from_str(&text).ok());
    if let Some((name, file)) =
        known.and_then(|known| here.iter().find(|(name, _)| *name == known.model).cloned())
    {
        return Ok(Chosen { name, file, measured: true });
    }
    let several = here.iter().any(|(name, _)| !name.ends_with(".en"));
    let mut candidates: Vec<(u64, String, PathBuf)> = Vec::new();
    for (name, file) in here.into_iter().filter(|(name, _)| !several || !name.ends_with(".en")) {
        candidates.push((std::fs::metadata(&file)?.len(), name, file));
    }
    // The largest is the best.
    candidates.sort_unstable_by(|a, b| b.cmp(a));
    let last = candidates.len().saturating_sub(1);
    for (n, (_, name, file)) in candidates.into_iter().enumerate() {
        let conversations = measure(&file, threads)?;
        tracing::info!(model = %name, conversations = format!("{conversations:.1}"), "this machine can carry so many conversations live");
        if conversations >= CONVERSATIONS || n == last {
            let text = serde_json::to_string(&Measured { model: name.clone(), conversations })?;
            std::fs::write(&memory, text).with_context(|| format!("cannot write {}", memory.display()))?;
            tracing::info!(model = %name, "the speech model was chosen by this measurement");
            return Ok(Chosen { name, file, measured: true });
        }
    }
    bail!("no speech model is here; `voxdesk models pull base` fetches one, `voxdesk models list` shows them")
}

/// How many conversations are live with interim text.
fn measure(file: &Path, threads: usize) -> Result<f64> {
    let model = WhisperModel::load(file, Options::default())?;
    let mut recognizer = model.recognizer()?;
    let mut seed = 1_u32;
    // Noise: encoding costs the same whatever is said.
    let samples = (0..SECONDS * 16_000).map(|_| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) as f32 / 655_360.0 - 0.05
    });
    let window = Window { samples: samples.collect(), language: None };
    let mut best = f64::MAX;
    for _ in 0..3 {
        let begun = Instant::now();
        recognizer.decode(&window, DecodeKind::Final)?;
        best = best.min(begun.elapsed().as_secs_f64());
    }
    let cost = best / SECONDS as f64 * WHOLE;
    Ok(threads as f64 / (SPEECH * cost))
}
