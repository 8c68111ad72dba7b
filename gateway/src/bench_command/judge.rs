//! What was heard, beside what was said: word errors, delays, cost.
//!
//! A final's delay counts from the end of the voice in the recording (of an utterance that ends in the middle of it: from where the
//! stream ended it). A word's delay counts from its end to the moment from which it is shown and never altered again; where a word
//! ends is told by the final (good to 0.2 s).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Instant;

use asr::wer::{Errors, compare};
use asr::{Heard, Out};
use serde_json::json;

use super::quantiles;
use super::talk::{Clip, Talk};

/// Something that was said, and when.
pub(super) struct Said {
    pub side: usize,
    pub out: Out,
    pub at: Instant,
}

/// The end of an utterance this near the end of the recording's voice is that end (milliseconds).
const NEAR_MS: u64 = 600;

/// The figures.
#[derive(Default)]
pub(super) struct Judgement {
    errors: Errors,
    clips: usize,
    speech_seconds: f64,
    pub cpu_seconds: f64,
    final_ms: Vec<f64>,
    word_ms: Vec<f64>,
    /// Clips in which a word was heard that nobody said, by what was heard.
    heard: Vec<(usize, String)>,
}

/// Puts together what belongs together.
pub(super) fn judge(clips: &[Clip], talks: &[Talk], said: Vec<Said>, began: Instant) -> Judgement {
    let mut judgement = Judgement::default();
    let mut sides: Vec<Vec<(f64, Out)>> = talks.iter().map(|_| Vec::new()).collect();
    for one in said {
        if let Some(side) = sides.get_mut(one.side) {
            side.push((one.at.duration_since(began).as_secs_f64() * 1_000.0, one.out));
        }
    }
    for (talk, said) in talks.iter().zip(sides) {
        judgement.side(clips, talk, &said);
    }
    judgement
}

impl Judgement {
    /// One recording was heard.
    pub(super) fn clip(&mut self, n: usize, clip: &Clip, errors: Errors, heard: String) {
        self.errors.add(errors);
        self.clips += 1;
        self.speech_seconds += clip.seconds();
        self.heard.push((n, heard));
    }

    fn side(&mut self, clips: &[Clip], talk: &Talk, said: &[(f64, Out)]) {
        let mut texts: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        let mut shown: Vec<(f64, Vec<String>)> = Vec::new();
        let mut open_ms = 0;
        for (at, out) in said {
            match out {
                Out::Partial { stable, tentative, start_ms } => {
                    if *start_ms != open_ms {
                        shown.clear();
                        open_ms = *start_ms;
                    }
                    shown.push((*at, plain(&format!("{stable}{tentative}"))));
                }
                Out::Final(heard) => {
                    let Some(turn) = nearest(clips, talk, heard) else { continue };
                    texts.entry(turn).or_default().push(&heard.text);
                    let end = talk.turns.get(turn).zip(talk.turns.get(turn).and_then(|t| clips.get(t.clip)));
                    let end_ms = end.map_or(heard.end_ms, |(turn, clip)| turn.start_ms + clip.voice_end_ms);
                    let end_ms = if end_ms.abs_diff(heard.end_ms) < NEAR_MS { end_ms } else { heard.end_ms };
                    self.final_ms.push(at - end_ms as f64);
                    if heard.start_ms != open_ms {
                        shown.clear();
                    }
                    self.words(heard, *at, &shown);
                    shown.clear();
                }
                Out::Nothing { .. } => shown.clear(),
                Out::Behind { .. } | Out::CaughtUp { .. } | Out::Done | Out::Decode(_) => {}
            }
        }
        for (n, turn) in talk.turns.iter().enumerate() {
            let Some(clip) = clips.get(turn.clip) else { continue };
            let heard = texts.get(&n).map(|texts| texts.join(" ")).unwrap_or_default();
            self.clip(turn.clip, clip, compare(&clip.text, &heard), heard);
        }
    }

    /// When each word of an utterance was shown for good.
    fn words(&mut self, heard: &Heard, at: f64, shown: &[(f64, Vec<String>)]) {
        let words: Vec<String> =
            heard.words.iter().flat_map(|word| plain(&word.text).into_iter().take(1)).collect();
        if words.len() != heard.words.len() {
            return;
        }
        for (n, word) in heard.words.iter().enumerate() {
            let right = |(_, text): &&(f64, Vec<String>)| text.get(..=n) == words.get(..=n);
            let since = shown.iter().rev().take_while(right).last().map_or(at, |(since, _)| *since);
            self.word_ms.push((since - word.end_ms as f64).max(0.0));
        }
    }

    /// The object of the contract.
    pub(super) fn json(&self, model: &str, calls: u32) -> serde_json::Value {
        json!({
            "wer_percent": round(self.errors.percent(), 2),
            "final_delay_ms": quantiles(&self.final_ms),
            "interim_delay_ms": quantiles(&self.word_ms),
            "cpu_seconds_per_speech_second": round(self.cost(), 4),
            "calls": calls,
            "model": model,
            "clips": self.clips,
            "words": self.errors.words,
        })
    }

    pub(super) fn text(&self, model: &str, calls: u32) -> String {
        let Errors { words, substituted, deleted, inserted } = self.errors;
        let line = |delays: &[f64]| {
            let q = quantiles(delays);
            format!("p50 {} ms, p95 {} ms, p99 {} ms", q["p50"], q["p95"], q["p99"])
        };
        format!(
            "model {model}, {calls} conversations, {} recordings, {:.0} s of speech\n\
             words wrong         {:.2} % of {words} ({substituted} others, {deleted} missing, {inserted} too many)\n\
             end of speech to final text  {}\n\
             word to text that stays      {}\n\
             processor           {:.3} s for a second of speech",
            self.clips,
            self.speech_seconds,
            self.errors.percent(),
            line(&self.final_ms),
            line(&self.word_ms),
            self.cost(),
        )
    }

    /// `path`, `text`, `heard`, one recording a line.
    pub(super) fn table(&self, clips: &[Clip]) -> String {
        let mut table = "path\ttext\theard\n".to_owned();
        for (n, heard) in &self.heard {
            if let Some(clip) = clips.get(*n) {
                // Writing to a string cannot fail.
                let _written = writeln!(table, "{}\t{}\t{heard}", clip.path, clip.text);
            }
        }
        table
    }

    fn cost(&self) -> f64 {
        self.cpu_seconds / self.speech_seconds.max(0.001)
    }
}

/// The recording that an utterance lies in most.
fn nearest(clips: &[Clip], talk: &Talk, heard: &Heard) -> Option<usize> {
    let middle = heard.start_ms.midpoint(heard.end_ms);
    let away = |turn: &super::talk::Turn| {
        let length_ms = clips.get(turn.clip).map_or(0, |clip| clip.samples.len() as u64 / 16);
        let end_ms = turn.start_ms + length_ms;
        if middle < turn.start_ms { turn.start_ms - middle } else { middle.saturating_sub(end_ms) }
    };
    (0..talk.turns.len()).min_by_key(|n| talk.turns.get(*n).map_or(u64::MAX, away))
}

/// Words as they are compared on the way: letters and digits only.
fn plain(text: &str) -> Vec<String> {
    let words = text.split_whitespace().map(|word| {
        word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    });
    words.collect()
}

fn round(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}
