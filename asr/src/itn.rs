//! Inverse text normalization: numbers, dates, times, amounts, e-mail addresses and spelled letters written as people write them.
//!
//! "twenty three dollars" becomes "$23", 二百三十元 becomes 230元. Promises: pure; works on text that was redacted already, so that
//! nothing hidden can come back (a mark like "[card number]" is never touched); when in doubt the words stay. Words keep their
//! times: those that become one are one, from the first's beginning to the last's end, as sure as the least sure of them. Leaves to others: what to keep of the
//! original (`interaction` keeps it in the entry's detail).

mod chinese;
mod english;

use std::ops::Range;

use crate::redact::tokens::{Token, tokens};
use crate::words::is_wide;
use crate::{Heard, Word};

/// Something that is written differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// What stands there instead.
    pub text: String,
}

/// The text as people write it; `None`: it is written so already.
#[must_use]
pub fn written(text: &str) -> Option<String> {
    let changes = changes(text);
    (!changes.is_empty()).then(|| apply(text, &changes))
}

/// An utterance as people write it, and its text as it was said where that differs.
#[must_use]
pub fn write(mut heard: Heard) -> (Heard, Option<String>) {
    let changes = changes(&heard.text);
    if changes.is_empty() {
        return (heard, None);
    }
    heard.words = merged(&heard.text, heard.words, &changes);
    let text = apply(&heard.text, &changes);
    let said = std::mem::replace(&mut heard.text, text);
    (heard, Some(said))
}

fn changes(text: &str) -> Vec<Change> {
    let mut words = tokens(text);
    // A mark of something hidden is no text.
    let hidden = marks(text);
    words.retain(|word| {
        hidden.iter().all(|mark| word.range.end <= mark.start || mark.end <= word.range.start)
    });
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let one = english::at(text, &words, at).or_else(|| chinese::at(text, &words, at));
        match one {
            Some((count, written)) => {
                let range = words[at].range.start..words[at + count - 1].range.end;
                if text.get(range.clone()) != Some(written.as_str()) {
                    found.push(Change { range, text: written });
                }
                at += count;
            }
            None => at += 1,
        }
    }
    found
}

fn marks(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = None;
    for (at, c) in text.char_indices() {
        match (c, from) {
            ('[' | '［', _) => from = Some(at),
            (']' | '］', Some(begin)) => {
                found.push(begin..at + c.len_utf8());
                from = None;
            }
            _ => {}
        }
    }
    found
}

