//! Corrections of a transcript's lines: what a line says from now on, when each of its words is heard, and what is told of it.
//!
//! Promises: pure; what was there before is named by whoever keeps it (the store keeps every text and its particulars). A word
//! that stays keeps its times; another one gets those of what it replaces, else its share of the time between its neighbours.
//! Leaves to others: hiding what must not be read (before it comes here), keeping, who may do it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{NewEntry, WallMillis};

/// A line says something else from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// 1 for the first; a line that was never corrected is at 0. It replaces the one before and no other.
    pub revision: i64,
    /// What it says.
    pub text: String,
    /// Its particulars (JSON object text), with `corrected` among them.
    pub detail: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: WallMillis,
}

/// What a line said before a correction, and who took that away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// Of the correction.
    pub revision: i64,
    /// What the line said.
    pub text: String,
    /// Its particulars.
    pub detail: Option<String>,
    /// Who corrected it.
    pub by: String,
    /// When.
    pub at: WallMillis,
}

/// What a line tells of its last correction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// How often it was corrected.
    pub revision: i64,
    /// By whom last.
    pub by: String,
    /// When.
    pub at: WallMillis,
    /// What was recognised.
    pub original: String,
    /// How sure the recogniser was of that, in hundredths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u8>,
}

/// A line's particulars as far as a reader needs them one by one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Particulars {
    /// How sure the recogniser was of the line, 0 to 1; nothing of a line that a person wrote.
    pub confidence: Option<f64>,
    /// Its last correction.
    pub corrected: Option<Mark>,
    /// All others.
    pub others: Map<String, Value>,
}

impl Particulars {
    /// Of an entry's detail.
    #[must_use]
    pub fn of(detail: Option<&str>) -> Self {
        let mut others: Map<String, Value> =
            detail.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let confidence = others.remove("confidence").and_then(|value| value.as_f64());
        let corrected = others.remove("corrected").and_then(|value| serde_json::from_value(value).ok());
        Self { confidence, corrected, others }
    }

    /// How often the line was corrected.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.corrected.as_ref().map_or(0, |mark| mark.revision)
    }

    /// How sure the recogniser was, in hundredths; of a corrected line, of what stood there.
    #[must_use]
    pub fn recognised(&self) -> Option<u8> {
        match (&self.corrected, self.confidence) {
            (Some(mark), _) => mark.confidence,
            (None, sure) => sure.map(|sure| (sure.clamp(0.0, 1.0) * 100.0).round() as u8),
        }
    }

    /// The words: text, begin and end in milliseconds of the conversation, and how sure the recogniser was, 0 to 1.
    #[must_use]
    pub fn words(&self) -> Vec<LineWord> {
        let list = self.others.get("words").and_then(Value::as_array);
        list.map(|list| list.iter().filter_map(LineWord::read).collect()).unwrap_or_default()
    }
}

/// A word of a line: `["hello",0,410,0.93]`.
#[derive(Clone, Debug, PartialEq)]
pub struct LineWord {
    /// As written.
    pub text: String,
    /// Begin.
    pub start_ms: u64,
    /// End.
    pub end_ms: u64,
    /// How sure the recogniser was; nothing of a word that a person wrote.
    pub confidence: Option<f64>,
}

impl LineWord {
    fn read(value: &Value) -> Option<Self> {
        let start_ms = value.get(1)?.as_u64()?;
        Some(Self {
            text: value.get(0)?.as_str()?.to_owned(),
            start_ms,
            end_ms: value.get(2).and_then(Value::as_u64).unwrap_or(start_ms),
            confidence: value.get(3).and_then(Value::as_f64),
        })
    }

    fn written(&self) -> Value {
        match self.confidence {
            Some(sure) => json!([self.text, self.start_ms, self.end_ms, sure]),
            None => json!([self.text, self.start_ms, self.end_ms]),
        }
    }
}

