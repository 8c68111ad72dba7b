//! The conversations of the measurement: recordings dealt to two sides who speak in turn, 40 % of the time each.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

/// Samples in 20 ms at 16 kHz.
pub(super) const FRAME: usize = 320;
/// Each conversation has so many recordings at least; the list begins again when it ends.
const LEAST: usize = 8;
/// Recordings that are read.
const MOST: usize = 20_000;
/// Silence at the end, so that the last utterance ends by itself (milliseconds).
const AFTER_MS: u64 = 1_500;

/// A recording and its words.
pub(super) struct Clip {
    pub path: String,
    pub text: String,
    /// 16 kHz.
    pub samples: Vec<i16>,
    /// Where its last voice ends, in milliseconds.
    pub voice_end_ms: u64,
}

impl Clip {
    pub(super) fn seconds(&self) -> f64 {
        self.samples.len() as f64 / f64::from(asr::SAMPLE_RATE)
    }

    fn frames(&self) -> u64 {
        self.samples.len().div_ceil(FRAME) as u64
    }
}

/// Reads the list and its recordings.
pub(super) fn read(manifest: &Path, telephone: bool) -> Result<Vec<Clip>> {
    let shown = manifest.display();
    let list = std::fs::read_to_string(manifest).with_context(|| format!("{shown}: cannot be read"))?;
    let mut lines = list.lines().enumerate();
    let head: Vec<&str> =
        lines.next().map(|(_, head)| head.split('\t').map(str::trim).collect()).unwrap_or_default();
    let column = |name: &str| {
        let found = head.iter().position(|one| *one == name);
        found.with_context(|| {
            format!("{shown}:1:1: no column {name:?}; a head with `path` and `text`, separated by tabs, would be right")
        })
    };
    let (path, text) = (column("path")?, column("text")?);
    let folder = manifest.parent().unwrap_or(Path::new("."));
    let mut clips = Vec::new();
    for (n, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let place = format!("{shown}:{}:1", n + 1);
        let fields: Vec<&str> = line.split('\t').collect();
        let Some(name) = fields.get(path).map(|name| name.trim()).filter(|name| !name.is_empty()) else {
            bail!("{place}: no path; {} columns would be right", head.len());
        };
        ensure!(clips.len() < MOST, "{place}: more than {MOST} recordings; a shorter list would be right");
        let file = folder.join(name);
        let bytes =
            std::fs::read(&file).with_context(|| format!("{place}: {} cannot be read", file.display()))?;
        let samples = samples(name, bytes, telephone).with_context(|| place.clone())?;
        let voice_end_ms = voice_end(&samples);
        let text = fields.get(text).map_or("", |text| text.trim()).to_owned();
        clips.push(Clip { path: name.to_owned(), text, samples, voice_end_ms });
    }
    ensure!(!clips.is_empty(), "{shown}: no recordings in it; a line for each would be right");
    Ok(clips)
}

fn samples(name: &str, bytes: Vec<u8>, telephone: bool) -> Result<Vec<i16>> {
    if !telephone {
        return Ok(media::files::samples(name, bytes, asr::SAMPLE_RATE)?);
    }
    let narrow = media::files::samples(name, bytes, 8_000)?;
    Ok(media::files::resample(&media::through_mu_law(&narrow), 8_000, asr::SAMPLE_RATE))
}

/// The last 20 ms that are within 35 dB of the loudest.
fn voice_end(samples: &[i16]) -> u64 {
    let power =
        |frame: &[i16]| frame.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / frame.len().max(1) as f64;
    let levels: Vec<f64> = samples.chunks(FRAME).map(power).collect();
    let loudest = levels.iter().copied().fold(0.0, f64::max);
    let last = levels.iter().rposition(|level| *level > loudest / 3162.0);
    last.map_or(0, |last| (last as u64 + 1) * 20)
}

/// A recording that is spoken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    pub clip: usize,
    /// When it begins, milliseconds.
    pub start_ms: u64,
}

/// One side of a conversation.
#[derive(Debug)]
pub(super) struct Talk {
    pub turns: Vec<Turn>,
    frames: u64,
    at: u64,
    turn: usize,
}

/// Deals the recordings to `calls` conversations: two sides each.
pub(super) fn deal(clips: &[Clip], calls: usize) -> Vec<Talk> {
    let each = clips.len().div_ceil(calls).max(LEAST.min(clips.len() * LEAST));
    let mut talks = Vec::with_capacity(calls * 2);
    for call in 0..calls {
        let mut sides = [Vec::new(), Vec::new()];
        // Not all at once: a second and a bit between one and the next, round a cycle of ten.
        let mut at_ms = (call as u64 * 1_370) % 10_000 + 500;
        for turn in 0..each {
            // The last ones repeat the first when the list does not come out even.
            let clip = if calls == 1 { turn % clips.len() } else { (call + turn * calls) % clips.len() };
            sides[turn % 2].push(Turn { clip, start_ms: at_ms / 20 * 20 });
            let frames = clips.get(clip).map_or(0, Clip::frames);
            // Two sides at 40 %: a fifth of the time nobody speaks.
            at_ms += frames * 20 + frames * 20 / 4;
        }
        for turns in sides {
            talks.push(Talk { turns, frames: (at_ms + AFTER_MS) / 20, at: 0, turn: 0 });
        }
    }
    talks
}

impl Talk {
    /// How long it is.
    pub(super) const fn frames(&self) -> u64 {
        self.frames
    }

    /// The next 20 ms.
    pub(super) fn next(&mut self, clips: &[Clip]) -> Option<[i16; FRAME]> {
        if self.at >= self.frames {
            return None;
        }
        let mut frame = [0; FRAME];
        let now_ms = self.at * 20;
        self.at += 1;
        let Some(turn) = self.turns.get(self.turn).filter(|turn| turn.start_ms <= now_ms) else {
            return Some(frame);
        };
        let samples = clips.get(turn.clip).map_or(&[][..], |clip| clip.samples.as_slice());
        let from = usize::try_from((now_ms - turn.start_ms) / 20).unwrap_or(usize::MAX).saturating_mul(FRAME);
        match samples.get(from..).filter(|rest| !rest.is_empty()) {
            Some(rest) => {
                let count = rest.len().min(FRAME);
                frame.iter_mut().zip(rest).for_each(|(to, sample)| *to = *sample);
                if rest.len() <= count {
                    self.turn += 1;
                }
            }
            None => self.turn += 1,
        }
        Some(frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_speak_in_turn_and_all_recordings_are_heard_whole() {
        let clip = |n: i16| Clip {
            path: String::new(),
            text: String::new(),
            samples: vec![n; 16_000 + n as usize],
            voice_end_ms: 1_000,
        };
        let clips: Vec<Clip> = (1..=20).map(clip).collect();
        let mut talks = deal(&clips, 2);
        assert_eq!(talks.len(), 4);
        let mut heard = std::collections::BTreeMap::<i16, usize>::new();
        for talk in &mut talks {
            while let Some(frame) = talk.next(&clips) {
                frame.iter().filter(|s| **s != 0).for_each(|s| *heard.entry(*s).or_default() += 1);
            }
        }
        assert_eq!(heard.len(), 20);
        assert!(heard.iter().all(|(n, count)| *count == 16_000 + *n as usize), "{heard:?}");
        assert!(talks[0].turns[0].start_ms < talks[1].turns[0].start_ms, "in turn");
        assert!(talks[1].turns[0].start_ms >= talks[0].turns[0].start_ms + 1_000, "not over each other");
    }
}