fn apply(text: &str, changes: &[Change]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for change in changes {
        out.push_str(text.get(at..change.range.start).unwrap_or(""));
        out.push_str(&change.text);
        at = change.range.end;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

/// The words of the written text: those that a change took in are one.
fn merged(text: &str, words: Vec<Word>, changes: &[Change]) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    let mut from = 0;
    let mut last = None;
    for mut word in words {
        let Some(start) = text.get(from..).and_then(|rest| rest.find(&word.text)).map(|at| at + from) else {
            out.push(word);
            continue;
        };
        let end = start + word.text.len();
        from = end;
        let hit = changes.iter().position(|change| change.range.start < end && start < change.range.end);
        if let Some(at) = hit
            && let Some(change) = changes.get(at)
        {
            if last == Some(at)
                && let Some(before) = out.last_mut()
            {
                before.end_ms = word.end_ms;
                // What is written as one is as sure as the least sure of it.
                before.confidence = before.confidence.zip(word.confidence).map(|(a, b)| a.min(b));
                // What the last of them carries behind it: a comma, a full stop.
                before.text.push_str(text.get(change.range.end.max(start)..end).unwrap_or(""));
                continue;
            }
            last = Some(at);
            let head = text.get(start..change.range.start.max(start)).unwrap_or("");
            let tail = text.get(change.range.end.min(end).max(start)..end).unwrap_or("");
            let tail = if change.range.end <= end { tail } else { "" };
            word.text = format!("{head}{}{tail}", change.text);
        }
        out.push(word);
    }
    out
}

/// Whether nothing but a space, or a sign that is said too, is between two words.
pub(crate) fn follows(text: &str, words: &[Token], at: usize, signs: &[char]) -> bool {
    let (Some(before), Some(next)) = (words.get(at), words.get(at + 1)) else { return false };
    let between = text.get(before.range.end..next.range.start).unwrap_or("?");
    between.chars().all(|c| c == ' ' || signs.contains(&c))
}

/// A Latin letter alone, or a digit written alone.
pub(crate) fn is_han(word: &Token) -> bool {
    word.plain.chars().all(is_wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(said: &str, wanted: &str) {
        assert_eq!(written(said).unwrap_or_else(|| said.to_owned()), wanted, "{said}");
    }

    #[test]
    fn english_numbers_are_written_as_people_write_them() {
        same("I have twenty three of them", "I have 23 of them");
        same("It is one hundred and five miles, not two", "It is 105 miles, not two");
        same("three thousand four hundred and twelve people", "3412 people");
        same("two million", "2 million");
        same("my order is four one seven nine please", "my order is 4179 please");
        same("extension oh four double two", "extension 0422");
        same("the twenty first of May", "the 21st of May");
        same("one or two of us, one more, no one", "one or two of us, one more, no one");
        same("I have one question and five minutes", "I have one question and five minutes");
        same("call 1, 2, 3, 4 now", "call 1234 now");
        same("between ten and twenty", "between 10 and 20");
    }

    #[test]
    fn english_dates_times_and_amounts() {
        same("on March fifth twenty twenty six", "on March 5, 2026");
        same("you may first ask", "you may first ask");
        same("on the third of june nineteen eighty four", "on the 3rd of June 1984");
        same("at three thirty p.m. today", "at 3:30 p.m. today");
        same("it costs twenty three dollars and fifty cents", "it costs $23.50");
        same("nine euros", "€9");
        same("fifteen percent", "15%");
        same("we met in nineteen ninety nine", "we met in 1999");
    }

    #[test]
    fn addresses_and_spelled_letters() {
        same("write to john dot smith at example dot com.", "write to john.smith@example.com.");
        same("it is info at acme dot co dot uk", "it is info@acme.co.uk");
        same("look at the dot", "look at the dot");
        same("I am at example dot com", "I am at example dot com");
        same("S-M-I-T-H is my name", "SMITH is my name");
        same("that is s m i t h", "that is SMITH");
        same("sierra mike india tango hotel", "SMITH");
        same("I was in Delta, e.g. I", "I was in Delta, e.g. I");
    }

    #[test]
    fn chinese_numbers_dates_and_amounts() {
        same("一共二百三十五元", "一共235元");
        same("我的订单号是四七一九零", "我的订单号是47190");
        same("二零二六年三月十五号下午三点二十分", "2026年3月15号下午3点20分");
        same("涨了百分之二十五", "涨了25%");
        same("一万两千三百人", "12300人");
        same("一个人，三心二意，十分高兴，万一", "一个人，三心二意，十分高兴，万一");
        same("三点五公斤", "3.5公斤");
        same("一千零五，一千五", "1005，1500");
    }

    #[test]
    fn what_is_hidden_stays_hidden_and_words_keep_their_times() {
        same("it is [card number] and [security code]", "it is [card number] and [security code]");
        let word = |text: &str, n: u8| Word {
            text: text.to_owned(),
            start_ms: u64::from(n) * 100,
            end_ms: u64::from(n) * 100 + 90,
            confidence: Some(1.0 - f32::from(n) / 8.0),
        };
        let heard = Heard {
            text: "It costs twenty three dollars, please.".to_owned(),
            start_ms: 0,
            end_ms: 600,
            words: vec![
                word("It", 0),
                word("costs", 1),
                word("twenty", 2),
                word("three", 3),
                word("dollars,", 4),
                word("please.", 5),
            ],
            language: "en".to_owned(),
        };
        let (heard, said) = write(heard);
        assert_eq!(heard.text, "It costs $23, please.");
        assert_eq!(said.as_deref(), Some("It costs twenty three dollars, please."));
        let words: Vec<(&str, u64, u64)> =
            heard.words.iter().map(|w| (w.text.as_str(), w.start_ms, w.end_ms)).collect();
        assert_eq!(words, [("It", 0, 90), ("costs", 100, 190), ("$23,", 200, 490), ("please.", 500, 590)]);
        assert_eq!(heard.words[2].confidence, Some(0.5), "as sure as the least sure of them");
    }

    #[test]
    fn any_text_is_safe() {
        let mut rng = kernel::Rng::seeded(11);
        let parts = [
            "twenty ", "one ", "百", "点", "at ", "dot ", "com", "[", "］", "万", "oh ", "double ", "b ",
            "9", "。", "é", "hundred ", "march ", "first ",
        ];
        for _ in 0..2_000 {
            let text: String =
                (0..rng.below(14)).map(|_| parts[rng.below(parts.len() as u64) as usize]).collect();
            let _ = written(&text);
        }
    }
}