/// The correction by which `entry` says `text`, of which `hidden` kinds were hidden.
#[must_use]
pub fn correction(entry: &NewEntry, text: &str, hidden: &[&str], (by, at): (&str, WallMillis)) -> Correction {
    let before = Particulars::of(entry.detail.as_deref());
    let start_ms = entry.start_ms.unwrap_or(0);
    let line = (start_ms, entry.end_ms.unwrap_or(start_ms).max(start_ms));
    let aligned = aligned(&before.words(), &parts(text), line);
    let revision = before.revision() + 1;
    let mark = Mark {
        revision,
        by: by.to_owned(),
        at,
        confidence: before.recognised(),
        original: before.corrected.map_or_else(|| entry.text.clone(), |mark| mark.original),
    };
    let mut detail = before.others;
    // What was recognised is kept with what stood there.
    detail.remove("spoken");
    detail.insert("words".to_owned(), aligned.iter().map(|(word, _)| word.written()).collect());
    if !hidden.is_empty() {
        let new = aligned.iter().filter(|(_, stays)| !stays).map(|(word, _)| word);
        let from = new.clone().map(|word| word.start_ms).min().unwrap_or(line.0);
        let until = new.map(|word| word.end_ms).max().unwrap_or(line.1);
        let list = detail.entry("hidden").or_insert_with(|| Value::Array(Vec::new()));
        if let Some(list) = list.as_array_mut() {
            list.extend(hidden.iter().map(|kind| json!({ "kind": kind, "start_ms": from, "end_ms": until })));
        }
    }
    detail.insert("corrected".to_owned(), json!(mark));
    Correction {
        revision,
        text: text.to_owned(),
        detail: Value::Object(detail).to_string(),
        by: by.to_owned(),
        at,
    }
}

/// A text as words: between spaces; Chinese by character. Signs stay with what they follow.
fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for chunk in text.split_whitespace() {
        let mut fresh = true;
        for c in chunk.chars() {
            let joins = |last: &String| !c.is_alphanumeric() || !(is_wide(c) || last.chars().any(is_wide));
            match parts.last_mut() {
                Some(last) if !fresh && joins(last) => last.push(c),
                _ => parts.push(c.to_string()),
            }
            fresh = false;
        }
    }
    parts
}

/// Han, kana and their signs are written without spaces.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFFEF | 0x20000..=0x3FFFF)
}

/// A word as compared.
fn plain(word: &str) -> String {
    let plain: String = word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if plain.is_empty() { word.to_owned() } else { plain }
}

/// The new words with their times, and whether each stood there before.
fn aligned(old: &[LineWord], new: &[String], line: (u64, u64)) -> Vec<(LineWord, bool)> {
    let mut out = Vec::with_capacity(new.len());
    let (mut o, mut n, mut at) = (0, 0, line.0);
    let pairs = longest_common(old, new);
    for (i, j) in pairs.into_iter().map(Some).chain([None]).map(|pair| pair.unwrap_or((old.len(), new.len())))
    {
        let until = old.get(i).map_or(line.1, |word| word.start_ms).max(at);
        between(old.get(o..i).unwrap_or_default(), new.get(n..j).unwrap_or_default(), (at, until), &mut out);
        if let (Some(was), Some(text)) = (old.get(i), new.get(j)) {
            at = was.end_ms;
            out.push((LineWord { text: text.clone(), ..was.clone() }, true));
        }
        (o, n) = (i + 1, j + 1);
    }
    out
}

/// Words that stand where others stood, or where none did.
fn between(old: &[LineWord], new: &[String], gap: (u64, u64), out: &mut Vec<(LineWord, bool)>) {
    let word =
        |text: &String, start_ms, end_ms| LineWord { text: text.clone(), start_ms, end_ms, confidence: None };
    if old.len() == new.len() {
        out.extend(old.iter().zip(new).map(|(was, text)| (word(text, was.start_ms, was.end_ms), false)));
        return;
    }
    let (from, until) = match (old.first(), old.last()) {
        (Some(first), Some(last)) => (first.start_ms, last.end_ms.max(first.start_ms)),
        _ => gap,
    };
    let weight = |text: &String| text.chars().count() as u64 + 1;
    let total = new.iter().map(weight).sum::<u64>().max(1);
    let mut done = 0;
    for text in new {
        let start_ms = from + (until - from) * done / total;
        done += weight(text);
        out.push((word(text, start_ms, from + (until - from) * done / total), false));
    }
}

