//! Words as shown and as compared: joining, splitting Chinese into characters, and the guard against repetition.

use crate::Word;

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
                }),
            }
        }
    }
    split
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

    fn words(text: &str) -> Vec<Word> {
        text.split(' ').map(|t| Word { text: t.to_owned(), start_ms: 0, end_ms: 100 }).collect()
    }

    fn text(words: &[Word]) -> String {
        join(words.iter().map(|w| w.text.as_str()))
    }

    #[test]
    fn chinese_is_compared_by_character_and_written_without_spaces() {
        let split = split_wide(&[Word { text: "你好，IT部".to_owned(), start_ms: 0, end_ms: 600 }]);
        let shown: Vec<&str> = split.iter().map(|w| w.text.as_str()).collect();
        assert_eq!(shown, ["你", "好，", "IT", "部"]);
        assert_eq!(text(&split), "你好，IT部");
        assert_eq!(split[3].end_ms, 600);
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
