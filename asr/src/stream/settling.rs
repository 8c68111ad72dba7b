//! Utterances that are over and whose text is on its way. They settle in the order in which they were spoken.

use std::sync::Arc;

use crate::words::{collapse, is_wide, join, plain, rate, split_wide};
use crate::{Heard, Hypothesis, Word};

/// An utterance that is over.
pub(super) struct Settling {
    pub start_ms: u64,
    pub end_ms: u64,
    pub window_start_ms: u64,
    pub seam: bool,
    /// Interim text, for the case that no final ever comes.
    pub shown: String,
    pub answer: Answer,
}

/// Where its text comes from.
pub(super) enum Answer {
    /// From the interim asked for in the last pause, unless it takes longer than `until_ms`.
    Pause { id: u64, window: Arc<[f32]>, until_ms: u64 },
    /// From a final; or from that interim, if it comes first.
    Final { id: u64, pause: Option<u64> },
    /// It is here. `None`: it could not be decoded.
    Here(Option<Hypothesis>),
}

impl Settling {
    /// Whether a decoding answers it.
    pub(super) fn awaits(&self, decode: u64) -> bool {
        match &self.answer {
            Answer::Pause { id, .. } => *id == decode,
            Answer::Final { id, pause } => *id == decode || *pause == Some(decode),
            Answer::Here(_) => false,
        }
    }

    /// What was heard, if anything; `tail` are the last words of the utterance before.
    pub(super) fn heard(self, no_speech: f32, tail: &[String]) -> Option<Heard> {
        let Answer::Here(Some(hypothesis)) = self.answer else {
            return self.with_interim_text();
        };
        if hypothesis.no_speech > no_speech {
            return None;
        }
        let (mut words, mut text) =
            (words_of(&hypothesis, self.end_ms - self.window_start_ms), hypothesis.text);
        let shortened = collapse(&mut words) | (self.seam && drop_repeated(&mut words, tail));
        if shortened {
            text = join(words.iter().map(|w| w.text.as_str()));
        }
        for word in &mut words {
            word.start_ms = (word.start_ms + self.window_start_ms).clamp(self.start_ms, self.end_ms);
            word.end_ms = (word.end_ms + self.window_start_ms).clamp(word.start_ms, self.end_ms);
        }
        let language = hypothesis.language;
        (!text.is_empty()).then_some(Heard {
            text,
            start_ms: self.start_ms,
            end_ms: self.end_ms,
            words,
            language,
        })
    }

    fn with_interim_text(self) -> Option<Heard> {
        let (start_ms, end_ms) = (self.start_ms, self.end_ms);
        (!self.shown.is_empty()).then(|| Heard {
            text: self.shown,
            start_ms,
            end_ms,
            words: Vec::new(),
            language: String::new(),
        })
    }
}

/// A hypothesis' words, Chinese by character; times spread over the window when the recogniser gave none.
pub(super) fn words_of(hypothesis: &Hypothesis, length_ms: u64) -> Vec<Word> {
    let mut words = timed(hypothesis, length_ms);
    rate(&mut words, &hypothesis.text, &hypothesis.pieces);
    words
}

fn timed(hypothesis: &Hypothesis, length_ms: u64) -> Vec<Word> {
    if !hypothesis.words.is_empty() {
        return split_wide(&hypothesis.words);
    }
    let parts: Vec<&str> = hypothesis.text.split_whitespace().collect();
    let total = parts.iter().map(|p| p.chars().count() as u64 + 1).sum::<u64>().max(1);
    let mut before = 0;
    let spread: Vec<Word> = parts
        .into_iter()
        .map(|part| {
            let start_ms = length_ms * before / total;
            before += part.chars().count() as u64 + 1;
            Word { text: part.to_owned(), start_ms, end_ms: length_ms * before / total, confidence: None }
        })
        .collect();
    split_wide(&spread)
}

/// Words at the end of an utterance that a seam may repeat. Chinese needs more: they are characters.
pub(super) const TAIL: usize = 6;

/// At a seam the overlap may be heard twice: the longest tail of the text before that the words begin with goes.
fn drop_repeated(words: &mut Vec<Word>, tail: &[String]) -> bool {
    let most = words.len().min(tail.len());
    let longest =
        if words.first().is_some_and(|w| w.text.chars().any(is_wide)) { most.min(TAIL) } else { most.min(2) };
    for count in (1..=longest).rev() {
        let same = tail[tail.len() - count..].iter().zip(words.iter()).all(|(a, b)| *a == plain(&b.text));
        if same {
            words.drain(..count);
            return true;
        }
    }
    false
}

/// The last words of a text, as compared.
pub(super) fn tail_of(words: &[Word]) -> Vec<String> {
    words[words.len().saturating_sub(TAIL)..].iter().map(|w| plain(&w.text)).collect()
}
