//! Sounds of a flow: its prompts in every language and the built-in tones, decoded and ready for the media engine.
//!
//! Promises: all that is fixed is prepared before calls are served and nothing of it is read afterwards. Leaves to others:
//! voices (`ivr_voice`), decoding (`media::files`), texts with values in them (`speaking`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use ivr::{Clip, Flow, Tone};
use ivr_voice::Voices;
use kernel::Lang;
use media::Source;

use crate::credentials::Heard;
use crate::flows::Board;

/// Samples per second of prompts: wide band, for callers who can hear it.
pub const RATE: u32 = 16_000;

/// Sounds of one flow.
#[derive(Debug)]
pub struct Sounds {
    clips: BTreeMap<Clip, Arc<Source>>,
    files: BTreeMap<(String, Lang), PathBuf>,
}

impl Sounds {
    /// Gives every prompt a voice and reads it. Blocks; done before the flow serves anybody.
    ///
    /// # Errors
    /// When a prompt cannot be spoken or read.
    pub fn prepare(flow: &Flow, dir: &Path, voices: &Voices) -> Result<Sounds> {
        let files = voices.prepare(flow.prompts(), dir).context("cannot prepare the prompts")?;
        let mut clips = BTreeMap::new();
        for ((name, lang), path) in &files {
            let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            let source =
                media::files::source(name, bytes, RATE).with_context(|| path.display().to_string())?;
            clips.insert(Clip::Prompt { name: name.clone(), lang: *lang }, Arc::new(source));
        }
        clips.insert(Clip::Tone(Tone::Ringback), Arc::new(media::tones::ringback(RATE, Lang::En)));
        clips.insert(Clip::Tone(Tone::Busy), Arc::new(media::tones::busy(RATE, Lang::En)));
        clips.insert(Clip::Tone(Tone::Beep), Arc::new(media::tones::beep(RATE)));
        clips.insert(Clip::Tone(Tone::Music), Arc::new(media::tones::hold_music(RATE)));
        Ok(Sounds { clips, files })
    }

    /// Sounds that are there already, for tests.
    #[cfg(test)]
    pub(crate) fn of(clips: impl IntoIterator<Item = (Clip, Source)>) -> Self {
        let clips = clips.into_iter().map(|(clip, source)| (clip, Arc::new(source))).collect();
        Sounds { clips, files: BTreeMap::new() }
    }

    /// The sound of a clip.
    #[must_use]
    pub fn find(&self, clip: &Clip) -> Option<Arc<Source>> {
        self.clips.get(clip).cloned()
    }

    /// The file of a prompt.
    #[must_use]
    pub fn path(&self, prompt: &str, lang: Lang) -> Option<PathBuf> {
        self.files.get(&(prompt.to_owned(), lang)).cloned()
    }

    /// The recording of the first prompt in a list.
    fn file(&self, heard: Vec<(String, Lang)>) -> Option<PathBuf> {
        self.files.get(heard.first()?).cloned()
    }
}

/// What a caller of each number hears first, and after each key, for scripts that compare recordings.
#[must_use]
pub fn heard_by_number(board: &Board) -> BTreeMap<String, Heard> {
    let heard = |number: &crate::config::Number| {
        let served = board.served.get(&number.flow)?;
        let (flow, sounds) = (served.flow(), &served.sounds);
        let plays = sounds.file(flow.heard_first(&number.entry, number.lang));
        let after = "0123456789*#".chars().filter_map(|key| {
            let heard = flow.heard_after(&number.entry, key, number.lang);
            Some((key.to_string(), sounds.file(heard)?))
        });
        Some(Heard { plays, after: after.collect() })
    };
    board.numbers.iter().filter_map(|(name, number)| Some((name.clone(), heard(number)?))).collect()
}
