//! The store of spoken prompts: each text is spoken once and kept as `HASH.wav`, 16 kHz, mono, 16 bit.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ivr::PromptText;
use kernel::Lang;
use sha2::{Digest, Sha256};

use crate::sound;
use crate::{Espeak, Synthesizer};

/// Counted up when prompts are made differently, so that all are made anew.
const EDITION: u32 = 1;

/// Why a prompt has no voice.
#[derive(Debug, thiserror::Error)]
pub enum VoiceError {
    /// The program is not installed.
    #[error(
        "cannot run `{program}`, which speaks the prompts; install it (Debian: apt-get install espeak-ng)"
    )]
    Missing {
        /// As it was called.
        program: String,
    },
    /// The program failed.
    #[error("`{program}` could not speak a prompt: {why}")]
    Synthesis {
        /// As it was called.
        program: String,
        /// What it said.
        why: String,
    },
    /// A text in which nothing can be spoken.
    #[error(
        "the prompt `{name}` has nothing in `{lang}` that can be spoken; write words, or give a recording"
    )]
    Silent {
        /// Which prompt.
        name: String,
        /// Language code.
        lang: &'static str,
    },
    /// A recording that the flow names is not there.
    #[error(
        "the recording {path} of the prompt `{name}` is not there; put it there, or leave out `file_{lang}`"
    )]
    NoRecording {
        /// Which prompt.
        name: String,
        /// Language code.
        lang: &'static str,
        /// Where it should be.
        path: PathBuf,
    },
    /// The folder of prompts cannot be used.
    #[error("cannot keep prompts in {path}: {error}")]
    Folder {
        /// Where.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// A synthesizer, and where recordings are.
pub struct Voices {
    synthesizer: Arc<dyn Synthesizer>,
    recordings: Vec<PathBuf>,
}

impl Voices {
    /// espeak-ng; `recordings` is the folder of the flow file, to which its `file_…` are relative.
    #[must_use]
    pub fn espeak(recordings: impl Into<PathBuf>) -> Self {
        Self::new(Arc::new(Espeak::default()), recordings)
    }

    /// Another synthesizer.
    #[must_use]
    pub fn new(synthesizer: Arc<dyn Synthesizer>, recordings: impl Into<PathBuf>) -> Self {
        Self { synthesizer, recordings: vec![recordings.into()] }
    }

    /// Recordings that are not there are looked for in this folder too.
    #[must_use]
    pub fn and_in(mut self, folder: impl Into<PathBuf>) -> Self {
        self.recordings.push(folder.into());
        self
    }

    /// A recording of every prompt, by absolute path: the flow's own where it names one, else spoken (once: texts that are
    /// in `dir` already are not spoken again). Blocks for some 50 ms per new text.
    ///
    /// # Errors
    /// At the first prompt that cannot have a voice.
    pub fn prepare(
        &self,
        prompts: impl Iterator<Item = PromptText>,
        dir: &Path,
    ) -> Result<BTreeMap<(String, Lang), PathBuf>, VoiceError> {
        let folder = |error| VoiceError::Folder { path: dir.to_owned(), error };
        fs::create_dir_all(dir).map_err(folder)?;
        let dir = std::path::absolute(dir).map_err(folder)?;
        let mut paths = BTreeMap::new();
        let mut spoken = 0_usize;
        for prompt in prompts {
            let path = match &prompt.file {
                Some(file) => self.recording(&prompt, file)?,
                None => self.spoken(&prompt, &dir, &mut spoken)?,
            };
            paths.insert((prompt.name, prompt.lang), path);
        }
        tracing::info!(prompts = paths.len(), spoken, "prompts are ready");
        Ok(paths)
    }

    fn recording(&self, prompt: &PromptText, file: &str) -> Result<PathBuf, VoiceError> {
        let absolute = |folder: &PathBuf| {
            let path = folder.join(file);
            std::path::absolute(&path).unwrap_or(path)
        };
        let places: Vec<PathBuf> = self.recordings.iter().map(absolute).collect();
        if let Some(path) = places.iter().find(|path| path.is_file()) {
            return Ok(path.clone());
        }
        let path = places.into_iter().next().unwrap_or_default();
        Err(VoiceError::NoRecording { name: prompt.name.clone(), lang: prompt.lang.code(), path })
    }

    fn spoken(&self, prompt: &PromptText, dir: &Path, spoken: &mut usize) -> Result<PathBuf, VoiceError> {
        let path = dir.join(format!("{}.wav", self.key(prompt)));
        if is_whole(&path) {
            return Ok(path);
        }
        *spoken += 1;
        let silent = || VoiceError::Silent { name: prompt.name.clone(), lang: prompt.lang.code() };
        if !prompt.text.chars().any(char::is_alphanumeric) {
            return Err(silent());
        }
        let samples = say_with_pauses(&*self.synthesizer, &prompt.text, prompt.lang)?;
        if samples.is_empty() {
            return Err(silent());
        }
        keep(&path, &samples).map_err(|error| VoiceError::Folder { path: path.clone(), error })?;
        Ok(path)
    }

    /// Changes with everything that changes the sound.
    fn key(&self, prompt: &PromptText) -> String {
        let mut hash = Sha256::new();
        for part in
            [&EDITION.to_string(), &self.synthesizer.voice(prompt.lang), prompt.lang.code(), &prompt.text]
        {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let mut key = hex::encode(hash.finalize());
        key.truncate(32);
        key
    }
}

/// Speaks a text that is needed now: finished like a prompt, 16 kHz, not kept. Blocks for some 50 ms.
///
/// # Errors
/// When it cannot be spoken.
pub fn say(synthesizer: &dyn Synthesizer, text: &str, lang: Lang) -> Result<Vec<i16>, VoiceError> {
    Ok(sound::finish(synthesizer.speak(text, lang)?))
}

/// A text with its pauses (`<break time="500ms"/>`).
fn say_with_pauses(synthesizer: &dyn Synthesizer, text: &str, lang: Lang) -> Result<Vec<i16>, VoiceError> {
    let Ok(wording) = ivr::Wording::parse(text) else { return say(synthesizer, text, lang) };
    let mut samples = Vec::new();
    for part in &wording.parts {
        match part {
            ivr::Part::Text(text) if text.chars().any(char::is_alphanumeric) => {
                samples.extend(say(synthesizer, text, lang)?);
            }
            ivr::Part::Pause(ms) => samples.resize(samples.len() + (*ms * sound::RATE / 1000) as usize, 0),
            // A fixed prompt has no values in it.
            ivr::Part::Text(_) | ivr::Part::Value(..) => {}
        }
    }
    Ok(samples)
}

fn spec() -> hound::WavSpec {
    hound::WavSpec {
        channels: 1,
        sample_rate: sound::RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    }
}

/// Whether a prompt is there in full (a disk that was full, or a hand, may have cut it).
fn is_whole(path: &Path) -> bool {
    let Ok(file) = fs::File::open(path) else { return false };
    let size = file.metadata().map_or(0, |data| data.len());
    let header = hound::WavReader::new(io::BufReader::new(file));
    header.is_ok_and(|wav| {
        let bytes = u64::from(wav.duration()) * 2;
        wav.spec() == spec() && bytes > 0 && size >= bytes
    })
}

/// Writes beside and renames: nobody ever sees half a prompt, not even after a crash.
fn keep(path: &Path, samples: &[i16]) -> io::Result<()> {
    let beside = path.with_extension(format!("{}.part", std::process::id()));
    let written = write(&beside, samples).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write(path: &Path, samples: &[i16]) -> io::Result<()> {
    let other = |error: hound::Error| match error {
        hound::Error::IoError(error) => error,
        error => io::Error::other(error),
    };
    let mut wav = hound::WavWriter::create(path, spec()).map_err(other)?;
    for sample in samples {
        wav.write_sample(*sample).map_err(other)?;
    }
    wav.finalize().map_err(other)?;
    fs::File::open(path)?.sync_all()
}
