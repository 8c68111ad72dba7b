//! Texts with variables, pauses and spelled digits: `Hello {name}.<break time="500ms"/> Your number is {account:digits}.`
//!
//! Promises: a text is read once; filling it in is total and bounded. `{{` and `}}` are the braces themselves. The pause is
//! that of SSML 1.1 (W3C, section 3.2.3) with `time` only. Leaves to others: speaking (`ivr/voice`), sending (`interaction`).

use kernel::{Lang, Pii};
use serde::{Deserialize, Serialize};

use crate::datum::Datum;
use crate::expr::{self, Expr, Wrong};

/// Longest pause, in milliseconds.
const PAUSE_MS: u32 = 10_000;
/// Most characters of a filled-in text.
const FILLED_CHARS: usize = 4000;

/// How a value is put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it reads.
    Plain,
    /// Digit by digit, each from its own recording.
    Digits,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// As written.
    Text(String),
    /// Silence, in milliseconds.
    Pause(u32),
    /// A value.
    Value(Expr, Form),
}

/// A text, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    /// In order.
    pub parts: Vec<Part>,
}

/// A piece of a filled-in text, for those who speak it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Piece {
    /// To be spoken now; may name a person.
    Text(Pii<String>),
    /// Silence, in milliseconds.
    Pause(u32),
    /// A fixed prompt by name: a digit.
    Prompt(String),
}

impl Wording {
    /// Reads a text.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(source: &str) -> Result<Self, Wrong> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = source;
        while let Some(c) = rest.chars().next() {
            let mut after = rest.get(c.len_utf8()..).unwrap_or_default();
            if (c == '{' || c == '}') && after.starts_with(c) {
                plain.push(c);
                after = after.get(1..).unwrap_or_default();
            } else if c == '{' {
                let (part, left) = value(after)?;
                flush(&mut parts, &mut plain);
                parts.push(part);
                after = left;
            } else if c == '}' {
                return Err(Wrong::new("`}` without `{`", "`}}` for a brace in a text"));
            } else if let Some(tag) = rest.strip_prefix("<break") {
                let (part, left) = pause(tag)?;
                flush(&mut parts, &mut plain);
                parts.push(part);
                after = left;
            } else {
                plain.push(c);
            }
            rest = after;
        }
        flush(&mut parts, &mut plain);
        Ok(Self { parts })
    }

    /// Whether it says the same to everybody.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        self.parts.iter().all(|part| !matches!(part, Part::Value(..)))
    }

    /// Whether digits are spelled in it.
    #[must_use]
    pub fn spells(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Value(_, Form::Digits)))
    }

    /// The expressions in it.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        self.parts.iter().filter_map(|part| match part {
            Part::Value(expr, _) => Some(expr),
            Part::Text(_) | Part::Pause(_) => None,
        })
    }

    /// For those who read: without pauses.
    #[must_use]
    pub fn written(&self, lang: Lang, read: &dyn Fn(&str) -> Datum) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Pause(_) => {}
                Part::Value(expr, _) => text.push_str(&expr.value(read).shown(lang)),
            }
        }
        text.chars().take(FILLED_CHARS).collect()
    }

    /// For those who listen.
    #[must_use]
    pub fn spoken(&self, lang: Lang, read: &dyn Fn(&str) -> Datum) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut text = String::new();
        let end = |text: &mut String, pieces: &mut Vec<Piece>| {
            if text.chars().any(char::is_alphanumeric) {
                pieces.push(Piece::Text(Pii::new(text.chars().take(FILLED_CHARS).collect())));
            }
            text.clear();
        };
        for part in &self.parts {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Pause(ms) => {
                    end(&mut text, &mut pieces);
                    pieces.push(Piece::Pause(*ms));
                }
                Part::Value(expr, Form::Plain) => text.push_str(&expr.value(read).shown(lang)),
                Part::Value(expr, Form::Digits) => {
                    end(&mut text, &mut pieces);
                    let spelled = expr.value(read).shown(lang);
                    pieces.extend(spelled.chars().filter_map(digit_prompt).map(Piece::Prompt));
                }
            }
        }
        end(&mut text, &mut pieces);
        pieces
    }
}

fn flush(parts: &mut Vec<Part>, plain: &mut String) {
    if !plain.is_empty() {
        parts.push(Part::Text(std::mem::take(plain)));
    }
}

