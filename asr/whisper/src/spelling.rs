//! From tokens to words: pieces of UTF-8 put together, split where a person would, with times by voiced audio.
//!
//! Whisper's own times need its timestamp tokens, which cost words at the edges of trimmed windows; here a word's time
//! is its share of the characters, laid over the parts of the window that are not silent. Good to about 0.2 s.

use asr::{Piece, Word};

/// Samples in one step of the loudness (20 ms at 16 kHz).
const STEP: usize = 320;
/// Milliseconds in one step.
const STEP_MS: u64 = 20;

/// The words of a text. Latin words are separated by spaces; Chinese stays in runs, the stream splits them.
pub(crate) fn words(text: &str, samples: &[f32]) -> Vec<Word> {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let voiced = voiced_steps(samples);
    let total: u64 = parts.iter().map(|part| weight(part)).sum();
    let mut done = 0;
    parts
        .into_iter()
        .map(|part| {
            let start_ms = time_at(&voiced, done, total);
            done += weight(part);
            let end_ms = time_at(&voiced, done, total).max(start_ms);
            Word { text: part.to_owned(), start_ms, end_ms, confidence: None }
        })
        .collect()
}

/// How long a word takes, in characters; one more for the gap after it.
fn weight(word: &str) -> u64 {
    word.chars().filter(|c| c.is_alphanumeric()).count() as u64 + 1
}

/// Steps louder than the window's quiet parts, by number.
fn voiced_steps(samples: &[f32]) -> Vec<u64> {
    let power: Vec<f32> =
        samples.chunks(STEP).map(|chunk| chunk.iter().map(|s| s * s).sum::<f32>() / STEP as f32).collect();
    let most = power.iter().copied().fold(0.0, f32::max);
    let voiced: Vec<u64> =
        power.iter().enumerate().filter(|(_, p)| **p > most * 0.001).map(|(at, _)| at as u64).collect();
    if voiced.is_empty() { vec![0] } else { voiced }
}

fn time_at(voiced: &[u64], done: u64, total: u64) -> u64 {
    let steps = voiced.len() as u64;
    let at = (steps * done).checked_div(total).unwrap_or(0);
    match voiced.get(usize::try_from(at).unwrap_or(usize::MAX)) {
        Some(step) => step * STEP_MS,
        None => voiced.last().map_or(0, |step| (step + 1) * STEP_MS),
    }
}

/// Joins the bytes of tokens; what is no UTF-8 (a character cut in half by the token limit) is left out.
pub(crate) fn text_of<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> String {
    let bytes: Vec<u8> = pieces.flatten().copied().collect();
    String::from_utf8_lossy(&bytes).replace(char::REPLACEMENT_CHARACTER, "").trim().to_owned()
}

/// Tokens as pieces of the text that `text_of` makes of them. A character that is cut counts where it ends.
pub(crate) fn pieces<'a>(tokens: impl Iterator<Item = (&'a [u8], f32)>) -> Vec<Piece> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut before = 0;
    tokens
        .map(|(token, probability)| {
            bytes.extend_from_slice(token);
            let whole = String::from_utf8_lossy(&bytes);
            let shown =
                whole.chars().filter(|c| !c.is_whitespace() && *c != char::REPLACEMENT_CHARACTER).count();
            let chars = shown.saturating_sub(before);
            before = before.max(shown);
            let spoken = String::from_utf8_lossy(token).chars().any(|c| c.is_alphanumeric() || !c.is_ascii());
            Piece { chars, probability: if spoken { probability } else { 1.0 } }
        })
        .collect()
}

/// Whisper writes Chinese with the full stops of either script; people read the full-width ones.
pub(crate) fn full_width(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let wide = match c {
            ',' => '，',
            '?' => '？',
            '!' => '！',
            ';' => '；',
            ':' => '：',
            _ => c,
        };
        let after_han = out.chars().next_back().is_some_and(is_han);
        if wide == c || !after_han {
            out.push(c);
            continue;
        }
        out.push(wide);
        // The full-width sign brings its own space.
        chars.next_if_eq(&' ');
    }
    out
}

fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_signs_are_full_width_and_numbers_keep_theirs() {
        assert_eq!(full_width("你好, 我是小王,有1,200元?OK, fine"), "你好，我是小王，有1,200元？OK, fine");
    }

    #[test]
    fn words_lie_over_the_voiced_part_in_order() {
        let mut samples = vec![0.0_f32; 16_000];
        samples[8_000..].fill(0.5);
        let words = words("one two", &samples);
        assert_eq!(words.len(), 2);
        assert!(words[0].start_ms >= 500 && words[0].end_ms <= words[1].start_ms);
        assert_eq!(words[1].end_ms, 1_000);
    }

    #[test]
    fn half_a_character_is_left_out() {
        let pieces: [&[u8]; 3] = [" 你".as_bytes(), &[0xE5, 0xA5], b"!"];
        assert_eq!(text_of(pieces.into_iter()), "你!");
        let rated = super::pieces(pieces.into_iter().map(|piece| (piece, 0.5)));
        let rated: Vec<(usize, f32)> = rated.iter().map(|piece| (piece.chars, piece.probability)).collect();
        assert_eq!(rated, [(1, 0.5), (0, 0.5), (1, 1.0)], "a sign is no doubt");
    }

    #[test]
    fn silence_and_no_words_are_no_trouble() {
        assert!(words("", &[]).is_empty());
        assert_eq!(words("a", &[]).len(), 1);
    }
}
