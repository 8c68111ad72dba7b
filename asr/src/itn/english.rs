//! English: cardinals, ordinals, digits in a row, years, dates, times of day, money, per cent, addresses, letters.

use super::{follows, is_han};
use crate::redact::tokens::Token;

/// Top-level domains that people say; others stay words.
const DOMAINS: &[&str] = &[
    "com", "org", "net", "edu", "gov", "info", "biz", "io", "de", "uk", "fr", "es", "it", "ru", "cn", "eu",
    "us", "ca", "au", "jp",
];
const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const ALPHABET: &[&str] = &[
    "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "kilo",
    "lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor",
    "whiskey", "xray", "yankee", "zulu",
];
const SMALL: &[&str] = &[
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: &[&str] = &["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ORDINALS: &[&str] = &[
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
];
/// Longest address, in words.
const ADDRESS: usize = 12;

/// What begins at word `at`: how many words it takes, and how it is written.
pub(super) fn at(text: &str, words: &[Token], at: usize) -> Option<(usize, String)> {
    if is_han(words.get(at)?) {
        return None;
    }
    let here = Here { text, words, at };
    here.address().or_else(|| here.letters()).or_else(|| here.date()).or_else(|| here.number())
}

/// A place in a text.
#[derive(Clone, Copy)]
struct Here<'a> {
    text: &'a str,
    words: &'a [Token],
    at: usize,
}