/// Places of the words that both have, in order, as many as there can be.
fn longest_common(old: &[LineWord], new: &[String]) -> Vec<(usize, usize)> {
    let old: Vec<String> = old.iter().map(|word| plain(&word.text)).collect();
    let new: Vec<String> = new.iter().map(|word| plain(word)).collect();
    let width = new.len() + 1;
    let mut best = vec![0_u16; (old.len() + 1) * width];
    let score = |best: &[u16], i: usize, j: usize| best.get(i * width + j).copied().unwrap_or(0);
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let value = if old.get(i) == new.get(j) {
                score(&best, i + 1, j + 1).saturating_add(1)
            } else {
                score(&best, i + 1, j).max(score(&best, i, j + 1))
            };
            if let Some(cell) = best.get_mut(i * width + j) {
                *cell = value;
            }
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < old.len() && j < new.len() {
        if old.get(i) == new.get(j) {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if score(&best, i + 1, j) >= score(&best, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EntryKind, Speaker};

    fn line(text: &str, detail: &str) -> NewEntry {
        NewEntry {
            at: 0,
            leg: Some(0),
            speaker: Speaker::Customer,
            author: None,
            kind: EntryKind::Speech,
            text: text.into(),
            detail: Some(detail.into()),
            start_ms: Some(1_000),
            end_ms: Some(3_000),
            dedupe: None,
        }
    }

    const SAID: &str = r#"{"language":"en","confidence":0.62,"spoken":"my older is late",
        "words":[["My",1000,1200,0.9],["older",1200,1800,0.3],["is",1800,2000,0.95],["late.",2000,2600,0.8]]}"#;

    fn words(correction: &Correction) -> Vec<(String, u64, u64, Option<f64>)> {
        let words = Particulars::of(Some(&correction.detail)).words();
        words.into_iter().map(|word| (word.text, word.start_ms, word.end_ms, word.confidence)).collect()
    }

    #[test]
    fn words_that_stay_keep_times_and_confidence_and_a_replaced_one_takes_the_time_of_what_it_replaces() {
        let made = correction(&line("My older is late.", SAID), "My order is late", &[], ("alice", 7));
        let word = |text: &str, from, until, sure| (text.to_owned(), from, until, sure);
        assert_eq!(
            words(&made),
            [
                word("My", 1000, 1200, Some(0.9)),
                word("order", 1200, 1800, None),
                word("is", 1800, 2000, Some(0.95)),
                word("late", 2000, 2600, Some(0.8)),
            ]
        );
        let told = Particulars::of(Some(&made.detail));
        assert_eq!((made.revision, told.confidence, told.recognised()), (1, None, Some(62)));
        assert_eq!(told.corrected.expect("is marked").original, "My older is late.");
        assert!(!told.others.contains_key("spoken") && told.others["language"] == "en");
    }

    #[test]
    fn words_that_were_missing_lie_between_their_neighbours() {
        let made =
            correction(&line("My older is late.", SAID), "My older parcel is very late.", &[], ("a", 7));
        let times: Vec<(u64, u64)> =
            words(&made).into_iter().map(|(_, from, until, _)| (from, until)).collect();
        assert_eq!(
            times,
            [(1000, 1200), (1200, 1800), (1800, 1800), (1800, 2000), (2000, 2000), (2000, 2600)]
        );
        let end = correction(&line("My older is late.", SAID), "My older is late. Thank you", &[], ("a", 7));
        let times: Vec<(u64, u64)> =
            words(&end).into_iter().map(|(_, from, until, _)| (from, until)).collect();
        assert_eq!(times[4..], [(2600, 2840), (2840, 3000)], "up to the line's end");
    }

    #[test]
    fn chinese_goes_by_character_and_a_line_without_words_gets_some() {
        let said = r#"{"words":[["我",1000,1200],["想",1200,1400],["退",1400,1600],["款。",1600,1800]]}"#;
        let made = correction(&line("我想退款。", said), "我要退款，OK。", &[], ("a", 7));
        let texts: Vec<String> = words(&made).into_iter().map(|word| word.0).collect();
        assert_eq!(texts, ["我", "要", "退", "款，", "OK。"]);
        assert_eq!(words(&made)[1].1, 1200);
        let bare = correction(&line("x", "{}"), "ab cd", &[], ("a", 7));
        assert_eq!(
            words(&bare).iter().map(|word| (word.1, word.2)).collect::<Vec<_>>(),
            [(1000, 2000), (2000, 3000)]
        );
    }

    #[test]
    fn what_was_hidden_in_it_is_marked_with_its_moment_and_a_second_correction_keeps_the_first_original() {
        let first =
            correction(&line("My older is late.", SAID), "My [card number] is late", &["card"], ("a", 7));
        let told = Particulars::of(Some(&first.detail));
        assert_eq!(told.others["hidden"], json!([{ "kind": "card", "start_ms": 1200, "end_ms": 1800 }]));
        let now = NewEntry { detail: Some(first.detail), ..line(&first.text, "{}") };
        let second = correction(&now, "Mine is late", &[], ("bob", 9));
        let told = Particulars::of(Some(&second.detail));
        let mark = told.corrected.clone().expect("is marked");
        assert_eq!(
            (second.revision, mark.by.as_str(), mark.original.as_str()),
            (2, "bob", "My older is late.")
        );
        assert_eq!(told.others["hidden"][0]["kind"], "card", "still silent in the recording");
        assert_eq!(told.recognised(), Some(62));
    }

    #[test]
    fn any_text_is_safe() {
        for text in ["", "，", " . ", "a，b 好c", "👍🏽 ok"] {
            let made = correction(
                &line("我 b", r#"{"words":[["我",3000,10],["b","x"],[]]}"#),
                text,
                &["pin"],
                ("a", 1),
            );
            assert_eq!(made.text, text);
        }
    }
}