/// After a `{`.
fn value(rest: &str) -> Result<(Part, &str), Wrong> {
    let Some((inside, after)) = rest.split_once('}') else {
        return Err(Wrong::new("`{` without `}`", "`{name}`, or `{{` for a brace in a text"));
    };
    let (source, form) = match inside.rsplit_once(':') {
        Some((source, "digits")) => (source, Form::Digits),
        Some((_, form)) if !form.contains(['"', '\'']) => {
            return Err(Wrong::new(
                format!("`{{{inside}}}` in a text"),
                "`:digits` spells digit by digit; there is no other form",
            ));
        }
        _ => (inside, Form::Plain),
    };
    Ok((Part::Value(expr::parse(source)?, form), after))
}

/// After `<break`.
fn pause(rest: &str) -> Result<(Part, &str), Wrong> {
    const RIGHT: &str = "<break time=\"500ms\"/>, at most ten seconds";
    let wrong = || Wrong::new("a pause that cannot be read", RIGHT);
    let (inside, after) = rest.split_once("/>").ok_or_else(wrong)?;
    let time = inside.trim().strip_prefix("time=").ok_or_else(wrong)?.trim_matches(['"', '\'']);
    let ms = match time.strip_suffix("ms") {
        Some(ms) => ms.parse::<u32>().ok(),
        None => time.strip_suffix('s').and_then(|s| s.parse::<u32>().ok()).and_then(|s| s.checked_mul(1000)),
    };
    let ms = ms.filter(|ms| (1..=PAUSE_MS).contains(ms)).ok_or_else(wrong)?;
    Ok((Part::Pause(ms), after))
}

/// Characters that are spelled, with their words.
pub(crate) const SPELLED: [(char, &str, &str); 13] = [
    ('0', "zero", "零"),
    ('1', "one", "一"),
    ('2', "two", "二"),
    ('3', "three", "三"),
    ('4', "four", "四"),
    ('5', "five", "五"),
    ('6', "six", "六"),
    ('7', "seven", "七"),
    ('8', "eight", "八"),
    ('9', "nine", "九"),
    ('+', "plus", "加"),
    ('*', "star", "星号"),
    ('#', "hash", "井号"),
];

/// The name of the prompt that speaks a digit; no name in a file begins like it.
pub(crate) fn digit_prompt(c: char) -> Option<String> {
    SPELLED.iter().any(|(known, ..)| *known == c).then(|| format!(":{c}"))
}

/// A fixed text for those who read: pauses are left out, doubled braces are one.
#[must_use]
pub fn plain(text: &str) -> String {
    match Wording::parse(text) {
        Ok(wording) => wording.written(Lang::En, &|_| Datum::Text(String::new())),
        Err(_) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str) -> Datum {
        match name {
            "name" => Datum::text("Ann"),
            _ => Datum::text("+49 1"),
        }
    }

    #[test]
    fn texts_are_filled_in_for_readers_and_listeners() {
        let wording =
            Wording::parse("Hi {name}!<break time=\"1s\"/> {{1}} {number:digits} bye").expect("reads");
        assert_eq!(wording.written(Lang::En, &read), "Hi Ann! {1} +49 1 bye");
        let prompt = |name: &str| Piece::Prompt(name.to_owned());
        assert_eq!(
            wording.spoken(Lang::En, &read),
            [
                Piece::Text("Hi Ann!".to_owned().into()),
                Piece::Pause(1000),
                Piece::Text(" {1} ".to_owned().into()),
                prompt(":+"),
                prompt(":4"),
                prompt(":9"),
                prompt(":1"),
                Piece::Text(" bye".to_owned().into()),
            ]
        );
        assert!(!wording.is_fixed() && wording.spells());
        assert!(Wording::parse("Press 1.<break time='20ms'/>").is_ok_and(|w| w.is_fixed()));
        assert_eq!(plain("a<break time=\"20ms\"/>b {{c}}"), "ab {c}");
    }

    #[test]
    fn texts_that_cannot_be_read_are_told() {
        for bad in [
            "{",
            "}",
            "{name",
            "{name:roman}",
            "{1 +}",
            "<break/>",
            "<break time=\"11s\"/>",
            "<break time=\"ms\"/>",
            "<break time=\"1s\">",
        ] {
            assert!(Wording::parse(bad).is_err(), "{bad}");
        }
    }
}
