//! Words as shown and as compared: joining, splitting Chinese into characters, and the guard against repetition.

use crate::{Piece, Word};

/// Whether a character is written without spaces around it (Han, kana, their punctuation, full-width forms).
pub(crate) fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x303F | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFFEF | 0x20000..=0x3FFFF)
}

/// A word as compared: lower case, letters and digits only. Empty for bare punctuation.
pub(crate) fn plain(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Joins words as they are written: with spaces, but none beside wide characters.
pub(crate) fn join<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for word in words {
        let glued = match (text.chars().next_back(), word.chars().next()) {
            (Some(before), Some(after)) => is_wide(before) || is_wide(after),
            _ => true,
        };
        if !glued {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// Splits words of wide characters into single ones (times in proportion); punctuation stays with what it follows.
pub(crate) fn split_wide(words: &[Word]) -> Vec<Word> {
    let mut split: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        if !word.text.chars().any(is_wide) {
            split.push(word.clone());
            continue;
        }
        let count = word.text.chars().count().max(1) as u64;
        let span = word.end_ms.saturating_sub(word.start_ms);
        for (i, c) in word.text.chars().enumerate() {
            let end_ms = word.start_ms + span * (i as u64 + 1) / count;
            match split.last_mut() {
                Some(last) if !c.is_alphanumeric() => {
                    last.text.push(c);
                    last.end_ms = end_ms;
                }
                Some(last) if i > 0 && !is_wide(c) && !last.text.chars().any(is_wide) => {
                    last.text.push(c);
                    last.end_ms = end_ms;
                }
                _ => split.push(Word {
                    text: c.to_string(),
                    start_ms: word.start_ms + span * i as u64 / count,
                    end_ms,
                    confidence: word.confidence,
                }),
            }
        }
    }
    split
}

/// Says of each word how sure the recogniser was: a word is as likely as all its pieces are together. `text` is what
/// words and pieces are of; where the three do not fit, nothing is said.
pub(crate) fn rate(words: &mut [Word], text: &str, pieces: &[Piece]) {
    let count = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let (in_words, in_pieces) = (
        words.iter().map(|word| count(&word.text)).sum::<usize>(),
        pieces.iter().map(|p| p.chars).sum::<usize>(),
    );
    if pieces.is_empty() || in_words != in_pieces || count(text) != in_pieces {
        return;
    }
    let mut pieces = pieces.iter().scan(0, |begin, piece| {
        let from = *begin;
        *begin += piece.chars;
        Some((from, *begin, piece.probability))
    });
    let mut piece = pieces.next();
    let mut at = 0;
    for word in words {
        let until = at + count(&word.text);
        let mut sure = 1.0_f32;
        while let Some((from, end, probability)) = piece {
            if from >= until {
                break;
            }
            sure *= probability;
            if end > until {
                break;
            }
            piece = pieces.next();
        }
        word.confidence = Some(sure.clamp(0.0, 1.0));
        at = until;
    }
}

/// Longest unit, in words, that the guard looks for.
const UNIT: usize = 12;

/// Removes what a model repeats for ever: a unit of one or two words said five times in a row, or a longer one said
/// three times, is kept once. Digits are left alone: numbers do repeat.
pub(crate) fn collapse(words: &mut Vec<Word>) -> bool {
    let mut shortened = false;
    for unit in 1..=UNIT {
        let least = if unit <= 2 { 5 } else { 3 };
        let mut at = 0;
        while at + unit * least <= words.len() {
            let times = repeats(words, at, unit);
            let digits =
                words[at..at + unit].iter().all(|w| plain(&w.text).chars().all(|c| c.is_ascii_digit()));
            if times >= least && !digits {
                words.drain(at + unit..at + unit * times);
                shortened = true;
            }
            at += 1;
        }
    }
    shortened
}

/// How often the `unit` words at `at` follow each other.
fn repeats(words: &[Word], at: usize, unit: usize) -> usize {
    let mut times = 1;
    while at + (times + 1) * unit <= words.len()
        && (0..unit).all(|i| plain(&words[at + i].text) == plain(&words[at + times * unit + i].text))
    {
        times += 1;
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Word {
        Word { text: text.to_owned(), start_ms: 0, end_ms: 600, confidence: None }
    }

    fn words(text: &str) -> Vec<Word> {
        text.split(' ').map(word).collect()
    }

    fn text(words: &[Word]) -> String {
        join(words.iter().map(|w| w.text.as_str()))
    }

    #[test]
    fn chinese_is_compared_by_character_and_written_without_spaces() {
        let split = split_wide(&[word("你好，IT部")]);
        let shown: Vec<&str> = split.iter().map(|w| w.text.as_str()).collect();
        assert_eq!(shown, ["你", "好，", "IT", "部"]);
        assert_eq!(text(&split), "你好，IT部");
        assert_eq!(split[3].end_ms, 600);
    }

    #[test]
    fn a_word_is_as_likely_as_its_pieces_together_also_where_a_piece_spans_two() {
        let piece = |chars, probability| Piece { chars, probability };
        let sure = |words: &[Word]| words.iter().map(|w| w.confidence).collect::<Vec<_>>();
        let mut said = words("Good morning, sir");
        rate(
            &mut said,
            "Good morning, sir",
            &[piece(4, 0.5), piece(4, 0.5), piece(3, 0.5), piece(1, 1.0), piece(3, 0.75)],
        );
        assert_eq!(sure(&said), [Some(0.5), Some(0.25), Some(0.75)]);
        let mut wide = split_wide(&[word("你好，部")]);
        rate(&mut wide, "你好，部", &[piece(0, 0.5), piece(2, 0.5), piece(1, 1.0), piece(1, 0.25)]);
        assert_eq!(sure(&wide), [Some(0.25), Some(0.5), Some(0.25)], "a cut character counts where it ends");
        let mut other = words("Good morning");
        rate(&mut other, "Good morning", &[piece(4, 0.5)]);
        assert_eq!(sure(&other), [None, None], "what does not fit is not guessed");
    }

    #[test]
    fn a_loop_is_kept_once_and_ordinary_repetition_stays() {
        let mut looped = words("I will go to the next I will go to the next I will go to the next station");
        assert!(collapse(&mut looped));
        assert_eq!(text(&looped), "I will go to the next station");
        let mut yes = words("yes yes yes, I know, thank you, thank you");
        assert!(!collapse(&mut yes));
        let mut digits = words("5 5 5 5 5 5 5 1 2");
        assert!(!collapse(&mut digits));
    }
}