impl<'a> Here<'a> {
    fn word(&self, n: usize) -> &'a str {
        self.words.get(self.at + n).map_or("", |word| word.plain.as_str())
    }

    /// Word `n` and the next belong together.
    fn joined(&self, n: usize) -> bool {
        follows(self.text, self.words, self.at + n, &['-'])
    }

    fn between(&self, n: usize) -> Option<&'a str> {
        let (one, two) = (self.words.get(self.at + n)?, self.words.get(self.at + n + 1)?);
        self.text.get(one.range.end..two.range.start)
    }

    fn from(&self, n: usize) -> Here<'a> {
        Here { at: self.at + n, ..*self }
    }

    /// "john dot smith at example dot com".
    fn address(&self) -> Option<(usize, String)> {
        let mut written = String::new();
        let mut n = 0;
        let mut at_sign = None;
        loop {
            let word = self.word(n);
            if word.is_empty() || n > ADDRESS {
                return None;
            }
            written.push_str(word);
            n += 1;
            if !self.joined(n - 1) && !self.dotted(n - 1) {
                break;
            }
            let sign = match self.word(n) {
                "dot" => '.',
                "underscore" => '_',
                "dash" | "hyphen" if at_sign.is_none() => '-',
                "at" if at_sign.is_none() => '@',
                // "example.com" is written so already.
                _ if self.dotted(n - 1) => {
                    written.push('.');
                    continue;
                }
                _ => break,
            };
            if !self.joined(n) {
                break;
            }
            if sign == '@' {
                at_sign = Some(written.len());
            }
            written.push(sign);
            n += 1;
        }
        let (local, domain) = (written.get(..at_sign?)?, written.get(at_sign? + 1..)?);
        let (_, last) = domain.rsplit_once('.')?;
        // "I am at example dot com" is no address of "am".
        let told = DOMAINS.contains(&last) && !["am", "is", "are", "me", "us", "look", "be"].contains(&local);
        told.then_some((n, written))
    }

    fn dotted(&self, n: usize) -> bool {
        self.between(n) == Some(".")
    }

    /// "S-M-I-T-H", "s m i t h", "sierra mike india": three letters at least.
    fn letters(&self) -> Option<(usize, String)> {
        let letter = |word: &str| {
            let mut chars = word.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) if c.is_ascii_lowercase() => Some(c.to_ascii_uppercase()),
                _ => {
                    ALPHABET.contains(&word).then(|| word.chars().next().unwrap_or(' ').to_ascii_uppercase())
                }
            }
        };
        let spoken_out = ALPHABET.contains(&self.word(0));
        let mut written = String::new();
        let mut n = 0;
        let mut sign = None;
        while let Some(c) = letter(self.word(n)) {
            if ALPHABET.contains(&self.word(n)) != spoken_out {
                break;
            }
            written.push(c);
            n += 1;
            // The same sign between all of them: "e.g. I" is not spelled.
            let next = self.between(n - 1).filter(|next| sign.is_none_or(|sign| sign == *next));
            let Some(next) = next.filter(|next| next.chars().all(|c| " -.,".contains(c))) else { break };
            sign = Some(next);
        }
        // "a b" may be anything; "I" and "a" are words.
        (n >= 3).then_some((n, written))
    }

    /// "March fifth", "the fifth of March", with a year behind it.
    fn date(&self) -> Option<(usize, String)> {
        let month = |word: &str| MONTHS.iter().find(|month| **month == word).map(|month| capital(month));
        // "You may first" is no date.
        let capital = |n: usize| {
            let word = self.words.get(self.at + n).and_then(|word| self.text.get(word.range.clone()));
            word.is_some_and(|word| word.starts_with(|c: char| c.is_ascii_uppercase()))
        };
        let word = matches!(self.word(0), "may" | "march") && !capital(0);
        let (mut n, mut written) = if let Some(name) = month(self.word(0)).filter(|_| !word) {
            let the = usize::from(self.word(1) == "the");
            let (count, day) = self.from(1 + the).ordinal().filter(|(_, day)| (1..=31).contains(day))?;
            (1 + the + count, format!("{name} {day}"))
        } else {
            let (count, day) = self.ordinal().filter(|(_, day)| (1..=31).contains(day))?;
            let name = (self.word(count) == "of").then(|| month(self.word(count + 1))).flatten()?;
            (count + 2, format!("{day}{} of {name}", suffix(day)))
        };
        if let Some((count, year)) = self.from(n).year() {
            let comma = if written.starts_with(|c: char| c.is_ascii_digit()) { " " } else { ", " };
            written.push_str(comma);
            written.push_str(&year.to_string());
            n += count;
        }
        Some((n, written))
    }

    fn number(&self) -> Option<(usize, String)> {
        if let Some(digits) = self.digits() {
            return Some(digits);
        }
        if let Some((n, year)) = self.year().filter(|_| self.spelled()) {
            return Some((n, year.to_string()));
        }
        if let Some((n, value)) = self.ordinal().filter(|(n, value)| *value > 20 && *n > 1) {
            return Some((n, format!("{value}{}", suffix(value))));
        }
        if let Some(time) = self.time() {
            return Some(time);
        }
        let (n, value) = self.cardinal()?;
        let unit = if self.joined(n - 1) { self.word(n) } else { "" };
        match unit {
            "dollars" | "dollar" | "euros" | "euro" => Some(self.money(n, value)),
            "percent" => Some((n + 1, format!("{value}%"))),
            "per" if self.word(n + 1) == "cent" => Some((n + 2, format!("{value}%"))),
            // Small numbers are words, also in print.
            _ if value < 10 || !self.spelled() => None,
            _ => match value {
                _ if value % 1_000_000_000 == 0 => Some((n, format!("{} billion", value / 1_000_000_000))),
                _ if value % 1_000_000 == 0 => Some((n, format!("{} million", value / 1_000_000))),
                _ => Some((n, value.to_string())),
            },
        }
    }

    /// It is words and not digits.
    fn spelled(&self) -> bool {
        !self.word(0).starts_with(|c: char| c.is_ascii_digit())
    }

    fn money(&self, n: usize, value: u64) -> (usize, String) {
        let sign = if self.word(n).starts_with("dollar") { "$" } else { "€" };
        let and = usize::from(self.word(n + 1) == "and");
        let cents = self.from(n + 1 + and).cardinal().filter(|(count, cents)| {
            *cents < 100 && matches!(self.word(n + 1 + and + count), "cents" | "cent")
        });
        match cents {
            Some((count, cents)) => (n + 2 + and + count, format!("{sign}{value}.{cents:02}")),
            None => (n + 1, format!("{sign}{value}")),
        }
    }

    /// "three thirty p.m.".
    fn time(&self) -> Option<(usize, String)> {
        let hour = value_of(self.word(0)).filter(|hour| (1..=12).contains(hour))?;
        let (count, minute) = self.from(1).below_hundred().filter(|(_, minute)| (10..60).contains(minute))?;
        let half = self.word(1 + count);
        let meridian =
            matches!(half, "am" | "pm") || (matches!(half, "a" | "p") && self.word(2 + count) == "m");
        meridian.then(|| (1 + count, format!("{hour}:{minute:02}")))
    }

    /// Three digits or more, one by one: "four oh double two".
    fn digits(&self) -> Option<(usize, String)> {
        let mut digits = String::new();
        let (mut n, mut parts, mut spelled) = (0, 0, false);
        loop {
            let (times, word) = match self.word(n) {
                "double" => (2, self.word(n + 1)),
                "triple" | "treble" => (3, self.word(n + 1)),
                word => (1, word),
            };
            let Some(digit) = digit(word) else { break };
            let count = if times > 1 { 2 } else { 1 };
            digits.push_str(&digit.to_string().repeat(times));
            spelled |= !word.starts_with(|c: char| c.is_ascii_digit());
            parts += times;
            n += count;
            if !follows(self.text, self.words, self.at + n - 1, &['-', ',']) {
                break;
            }
        }
        // "1, 2 and 3" lists; four in a row are a number.
        (parts >= if spelled { 3 } else { 4 }).then_some((n, digits))
    }

    /// "nineteen eighty four", "twenty twenty six", "two thousand twenty six".
    fn year(&self) -> Option<(usize, u64)> {
        if let Ok(year) = self.word(0).parse::<u64>() {
            return (1900..2100).contains(&year).then_some((1, year));
        }
        if self.word(0) == "two" && self.word(1) == "thousand" {
            let (n, year) = self.cardinal()?;
            return (2000..2100).contains(&year).then_some((n, year));
        }
        let (first, century) = self.below_hundred().filter(|(_, century)| (17..=20).contains(century))?;
        if !self.joined(first - 1) {
            return None;
        }
        let (second, rest) = self.from(first).below_hundred().filter(|(_, rest)| *rest >= 10)?;
        Some((first + second, century * 100 + rest))
    }

    /// "fifth", "twenty first".
    fn ordinal(&self) -> Option<(usize, u64)> {
        let simple = |word: &str| ORDINALS.iter().position(|one| *one == word).map(|at| at as u64 + 1);
        if let Some(value) = simple(self.word(0)) {
            return Some((1, value));
        }
        match self.word(0) {
            "twentieth" => return Some((1, 20)),
            "thirtieth" => return Some((1, 30)),
            _ => {}
        }
        let tens = tens(self.word(0)).filter(|_| self.joined(0))?;
        let unit = simple(self.word(1)).filter(|unit| *unit < 10)?;
        Some((2, tens + unit))
    }

    fn below_hundred(&self) -> Option<(usize, u64)> {
        if let Some(tens) = tens(self.word(0)) {
            let unit = value_of(self.word(1)).filter(|unit| (1..10).contains(unit) && self.joined(0));
            return Some(unit.map_or((1, tens), |unit| (2, tens + unit)));
        }
        value_of(self.word(0)).map(|value| (1, value))
    }

    /// A whole number, as words or digits.
    fn cardinal(&self) -> Option<(usize, u64)> {
        if let Ok(value) = self.word(0).parse::<u64>() {
            return Some((1, value));
        }
        let (mut n, mut total, mut group) = (0, 0_u64, 0_u64);
        let mut least = u64::MAX;
        loop {
            let (count, value) = self.from(n).below_hundred()?;
            if value == 0 && n > 0 {
                return None;
            }
            group += value;
            n += count;
            if self.word(n) == "hundred" && self.joined(n - 1) && group < 100 {
                group *= 100;
                n += 1;
                let and = usize::from(self.word(n) == "and");
                let more = self.from(n + and).below_hundred().filter(|(_, more)| *more > 0);
                if let Some((count, more)) = more.filter(|_| self.joined(n - 1)) {
                    group += more;
                    n += and + count;
                }
            }
            let scale = match self.word(n) {
                _ if !self.joined(n - 1) => 1,
                "thousand" => 1_000,
                "million" => 1_000_000,
                "billion" => 1_000_000_000,
                _ => 1,
            };
            if scale >= least {
                return None;
            }
            least = scale;
            total = total.checked_add(group.checked_mul(scale)?)?;
            group = 0;
            if scale == 1 {
                return Some((n, total));
            }
            n += 1;
            let and = usize::from(self.word(n) == "and");
            let goes_on =
                self.joined(n - 1) && self.from(n + and).below_hundred().is_some_and(|(_, more)| more > 0);
            if !goes_on {
                return Some((n, total));
            }
            n += and;
        }
    }
}

fn digit(word: &str) -> Option<u64> {
    match word {
        "oh" | "o" => Some(0),
        _ if word.len() == 1 => word.parse().ok(),
        _ => SMALL.iter().take(10).position(|one| *one == word).map(|at| at as u64),
    }
}

fn value_of(word: &str) -> Option<u64> {
    SMALL.iter().position(|one| *one == word).map(|at| at as u64)
}

fn tens(word: &str) -> Option<u64> {
    TENS.iter().position(|one| *one == word).map(|at| (at as u64 + 2) * 10)
}

const fn suffix(value: u64) -> &'static str {
    match (value % 100, value % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
}
