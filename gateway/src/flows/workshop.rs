//! What a version of a flow is made with: the names that it may use, voices, and the folders of recordings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use ivr::{Flow, Known, PromptText};
use ivr_voice::{Speech, Synthesizer, Voices};
use kernel::Lang;
use sha2::{Digest, Sha256};

use super::{Here, Served};
use crate::config::{Config, Number};
use crate::prompts::Sounds;

/// Where recordings are below the folder of what people bring; part of their names in flows.
const RECORDINGS: &str = "recordings";
/// Longest recording that people may bring.
const LONGEST_SECONDS: usize = 600;
/// Samples per second of recordings that we keep.
const RATE: u32 = 16_000;

/// Everything but the flow itself. Its methods block: call them from a thread that may.
#[derive(Clone)]
pub struct Workshop {
    /// Names that flows may use.
    pub known: Known,
    /// Numbers of the configuration.
    pub configured: BTreeMap<String, Number>,
    /// Folders of configured flows, to which their recordings are relative.
    folders: BTreeMap<String, PathBuf>,
    /// Who speaks.
    voice: Arc<dyn Synthesizer>,
    /// Spoken prompts.
    prompts: PathBuf,
    /// What people brought.
    brought: PathBuf,
    timings: interaction::Timings,
    redact: asr::redact::RedactPolicy,
    recording: interaction::RecordingRules,
    watching_is_shown: bool,
}

impl std::fmt::Debug for Workshop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workshop").field("known", &self.known).finish_non_exhaustive()
    }
}

impl Workshop {
    /// The workshop of a configuration; `data` is the data directory.
    #[must_use]
    pub fn new(config: &Config, data: &Path, voice: Arc<dyn Synthesizer>) -> Self {
        let folders = config.flows.iter().map(|(name, flow)| (name.clone(), flow.folder.clone())).collect();
        Self {
            known: config.known(),
            configured: config.numbers.clone(),
            folders,
            voice,
            prompts: data.join("prompts"),
            brought: data.join("brought"),
            timings: config.timings,
            redact: config.redact.clone(),
            recording: config.recording.rules.clone(),
            watching_is_shown: config.recording.watching_is_shown,
        }
    }

    /// Gives a flow its voices; `folder_of` is the flow to whose file its recordings are relative.
    ///
    /// # Errors
    /// When a prompt cannot be spoken or read.
    pub fn make(
        &self,
        folder_of: &str,
        name: &str,
        version: i64,
        file: &str,
        flow: Arc<Flow>,
        here: Arc<Here>,
    ) -> Result<Served> {
        let sounds = Sounds::prepare(&flow, &self.prompts, &self.voices(folder_of))?;
        let texts =
            flow.prompts().map(|prompt| ((prompt.name, prompt.lang), ivr::plain(&prompt.text))).collect();
        let settings = interaction::Settings {
            flow,
            name: name.to_owned(),
            version,
            texts,
            timings: self.timings,
            redact: self.redact.clone(),
            recording: self.recording.clone(),
            watching_is_shown: self.watching_is_shown,
        };
        Ok(Served { file: file.to_owned(), settings: Arc::new(settings), sounds, here })
    }

    fn voices(&self, flow: &str) -> Voices {
        let own = self.folders.get(flow).cloned().unwrap_or_default();
        Voices::new(Arc::clone(&self.voice), own).and_in(&self.brought)
    }

    /// A text as callers would hear it: a wav file.
    ///
    /// # Errors
    /// When it cannot be spoken.
    pub fn say(&self, text: String, lang: Lang) -> Result<Vec<u8>> {
        let prompt = PromptText { name: "text".to_owned(), lang, text, file: None };
        let paths = self.voices("").prepare(std::iter::once(prompt), &self.prompts)?;
        let path = paths.into_values().next().context("nothing was spoken")?;
        std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
    }

    /// Keeps a recording under the name of what is in it; its name in flows, and how many milliseconds it has.
    ///
    /// # Errors
    /// When it is no recording that we can use; the outer error is for whoever brought it.
    pub fn keep(&self, bytes: Vec<u8>) -> Result<(String, u64)> {
        let samples = media::files::samples("the recording", bytes, RATE)?;
        if samples.len() > LONGEST_SECONDS * RATE as usize {
            bail!("a recording of more than {LONGEST_SECONDS} seconds; shorter ones would be right");
        }
        let speech = ivr_voice::evened(Speech { rate: RATE, samples });
        if speech.samples.is_empty() {
            bail!("a recording in which nothing is heard; something audible would be right");
        }
        let wav = media::files::write_wav(speech.rate, &speech.samples);
        let mut name = hex::encode(Sha256::digest(&wav));
        name.truncate(32);
        let file = format!("{RECORDINGS}/{name}.wav");
        let folder = self.brought.join(RECORDINGS);
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let path = self.brought.join(&file);
        let beside = path.with_extension("part");
        // Renamed when whole: a flow never names half a recording.
        std::fs::write(&beside, &wav).with_context(|| format!("cannot write {}", beside.display()))?;
        std::fs::rename(&beside, &path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok((file, speech.samples.len() as u64 * 1000 / u64::from(speech.rate)))
    }

    /// A recording that was kept, by the part of its name after the folder.
    #[must_use]
    pub fn recording(&self, name: &str) -> Option<Vec<u8>> {
        let stem = name.strip_suffix(".wav")?;
        let is_ours = stem.len() == 32 && stem.bytes().all(|b| b.is_ascii_hexdigit());
        if !is_ours {
            return None;
        }
        std::fs::read(self.brought.join(RECORDINGS).join(name)).ok()
    }
}
