//! Word errors: texts made comparable, and the distance between them.
//!
//! Promises: pure. Case, punctuation, hesitations and the way numbers are written do not count: contractions are spelled out,
//! numbers become digits and each digit is a word, every Han character is a word. Close to Whisper's English normalizer, without
//! its British spellings. Leaves to others: what was said.

use crate::itn;
use crate::words::is_wide;

/// How a text differs from what was said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Errors {
    /// Words that were said.
    pub words: usize,
    /// Words heard as others.
    pub substituted: usize,
    /// Words that were not heard.
    pub deleted: usize,
    /// Words that nobody said.
    pub inserted: usize,
}

impl Errors {
    /// All of them.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.substituted + self.deleted + self.inserted
    }

    /// In per cent of the words that were said.
    #[must_use]
    pub fn percent(&self) -> f64 {
        100.0 * self.total() as f64 / self.words.max(1) as f64
    }

    /// Adds those of another text.
    pub fn add(&mut self, other: Errors) {
        self.words += other.words;
        self.substituted += other.substituted;
        self.deleted += other.deleted;
        self.inserted += other.inserted;
    }
}

/// Endings that stand for a word.
const CONTRACTED: &[(&str, &str)] = &[
    ("n't", "not"),
    ("'re", "are"),
    ("'s", "is"),
    ("'d", "would"),
    ("'ll", "will"),
    ("'ve", "have"),
    ("'m", "am"),
];
/// What people say while they think.
const HESITATIONS: &[&str] = &["hmm", "mm", "mhm", "mmm", "uh", "um", "er", "ah"];
/// One word or two.
const PAIRS: &[(&str, &str, &str)] = &[
    ("voice", "mail", "voicemail"),
    ("call", "back", "callback"),
    ("touch", "tone", "touchtone"),
    ("key", "pad", "keypad"),
];

/// The words of a text as they are compared.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let text = text.replace(['’', '‘'], "'").replace('#', " pound ");
    let text = itn::written(&text).unwrap_or(text).to_lowercase();
    let mut words: Vec<String> = Vec::new();
    for part in text.split(|c: char| !(c.is_alphanumeric() || c == '\'')) {
        push(part.trim_matches('\''), &mut words);
    }
    pair(words)
}

fn push(part: &str, words: &mut Vec<String>) {
    if part.is_empty() || HESITATIONS.contains(&part) {
        return;
    }
    for (ending, whole) in CONTRACTED {
        if let Some(stem) = part.strip_suffix(ending).filter(|stem| !stem.is_empty()) {
            let stem = match (*ending, stem) {
                ("n't", "wo") => "will",
                ("n't", "ca") => "can",
                _ => stem,
            };
            push(stem, words);
            words.push((*whole).to_owned());
            return;
        }
    }
    let mut letters = String::new();
    for c in part.chars().filter(|c| *c != '\'') {
        // Digits and Han characters are words of their own.
        if c.is_ascii_digit() || is_wide(c) {
            flush(&mut letters, words);
            words.push(c.to_string());
        } else {
            letters.push(c);
        }
    }
    flush(&mut letters, words);
}

fn flush(letters: &mut String, words: &mut Vec<String>) {
    let word = std::mem::take(letters);
    let ones = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    // "1st", "21st", "ones".
    let ordinal = matches!(word.as_str(), "st" | "nd" | "rd" | "th" | "s");
    if word.is_empty()
        || (ordinal && words.last().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit())))
    {
        return;
    }
    match ones.iter().position(|one| *one == word || word.strip_suffix('s') == Some(one)) {
        Some(digit) => words.push(digit.to_string()),
        None => words.push(word),
    }
}

fn pair(words: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let one = out.last().and_then(|before| {
            PAIRS.iter().find(|(first, second, _)| before == first && word == *second).map(|(_, _, one)| *one)
        });
        match one {
            Some(one) => {
                out.pop();
                out.push(one.to_owned());
            }
            None => out.push(word),
        }
    }
    out
}

/// How `heard` differs from `said`, both as texts.
#[must_use]
pub fn compare(said: &str, heard: &str) -> Errors {
    distance(&words(said), &words(heard))
}

fn distance(said: &[String], heard: &[String]) -> Errors {
    // Per heard word: errors so far, by kind, along the cheapest way.
    let mut row: Vec<Errors> =
        (0..=heard.len()).map(|n| Errors { inserted: n, ..Errors::default() }).collect();
    for (i, word) in said.iter().enumerate() {
        let mut diagonal = row.first().copied().unwrap_or_default();
        if let Some(first) = row.first_mut() {
            *first = Errors { deleted: i + 1, ..Errors::default() };
        }
        for (j, other) in heard.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or_default();
            let left = row.get(j).copied().unwrap_or_default();
            let kept = Errors { substituted: diagonal.substituted + usize::from(word != other), ..diagonal };
            let deleted = Errors { deleted: above.deleted + 1, ..above };
            let inserted = Errors { inserted: left.inserted + 1, ..left };
            let best = [kept, deleted, inserted].into_iter().min_by_key(Errors::total).unwrap_or(kept);
            if let Some(cell) = row.get_mut(j + 1) {
                *cell = best;
            }
            diagonal = above;
        }
    }
    Errors { words: said.len(), ..row.last().copied().unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_of_writing_does_not_count() {
        assert_eq!(
            compare("Please press one, or dial twenty three.", "please press 1 or dial 23").total(),
            0
        );
        assert_eq!(compare("I'm sure they don't know", "I am sure they do not know").total(), 0);
        assert_eq!(compare("Your voice mail", "your voicemail").total(), 0);
        assert_eq!(compare("我有二十三个订单。", "我有23个订单").total(), 0);
        assert_eq!(words("the 1st of 4s"), ["the", "1", "of", "4"]);
    }

    #[test]
    fn errors_are_told_apart() {
        let errors = compare("red green blue grey", "red black blue grey white");
        assert_eq!((errors.substituted, errors.deleted, errors.inserted, errors.words), (1, 0, 1, 4));
        assert_eq!(compare("red green blue grey", "green grey").deleted, 2);
        assert_eq!(compare("", "thank you").inserted, 2);
        assert!((compare("red green blue grey", "red green blue").percent() - 25.0).abs() < 1e-9);
    }
}
